package app

import (
	"context"
	"net/http"
	"path/filepath"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/alert/mail"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/estimate"
	"github.com/baqylau/baqylau/internal/indicator/facility"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/outgoing"
	"github.com/baqylau/baqylau/internal/indicator/release"
	"github.com/baqylau/baqylau/internal/indicator/returns"
	"github.com/baqylau/baqylau/internal/indicator/treatment"
	"github.com/baqylau/baqylau/internal/indicator/wastewater"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/lab"
	"github.com/baqylau/baqylau/internal/overview"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/assets"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/riverqueue/river"
)

// defaultHome is the centre's own country until the settings say otherwise.
const defaultHome = "KZ"

// homeCountry reads the centre's own country from the settings; a change takes force with the next start.
func (a *App) homeCountry(ctx context.Context) (string, error) {
	c, err := a.setting(ctx, "country")
	if c == "" {
		c = defaultHome
	}
	return c, err
}

// rooms builds every room on the open database and joins them.
func (a *App) rooms(ctx context.Context) error {
	home, err := a.homeCountry(ctx)
	if err != nil {
		return err
	}
	a.home = home
	a.Registry = registry.NewService(a.Shelf, a.Writer)
	a.Registry.Home = home
	a.Intake = &intake.Service{W: a.Writer, Shelf: a.Shelf, Home: home, ImportDir: filepath.Join(a.cfg.DataDir, "imports")}
	a.Lab = &lab.Service{W: a.Writer, Shelf: a.Shelf, Intake: a.Intake}
	a.Intake.Panels = append(a.Intake.Panels, a.Lab.Panel)
	if a.Harm, err = harm.NewService(a.Writer, a.Shelf, home, filepath.Join(a.cfg.DataDir, "indicators")); err != nil {
		return err
	}
	a.Harm.OwnSource = a.ownSource
	a.Figures = &indicator.Service{W: a.Writer, Shelf: a.Shelf, Home: home, OwnSource: a.ownSource, Pages: collectionPages(), Ledger: a.ledger}
	a.Harm.Figures = a.Figures
	a.Estimates = &estimate.Service{W: a.Writer, Shelf: a.Shelf, Home: home, OwnSource: a.ownSource}
	a.Treatment = &treatment.Service{W: a.Writer, Shelf: a.Shelf, Home: home}
	a.Intake.Targets = map[string]intake.Target{mapping.Observation.Name: indicator.Target{S: a.Figures}, treatment.TargetName: a.Treatment.Target()}
	for name, t := range a.Harm.Targets() {
		a.Intake.Targets[name] = t
	}
	a.Facilities = &facility.Service{W: a.Writer, Shelf: a.Shelf, Home: home, OwnSource: a.ownSource, Hidden: a.Figures.Hidden}
	a.Wastewater = &wastewater.Service{W: a.Writer, Shelf: a.Shelf, Home: home}
	a.Intake.Targets[facility.TargetName], a.Intake.Targets[wastewater.TargetName] = facility.Target{S: a.Facilities}, wastewater.Target{S: a.Wastewater}
	a.Returns = &returns.Service{W: a.Writer, Shelf: a.Shelf, Home: home, Pages: map[string]string{"indicator": "/indicators/", "death": "/deaths/records/", "dataset": "/datasets/", "facility": "/facilities/"},
		Checks: []func(context.Context) error{func(ctx context.Context) error { return a.Figures.Examine(ctx, indicator.ExamineArgs{}) }}}
	a.Signals = &signal.Service{W: a.Writer, Shelf: a.Shelf, BaseURL: a.cfg.BaseURL}
	a.Lab.OnAmend = append(a.Lab.OnAmend, a.Signals.Shaken)
	a.Alerts = &alert.Service{W: a.Writer, Shelf: a.Shelf, BaseURL: a.cfg.BaseURL, Signals: signalFacts{a.DB, a.Shelf}, Raise: foreignSignals{a.Signals, home}, Exercise: a.cfg.Demo}
	a.Signals.Mail = signalLetters{a.Alerts}
	if err := a.mailServer(); err != nil {
		return err
	}
	if err := a.platform(ctx); err != nil {
		return err
	}
	for _, f := range a.cfg.Feeds {
		a.Alerts.Feeds = append(a.Alerts.Feeds, alert.Feed{URL: f, Name: f})
	}
	a.Registry.Sections = append(a.Registry.Sections, overview.SubstanceSection(a.DB, a.Shelf, home, overview.Today(a.Writer)), a.Signals.Section, a.Alerts.Section)
	a.Registry.FirstSeen = overview.FirstSeen(a.DB, home)
	a.Signals.Drafted = drafted(a.DB)
	a.Signals.Sections = append(a.Signals.Sections, a.Alerts.SignalSection)
	a.Registry.Finders = append(a.Registry.Finders, a.Signals.Hits, a.Alerts.Hits)
	return a.outgoing()
}

