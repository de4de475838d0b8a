package app

import (
	"context"

	"github.com/baqylau/baqylau/internal/indicator/tdi/synthetic"
)

// demoEpisodes is how many made-up episodes of treatment the demonstration has: about two thousand for each of ten years.
const demoEpisodes = 20_000

// demoTreatment makes up episodes of treatment for the health organisations that have people in the demonstration, marked as synthetic, unless the register has some.
func (a *App) demoTreatment(ctx context.Context) error {
	var orgs []string
	if err := a.DB.Read.NewRaw("SELECT g.id FROM organisation g WHERE g.domain = 'health' AND g.active AND g.id IN (SELECT a.org_id FROM account a) ORDER BY g.code").Scan(ctx, &orgs); err != nil || len(orgs) == 0 {
		return err
	}
	today := a.Treatment.Today()
	plan := synthetic.Plan{Seed: 2026, From: today.Time().Year() - 9, To: today.Time().Year(), Episodes: demoEpisodes, Until: today}
	for i, r := range a.Shelf.Book().Regions(a.home) {
		plan.Regions = append(plan.Regions, synthetic.Region{Code: r.Code, Share: 1 + float64(i*7%5)})
	}
	_, err := a.Treatment.Seed(ctx, plan, orgs...)
	return err
}
