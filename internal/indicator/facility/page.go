package facility

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const path = "/facilities"

// Routes registers the pages of the room.
func Routes(rt *web.Router, s *Service) {
	rt.Handle("GET "+path, access.IndicatorRead, func(c *web.Ctx) error { return s.list().Handler(s.W)(c) })
	rt.Handle("GET "+path+"/coverage", access.IndicatorRead, s.coveragePage)
	rt.Handle("GET "+path+"/new", access.IndicatorWrite, func(c *web.Ctx) error { return s.showForm(c, "", nil, nil) })
	rt.Handle("POST "+path+"/new", access.IndicatorWrite, func(c *web.Ctx) error { return s.doForm(c, "") })
	rt.Handle("GET "+path+"/{id}", access.IndicatorRead, s.showFacility)
	rt.Handle("GET "+path+"/{id}/edit", access.IndicatorWrite, func(c *web.Ctx) error { return s.showForm(c, c.Path("id"), nil, nil) })
	rt.Handle("POST "+path+"/{id}/edit", access.IndicatorWrite, func(c *web.Ctx) error { return s.doForm(c, c.Path("id")) })
	rt.Handle("GET "+path+"/{id}/figures", access.IndicatorWrite, func(c *web.Ctx) error { return s.showFigures(c, nil, nil) })
	rt.Handle("POST "+path+"/{id}/figures", access.IndicatorWrite, s.doFigures)
}

func label(ctx context.Context, listName, code string) string {
	if code == "" {
		return ""
	}
	return codelist.Label(locale.Lang(ctx), listName, code)
}

func (s *Service) place(ctx context.Context, code string) string {
	return s.Shelf.Book().PlaceName(code, locale.Lang(ctx))
}

func serviceNames(ctx context.Context, f Facility) string {
	words := make([]string, len(f.Services))
	for i, x := range f.Services {
		words[i] = label(ctx, serviceList, x)
	}
	return strings.Join(words, ", ")
}

func (s *Service) list() *list.Spec[Facility] {
	text := func(fn func(ctx context.Context, f Facility) string) func(context.Context, Facility) templ.Component {
		return func(ctx context.Context, f Facility) templ.Component { return ui.Text(fn(ctx, f)) }
	}
	name := func(ctx context.Context, f Facility) string { return f.Name.In(locale.Lang(ctx)) }
	kind := func(ctx context.Context, f Facility) string { return label(ctx, kindList, f.Kind) }
	region := func(ctx context.Context, f Facility) string { return s.place(ctx, f.Region) }
	beds := func(ctx context.Context, f Facility) string {
		if f.Beds == nil {
			return "–"
		}
		return locale.Int(ctx, *f.Beds)
	}
	return &list.Spec[Facility]{
		Name: "facilities", Path: path, Room: path, Title: "facility.title", Select: columns, From: "facility f", ID: "f.id", Default: "region", Export: true,
		Where:  func(*web.Ctx) (string, []any) { return inForce(s.today()) },
		Scan:   func(row list.Row) (Facility, error) { return scan(row) },
		Search: list.Search{Label: "facility.search", Find: list.Folded("SELECT f.id, f.name || ' ' || f.code || ' ' || f.area FROM facility f", "f.id")},
		Filters: []list.Filter{
			{Name: "region", Label: "facility.filter.region", SQL: "f.region = ?", Options: func(c *web.Ctx) []ui.Option { return s.regions(c)[1:] }},
			{Name: "kind", Label: "facility.filter.kind", SQL: "f.kind = ?", Options: func(c *web.Ctx) []ui.Option { return options(c, kindList)[1:] }},
			{Name: "service", Label: "facility.filter.service", SQL: "(' ' || f.services || ' ') LIKE ?", Options: func(c *web.Ctx) []ui.Option { return options(c, serviceList)[1:] }, Map: func(v string) (any, bool) {
				return "% " + v + " %", codelist.Has(serviceList, v)
			}},
		},
		States: func(f Facility) []ui.RowState {
			if !f.Closed.IsZero() && f.Closed.Before(s.today()) {
				return []ui.RowState{ui.Removed}
			}
			return nil
		},
		Columns: []list.Column[Facility]{
			{Key: "name", Label: "facility.col.name", Spelled: name, Main: true, Cell: func(ctx context.Context, f Facility) templ.Component {
				return ui.Link(path+"/"+f.ID, name(ctx, f), f.Code)
			}, Text: name},
			{Key: "code", Label: "facility.field.code", Text: func(_ context.Context, f Facility) string { return f.Code }},
			{Key: "kind", Label: "facility.field.kind", Spelled: kind, Cell: text(kind), Text: kind},
			{Key: "services", Label: "facility.field.services", Cell: text(serviceNames), Text: serviceNames},
			{Key: "region", Label: "facility.field.region", Spelled: region, Cell: text(region), Text: region},
			{Key: "beds", Label: "facility.field.beds", Number: true, Minor: true, Cell: text(beds), Text: beds},
		},
		Act: func(c *web.Ctx) templ.Component {
			coverage := ui.Submit(ui.Button{Label: c.T("facility.coverage"), Href: path + "/coverage", Look: ui.Quiet})
			if !access.May(c.Actor, access.IndicatorWrite) {
				return coverage
			}
			return templ.Join(ui.Submit(ui.Button{Label: c.T("facility.new"), Href: path + "/new"}), coverage)
		},
		Above: s.regionCounts,
		Empty: func(c *web.Ctx) ui.Empty {
			return ui.Empty{Title: c.T("facility.none"), Text: c.T("facility.none.text")}
		},
	}
}

