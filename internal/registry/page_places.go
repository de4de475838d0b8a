package registry

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// regionsView is the page of a country's regions.
type regionsView struct {
	book    *Book
	country Country
	views   []ui.NavItem
	regions []Region
	year    int // of the population figures; 0 when there are none
	source  string
}

func (s *Service) showRegions(c *web.Ctx) error {
	b := s.Shelf.Book()
	code := cmp.Or(c.Query("country"), s.Home)
	country, ok := b.Country(code)
	if !ok || len(b.Regions(code)) == 0 {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	v := regionsView{book: b, country: *country, regions: b.Regions(code)}
	for _, k := range b.Countries() {
		if n := len(b.Regions(k.Code)); n > 0 {
			v.views = append(v.views, ui.NavItem{Label: k.Name.In(c.Lang()), Href: "/regions?country=" + k.Code, Current: k.Code == code, Count: n})
		}
	}
	slices.SortStableFunc(v.views, func(x, y ui.NavItem) int { // home first
		return cmp.Compare(btoi(y.Href == "/regions?country="+s.Home), btoi(x.Href == "/regions?country="+s.Home))
	})
	if p, ok := b.PopulationIn(code, change.Today(c.Now()).Time().Year()); ok {
		v.year, v.source = p.Year, Told(c.Context(), p.Source)
	}
	locale.Sort(c.Lang(), v.regions, func(x Region) string { return x.Name.In(c.Lang()) })
	return c.Render(web.Page{Title: c.T("registry.regions"), Room: regionsRoom, Body: v.page()})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// people is the population of a place in the page's year; NaN without a figure.
func (v regionsView) people(code string) float64 {
	if p, ok := v.book.PopulationIn(code, v.year); ok && v.year > 0 {
		return float64(p.Persons)
	}
	return math.NaN()
}

func (v regionsView) table(ctx context.Context) ui.Table {
	t := ui.Table{Caption: locale.T(ctx, "registry.regions"), Columns: []ui.Column{
		{Label: locale.T(ctx, "registry.region"), Main: true}, {Label: locale.T(ctx, "registry.code"), NoWrap: true}, {Label: locale.T(ctx, "registry.kind"), Minor: true},
		{Label: locale.T(ctx, "registry.population"), Number: true}, {Label: locale.T(ctx, "registry.valid"), NoWrap: true, Minor: true},
	}}
	for _, r := range v.regions {
		t.Rows = append(t.Rows, ui.Row{ID: r.Code, Cells: []templ.Component{ui.Link("/regions/"+r.Code, r.Name.In(locale.Lang(ctx)), ""), ui.Code(r.Code),
			ui.Text(locale.Code(ctx, "region_kind", r.Kind)), ui.Text(count(ctx, v.people(r.Code))), ui.Text(validity(ctx, r))}})
	}
	return t
}

func (v regionsView) picture(ctx context.Context) ui.Map {
	m := ui.Map{ID: "regions-map", Outlines: v.book.Outlines(v.country.Code), NoData: locale.T(ctx, "registry.no_figure"), Top: 8,
		Summary: locale.T(ctx, "registry.map.summary", "country", v.country.Name, "year", v.year),
		Caption: ui.Caption{Source: v.source, Period: strconv.Itoa(v.year), N: -1}}
	for _, r := range v.regions {
		m.Areas = append(m.Areas, ui.Area{ID: r.Code, Name: r.Name.In(locale.Lang(ctx)), Href: "/regions/" + r.Code, Value: v.people(r.Code)})
	}
	return m
}

func count(ctx context.Context, v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return locale.Int(ctx, int64(v))
}

func validity(ctx context.Context, r Region) string {
	if r.From.IsZero() && r.To.IsZero() {
		return ""
	}
	return span(ctx, r.From, r.To)
}

// regionView is the page of one region.
type regionView struct {
	Region
	book     *Book
	people   []Population
	sections []templ.Component
}

func (s *Service) showRegion(c *web.Ctx) error {
	b := s.Shelf.Book()
	r, ok := b.Region(c.Path("code"))
	if !ok {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	v := regionView{Region: *r, book: b, people: b.Population(r.Code)}
	for _, section := range s.RegionSections {
		part, err := section(c.Context(), c.Actor, r.Code)
		if err != nil {
			return err
		}
		if part != nil {
			v.sections = append(v.sections, part)
		}
	}
	return c.Render(web.Page{Title: r.Name.In(c.Lang()), Room: regionsRoom, Body: v.page()})
}

func (v regionView) facts(ctx context.Context) []ui.Fact {
	var list []ui.Fact
	add := func(name string, c templ.Component) { list = append(list, ui.Fact{Name: name, Value: c}) }
	add(locale.T(ctx, "registry.code"), ui.Code(v.Code))
	if v.FormerCode != "" {
		add(locale.T(ctx, "registry.former_code"), ui.Code(v.FormerCode))
	}
	for _, l := range baqylau.Langs {
		if t := v.Name.Exact(l); t != "" {
			add(locale.Code(ctx, "lang", string(l)), ui.Text(t))
		}
	}
	add(locale.T(ctx, "registry.kind"), ui.Text(locale.Code(ctx, "region_kind", v.Kind)))
	add(locale.T(ctx, "registry.country"), ui.Link("/regions?country="+v.Country, v.book.PlaceName(v.Country, locale.Lang(ctx)), ""))
	if w := validity(ctx, v.Region); w != "" {
		add(locale.T(ctx, "registry.valid"), ui.Text(w))
	}
	for _, code := range v.predecessors() {
		add(locale.T(ctx, "registry.predecessor"), ui.Link("/regions/"+code, v.book.PlaceName(code, locale.Lang(ctx)), locale.Date(ctx, v.book.Predecessors(v.Code)[code])))
	}
	return list
}

func (v regionView) predecessors() []string {
	var codes []string
	for code := range v.book.Predecessors(v.Code) {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

// chart is the population by year.
func (v regionView) chart(ctx context.Context) ui.Chart {
	c := ui.Chart{ID: "population", Axis: locale.T(ctx, "registry.year"), Summary: locale.T(ctx, "registry.population.summary", "region", v.Name),
		Series: []ui.Series{{Name: locale.T(ctx, "registry.population")}}}
	for _, p := range v.people {
		c.Labels = append(c.Labels, strconv.Itoa(p.Year))
		c.Series[0].Values = append(c.Series[0].Values, float64(p.Persons))
	}
	first, last := v.people[0], v.people[len(v.people)-1]
	c.Caption = ui.Caption{Source: Told(ctx, last.Source), Period: strconv.Itoa(first.Year) + "–" + strconv.Itoa(last.Year), N: -1}
	return c
}

func (v regionView) history(ctx context.Context) ui.Table {
	t := ui.Table{Caption: locale.T(ctx, "registry.history"), Columns: []ui.Column{
		{Label: locale.T(ctx, "registry.period"), NoWrap: true}, {Label: locale.T(ctx, "registry.name_then"), Main: true}, {Label: locale.T(ctx, "registry.territory")},
		{Label: locale.T(ctx, "registry.verified"), Bare: true}}}
	for _, p := range v.book.Periods(v.Code) {
		checked := Status{Verified: "no"}
		if p.Verified {
			checked.Verified = "yes"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Text(span(ctx, p.From, p.To)), ui.Lines(p.Name.In(locale.Lang(ctx)), Told(ctx, p.Source)),
			v.territory(p), checkedBadge(checked)}})
	}
	return t
}
