package signal_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// looks keeps who was asked to look at a signal again, and whether that is ended; the panel's clocks are nothing to it.
type looks struct {
	asked []signal.Clock
	ended int
}

func (*looks) Start(context.Context, *change.Tx, signal.Clock) error { return nil }
func (*looks) Stop(context.Context, *change.Tx, string, bool) error  { return nil }
func (l *looks) Look(_ context.Context, _ *change.Tx, c signal.Clock) error {
	l.asked = append(l.asked, c)
	return nil
}
func (l *looks) Looked(context.Context, *change.Tx, string) error { l.ended++; return nil }

// A warning was decided on four cases, one of which was known to be withdrawn. When an import is undone, the one who decided is asked to look again: once, however often the rules run,
// again when another case goes, all officers when the person is no longer there, and nobody once the signal is validated anew.
func TestWhoDecidedIsAskedToLookAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, ctx, l := keep(t, db), context.Background(), &looks{}
		a.s.Clocks = l
		a.account("aigerim", "ews_officer")
		first := a.report(intake.Seizure, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		a.report(intake.AcuteIntoxication, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		last := a.report(intake.Seizure, "KZ-71", "Metonitazene", baqylau.ConfirmedID)
		batch := a.load("1,2026-11-23,KZ-75,Metonitazene")
		a.detect()
		var id string
		a.check(db.Read.NewRaw("SELECT id FROM signal WHERE rule = 'first_country'").Scan(ctx, &id))
		asked := func(what string, by ...string) {
			t.Helper()
			a.detect()
			a.detect()
			var got []string
			for _, c := range l.asked {
				if c.SignalID == id {
					got = append(got, c.Owner)
				}
			}
			if !slices.Equal(got, by) {
				t.Errorf("%s: %q were asked, want %q", what, got, by)
			}
		}
		s := serve(a.centre)
		s.as = officer("aigerim")
		s.must(id, "take")
		s.must(id, "judge", append(checks, "verdict", "validate")...)
		s.must(id, "prioritise", marks...)
		a.step(first, "retract")
		asked("nothing is decided")
		s.must(id, "decide", "decision", "public_warning", "reason", "three cases")
		asked("one was withdrawn before the decision")
		before := a.count("SELECT count(*) FROM signal WHERE evidence LIKE '%\"lost\":1%'")
		a.exec(`UPDATE signal SET evidence = REPLACE(evidence, ',"lost":1', '')`)
		if after := a.count("SELECT count(*) FROM signal WHERE evidence LIKE '%\"lost\":1%'"); before != 1 || after != 0 {
			t.Fatalf("%d decided with one withdrawn, then %d", before, after)
		}
		asked("an older program had decided, which did not count them")

		a.check(a.in.Undo(ctx, access.TheSystem(), batch))
		asked("an import was undone", "aigerim")
		c := l.asked[0]
		if sig, err := signal.Get(ctx, db.Read, officer("aigerim"), id); err != nil || !strings.Contains(c.Title.RU, sig.Ref) || c.Path != "/signals/"+id || !c.At.Equal(a.now.AddDate(0, 0, 1)) {
			t.Errorf("asked %+v, %v", c, err)
		}
		a.exec("UPDATE account SET state = 'disabled' WHERE id = 'aigerim'")
		a.step(last, "retract")
		asked("another one is withdrawn, and who decided has left", "aigerim", "")
		if l.ended != 0 {
			t.Error("ended although nobody has looked")
		}
		s.must(id, "reopen", "reason", "too few cases")
		if l.ended != 1 {
			t.Error("not ended although the signal is validated anew")
		}
	})
}
