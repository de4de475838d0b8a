package series_test

import (
	"context"
	"fmt"
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

// One occurrence told by police and hospital counts once over all kinds, and once in each of its own.
func TestAnOccurrenceCountsOnceWhoeverReportsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if err := series.Append(ctx, db.Write, series.Change{Known: monday, Cells: occurrence("KZ-75", "seizure", "acute_intoxication", "death").Cells()}); err != nil {
			t.Fatal(err)
		}
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

// A correction known later changes nothing that was answered as of an earlier day.
func TestThePastStaysAsItWasKnown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		before, after := occurrence("KZ-75", "seizure").Cells(), occurrence("KZ-71", "seizure").Cells()
		later := monday.AddDays(30)
		if err := series.Append(ctx, db.Write, series.Change{Known: monday, Cells: before}, series.Change{Known: later, Cells: after.Minus(before)}); err != nil {
			t.Fatal(err)
		}
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

func TestAHiddenBatchIsSeenWhenItIsRevealed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		if err := series.Append(ctx, db.Write, series.Change{Known: monday, BatchID: "b", Hidden: true, Cells: occurrence("", "death").Cells()}); err != nil {
			t.Fatal(err)
		}
		if n := count(t, db, series.Query{Subject: drug}); n != 0 {
			t.Errorf("a hidden batch shows %d", n)
		}
		if err := series.Reveal(ctx, db.Write, "b"); err != nil {
			t.Fatal(err)
		}
		if n := count(t, db, series.Query{Subject: drug}); n != 1 {
			t.Errorf("a revealed batch shows %d", n)
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
