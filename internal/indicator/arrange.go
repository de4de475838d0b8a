package indicator

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// Point is what is shown of one line in one year or period: the figure that counts, and what else is said of it.
type Point struct {
	Shown     *Observation  // nil: nobody says anything
	Stated    []Observation // all statements of the line in this period, of whatever part of it
	Value     float64       // NaN: hidden, absent or not there
	Low, High float64       // limits of an estimate, or least and greatest where sources disagree; NaN: none
	Other     bool          // of another period than those it stands among: eight months or five years among years
	Part      bool          // of another period, some agencies or another definition: never joined to the others
	Conflict  bool          // sources state different values of the same thing
	Chosen    bool          // a person said that this one is used
	Hidden    bool          // disclosure hides it from this reader
	Summed    int           // so many regions added up; 0: as stated
	places    []string      // those regions
}

// Line is one value of the split dimension over the periods.
type Line struct {
	Code   string
	Points []Point // as many as the picture has periods
}

// Picture is what a selection shows.
type Picture struct {
	Selection
	Periods []string // "2023", or "2023-03" where most figures are of months or quarters
	Lines   []Line   // those with a figure, in the order of their list
	hidden  map[string]bool
}

// arrange puts figures into lines and periods. choices are those in force, hidden the figures that this reader does not see.
func arrange(s Selection, found []Observation, choices map[string]Choice, hidden map[string]bool) Picture {
	p := Picture{Selection: s, hidden: hidden}
	g := grainOf(found)
	type place struct{ line, period, part string }
	groups := map[place][]Observation{}
	lines, parts := map[string]bool{}, map[string]bool{}
	for _, o := range found {
		k := place{line: o.along(s.Split), period: g.period(&o)}
		if s.Summed {
			k.part = o.Place
			parts[o.Place] = true
		}
		groups[k] = append(groups[k], o)
		lines[k.line] = true
		if !slices.Contains(p.Periods, k.period) {
			p.Periods = append(p.Periods, k.period)
		}
	}
	slices.Sort(p.Periods)
	p.Periods = filled(p.Periods)
	codes := []string{""}
	if s.Split != "" {
		codes = s.Dim(s.Split).Chosen
	}
	for _, code := range codes {
		if !lines[code] {
			continue
		}
		l := Line{Code: code}
		for _, period := range p.Periods {
			if !s.Summed {
				l.Points = append(l.Points, point(groups[place{code, period, ""}], s.Indicator, g, choices, hidden))
				continue
			}
			var each []Point
			for part := range parts {
				each = append(each, point(groups[place{code, period, part}], s.Indicator, g, choices, hidden))
			}
			l.Points = append(l.Points, summed(each))
		}
		p.Lines = append(p.Lines, l)
	}
	return p
}

// along is an observation's value along a dimension; "" is no dimension.
func (o *Observation) along(dim string) string {
	switch dim {
	case "":
		return ""
	case dimPlace:
		return o.Place
	case dimDrug:
		return o.Drug
	case dimSex:
		return o.Sex
	case dimAge:
		return o.Age
	}
	return o.Breakdown[dim]
}

// grain is the length of the periods of a picture.
type grain int

const (
	years grain = iota
	quarters
	months
)

// The days between the first and the last of a period, at most.
const (
	monthDays   = 31
	quarterDays = 93
)

// grainOf is the length that most figures have, years unless most are of months or quarters that are not counted from January on.
func grainOf(found []Observation) grain {
	n := map[grain]int{}
	for i := range found {
		switch o := &found[i]; {
		case months.of(o):
			n[months]++
		case quarters.of(o):
			n[quarters]++
		}
	}
	switch {
	case 2*(n[months]+n[quarters]) <= len(found):
		return years
	case n[months] >= n[quarters]:
		return months
	}
	return quarters
}

// of reports whether a figure's period has that length: for years, exactly one calendar year.
func (g grain) of(o *Observation) bool {
	days := o.End.Sub(o.Start)
	switch g {
	case months:
		return !o.Cumulative && days > 1 && days < monthDays
	case quarters:
		return !o.Cumulative && days >= monthDays && days < quarterDays
	}
	return wholeYears(o) && o.Start.Time().Year() == o.End.Time().Year()
}

// period is the key of the period that a figure stands in.
func (g grain) period(o *Observation) string {
	if g != years {
		return o.Start.String()[:7]
	}
	return strconv.Itoa(o.End.Time().Year())
}

