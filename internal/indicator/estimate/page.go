package estimate

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/export"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// What a page shows of very many models; the files have all.
const (
	mostDrawn  = 16
	mostListed = 64
)

type pageView struct {
	head    ui.Head
	e       *Estimate
	totals  []ui.Total
	lesson  []string
	forest  []forestRow
	lines   ui.Table
	tables  []ui.Table
	facts   []ui.Fact
	assumed []string
	drift   *ui.Chart
	inputs  []ui.Fact
	rows    []ui.Fact // inputs of many lines
	csv     string
	xlsx    string
	links   []ui.NavItem
	mayRun  bool
	kept    bool // it is in the database
	figures []ui.Option
	note    string
}

func (s *Service) page(c *web.Ctx) error {
	e, err := s.Get(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	if c.Query("format") == "csv" || c.Query("format") == "xlsx" {
		return s.download(c, &e)
	}
	v := s.view(c, &e)
	v.kept, v.mayRun = true, access.May(c.Actor, access.EstimateRun) && e.Full
	if v.mayRun && e.ObservationID == "" && e.Later == "" && e.Withdrawn.IsZero() && e.For(outside).Central != nil {
		for _, i := range fitting(e.Unit) {
			v.figures = append(v.figures, ui.Option{Value: i.Code, Label: i.Name.In(c.Lang())})
		}
	}
	if len(e.Output.Lines) > 0 {
		v.csv, v.xlsx = room+"/"+e.ID+"?format=csv", room+"/"+e.ID+"?format=xlsx"
	}
	v.links = []ui.NavItem{{Label: c.T("estimate.compare.open"), Href: room + "/compare?target=" + e.Target + "&place=" + e.Place}}
	for key, id := range map[string]string{"estimate.earlier": e.SupersedesID, "estimate.later": e.Later} {
		if id != "" {
			v.links = append(v.links, ui.NavItem{Label: c.T(key), Href: room + "/" + id})
		}
	}
	return c.Render(web.Page{Title: e.Title, Room: room, AsOf: v.head.AsOf, Body: estimatePage(v)})
}

// examplePage works a published example through; nothing is kept.
func (s *Service) examplePage(c *web.Ctx) error {
	for _, x := range examples() {
		if x.Code != c.Path("code") {
			continue
		}
		e, err := x.estimate(c.T("estimate.example." + x.Code))
		if err != nil {
			return err
		}
		v := s.view(c, &e)
		v.note = c.T("estimate.example.note")
		if access.May(c.Actor, access.EstimateRun) {
			v.links = []ui.NavItem{{Label: c.T("estimate.example.use"), Href: room + "/new?example=" + x.Code}}
		}
		return c.Render(web.Page{Title: e.Title, Room: room, Body: estimatePage(v)})
	}
	return baqylau.E(baqylau.NotFound, "error.not_found")
}

func (s *Service) view(c *web.Ctx, e *Estimate) pageView {
	ctx, d := c.Context(), decimals(e.Unit)
	v := pageView{e: e}
	v.head = ui.Head{Title: e.Title, Sub: []string{targetName(ctx, e.Target), s.Shelf.Book().PlaceName(e.Place, c.Lang()), years(*e), methodName(ctx, e.Method)}}
	if e.ID == "" { // an example says in its name where it is from
		v.head.Sub = v.head.Sub[2:]
	}
	if e.Area != "" {
		v.head.Sub = slices.Insert(v.head.Sub, 2, e.Area)
	}
	if e.Age != define.AllAges {
		v.head.Sub = append(v.head.Sub, c.T("estimate.ages", "Age", strings.ReplaceAll(e.Age, "-", "–")))
	}
	if !e.Known.IsZero() {
		v.head.AsOf = c.T("estimate.as_of", "Date", locale.Date(ctx, e.Known))
	}
	for _, m := range e.marks(ctx) {
		v.head.Tags = append(v.head.Tags, ui.Tag(m))
	}
	v.totals = []ui.Total{{Value: e.central(ctx), Label: unitName(ctx, e.Unit)}}
	if e.Low != nil || e.High != nil {
		v.totals = append(v.totals, ui.Total{Value: e.limits(ctx), Label: s.intervalWords(ctx, e)})
	}
	if central, low, high := e.Rate(); central != nil {
		text := locale.Number(ctx, *central, 1)
		if low != nil && high != nil {
			text += " (" + locale.Number(ctx, *low, 1) + " – " + locale.Number(ctx, *high, 1) + ")"
		}
		v.totals = append(v.totals, ui.Total{Value: text, Label: c.T("estimate.per_1000")})
	}
	v.lesson = lesson(ctx, e)
	v.forest = forestOf(ctx, e)
	v.lines = linesTable(ctx, e, d)
	for _, t := range e.Output.Tables {
		v.tables = append(v.tables, sideTable(ctx, t, d))
	}
	for _, f := range e.Output.Facts {
		v.facts = append(v.facts, ui.Fact{Name: c.T("estimate.fact." + f.Name), Value: ui.Text(say(ctx, f.Value, f.Decimals))})
	}
	v.facts = append(v.facts, ui.Fact{Name: c.T("estimate.citation"), Value: cited(e)})
	if e.Note != "" {
		v.facts = append(v.facts, ui.Fact{Name: c.T("estimate.note"), Value: ui.Text(e.Note)})
	}
	if e.Engine != "" {
		v.facts = append(v.facts, ui.Fact{Name: c.T("estimate.engine"), Value: ui.Code(e.Engine)})
	}
	for i := 1; locale.Has("estimate.assume." + e.Method + "." + string(rune('0'+i))); i++ {
		v.assumed = append(v.assumed, c.T("estimate.assume."+e.Method+"."+string(rune('0'+i))))
	}
	v.drift = driftChart(ctx, e)
	v.inputs, v.rows = inputFacts(ctx, e)
	return v
}

// intervalWords names the kind of the limits with their level.
func (s *Service) intervalWords(ctx context.Context, e *Estimate) string {
	if l := e.Inputs["level"]; l != "" {
		return locale.T(ctx, "estimate.interval_at", "Level", l, "Kind", intervalName(ctx, e.Interval))
	}
	return intervalName(ctx, e.Interval)
}

// ordered are the lines as they are listed: models by AIC, those without an estimate last; other lines as they come.
func ordered(out compute.Output) []int {
	at := make([]int, len(out.Lines))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int {
		x, y := out.Lines[a], out.Lines[b]
		if x.Model && (x.Reason == "") != (y.Reason == "") {
			return cmp.Compare(x.Reason, y.Reason)
		}
		if x.Model && y.Model {
			return cmp.Compare(float64(x.AIC), float64(y.AIC))
		}
		return 0
	})
	return at
}

