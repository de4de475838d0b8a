package indicator

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const (
	mostLines = 6   // drawn at once: more cannot be told apart
	mostRows  = 150 // of the table; the file holds all
)

// unit is the unit of a picture's values: that of most of its figures.
func (p *Picture) unit(ctx context.Context) string {
	if p.PerPeople {
		return define.Current().Unit(locale.Lang(ctx), "per_100000")
	}
	count := map[string]int{}
	best := p.Indicator.Unit
	for _, l := range p.Lines {
		for i := range l.Points {
			if o := l.Points[i].Shown; o != nil {
				if count[o.Unit]++; count[o.Unit] > count[best] {
					best = o.Unit
				}
			}
		}
	}
	return define.Current().Unit(locale.Lang(ctx), best)
}

// decimals is how many decimals the figures of a picture need.
func (p *Picture) decimals() int {
	d := 0
	if p.PerPeople {
		return 1
	}
	for _, l := range p.Lines {
		for _, pt := range l.Points {
			if !math.IsNaN(pt.Value) && math.Abs(pt.Value) < 1000 {
				d = max(d, decimalsOf(pt.Value, 2))
			}
		}
	}
	return d
}

// drawn are the lines of the chart: those with the greatest last figures where there are too many.
func (p *Picture) drawn() []Line {
	if len(p.Lines) <= mostLines {
		return p.Lines
	}
	lastOf := func(l Line) float64 {
		for i := len(l.Points) - 1; i >= 0; i-- {
			if v := l.Points[i].Value; !math.IsNaN(v) {
				return v
			}
		}
		return -1
	}
	list := slices.Clone(p.Lines)
	slices.SortStableFunc(list, func(a, b Line) int { return cmp.Compare(lastOf(b), lastOf(a)) })
	list = list[:mostLines]
	slices.SortStableFunc(list, func(a, b Line) int {
		find := func(code string) int { return slices.IndexFunc(p.Lines, func(l Line) bool { return l.Code == code }) }
		return find(a.Code) - find(b.Code)
	})
	return list
}

// chart draws the lines over the periods.
func (v exploreView) chart(ctx context.Context, p *Picture) ui.Chart {
	name := p.Indicator.Name.In(locale.Lang(ctx))
	c := ui.Chart{ID: "lines-" + p.Indicator.Code, Axis: locale.T(ctx, "indicator.period"), Labels: p.Periods, Decimals: p.decimals(), Unit: p.unit(ctx), Height: 260, Explore: len(p.Periods) > 8,
		Breaks: v.marksOf(ctx, p), Summary: locale.T(ctx, "indicator.chart.summary", "What", name, "From", p.Periods[0], "To", p.Periods[len(p.Periods)-1]), Caption: v.caption(ctx, p)}
	seen := map[string]string{}
	for _, l := range p.drawn() {
		s := ui.Series{Name: cmp.Or(valueName(ctx, v.book, p.Split, l.Code), name)}
		band := false
		for i := range l.Points {
			pt := &l.Points[i]
			s.Values, s.Low, s.High = append(s.Values, pt.Value), append(s.Low, pt.Low), append(s.High, pt.High)
			s.Loose = append(s.Loose, pt.Part)
			band = band || !math.IsNaN(pt.Low)
			sign, words := pt.sign(ctx)
			if sign != "" {
				seen[sign] = words
			}
			s.Sign, s.Note = append(s.Sign, sign), append(s.Note, pt.note(ctx))
			if pt.Part && !math.IsNaN(pt.Value) {
				seen["◌"] = locale.T(ctx, "indicator.sign.part")
			}
		}
		if !band {
			s.Low, s.High = nil, nil
		}
		c.Series = append(c.Series, s)
	}
	for _, sign := range []string{"◌", hiddenSign, "×", "–", "?", "∅"} {
		if seen[sign] != "" {
			c.Signs = append(c.Signs, ui.Sign{Mark: sign, Text: seen[sign]})
		}
	}
	return c
}

// sign is the mark that stands where there is no number, and what it means.
func (p *Point) sign(ctx context.Context) (sign, words string) {
	switch {
	case p.Hidden:
		return hiddenSign, locale.T(ctx, "indicator.hidden")
	case p.Shown != nil && p.Shown.Value == nil:
		return signs[p.Shown.Absence], locale.T(ctx, "indicator.absence."+string(p.Shown.Absence))
	}
	return "", ""
}

