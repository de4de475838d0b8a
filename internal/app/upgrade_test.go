package app_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// TestUpgrade makes a database of every earlier version of the schema with rows in each of its tables, as an older program left it, and opens it with this one: no row is
// lost or altered but where a migration means to, every reference holds, the journal is the chain it was, and the schema is that of a new database. Versions, tables and
// columns are read from the migrations themselves, so that the next one is tested without a word here.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	for _, e := range storetest.Engines() {
		fresh := storetest.Open(t, e)
		want, links := schema(t, fresh), tablesAt(t, storetest.Open(t, store.SQLite))
		var versions []int64
		for _, s := range migrator(t, fresh).ListSources() {
			versions = append(versions, s.Version)
		}
		for _, v := range versions {
			t.Run(fmt.Sprintf("%s from %05d", e, v), func(t *testing.T) {
				t.Parallel()
				tables := tablesAt(t, at(t, storetest.DSN(t, store.SQLite), v))
				dsn := storetest.DSN(t, e)
				db := at(t, dsn, v)
				occupy(t, db, tables)
				journal(t, db)
				for _, s := range stories {
					if s.from <= v && v < s.until {
						execute(t, db, s.rows)
					}
				}
				was := contents(t, db, v, tables)
				if err := db.Migrate(ctx); err != nil {
					t.Fatal(err)
				}
				survive(t, v, tables, was, contents(t, db, v, tables))
				if d := cmp.Diff(want, schema(t, db)); d != "" {
					t.Errorf("the schema is not that of a new database (-), but (+):\n%s", d)
				}
				holds(t, db, links)
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				opens(t, dsn)
			})
		}
	}
}

// at opens an empty database and brings it to a version.
func at(t *testing.T, dsn string, version int64) *store.DB {
	t.Helper()
	db, err := store.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := migrator(t, db).UpTo(ctx, version); err != nil {
		t.Fatal(err)
	}
	return db
}

