package wastewater

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const path = "/wastewater"

// mostLines is how many cities a chart can hold and still be read.
const mostLines = 6

// Routes registers the pages of the room.
func Routes(rt *web.Router, s *Service) {
	rt.Handle("GET "+path, access.IndicatorRead, s.page)
	rt.Handle("GET "+path+"/new", access.IndicatorWrite, func(c *web.Ctx) error { return s.showForm(c, nil, nil) })
	rt.Handle("POST "+path+"/new", access.IndicatorWrite, s.doForm)
	rt.Handle("POST "+path+"/withdraw", access.IndicatorWrite, s.doWithdraw)
}

type view struct {
	head      ui.Head
	residues  []ui.NavItem
	countries []ui.Option
	country   string
	residue   string
	chart     ui.Chart
	table     ui.Table
	weeks     ui.Table
	notes     []string
}

// page shows the loads of a residue: a line for each of the cities with the longest series, and all cities in the table.
func (s *Service) page(c *web.Ctx) error {
	ctx := c.Context()
	asOf := change.Today(s.W.Now())
	samples, err := Samples(ctx, s.W.DB.Read, asOf)
	if err != nil {
		return err
	}
	weeks := Weeks(samples)
	all, err := s.loads(ctx, asOf, weeks)
	if err != nil {
		return err
	}
	v := view{country: c.Query("country"), head: ui.Head{Title: c.T("wastewater.title"), Sub: []string{c.T("wastewater.unit")}, AsOf: c.T("wastewater.as_of", "Date", locale.Date(ctx, asOf))}}
	v.table = ui.Table{ID: "loads", Caption: c.T("wastewater.table"), Empty: ui.Empty{Title: c.T("wastewater.none"), Text: c.T("wastewater.none.text")}}
	residues, countries := map[string]bool{}, map[string]bool{}
	for _, l := range all {
		residues[l.Residue], countries[l.Country] = true, true
	}
	if access.May(c.Actor, access.IndicatorWrite) {
		v.head.Act = ui.Submit(ui.Button{Label: c.T("wastewater.new"), Href: path + "/new"})
	}
	names := sorted(residues)
	if v.residue = c.Query("residue"); !residues[v.residue] && len(names) > 0 {
		v.residue = names[0]
	}
	for _, r := range names {
		v.residues = append(v.residues, ui.NavItem{Label: define.Current().Label(c.Lang(), "residue", r), Href: path + "?" + url.Values{"residue": {r}, "country": {v.country}}.Encode(), Current: r == v.residue})
	}
	v.countries = []ui.Option{{Label: c.T("wastewater.countries")}}
	for _, k := range sorted(countries) {
		v.countries = append(v.countries, ui.Option{Value: k, Label: s.Shelf.Book().PlaceName(k, c.Lang())})
	}
	ui.ByName(ctx, v.countries[1:])
	s.fill(c, &v, all)
	if v.weeks, err = s.weekTable(c, v.residue, v.country, weeks); err != nil {
		return err
	}
	return c.Render(web.Page{Title: v.head.Title, Room: path, AsOf: v.head.AsOf, Body: body(v)})
}

// site is a city with its loads by year.
type site struct {
	name, country string
	by            map[int]Load
}

