package backup_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/backup"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// filled is a database with one act in it, and its backup.
func filled(t *testing.T, e store.Engine) (dsn, file string) {
	t.Helper()
	ctx := context.Background()
	dsn = storetest.DSN(t, e)
	db, err := store.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	err = change.New(db).Do(ctx, access.TheSystem(), access.SettingsEdit, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("setting", "centre", "", nil)
		_, err := tx.NewRaw("INSERT INTO setting (key, value) VALUES ('centre', 'kept')").Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "copy.bak")
	if n, err := backup.Write(ctx, db, dsn, file, nil); err != nil || n == 0 {
		t.Fatalf("%d bytes, %v", n, err)
	}
	return dsn, file
}

func TestABackupComesBackWhole(t *testing.T) {
	for _, e := range storetest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			ctx := context.Background()
			_, file := filled(t, e)
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			to := storetest.DSN(t, e)
			rep, err := backup.Restore(ctx, f, to, nil)
			if err != nil || !rep.OK || rep.Entries != 1 {
				t.Fatalf("%+v, %v", rep, err)
			}
			db, err := store.Open(ctx, to)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			var v string
			if err := db.Read.NewRaw("SELECT value FROM setting WHERE key = 'centre'").Scan(ctx, &v); err != nil || v != "kept" {
				t.Errorf("%q, %v", v, err)
			}
		})
	}
}

func TestADamagedBackupIsRefusedByTheNameOfItsDamage(t *testing.T) {
	_, file := filled(t, store.SQLite)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Clone(whole)
	altered[len(altered)/2] ^= 1
	for want, b := range map[string][]byte{"backup.not_one": []byte("not a backup"), "backup.cut": whole[:len(whole)/2], "backup.altered": altered} {
		to := filepath.Join(t.TempDir(), "x.db")
		_, err := backup.Restore(context.Background(), bytes.NewReader(b), to, nil)
		if baqylau.CodeOf(err) != baqylau.Invalid || !bytes.Contains([]byte(err.Error()), []byte(want)) {
			t.Errorf("%s: %v", want, err)
		}
		if _, err := os.Stat(to); err == nil {
			t.Errorf("%s: something was written", want)
		}
	}
}

func TestARestoreOverwritesNothing(t *testing.T) {
	dsn, file := filled(t, store.SQLite)
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := backup.Restore(context.Background(), f, dsn, nil); baqylau.CodeOf(err) != baqylau.Conflict {
		t.Errorf("%v", err)
	}
}
