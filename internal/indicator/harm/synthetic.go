package harm

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/register"
)

// MakeUpRegister fills the register with persons that do not exist, n of them, for a demonstration: a falling stock of opioid users and a rising share of new substances. All rows carry synthetic, and
// the same seed gives the same rows on the same day, so that running it again changes nothing. owner is an organisation of the health side, whose source they are.
func (s *Service) MakeUpRegister(ctx context.Context, owner string, n int, seed uint64) (err error) {
	defer baqylau.Wrap(&err, "harm.MakeUpRegister")
	rng := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // a demonstration, the same each time
	regions := s.Shelf.Book().Regions(s.Home)
	if len(regions) == 0 {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	pick := func(weights map[string]int, order []string) string {
		total := 0
		for _, k := range order {
			total += weights[k]
		}
		at := rng.IntN(total)
		for _, k := range order {
			if at -= weights[k]; at < 0 {
				return k
			}
		}
		return order[0]
	}
	today := s.today()
	all := make([]*Registration, n)
	for i := range all {
		entered := baqylau.NewDate(2008, 1, 1).AddDays(rng.IntN(max(1, today.Sub(baqylau.NewDate(2008, 1, 1)))))
		late := entered.Time().Year() - 2008 // from 2008 on, year by year, more new substances come in
		r := &Registration{Country: s.Home, Synthetic: true, Held: Held{SourceRef: fmt.Sprintf("synthetic-%d", i), OrgID: owner, AccountID: "system", Domain: baqylau.HealthDomain, Known: entered}}
		r.Registration = register.Registration{Region: regions[rng.IntN(len(regions))].Code, Entered: entered, EntryReason: pick(map[string]int{"first": 70, "again": 18, "released": 9, "other": 3}, []string{"first", "again", "released", "other"}), Sex: pick(map[string]int{"male": 92, "female": 8}, []string{"male", "female"}),
			Born: entered.Time().Year() - 17 - rng.IntN(38)}
		if r.NPS = rng.IntN(100) < max(1, late-5); r.NPS {
			r.Drug = pick(map[string]int{"3.4": 7, "7.2": 3}, []string{"3.4", "7.2"})
		} else {
			r.Drug = pick(map[string]int{"1.1": 35, "1.5": 10, "7.1": 40, "3.2": 3, "4.4": 5, "9": 7}, []string{"1.1", "1.5", "7.1", "3.2", "4.4", "9"})
		}
		if exit := entered.AddDays(200 + int(rng.ExpFloat64()*1900)); !exit.After(today) {
			r.Exit, r.ExitReason = exit, pick(map[string]int{"remission": 52, "died": 8, "imprisoned": 13, "lost": 14, "abroad": 8, "diagnosis": 3, "other": 2}, []string{"remission", "died", "imprisoned", "lost", "abroad", "diagnosis", "other"})
			r.Known = exit
		}
		all[i] = r
	}
	const chunk = 2000
	for at := 0; at < n; at += chunk {
		part := all[at:min(at+chunk, n)]
		err := s.W.Do(ctx, access.TheSystem(), access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
			tx.Subject("registration", "synthetic", owner, map[string]any{"synthetic": true, "rows": len(part)})
			source, err := s.OwnSource(ctx, tx, owner)
			if err != nil {
				return err
			}
			for _, r := range part {
				r.SourceID = source
			}
			_, err = RecordRegistrations(ctx, tx, part)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
