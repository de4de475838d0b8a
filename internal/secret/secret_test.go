package secret

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/baqylau/baqylau"
)

func TestTheKeyIsCreatedOnceAndPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	keys := make([]*Key, 8)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			k, err := Load(dir)
			if err != nil {
				t.Error(err)
			}
			keys[i] = k
		})
	}
	wg.Wait()
	for _, k := range keys {
		if string(k.root) != string(keys[0].root) {
			t.Error("processes that start at once have different keys")
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("files left: %v, %v", files, err)
	}
	info, err := os.Stat(filepath.Join(dir, FileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestAnOpenOrDamagedKeyIsRefused(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(dir); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, FileName)
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); baqylau.CodeOf(err) != baqylau.Unavailable {
		t.Errorf("readable by others: %v", err)
	}
	if err := os.WriteFile(name, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); baqylau.CodeOf(err) != baqylau.Unavailable {
		t.Errorf("damaged: %v", err)
	}
}

func fixed(t *testing.T, fill string) *Key {
	k, err := New([]byte(strings.Repeat(fill, keySize)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSealedValuesOpenForTheirPurposeOnly(t *testing.T) {
	k := fixed(t, "a")
	s := k.Seal("totp", "JBSWY3DP")
	if v, err := k.Open("totp", s); err != nil || v != "JBSWY3DP" {
		t.Errorf("%q, %v", v, err)
	}
	if strings.Contains(s, "JBSWY3DP") || k.Seal("totp", "JBSWY3DP") == s {
		t.Error("the seal shows or repeats the value")
	}
	for name, open := range map[string]func() (string, error){
		"other purpose": func() (string, error) { return k.Open("mail", s) },
		"other key":     func() (string, error) { return fixed(t, "b").Open("totp", s) },
		"altered":       func() (string, error) { return k.Open("totp", s[:4]+flip(s[4:5])+s[5:]) },
		"cut":           func() (string, error) { return k.Open("totp", s[:8]) },
	} {
		if v, err := open(); err == nil {
			t.Errorf("%s: opened as %q", name, v)
		}
	}
}

func flip(c string) string {
	if c == "A" {
		return "B"
	}
	return "A"
}

func TestPseudonymsDifferByDomainAndKey(t *testing.T) {
	k := fixed(t, "a")
	health := k.Pseudonym(baqylau.HealthDomain, "850101 300123")
	if health != k.Pseudonym(baqylau.HealthDomain, "850101-300123") {
		t.Error("spaces and hyphens count")
	}
	if health == k.Pseudonym(baqylau.EnforcementDomain, "850101300123") || health == fixed(t, "b").Pseudonym(baqylau.HealthDomain, "850101300123") {
		t.Error("domains or keys share a pseudonym")
	}
	if len(health) != 64 || strings.Contains(health, "850101") {
		t.Errorf("pseudonym %q", health)
	}
}
