// Package overview is the first page of the day: what changed this week, what waits for a decision, what is due, the curve and
// the map. It reads every room and writes nothing.
package overview

import (
	"context"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Service is the overview.
type Service struct {
	DB    *store.DB
	Shelf *registry.Shelf
	Home  string
	Now   func() baqylau.Date
	// Due lists what is due for a person; nil shows no such section.
	Due func(c *web.Ctx, n int) ([]Due, error)

	ranks ranking
}

// Due is one clock that runs for the reader.
type Due struct {
	When, Left, Title, Path string
	ISO                     string
	Urgent                  bool
}

const (
	curveWeeks  = 26 // weeks of the curve
	recentWeeks = 3  // of them provisional: late reports still come in
	mapWeeks    = 4
	shownDue    = 5
)

// Routes registers the page.
func Routes(rt *web.Router, s *Service) {
	rt.Handle("GET /{$}", access.PublicRead, s.home)
	rt.Handle("GET /overview", access.SeriesRead, s.page)
}

// home leads everybody to their own first page.
func (s *Service) home(c *web.Ctx) error {
	switch {
	case access.May(c.Actor, access.SeriesRead):
		return s.page(c)
	case !c.Actor.SignedIn():
		return c.Redirect("/public")
	}
	if steps, err := s.start(c); err != nil {
		return err
	} else if len(steps) > 0 {
		return s.showStart(c, steps)
	}
	for _, r := range []struct {
		act  access.Act
		path string
	}{{access.LabWrite, "/lab"}, {access.ReportRead, "/reports"}, {access.AccountEdit, "/admin/accounts"}, {access.AuditRead, "/audit"}} {
		if access.May(c.Actor, r.act) {
			return c.Redirect(r.path)
		}
	}
	return c.Redirect("/warnings")
}

// view is the page's content.
type view struct {
	head     ui.Head
	places   []ui.NavItem
	subjects []ui.Option
	subject  string
	place    string
	asOf     string
	lead     lead
	signals  ui.Table
	shown    map[string]bool // addresses of the signals listed
	curve    ui.Chart
	regions  ui.Map
	note     string
	due      []Due
	turns    []turn
	desk     []turn
	start    []ui.Step
	totals   []ui.Total
	outside  bool
	mayAct   bool
}

// lead is the sentence that opens the page.
type lead struct {
	before, link, href, after string
}

func (s *Service) page(c *web.Ctx) error {
	f, places, err := s.frame(c)
	if err != nil {
		return err
	}
	ctx := c.Context()
	v := view{place: f.place, asOf: f.asOf.String(), subject: f.subject.ID, outside: f.outside, mayAct: access.May(c.Actor, access.SignalRead)}
	for _, p := range places {
		v.places = append(v.places, ui.NavItem{Label: s.placeName(ctx, p), Href: "/overview?place=" + p, Current: p == f.place})
	}
	y, n := f.week.ISO()
	period := locale.T(ctx, "overview.period", "From", f.week.Monday(), "To", f.week.Sunday())
	v.head = ui.Head{Title: locale.T(ctx, "overview.title", "Week", strconv.Itoa(n), "Year", strconv.Itoa(y)), Sub: []string{period, s.placeName(ctx, f.place)}, AsOf: locale.T(ctx, "overview.as_of", "Date", f.asOf)}
	v.head.Act = printButton()
	if err := s.signals(c, f, &v); err != nil {
		return err
	}
	if err := s.curve(c, f, &v); err != nil {
		return err
	}
	if err := s.regions(c, f, &v); err != nil {
		return err
	}
	if err := s.week(c, f, &v); err != nil {
		return err
	}
	if v.turns, err = s.turns(c); err != nil {
		return err
	}
	if v.desk, err = s.desk(c); err != nil {
		return err
	}
	if s.Due != nil {
		list, err := s.Due(c, shownDue+len(v.shown))
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(d Due) bool { return v.shown[d.Path] }) // the signals stand above with their deadlines
		v.due = list[:min(len(list), shownDue)]
	}
	if !f.outside {
		if v.start, err = s.start(c); err != nil {
			return err
		}
	}
	return c.Render(web.Page{Title: c.T("nav.overview"), Room: "/", Body: page(v), AsOf: v.head.AsOf})
}

func (s *Service) placeName(ctx context.Context, code string) string {
	return s.Shelf.Book().PlaceName(code, locale.Lang(ctx))
}

// week counts what came in during the week.
func (s *Service) week(c *web.Ctx, f frame, v *view) error {
	ctx := c.Context()
	from, to := f.week.Monday().String(), f.week.Sunday().String()
	scope, args := access.Where(c.Actor, access.ReportRead, "r")
	if access.May(c.Actor, access.ReportRead) {
		var n int
		if err := s.DB.Read.NewRaw("SELECT count(*) FROM report r WHERE r.known_on BETWEEN ? AND ? AND r.country = ? AND "+intake.Visible("r")+" AND "+scope,
			append([]any{from, to, f.place}, args...)...).Scan(ctx, &n); err != nil {
			return err
		}
		v.totals = append(v.totals, ui.Total{Value: locale.Int(ctx, n), Label: locale.N(ctx, "overview.total.reports", n)})
	}
	if v.mayAct {
		sc, sargs := signal.Scope(c.Actor)
		var n int
		if err := s.DB.Read.NewRaw("SELECT count(*) FROM signal s WHERE s.raised_on BETWEEN ? AND ? AND s.country = ? AND "+sc, append([]any{from, to, f.place}, sargs...)...).Scan(ctx, &n); err != nil {
			return err
		}
		v.totals = append(v.totals, ui.Total{Value: locale.Int(ctx, n), Label: locale.N(ctx, "overview.total.signals", n)})
	}
	return nil
}

// Today is the day of the writer's clock in the centre's zone.
func Today(w *change.Writer) func() baqylau.Date {
	return func() baqylau.Date { return change.Today(w.Now()) }
}