// regionCounts shows how many facilities each region has.
func (s *Service) regionCounts(c *web.Ctx) (templ.Component, error) {
	all, err := All(c.Context(), s.W.DB.Read, s.Home, s.today())
	if err != nil || len(all) == 0 {
		return templ.NopComponent, err
	}
	n := map[string]int{}
	for _, f := range all {
		if f.Closed.IsZero() || !f.Closed.Before(s.today()) {
			n[f.Region]++
		}
	}
	ctx := c.Context()
	m := ui.Map{ID: "facilities-map", Outlines: s.Shelf.Book().Outlines(s.Home), Summary: c.T("facility.map"), NoData: c.T("facility.map.none"), Top: 20, Caption: ui.Caption{Source: c.T("facility.register"), AsOf: locale.Date(ctx, s.today()), N: len(all)}}
	var bars []ui.Ranked // where no map of the country is there
	for _, r := range s.regions(c)[1:] {
		a := ui.Area{ID: r.Value, Name: r.Label, Value: math.NaN()}
		if n[r.Value] > 0 {
			a.Value, a.Href = float64(n[r.Value]), path+"?region="+r.Value
			bars = append(bars, ui.Ranked{Name: r.Label, Href: a.Href, Value: a.Value, Shown: locale.Int(ctx, n[r.Value])})
		}
		m.Areas = append(m.Areas, a)
	}
	return regionMap(m, bars), nil
}

type facilityView struct {
	head     ui.Head
	facts    []ui.Fact
	figures  ui.Table
	id       string
	mayWrite bool
}

func (s *Service) mayWrite(a access.Actor, f *Facility) bool {
	return access.MayRow(a, access.IndicatorWrite, access.Row{OrgID: f.OrgID, Domain: f.Domain})
}

func (s *Service) showFacility(c *web.Ctx) error {
	ctx := c.Context()
	f, err := Get(ctx, s.W.DB.Read, c.Path("id"))
	if err != nil {
		return err
	}
	v := facilityView{id: f.ID, mayWrite: s.mayWrite(c.Actor, &f), head: ui.Head{Title: f.Name.In(c.Lang()), Sub: []string{label(ctx, kindList, f.Kind), s.place(ctx, f.Region)}}}
	if f.Synthetic {
		v.head.Tags = append(v.head.Tags, ui.Tag(c.T("facility.synthetic")))
	}
	if v.mayWrite {
		v.head.Act = facilityActs(f.ID, c.Actor.Domain != baqylau.EnforcementDomain && len(f.Asked()) > 0)
	}
	number := func(n *int64) string {
		if n == nil {
			return "–"
		}
		return locale.Int(ctx, *n)
	}
	for _, x := range [][2]string{{"facility.field.code", f.Code}, {"facility.field.services", serviceNames(ctx, f)}, {"facility.field.ownership", label(ctx, ownershipList, f.Owned)}, {"facility.field.area", f.Area}, {"facility.field.address", f.Address},
		{"facility.field.beds", number(f.Beds)}, {"facility.field.places", number(f.Places)}, {"facility.field.staff", number(f.Staff)}, {"facility.field.opened", locale.Date(ctx, f.Opened)}, {"facility.field.closed", locale.Date(ctx, f.Closed)},
		{"facility.field.note", f.Note}, {"facility.version", locale.Date(ctx, f.Known)}} {
		if x[1] != "" {
			v.facts = append(v.facts, ui.Fact{Name: c.T(x[0]), Value: ui.Text(x[1])})
		}
	}
	figures, err := Figures(ctx, s.W.DB.Read, s.Home, s.today())
	if err != nil {
		return err
	}
	hidden, err := s.Hidden(ctx, c.Actor, s.Home, s.today(), indicators()...)
	if err != nil {
		return err
	}
	v.figures = ui.Table{ID: "figures", Caption: c.T("facility.figures"), Columns: []ui.Column{{Label: c.T("facility.col.indicator"), Main: true}, {Label: c.T("facility.col.year"), NoWrap: true}, {Label: c.T("facility.col.value"), Number: true}},
		Empty: ui.Empty{Title: c.T("facility.figures.none")}}
	for _, o := range slices.Backward(figures) {
		if o.FacilityID != f.ID {
			continue
		}
		shown := c.T("facility.not_known")
		switch {
		case hidden[o.ID] && !v.mayWrite:
			shown = c.T("facility.hidden")
		case o.Value != nil:
			shown = locale.Int(ctx, int(*o.Value))
		}
		v.figures.Rows = append(v.figures.Rows, ui.Row{Cells: []templ.Component{ui.Text(define.Current().Name(c.Lang(), o.Indicator)), ui.Text(strconv.Itoa(o.End.Time().Year())), ui.Text(shown)}})
	}
	return c.Render(web.Page{Title: v.head.Title, Room: path, Body: facilityBody(v)})
}

