package app_test

import (
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/store"
)

// rowsEach is how many rows every table gets: more than the longest list of allowed words, so that each word stands in one.
const rowsEach = 16

// tableAt is a table of a schema version, as SQLite's catalogue has it.
type tableAt struct {
	name    string
	columns []columnAt
	key     []string // columns of the primary key
}

type columnAt struct {
	name, kind, standard string
	must                 bool     // NOT NULL
	words                []string // what CHECK (… IN (…)) allows
	parent, parentKey    string   // what it refers to
}

var (
	allowedWords = regexp.MustCompile(`(\w+) IN \(([^)]*)\)`)
	ownTables    = regexp.MustCompile(`^(river_|goose_|sqlite_|search_)`) // of the queue, the migrations and the engine; the words follow the reports by triggers
)

// tablesAt reads the tables of a SQLite database, those that others refer to first. PostgreSQL's have the same columns (package store, parity test).
func tablesAt(t *testing.T, db *store.DB) (out []*tableAt) {
	t.Helper()
	all := map[string]*tableAt{}
	var names []string
	for _, r := range query(t, db, "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name") {
		if ownTables.MatchString(r[0]) {
			continue
		}
		x, words := &tableAt{name: r[0]}, map[string][]string{}
		for _, m := range allowedWords.FindAllStringSubmatch(r[1], -1) {
			if m[1] != "NOT" && words[m[1]] == nil {
				words[m[1]] = strings.Split(strings.NewReplacer("'", "", " ", "", "\n", "").Replace(m[2]), ",")
			}
		}
		for _, c := range query(t, db, "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info(?)", r[0]) {
			x.columns = append(x.columns, columnAt{name: c[0], kind: c[1], must: c[2] == "1" || c[4] != "0", standard: strings.Trim(c[3], "'"), words: words[c[0]]})
			if c[4] != "0" {
				x.key = append(x.key, c[0])
			}
		}
		for _, f := range query(t, db, "SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list(?)", r[0]) {
			for i := range x.columns {
				if x.columns[i].name == f[0] {
					x.columns[i].parent, x.columns[i].parentKey = f[1], f[2]
				}
			}
		}
		all[x.name] = x
		names = append(names, x.name)
	}
	done := map[string]bool{}
	var place func(string)
	place = func(name string) {
		if done[name] || all[name] == nil {
			return
		}
		done[name] = true
		for _, c := range all[name].columns {
			place(c.parent)
		}
		out = append(out, all[name])
	}
	for _, n := range names {
		place(n)
	}
	return out
}

// special are columns whose values hang together with those of others, by table and column; everything else follows from the catalogue. A migration that adds such a rule
// fails here with the name of its constraint until its column is entered.
var special = map[string]func(i int) any{
	"substance_name.substance_id": func(i int) any { return either(i%2 == 0, id("substance", "id", i)) },
	"substance_name.family":       func(i int) any { return either(i%2 == 1, id("family", "code", i)) },
	"legal_status.substance_id":   func(i int) any { return either(i%2 == 0, id("substance", "id", i)) },
	"legal_status.family":         func(i int) any { return either(i%2 == 1, id("family", "code", i)) },
	"communication.cleared_by":    func(i int) any { return id("account", "id", i) },
	"communication.emergency":     func(int) any { return false },
	"communication.public":        func(int) any { return false },
	"counter.name":                func(i int) any { return fmt.Sprintf("R-%d", 2000+i) },
	"observation.value":           func(i int) any { return either(i%2 == 0, 0.5) },
	"observation.absence":         func(i int) any { return map[bool]string{true: "", false: "not_known"}[i%2 == 0] },
	"episode.domain":              func(int) any { return "health" },
	"registration.exit_on":        func(i int) any { return fmt.Sprintf("2025-12-%02d", i+1) },
	"wastewater_sample.loq":       func(int) any { return 0.5 },
}

func either(ok bool, v any) any {
	if ok {
		return v
	}
	return nil
}

func id(table, column string, i int) string { return fmt.Sprintf("%s-%s-%02d", table, column, i) }

// value is what row i of a table holds in its column number n.
func value(x *tableAt, n, i int) any {
	c := x.columns[n]
	if f := special[x.name+"."+c.name]; f != nil {
		return f(i)
	}
	switch {
	case c.parent == x.name: // chains of three, as versions are
		if i%3 == 0 {
			return nil
		}
		return id(c.parent, c.parentKey, i-1)
	case c.parent != "":
		nth := 0 // two references to one table name different rows
		for _, o := range x.columns[:n] {
			if o.parent == c.parent {
				nth++
			}
		}
		return id(c.parent, c.parentKey, (i+nth)%rowsEach)
	case c.words != nil:
		return c.words[i%len(c.words)]
	case !c.must && i%4 == 3:
		return nil
	}
	switch c.kind {
	case "BOOLEAN":
		return i%2 == 1
	case "INTEGER", "BIGINT":
		return i + 1
	case "DOUBLE PRECISION":
		return 0.5
	case "BLOB":
		return []byte{0, 255, byte(i)}
	}
	switch {
	case c.name == "to_on" || c.name == "until_on" || c.name == "valid_to":
		return fmt.Sprintf("2025-12-%02d", i+1)
	case strings.HasSuffix(c.name, "_on"), c.name == "valid_from":
		return fmt.Sprintf("2025-11-%02d", i+1)
	case c.standard == "{}" || c.standard == "[]":
		return c.standard
	}
	return id(x.name, c.name, i)
}

// occupy writes rowsEach rows into every table, and a chain of entries that an old program has written.
func occupy(t *testing.T, db *store.DB, tables []*tableAt) {
	t.Helper()
	tx, err := db.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Release()
	for _, x := range tables {
		if x.name == "audit_entry" || x.name == "audit_head" {
			continue
		}
		for i := range rowsEach {
			var columns []string
			var values []any
			for n, c := range x.columns {
				columns, values = append(columns, c.name), append(values, value(x, n, i))
			}
			stmt := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", x.name, strings.Join(columns, ", "), strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", "))
			if _, err := tx.NewRaw(stmt, values...).Exec(ctx); err != nil {
				t.Fatalf("row %d of %s: %v\n%v\nIts columns hang together in a way that the catalogue does not tell: see special.", i, x.name, err, values)
			}
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// query returns rows as texts, NULL as "∅".
func query(t *testing.T, db *store.DB, stmt string, args ...any) (out [][]string) {
	t.Helper()
	rows, err := db.Write.QueryContext(ctx, stmt, args...)
	if err != nil {
		t.Fatalf("%s: %v", stmt, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		cells, to := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range cells {
			to[i] = &cells[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(cells))
		for i, c := range cells {
			if row[i] = c.String; !c.Valid {
				row[i] = "∅"
			}
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