// note is what a chart says of a point behind its value, or instead of one: its own period first, where that is not the category's.
func (p *Point) note(ctx context.Context) string {
	if p.Shown == nil {
		return ""
	}
	said := p.remarks(ctx)
	if _, words := p.sign(ctx); words != "" || !(p.Other || p.Shown.Start == p.Shown.End) {
		return said
	}
	if said == "" {
		return p.Shown.periodWords(ctx)
	}
	return p.Shown.periodWords(ctx) + ", " + said
}

// remarks are what is said of a point beside its value and its period, or instead of a value.
func (p *Point) remarks(ctx context.Context) string {
	if _, words := p.sign(ctx); words != "" {
		return words
	}
	var out []string
	if q := p.Shown.Qualifier; q != Exact {
		out = append(out, locale.T(ctx, "indicator.qualifier."+string(q)))
	}
	if p.Summed == 0 {
		out = append(out, p.Shown.marks(ctx)...)
	} else {
		out = append(out, locale.N(ctx, "indicator.summed", p.Summed))
	}
	switch {
	case p.Chosen:
		out = append(out, locale.T(ctx, "indicator.chosen"))
	case p.Conflict:
		out = append(out, locale.T(ctx, "indicator.conflict"))
	}
	return strings.Join(out, ", ")
}

// caption tells the sources, the years and the day.
func (v exploreView) caption(ctx context.Context, p *Picture) ui.Caption {
	var issuers []string
	for _, l := range p.Lines {
		for i := range l.Points {
			for j := range l.Points[i].Stated {
				if name := l.Points[i].Stated[j].issuer(ctx, v.book); name != "" && !slices.Contains(issuers, name) {
					issuers = append(issuers, name)
				}
			}
		}
	}
	const few = 3
	source := joined(issuers[:min(few, len(issuers))])
	if more := len(issuers) - few; more > 0 {
		source += " " + locale.N(ctx, "indicator.more_sources", more)
	}
	period := p.Periods[0]
	if last := p.Periods[len(p.Periods)-1]; last != period {
		period += "–" + last
	}
	return ui.Caption{Source: source, Period: period, AsOf: locale.Date(ctx, p.Day), N: -1}
}

// ranked are the lines in one period as bars.
func (v exploreView) ranked(ctx context.Context, p *Picture, at int) []ui.Ranked {
	var out []ui.Ranked
	for _, l := range p.Lines {
		pt := &l.Points[at]
		if pt.Shown == nil {
			continue
		}
		r := ui.Ranked{Name: cmp.Or(valueName(ctx, v.book, p.Split, l.Code), p.Indicator.Name.In(locale.Lang(ctx))), Value: pt.Value, Shown: pt.words(ctx, p)}
		if pt.Summed == 0 {
			r.Href = v.cellHref(pt.Shown)
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b ui.Ranked) int {
		switch x, y := math.IsNaN(a.Value), math.IsNaN(b.Value); {
		case x != y && x:
			return 1
		case x != y:
			return -1
		}
		return cmp.Compare(b.Value, a.Value)
	})
	return out
}

// words is the value of a point as people read it.
func (p *Point) words(ctx context.Context, in *Picture) string {
	switch {
	case p.Shown == nil:
		return ""
	case math.IsNaN(p.Value):
		return p.Shown.valueWords(ctx, p.Hidden)
	case in.PerPeople:
		return locale.Number(ctx, p.Value, 1)
	}
	return p.Shown.number(ctx, p.Value)
}

// outline is the map of the regions in one period; nil where there is none to draw.
func (v exploreView) outline(ctx context.Context, at int) *ui.Map {
	const fewest = 4
	if v.Split != dimPlace || len(v.Lines) < fewest || at < 0 {
		return nil
	}
	outlines := v.book.Outlines(v.Country)
	if outlines == nil {
		return nil
	}
	m := ui.Map{ID: "map", Outlines: outlines, NoData: locale.T(ctx, "indicator.no_figure"), Decimals: v.decimals(), Top: 10, Caption: v.caption(ctx, &v.Picture),
		Summary: locale.T(ctx, "indicator.map.summary", "What", v.Indicator.Name.In(locale.Lang(ctx)), "Period", v.Periods[at])}
	m.Caption.Period = v.Periods[at]
	for _, l := range v.Lines {
		pt := &l.Points[at]
		a := ui.Area{ID: l.Code, Name: v.book.PlaceName(l.Code, locale.Lang(ctx)), Value: pt.Value}
		if pt.Shown != nil {
			a.Href = v.cellHref(pt.Shown)
			if math.IsNaN(pt.Value) {
				a.Instead = pt.Shown.valueWords(ctx, pt.Hidden)
			}
		}
		m.Areas = append(m.Areas, a)
	}
	return &m
}

