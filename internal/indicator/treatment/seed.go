package treatment

import (
	"context"
	"fmt"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi/synthetic"
)

// seedChunk is how many made-up episodes are one act.
const seedChunk = 2000

// Seed writes made-up episodes, marked as such, for the organisations in turn; Known is the day on which each began, so that past years can be looked at as of their time.
// It is for demonstrations and measurements and does nothing where the register already has episodes.
func (s *Service) Seed(ctx context.Context, plan synthetic.Plan, orgs ...string) (n int, err error) {
	defer baqylau.Wrap(&err, "treatment.Seed")
	var there int
	if err := s.W.DB.Read.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM episode LIMIT 1) x").Scan(&there); err != nil || there > 0 {
		return 0, err
	}
	made := synthetic.Make(plan)
	for at := 0; at < len(made); at += seedChunk {
		part := made[at:min(at+seedChunk, len(made))]
		if err := s.W.Do(ctx, access.TheSystem(), access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
			cases := make([]Case, len(part))
			for i, e := range part {
				cases[i] = Case{Episode: e.Episode, Pseudonym: e.Name, Country: s.Home, Synthetic: true, OrgID: orgs[(at+i)%len(orgs)], AccountID: tx.Actor.ID, Known: e.Start}
				cases[i].Ref = fmt.Sprintf("S%d-%06d", plan.Seed, at+i+1)
			}
			tx.Subject("episode", "synthetic", "", map[string]any{"tdi_episodes": len(part)})
			_, err := record(ctx, tx, cases)
			return err
		}); err != nil {
			return n, err
		}
		n += len(part)
	}
	return n, nil
}
