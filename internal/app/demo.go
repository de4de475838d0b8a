package app

import (
	"context"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/data/mappings"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
)

// DemoPassword opens every account of the demonstration; the documents say that it is public.
const DemoPassword = "baqylau-demo-2026" //nolint:gosec // public on purpose

// The outside records that the demonstration replays.
const (
	demoFile    = "demo/connecticut-drug-deaths.csv.gz"
	demoMapping = "connecticut-extract.yaml"
	demoSource  = "connecticut"
	demoPlace   = "US-CT"
)

// DemoSignIn is a line of the list that the demo command prints.
type DemoSignIn struct{ Login, Password, Role string }

// PrepareDemo fills an empty workspace: an account for every role, the records of Connecticut as an outside source, and the signals that
// history would have raised week by week. Run again it changes nothing. Nothing about Kazakhstan
// is invented but episodes of treatment and the dispensary register, which say that they are wherever they are shown.
func (a *App) PrepareDemo(ctx context.Context) (_ []DemoSignIn, err error) {
	defer baqylau.Wrap(&err, "app.PrepareDemo")
	people, err := account.Demo(ctx, a.Writer, locale.Lang(ctx), DemoPassword)
	if err != nil {
		return nil, err
	}
	if err := a.demoRecords(ctx); err != nil {
		return nil, err
	}
	if err := a.demoTreatment(ctx); err != nil {
		return nil, err
	}
	if err := a.demoHarm(ctx); err != nil {
		return nil, err
	}
	out := make([]DemoSignIn, len(people))
	for i, p := range people {
		roles := make([]string, len(p.Roles))
		for j, r := range p.Roles {
			roles[j] = locale.Code(ctx, "role", string(r))
		}
		out[i] = DemoSignIn{p.Login, DemoPassword, strings.Join(roles, ", ")}
	}
	return out, nil
}

// demoRecords imports and replays the outside records unless that was done before.
func (a *App) demoRecords(ctx context.Context) error {
	yaml, err := mappings.FS.ReadFile(demoMapping)
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
		if err := a.Intake.Start(ctx, access.TheSystem(), b.ID, false); err != nil {
			return err
		}
		b.State = "applying"
	}
	if b.State == "applying" {
		if err := a.Intake.Apply(ctx, b.ID); err != nil {
			return err
		}
	}
	_, err = a.Signals.ReplayInto(ctx, demoPlace)
	return err
}
