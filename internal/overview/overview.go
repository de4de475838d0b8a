// Package overview is the first page of the day: what changed this week, what waits for a decision, what is due, the curve and
// the map. It reads every room and writes nothing.
package overview

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
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
	start    []ui.Step
	totals   []ui.Total
	outside  bool
	mayAct   bool
}

// lead is the sentence that opens the page.
type lead struct {
	before, link, href, after string
}

// frame is what the page is about: where, what, and as of which day.
type frame struct {
	place   string
	asOf    baqylau.Date
	week    baqylau.Week
	subject series.Subject
	outside bool
	latest  bool
}

func (s *Service) frame(c *web.Ctx) (f frame, places []string, err error) {
	ctx := c.Context()
	if places, err = series.Countries(ctx, s.DB.Read); err != nil {
		return f, nil, err
	}
	counted := len(places)
	if !slices.Contains(places, s.Home) {
		places = append([]string{s.Home}, places...)
	}
	f.place = s.Home
	if p := c.Query("place"); slices.Contains(places, p) {
		f.place = p
	} else if len(places) > 1 && counted == len(places)-1 { // nothing at home yet: show where there is something, home stays one click away
		f.place = places[1]
	}
	f.outside = f.place != s.Home
	today := s.Now()
	f.asOf = today
	if d, p, err := baqylau.ParseDate(c.Query("as_of")); err == nil && p == baqylau.Day && !d.IsZero() && !d.After(today) {
		f.asOf = d
	} else if f.outside { // published records end somewhere: show their last week
		last, err := series.LastKnown(ctx, s.DB.Read, f.place)
		if err != nil {
			return f, nil, err
		}
		if !last.IsZero() {
			f.asOf, f.latest = last, true
		}
	}
	f.week = f.asOf.Week()
	f.subject = series.Subject{Dim: series.Total}
	if q := c.Query("subject"); q != "" {
		if _, ok := s.Shelf.Book().Substance(q); ok {
			f.subject = series.Subject{Dim: series.Substance, ID: q}
		} else if _, ok := s.Shelf.Book().Family(q); ok {
			f.subject = series.Subject{Dim: series.Family, ID: q}
		}
	}
	return f, places, nil
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

// curve is the weekly count of the chosen subject.
func (s *Service) curve(c *web.Ctx, f frame, v *view) error {
	ctx := c.Context()
	pts, err := series.Weekly(ctx, s.DB.Read, series.Query{Country: f.place, Subject: f.subject, From: f.week - curveWeeks + 1, To: f.week, AsOf: f.asOf})
	if err != nil {
		return err
	}
	fig, aud := disclosure.Figure{Persons: true, Outside: f.outside}, disclosure.AudienceOf(c.Actor)
	name := s.subjectName(ctx, f.subject)
	ch := ui.Chart{ID: "curve", Axis: locale.T(ctx, "overview.week"), Series: []ui.Series{{Name: name}}, Recent: recentWeeks, Height: 220, Explore: true}
	n := 0
	for _, p := range pts {
		val := float64(p.N)
		if shown := disclosure.Show(p.N, fig, aud); shown.Hidden {
			val = math.NaN()
			v.note = locale.T(ctx, "overview.hidden")
		}
		n += p.N
		ch.Labels = append(ch.Labels, locale.Week(ctx, p.Week))
		ch.Names = append(ch.Names, locale.WeekYear(ctx, p.Week))
		ch.Series[0].Values = append(ch.Series[0].Values, val)
	}
	if v.note != "" {
		n = -1
	}
	ch.Summary = locale.T(ctx, "overview.curve.summary", "What", name, "Place", s.placeName(ctx, f.place), "Weeks", curveWeeks)
	ch.Caption = ui.Caption{Source: s.sourceOf(ctx, f), Period: locale.WeekYear(ctx, f.week-curveWeeks+1) + " – " + locale.WeekYear(ctx, f.week), AsOf: locale.Date(ctx, f.asOf), N: n}
	v.curve = ch
	v.subjects, err = s.subjects(c, f)
	return err
}

// mostSubjects is how many of each kind are offered, most counted first.
const mostSubjects = 15

// subjects offers the families and the substances most counted in the last year. From whom counts are hidden it offers all that were counted, by name: their
// order, and the cut, would tell of counts.
func (s *Service) subjects(c *web.Ctx, f frame) ([]ui.Option, error) {
	ctx := c.Context()
	out := []ui.Option{{Value: "", Label: c.T("overview.all")}}
	byName, order := disclosure.Hides(1, disclosure.Figure{Persons: true, Outside: f.outside}, disclosure.AudienceOf(c.Actor)), locale.Collator(c.Lang())
	for _, dim := range []series.Dim{series.Family, series.Substance} {
		counts, err := s.yearly(ctx, f, dim)
		if err != nil {
			return nil, err
		}
		ids := make([]string, 0, len(counts))
		for id := range counts {
			ids = append(ids, id)
		}
		name := func(id string) string { return s.subjectName(ctx, series.Subject{Dim: dim, ID: id}) }
		slices.SortFunc(ids, func(a, b string) int {
			if byName {
				return cmp.Or(order.CompareString(name(a), name(b)), cmp.Compare(a, b))
			}
			return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b))
		})
		if !byName {
			ids = ids[:min(len(ids), mostSubjects)]
		}
		for _, id := range ids {
			out = append(out, ui.Option{Value: id, Label: name(id)})
		}
	}
	return out, nil
}

