package backup

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"github.com/baqylau/baqylau"
)

// A sealed backup is sealedMark, a random salt, and the backup in pieces, each under AES-256-GCM. The key of a file is derived from the operator's key and
// the salt; the nonce of a piece is its number and whether it is the last (the STREAM construction: Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015),
// so that pieces can neither be moved, left out nor cut off at the end.
const (
	sealedMark = "baqylau sealed backup 1\n"
	saltSize   = 32
	pieceSize  = 64 << 10
	minKey     = 32
)

// Key is the operator's key of sealed backups; nil leaves a backup readable by everyone who has the file.
type Key []byte

// ReadKey reads a key file. It holds at least 32 bytes that nobody can guess: openssl rand -hex 32. Codes: Invalid for a file that cannot be read or is too
// short; nil for name "".
func ReadKey(name string) (Key, error) {
	if name == "" {
		return nil, nil
	}
	b, err := os.ReadFile(name)
	if err != nil || len(b) < minKey {
		return nil, baqylau.E(baqylau.Invalid, "backup.key_file", "File", name, "Bytes", minKey).Because(err)
	}
	return b, nil
}

func (k Key) cipher(salt []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, k, salt, "baqylau/backup", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// nonce is the number of a piece in eleven bytes, and 1 for the last piece.
func nonce(n uint64, last bool) []byte {
	b := make([]byte, 12)
	binary.BigEndian.PutUint64(b[3:11], n)
	if last {
		b[11] = 1
	}
	return b
}

// sealer encrypts what is written to it; Close writes the last piece.
type sealer struct {
	w    io.Writer
	aead cipher.AEAD
	buf  []byte
	n    uint64
}

func (k Key) seal(w io.Writer) (io.WriteCloser, error) {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails
	aead, err := k.cipher(salt)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w, sealedMark+string(salt)); err != nil {
		return nil, err
	}
	return &sealer{w: w, aead: aead}, nil
}

func (s *sealer) Write(p []byte) (int, error) {
	s.buf = append(s.buf, p...)
	for len(s.buf) > pieceSize { // a whole piece waits: it may be the last
		if err := s.piece(s.buf[:pieceSize], false); err != nil {
			return 0, err
		}
		s.buf = append(s.buf[:0], s.buf[pieceSize:]...)
	}
	return len(p), nil
}

func (s *sealer) piece(p []byte, last bool) error {
	_, err := s.w.Write(s.aead.Seal(nil, nonce(s.n, last), p, nil))
	s.n++
	return err
}

func (s *sealer) Close() error { return s.piece(s.buf, true) }

// opener decrypts what sealer wrote. Its errors name the damage.
type opener struct {
	r    *bufio.Reader
	aead cipher.AEAD
	buf  []byte
	n    uint64
	end  bool
}

// open is the backup inside r, sealed or not. Codes: Invalid for a sealed one without its key, and with another key.
func (k Key) open(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, pieceSize+64)
	head, _ := b.Peek(len(sealedMark)) // a shorter file is not a sealed one
	if string(head) != sealedMark {
		return b, nil
	}
	if k == nil {
		return nil, baqylau.E(baqylau.Invalid, "backup.sealed")
	}
	whole := make([]byte, len(sealedMark)+saltSize)
	if _, err := io.ReadFull(b, whole); err != nil {
		return nil, baqylau.E(baqylau.Invalid, "backup.cut").Because(err)
	}
	aead, err := k.cipher(whole[len(sealedMark):])
	if err != nil {
		return nil, err
	}
	return &opener{r: b, aead: aead}, nil
}

func (o *opener) Read(p []byte) (int, error) {
	for len(o.buf) == 0 {
		if o.end {
			return 0, io.EOF
		}
		if err := o.piece(); err != nil {
			return 0, err
		}
	}
	n := copy(p, o.buf)
	o.buf = o.buf[n:]
	return n, nil
}

func (o *opener) piece() error {
	b := make([]byte, pieceSize+o.aead.Overhead())
	n, err := io.ReadFull(o.r, b)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return baqylau.E(baqylau.Invalid, "backup.cut").Because(err)
	}
	_, err = o.r.Peek(1)
	last := err != nil
	if o.buf, err = o.aead.Open(nil, nonce(o.n, last), b[:n], nil); err == nil {
		o.n, o.end = o.n+1, last
		return nil
	}
	key := "backup.altered"
	_, more := o.aead.Open(nil, nonce(o.n, false), b[:n], nil)
	switch {
	case o.n == 0:
		key = "backup.key"
	case last && more == nil: // the pieces end and none says that it is the last
		key = "backup.cut"
	case last: // a piece that was cut cannot be told from one that was altered
		key = "backup.end"
	}
	return baqylau.E(baqylau.Invalid, key)
}
