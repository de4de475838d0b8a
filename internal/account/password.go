package account

import (
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/baqylau/baqylau"
	"golang.org/x/text/unicode/norm"
)

// hashing is argon2id with 19 MiB, two passes, one lane: the first choice of the OWASP Password Storage Cheat Sheet.
var hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// nobody is the hash that stands in for the password of an unknown login, so that the answer takes as long as for a known one.
var nobody = hashOf("no account has this password")

// slots bounds how many passwords are hashed at once: each takes 19 MiB and a core.
var slots = make(chan struct{}, 4)

// The bounds of a password, in characters (NIST SP 800-63B: length, not composition).
const (
	minPassword = 12
	maxPassword = 128
)

func hashOf(password string) string {
	slots <- struct{}{}
	defer func() { <-slots }()
	h, err := argon2id.CreateHash(norm.NFC.String(password), hashing)
	if err != nil {
		panic(err) // only the system's random source can fail, and it does not return then
	}
	return h
}

// matches compares in constant time; an empty or damaged hash matches nothing and takes as long.
func matches(password, hash string) bool {
	known := hash != ""
	if !known {
		hash = nobody
	}
	slots <- struct{}{}
	defer func() { <-slots }()
	ok, err := argon2id.ComparePasswordAndHash(norm.NFC.String(password), hash)
	return err == nil && ok && known
}

// checkPassword refuses passwords that are too short or long, that hold the login, that repeat few characters, or that are made of words which are guessed first. Code Invalid at field.
func checkPassword(field, password, login string) error {
	n := utf8.RuneCountInString(password)
	distinct := map[rune]bool{}
	for _, r := range password {
		distinct[r] = true
	}
	name, _, _ := strings.Cut(login, "@")
	switch {
	case n < minPassword || n > maxPassword:
		return baqylau.E(baqylau.Invalid, "account.error.password_length", "Min", minPassword, "Max", maxPassword).On(field)
	case len(distinct) < 6, guessed(password), len(name) > 3 && strings.Contains(strings.ToLower(password), name):
		return baqylau.E(baqylau.Invalid, "account.error.password_weak").On(field)
	}
	return nil
}