func (s *Service) fill(c *web.Ctx, v *view, all []Load) {
	ctx := c.Context()
	var sites []*site
	years := map[int]bool{}
	var mended, twice, issuers []string
	drug := ""
	for _, l := range all {
		if l.Residue != v.residue || v.country != "" && l.Country != v.country {
			continue
		}
		if n := len(sites); n == 0 || sites[n-1].name != l.City || sites[n-1].country != l.Country {
			sites = append(sites, &site{l.City, l.Country, map[int]Load{}})
		}
		sites[len(sites)-1].by[l.Year] = l
		years[l.Year], drug = true, l.Drug
		for _, raw := range l.Mended {
			mended = append(mended, l.City+" "+strconv.Itoa(l.Year)+": "+raw)
		}
		twice = append(twice, l.Twice...)
		if l.Issuer != "" && !slices.Contains(issuers, l.Issuer) {
			issuers = append(issuers, l.Issuer)
		}
		if l.Synthetic && len(v.head.Tags) == 0 {
			v.head.Tags = append(v.head.Tags, ui.Tag(c.T("wastewater.synthetic")))
		}
	}
	if len(sites) == 0 {
		return
	}
	factor, known := FactorOf(v.residue, drug)
	if known {
		v.notes = append(v.notes, c.T("wastewater.factor", "Factor", locale.Number(ctx, factor.Value, 2), "Published", locale.Number(ctx, factor.Published, 2), "Excretion", locale.Number(ctx, 100*factor.Excretion, 1), "Residue", factor.Name.In(c.Lang())))
		if !factor.Verified {
			v.notes = append(v.notes, c.T("wastewater.unverified"))
		}
	}
	if len(mended) > 0 {
		few := mended[:min(len(mended), 5)]
		v.notes = append(v.notes, locale.N(ctx, "wastewater.mended", len(mended), "List", strings.Join(few, "; ")))
	}
	if len(twice) > 0 {
		v.notes = append(v.notes, c.T("wastewater.twice", "List", strings.Join(twice[:min(len(twice), 5)], "; ")))
	}
	list := make([]int, 0, len(years))
	for y := range years {
		list = append(list, y)
	}
	slices.Sort(list)
	place := func(x *site) string { return x.name + " (" + s.Shelf.Book().PlaceName(x.country, c.Lang()) + ")" }
	longest := slices.Clone(sites)
	slices.SortStableFunc(longest, func(a, b *site) int { return cmp.Compare(len(b.by), len(a.by)) })
	v.chart = ui.Chart{ID: "wastewater", Summary: c.T("wastewater.chart"), Axis: c.T("wastewater.year"), Decimals: 1, Caption: ui.Caption{Source: strings.Join(issuers, ", "), AsOf: locale.Date(ctx, change.Today(s.W.Now())), N: -1}}
	for _, y := range list {
		v.chart.Labels = append(v.chart.Labels, strconv.Itoa(y))
	}
	for _, x := range longest[:min(len(longest), mostLines)] {
		line := ui.Series{Name: x.name}
		for _, y := range list {
			value := math.NaN()
			if l, ok := x.by[y]; ok && l.Daily != nil {
				value = *l.Daily
			}
			line.Values = append(line.Values, value)
		}
		v.chart.Series = append(v.chart.Series, line)
	}
	last := list[len(list)-1]
	v.table.Columns = []ui.Column{{Label: c.T("wastewater.city"), Main: true}}
	for _, y := range list {
		v.table.Columns = append(v.table.Columns, ui.Column{Label: strconv.Itoa(y), Number: true})
	}
	v.table.Columns = append(v.table.Columns, ui.Column{Label: c.T("wastewater.weekday", "Year", last), Number: true, Minor: true}, ui.Column{Label: c.T("wastewater.weekend", "Year", last), Number: true, Minor: true})
	if known {
		v.table.Columns = append(v.table.Columns, ui.Column{Label: c.T("wastewater.consumption", "Year", last), Number: true, Minor: true})
	}
	show := func(x *float64) templ.Component {
		if x == nil {
			return ui.Text("–")
		}
		return ui.Text(locale.Number(ctx, *x, 1))
	}
	for _, x := range sites {
		row := ui.Row{Label: place(x), Cells: []templ.Component{ui.Text(place(x))}}
		for _, y := range list {
			cell := show(x.by[y].Daily)
			if x.by[y].Below {
				cell = ui.Text(c.T("wastewater.below_loq"))
			}
			row.Cells = append(row.Cells, cell)
		}
		l := x.by[last]
		row.Cells = append(row.Cells, show(l.Weekday), show(l.Weekend))
		if known {
			var used *float64
			if l.Daily != nil {
				n := *l.Daily * factor.Value
				used = &n
			}
			row.Cells = append(row.Cells, show(used))
		}
		v.table.Rows = append(v.table.Rows, row)
	}
}

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for k := range set {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
