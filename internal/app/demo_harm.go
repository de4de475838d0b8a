package app

import (
	"context"

	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/data/mappings"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
)

// The synthetic dispensary register of the demonstration: whose it is, how large, and from which seed.
const (
	demoRegister     = "mental_health_centre"
	demoRegistered   = 6_000
	demoRegisterSeed = 2026
)

// demoHarm shows the records of Connecticut as a mortality extract as well, and fills the dispensary register with persons that do not exist: no open register does.
func (a *App) demoHarm(ctx context.Context) error {
	yaml, err := mappings.FS.ReadFile("connecticut-deaths.yaml")
	if err != nil {
		return err
	}
	f, err := data.FS.Open(demoFile)
	if err != nil {
		return err
	}
	defer f.Close()
	b, err := a.Intake.Stage(ctx, access.TheSystem(), intake.Upload{Name: "connecticut-drug-deaths.csv.gz", Content: f, Mapping: yaml, SourceCode: demoSource})
	if err != nil {
		return err
	}
	if b.State == "staged" {
		if err := a.Intake.Start(ctx, access.TheSystem(), b.ID, true); err != nil {
			return err
		}
		b.State = "applying"
	}
	if b.State == "applying" {
		if err := a.Intake.Apply(ctx, b.ID); err != nil {
			return err
		}
	}
	var owner string
	if err := a.DB.Read.QueryRowContext(ctx, "SELECT id FROM organisation WHERE code = ?", demoRegister).Scan(&owner); err != nil {
		return store.One(err)
	}
	var there int
	if err := a.DB.Read.QueryRowContext(ctx, "SELECT count(*) FROM registration WHERE synthetic AND org_id = ?", owner).Scan(&there); err != nil || there > 0 {
		return err
	}
	return a.Harm.MakeUpRegister(ctx, owner, demoRegistered, demoRegisterSeed)
}
