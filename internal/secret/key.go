// Package secret keeps the node key and everything made with it: sealed values, keyed pseudonyms, tokens for links and for the API.
// The key lies beside the database, never in it, so that a stolen copy of the database alone opens nothing.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/baqylau/baqylau"
)

// FileName is the name of the key file in the data folder. Back it up apart from the database: without it second factors must be
// enrolled anew and new pseudonyms no longer match old ones.
const FileName = "node.key"

const keySize = 32 // bytes, for AES-256 and for HKDF-SHA-256

// Key is the node key. It is safe for concurrent use.
type Key struct {
	root []byte
	aead cipher.AEAD
}

// Load reads the key of a data folder, and creates it at the first start, readable by its owner only. Codes: Unavailable when the
// file cannot be read, is damaged, or can be read by other users of the machine.
func Load(folder string) (*Key, error) {
	name := filepath.Join(folder, FileName)
	root, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		root, err = create(folder, name)
	}
	if err != nil {
		return nil, unusable(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, unusable(err)
	}
	if len(root) != keySize {
		return nil, unusable(errors.New("not 32 bytes"))
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, unusable(errors.New("readable by others"))
	}
	return New(root)
}

// create writes a fresh key. Two processes that start at once agree on one file, because a link never replaces what is there.
func create(folder, name string) ([]byte, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(folder, FileName+".*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	root := make([]byte, keySize)
	_, _ = rand.Read(root) // never fails
	_, err = f.Write(root)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), name); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(name)
}

func unusable(err error) error {
	return baqylau.E(baqylau.Unavailable, "error.node_key", "File", FileName).Because(err)
}

// New makes a Key of 32 secret bytes.
func New(root []byte) (*Key, error) {
	if len(root) != keySize {
		return nil, unusable(errors.New("not 32 bytes"))
	}
	k := &Key{root: root}
	block, err := aes.NewCipher(k.derive("seal"))
	if err != nil {
		return nil, err
	}
	k.aead, err = cipher.NewGCM(block)
	return k, err
}

// derive is a key of its own for each purpose (HKDF, RFC 5869), so that none tells anything about another.
func (k *Key) derive(purpose string) []byte {
	d, err := hkdf.Key(sha256.New, k.root, nil, "baqylau/"+purpose, keySize)
	if err != nil {
		panic(err) // 32 bytes are always within HKDF's bound
	}
	return d
}
