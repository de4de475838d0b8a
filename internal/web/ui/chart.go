package ui

import (
	"context"
	"math"
	"strconv"

	"github.com/baqylau/baqylau/internal/locale"
)

// Chart is a series of figures over categories, usually weeks. BarChart draws the first series, LineChart all of them.
type Chart struct {
	ID       string
	Summary  string // what the chart shows, in one sentence, for those who cannot see it
	Axis     string // name of the categories, head of the table's first column: "Week"
	Labels   []string
	Names    []string // long forms of Labels, for the table and the tooltips; Labels when nil
	Series   []Series
	Decimals int    // of the values
	Unit     string // after a value in tooltips
	Limit    *Limit
	Breaks   []Break // days on which the series do not go on as before: lines are cut there
	Signs    []Sign  // what the signs in the drawing mean, for its legend
	Recent   int     // how many last categories are provisional: bars hatched, lines pale
	Height   int     // of the drawing in pixels; 200 when 0
	Explore  bool    // offers zooming where scripts run
	Caption  Caption
}

// Series is one row of figures; NaN is "no figure". Low and High, if set, are the interval around each. The other lists may be shorter than Values or nil.
type Series struct {
	Name      string
	Values    []float64
	Low, High []float64
	Loose     []bool   // stands by itself: of another length than its neighbours, never joined to them by a line
	Sign      []string // drawn at the foot where there is no figure: why there is none, in one character
	Note      []string // said behind the figure, or instead of one that is not there
}

// Break is a place in time at which series do not go on as before: before category Before, for a reason.
type Break struct {
	Before int
	Reason string
}

// Sign is a mark of the drawing and what it means.
type Sign struct{ Mark, Text string }

// at is an entry of a list that may be shorter than the values.
func at[T any](list []T, i int) (v T) {
	if i < len(list) {
		return list[i]
	}
	return v
}

// Limit is a named threshold, drawn dashed.
type Limit struct {
	Value float64
	Name  string
}

// Caption is what every figure must tell.
type Caption struct {
	Source string
	Period string
	AsOf   string
	N      int // number of records behind the figure; negative hides it (disclosure)
}

func (c Caption) facts(ctx context.Context) []string {
	var parts []string
	for _, p := range []struct{ key, value string }{{"ui.chart.source", c.Source}, {"", c.Period}, {"ui.chart.as_of", c.AsOf}} {
		switch {
		case p.value == "":
		case p.key == "":
			parts = append(parts, p.value)
		case p.key == "ui.chart.source":
			parts = append(parts, locale.T(ctx, "ui.chart.source", "source", p.value))
		default:
			parts = append(parts, locale.T(ctx, "ui.chart.as_of", "date", p.value))
		}
	}
	if c.N >= 0 {
		parts = append(parts, "n = "+locale.Int(ctx, c.N))
	}
	return parts
}

const (
	topRoom    = 20 // pixels above the plot, for the value over the highest bar
	bottomRoom = 22 // pixels below it, for the labels
)

func (c Chart) height() int {
	if c.Height == 0 {
		return 200
	}
	return c.Height
}

func (c Chart) base() float64 { return float64(c.height() - bottomRoom) }

// name is the long label of category i.
func (c Chart) name(i int) string {
	if i < len(c.Names) {
		return c.Names[i]
	}
	return c.Labels[i]
}

// top is the largest figure drawn, of values, intervals and the limit.
func (c Chart) top() float64 {
	top := 0.0
	if c.Limit != nil {
		top = c.Limit.Value
	}
	for _, s := range c.Series {
		for _, list := range [][]float64{s.Values, s.High} {
			for _, v := range list {
				if v > top { // false for NaN
					top = v
				}
			}
		}
	}
	return top
}

// scale is the axis: its ticks and the value at its upper end.
func (c Chart) scale() (ticks []float64, end float64) {
	step := niceStep(c.top()/3, c.Decimals)
	for v := 0.0; ; v += step {
		ticks = append(ticks, v)
		if v > 0 && v >= c.top() { // a chart of zeros still has a scale
			return ticks, v
		}
	}
}

