package secret

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
)

var errSealed = errors.New("secret: the sealed value is damaged or belongs to another key or purpose")

// Seal encrypts value with AES-256-GCM under a random nonce. The purpose is authenticated: what was sealed for one does not open
// for another. The empty value seals to "".
func (k *Key) Seal(purpose, value string) string {
	if value == "" {
		return ""
	}
	nonce := make([]byte, k.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return base64.RawStdEncoding.EncodeToString(k.aead.Seal(nonce, nonce, []byte(value), []byte(purpose)))
}

// Open returns what Seal sealed, or an error without detail when the value was altered or sealed otherwise.
func (k *Key) Open(purpose, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	b, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(b) < k.aead.NonceSize() {
		return "", errSealed
	}
	n := k.aead.NonceSize()
	value, err := k.aead.Open(nil, b[:n], b[n:], []byte(purpose))
	if err != nil {
		return "", errSealed
	}
	return string(value), nil
}
