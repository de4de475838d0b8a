package signal_test

import (
	"context"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"

	"github.com/baqylau/baqylau"
)

// An import is undone: the signals it raised say so and wait for nobody, the untouched one is closed by the system, the one in work stays with its officer. What
// rests on other reports stays as it is, and when the file is loaded again its signals are back.
func TestTheSignalsOfAnUndoneImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, ctx, aigerim := keep(t, db), context.Background(), officer("aigerim")
		a.report(intake.Death, "KZ-11", "Carfentanil", baqylau.ConfirmedID)
		a.detect()
		other := a.all()[0]
		file := []string{"1,2026-11-20,KZ-75,Metonitazene", "2,2026-11-20,KZ-71,Protonitazene"}
		batch := a.load(file...)
		a.detect()
		of := func(substance string) signal.Signal {
			t.Helper()
			list, err := signal.ForSubstance(ctx, db.Read, aigerim, a.substance(substance))
			a.check(err)
			if len(list) != 1 {
				t.Fatalf("%d signals of %s", len(list), substance)
			}
			return list[0]
		}
		_, err := a.s.Take(ctx, aigerim, of("Protonitazene").ID, 0)
		a.check(err)
		a.now = a.now.Add(time.Hour)
		a.check(a.in.Undo(ctx, access.TheSystem(), batch))
		a.detect()
		a.detect() // again: it changes nothing
		said := func(s signal.Signal) string {
			return signal.SayAll(locale.With(ctx, baqylau.English), a.book, s.Explanation)
		}
		const gone = "The import that brought this signal's reports was undone on 23.11.2026: no evidence is left."
		if s := of("Metonitazene"); s.State != state.Closed || s.Events != 0 || !s.DueAt.IsZero() || said(s) != gone {
			t.Errorf("untouched: %s, %d cases, due %s, %q", s.State, s.Events, s.DueAt, said(s))
		} else if steps, err := signal.Timeline(ctx, db.Read, aigerim, s); err != nil || len(steps) != 2 || steps[0].Act != "withdraw" || steps[0].Role != access.System {
			t.Errorf("%v %v", steps, err)
		}
		if s := of("Protonitazene"); s.State != state.Validating || s.OwnerID != "aigerim" || !s.DueAt.IsZero() || said(s) != gone {
			t.Errorf("in work: %s of %s, due %s, %q", s.State, s.OwnerID, s.DueAt, said(s))
		}
		if list := a.all(); len(list) != 1 || list[0].ID != other.ID || list[0].Token != other.Token {
			t.Errorf("%d wait", len(list))
		}
		if tally, err := signal.Counts(ctx, db.Read, aigerim, a.now.UnixMicro()); err != nil || tally.Open != 1 {
			t.Errorf("%+v %v", tally, err)
		}
		a.load(file...)
		a.detect()
		if s := of("Metonitazene"); s.State != state.Detected || s.Events != 1 || s.DueAt.IsZero() || said(s) == gone {
			t.Errorf("loaded again: %s, %d cases, due %s, %q", s.State, s.Events, s.DueAt, said(s))
		}
		if s := of("Protonitazene"); s.State != state.Validating || s.Events != 1 || s.DueAt.IsZero() {
			t.Errorf("loaded again, in work: %s, %d cases, due %s", s.State, s.Events, s.DueAt)
		}
	})
}

// A report that is withdrawn by itself takes its signal with it too.
func TestTheSignalOfAWithdrawnReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := keep(t, db)
		rec := a.report(intake.Death, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		a.detect()
		a.step(rec, "retract")
		a.detect()
		if list := a.all(); len(list) != 0 || a.count("SELECT count(*) FROM signal WHERE state = 'closed'") != 1 {
			t.Errorf("%d wait", len(list))
		}
	})
}