// conflicts are the points whose sources disagree, newest first.
func (v exploreView) conflicts(ctx context.Context) ui.Table {
	t := ui.Table{Caption: locale.T(ctx, "indicator.conflicts"), Columns: []ui.Column{{Label: locale.T(ctx, "indicator.period"), Main: true}, {Label: locale.T(ctx, "indicator.value"), Number: true},
		{Label: locale.T(ctx, "indicator.issuer")}, {Label: locale.T(ctx, "indicator.used"), Bare: true}}}
	for i := len(v.Periods) - 1; i >= 0; i-- {
		for _, l := range v.Lines {
			pt := &l.Points[i]
			if !pt.Conflict || pt.Shown == nil {
				continue
			}
			for _, o := range pt.Stated {
				if o.Cell() != pt.Shown.Cell() {
					continue
				}
				used := ui.Text("")
				if pt.Chosen && o.ID == pt.Shown.ID {
					used = ui.State(ui.Done, locale.T(ctx, "indicator.chosen"))
				}
				about := valueName(ctx, v.book, v.Split, l.Code)
				t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Link(v.cellHref(&o), o.periodWords(ctx), about), ui.Lines(o.valueWords(ctx, v.hides(&o)), strings.Join(o.marks(ctx), ", ")),
					statedBy(ctx, &o, v.book), used}})
			}
		}
	}
	return t
}

// hides reports whether a figure is hidden from the reader of this page.
func (p *Picture) hides(o *Observation) bool { return p.hidden[o.ID] }

// table lists what the picture holds, newest first.
func (v exploreView) table(ctx context.Context) ui.Table {
	t := ui.Table{Caption: v.Indicator.Name.In(locale.Lang(ctx)), Columns: []ui.Column{{Label: locale.T(ctx, "indicator.period"), NoWrap: true, Main: true}}}
	if v.Split != "" {
		t.Columns = append(t.Columns, ui.Column{Label: dimName(ctx, v.Split)})
	}
	t.Columns = append(t.Columns, ui.Column{Label: locale.T(ctx, "indicator.value"), Number: true}, ui.Column{Label: locale.T(ctx, "indicator.limits"), Number: true, Minor: true},
		ui.Column{Label: locale.T(ctx, "indicator.remarks")}, ui.Column{Label: locale.T(ctx, "indicator.issuer"), Minor: true})
	for i := len(v.Periods) - 1; i >= 0; i-- {
		for _, l := range v.Lines {
			pt := &l.Points[i]
			if pt.Shown == nil || len(t.Rows) == mostRows {
				continue
			}
			o := pt.Shown
			cells := []templ.Component{ui.Link(v.cellHref(o), o.periodWords(ctx), "")}
			if v.Split != "" {
				cells = append(cells, ui.Text(valueName(ctx, v.book, v.Split, l.Code)))
			}
			limits := ""
			if !math.IsNaN(pt.Low) {
				limits = shortest(ctx, pt.Low) + "–" + shortest(ctx, pt.High)
			}
			cells = append(cells, ui.Figure(machineValue(pt.Value), pt.words(ctx, &v.Picture)), ui.Text(limits), ui.Text(pt.remarks(ctx)), statedBy(ctx, o, v.book))
			t.Rows = append(t.Rows, ui.Row{Cells: cells})
		}
	}
	return t
}

