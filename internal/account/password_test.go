package account

import (
	"os"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/baqylau/baqylau"
)

// The stories sign in a hundred times; they do it with a cheap hash. The product's own is checked below.
func TestMain(m *testing.M) {
	product = hashing
	hashing = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	nobody = hashOf("no account has this password")
	os.Exit(m.Run())
}

var product *argon2id.Params

func TestPasswordsAreHashedAsOWASPAdvises(t *testing.T) {
	h, err := argon2id.CreateHash(password, product)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(h, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %s", h)
	}
	if !matches(password, h) || matches(password+" ", h) || matches("", "") || matches("no account has this password", "") {
		t.Error("comparison")
	}
	if !matches("пароль из слов и\u0306од", hashOf("пароль из слов йод")) {
		t.Error("two ways of writing й count as two passwords")
	}
}

func TestWeakPasswordsAreRefused(t *testing.T) {
	for pw, good := range map[string]bool{
		password: true, "correct horse battery": true, "елу жеті көк түйе": true,
		"short": false, "": false, strings.Repeat("a1", 20): false, "dina.bekova2026!": false,
		"Baqylau-2026-Astana": false, "baqylau-demo-2026": false, "Қазақстан2026!": false, "password12345": false, "P@ssw0rd-1234": false, "1234567890-=": false, "йцукенгшщзхъ": false, "qwertyuiop[]12": false, "құпиясөз-2026": false,
		"a password is a hill to climb": true, "8305-7741-9926-05": true, "дождь в Актау 14 марта": true, strings.Repeat("abcdefgh", 17): false,
	} {
		err := checkPassword("password", pw, "dina.bekova@police.kz")
		if (err == nil) != good || err != nil && baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("%q: %v", pw, err)
		}
	}
}
