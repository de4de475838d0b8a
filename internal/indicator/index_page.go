package indicator

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// indexView is the catalogue: every indicator with the newest figure of the country.
type indexView struct {
	book    *registry.Book
	actor   access.Actor
	country string
	query   string
	all     bool // those without figures too
	newest  map[string]Observation
	hidden  map[string]bool
	tabs    []ui.NavItem
	pages   []Page
}

func (s *Service) showIndex(c *web.Ctx) error {
	ctx := c.Context()
	v := indexView{book: s.Shelf.Book(), actor: c.Actor, country: s.Home, query: c.Query("q"), all: c.Query("all") == "1"}
	if code := c.Query("country"); code != "" {
		if _, ok := v.book.Country(code); !ok {
			return baqylau.E(baqylau.NotFound, "error.not_found")
		}
		v.country = code
	}
	day := change.Today(c.Now())
	var err error
	if v.newest, err = s.newest(ctx, v.country, day); err != nil {
		return err
	}
	var codes []string
	for code, o := range v.newest {
		if !o.Published {
			codes = append(codes, code)
		}
	}
	if v.hidden, err = s.protected(ctx, c.Actor, v.country, day, codes...); err != nil {
		return err
	}
	for _, p := range s.Pages {
		if access.May(c.Actor, p.Act) {
			v.pages = append(v.pages, p)
		}
	}
	if v.tabs, err = s.countryTabs(ctx, v.country); err != nil {
		return err
	}
	return c.Render(web.Page{Title: c.T("indicator.catalogue"), Room: room, Body: v.page()})
}

