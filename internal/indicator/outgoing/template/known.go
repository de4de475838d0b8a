package template

import (
	"slices"
	"strings"

	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

// known finds out what kind of fact is asked for, fills what an empty dimension means, and refuses what nobody can answer.
func (r *reader) known(where string, q Question) (Question, error) {
	named := 0
	for fact, key := range map[Fact]string{Observation: q.Indicator, Treatment: q.Table, Death: q.Selection} {
		if key != "" {
			q.Fact = fact
			named++
		}
	}
	if named != 1 {
		return q, r.bad(where, "indicator, table, selection")
	}
	switch q.Fact {
	case Observation:
		return r.observation(where, q)
	case Treatment:
		return q, r.ofTreatment(where, q)
	}
	return r.death(where, q)
}

// everyone is the value of a dimension that does not divide.
func everyone(q Question) Question {
	for field, all := range map[*string]string{&q.Sex: "total", &q.Age: define.AllAges, &q.Drug: "all"} {
		if *field == "" {
			*field = all
		}
	}
	return q
}

func (r *reader) observation(where string, q Question) (Question, error) {
	c := define.Current()
	i, ok := c.Indicator(q.Indicator)
	if !ok {
		return q, r.bad(where, q.Indicator)
	}
	if q.Row+q.Column != "" {
		return q, r.bad(where, q.Row+q.Column)
	}
	if q.Unit == "" {
		q.Unit = i.Unit
	}
	if !c.HasUnit(q.Unit) {
		return q, r.bad(where, q.Unit)
	}
	if q.Breakdown != "" {
		for part := range strings.SplitSeq(q.Breakdown, ";") {
			if name, code, ok := strings.Cut(part, "="); !ok || name == "" || code == "" {
				return q, r.bad(where, q.Breakdown)
			}
		}
	}
	q = everyone(q)
	return q, r.dimensions(where, q)
}

func (r *reader) dimensions(where string, q Question) error {
	if _, ok := define.Current().Code("drug", q.Drug); !ok {
		return r.bad(where, q.Drug)
	}
	if !slices.Contains([]string{"total", "male", "female", "unknown"}, q.Sex) {
		return r.bad(where, q.Sex)
	}
	if _, ok := define.ParseAge(q.Age); !ok && q.Age != define.AllAges {
		return r.bad(where, q.Age)
	}
	return nil
}

func (r *reader) ofTreatment(where string, q Question) error {
	spec, ok := tdi.SpecOf(q.Table)
	if !ok {
		return r.bad(where, q.Table)
	}
	if q.Unit+q.Drug+q.Sex+q.Age+q.Breakdown != "" || q.Latest || q.Measure != Measures[0] {
		return r.bad(where, q.Table)
	}
	has := func(a *tdi.Axis, code string) bool {
		return slices.ContainsFunc(a.Lines, func(l tdi.Line) bool { return l.Code == code })
	}
	if !has(spec.Rows, q.Row) {
		return r.bad(where, q.Row)
	}
	if !has(spec.Cols, q.Column) {
		return r.bad(where, q.Column)
	}
	return nil
}

// death takes what the counts of deaths are made by: sex and age together, or a drug, or the adults as a whole.
func (r *reader) death(where string, q Question) (Question, error) {
	if s := death.Selection(q.Selection); s == death.Possible || !slices.Contains(death.Selections, s) { // the possible ones are not for others
		return q, r.bad(where, q.Selection)
	}
	if q.Unit+q.Breakdown+q.Row+q.Column != "" || q.Latest || q.Measure != Measures[0] {
		return q, r.bad(where, q.Selection)
	}
	q = everyone(q)
	divided := q.Sex != "total" || q.Age != define.AllAges
	band := slices.ContainsFunc(death.Bands, func(b death.Band) bool { return b.Code == q.Age })
	switch {
	case q.Drug != "all" && divided, q.Age == death.Adult.Code && q.Sex != "total", q.Age != define.AllAges && q.Age != death.Adult.Code && !band:
		return q, r.bad(where, q.Age)
	}
	return q, r.dimensions(where, q)
}