// mailServer connects the alert room to the operator's mail server; without one letters wait and the pages say so.
func (a *App) mailServer() error {
	m := a.cfg.SMTP
	if m.Host == "" {
		return nil
	}
	tls := map[string]mail.TLS{"": mail.Required, "starttls": mail.Required, "tls": mail.Implicit, "none": mail.None}[m.TLS]
	s, err := mail.New(mail.Config{Host: m.Host, Port: m.Port, From: m.From, TLS: tls, Username: m.User, Password: m.Password})
	if err != nil {
		return err
	}
	a.Alerts.Mail = s
	return nil
}

// handler is the whole site.
func (a *App) handler() http.Handler {
	rt := web.NewRouter(web.Options{Authenticate: a.Accounts.Authenticate, Layout: a.layout, SignInPath: "/sign-in", Log: a.cfg.Log, Now: a.Writer.Now, Demo: a.cfg.Demo})
	a.Router, a.Accounts.Fail = rt, rt.Fail
	rt.Mount("GET "+assets.Prefix, assets.Handler())
	rt.Mount("GET /healthz", http.HandlerFunc(a.health))
	rt.Mount("POST /preferences", http.HandlerFunc(ui.SetPreferences))
	if a.cfg.Demo {
		rt.Handle("GET /gallery", access.PublicRead, func(c *web.Ctx) error { ui.Gallery(c.W, c.R); return nil })
	}
	a.overview = &overview.Service{DB: a.DB, Shelf: a.Shelf, Home: a.home, Now: overview.Today(a.Writer), Due: a.dueList}
	overview.Routes(rt, a.overview)
	registry.Routes(rt, a.Registry)
	intake.Routes(rt, a.Intake)
	intake.ImportRoutes(rt, a.Intake)
	outgoing.Routes(rt, a.Outgoing)
	lab.Routes(rt, a.Lab)
	harm.Routes(rt, a.Harm)
	treatment.Routes(rt, a.Treatment)
	returns.Routes(rt, a.Returns)
	facility.Routes(rt, a.Facilities)
	wastewater.Routes(rt, a.Wastewater)
	indicator.Routes(rt, a.Figures)
	estimate.Routes(rt, a.Estimates)
	release.Routes(rt, a.Releases)
	signal.Routes(rt, a.Signals)
	alert.Routes(rt, a.Alerts)
	list.Routes(rt, a.Writer)
	a.platformRoutes(rt)
	return a.cfg.Proxies.Handler(web.Secure(a.Accounts.Sessions(rt), a.cfg.Log))
}

// workers registers the workers of every room; the periodic jobs they return run on every working node once.
func (a *App) workers(workers *river.Workers) (periodic []*river.PeriodicJob) {
	for _, room := range []interface {
		Work(*river.Workers) []*river.PeriodicJob
	}{a.Intake, a.Figures, a.Returns, a.Signals, a.Alerts, a.Due, a.Admin} {
		periodic = append(periodic, room.Work(workers)...)
	}
	return periodic
}
