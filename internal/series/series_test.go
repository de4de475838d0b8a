package series_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"pgregory.net/rapid"
)

var (
	monday = baqylau.MustDate("2026-03-02")
	total  = series.Subject{Dim: series.Total}
	drug   = series.Subject{Dim: series.Substance, ID: "x"}
)

func occurrence(region string, kinds ...string) series.Occurrence {
	o := series.Occurrence{Country: "KZ", Region: region, Week: monday.Week(), Kinds: map[string]bool{}, Found: map[series.Subject]map[string]bool{drug: {}}}
	for _, k := range kinds {
		o.Kinds[k], o.Found[drug][k] = true, true
	}
	return o
}

func count(t *testing.T, db *store.DB, q series.Query) (n int) {
	t.Helper()
	q.Country = "KZ"
	pts, err := series.Weekly(context.Background(), db.Read, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pts {
		n += p.N
	}
	return n
}

// add appends changes in a transaction of their own.
func add(t *testing.T, db *store.DB, changes ...series.Change) {
	t.Helper()
	tx, err := db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Release()
	if err := series.Append(t.Context(), tx, changes...); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// One occurrence told by police and hospital counts once over all kinds, and once in each of its own.
func TestAnOccurrenceCountsOnceWhoeverReportsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		add(t, db, series.Change{Known: monday, Cells: occurrence("KZ-75", "seizure", "acute_intoxication", "death").Cells()})
		for _, s := range []series.Subject{total, drug} {
			if n := count(t, db, series.Query{Subject: s}); n != 1 {
				t.Errorf("%s over all kinds: %d", s.Dim, n)
			}
			if n := count(t, db, series.Query{Subject: s, Kind: "death"}); n != 1 {
				t.Errorf("%s, deaths: %d", s.Dim, n)
			}
		}
	})
}

// The subjects of a dimension are counted side by side, each within the place, the weeks and the knowledge that were asked for.
func TestSubjectsAreCountedSideBySide(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		key := func(id, country string, week baqylau.Week) series.Key {
			return series.Key{Country: country, Region: "KZ-75", Dim: series.Substance, ID: id, Kind: "seizure", Week: week}
		}
		this := monday.Week()
		total := series.Key{Country: "KZ", Dim: series.Total, Kind: "seizure", Week: this}
		add(t, db, series.Change{Known: monday, Cells: series.Cells{key("a", "KZ", this): 2, key("a", "KZ", this-60): 7, key("b", "KZ", this-1): 3, key("b", "US", this): 9, key("c", "KZ", this-70): 1, total: 5}},
			series.Change{Known: monday.AddDays(3), Cells: series.Cells{key("b", "KZ", this-1): -3, key("d", "KZ", this): 4}})
		for _, c := range []struct {
			q    series.Query
			want map[string]int
		}{
			{series.Query{Country: "KZ", From: this - 51, To: this}, map[string]int{"a": 2, "d": 4}},
			{series.Query{Country: "KZ", From: this - 51, To: this, AsOf: monday}, map[string]int{"a": 2, "b": 3}},
			{series.Query{Country: "KZ"}, map[string]int{"a": 9, "c": 1, "d": 4}},
			{series.Query{Country: "US"}, map[string]int{"b": 9}},
			{series.Query{}, map[string]int{"a": 9, "b": 9, "c": 1, "d": 4}},
			{series.Query{Country: "UZ"}, map[string]int{}},
		} {
			c.q.Subject.Dim = series.Substance
			got, err := series.BySubject(t.Context(), db.Read, c.q)
			if err != nil || !maps.Equal(got, c.want) {
				t.Errorf("%+v: %v %v, want %v", c.q, got, err, c.want)
			}
		}
	})
}

