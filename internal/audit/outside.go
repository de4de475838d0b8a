package audit

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

// Head is the end of the chain at a moment, as it is kept outside the database. Whoever controls the database can write the whole chain anew, or put an older copy in its
// place, and it will fit together; a head signed before that no longer fits.
type Head struct {
	Seq  int64     `json:"seq"`
	Hash string    `json:"hash"`
	At   time.Time `json:"at"`
	Sig  string    `json:"sig"` // Ed25519 over signed(), base64
}

func (h Head) signed() []byte {
	return []byte("baqylau journal head 1\n" + strconv.FormatInt(h.Seq, 10) + "\n" + h.Hash + "\n" + h.At.UTC().Format(time.RFC3339Nano))
}

// by tells whether h is signed by key.
func (h Head) by(key ed25519.PublicKey) bool {
	sig, err := base64.RawStdEncoding.DecodeString(h.Sig)
	return err == nil && ed25519.Verify(key, h.signed(), sig)
}

// Faults of a chain that Verify alone cannot see.
const (
	Rewritten = "rewritten" // an entry is another one than when its head was kept
	Cut       = "cut"       // the chain ends before a head that was kept
	Forged    = "forged"    // a kept head is not signed by the node's key
)

// Outside is the folder with the heads of a node, one JSON object per line in heads-<node>.jsonl, the newest last. The folder may lie on another disk or machine, and
// several nodes may share it.
type Outside struct {
	Dir  string
	Node string // names the file of this node
	Key  ed25519.PrivateKey
}

// Public is the key by which the heads of this node are checked.
func (o *Outside) Public() ed25519.PublicKey {
	k, _ := o.Key.Public().(ed25519.PublicKey) // an Ed25519 key has no other
	return k
}

// Name is the name of the file of a node.
func (o *Outside) Name() string { return filepath.Join(o.Dir, "heads-"+o.Node+".jsonl") }

// Keep appends the present head, unless it is the last one kept, and syncs it to the disk. Codes: Unavailable for disk or database.
func (o *Outside) Keep(ctx context.Context, db bun.IDB, last Head, now time.Time) (_ Head, err error) {
	defer baqylau.Wrap(&err, "audit.Keep")
	h := Head{At: now.UTC()}
	if err := db.NewRaw("SELECT seq, hash FROM audit_head WHERE id = 1").Scan(ctx, &h.Seq, &h.Hash); err != nil {
		return last, err
	}
	if h.Seq == last.Seq && h.Hash == last.Hash {
		return last, nil
	}
	h.Sig = base64.RawStdEncoding.EncodeToString(ed25519.Sign(o.Key, h.signed()))
	line, err := json.Marshal(h)
	if err != nil {
		return last, err
	}
	if err := o.add(append(line, '\n')); err != nil {
		return last, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	return h, nil
}

// add writes a line at once, so that lines of several writers do not mix. A line that a full disk cut off is ended first.
func (o *Outside) add(line []byte) error {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(o.Name(), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if info, serr := f.Stat(); serr == nil && info.Size() > 0 {
		end := make([]byte, 1)
		if _, rerr := f.ReadAt(end, info.Size()-1); rerr == nil && end[0] != '\n' {
			line = append([]byte{'\n'}, line...)
		}
	}
	_, err = f.Write(line)
	return errors.Join(err, f.Sync(), f.Close())
}

// Heads reads every head of a folder. A line that a full disk or a crash cut off is passed over: it is no head. An absent folder has none.
func Heads(dir string) (list []Head, err error) {
	names, err := filepath.Glob(filepath.Join(escapeGlob(dir), "heads-*.jsonl"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
		}
		s := bufio.NewScanner(f)
		for s.Scan() {
			var h Head
			if json.Unmarshal(s.Bytes(), &h) == nil {
				list = append(list, h)
			}
		}
		if err := errors.Join(s.Err(), f.Close()); err != nil {
			return nil, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
		}
	}
	return list, nil
}

// tail is how much of the end of a file holds its last heads: a line has less than 300 bytes, and one of them may be cut off.
const tail = 4096

// Newest is the head of the longest chain that the files of the folder end with, the zero Head where there is none. It reads the ends of the files alone: they grow by a line a
// minute. Only heads that the node's key signed count: anybody who may write into the folder could hide them all behind a greater number.
func (o *Outside) Newest() (newest Head, err error) {
	names, err := filepath.Glob(filepath.Join(escapeGlob(o.Dir), "heads-*.jsonl"))
	if err != nil {
		return newest, err
	}
	for _, name := range names {
		end, err := lastBytes(name, tail)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return newest, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
		}
		for line := range bytes.Lines(end) { // the first one may begin in its middle, and is no head then
			var h Head
			if json.Unmarshal(line, &h) == nil && h.Seq > newest.Seq && h.by(o.Public()) {
				newest = h
			}
		}
	}
	return newest, nil
}

func lastBytes(name string, n int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.NewSectionReader(f, max(0, info.Size()-n), n))
}

func escapeGlob(dir string) string {
	var b []byte
	for i := range len(dir) {
		switch dir[i] {
		case '*', '?', '[', '\\':
			b = append(b, '\\')
		}
		b = append(b, dir[i])
	}
	return string(b)
}

// VerifyOutside is Verify, and then compares the chain with heads kept outside: each has to be signed by key, and its entry has to be there with its hash. It finds a
// chain that was written anew, cut at its end, or replaced by an older copy, up to the newest head.
func VerifyOutside(ctx context.Context, db bun.IDB, heads []Head, key ed25519.PublicKey) (Report, error) {
	r, err := Verify(ctx, db)
	if err != nil || !r.OK {
		return r, err
	}
	for at := 0; at < len(heads); at += 500 {
		part := heads[at:min(at+500, len(heads))]
		hashes, err := hashesOf(ctx, db, part)
		if err != nil {
			return r, err
		}
		for _, h := range part {
			fault := ""
			hash, there := hashes[h.Seq]
			switch {
			case !h.by(key):
				fault = Forged
			case h.Seq == 0:
			case !there:
				fault = Cut
			case hash != h.Hash:
				fault = Rewritten
			}
			if fault != "" && (r.OK || h.Seq < r.BadSeq) {
				r.OK, r.Fault, r.BadSeq, r.Kept = false, fault, h.Seq, h.At
			}
			r.Outside = max(r.Outside, h.Seq)
		}
	}
	return r, nil
}

// Holds tells whether the chain has h's entry with its hash.
func Holds(ctx context.Context, db bun.IDB, h Head) (bool, error) {
	m, err := hashesOf(ctx, db, []Head{h})
	hash, there := m[h.Seq]
	return there && hash == h.Hash, err
}

func hashesOf(ctx context.Context, db bun.IDB, heads []Head) (map[int64]string, error) {
	in := make([]int64, len(heads))
	for i, h := range heads {
		in[i] = h.Seq
	}
	var rows []struct {
		Seq  int64
		Hash string
	}
	if err := db.NewRaw("SELECT seq, hash FROM audit_entry WHERE seq IN (?)", bun.List(in)).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("reading entries: %w", err)
	}
	out := make(map[int64]string, len(rows))
	for _, x := range rows {
		out[x.Seq] = x.Hash
	}
	return out, nil
}
