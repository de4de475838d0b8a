package app

import (
	"context"
	"path"
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
// history would have raised week by week, and published figures on Kazakhstan and its neighbours. Run again it changes nothing. Nothing about Kazakhstan is invented but
// episodes of treatment and the dispensary register, which say that they are wherever they are shown.
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

// demoFigures are the published figures that the data collection shows: the file, its mapping and its source.
var demoFigures = [][3]string{
	{"demo/kz-published-figures.csv", "kz-published-figures.yaml", "published_figures"},
	{"demo/unodc-seizures.csv.gz", "unodc-seizures.yaml", "unodc"},
	{"demo/kz-form-1m.csv.gz", "kz-form-1m.yaml", "kz_legal_statistics"},
	{"demo/euda-wastewater.csv.gz", "euda-wastewater.yaml", "euda_wastewater"},
}

// demoRecords imports and replays the outside records, and imports the published figures, unless that was done before.
func (a *App) demoRecords(ctx context.Context) error {
	if err := a.demoImport(ctx, demoFile, demoMapping, demoSource); err != nil {
		return err
	}
	for _, f := range demoFigures {
		if err := a.demoImport(ctx, f[0], f[1], f[2]); err != nil {
			return err
		}
	}
	_, err := a.Signals.ReplayInto(ctx, demoPlace)
	return err
}

// demoImport brings a shipped file in through the importer; a file that is there already changes nothing.
func (a *App) demoImport(ctx context.Context, file, mapping, source string) (err error) {
	defer baqylau.Wrap(&err, "app.demoImport(%s)", file)
	yaml, err := mappings.FS.ReadFile(mapping)
	if err != nil {
		return err
	}
	f, err := data.FS.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	b, err := a.Intake.Stage(ctx, access.TheSystem(), intake.Upload{Name: path.Base(file), Content: f, Mapping: yaml, SourceCode: source})
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
		return a.Intake.Apply(ctx, b.ID)
	}
	return nil
}
