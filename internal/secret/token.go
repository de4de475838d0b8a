package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// NewToken is a secret for a link, a calendar address or the API: 26 characters, 130 bits.
func NewToken() string { return strings.ToLower(rand.Text()) }

// Hash is how a token is kept: SHA-256 in hexadecimal. Tokens are random, so no salt is needed.
func Hash(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}