func migrator(t *testing.T, db *store.DB) *goose.Provider {
	t.Helper()
	dialect := database.DialectSQLite3
	if db.Engine == store.Postgres {
		dialect = database.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, db.Write.DB, os.DirFS("../store/migrations/"+string(db.Engine)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// journal writes entries as they were sealed when the chain had just been agreed on; they must verify for ever.
func journal(t *testing.T, db *store.DB) {
	t.Helper()
	b, err := os.ReadFile("testdata/journal.sql")
	if err != nil {
		t.Fatal(err)
	}
	execute(t, db, string(b))
}

func execute(t *testing.T, db *store.DB, statements string) {
	t.Helper()
	if _, err := db.Write.DB.ExecContext(ctx, statements); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

// stories are what rows of some versions could hold that a later one sets right.
var stories = []struct {
	from, until int64
	rows        string
}{
	{3, 7, "UPDATE report SET source_ref = 'twice', source_id = 'source-id-00', superseded_on = NULL, hidden = FALSE WHERE id IN ('report-id-01', 'report-id-02')"},
}

// meant are the columns that a migration, the last one named, alters in rows that are already there, or takes away.
var meant = map[string]int64{
	"report.source_ref": 7, "source.laboratory": 7,
	"report.hidden": 9, "occurrence.hidden": 9, "series_delta.batch_id": 9, "series_delta.hidden": 9, "batch.no": 9,
	"report_event.report_id": 10, "report_event.act": 10, "attachment.report_id": 10, "lab_result.report_id": 10, "personal_link.report_id": 10,
	"finding.hidden": 14,
}

// row is a row by its columns.
type row map[string]string

func (r row) only(columns []string) string {
	var b strings.Builder
	for _, c := range columns {
		fmt.Fprintf(&b, "%s=%q ", c, r[c])
	}
	return b.String()
}

// laidOut are the tables that a migration, the last one named, has laid out anew, and the view that shows their rows as before.
var laidOut = map[string]struct {
	view string
	by   int64
}{"series_delta": {"series_cell", 17}}

// contents are the rows of every table of version v, also after the upgrade; a table that is gone has none.
func contents(t *testing.T, db *store.DB, v int64, tables []*tableAt) map[string][]row {
	t.Helper()
	out := map[string][]row{}
	for _, x := range tables {
		name := x.name
		if s := laidOut[name]; v < s.by && len(columnsOf(db, s.view)) > 0 {
			name = s.view
		}
		columns, rows := columnsOf(db, name), []row{}
		if len(columns) == 0 {
			continue
		}
		for _, r := range query(t, db, "SELECT "+strings.Join(columns, ", ")+" FROM "+name) {
			m := row{}
			for i, c := range columns {
				m[c] = r[i]
			}
			rows = append(rows, m)
		}
		out[x.name] = rows
	}
	return out
}

func columnsOf(db *store.DB, table string) []string {
	rows, err := db.Write.QueryContext(ctx, "SELECT * FROM "+table+" WHERE FALSE")
	if err != nil {
		return nil
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil || rows.Err() != nil {
		return nil
	}
	return columns
}

// survive compares the rows of version v with what became of them.
func survive(t *testing.T, v int64, tables []*tableAt, was, is map[string][]row) {
	t.Helper()
	for _, x := range tables {
		if len(was[x.name]) == 0 {
			t.Errorf("%s was empty", x.name)
		}
		if len(is[x.name]) == 0 {
			t.Errorf("%s is gone or empty", x.name)
			continue
		}
		var kept []string // columns that are there before and after and that no migration alters
		for c := range was[x.name][0] {
			if v < meant[x.name+"."+c] {
				continue
			}
			if _, still := is[x.name][0][c]; !still {
				t.Errorf("%s.%s is gone with what it held", x.name, c)
			}
			kept = append(kept, c)
		}
		slices.Sort(kept)
		left := map[string]int{}
		for _, r := range is[x.name] {
			left[r.only(kept)]++
		}
		for _, r := range was[x.name] {
			if left[r.only(kept)]--; left[r.only(kept)] < 0 {
				t.Errorf("%s: a row is lost or altered: %s", x.name, r.only(kept))
			}
		}
	}
}

// holds asks every reference of the newest schema whether its row is there; PostgreSQL no longer checks some by itself.
func holds(t *testing.T, db *store.DB, tables []*tableAt) {
	t.Helper()
	asked := 0
	for _, x := range tables {
		for _, c := range x.columns {
			if c.parent == "" {
				continue
			}
			asked++
			n := query(t, db, fmt.Sprintf("SELECT count(*) FROM %s c WHERE c.%s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s p WHERE p.%s = c.%s)", x.name, c.name, c.parent, c.parentKey, c.name))
			if n[0][0] != "0" {
				t.Errorf("%s.%s names %s rows of %s that are not there", x.name, c.name, n[0][0], c.parent)
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d references asked", asked)
	}
	if db.Engine == store.SQLite {
		if broken := query(t, db, "PRAGMA foreign_key_check"); len(broken) > 0 {
			t.Error(broken)
		}
		if word := query(t, db, "PRAGMA integrity_check"); word[0][0] != "ok" {
			t.Error(word)
		}
	}
}

var spaces = regexp.MustCompile(`\s+`)

// schema is everything the catalogue says, by name.
func schema(t *testing.T, db *store.DB) map[string]string {
	t.Helper()
	q := "SELECT type || ' ' || name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'"
	if db.Engine == store.Postgres {
		q = `SELECT 'column ' || table_name || '.' || column_name, concat_ws(' ', ordinal_position, data_type, is_nullable, column_default) FROM information_schema.columns WHERE table_schema = current_schema()
			UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
			UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()
			UNION ALL SELECT 'trigger ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
			UNION ALL SELECT 'function ' || proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace`
	}
	out := map[string]string{}
	for _, r := range query(t, db, q) {
		if !ownTables.MatchString(strings.SplitN(r[0], " ", 2)[1]) {
			out[r[0]] = spaces.ReplaceAllString(r[1], " ")
		}
	}
	if len(out) < 60 {
		t.Errorf("only %d things in the schema", len(out))
	}
	return out
}

// opens starts today's program on what it migrated: the journal is one chain from the old entries to the new, and people can look and send.
func opens(t *testing.T, dsn string) {
	t.Helper()
	a, err := app.Open(ctx, app.Config{DB: dsn, DataDir: t.TempDir(), Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	r, err := audit.Verify(ctx, a.DB.Read)
	if err != nil || !r.OK || r.Entries <= 3 {
		t.Errorf("the journal after the upgrade: %+v %v", r, err)
	}
}
