package backup_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/backup"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A backup each night, sealed, made while people write, read back before it counts; the newest three stay, and one that is late is told.
func TestNightly(t *testing.T) {
	for _, e := range storetest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			ctx := context.Background()
			dsn := storetest.DSN(t, e)
			db, err := store.Open(ctx, dsn)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if err := db.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			stop, stopped := make(chan struct{}), make(chan int)
			go func() { // somebody who writes all the time
				for n := 0; ; n++ {
					select {
					case <-stop:
						stopped <- n
						return
					default:
					}
					if err := change.New(db).Do(ctx, access.TheSystem(), access.SettingsEdit, func(ctx context.Context, tx *change.Tx) error {
						tx.Subject("setting", "x", "", nil)
						_, err := tx.NewRaw("INSERT INTO setting (key, value) VALUES ('x', '1') ON CONFLICT (key) DO UPDATE SET value = '2'").Exec(ctx)
						return err
					}); err != nil {
						t.Errorf("a writer is hindered: %v", err)
					}
				}
			}()
			key := backup.Key(bytes.Repeat([]byte("k"), 32))
			n := backup.Nightly{DSN: dsn, Dir: filepath.Join(t.TempDir(), "nightly"), Key: key, At: 2*time.Hour + 30*time.Minute, Keep: 3, Zone: change.Zone}
			at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, change.Zone) }
			if !n.Late(at(1, 12, 0)) {
				t.Error("nothing there and not late")
			}
			for _, x := range []struct {
				now  time.Time
				made bool
			}{
				{at(1, 12, 0), true}, // the first at once
				{at(1, 12, 1), false},
				{at(2, 2, 29), false},
				{at(2, 2, 30), true},
				{at(3, 2, 31), true},
				{at(4, 2, 30), true},
				{at(3, 20, 0), false}, // the clock is set back: that of the third counts, nothing is made twice
			} {
				name, err := n.Run(ctx, x.now)
				if err != nil || (name != "") != x.made {
					t.Fatalf("%s: %q, %v", x.now, name, err)
				}
			}
			close(stop)
			if <-stopped == 0 {
				t.Error("nobody wrote meanwhile")
			}
			files, err := os.ReadDir(n.Dir)
			if err != nil || len(files) != 3 {
				t.Fatalf("%v, %v", files, err)
			}
			if n.Late(at(5, 4, 29)) || !n.Late(at(5, 4, 31)) {
				t.Error("26 hours are not the bound")
			}
			last := filepath.Join(n.Dir, files[2].Name())
			if err := backup.Check(last, backup.Key(bytes.Repeat([]byte("x"), 32))); baqylau.CodeOf(err) != baqylau.Invalid {
				t.Errorf("it opens by another key: %v", err)
			}
			f, err := os.Open(last)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if rep, err := backup.Restore(ctx, f, storetest.DSN(t, e), key); err != nil || !rep.OK || rep.Entries == 0 {
				t.Errorf("on another machine: %+v, %v", rep, err)
			}
		})
	}
}

// A backup that was broken off, as by a power cut, is none, and is cleared away.
func TestNightlyClearsAway(t *testing.T) {
	dsn, _ := filled(t, store.SQLite)
	n := backup.Nightly{DSN: dsn, Dir: t.TempDir(), Key: backup.Key(bytes.Repeat([]byte("k"), 32)), Keep: 3}
	half := filepath.Join(n.Dir, "baqylau-20260301T000000Z.backup.making")
	if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	if !n.Late(now) {
		t.Error("half a backup counts")
	}
	if _, err := n.Run(context.Background(), now); err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(n.Dir); err != nil || len(files) != 1 || n.Late(now) {
		t.Errorf("%v, %v", files, err)
	}
}
