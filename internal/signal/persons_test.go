package signal_test

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A signal of one seizure tells its number to everybody. When a patient of the same event is merged into it, and also when only the patient is left, the number
// is that of persons, and the liaison officer is not told it any more, although the evidence has not grown.
func TestAPatientMergedIntoASeizureHidesTheNumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, ctx := keep(t, db), context.Background()
		officer, liaison := person(access.Officer, baqylau.NeutralDomain), person(access.Liaison, baqylau.NeutralDomain)
		shown := func(as access.Actor, id string) (int, bool) {
			t.Helper()
			sig, err := signal.Get(ctx, db.Read, as, id)
			a.check(err)
			return sig.Events, sig.Hidden
		}
		of := func(substance string) (id string) {
			t.Helper()
			a.check(db.Read.NewRaw("SELECT id FROM signal WHERE substance_id = ? AND rule = 'first_country'", a.substance(substance)).Scan(ctx, &id))
			return id
		}
		for _, story := range []struct {
			substance    string
			patientFirst bool
			left         bool // the seizure's report is withdrawn afterwards
			closed       bool
		}{{"Carfentanil", false, false, false}, {"Metonitazene", true, false, false}, {"Isotonitazene", false, true, false}, {"Protonitazene", false, false, true}} {
			seizure := a.report(intake.Seizure, "KZ-75", story.substance, baqylau.Presumptive)
			a.detect()
			id := of(story.substance)
			if n, hidden := shown(liaison, id); n != 1 || hidden {
				t.Fatalf("%s: a seizure is no person: %d, hidden %v", story.substance, n, hidden)
			}
			if story.closed {
				a.exec("UPDATE signal SET state = 'closed' WHERE id = ?", id)
			}
			patient := a.report(intake.AcuteIntoxication, "KZ-75", story.substance, baqylau.Presumptive)
			x, y := seizure.OccurrenceID, patient.OccurrenceID
			if story.patientFirst {
				x, y = y, x
			}
			a.check(a.in.Merge(ctx, officer, a.propose(x, y)))
			if story.left {
				a.withdraw(seizure)
			}
			token := a.count("SELECT updated_at FROM signal WHERE id = ?", id)
			a.detect()
			if n, hidden := shown(liaison, id); n != 0 || !hidden {
				t.Errorf("%+v: the liaison is told %d, hidden %v", story, n, hidden)
			}
			if n, hidden := shown(officer, id); n != 1 || hidden {
				t.Errorf("%+v: the officer is told %d, hidden %v", story, n, hidden)
			}
			if a.count("SELECT updated_at FROM signal WHERE id = ?", id) != token {
				t.Errorf("%+v: whoever works on the signal would be told that another was quicker", story)
			}
		}
		a.report(intake.Seizure, "KZ-75", "Etonitazene", baqylau.Presumptive)
		a.detect()
		if n, hidden := shown(liaison, of("Etonitazene")); n != 1 || hidden {
			t.Errorf("a seizure beside them: %d, hidden %v", n, hidden)
		}
	})
}
