package backup_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/backup"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/google/uuid"
)

// A backup of PostgreSQL that fails says of what, and leaves nothing behind.
func TestABackupOfPostgresSaysWhatItFailedOf(t *testing.T) {
	for _, e := range storetest.Engines() {
		if e != store.Postgres {
			continue
		}
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
		fails := func(name, dsn, key string) {
			t.Helper()
			dir := t.TempDir()
			_, err := backup.Write(ctx, db, dsn, filepath.Join(dir, "x.backup"), nil)
			var own *baqylau.Error
			if !errors.As(store.Outage(err), &own) || own.Key != key || own.Code != baqylau.Unavailable {
				t.Errorf("%s: %v, want %s", name, err, key)
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("%s: it left %v", name, left)
			}
		}
		other := func(change func(u *url.URL)) string {
			u, err := url.Parse(dsn)
			if err != nil {
				t.Fatal(err)
			}
			change(u)
			return u.String()
		}
		fails("server away", other(func(u *url.URL) { u.Host = "127.0.0.1:1" }), "error.db")
		fails("no such database", other(func(u *url.URL) { u.Path += "_absent" }), "backup.refused")
		name, password := "stranger_"+uuid.NewString(), uuid.NewString()
		if _, err := db.Write.ExecContext(ctx, `CREATE ROLE "`+name+`" LOGIN PASSWORD '`+password+`'`); err != nil {
			t.Fatal(err)
		}
		defer func() { _, _ = db.Write.ExecContext(ctx, `DROP ROLE "`+name+`"`) }()
		fails("no right to read", other(func(u *url.URL) { u.User = url.UserPassword(name, password) }), "backup.refused")
		// Where the server asks for a password, none and a wrong one are other faults than the missing right.
		fails("no password", other(func(u *url.URL) { u.User = url.User(name) }), "backup.refused")
		fails("another password", other(func(u *url.URL) { u.User = url.UserPassword(name, "x") }), "backup.refused")
		fails("nobody of that name", other(func(u *url.URL) { u.User = url.UserPassword(name+"_absent", "x") }), "backup.refused")

		tools := t.TempDir()
		t.Setenv("PATH", tools)
		fails("not installed", dsn, "backup.no_tool")
		for said, key := range map[string]string{
			"pg_dump: error: could not write to output file: No space left on device":                                                  "error.disk_full",
			"pg_dump: error: could not open output file \"/backups/x\": Permission denied":                                             "backup.folder",
			"pg_dump: error: could not open output file \"/backups/x\": Read-only file system":                                         "error.disk_read_only",
			"pg_dump: error: server version: 17.2; pg_dump version: 15.9\npg_dump: error: aborting because of server version mismatch": "backup.version",
			"pg_dump: error: connection to server at \"db\" (10.0.0.2), port 5432 failed: fe_sendauth: no password supplied":           "backup.refused",
			"pg_dump: error: connection to server at \"db\" (10.0.0.2), port 5432 failed: FATAL:  role \"node\" does not exist":        "backup.refused",
			"pg_dump: error: connection to server at \"db\" (10.0.0.2), port 5432 failed: FATAL:  sorry, too many clients already":     "error.db",
			"pg_dump: error: something new": "backup.pg_dump",
		} {
			script := "#!/bin/sh\nif [ \"$LC_ALL\" = C ]; then cat >&2 <<'.'\n" + said + "\n.\nfi\nexit 1\n"
			if err := os.WriteFile(filepath.Join(tools, "pg_dump"), []byte(script), 0o700); err != nil { //nolint:gosec // a program
				t.Fatal(err)
			}
			t.Setenv("PATH", tools+":/usr/bin:/bin")
			fails(said, dsn, key)
		}
	}
}