// wholeYears reports whether a period is one or more calendar years.
func wholeYears(o *Observation) bool {
	a, b := o.Start.Time(), o.End.Time()
	return a.YearDay() == 1 && b.Month() == 12 && b.Day() == 31
}

// part reports whether a figure is of more or less than a period, so that it cannot be joined to others. Of years, short counts stand for their year: a survey takes a month.
func (g grain) part(o *Observation) bool {
	return !g.of(o) && (g != years || o.Cumulative || o.End.Sub(o.Start) >= quarterDays)
}

// filled puts in the years between, so that a gap is seen as a gap.
func filled(periods []string) []string {
	if len(periods) < 2 || len(periods[0]) != 4 {
		return periods
	}
	first, _ := strconv.Atoi(periods[0])
	last, _ := strconv.Atoi(periods[len(periods)-1])
	if last-first > 200 {
		return periods
	}
	out := make([]string, 0, last-first+1)
	for y := first; y <= last; y++ {
		out = append(out, strconv.Itoa(y))
	}
	return out
}

// point says which of the statements of a line and period counts: those of just that period before others, the one that a person chose, else the most complete one.
func point(stated []Observation, ind *define.Indicator, g grain, choices map[string]Choice, hidden map[string]bool) Point {
	p := Point{Stated: stated, Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	if len(stated) == 0 {
		return p
	}
	chosen := func(o *Observation) bool { return choices[o.Cell()].ObservationID == o.ID }
	whole := func(o *Observation) bool { return ind.Span == define.Stock || g.of(o) }
	best := slices.MinFunc(stated, func(a, b Observation) int {
		return cmp.Or(better(whole(&a), whole(&b)), better(chosen(&a), chosen(&b)), better(a.Value != nil, b.Value != nil), better(a.Coverage+a.Definition == "", b.Coverage+b.Definition == ""),
			b.End.Sub(b.Start)-a.End.Sub(a.Start), better(!a.Provisional, !b.Provisional), better(a.Qualifier == Exact, b.Qualifier == Exact), -compareDates(a.End, b.End), -compareDates(a.Known, b.Known),
			cmp.Compare(a.ID, b.ID))
	})
	p.Shown, p.Chosen, p.Hidden = &best, chosen(&best), hidden[best.ID]
	p.Other = ind.Span != define.Stock && g.part(&best)
	p.Part = p.Other || best.Coverage != "" || best.Definition != ""
	if best.Value == nil || p.Hidden {
		return p
	}
	p.Value = *best.Value
	if best.Low != nil && best.High != nil {
		p.Low, p.High = *best.Low, *best.High
	}
	least, most := p.Value, p.Value
	for i := range stated {
		if o := &stated[i]; o.Cell() == best.Cell() && o.Unit == best.Unit && o.Value != nil && !hidden[o.ID] {
			least, most = min(least, *o.Value), max(most, *o.Value)
		}
	}
	if p.Conflict = !check.Agree(least, most); p.Conflict && !p.Chosen {
		p.Low, p.High = least, most
	}
	return p
}

func better(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func compareDates(a, b baqylau.Date) int { return cmp.Compare(a.String(), b.String()) }

// summed adds up the regions of a country; one that is hidden or absent leaves no sum.
func summed(each []Point) Point {
	out := Point{Low: math.NaN(), High: math.NaN()}
	for i := range each {
		p := &each[i]
		out.Stated = append(out.Stated, p.Stated...)
		if p.Shown == nil {
			continue
		}
		out.Value += p.Value
		out.Summed++
		out.places = append(out.places, p.Shown.Place)
		out.Other, out.Part, out.Conflict, out.Hidden = out.Other || p.Other, out.Part || p.Part, out.Conflict || p.Conflict, out.Hidden || p.Hidden
		if out.Shown == nil {
			out.Shown = p.Shown
		}
	}
	if out.Summed == 0 {
		out.Value = math.NaN()
	}
	return out
}

// latest is the index of the last period for which most lines have a figure of a whole year; -1 if none has any.
func (p *Picture) latest() int {
	at, most := -1, 0
	for i := len(p.Periods) - 1; i >= 0; i-- {
		n := 0
		for _, l := range p.Lines {
			if !math.IsNaN(l.Points[i].Value) {
				n++
			}
		}
		if n > most {
			at, most = i, n
		}
	}
	return at
}
