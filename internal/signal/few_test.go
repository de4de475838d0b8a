package signal_test

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/signal/score"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A mark keeps the ground of the day on which it was given. When cases have become many, that ground still tells how few they were.
func TestAnOldGroundDoesNotTellHowFewTheyWere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, ctx := keep(t, db), context.Background()
		deaths := func(n int) {
			for range n {
				a.report(intake.Death, "KZ-75", "Carfentanil", baqylau.Presumptive)
			}
			a.detect()
		}
		deaths(3)
		var id string
		a.check(db.Read.NewRaw("SELECT id FROM signal WHERE rule = 'first_country'").Scan(ctx, &id))
		read := func(as access.Actor) signal.Signal {
			sig, err := signal.Get(ctx, db.Read, as, id)
			a.check(err)
			return sig
		}
		officer, liaison := person(access.Officer, baqylau.NeutralDomain), person(access.Liaison, baqylau.NeutralDomain)
		checks := signal.Checks{}
		for _, q := range signal.Questions {
			checks[q.Name] = q.Answers[0]
		}
		_, err := a.s.Take(ctx, officer, id, 0)
		a.check(err)
		_, err = a.s.Validate(ctx, officer, id, 0, checks, "real")
		a.check(err)
		_, err = a.s.Prioritise(ctx, officer, id, 0, read(officer).Scores.Marks, "", "as advised")
		a.check(err)
		deaths(4)
		if g := read(officer).Scores.Marks[score.Spread].Ground; g.IsZero() {
			t.Error("the officer does not see the ground of the mark")
		}
		sig := read(liaison)
		if sig.Hidden || sig.Events != 7 {
			t.Fatalf("the liaison is shown %d cases, hidden %v", sig.Events, sig.Hidden)
		}
		if g := sig.Scores.Marks[score.Spread].Ground; !g.IsZero() {
			t.Errorf("the liaison is told how few the cases were: %v", g)
		}
	})
}
