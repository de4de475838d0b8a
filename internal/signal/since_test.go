package signal_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// says fails for each of the words that the signal's page lacks, and for each that it should not have ("!" before it).
func (s *site) says(id string, words ...string) {
	s.t.Helper()
	code, page := s.get("/signals/" + id)
	if code != http.StatusOK {
		s.t.Fatalf("%d", code)
	}
	page = strings.ReplaceAll(page, "&#34;", `"`)
	for _, w := range words {
		if w, not := strings.CutPrefix(w, "!"); strings.Contains(page, w) == not {
			s.t.Errorf("%s: %q there is %v", s.as.Roles, w, not)
		}
	}
}

// A warning was decided on four cases, three of them from a file. The file is taken back: the page says what was counted when, what of it is left, and what is to be
// looked at, and its figures agree. To whom small counts are hidden it tells that something is gone, and no number.
func TestTheCasesOfADecidedSignalAreWithdrawn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, ctx := keep(t, db), context.Background()
		a.account("aigerim", "ews_officer")
		kept := a.report(intake.Seizure, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		twin := a.report(intake.AcuteIntoxication, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		batch := a.load("1,2026-11-23,KZ-75,Metonitazene", "2,2026-11-23,KZ-71,Metonitazene")
		a.detect()
		var id string
		a.check(db.Read.NewRaw("SELECT id FROM signal WHERE rule = 'first_country'").Scan(ctx, &id))
		s := serve(a.centre)
		var drafted []signal.Drafted
		a.s.Drafted = func(context.Context, access.Actor, string) ([]signal.Drafted, error) { return drafted, nil }
		s.as = officer("aigerim")
		s.must(id, "take")
		s.must(id, "judge", append(checks, "verdict", "validate")...)
		s.must(id, "prioritise", marks...)
		s.must(id, "decide", "decision", "public_warning", "reason", "four cases")
		s.says(id, "4 cases behind this signal", "Draft the alert", "!Another draft", "!withdrawn since", "!undecided", "!Counted on")

		proposal := a.propose(kept.OccurrenceID, twin.OccurrenceID)
		drafted = []signal.Drafted{{Title: "Metonitazene found", Path: "/alerts/x"}}
		s.says(id, "1 possible duplicate of the cases behind this signal is undecided", "/matches?occurrence="+kept.OccurrenceID,
			"There is a draft from this signal already", `href="/alerts/x"`, "Another draft", "!Draft the alert")
		s.as = person(access.Assessor, baqylau.NeutralDomain)
		s.says(id, "1 possible duplicate", "!/matches")

		a.check(a.in.Undo(ctx, access.TheSystem(), batch))
		a.detect()
		drafted[0].Issued = true
		s.as = officer("aigerim")
		s.says(id, "have been withdrawn since: 2 of 4", "Check whether this must be updated or withdrawn", "in force", "4 cases behind this signal. Counted on",
			"Now: 2; withdrawn since: 2; merged with another case: 0.", "!not listed", "Counted on 23.11.2026")
		a.check(a.in.Merge(ctx, officer("aigerim"), proposal))
		s.says(id, "have been withdrawn since: 2 of 4", "Now: 1; withdrawn since: 2; merged with another case: 1.", "the same case, another report", "!not listed", "!undecided")

		s.as = person(access.Assessor, baqylau.HealthDomain)
		s.says(id, "have been withdrawn since", "!since: 2", "!of 4", "!Now: 1", "!4 cases")
		s.as = person(access.Assessor, baqylau.NeutralDomain)
		s.says(id, "have been withdrawn since: 2 of 4", "1 case is not listed")

		a.step(kept, "retract")
		a.step(twin, "retract")
		a.detect()
		s.as = officer("aigerim")
		s.says(id, "have been withdrawn since: 4 of 4", "no evidence is left", "Check whether this must be updated or withdrawn", "!Now: ", "!4 cases")
	})
}

// What a report and a laboratory tell of the product is not among the unknowns of a draft; what was withdrawn tells nothing.
func TestASignalTellsWhatIsKnownOfTheProduct(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, ctx := keep(t, db), context.Background()
		rec := a.report(intake.Seizure, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		a.detect()
		is := func(named, measured bool) {
			t.Helper()
			sig, err := signal.Get(ctx, db.Read, officer("aigerim"), a.all()[0].ID)
			a.check(err)
			if n, m, err := signal.Described(ctx, db.Read, a.book, sig); err != nil || n != named || m != measured {
				t.Errorf("named %v, measured %v, %v", n, m, err)
			}
		}
		is(false, false)
		a.exec(`UPDATE report SET detail = '{"sold_as":"blue"}' WHERE id = ?`, rec.ReportID)
		is(true, false)
		a.exec("UPDATE finding SET purity_pct = '72.5' WHERE report_id = ?", rec.ReportID)
		is(true, true)
		a.step(rec, "retract")
		is(false, false)
	})
}
