package ui

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// The plot of a line chart is stretched to its width: its own x runs from 0 to lineWidth, strokes keep their weight.
const lineWidth = 1000

// path is the line through the values from index from to index to; a missing value breaks it.
func (c Chart) path(values []float64, from, to int) string {
	var b strings.Builder
	pen := "M"
	for i := from; i <= to && i < len(values); i++ {
		if math.IsNaN(values[i]) {
			pen = "M"
			continue
		}
		if c.broken(i) {
			pen = "M"
		}
		b.WriteString(pen + decimal(c.middle(i)*lineWidth/100) + " " + decimal(c.y(values[i])))
		pen = "L"
	}
	return b.String()
}

// joined are the values that a line may join: what stands by itself is left out.
func (s Series) joined() []float64 {
	if len(s.Loose) == 0 {
		return s.Values
	}
	out := slices.Clone(s.Values)
	for i := range out {
		if at(s.Loose, i) {
			out[i] = math.NaN()
		}
	}
	return out
}

// alone reports whether value i of a series has to be drawn as a mark, since no line reaches it.
func (c Chart) alone(s Series, i int) bool {
	if math.IsNaN(s.Values[i]) {
		return false
	}
	if at(s.Loose, i) {
		return true
	}
	joins := func(k int) bool {
		return k >= 0 && k < len(s.Values) && !math.IsNaN(s.Values[k]) && !at(s.Loose, k)
	}
	return !(joins(i-1) && !c.broken(i)) && !(joins(i+1) && !c.broken(i+1))
}

// broken reports whether the series do not go on from the category before i.
func (c Chart) broken(i int) bool {
	return slices.ContainsFunc(c.Breaks, func(b Break) bool { return b.Before == i })
}

// breakAt is where the line of a break stands, in percent of the plot.
func (c Chart) breakAt(b Break) float64 { return 100 * float64(b.Before) / float64(len(c.Labels)) }

// settled is the index of the last value that is not provisional.
func (c Chart) settled() int { return len(c.Labels) - 1 - c.Recent }

// band is the outline of the interval around a series, one shape for each unbroken stretch.
func (c Chart) band(s Series) string {
	var b strings.Builder
	for i := 0; i < len(s.Low); i++ {
		j := i
		for j < len(s.Low) && !math.IsNaN(s.Low[j]) && !math.IsNaN(s.High[j]) && !at(s.Loose, j) && !(j > i && c.broken(j)) {
			j++
		}
		if j-i > 1 {
			b.WriteString(c.path(s.High, i, j-1))
			for k := j - 1; k >= i; k-- {
				b.WriteString("L" + decimal(c.middle(k)*lineWidth/100) + " " + decimal(c.y(s.Low[k])))
			}
			b.WriteString("Z")
		}
		if j > i && j < len(s.Low) && c.broken(j) {
			j-- // the stretch behind the break begins there
		}
		i = j
	}
	return b.String()
}

// last is the index of the last figure of a series, -1 if it has none.
func last(values []float64) int {
	for i := len(values) - 1; i >= 0; i-- {
		if !math.IsNaN(values[i]) {
			return i
		}
	}
	return -1
}

// endLabel is the name of a series at the end of its line, in pixels from the top.
type endLabel struct {
	name string
	y    float64
}

// endLabels are the names of the series at the height of their last figures, moved apart where they would touch.
func (c Chart) endLabels() []endLabel {
	const line = 15.0
	var ends []endLabel
	for _, s := range c.Series {
		if i := last(s.Values); i >= 0 {
			ends = append(ends, endLabel{s.Name, c.y(s.Values[i]) + 4})
		}
	}
	slices.SortFunc(ends, func(a, b endLabel) int { return cmp.Compare(a.y, b.y) })
	for i := 1; i < len(ends); i++ {
		ends[i].y = max(ends[i].y, ends[i-1].y+line)
	}
	return ends
}

// endWidth is the width in pixels of the names at the right.
func (c Chart) endWidth() int {
	longest := 0
	for _, s := range c.Series {
		longest = max(longest, len([]rune(s.Name)))
	}
	return 7*longest + 12
}
