package indicator

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// Each stands in a question for "every value of this dimension, side by side".
const Each = "*"

// Dim is a dimension of what a page shows: what there is, and what is chosen.
type Dim struct {
	Name    string
	Options []string // values for which there are figures, in the order of their list; "" is "not divided"
	Chosen  []string
	asked   bool
}

// Selection is what a page of the explorer shows of an indicator.
type Selection struct {
	Indicator *define.Indicator
	Country   string
	Dims      []Dim
	Split     string // dimension whose values stand side by side
	Summed    bool   // regions are added up, since nobody states the country's figure
	From, To  int    // years
	First     int    // first and last year for which there are figures
	Last      int
	PerPeople bool // counts per 100,000 inhabitants
	Day       baqylau.Date

	breakdowns []string
}

// selected reads a question against what there is. A value that is not offered is passed over, so that an old address still opens.
func selected(ind *define.Indicator, country string, all []facet, q url.Values, day baqylau.Date) Selection {
	s := Selection{Indicator: ind, Country: country, Day: day, PerPeople: q.Get("per") == "1" && ind.Adds()}
	left := all
	names := dimensionsOf(all)
	split := q.Get("split")
	for _, n := range names { // a dimension asked "each" is the split
		if slices.Contains(q[n], Each) && split == "" {
			split = n
		}
	}
	for _, n := range order(names) {
		d := Dim{Name: n, Options: options(n, all)}
		for _, v := range q[n] {
			if slices.Contains(d.Options, v) && !slices.Contains(d.Chosen, v) {
				d.Chosen, d.asked = append(d.Chosen, v), true
			}
		}
		if n == split {
			if len(d.Chosen) < 2 {
				d.Chosen, d.asked = parts(n, country, options(n, left)), true
			}
		} else if !d.asked {
			d.Chosen = undivided(n, country, options(n, left))
		}
		if len(d.Chosen) > 0 {
			left = slices.DeleteFunc(slices.Clone(left), func(f facet) bool { return !slices.Contains(d.Chosen, f.value(n)) })
		}
		s.Dims = append(s.Dims, d)
	}
	slices.SortStableFunc(s.Dims, func(a, b Dim) int { return slices.Index(names, a.Name) - slices.Index(names, b.Name) })
	s.reduce(split)
	s.years(all, q)
	for i := range all {
		if s.holds(&all[i]) && !slices.Contains(s.breakdowns, all[i].breakdown) {
			s.breakdowns = append(s.breakdowns, all[i].breakdown)
		}
	}
	return s
}

// order is that in which dimensions are settled: the finer ones first, the place last.
func order(names []string) []string {
	out := slices.Clone(names)
	slices.Reverse(out)
	return out
}

// options are the values along a dimension, in the order of their list.
func options(dim string, all []facet) []string {
	var out []string
	for i := range all {
		if v := all[i].value(dim); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return position(dim, a) - position(dim, b) })
	return out
}

func position(dim, code string) int {
	const far = 1 << 20
	switch dim {
	case dimSex:
		return slices.Index(Sexes, code)
	case dimAge:
		if b, ok := define.ParseAge(code); ok {
			return 1 + b.From*1000 + min(b.To, 999)
		}
		return 0
	}
	if code == "" {
		return -1
	}
	if c, ok := define.Current().Code(dim, code); ok {
		return c.Position
	}
	return far
}

// isWhole reports whether a value does not divide.
func isWhole(dim, country, v string) bool {
	switch dim {
	case dimPlace:
		return v == country
	case dimDrug:
		return v == AllDrugs
	case dimSex:
		return v == AllSexes
	case dimAge:
		return v == AllAges
	}
	return v == "" || v == "all"
}

// undivided is what is shown unless asked otherwise: the value that does not divide, or all where there is none.
func undivided(dim, country string, opts []string) []string {
	for _, v := range opts {
		if isWhole(dim, country, v) {
			return []string{v}
		}
	}
	return opts
}

// parts are the values that do divide.
func parts(dim, country string, opts []string) []string {
	out := slices.DeleteFunc(slices.Clone(opts), func(v string) bool { return isWhole(dim, country, v) })
	if len(out) == 0 {
		return opts
	}
	return out
}

// reduce leaves one dimension with several values: the one asked for, else the first. Regions of what adds up are added; of others the first stands.
func (s *Selection) reduce(split string) {
	if d := s.Dim(split); d == nil || len(d.Chosen) < 2 {
		split = ""
		for i := range s.Dims {
			if len(s.Dims[i].Chosen) > 1 {
				split = s.Dims[i].Name
				break
			}
		}
	}
	s.Split = split
	for i := range s.Dims {
		d := &s.Dims[i]
		if d.Name == split || len(d.Chosen) < 2 {
			continue
		}
		if d.Name == dimPlace && s.Indicator.Adds() {
			s.Summed = true
			continue
		}
		d.Chosen = d.Chosen[:1]
	}
}

// years reads the bounds.
func (s *Selection) years(all []facet, q url.Values) {
	for i := range all {
		if !s.holds(&all[i]) {
			continue
		}
		if s.First == 0 || all[i].first < s.First {
			s.First = all[i].first
		}
		s.Last = max(s.Last, all[i].last)
	}
	s.From, s.To = s.First, s.Last
	if y, err := strconv.Atoi(q.Get("from")); err == nil && y > s.First && y <= s.Last {
		s.From = y
	}
	if y, err := strconv.Atoi(q.Get("to")); err == nil && y >= s.From && y < s.Last {
		s.To = y
	}
}

// holds reports whether a facet is among what is chosen.
func (s *Selection) holds(f *facet) bool {
	for i := range s.Dims {
		if d := &s.Dims[i]; !slices.Contains(d.Chosen, f.value(d.Name)) {
			return false
		}
	}
	return true
}

// Dim is the dimension of that name, or nil.
func (s *Selection) Dim(name string) *Dim {
	for i := range s.Dims {
		if s.Dims[i].Name == name {
			return &s.Dims[i]
		}
	}
	return nil
}

// question asks for the figures of the selection.
func (s *Selection) question() Question {
	q := Question{Indicators: []string{s.Indicator.Code}, Country: s.Country, AsOf: s.Day, Breakdowns: s.breakdowns}
	q.Places, q.Drugs, q.Sexes, q.Ages = s.Dim(dimPlace).Chosen, s.Dim(dimDrug).Chosen, s.Dim(dimSex).Chosen, s.Dim(dimAge).Chosen
	if s.From > s.First {
		q.EndFrom = baqylau.NewDate(s.From, 1, 1)
	}
	if s.To < s.Last {
		q.To = baqylau.NewDate(s.To, 12, 31)
	}
	return q
}