// A correction known later changes nothing that was answered as of an earlier day.
func TestThePastStaysAsItWasKnown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		before, after := occurrence("KZ-75", "seizure").Cells(), occurrence("KZ-71", "seizure").Cells()
		later := monday.AddDays(30)
		add(t, db, series.Change{Known: monday, Cells: before}, series.Change{Known: later, Cells: after.Minus(before)})
		for _, c := range []struct {
			region string
			asOf   baqylau.Date
			want   int
		}{{"KZ-75", monday, 1}, {"KZ-71", monday, 0}, {"KZ-75", later, 0}, {"KZ-71", later, 1}, {"", later, 1}, {"", monday.AddDays(-1), 0}} {
			if n := count(t, db, series.Query{Subject: drug, Region: c.region, AsOf: c.asOf}); n != c.want {
				t.Errorf("%q as of %s: %d, want %d", c.region, c.asOf, n, c.want)
			}
		}
	})
}

// The counts of an import are seen, and tell that the past has changed, from the moment its batch is applied.
func TestAnImportIsSeenWhenItIsApplied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		run := func(sql string) {
			t.Helper()
			if _, err := db.Write.ExecContext(ctx, sql); err != nil {
				t.Fatal(err)
			}
		}
		run(`INSERT INTO source (id, code, name, country, domain) VALUES ('s', 's', '{}', 'KZ', 'health')`)
		run(`INSERT INTO batch (id, ref, no, source_id, mapping_yaml, org_id, account_id, domain, file_name, file_sha256, state, created_at)
			VALUES ('b', 'I-1', 7, 's', '', '', '', 'health', '', '', 'applying', 0)`)
		add(t, db, series.Change{Known: monday, Batch: 7, Cells: occurrence("", "death").Cells()})
		state := func() (n int, mark int64, last baqylau.Date) {
			t.Helper()
			mark, err1 := series.Mark(ctx, db.Read, "KZ", monday)
			last, err2 := series.LastKnown(ctx, db.Read, "KZ")
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			return count(t, db, series.Query{Subject: drug}), mark, last
		}
		if n, mark, last := state(); n != 0 || mark != 0 || !last.IsZero() {
			t.Errorf("while it is written: %d counted, mark %d, last known %s", n, mark, last)
		}
		run("UPDATE batch SET state = 'applied'")
		if n, mark, last := state(); n != 1 || mark != 2 || last != monday {
			t.Errorf("applied: %d counted, mark %d, last known %s", n, mark, last)
		}
		for name, where := range map[string][]series.Extent{
			"in its weeks": {{Country: "KZ", From: monday.Week(), To: monday.Week()}},
			"elsewhere":    {{Country: "KZ", From: monday.Week() + 1, To: monday.Week() + 9}, {Country: "KG", From: monday.Week(), To: monday.Week()}},
			"nowhere":      nil,
		} {
			run("UPDATE batch SET state = 'cancelled'")
			if err := series.DropBatch(ctx, db.Write, 7, where...); err != nil {
				t.Fatal(err)
			}
			if n, mark, last := state(); n != 0 || mark != 0 || !last.IsZero() {
				t.Errorf("dropped, looked for %s: %d counted, mark %d, last known %s", name, n, mark, last)
			}
			add(t, db, series.Change{Known: monday, Batch: 7, Cells: occurrence("", "death").Cells()})
		}
	})
}

// Whatever kinds an occurrence has, the sum over all kinds is one, and nothing remains when it is taken from itself.
func TestCellsSumToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"seizure", "collected_sample", "biological_sample", "death", "market_info"}), 1, 5, rapid.ID).Draw(t, "kinds")
		c := occurrence("KZ-10", kinds...).Cells()
		sums := map[series.Subject]int{}
		for k, n := range c {
			sums[series.Subject{Dim: k.Dim, ID: k.ID}] += n
		}
		if sums[total] != 1 || sums[drug] != 1 {
			t.Fatal(fmt.Sprint(kinds, sums))
		}
		for k, n := range c.Minus(c) {
			if n != 0 {
				t.Fatalf("%v: %d", k, n)
			}
		}
	})
}

func TestAnUncertainDayCountsWhenItBecameKnown(t *testing.T) {
	known := baqylau.MustDate("2026-06-01")
	if w := series.Week(baqylau.MustDate("2026-01-01"), baqylau.Year, known); w != known.Week() {
		t.Errorf("year-precise: %s", w)
	}
	if w := series.Week(monday, baqylau.Day, known); w != monday.Week() {
		t.Errorf("day-precise: %s", w)
	}
}
