package indicator_test

import (
	"context"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// house is an empty node with one source for each side of a story.
type house struct {
	t   *testing.T
	db  *store.DB
	w   *change.Writer
	now time.Time
}

func newHouse(t *testing.T, db *store.DB) *house {
	h := &house{t: t, db: db, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	h.w = change.New(db)
	h.w.Now = func() time.Time { return h.now }
	for _, code := range []string{"ministry", "police"} {
		if _, err := db.Write.ExecContext(t.Context(), "INSERT INTO source (id, code, name, country, domain) VALUES (?, ?, '{}', 'KZ', 'neutral')", code, code); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *house) record(obs ...indicator.Observation) (outcomes []indicator.Outcome) {
	h.t.Helper()
	err := h.w.Do(h.t.Context(), access.TheSystem(), access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) (err error) {
		for i := range obs {
			obs[i].Fill()
			if err := obs[i].Check(); err != nil {
				return err
			}
		}
		tx.Subject("observation", "some", "", nil)
		outcomes, err = indicator.Record(ctx, tx, obs)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return outcomes
}

func (h *house) find(day string) []indicator.Observation {
	h.t.Helper()
	out, err := indicator.Find(h.t.Context(), h.db.Read, indicator.Question{Indicators: []string{"register_stock"}, AsOf: baqylau.MustDate(day)})
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

func stock(source string, value float64) indicator.Observation {
	return indicator.Observation{Indicator: "register_stock", Unit: "persons", Country: "KZ", Start: baqylau.MustDate("2023-01-01"), End: baqylau.MustDate("2023-12-31"), Value: &value,
		SourceID: source, Domain: baqylau.HealthDomain}
}

// Two ministries state another figure of the same thing: both stand, one is marked as used, and a correction of one leaves the past as it was.
func TestConflictingFiguresStandSideBySide(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.record(stock("ministry", 18226), stock("police", 18329))
		if got := h.record(stock("ministry", 18226)); got[0] != indicator.Same {
			t.Errorf("sent again: %v", got)
		}
		both := h.find("2026-03-02")
		if len(both) != 2 || both[0].Cell() != both[1].Cell() {
			t.Fatalf("side by side: %+v", both)
		}
		s := &indicator.Service{W: h.w}
		if err := s.Use(t.Context(), access.TheSystem(), both[0].ID, ""); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("chosen without a reason: %v", err)
		}
		if err := s.Use(t.Context(), access.TheSystem(), both[0].ID, "the register's own count"); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.AddDate(0, 1, 0)
		if got := h.record(stock("ministry", 18230)); got[0] != indicator.Amended {
			t.Errorf("corrected: %v", got)
		}
		values := func(day string) (out []float64) {
			for _, o := range h.find(day) {
				out = append(out, *o.Value)
			}
			return out
		}
		if got := values("2026-03-15"); len(got) != 2 || got[0]+got[1] != 18226+18329 {
			t.Errorf("as of March: %v", got)
		}
		if got := values("2026-04-15"); len(got) != 2 || got[0]+got[1] != 18230+18329 {
			t.Errorf("as of April: %v", got)
		}
		if got := values("2026-01-01"); len(got) != 0 {
			t.Errorf("before anybody knew: %v", got)
		}
		c, err := indicator.Choices(t.Context(), db.Read, []string{both[0].Cell()}, baqylau.MustDate("2026-03-15"))
		if err != nil || c[both[0].Cell()].ObservationID != both[0].ID {
			t.Errorf("choice: %v %v", c, err)
		}
	})
}

// Zero and the four absences come back as they went in.
func TestFiveWaysToSayNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		zero := stock("ministry", 0)
		all := []indicator.Observation{zero}
		for i, a := range indicator.Absences {
			o := stock("ministry", 0)
			o.Value, o.Absence, o.Start, o.End = nil, a, baqylau.NewDate(2000+i, 1, 1), baqylau.NewDate(2000+i, 12, 31)
			all = append(all, o)
		}
		h.record(all...)
		seen := map[indicator.Absence]bool{}
		for _, o := range h.find("2026-03-02") {
			seen[o.Absence] = true
			if (o.Value == nil) != (o.Absence != indicator.Present) {
				t.Errorf("%+v", o)
			}
		}
		if len(seen) != 5 {
			t.Errorf("%v", seen)
		}
	})
}

// An import is seen when it is applied and as if it had never been when it is undone, also where a correction came on top of it.
func TestABatchComesAndGoesWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.record(stock("ministry", 1))
		if _, err := db.Write.ExecContext(t.Context(), `INSERT INTO batch (id, ref, no, source_id, mapping_yaml, org_id, account_id, domain, file_name, file_sha256, state, created_at)
			VALUES ('b', 'I-1', 1, 'ministry', '', '', '', 'neutral', 'f', 'x', 'applying', 0)`); err != nil {
			t.Fatal(err)
		}
		state := func(s string) {
			if _, err := db.Write.ExecContext(t.Context(), "UPDATE batch SET state = ? WHERE id = 'b'", s); err != nil {
				t.Fatal(err)
			}
		}
		one := func(want float64, when string) {
			t.Helper()
			if got := h.find("2026-03-02"); len(got) != 1 || *got[0].Value != want {
				t.Errorf("%s: %+v", when, got)
			}
		}
		o := stock("ministry", 2)
		o.BatchID = "b"
		h.record(o)
		one(1, "while it is written")
		again := stock("ministry", 2)
		again.BatchID = "b"
		if got := h.record(again); got[0] != indicator.Same {
			t.Errorf("resumed: %v", got)
		}
		state("applied")
		one(2, "applied")
		h.record(stock("ministry", 3))
		one(3, "corrected by hand")
		state("undone")
		if err := h.w.Do(t.Context(), access.TheSystem(), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
			tx.Subject("batch", "b", "", nil)
			return indicator.Unbatch(ctx, tx, "b")
		}); err != nil {
			t.Fatal(err)
		}
		one(3, "undone under a correction")
	})
}
