package estimate

import (
	"context"
	"math"
	"strconv"

	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
)

// forestRow is an estimate with its interval on a scale that it shares with the others; places are in percent of the width, Open says that there is no upper limit.
type forestRow struct {
	Name, Href, Note, Shown string
	At, From, Width         float64
	Point, Line, Used       bool
}

// mark is one estimate to be drawn.
type mark struct {
	row              forestRow
	value, low, high float64
}

// placed puts marks on one scale, from the lowest to the highest figure of all.
func placed(marks []mark) []forestRow {
	least, most := math.Inf(1), math.Inf(-1)
	for _, m := range marks {
		for _, v := range []float64{m.value, m.low, m.high} {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				least, most = math.Min(least, v), math.Max(most, v)
			}
		}
	}
	if !(most > least) {
		least, most = least-1, most+1
	}
	scale := func(v float64) float64 { return 3 + 94*(math.Min(v, most)-least)/(most-least) }
	out := make([]forestRow, len(marks))
	for i, m := range marks {
		r := m.row
		if r.Point = !math.IsNaN(m.value) && !math.IsInf(m.value, 0); r.Point {
			r.At = scale(m.value)
		}
		if r.Line = !math.IsNaN(m.low) && !math.IsInf(m.low, 0) && !math.IsNaN(m.high); r.Line {
			r.From = scale(m.low)
			r.Width = scale(m.high) - r.From
			if math.IsInf(m.high, 1) {
				r.Width = 100 - r.From
			}
		}
		out[i] = r
	}
	return out
}

// forestOf draws the lines of an estimate: of models the plausible ones, up to what can be taken in.
func forestOf(ctx context.Context, e *Estimate) []forestRow {
	d := decimals(e.Unit)
	var marks []mark
	for _, i := range ordered(e.Output) {
		l := e.Output.Lines[i]
		used := i == e.Output.Chosen
		if l.Reason != "" || !compute.Defined(l.Value) || l.Name == "consumption" || l.Model && !used && (!l.Plausible && e.Output.Plausible != nil && e.Output.Plausible.Estimates > 4 || len(marks) >= mostDrawn) {
			continue
		}
		at := l.Interval()
		row := forestRow{Name: lineName(ctx, l), Note: lineNote(ctx, e, i), Used: used, Shown: say(ctx, l.Value, d)}
		if len(l.Intervals) > 0 {
			row.Shown += " (" + sayLimits(ctx, at, d) + ")"
		}
		marks = append(marks, mark{row, float64(l.Value), float64(at.Low), float64(at.High)})
	}
	if len(marks) < 2 {
		return nil
	}
	return placed(marks)
}

func percent(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) + "%" }
