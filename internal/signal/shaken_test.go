package signal_test

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A judgement rests on what the laboratory said: when that is corrected, the signal is validated again, with a clock; others stay as they are.
func TestACorrectedResultReopensWhatWasJudgedOnIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c, ctx := open(t, db), context.Background()
		corrected := c.report(intake.Death, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		c.report(intake.Death, "KZ-71", "Carfentanil", baqylau.ConfirmedID)
		c.detect()
		officer := officer("aigerim")
		for _, sig := range c.all() {
			_, err := c.s.Refute(ctx, officer, sig.ID, 0, nil, "an error of labelling")
			c.check(err)
		}
		c.check(c.s.W.Do(ctx, access.TheSystem(), access.LabRelease, func(ctx context.Context, tx *change.Tx) error {
			tx.Subject("lab_result", "l", "", nil)
			return c.s.Shaken(ctx, tx, corrected.ReportID)
		}))
		reopened := 0
		for _, sig := range c.all() {
			switch rests := sig.SubstanceID == c.substance("Metonitazene"); {
			case rests && sig.State == state.Validating && !sig.DueAt.IsZero():
				reopened++
			case rests || sig.State != state.Refuted:
				t.Errorf("%s: %s, due %s", sig.Ref, sig.State, sig.DueAt)
			}
		}
		if reopened == 0 {
			t.Error("nothing was reopened")
		}
	})
}
