package indicator

import (
	"math"
	"slices"

	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// shares decides which shares and rates of persons are hidden: one that rests on too few, one whose part or whole is hidden or small, since a share beside its whole is a count in other words.
type shares struct {
	facts  check.Facts
	counts map[string][]*Observation // by indicator and what must agree
	hidden map[string]string         // counts that are hidden
}

func newShares(facts check.Facts, counts []Observation, hidden map[string]string) *shares {
	s := &shares{facts: facts, counts: map[string][]*Observation{}, hidden: hidden}
	for i := range counts {
		if o := &counts[i]; o.Value != nil {
			k := alike(o, o.Indicator, o.Drug)
			s.counts[k] = append(s.counts[k], o)
		}
	}
	return s
}

// alike names what a share has in common with its part and its whole.
func alike(o *Observation, code, drug string) string {
	p := Observation{Indicator: code, Place: o.Place, Start: o.Start, End: o.End, Sex: o.Sex, Age: o.Age, Drug: drug, Breakdown: o.Breakdown}
	return p.Cell()
}

// hides reports whether a share or rate that was not published must be hidden.
func (s *shares) hides(o *Observation, ind *define.Indicator) bool {
	if ind.Kind == define.Share && o.Sample != nil {
		if ind.Span == define.Study {
			return disclosure.SurveyCell(int(*o.Sample), 0) == disclosure.Withheld
		}
		if s.few(*o.Value/100, float64(*o.Sample), true) {
			return true
		}
	}
	for _, r := range s.facts.Catalogue.Rules() {
		if r.First != ind.Code || r.Name != "share" && r.Name != "rate" {
			continue
		}
		parts := s.counts[alike(o, r.Second, o.Drug)]
		if s.any(parts) {
			return true
		}
		if r.Name == "rate" {
			people, known := s.facts.Population(o.Place, o.End.Time().Year())
			if known && s.few(*o.Value/r.Base, people, false) {
				return true
			}
			continue
		}
		drug := o.Drug
		if r.Second == r.Whole {
			drug = AllDrugs
		}
		wholes := s.counts[alike(o, r.Whole, drug)]
		if s.any(wholes) || slices.ContainsFunc(wholes, func(w *Observation) bool { return s.few(*o.Value/r.Base, *w.Value, ind.Kind == define.Share) }) {
			return true
		}
	}
	return false
}

// any reports whether one of some counts is hidden.
func (s *shares) any(counts []*Observation) bool {
	return slices.ContainsFunc(counts, func(o *Observation) bool { _, is := s.hidden[o.ID]; return is })
}

// few reports whether a part of a whole may not be told: it is small, or so is the rest of a share, or the whole is under the least denominator.
func (s *shares) few(part, whole float64, share bool) bool {
	show := func(n float64) disclosure.Count {
		return disclosure.Show(int(math.Round(n)), disclosure.Figure{Persons: true}, disclosure.Crossing)
	}
	if _, ok := disclosure.Percentage(show(part*whole), show(whole)); !ok {
		return true
	}
	return share && show(whole-part*whole).Hidden
}

// restsOn are the indicators of counts that a share or rate is computed from.
func restsOn(c *define.Catalogue, code string) (out []string) {
	for _, r := range c.Rules() {
		if r.First != code || r.Name != "share" && r.Name != "rate" {
			continue
		}
		for _, x := range []string{r.Second, r.Whole} {
			if ind, ok := c.Indicator(x); ok && ind.Persons && ind.Adds() && !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	return out
}

// together are the indicators whose counts are protected with those of one: which are part of the same whole.
func together(c *define.Catalogue, code string) []string {
	out := []string{code}
	for i := 0; i < len(out); i++ {
		for _, r := range c.Rules() {
			if r.Name != "part" || r.First != out[i] && r.Second != out[i] {
				continue
			}
			for _, x := range []string{r.First, r.Second} {
				if ind, ok := c.Indicator(x); ok && ind.Persons && ind.Adds() && !slices.Contains(out, x) {
					out = append(out, x)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}