// coveragePage shows what services reach of those in need.
func (s *Service) coveragePage(c *web.Ctx) error {
	ctx := c.Context()
	all, err := s.CoverageOf(ctx, c.Actor, s.Home, s.today())
	if err != nil {
		return err
	}
	head := ui.Head{Title: c.T("facility.coverage"), Sub: []string{s.place(ctx, s.Home)}, AsOf: c.T("facility.as_of", "Date", locale.Date(ctx, s.today()))}
	t := ui.Table{ID: "coverage", Caption: c.T("facility.coverage"), Empty: ui.Empty{Title: c.T("facility.coverage.none"), Text: c.T("facility.coverage.none.text")}, Columns: []ui.Column{{Label: c.T("facility.col.year"), NoWrap: true, Main: true},
		{Label: c.T("facility.field.services")}, {Label: c.T("facility.col.served"), Number: true}, {Label: c.T("facility.col.need"), Number: true}, {Label: c.T("facility.col.ratio"), Number: true}, {Label: c.T("facility.col.band"), Bare: true}}}
	for _, x := range all {
		if x.Synthetic && len(head.Tags) == 0 {
			head.Tags = append(head.Tags, ui.Tag(c.T("facility.synthetic")))
		}
		from := c.T("facility.stated")
		if x.Reporting > 0 {
			from = locale.N(ctx, "facility.summed", x.Reporting)
		}
		served, share, band := locale.Number(ctx, x.Served, 0), ratio(ctx, &x), bandCell(ctx, &x)
		if x.Hidden {
			served, share, band = c.T("facility.hidden"), "–", ui.Text("–")
		}
		need := locale.Number(ctx, x.InNeed, 0)
		if !math.IsNaN(x.Low) {
			need += " (" + locale.Number(ctx, x.Low, 0) + "–" + locale.Number(ctx, x.High, 0) + ")"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Text(strconv.Itoa(x.Year)), ui.Text(c.T("facility.service." + x.Service)), ui.Lines(served, from), ui.Lines(need, strings.TrimSpace(x.Issuer+" "+strconv.Itoa(x.EstimateY))),
			ui.Text(share), band}})
	}
	return c.Render(web.Page{Title: head.Title, Room: path, AsOf: head.AsOf, Body: coverageBody(head, t)})
}

func ratio(ctx context.Context, c *Coverage) string {
	one := func(v float64) string {
		if c.Service == "oat" {
			return locale.Number(ctx, 100*v, 1)
		}
		return locale.Number(ctx, v, map[string]int{"nsp": 0, "naloxone": 3}[c.Service])
	}
	out := one(c.Ratio)
	if !math.IsNaN(c.Range.Lower) {
		out += " (" + one(c.Range.Lower) + "–" + one(c.Range.Upper) + ")"
	}
	if c.Service == "oat" {
		out += "\u00a0%"
	}
	return out
}

// bandCell names the band; where the limits of the estimate fall into different ones it says both.
func bandCell(ctx context.Context, c *Coverage) templ.Component {
	name := func(b string) string { return locale.T(ctx, "facility.band."+b) }
	if c.Band.String() == "none" {
		return ui.Text("–")
	}
	if c.Bands[0] != c.Bands[1] && !math.IsNaN(c.Range.Lower) {
		return ui.Lines(name(c.Band.String()), locale.T(ctx, "facility.band.open", "From", name(c.Bands[0].String()), "To", name(c.Bands[1].String())))
	}
	return ui.Text(name(c.Band.String()))
}