func linesTable(ctx context.Context, e *Estimate, d int) ui.Table {
	t := ui.Table{ID: "lines", Caption: locale.T(ctx, "estimate.lines"), Columns: []ui.Column{{Label: locale.T(ctx, "estimate.line"), Main: true}, {Label: unitName(ctx, e.Unit), Number: true}, {Label: locale.T(ctx, "estimate.se"), Number: true, Minor: true},
		{Label: locale.T(ctx, "estimate.limits")}}, Empty: ui.Empty{Title: locale.T(ctx, "estimate.lines.none"), Text: locale.T(ctx, "estimate.lines.none.text")}}
	models := len(e.Output.Lines) > 0 && e.Output.Lines[0].Model
	if models {
		t.Columns[0].Label = locale.T(ctx, "estimate.model")
		t.Columns = append(t.Columns, ui.Column{Label: locale.T(ctx, "estimate.deviance"), Number: true, Minor: true}, ui.Column{Label: "AIC", Number: true})
	}
	for n, i := range ordered(e.Output) {
		l := e.Output.Lines[i]
		if n >= mostListed && i != e.Output.Chosen {
			continue
		}
		row := ui.Row{Label: lineName(ctx, l), Cells: []templ.Component{ui.Lines(lineName(ctx, l), lineNote(ctx, e, i)), ui.Text(say(ctx, l.Value, d)), ui.Text(say(ctx, l.SE, d+1)), limitsCell(ctx, l, d)}}
		if models {
			row.Cells = append(row.Cells, ui.Text(say(ctx, l.Deviance, 1)+" ("+locale.Int(ctx, l.DF)+")"), ui.Text(say(ctx, l.AIC, 1)))
		}
		if i == e.Output.Chosen {
			row.States = append(row.States, ui.Active)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// lineNote says what is to be known of a line: that it is the one used, why it has no estimate, that a parameter has none.
func lineNote(ctx context.Context, e *Estimate, i int) string {
	l := e.Output.Lines[i]
	var parts []string
	if i == e.Output.Chosen {
		parts = append(parts, locale.T(ctx, "estimate.used"))
	}
	if l.Reason != "" {
		parts = append(parts, locale.T(ctx, "estimate.reason."+l.Reason))
	}
	if l.Boundary && l.Reason == "" {
		parts = append(parts, locale.T(ctx, "estimate.boundary"))
	}
	return strings.Join(parts, "; ")
}

func limitsCell(ctx context.Context, l compute.Line, d int) templ.Component {
	if len(l.Intervals) == 0 {
		return ui.Text("–")
	}
	var lines []string
	for _, i := range l.Intervals {
		lines = append(lines, sayLimits(ctx, i, d)+"  "+intervalName(ctx, i.Kind))
	}
	return textLines(lines)
}

func sideTable(ctx context.Context, t compute.Table, d int) ui.Table {
	out := ui.Table{ID: t.Name, Caption: locale.T(ctx, "estimate.table."+t.Name)}
	for i, name := range t.Columns {
		out.Columns = append(out.Columns, ui.Column{Label: locale.T(ctx, "estimate.column."+name), Main: i == 0, Number: i > 0})
	}
	for _, r := range t.Rows[:min(len(t.Rows), mostListed)] {
		label := r.Label
		if t.Name == "bands" {
			label = locale.T(ctx, "estimate.band."+r.Label)
		}
		row := ui.Row{Label: label, Cells: []templ.Component{ui.Text(label)}}
		for i, v := range r.Values {
			places := 0
			switch t.Columns[i+1] {
			case "estimate", "load":
				places = max(d, 1)
			case "quotient", "reached":
				places = 2
			}
			row.Cells = append(row.Cells, ui.Text(say(ctx, v, places)))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// driftChart shows how the estimate of a respondent-driven sample went, interview by interview; thinned to what can be seen.
func driftChart(ctx context.Context, e *Estimate) *ui.Chart {
	n := len(e.Output.Drift)
	if n < 2 {
		return nil
	}
	c := ui.Chart{ID: "drift", Summary: locale.T(ctx, "estimate.drift"), Axis: locale.T(ctx, "estimate.interviews"), Decimals: 1, Unit: unitName(ctx, e.Unit), Series: []ui.Series{{Name: locale.T(ctx, "estimate.central")}}, Caption: ui.Caption{Source: e.Citation, Period: years(*e), N: -1}}
	for i := 0; i < n; i += max(1, n/60) {
		at := min(i+max(1, n/60)-1, n-1)
		v := float64(e.Output.Drift[at])
		if math.IsInf(v, 0) {
			v = math.NaN()
		}
		c.Labels, c.Series[0].Values = append(c.Labels, locale.Int(ctx, at+1)), append(c.Series[0].Values, v)
	}
	return &c
}

// inputFacts are what was entered: short fields, and those of many lines.
func inputFacts(ctx context.Context, e *Estimate) (short, long []ui.Fact) {
	m, ok := compute.Of(e.Method)
	if !ok || e.Inputs == nil {
		return nil, nil
	}
	for _, f := range m.Fields {
		v := e.Inputs[f.Name]
		label := locale.T(ctx, "estimate.field."+f.Name)
		switch {
		case v == "":
		case f.Kind == compute.Rows:
			long = append(long, ui.Fact{Name: label, Value: pre(v)})
		case f.Kind == compute.Choice:
			short = append(short, ui.Fact{Name: label, Value: ui.Text(choiceName(ctx, f.Name, v))})
		case locale.Has("estimate.choice." + f.Name + "." + v): // a word that may be typed in place of a model
			short = append(short, ui.Fact{Name: label, Value: ui.Text(choiceName(ctx, f.Name, v))})
		case f.Kind == compute.Tick:
			short = append(short, ui.Fact{Name: label, Value: ui.Text(locale.T(ctx, "estimate.yes"))})
		default:
			short = append(short, ui.Fact{Name: label, Value: ui.Text(v)})
		}
	}
	return short, long
}

func choiceName(ctx context.Context, field, value string) string {
	return locale.T(ctx, "estimate.choice."+field+"."+value)
}

// download writes the lines of an estimate as the reader may see them. It is an act of its own, so that the journal knows what left.
func (s *Service) download(c *web.Ctx, e *Estimate) error {
	if len(e.Output.Lines) == 0 {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	header := []string{"line", "used", "value", "standard_error", "interval", "low", "high", "deviance", "df", "aic", "reason", "unit", "target", "place", "from", "to", "method", "engine", "citation", "synthetic"}
	var rows [][]any
	for _, i := range ordered(e.Output) {
		l := e.Output.Lines[i]
		intervals := l.Intervals
		if len(intervals) == 0 {
			intervals = []compute.Limits{l.Interval()}
		}
		for _, at := range intervals {
			var df any
			if l.Model {
				df = l.DF
			}
			rows = append(rows, []any{l.Name, i == e.Output.Chosen, cell(l.Value), cell(l.SE), at.Kind, cell(at.Low), cell(at.High), cell(l.Deviance), df, cell(l.AIC), l.Reason, e.Unit, e.Target, e.Place, e.Start, e.End, e.Method, e.Engine, e.Citation, e.Synthetic})
		}
	}
	format := c.Query("format")
	err := s.W.Do(c.Context(), c.Actor, access.IndicatorRead, func(_ context.Context, tx *change.Tx) error {
		tx.Subject("export", "estimate", c.Actor.OrgID, map[string]any{"estimate": e.ID, "format": format, "rows": len(rows)})
		return nil
	})
	if err != nil {
		return err
	}
	all := iter.Seq2[[]any, error](func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	})
	name := "estimate-" + e.ID[max(0, len(e.ID)-8):] + "." + format
	foreign := c.Lang() != baqylau.English
	if format == "xlsx" {
		c.Download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name)
		_, err = export.XLSX(c.Context(), c.W, c.T("estimate.title"), header, all)
	} else {
		c.Download("text/csv; charset=utf-8", name)
		_, err = export.CSV(c.Context(), c.W, header, all, export.Options{BOM: true, Semicolon: foreign, DecimalComma: foreign})
	}
	if err != nil {
		c.Abort(err)
	}
	return nil
}

// cell is a figure for a file: nothing where the data do not determine it, a word where they put no limit.
func cell(v compute.Value) any {
	switch {
	case math.IsInf(float64(v), 1):
		return "unlimited"
	case math.IsNaN(float64(v)):
		return nil
	}
	return float64(v)
}
