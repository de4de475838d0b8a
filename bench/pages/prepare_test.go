//go:build soak

package pages

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/bench/national"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

var ctx = context.Background()

// cache is where generated databases stay from one run to the next; BAQYLAU_BENCH_CACHE names another folder.
func cache(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BAQYLAU_BENCH_CACHE")
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join(base, "baqylau-bench")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// build makes the program under test.
func build(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "baqylau")
	if out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", bin, "../../cmd/baqylau").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// database returns the address of a workspace with n occurrences, which is imported the first time and kept.
func database(t *testing.T, bin string, e store.Engine, n int) string {
	t.Helper()
	name := fmt.Sprintf("national-%d", n)
	if e == store.SQLite {
		path := filepath.Join(cache(t), name+".db")
		if _, err := os.Stat(path); err == nil {
			return path
		}
		part := filepath.Join(cache(t), "part-"+name+".db")
		fill(t, bin, part, notes{t, e, n})
		if err := os.Rename(part, path); err != nil { // complete, or not there
			t.Fatal(err)
		}
		return path
	}
	base := os.Getenv("BAQYLAU_TEST_PG")
	admin, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	address := func(name string) string {
		u, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		u.Path = "/" + name
		return u.String()
	}
	var there bool
	if err := admin.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if there {
		return address(name)
	}
	run := func(sql string) {
		t.Helper()
		if _, err := admin.ExecContext(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	run(`DROP DATABASE IF EXISTS "part-` + name + `" WITH (FORCE)`)
	run(`CREATE DATABASE "part-` + name + `"`)
	fill(t, bin, address("part-"+name), notes{t, e, n})
	run(`ALTER DATABASE "part-` + name + `" RENAME TO "` + name + `"`)
	return address(name)
}

// fill imports the records of a country by the command that an operator uses, raises the signals of their last weeks, adds the people, and proposes merges of
// occurrences that stand beside each other: records of one source are never proposed.
func fill(t *testing.T, bin, dsn string, to notes) {
	t.Helper()
	dir := t.TempDir()
	file, mapping := filepath.Join(dir, "national.csv"), filepath.Join(dir, "national.yaml")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(national.Write(f, to.n, 1), f.Close(), os.WriteFile(mapping, []byte(national.Mapping), 0o600)); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	most := command(t, bin, "import", "--db", dsn, "--mapping", mapping, "--source", "measurement", "--country", "KZ", file)
	to.note("import", "rows/s", float64(to.n)/time.Since(begin).Seconds())
	to.note("import, memory", "MB", most)
	a, err := app.Open(ctx, app.Config{DB: dsn, DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	for _, week := range []int{8, 4, 0} { // in one process, which reads the past once
		if _, err := a.Signals.Detect(ctx, "KZ", baqylau.DateOf(national.Last).AddDays(-7*week)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := account.Demo(ctx, a.Writer, baqylau.English, app.DemoPassword); err != nil {
		t.Fatal(err)
	}
	if err := a.DB.Write.RunInTx(ctx, nil, propose); err != nil {
		t.Fatal(err)
	}
	if err := a.DB.Optimise(ctx); err != nil {
		t.Fatal(err)
	}
	if a.DB.Engine == store.SQLite { // the file is whole without its log
		if _, err := a.DB.Write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			t.Fatal(err)
		}
	}
}

func propose(ctx context.Context, tx bun.Tx) error {
	_, err := tx.NewRaw(`INSERT INTO match_proposal (id, a_id, b_id, score, reasons, state, at)
		SELECT o.id, o.id, (SELECT x.id FROM occurrence x WHERE x.id > o.id ORDER BY x.id LIMIT 1), 40 + CAST(o.recorded_at % 60 AS INTEGER), '["match.day","match.region"]', 'proposed', o.recorded_at
		FROM (SELECT id, recorded_at FROM occurrence ORDER BY id LIMIT 2000) o`).Exec(ctx)
	return err
}

// command runs the program to its end and returns the most memory that it had resident, in MB.
func command(t *testing.T, bin string, args ...string) (most float64) {
	t.Helper()
	c := exec.CommandContext(ctx, bin, args...)
	c.Dir = t.TempDir() // without a folder of its own a node's key goes into this one
	var out bytes.Buffer
	c.Stdout, c.Stderr = io.Discard, &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for each := time.Tick(200 * time.Millisecond); ; {
		select {
		case <-each: // what the system tells of an ended child begins with the memory of its parent
			most = max(most, status(c.Process.Pid, "VmHWM"))
		case err := <-ended:
			if err != nil {
				t.Fatalf("baqylau %v: %v\n%s", args, err, &out)
			}
			return most
		}
	}
}

// people are tokens of the demonstration's accounts by login before the @: twenty people come from the eighteen, as two officers and two assessors do.
func people(t *testing.T, dsn string) map[string]string {
	t.Helper()
	a, err := app.Open(ctx, app.Config{DB: dsn, DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	all, err := account.List(ctx, a.DB.Read)
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{}
	for _, x := range all {
		if x.Actor().Has(access.System) {
			continue
		}
		if tokens[x.Login], err = a.Accounts.NewToken(ctx, x.Actor(), "pages", 2); err != nil {
			t.Fatal(err)
		}
	}
	return tokens
}
