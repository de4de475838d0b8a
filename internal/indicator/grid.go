package indicator

import (
	"context"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// mostColumns bounds the indicators of a form: more fit no screen.
const mostColumns = 8

// gridRows are the dimensions along which the rows of a form may go, in the order in which they are offered.
var gridRows = []string{dimPlace, dimDrug, dimSex, dimAge}

// grid is a form of many figures of one period: a column for each indicator, a row for each value of a dimension.
type grid struct {
	Codes      []string // indicators
	Rows       string   // dimension
	Start, End baqylau.Date
	Cumulative bool
	values     []string // of the rows
}

// gridAsked reads what form is wanted; whatever it does not know is left out, and the period is the year before today unless another is asked for.
func (s *Service) gridAsked(q url.Values, today baqylau.Date) grid {
	g := grid{Rows: q.Get("rows"), Cumulative: q.Get("cumulative") != ""}
	for _, code := range q["indicator"] {
		if _, ok := define.Current().Indicator(code); ok && !slices.Contains(g.Codes, code) && len(g.Codes) < mostColumns {
			g.Codes = append(g.Codes, code)
		}
	}
	if !slices.Contains(gridRows, g.Rows) {
		g.Rows = dimPlace
	}
	last := today.Time().Year() - 1
	g.Start, g.End = baqylau.NewDate(last, 1, 1), baqylau.NewDate(last, 12, 31)
	start, p1, err1 := baqylau.ParseDate(q.Get("start"))
	end, p2, err2 := baqylau.ParseDate(q.Get("end"))
	if err1 == nil && err2 == nil && p1 == baqylau.Day && p2 == baqylau.Day && !start.IsZero() && !end.Before(start) {
		g.Start, g.End = start, end
	}
	switch g.Rows {
	case dimPlace:
		g.values = append(s.Facts(today).Parts(s.Home, g.End), s.Home)
	case dimDrug:
		for _, e := range define.Current().List("drug") {
			if e.Valid(g.End) {
				g.values = append(g.values, e.Code)
			}
		}
	case dimSex:
		g.values = []string{"male", "female", "unknown", AllSexes}
	case dimAge:
		for _, b := range define.Current().Bands("tdi") {
			g.values = append(g.values, b.Code)
		}
		g.values = append(g.values, AllAges)
	}
	return g
}

// address is the form's own address.
func (g *grid) address() string {
	q := url.Values{"indicator": g.Codes, "rows": {g.Rows}, "start": {g.Start.String()}, "end": {g.End.String()}}
	if g.Cumulative {
		q.Set("cumulative", "1")
	}
	return "/observations/grid?" + q.Encode()
}

// figure is what a cell of the form is about, without its value.
func (g *grid) figure(home, code, v string) Observation {
	o := Observation{Indicator: code, Start: g.Start, End: g.End, Cumulative: g.Cumulative, Place: home}
	switch g.Rows {
	case dimPlace:
		o.Place = v
	case dimDrug:
		o.Drug = v
	case dimSex:
		o.Sex = v
	case dimAge:
		o.Age = v
	}
	return o
}

// cellName is the name of a cell's field.
func cellName(column, row int) string { return "c" + strconv.Itoa(column) + "-" + strconv.Itoa(row) }

// absenceOf reads what may be written in a cell instead of a number: the signs of the explorer, and the codes.
func absenceOf(text string) (Absence, bool) {
	for _, a := range Absences {
		if text == signs[a] || strings.EqualFold(text, string(a)) || text == "-" && a == NotCollected {
			return a, true
		}
	}
	return Present, false
}

// read turns the cells that hold something into figures; a cell that holds neither number nor sign is told at its field.
func (g *grid) read(f *web.Form, home string) (all []Observation, fields []string) {
	for i, code := range g.Codes {
		for j, v := range g.values {
			name := cellName(i, j)
			if f.Get(name) == "" {
				continue
			}
			o := g.figure(home, code, v)
			text, number := locale.Plain(f.Lang, f.Get(name))
			if a, ok := absenceOf(text); ok {
				o.Absence = a
			} else if n, err := strconv.ParseFloat(text, 64); number && err == nil && !math.IsInf(n, 0) {
				o.Value = &n
			} else {
				f.Bad(name, "indicator.error.cell", "Value", f.Get(name))
				continue
			}
			all, fields = append(all, o), append(fields, name)
		}
	}
	return all, fields
}

// gridView is the page of a form.
type gridView struct {
	grid
	s        *Service
	form     *web.Form
	mistakes []ui.FieldError
}

func (s *Service) showGrid(c *web.Ctx) error {
	v := gridView{grid: s.gridAsked(c.R.URL.Query(), change.Today(c.Now())), s: s, form: &web.Form{Values: url.Values{}}}
	if err := s.prefill(c.Context(), c.Actor, &v); err != nil {
		return err
	}
	return c.Render(web.Page{Title: c.T("indicator.grid"), Room: room, Body: v.page()})
}

// prefill puts what the reader's organisation has said so far by hand, in the usual units, into the cells, so that a form is corrected by changing what is wrong in it.
func (s *Service) prefill(ctx context.Context, a access.Actor, v *gridView) error {
	if len(v.Codes) == 0 {
		return nil
	}
	found, err := Find(ctx, s.W.DB.Read, Question{Indicators: v.Codes, Country: s.Home, From: v.Start, To: v.End, OrgID: a.OrgID, Breakdowns: []string{""}, AsOf: change.Today(s.W.Now())})
	if err != nil {
		return err
	}
	var own []string // its own source: what it imported from a yearbook is another's statement
	if err := s.W.DB.Read.NewRaw("SELECT id FROM source WHERE org_id = ?", a.OrgID).Scan(ctx, &own); err != nil {
		return err
	}
	said := map[string]*Observation{}
	for i := range found {
		if o := &found[i]; slices.Contains(own, o.SourceID) && o.Issuer+o.Citation+o.FacilityID == "" {
			said[o.Cell()+"|"+o.Unit] = o
		}
	}
	for i, code := range v.Codes {
		for j, row := range v.values {
			o := v.figure(s.Home, code, row)
			o.Country = s.Home
			o.Fill()
			ind, _ := define.Current().Indicator(code)
			if b := said[o.Cell()+"|"+ind.Unit]; b != nil && b.Coverage == "" && b.Definition == "" {
				text := signs[b.Absence]
				if b.Value != nil {
					text = locale.Shortest(ctx, *b.Value)
				}
				v.form.Values[cellName(i, j)] = []string{text}
			}
		}
	}
	return nil
}

// postGrid takes all cells or none.
func (s *Service) postGrid(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	g := s.gridAsked(f.Values, change.Today(c.Now()))
	all, fields := g.read(f, s.Home)
	if err = f.Errors.OrNil(); err == nil && len(all) == 0 {
		err = baqylau.E(baqylau.Invalid, "indicator.error.empty_form")
	}
	if err == nil {
		_, err = s.enter(c.Context(), c.Actor, all, func(i int, _ string) string { return fields[i] }, nil)
	}
	if baqylau.CodeOf(err) == baqylau.Invalid {
		v := gridView{grid: g, s: s, form: f, mistakes: ui.FieldErrors(c.Context(), err)}
		return c.Render(web.Page{Title: c.T("indicator.grid"), Room: room, Body: v.page(), Status: 422})
	}
	if err != nil {
		return err
	}
	return c.Done(g.address(), "indicator.grid.saved", "")
}

// rowName is the name of a row.
func (v gridView) rowName(ctx context.Context, row string) string {
	return valueName(ctx, v.s.Shelf.Book(), v.Rows, row)
}

// columnName is the title of an indicator with its unit.
func (v gridView) columnName(ctx context.Context, code string) (name, unit string) {
	c := define.Current()
	i, _ := c.Indicator(code)
	return i.Name.In(locale.Lang(ctx)), c.Unit(locale.Lang(ctx), i.Unit)
}

func (v gridView) indicators(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: locale.T(ctx, "indicator.grid.column")}}
	for _, i := range define.Current().Indicators() {
		if !slices.Contains(v.Codes, i.Code) {
			out = append(out, ui.Option{Value: i.Code, Label: i.Name.In(locale.Lang(ctx))})
		}
	}
	return out
}

func (v gridView) rowOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, d := range gridRows {
		out = append(out, ui.Option{Value: d, Label: locale.T(ctx, "indicator.grid.by", "Dimension", dimName(ctx, d))})
	}
	return out
}
