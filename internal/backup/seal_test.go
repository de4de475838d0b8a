package backup_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/backup"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

var key = backup.Key(strings.Repeat("k", 32))

// sealed is a sealed backup of a database with one act in it.
func sealed(t *testing.T, e store.Engine) []byte {
	t.Helper()
	ctx := context.Background()
	dsn, _ := filled(t, e)
	db, err := store.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	file := filepath.Join(t.TempDir(), "sealed.bak")
	if _, err := backup.Write(ctx, db, dsn, file, key); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A sealed copy tells nothing to whoever finds it and comes back whole by its key.
func TestASealedBackupComesBackByItsKey(t *testing.T) {
	for _, e := range storetest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			whole := sealed(t, e)
			for _, s := range []string{"SQLite", "PGDMP", "manifest", "audit_entry"} {
				if bytes.Contains(whole, []byte(s)) {
					t.Errorf("the sealed file shows %q", s)
				}
			}
			rep, err := backup.Restore(context.Background(), bytes.NewReader(whole), storetest.DSN(t, e), key)
			if err != nil || !rep.OK || rep.Entries != 1 {
				t.Errorf("%+v, %v", rep, err)
			}
		})
	}
}

// Each damage of a sealed file has its name, and nothing is written.
func TestADamagedSealedBackupIsRefusedByTheNameOfItsDamage(t *testing.T) {
	whole := sealed(t, store.SQLite)
	const head, piece = 24 + 32, 64<<10 + 16
	if len(whole) < head+3*piece {
		t.Fatalf("%d bytes are too few to move pieces about", len(whole))
	}
	flip := func(i int) []byte { b := bytes.Clone(whole); b[i] ^= 1; return b }
	moved := bytes.Clone(whole)
	copy(moved[head+piece:], whole[head+2*piece:head+3*piece])
	copy(moved[head+2*piece:], whole[head+piece:head+2*piece])
	for _, x := range []struct {
		name, want string
		file       []byte
		key        backup.Key
	}{
		{"no key", "backup.sealed", whole, nil},
		{"another key", "backup.key", whole, backup.Key(strings.Repeat("x", 32))},
		{"first piece altered", "backup.key", flip(head + 7), key},
		{"later piece altered", "backup.altered", flip(head + piece + 7), key},
		{"last byte altered", "backup.end", flip(len(whole) - 1), key},
		{"pieces swapped", "backup.altered", moved, key},
		{"bytes added", "backup.end", append(bytes.Clone(whole), 0), key},
		{"cut in the head", "backup.cut", whole[:30], key},
		{"cut between pieces", "backup.cut", whole[:head+2*piece], key},
		{"cut within a piece", "backup.end", whole[:head+2*piece+100], key},
		{"cut by its last piece", "backup.cut", whole[:head+(len(whole)-head)/piece*piece], key},
	} {
		to := filepath.Join(t.TempDir(), "x.db")
		_, err := backup.Restore(context.Background(), bytes.NewReader(x.file), to, x.key)
		if baqylau.CodeOf(err) != baqylau.Invalid || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %s", x.name, err, x.want)
		}
		if _, err := os.Stat(to); err == nil {
			t.Errorf("%s: something was written", x.name)
		}
	}
}
