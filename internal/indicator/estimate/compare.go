package estimate

import (
	"math"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// outside is who sees least.
const outside = disclosure.Public

type compareView struct {
	head    ui.Head
	filters ui.Filters
	groups  []compareGroup
}

// compareGroup are the estimates of one unit, which alone can stand on one scale.
type compareGroup struct {
	title  string
	lesson string
	forest []forestRow
	chart  *ui.Chart
	table  ui.Table
}

// comparePage puts the estimates of one group of people and one place side by side, by year and method. They are not averaged: methods that share persons are correlated.
func (s *Service) comparePage(c *web.Ctx) error {
	target, place := c.Query("target"), c.Query("place")
	if _, ok := define.Current().Code(targets, target); !ok {
		target = ""
	}
	if place == "" {
		place = s.Home
	}
	all, err := s.About(c.Context(), c.Actor, target, place)
	if err != nil {
		return err
	}
	v := compareView{head: ui.Head{Title: c.T("estimate.compare"), Sub: []string{s.Shelf.Book().PlaceName(place, c.Lang())}}}
	if target != "" {
		v.head.Sub = append([]string{targetName(c.Context(), target)}, v.head.Sub...)
	}
	v.filters = ui.Filters{Action: room + "/compare", Fields: []templ.Component{ui.FilterSelect("target", c.T("estimate.target"), target, append([]ui.Option{{Label: c.T("estimate.target")}}, targetOptions(c)...)),
		ui.FilterSelect("place", c.T("estimate.place"), place, s.placeOptions(c))}}
	for _, unit := range unitsOf(all) {
		v.groups = append(v.groups, compared(c, unit, slices.DeleteFunc(slices.Clone(all), func(e Estimate) bool { return e.Unit != unit })))
	}
	for _, e := range all {
		if e.Synthetic {
			v.head.Tags = []templ.Component{ui.Tag(c.T("estimate.synthetic"))}
		}
	}
	return c.Render(web.Page{Title: v.head.Title, Room: room, Body: compareBody(v)})
}

func unitsOf(all []Estimate) (units []string) {
	for _, e := range all {
		if !slices.Contains(units, e.Unit) {
			units = append(units, e.Unit)
		}
	}
	return units
}

func compared(c *web.Ctx, unit string, all []Estimate) (g compareGroup) {
	ctx := c.Context()
	g.title = unitName(ctx, unit)
	g.table = ui.Table{ID: "compared-" + unit, Caption: c.T("estimate.compare"), Columns: []ui.Column{{Label: c.T("estimate.what"), Main: true}, {Label: c.T("estimate.year"), NoWrap: true}, {Label: c.T("estimate.method")},
		{Label: c.T("estimate.central"), Number: true}, {Label: c.T("estimate.limits"), NoWrap: true}, {Label: c.T("estimate.marks"), Bare: true}}}
	var marked []mark
	var values []float64
	for i := range all {
		e := &all[i]
		g.table.Rows = append(g.table.Rows, ui.Row{Label: e.Title, Cells: []templ.Component{ui.Link(room+"/"+e.ID, e.Title, targetName(ctx, e.Target)), ui.Text(years(*e)), ui.Text(methodName(ctx, e.Method)), ui.Text(e.central(ctx)), ui.Text(e.limits(ctx)), marks(e.marks(ctx))}})
		if e.Central == nil {
			continue
		}
		values = append(values, *e.Central)
		marked = append(marked, mark{forestRow{Name: years(*e) + " · " + methodName(ctx, e.Method), Href: room + "/" + e.ID, Note: e.Title, Shown: e.central(ctx) + " (" + e.limits(ctx) + ")"}, *e.Central, orNaN(e.Low), upper(e)})
	}
	if len(marked) > 1 {
		g.forest = placed(marked)
		spread := epi.Compare(values...)
		g.lesson = locale.N(ctx, "estimate.lesson.compare", spread.Estimates, "Lowest", locale.Number(ctx, spread.Lowest, decimals(unit)), "Highest", locale.Number(ctx, spread.Highest, decimals(unit)))
	}
	g.chart = byYear(c, unit, all)
	return g
}

// byYear is a line a method over the years; nil where there is one year only. Of several estimates of a year by one method the last one kept is drawn; the table has all.
func byYear(c *web.Ctx, unit string, all []Estimate) *ui.Chart {
	ctx := c.Context()
	var from, to int
	var methods []string
	for _, e := range all {
		if e.Central == nil {
			continue
		}
		y := e.End.Time().Year()
		if from == 0 || y < from {
			from = y
		}
		to = max(to, y)
		if !slices.Contains(methods, e.Method) {
			methods = append(methods, e.Method)
		}
	}
	if from == to || to-from > 60 {
		return nil
	}
	chart := ui.Chart{ID: "by-year-" + unit, Summary: c.T("estimate.compare.chart"), Axis: c.T("estimate.year"), Decimals: decimals(unit), Unit: unitName(ctx, unit), Caption: ui.Caption{Source: c.T("estimate.title"), N: -1}}
	for y := from; y <= to; y++ {
		chart.Labels = append(chart.Labels, strconv.Itoa(y))
	}
	for _, m := range methods {
		series := ui.Series{Name: methodName(ctx, m), Values: nans(to - from + 1), Low: nans(to - from + 1), High: nans(to - from + 1)}
		for i := range all {
			if e := &all[i]; e.Method == m && e.Central != nil {
				at := e.End.Time().Year() - from
				series.Values[at], series.Low[at], series.High[at] = *e.Central, orNaN(e.Low), orNaN(e.High)
			}
		}
		chart.Series = append(chart.Series, series)
	}
	return &chart
}

func nans(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// upper is the upper limit of an estimate for a drawing: without one, where there is a lower one, the line goes on.
func upper(e *Estimate) float64 {
	if e.High == nil && e.Low != nil {
		return math.Inf(1)
	}
	return orNaN(e.High)
}
