package check

import (
	"cmp"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// Sum is a figure and the figures of one statement that are its parts along one dimension.
type Sum struct {
	Dimension string // sex, age, drug, place, or the name of a breakdown
	Whole     *Figure
	Parts     []*Figure // none contains another; in order of their code
	Complete  bool      // the parts are all that there are, so they must reach the whole
}

// disjoint are breakdowns whose codes exclude one another; others, such as measures of a form, overlap.
var disjoint = map[string]bool{"citizenship": true, "decision": true, "reason": true, "route": true, "setting": true}

// Sums finds what adds up to what among figures whose indicator adds. Figures of different statements, units or periods are never put together.
func Sums(figures []Figure, facts Facts) []Sum {
	t := tagger{}
	groups := map[tags][]*Figure{}
	var order []tags
	for i := range figures {
		f := &figures[i]
		ind, ok := facts.Catalogue.Indicator(f.Indicator)
		if !ok || !ind.Adds() {
			continue
		}
		whole := t.of(f)
		for _, d := range dimensions(f) {
			k := t.without(whole, f, d)
			if groups[k] == nil {
				order = append(order, k)
			}
			groups[k] = append(groups[k], f)
		}
	}
	regions := map[string][]string{}
	if parts := facts.Parts; parts != nil { // asked for every sum over regions
		facts.Parts = func(country string, on baqylau.Date) []string {
			k := country + on.String()
			if _, known := regions[k]; !known {
				regions[k] = parts(country, on)
			}
			return regions[k]
		}
	}
	var out []Sum
	for _, k := range order {
		if list := groups[k]; len(list) > 1 {
			out = append(out, sumsOf(t.name[k[0]], list, facts)...)
		}
	}
	slices.SortStableFunc(out, func(a, b Sum) int {
		return cmp.Or(cmp.Compare(a.Dimension, b.Dimension), cmp.Compare(a.Whole.ID, b.Whole.ID))
	})
	return out
}

// tagger gives words small numbers, so that figures are grouped by numbers: there are tens of thousands of them, with long words in common.
type tagger struct {
	tag  map[string]int32
	name []string
}

// tags are what figures have in common: the dimension along which they differ, then indicator, unit, country, place, first and last day, sex, age, drug, breakdown, statement.
type tags [12]int32

const anyTag = -1 // in the place of the dimension that differs

func (t *tagger) word(s string) int32 {
	n, ok := t.tag[s]
	if !ok {
		if t.tag == nil {
			t.tag = map[string]int32{}
		}
		n = int32(len(t.name)) //nolint:gosec // as many as there are words
		t.tag[s], t.name = n, append(t.name, s)
	}
	return n
}

func (t *tagger) of(f *Figure) (out tags) {
	for i, w := range []string{f.Indicator, f.Unit, f.Country, f.Place, f.Start.String(), f.End.String(), f.Sex, f.Age, f.Drug, breakdown(f.Breakdown, ""), f.Statement} {
		out[i+1] = t.word(w)
	}
	return out
}

// without is what a figure has in common with those that differ from it in dimension d only.
func (t *tagger) without(whole tags, f *Figure, d string) tags {
	whole[0] = t.word(d)
	switch d {
	case "place":
		whole[4] = anyTag
	case "sex":
		whole[7] = anyTag
	case "age":
		whole[8] = anyTag
	case "drug":
		whole[9] = anyTag
	default:
		whole[10] = t.word(breakdown(f.Breakdown, d))
	}
	return whole
}

// dimensions are those along which a figure can be whole or part. A figure without any breakdown is whole for each disjoint one.
func dimensions(f *Figure) []string {
	out := []string{"sex", "age", "drug", "place"}
	for name := range disjoint {
		if _, has := f.Breakdown[name]; has || len(f.Breakdown) == 0 {
			out = append(out, name)
		}
	}
	return out
}

// without is what figures have in common that differ in one dimension only.
func (f *Figure) without(d string) string {
	hide := func(name, v string) string {
		if name == d {
			return "*"
		}
		return v
	}
	return strings.Join([]string{f.Indicator, f.Unit, f.Country, hide("place", f.Place), f.Start.String(), f.End.String(), hide("sex", f.Sex), hide("age", f.Age), hide("drug", f.Drug),
		breakdown(f.Breakdown, d), f.Statement}, "\x00")
}

func breakdown(b map[string]string, leave string) string {
	names := make([]string, 0, len(b))
	for n := range b {
		if n != leave {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	var s strings.Builder
	for _, n := range names {
		s.WriteString(n + "=" + b[n] + ";")
	}
	return s.String()
}

func (f *Figure) code(d string) string {
	switch d {
	case "sex":
		return f.Sex
	case "age":
		return f.Age
	case "drug":
		return f.Drug
	case "place":
		return f.Place
	}
	return f.Breakdown[d]
}

// sumsOf finds the wholes among figures that differ in dimension d, each with the largest parts below it.
func sumsOf(d string, list []*Figure, facts Facts) (out []Sum) {
	slices.SortFunc(list, func(a, b *Figure) int { return cmp.Or(cmp.Compare(a.code(d), b.code(d)), cmp.Compare(a.ID, b.ID)) })
	for _, whole := range list {
		s := Sum{Dimension: d, Whole: whole}
		for _, p := range list {
			if p.code(d) != whole.code(d) && contains(d, whole, p, facts) &&
				!slices.ContainsFunc(list, func(q *Figure) bool {
					return q.code(d) != p.code(d) && q.code(d) != whole.code(d) && contains(d, whole, q, facts) && contains(d, q, p, facts)
				}) && (len(s.Parts) == 0 || s.Parts[len(s.Parts)-1].code(d) != p.code(d)) {
				s.Parts = append(s.Parts, p)
			}
		}
		if len(s.Parts) == 0 || overlapping(d, s.Parts) {
			continue
		}
		s.Complete = complete(d, whole, s.Parts, facts)
		out = append(out, s)
	}
	return out
}

// contains reports whether the code of whole includes that of part.
func contains(d string, whole, part *Figure, facts Facts) bool {
	w, p := whole.code(d), part.code(d)
	switch d {
	case "sex":
		return w == "total"
	case "age":
		if w == define.AllAges {
			return true
		}
		a, ok1 := define.ParseAge(w)
		b, ok2 := define.ParseAge(p)
		return ok1 && ok2 && a.From <= b.From && b.To <= a.To
	case "drug":
		return facts.Catalogue.Within("drug", p, w)
	case "place":
		return w == whole.Country && part.Country == whole.Country
	}
	return w == "" // the figure without the breakdown
}

// overlapping reports whether age bands cross: such parts are no division.
func overlapping(d string, parts []*Figure) bool {
	if d != "age" {
		return false
	}
	for i, p := range parts {
		a, ok := define.ParseAge(p.Age)
		if !ok {
			return true
		}
		for _, q := range parts[i+1:] {
			if b, ok := define.ParseAge(q.Age); !ok || a.From <= b.To && b.From <= a.To {
				return true
			}
		}
	}
	return false
}

// complete reports whether the parts are known to be all.
func complete(d string, whole *Figure, parts []*Figure, facts Facts) bool {
	has := func(code string) bool {
		return slices.ContainsFunc(parts, func(p *Figure) bool { return p.code(d) == code })
	}
	switch d {
	case "sex":
		return has("male") && has("female")
	case "drug":
		children := facts.Catalogue.Children("drug", whole.Drug)
		return len(children) > 1 && !slices.ContainsFunc(children, func(c string) bool { return !has(c) })
	case "place":
		if facts.Parts == nil {
			return false
		}
		regions := facts.Parts(whole.Country, whole.End)
		return len(regions) > 1 && !slices.ContainsFunc(regions, func(c string) bool { return !has(c) })
	case "age":
		return whole.Age == define.AllAges && reaches(parts)
	}
	return false
}

// reaches reports whether age bands leave no gap between the youngest and an open end.
func reaches(parts []*Figure) bool {
	var bands []define.Band
	for _, p := range parts {
		b, ok := define.ParseAge(p.Age)
		if !ok {
			return false
		}
		bands = append(bands, b)
	}
	slices.SortFunc(bands, func(a, b define.Band) int { return a.From - b.From })
	for i := 1; i < len(bands); i++ {
		if bands[i].From != bands[i-1].To+1 {
			return false
		}
	}
	return bands[0].From == 0 && bands[len(bands)-1].To == define.Open
}

// Add checks sums: parts that exceed their whole, and complete parts that do not reach it.
func Add(figures []Figure, facts Facts) (out []Finding) {
	for _, s := range Sums(figures, facts) {
		total := 0.0
		all := []*Figure{s.Whole}
		for _, p := range s.Parts {
			total += p.Value
			all = append(all, p)
		}
		slack := 0.5 * float64(len(s.Parts)) // figures that were rounded one by one
		if ind, _ := facts.Catalogue.Indicator(s.Whole.Indicator); ind.Kind == define.Count {
			slack = 1e-9
		} else {
			slack = min(slack, 0.005*max(total, s.Whole.Value))
		}
		over := total > s.Whole.Value+slack
		short := s.Complete && total < s.Whole.Value-slack
		if !over && !short {
			continue
		}
		severity := asks(Error, all...)
		if short && (s.Dimension == "drug" || s.Dimension == "sex" && !slices.ContainsFunc(s.Parts, func(p *Figure) bool { return p.Sex == "unknown" })) {
			severity = Question // the rest may be those of whom it is not known
		}
		out = append(out, s.Whole.finding("sum", severity, Value{"check.label.whole", number(s.Whole.Value)}, Value{"check.label.parts." + label(s.Dimension), number(round(total))}, s.Dimension))
	}
	return out
}

func label(d string) string {
	switch d {
	case "sex", "age", "drug", "place":
		return d
	}
	return "breakdown"
}
