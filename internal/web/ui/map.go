package ui

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau/internal/locale"
)

// Map is a choropleth with its ranked list: five steps of one hue, each with about as many areas; no data is hatched.
type Map struct {
	ID       string
	Summary  string // what the map shows, for those who cannot see it
	Outlines *Outlines
	Areas    []Area // those absent here count as without data
	Decimals int
	NoData   string // words for areas without a figure: "no data", "fewer than 5"
	Top      int    // how many areas the list shows before "all areas"; 0 shows every one
	Zoom     bool
	Caption  Caption
}

// Area is one area's figure; NaN is "no figure".
type Area struct {
	ID, Name, Href string
	Value          float64
	Instead        string // words for an area whose figure is there and not shown; else NoData stands there
}

const (
	steps  = 5
	darker = steps - 1 // those left beside the step for nothing
)

// breaks are the least values of the steps, ascending; fewer than five when there are fewer distinct figures. Nothing is a step of its own, so
// that a single case stands out on an otherwise empty map.
func (m Map) breaks() []float64 {
	var values []float64
	steps := steps
	for _, a := range m.Areas {
		if v := m.read(a.Value); v > 0 {
			values = append(values, v)
		} else if v == 0 {
			steps = darker
		}
	}
	slices.Sort(values)
	var b []float64
	for i := range steps {
		if len(values) == 0 {
			break
		}
		if v := values[i*len(values)/steps]; len(b) == 0 || v > b[len(b)-1] {
			b = append(b, v)
		}
	}
	return b
}

// read is a value as it is printed, so that two figures that read alike are of one class and no two classes meet at a figure. What is more than nothing and prints as nothing
// is half of the least that does not.
func (m Map) read(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', m.Decimals, 64), 64)
	if err == nil && r == 0 && v > 0 {
		return m.least() / 2
	}
	return r
}

// printed is the figure of an area in the reader's language: "1,7", and "< 0,1" for what is more than nothing and prints as nothing.
func (m Map) printed(ctx context.Context, v float64) string {
	if m.little(v) {
		return "< " + locale.Number(ctx, m.least(), m.Decimals)
	}
	return locale.Number(ctx, v, m.Decimals)
}

// least is the smallest figure that does not print as nothing; little is what is more than nothing and prints so.
func (m Map) least() float64        { return math.Pow10(-m.Decimals) }
func (m Map) little(v float64) bool { return v > 0 && m.read(v) < m.least() }

// step is the class of a value from 1 to 5, 0 without a figure. With fewer classes the darker steps are used.
func (m Map) step(v float64) int {
	if math.IsNaN(v) {
		return 0
	}
	if v == 0 {
		return 1
	}
	v = m.read(v)
	b := m.breaks()
	i := 0
	for i < len(b) && v >= b[i] {
		i++
	}
	return i + steps - len(b)
}

// key describes one step of the legend.
type key struct {
	step int
	text string
}

func (m Map) keys(ctx context.Context) []key {
	var keys []key
	for s := 1; s <= steps; s++ {
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, a := range m.Areas {
			if m.step(a.Value) == s {
				lo, hi = math.Min(lo, a.Value), math.Max(hi, a.Value)
			}
		}
		switch from, to := m.printed(ctx, lo), m.printed(ctx, hi); {
		case math.IsInf(lo, 0):
		case from == to:
			keys = append(keys, key{s, from})
		case m.little(lo): // "< 0,1–0,3" is no range
			keys = append(keys, key{s, "≤ " + to})
		default:
			keys = append(keys, key{s, from + "–" + to})
		}
	}
	for _, a := range m.Areas {
		if a.Instead != "" {
			return append(keys, key{0, m.NoData + ", " + a.Instead})
		}
	}
	return append(keys, key{0, m.NoData})
}

// area finds the figure for an outline.
func (m Map) area(id string) Area {
	for _, a := range m.Areas {
		if a.ID == id {
			return a
		}
	}
	return Area{ID: id, Name: id, Value: math.NaN()}
}

func (m Map) shown(ctx context.Context, a Area) string {
	if math.IsNaN(a.Value) {
		return cmp.Or(a.Instead, m.NoData)
	}
	return m.printed(ctx, a.Value)
}

// ranked is the list beside the map: largest first, areas without a figure last.
func (m Map) ranked(ctx context.Context) []Ranked {
	list := make([]Ranked, len(m.Areas))
	for i, a := range m.Areas {
		list[i] = Ranked{Name: a.Name, Href: a.Href, Value: a.Value, Shown: m.shown(ctx, a)}
	}
	slices.SortStableFunc(list, func(a, b Ranked) int {
		switch x, y := math.IsNaN(a.Value), math.IsNaN(b.Value); {
		case x && y:
			return 0
		case x:
			return 1
		case y:
			return -1
		}
		return cmp.Compare(b.Value, a.Value)
	})
	return list
}

// head and tail split the list after Top areas; both are drawn on the scale of the head, which holds the longest bar.
func (m Map) head(ctx context.Context) []Ranked {
	list := m.ranked(ctx)
	if m.Top == 0 || len(list) <= m.Top {
		return list
	}
	return list[:m.Top]
}

func (m Map) tail(ctx context.Context) []Ranked {
	return m.ranked(ctx)[len(m.head(ctx)):]
}
