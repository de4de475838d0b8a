package indicator

import (
	"context"
	"math"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// protected says which figures of indicators in a country are hidden from an actor. It looks at every figure of the indicator, not at those of one page, so that
// two pages never tell together what each of them hides. Hidden are counts of persons below the threshold that were not published, and then as many others as
// it takes that none can be computed from a sum.
func (s *Service) protected(ctx context.Context, a access.Actor, country string, day baqylau.Date, codes ...string) (hidden map[string]bool, err error) {
	defer baqylau.Wrap(&err, "indicator.protected")
	hidden = map[string]bool{}
	if disclosure.AudienceOf(a) == disclosure.Working {
		return hidden, nil
	}
	for _, code := range codes {
		ind, ok := define.Current().Indicator(code)
		if !ok || !ind.Persons || !ind.Adds() {
			continue
		}
		q := Question{Indicators: []string{code}, Country: country, AsOf: day, Unpublished: true}
		all, err := Find(ctx, s.W.DB.Read, q)
		if err != nil {
			return nil, err
		}
		protect(all, a, hidden, s.outside, s.Facts(baqylau.Date{}))
	}
	return hidden, nil
}

// Shown finds figures for an actor, and says which of them are hidden from them. Code: as Find.
func (s *Service) Shown(ctx context.Context, a access.Actor, q Question) (found []Observation, hidden map[string]bool, err error) {
	if hidden, err = s.protected(ctx, a, q.Country, q.AsOf, q.Indicators...); err != nil {
		return nil, nil, err
	}
	found, err = Find(ctx, s.W.DB.Read, q)
	return found, hidden, err
}

// protect marks what is hidden among all figures of an indicator. One's own organisation's figures are no secret to it.
func protect(all []Observation, a access.Actor, hidden map[string]bool, outside func(sourceID string) bool, facts check.Facts) {
	figure := disclosure.Figure{Persons: true}
	audience := disclosure.AudienceOf(a)
	small := false
	kept := all[:0:0]
	for _, o := range all {
		if o.Value == nil || outside(o.SourceID) {
			continue
		}
		kept = append(kept, o)
		if disclosure.Hides(int(math.Round(*o.Value)), figure, audience) {
			hidden[o.ID], small = true, true
		}
	}
	if !small {
		return
	}
	sums := check.Sums(Figures(kept), facts)
	for again := true; again; {
		again = false
		for _, sum := range sums {
			if f := weakest(sum, hidden); f != nil {
				hidden[f.ID], again = true, true
			}
		}
	}
	for _, o := range kept {
		if o.OrgID != "" && o.OrgID == a.OrgID {
			delete(hidden, o.ID)
		}
	}
}

// outside reports whether a source publishes the figures of another country.
func (s *Service) outside(sourceID string) bool {
	src, ok := s.Shelf.Book().SourceByID(sourceID)
	return ok && src.Outside
}

// weakest is the figure that must be hidden besides, so that the hidden ones of a sum cannot be computed: where one alone is hidden, or the hidden parts together stay
// below the threshold. It is the smallest that is left, the whole last.
func weakest(s check.Sum, hidden map[string]bool) (found *check.Figure) {
	n, total := 0, 0.0
	for _, p := range s.Parts {
		if hidden[p.ID] {
			n++
			total += p.Value
		}
	}
	if hidden[s.Whole.ID] {
		if n > 0 {
			return nil
		}
	} else if n == 0 || n > 1 && total >= disclosure.Threshold {
		return nil
	}
	for _, p := range s.Parts {
		if !hidden[p.ID] && p.Value > 0 && (found == nil || p.Value < found.Value) {
			found = p
		}
	}
	if found == nil && !hidden[s.Whole.ID] {
		found = s.Whole
	}
	return found
}