// newest is the newest undivided figure of every indicator of a country; where there is none for the country, the newest of any part.
func (s *Service) newest(ctx context.Context, country string, day baqylau.Date) (_ map[string]Observation, err error) {
	defer baqylau.Wrap(&err, "indicator.newest")
	var values strings.Builder
	var args []any
	cond, more := inForce("o", day)
	undivided := "o.indicator = column1 AND o.country = ? AND o.place = ? AND o.sex = 'total' AND o.age = 'all'"
	newest := "(SELECT o.id FROM observation o WHERE " + undivided + " AND o.drug = 'all' AND o.breakdown = '' AND " + cond + " ORDER BY o.end_on DESC, o.known_on DESC, o.id LIMIT 1)"
	ofDrugs := "(SELECT o.id FROM observation o WHERE " + undivided + " AND " + cond + " ORDER BY o.end_on DESC, o.known_on DESC, o.id LIMIT 1)"
	ofParts := "(SELECT o.id FROM observation o WHERE o.indicator = column1 AND o.country = ? AND " + cond + " ORDER BY o.place, o.sex, o.age, o.drug, o.breakdown, o.end_on LIMIT 1)"
	args = append(append(append(append(args, country, country), more...), country, country), more...)
	args = append(append(args, country), more...)
	for i, ind := range define.Current().Indicators() {
		if i > 0 {
			values.WriteString(", ")
		}
		values.WriteString("(?)")
		args = append(args, ind.Code)
	}
	rows, err := s.W.DB.Read.QueryContext(ctx, "SELECT COALESCE("+newest+", "+ofDrugs+", "+ofParts+") AS id FROM (VALUES "+values.String()+") v", args...)
	if err != nil {
		return nil, err
	}
	var ids []string
	for rows.Next() {
		var id *string
		if err := rows.Scan(&id); err != nil {
			_ = rows.Close()
			return nil, err
		}
		if id != nil {
			ids = append(ids, *id)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	in, args := store.In(ids)
	rows, err = s.W.DB.Read.QueryContext(ctx, "SELECT "+columnsOf("o")+" FROM observation o WHERE o.id IN ("+in+")", args...)
	if err != nil {
		return nil, err
	}
	found, err := scanAll(rows)
	if err != nil {
		return nil, err
	}
	out := map[string]Observation{}
	for _, o := range found {
		out[o.Indicator] = o
	}
	return out, s.chosen(ctx, out, day)
}

// chosen puts the figures that people chose in the place of others of the same cell.
func (s *Service) chosen(ctx context.Context, newest map[string]Observation, day baqylau.Date) error {
	choices, err := Choices(ctx, s.W.DB.Read, cellsOf(slices.Collect(maps.Values(newest))), day)
	if err != nil || len(choices) == 0 {
		return err
	}
	var ids []string
	for _, c := range choices {
		ids = append(ids, c.ObservationID)
	}
	in, args := store.In(ids)
	cond, more := inForce("o", day)
	rows, err := s.W.DB.Read.QueryContext(ctx, "SELECT "+columnsOf("o")+" FROM observation o WHERE o.id IN ("+in+") AND "+cond, append(args, more...)...)
	if err != nil {
		return err
	}
	found, err := scanAll(rows)
	for _, o := range found {
		newest[o.Indicator] = o
	}
	return err
}

// countryTabs are the countries that have figures, home first.
func (s *Service) countryTabs(ctx context.Context, country string) ([]ui.NavItem, error) {
	book := s.Shelf.Book()
	out := []ui.NavItem{{Label: book.PlaceName(s.Home, locale.Lang(ctx)), Href: room, Current: country == s.Home}}
	found, err := s.countriesWith(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, code := range found {
		if code != s.Home {
			out = append(out, ui.NavItem{Label: book.PlaceName(code, locale.Lang(ctx)), Href: room + "?country=" + code, Current: country == code})
		}
	}
	return out, nil
}

// area is a part of the catalogue.
type area struct {
	name  string
	table ui.Table
}

// areas are the parts of the catalogue that have something to show.
func (v indexView) areas(ctx context.Context) []area {
	l := locale.Lang(ctx)
	c := define.Current()
	words := strings.Fields(locale.Fold(v.query))
	var out []area
	for _, a := range c.Areas() {
		t := ui.Table{Caption: a.Name.In(l), Columns: []ui.Column{{Label: locale.T(ctx, "indicator.indicator"), Main: true}, {Label: locale.T(ctx, "indicator.newest"), Number: true},
			{Label: locale.T(ctx, "indicator.period"), NoWrap: true}, {Label: locale.T(ctx, "indicator.issuer"), Minor: true}}}
		for _, i := range c.Indicators() {
			if i.Area != a.Code || !matches(words, i.Name.In(l)+" "+i.Meaning.In(l)+" "+i.Code) {
				continue
			}
			o, has := v.newest[i.Code]
			if !has && !v.all && v.query == "" {
				continue
			}
			href := room + "/" + i.Code
			if v.country != "" && v.country != v.tabsHome() {
				href += "?country=" + v.country
			}
			cells := []templ.Component{ui.Link(href, i.Name.In(l), ""), ui.Text(""), ui.Text(""), ui.Text("")}
			if has {
				about := o.aboutWords(ctx, v.book)
				if o.Place != o.Country {
					about = append([]string{v.book.PlaceName(o.Place, l)}, about...)
				}
				cells[1] = ui.Lines(o.valueWords(ctx, v.hidden[o.ID])+"\u00a0"+c.Unit(l, o.Unit), strings.Join(about, ", "))
				cells[2] = ui.Lines(o.periodWords(ctx), strings.Join(o.marks(ctx), ", "))
				cells[3] = statedBy(ctx, &o, v.book)
			} else {
				cells[1] = ui.Text(locale.T(ctx, "indicator.no_figure"))
			}
			t.Rows = append(t.Rows, ui.Row{Cells: cells})
		}
		if len(t.Rows) > 0 {
			out = append(out, area{locale.Capital(a.Name.In(l)), t})
		}
	}
	return out
}

func (v indexView) tabsHome() string {
	if len(v.tabs) > 0 && v.tabs[0].Current {
		return v.country
	}
	return ""
}

func matches(words []string, text string) bool {
	text = locale.Fold(text)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func (v indexView) filters(ctx context.Context) ui.Filters {
	all := "0"
	if v.all {
		all = "1"
	}
	f := ui.Filters{Action: room, Query: v.query, Label: locale.T(ctx, "indicator.search"), Target: "#catalogue", Keep: map[string]string{},
		Fields: []templ.Component{ui.FilterSelect("all", locale.T(ctx, "indicator.which"), all, []ui.Option{{Value: "0", Label: locale.T(ctx, "indicator.which.filled")}, {Value: "1", Label: locale.T(ctx, "indicator.which.all")}})}}
	const few = 8
	switch {
	case len(v.tabs) > few:
		var opts []ui.Option
		for _, t := range v.tabs {
			code := v.country
			if !t.Current {
				_, code, _ = strings.Cut(t.Href, "country=")
			}
			opts = append(opts, ui.Option{Value: code, Label: t.Label})
		}
		current := v.country
		if v.tabsHome() != "" {
			current, opts[0].Value = "", ""
		}
		f.Fields = append(f.Fields, ui.FilterSelect("country", locale.T(ctx, "registry.country"), current, opts))
	case len(v.tabs) > 1:
		f.Views = v.tabs
		if v.tabsHome() == "" {
			f.Keep["country"] = v.country
		}
	}
	return f
}

func (v indexView) empty(ctx context.Context) ui.Empty {
	e := ui.Empty{Title: locale.T(ctx, "indicator.none"), Text: locale.T(ctx, "indicator.none.catalogue", "Place", v.book.PlaceName(v.country, locale.Lang(ctx)))}
	if access.May(v.actor, access.ImportRun) {
		e.Act = ui.Submit(ui.Button{Label: locale.T(ctx, "indicator.import"), Href: "/imports"})
	}
	return e
}

func (v indexView) act(ctx context.Context) templ.Component {
	if !access.May(v.actor, access.IndicatorWrite) {
		return nil
	}
	return acts(ui.Button{Label: locale.T(ctx, "indicator.grid"), Href: "/observations/grid", Look: ui.Quiet}, ui.Button{Label: locale.T(ctx, "indicator.enter"), Href: "/observations/new"})
}
