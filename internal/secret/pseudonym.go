package secret

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"github.com/baqylau/baqylau"
)

// Pseudonym replaces a personal number (ИИН) by HMAC-SHA-256 under the key of a domain: the same person has the same pseudonym within
// health and another one within law enforcement, so that the two cannot be joined. Spaces and hyphens in the number do not count.
// Without the key a number cannot be found by trying all of them.
func (k *Key) Pseudonym(domain baqylau.Domain, number string) string {
	h := hmac.New(sha256.New, k.derive("pseudonym/"+string(domain)))
	h.Write([]byte(strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, number))))
	return hex.EncodeToString(h.Sum(nil))
}
