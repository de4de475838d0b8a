package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/jackc/pgx/v5/pgconn"
)

// A PostgreSQL that answers before the disk has what it was told is refused, unless the operator says that nothing on it matters.
func TestAForgetfulPostgresIsRefused(t *testing.T) {
	for _, e := range storetest.Engines() {
		if e != store.Postgres {
			continue
		}
		ctx, dsn := context.Background(), storetest.DSN(t, e)
		set := func(commit string) string { // a server keeps its disk at its start; this part of it is the account's to choose
			u, err := url.Parse(dsn)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			q.Set("synchronous_commit", commit)
			u.RawQuery = q.Encode()
			return u.String()
		}
		t.Setenv("BAQYLAU_ALLOW_UNSAFE_PG", "1")
		db, err := store.Open(ctx, set("off"))
		if err != nil {
			t.Fatalf("refused although it is allowed: %v", err)
		}
		var fsync string
		if err := db.Read.NewRaw("SELECT current_setting('fsync')").Scan(ctx, &fsync); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		t.Setenv("BAQYLAU_ALLOW_UNSAFE_PG", "")
		for _, commit := range []string{"on", "local", "off"} {
			want := ""
			if fsync != "on" || commit == "off" {
				want = "error.db_unsafe"
			}
			db, err := store.Open(ctx, set(commit))
			key := ""
			if own := (*baqylau.Error)(nil); errors.As(err, &own) {
				key = own.Key
			}
			if key != want || (err == nil) != (want == "") {
				t.Errorf("fsync %s, synchronous_commit %s: %v, want %q", fsync, commit, err, want)
			}
			if err == nil {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// A folder may be called anything that the operator likes; the file that is opened is the one that was named.
func TestAPathIsNotAnAddress(t *testing.T) {
	for _, name := range []string{"a#b.db", "a?b.db", "50%25.db", "a b&c=d.db", "ә;ғ.db"} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		db, err := store.Open(context.Background(), path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := db.Write.Exec("CREATE TABLE x (y TEXT)"); err != nil {
			t.Error(err)
		}
		var n int
		if err := db.Read.NewRaw("SELECT count(*) FROM x").Scan(context.Background(), &n); err != nil {
			t.Errorf("%s is read elsewhere than written: %v", name, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Error(err)
		}
		for _, f := range files {
			if !strings.HasPrefix(f.Name(), name) { // the log of the database stands beside it
				t.Errorf("%s: the folder holds %v", name, files)
			}
		}
	}
}

func TestWhatAnOutageIsCalled(t *testing.T) {
	for _, x := range []struct {
		err  error
		code baqylau.Code
		key  string
	}{
		{fmt.Errorf("in a room: %w", &pgconn.PgError{Code: "57P01"}), baqylau.Unavailable, "error.db"},
		{&pgconn.PgError{Code: "53100"}, baqylau.Unavailable, "error.disk_full"},
		{&pgconn.PgError{Code: "25006"}, baqylau.Unavailable, "error.disk_read_only"},
		{fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), baqylau.Unavailable, "error.db"},
		{&os.PathError{Op: "write", Err: syscall.ENOSPC}, baqylau.Unavailable, "error.disk_full"},
		{baqylau.E(baqylau.Unavailable, "error.audit").Because(&pgconn.PgError{Code: "53100"}), baqylau.Unavailable, "error.disk_full"},
		{baqylau.E(baqylau.Invalid, "import.row").Because(io.ErrUnexpectedEOF), baqylau.Invalid, "import.row"},
		{store.CommitFailed(io.ErrUnexpectedEOF), baqylau.Unavailable, "error.db_unsure"},
		{store.CommitFailed(&pgconn.PgError{Code: "57P01"}), baqylau.Unavailable, "error.db_unsure"},
		{store.CommitFailed(&pgconn.PgError{Code: "53100"}), baqylau.Unavailable, "error.disk_full"},
		{&pgconn.PgError{Code: "23505"}, baqylau.Internal, ""},
		{errors.New("a fault of ours"), baqylau.Internal, ""},
	} {
		err := store.Outage(x.err)
		var own *baqylau.Error
		if code := baqylau.CodeOf(err); code != x.code || errors.As(err, &own) && own.Key != x.key {
			t.Errorf("%v: %v, want %s %s", x.err, err, x.code, x.key)
		}
	}
	if store.Outage(nil) != nil {
		t.Error("nothing is called an outage")
	}
}

// A reader's question takes one core of the server, whatever the server's own settings are.
func TestAQuestionStaysInItsProcess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if db.Engine != store.Postgres {
			return
		}
		var workers, jit string
		if err := db.Read.NewRaw("SELECT current_setting('max_parallel_workers_per_gather'), current_setting('jit')").Scan(t.Context(), &workers, &jit); err != nil {
			t.Fatal(err)
		}
		if workers != "0" || jit != "off" {
			t.Errorf("%s workers, machine code %s", workers, jit)
		}
	})
}