// niceStep is the smallest of 1, 2, 5 times a power of ten that is at least least, and no finer than the figures themselves.
func niceStep(least float64, decimals int) float64 {
	finest := math.Pow(10, -float64(decimals))
	if !(least > finest) {
		return finest
	}
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*power >= least*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// y is the height of value v in pixels from the top of the drawing.
func (c Chart) y(v float64) float64 {
	_, end := c.scale()
	return topRoom + (1-v/end)*(c.base()-topRoom)
}

// left, middle and width place category i, in percent of the plot.
func (c Chart) left(i int) float64 { return 100 * (float64(i) + 0.1) / float64(len(c.Labels)) }

func (c Chart) middle(i int) float64 { return 100 * (float64(i) + 0.5) / float64(len(c.Labels)) }

func (c Chart) barWidth() float64 { return 80 / float64(len(c.Labels)) }

func (c Chart) provisional(i int) bool { return i >= len(c.Labels)-c.Recent }

// labelled tells whether category i has a label on a wide drawing and on a narrow one; the last always has.
func (c Chart) labelled(i int) (wide, narrow bool) {
	back := len(c.Labels) - 1 - i
	step := 1
	for len(c.Labels) > 12*step {
		step *= 2
	}
	double := step
	for len(c.Labels) > 6*double {
		double *= 2
	}
	return back%step == 0, back%double == 0
}

// told lists the bars whose value stands above them: the highest and the last.
func (c Chart) told() map[int]bool {
	values := c.Series[0].Values
	told := map[int]bool{}
	highest := -1
	for i, v := range values {
		if !math.IsNaN(v) && (highest < 0 || v > values[highest]) {
			highest = i
		}
	}
	if highest < 0 || values[highest] == 0 {
		return told
	}
	told[highest] = true
	if last := len(values) - 1; last-highest > 1 && !math.IsNaN(values[last]) {
		told[last] = true
	}
	return told
}

// write is a value as people read it.
func (c Chart) write(ctx context.Context, v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return locale.Number(ctx, v, c.Decimals)
}

// cell is the figure of category i as the table has it: without a figure, why there is none.
func (c Chart) cell(ctx context.Context, s Series, i int) string {
	if note := at(s.Note, i); math.IsNaN(s.Values[i]) && note != "" {
		return note
	}
	return c.write(ctx, s.Values[i])
}

// rows are the figures of the first series as bars of RankedBars.
func (c Chart) rows(ctx context.Context) (out []Ranked) {
	for i, v := range c.Series[0].Values {
		out = append(out, Ranked{Name: c.name(i), Value: v, Shown: c.cell(ctx, c.Series[0], i)})
	}
	return out
}

// tip is the tooltip of category i for one series.
func (c Chart) tip(ctx context.Context, s Series, i int) string {
	t := c.name(i) + ": " + c.said(ctx, s, i)
	if c.provisional(i) {
		t += ", " + locale.T(ctx, "ui.chart.provisional")
	}
	return t
}

// said is the figure of category i in words: with its unit, and with what is said of it.
func (c Chart) said(ctx context.Context, s Series, i int) string {
	v, note := s.Values[i], at(s.Note, i)
	switch {
	case math.IsNaN(v) && note != "":
		return note
	case math.IsNaN(v):
		return c.write(ctx, v)
	}
	t := c.write(ctx, v)
	if c.Unit != "" {
		t += " " + c.Unit
	}
	if note != "" {
		t += " (" + note + ")"
	}
	return t
}

// axisWidth is the width in pixels of the scale at the left, from its longest number.
func (c Chart) axisWidth(ctx context.Context) int {
	longest := 0
	ticks, _ := c.scale()
	for _, t := range ticks {
		longest = max(longest, len([]rune(c.tick(ctx, t))))
	}
	return 8*longest + 10
}

// tick writes an axis value with as many decimals as the step needs.
func (c Chart) tick(ctx context.Context, v float64) string {
	ticks, _ := c.scale()
	for d := range c.Decimals {
		if step := ticks[1] * math.Pow(10, float64(d)); math.Abs(step-math.Round(step)) < 1e-9 {
			return locale.Number(ctx, v, d)
		}
	}
	return locale.Number(ctx, v, c.Decimals)
}

func percent(v float64) string { return decimal(v) + "%" }

// decimal writes a coordinate: two decimals are finer than any screen.
func decimal(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

// machine writes a value for the data element: the point is the decimal mark, and nothing stands for NaN.
func machine(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// labelAt and labelAnchor place the name of a category under it; under many, the last ends at the edge so that nothing sticks out.
func (c Chart) labelAt(i int) float64 {
	if c.atEdge(i) {
		return 100
	}
	return c.middle(i)
}

func (c Chart) labelAnchor(i int) string {
	if c.atEdge(i) {
		return "end"
	}
	return "middle"
}

func (c Chart) atEdge(i int) bool { return i == len(c.Labels)-1 && i > 24 }