func (s *Service) subjectName(ctx context.Context, sub series.Subject) string {
	book, l := s.Shelf.Book(), locale.Lang(ctx)
	switch sub.Dim {
	case series.Substance:
		if x, ok := book.Substance(sub.ID); ok {
			return x.Label.In(l)
		}
	case series.Family:
		if x, ok := book.Family(sub.ID); ok {
			return x.Name.In(l)
		}
	}
	return locale.T(ctx, "overview.all")
}

// sourceOf names where the figures of a place come from.
func (s *Service) sourceOf(ctx context.Context, f frame) string {
	if f.outside {
		for _, src := range s.Shelf.Book().Sources() {
			if src.Country == f.place {
				return src.Name.In(locale.Lang(ctx))
			}
		}
	}
	return locale.T(ctx, "overview.source.reports")
}

// regions draws the last weeks per 100,000 people, or counts where the population is not known.
func (s *Service) regions(c *web.Ctx, f frame, v *view) error {
	ctx := c.Context()
	book := s.Shelf.Book()
	counts, err := series.ByRegion(ctx, s.DB.Read, series.Query{Country: f.place, Subject: f.subject, From: f.week - mapWeeks + 1, To: f.week, AsOf: f.asOf})
	if err != nil {
		return err
	}
	fig, aud := disclosure.Figure{Persons: true, Outside: f.outside}, disclosure.AudienceOf(c.Actor)
	m := ui.Map{ID: "regions", Decimals: 1, NoData: locale.T(ctx, "overview.map.none"), Outlines: book.Outlines(f.place), Top: 8}
	n, most := 0, 0.
	for _, r := range book.Regions(f.place) {
		a := ui.Area{ID: r.Code, Name: r.Name.In(locale.Lang(ctx)), Href: "/regions/" + r.Code, Value: math.NaN()}
		shown := disclosure.Show(counts[r.Code], fig, aud)
		if shown.Hidden {
			v.note, a.Instead = locale.T(ctx, "overview.hidden"), locale.T(ctx, "overview.map.hidden")
		} else if p, ok := book.PopulationIn(r.Code, f.asOf.Time().Year()); ok && p.Persons > 0 {
			a.Value = 1e5 * float64(shown.N) / float64(p.Persons)
		}
		n += counts[r.Code]
		if a.Value > most {
			most = a.Value
		}
		m.Areas = append(m.Areas, a)
	}
	if most < 1 {
		m.Decimals = 2
	}
	if v.note != "" {
		n = -1
	}
	m.Summary = locale.T(ctx, "overview.map.summary", "Place", s.placeName(ctx, f.place), "Weeks", mapWeeks)
	m.Caption = ui.Caption{Source: s.sourceOf(ctx, f), Period: locale.WeekYear(ctx, f.week-mapWeeks+1) + " – " + locale.WeekYear(ctx, f.week), AsOf: locale.Date(ctx, f.asOf), N: n}
	v.regions = m
	return nil
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