func machineValue(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// filters are the controls above: one for each dimension that divides, the years, the day, another indicator.
func (v exploreView) filters(ctx context.Context) ui.Filters {
	l := locale.Lang(ctx)
	f := ui.Filters{Action: room + "/" + v.Indicator.Code, Target: "#explore", Views: v.options, Keep: map[string]string{}}
	if c := v.query.Get("country"); c != "" {
		f.Keep["country"] = c
	}
	for i := range v.Dims {
		d := &v.Dims[i]
		if len(d.Options) < 2 {
			continue
		}
		value := Each
		switch {
		case d.Name == v.Split:
		case len(d.Chosen) == 1:
			value = d.Chosen[0]
		default:
			value = sumOfPlaces
		}
		var opts []ui.Option
		if v.Summed && d.Name == dimPlace {
			opts = append(opts, ui.Option{Value: sumOfPlaces, Label: locale.T(ctx, "indicator.sum_of_places")})
		}
		opts = append(opts, ui.Option{Value: Each, Label: dimName(ctx, d.Name) + ": " + locale.T(ctx, "indicator.each")})
		for _, o := range d.Options {
			name := valueName(ctx, v.book, d.Name, o)
			if o == "" { // else nobody could tell which of several divisions is meant
				name = dimName(ctx, d.Name) + ": " + name
			}
			opts = append(opts, ui.Option{Value: o, Label: name})
		}
		f.Fields = append(f.Fields, ui.FilterSelect(d.Name, dimName(ctx, d.Name), value, opts))
	}
	if v.Last > v.First {
		var from, to []ui.Option
		for y := v.First; y <= v.Last; y++ {
			s := strconv.Itoa(y)
			from = append(from, ui.Option{Value: s, Label: locale.T(ctx, "indicator.from", "Year", s)})
			to = append(to, ui.Option{Value: s, Label: locale.T(ctx, "indicator.to", "Year", s)})
		}
		f.Fields = append(f.Fields, ui.FilterSelect("from", locale.T(ctx, "indicator.from_label"), strconv.Itoa(v.From), from), ui.FilterSelect("to", locale.T(ctx, "indicator.to_label"), strconv.Itoa(v.To), to))
	}
	if v.Indicator.Adds() && v.Indicator.Code != "population" {
		per := "0"
		if v.PerPeople {
			per = "1"
		}
		f.Fields = append(f.Fields, ui.FilterSelect("per", locale.T(ctx, "indicator.per"), per, []ui.Option{{Value: "0", Label: locale.T(ctx, "indicator.per.numbers")},
			{Value: "1", Label: define.Current().Unit(l, "per_100000")}}))
	}
	others := []ui.Option{{Value: "", Label: locale.T(ctx, "indicator.with")}}
	for _, i := range define.Current().Indicators() {
		if i.Code != v.Indicator.Code {
			others = append(others, ui.Option{Value: i.Code, Label: i.Name.In(l)})
		}
	}
	f.Fields = append(f.Fields, ui.FilterSelect("with", locale.T(ctx, "indicator.with"), v.query.Get("with"), others), asOfField(v.Day.String(), v.today.String()))
	return f
}

// sumOfPlaces stands for the regions added up; as no place has this code, it asks for nothing.
const sumOfPlaces = "+"

// sub is the line under the title.
func (v exploreView) sub(ctx context.Context) []string {
	out := []string{v.book.PlaceName(v.Country, locale.Lang(ctx))}
	for i := range v.Dims {
		d := &v.Dims[i]
		if d.Name == v.Split || len(d.Chosen) != 1 || isWhole(d.Name, v.Country, d.Chosen[0]) {
			continue
		}
		out = append(out, valueName(ctx, v.book, d.Name, d.Chosen[0]))
	}
	if len(v.Periods) > 0 {
		out = append(out, v.unit(ctx))
	}
	return out
}

// tags are the badges above the title.
func (v exploreView) tags(ctx context.Context) []templ.Component {
	out := []templ.Component{ui.Tag(define.Current().Label(locale.Lang(ctx), "area", v.Indicator.Area))}
	for _, l := range v.Lines {
		for i := range l.Points {
			for j := range l.Points[i].Stated {
				if l.Points[i].Stated[j].Synthetic {
					return append(out, ui.Tag(locale.T(ctx, "indicator.synthetic")))
				}
			}
		}
	}
	return out
}

// facts define the indicator.
func (v exploreView) facts(ctx context.Context) []ui.Fact {
	l := locale.Lang(ctx)
	add := func(key, text string) ui.Fact { return ui.Fact{Name: locale.T(ctx, key), Value: ui.Text(text)} }
	out := []ui.Fact{add("indicator.meaning", v.Indicator.Meaning.In(l)), add("indicator.kind", locale.T(ctx, "indicator.kind."+string(v.Indicator.Kind))),
		add("indicator.span", locale.T(ctx, "indicator.span."+string(v.Indicator.Span))), {Name: locale.T(ctx, "indicator.code"), Value: ui.Code(v.Indicator.Code)}}
	if v.Indicator.Persons && v.Indicator.Adds() {
		out = append(out, add("indicator.counts_persons", locale.T(ctx, "indicator.counts_persons.text")))
	}
	return out
}

// acts are the buttons of the page.
func (v exploreView) acts(ctx context.Context) templ.Component {
	if !access.May(v.actor, access.IndicatorWrite) {
		return nil
	}
	return ui.Submit(ui.Button{Label: locale.T(ctx, "indicator.enter"), Href: "/observations/new?indicator=" + v.Indicator.Code})
}
