package lab_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// The police's own table, with the day on which each row was known.
const resent = `version: 1
name: Seizures of a test
fields:
  key: {column: no, required: true}
  kind: {value: seizure}
  occurred: {column: day, formats: [YYYY-MM-DD]}
  known: {column: known, formats: [YYYY-MM-DD]}
  region: {value: KZ-75}
substances:
  - {column: what, as: text}
`

// file imports one row and returns the batch.
func (h *house) file(row string) intake.Batch {
	h.t.Helper()
	ctx := context.Background()
	b, err := h.intake.Stage(ctx, police, intake.Upload{Name: "t.csv", Content: bytes.NewReader([]byte("no,day,known,what\n" + row + "\n")), Mapping: []byte(resent)})
	h.check(err)
	h.check(h.intake.Start(ctx, police, b.ID, false))
	h.check(h.intake.Apply(ctx, b.ID))
	return b
}

// current is the report of the source's number 1 that is in force.
func (h *house) current() (id string) {
	h.t.Helper()
	h.check(h.db.Read.NewRaw("SELECT id FROM report WHERE source_ref = '1' AND superseded_on IS NULL AND NOT hidden").Scan(context.Background(), &id))
	return id
}

// A row sent again with a correction, though it states the same early day, takes nothing from what a laboratory found meanwhile: neither today, nor on
// any day in between, and its undoing does not either. The laboratory goes on working on the newer report.
func TestWhatALaboratoryFoundOutlivesAReportSentAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), context.Background()
		h.intake.ImportDir = t.TempDir()
		first := change.Today(h.now)
		h.file("1," + first.String() + "," + first.String() + ",heroin")
		old := h.current()
		h.exec("UPDATE report SET lab_org_id = 'forensic' WHERE id = ?", old) // the officer sends it to the laboratory
		h.now = h.now.Add(24 * time.Hour)
		id := h.analysed(analyst, old, "K-1", h.confirmed("Metonitazene"))
		h.check(h.s.Submit(ctx, analyst, id))
		h.check(h.s.Release(ctx, reviewer, id))

		h.now = h.now.Add(48 * time.Hour)
		b := h.file("1," + first.String() + "," + first.String() + ",heroin and cocaine")
		counts := func(when string) {
			t.Helper()
			for _, c := range []struct {
				substance string
				days      int
				want      int
			}{{"Heroin", 0, 1}, {"Metonitazene", 0, 0}, {"Heroin", 1, 0}, {"Metonitazene", 1, 1}, {"Cocaine", 1, 0}, {"Heroin", 2, 0}, {"Metonitazene", 2, 1},
				{"Heroin", 5, 0}, {"Metonitazene", 5, 1}, {"Cocaine", 5, 0}} {
				if n := h.weekly(c.substance, first.AddDays(c.days)); n != c.want {
					t.Errorf("%s: %d of %s known on day %d, want %d", when, n, c.substance, c.days, c.want)
				}
			}
		}
		counts("sent again")
		now := h.current()
		if fs := h.findings(officer, now); now != old || len(fs) != 1 || fs[0].SubstanceID != h.substance("Metonitazene") || fs[0].LabResultID != id {
			t.Errorf("%s, which was %s: %+v", now, old, fs)
		}
		next, err := h.s.Amend(ctx, analyst, id)
		h.check(err)
		h.check(h.s.Submit(ctx, analyst, next))
		h.check(h.s.Release(ctx, reviewer, next))
		counts("amended")

		h.now = h.now.Add(24 * time.Hour)
		h.check(h.intake.Undo(ctx, police, b.ID))
		counts("undone")
		if fs := h.findings(officer, h.current()); h.current() != old || len(fs) != 1 || fs[0].LabResultID != next {
			t.Errorf("after undo: %+v", fs)
		}
		if _, err := h.s.Amend(ctx, analyst, next); err != nil { // the analysis is on the report in force
			t.Error(err)
		}
	})
}

// A report that the centre set aside does not come back because its sender sends it again with another word.
func TestWhatTheCentreSetAsideStaysSo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), context.Background()
		h.intake.ImportDir = t.TempDir()
		day := change.Today(h.now)
		h.file("1," + day.String() + "," + day.String() + ",heroin")
		old := h.current()
		h.check(h.intake.Step(ctx, officer, old, "out_of_scope", "tested abroad"))
		h.file("1," + day.String() + "," + day.String() + ",heroin and cocaine")
		now := h.current()
		if r, err := h.intake.Read(ctx, db.Read, officer, now); err != nil || now != old || r.State != "out_of_scope" {
			t.Errorf("%s: %v", r.State, err)
		}
		if n := h.weekly("Heroin", day) + h.weekly("Cocaine", day); n != 0 {
			t.Errorf("%d counted", n)
		}
		h.check(h.intake.Step(ctx, officer, now, "reopen", "it was not"))
		if n := h.weekly("Heroin", day) + h.weekly("Cocaine", day); n != 2 {
			t.Errorf("%d counted after reopening", n)
		}
	})
}
