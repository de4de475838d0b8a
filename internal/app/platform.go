package app

import (
	"context"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/admin"
	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/api"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/due"
	"github.com/baqylau/baqylau/internal/indicator/release"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/overview"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/uptrace/bun"
)

// platform builds the rooms about people and clocks. Letters of accounts and reminders are queued only where a mail server is configured.
func (a *App) platform(ctx context.Context) error {
	key, err := secret.Load(a.cfg.DataDir)
	if err != nil {
		return err
	}
	base := func() string { return a.cfg.BaseURL }
	var mail due.Mailer
	if a.cfg.SMTP.Host != "" {
		mail = a.Alerts
	}
	a.Due = due.New(a.Writer, mail, base)
	a.Due.Unfinished = func(ctx context.Context, db bun.IDB, kind, reportID string) (bool, error) {
		if kind != "lab_amended" { // a decision on a signal is looked at, and may stay as it is
			return false, nil
		}
		return signal.Unsettled(ctx, db, reportID)
	}
	a.Accounts = account.New(account.Options{Writer: a.Writer, Key: key, Mail: mail, BaseURL: base, Demo: a.cfg.Demo})
	a.Admin = &admin.Service{W: a.Writer, BaseURL: base, Mail: mailFacts(a.cfg.SMTP), Letters: mail, Home: a.home, Demo: a.cfg.Demo}
	a.newGuard(key.Signer(headSigner))
	a.Admin.Outside, a.Admin.Nightly = a.guard.outside, a.guard.nightly.Dir != ""
	a.Accounts.Above = a.Admin.Missing
	a.Releases = &release.Service{W: a.Writer, Seal: key.Seal, Open: key.Open}
	a.Treatment.Ledger = a.Releases
	a.Intake.Pseudonym, a.Harm.Pseudonym, a.Treatment.Pseudonym = key.Pseudonym, key.Pseudonym, key.Pseudonym
	a.Signals.Clocks, a.Alerts.Clocks = signalClocks{}, alertClocks{}
	a.Alerts.OnDuty = a.onDuty
	return due.LoadHolidays(ctx, a.Writer, data.FS)
}

func (a *App) platformRoutes(rt *web.Router) {
	account.Routes(rt, a.Accounts)
	due.Routes(rt, a.Due)
	admin.Routes(rt, a.Admin)
	api.Mount(rt, api.Deps{W: a.Writer, Shelf: a.Shelf, Intake: a.Intake, Treatment: a.Treatment, Harm: a.Harm, Figures: a.Figures, Estimates: a.Estimates, Facilities: a.Facilities, Returns: a.Returns, Outgoing: a.Outgoing, Log: a.cfg.Log, SessionCookie: account.CookieName(strings.HasPrefix(a.cfg.BaseURL, "https:"))})
}

// mailFacts is what the settings page shows of the mail server.
func mailFacts(m SMTP) admin.MailServer {
	if m.TLS == "" {
		m.TLS = "starttls"
	}
	return admin.MailServer{Host: m.Host, Port: m.Port, User: m.User, From: m.From, TLS: m.TLS}
}

// signalClocks runs the deadlines of signals.
type signalClocks struct{}

// Start implements signal.Clocks.
func (signalClocks) Start(ctx context.Context, tx *change.Tx, c signal.Clock) error {
	return due.Open(ctx, tx, due.Item{ObjectType: "signal", ObjectID: c.SignalID, Kind: "assess", Title: c.Title, Path: c.Path, AccountID: c.Owner, Role: access.Officer,
		DueAt: c.At, RemindAt: remindAt(tx.Now, c.At), EscalateAt: c.At})
}

// Stop implements signal.Clocks.
func (signalClocks) Stop(ctx context.Context, tx *change.Tx, signalID string, _ bool) error {
	return due.Close(ctx, tx, "signal", signalID, "assess")
}

// Look implements signal.Clocks.
func (signalClocks) Look(ctx context.Context, tx *change.Tx, c signal.Clock) error {
	return due.Open(ctx, tx, due.Item{ObjectType: "signal", ObjectID: c.SignalID, Kind: "cases_withdrawn", Title: c.Title, Path: c.Path, AccountID: c.Owner, Role: access.Officer,
		DueAt: c.At, RemindAt: remindAt(tx.Now, c.At), EscalateAt: c.At})
}

// Looked implements signal.Clocks.
func (signalClocks) Looked(ctx context.Context, tx *change.Tx, signalID string) error {
	return due.Close(ctx, tx, "signal", signalID, "cases_withdrawn")
}

// alertClocks runs the deadlines of communications.
type alertClocks struct{}

// Start implements alert.Clocks.
func (alertClocks) Start(ctx context.Context, tx *change.Tx, c alert.Clock) error {
	return due.Open(ctx, tx, due.Item{ObjectType: "communication", ObjectID: c.CommunicationID, Kind: c.Kind, Title: c.Title, Path: c.Path, Role: access.Assessor,
		DueAt: c.At, RemindAt: remindAt(tx.Now, c.At), EscalateAt: c.At})
}

// Stop implements alert.Clocks.
func (alertClocks) Stop(ctx context.Context, tx *change.Tx, id, kind string, _ bool) error {
	return due.Close(ctx, tx, "communication", id, kind)
}

// onDuty implements alert.OnDuty.
func (a *App) onDuty(ctx context.Context, at time.Time, roles []access.Role) (names []string, err error) {
	list, err := a.Due.OnDutyAs(ctx, change.Today(at), roles)
	for _, x := range list {
		names = append(names, x.Name)
	}
	return names, err
}

// remindAt is when three quarters of the time have passed.
func remindAt(now, at time.Time) time.Time { return at.Add(-at.Sub(now) / 4) }

// dueList is what the overview shows of a person's clocks.
func (a *App) dueList(c *web.Ctx, n int) ([]overview.Due, error) {
	if !access.May(c.Actor, access.DueRead) {
		return nil, nil
	}
	list, err := a.Due.Upcoming(c.Context(), c.Actor, n)
	if err != nil {
		return nil, err
	}
	ctx, now := c.Context(), c.Now()
	out := make([]overview.Due, len(list))
	for i, x := range list {
		out[i] = overview.Due{ISO: x.DueAt.UTC().Format("2006-01-02T15:04:05Z"), When: locale.DateTime(ctx, x.DueAt), Left: locale.Left(ctx, x.DueAt, now), Title: x.Title.In(c.Lang()),
			Path: x.Path, Urgent: x.Late(now)}
	}
	return out, nil
}

// waiting counts what waits for a person beside the entries of the navigation.
func (a *App) waiting(c *web.Ctx) map[string]int {
	m := map[string]int{}
	if access.May(c.Actor, access.SignalHandle) {
		if t, err := signal.Counts(c.Context(), a.DB.Read, c.Actor, c.Now().UnixMicro()); err == nil { // a page without its count is better than no page
			m["/signals"] = t.Open
		}
	}
	return m
}

// orgName is the name of the person's organisation.
func (a *App) orgName(c *web.Ctx) string {
	var name string
	if err := a.DB.Read.NewRaw("SELECT name FROM organisation WHERE id = ?", c.Actor.OrgID).Scan(c.Context(), &name); err != nil {
		return ""
	}
	return baqylau.ParseText(name).In(c.Lang())
}
