package indicator

import (
	"context"
	"math"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// Hidden says which figures of indicators in a country an actor may not see, for rooms that show figures of this one.
func (s *Service) Hidden(ctx context.Context, a access.Actor, country string, day baqylau.Date, codes ...string) (map[string]bool, error) {
	return s.protected(ctx, a, country, day, codes...)
}

// protected says which figures of indicators in a country are hidden from an actor. It looks at every figure of the indicator, not at those of one page, so that
// two pages never tell together what each of them hides. Hidden are counts of persons below the threshold that were not published, and then as many others as
// it takes that none can be computed from a sum; a figure that has left and was corrected by few persons since is hidden too. Of an earlier day all that was not published is hidden: what has become of a sum since would tell of its parts.
func (s *Service) protected(ctx context.Context, a access.Actor, country string, day baqylau.Date, codes ...string) (hidden map[string]bool, err error) {
	defer baqylau.Wrap(&err, "indicator.protected")
	hidden = map[string]bool{}
	if disclosure.AudienceOf(a) == disclosure.Working {
		return hidden, nil
	}
	past := day.Before(change.Today(s.W.Now()))
	for _, code := range codes {
		ind, ok := define.Current().Indicator(code)
		if !ok || !ind.Persons || !ind.Adds() {
			continue
		}
		base, err := s.base(ctx, code, country, day, past)
		if err != nil {
			return nil, err
		}
		for id, org := range base {
			if org == "" || org != a.OrgID { // one's own organisation's figures are no secret to it
				hidden[id] = true
			}
		}
	}
	return hidden, nil
}

// protectPast adds the rows of a cell that no longer stand: what was said before of a count of persons is hidden from whoever does not work on it, however large it is now.
func (s *Service) protectPast(a access.Actor, ind *define.Indicator, rows, standing []Observation, hidden map[string]bool) {
	if !ind.Persons || !ind.Adds() || disclosure.AudienceOf(a) == disclosure.Working {
		return
	}
	for _, o := range rows {
		stands := slices.ContainsFunc(standing, func(now Observation) bool { return now.ID == o.ID })
		if !stands && !o.Published && o.Value != nil && !s.outside(o.SourceID) && (o.OrgID == "" || o.OrgID != a.OrgID) {
			hidden[o.ID] = true
		}
	}
}

// Shown finds figures for an actor, and says which of them are hidden from them. Code: as Find.
func (s *Service) Shown(ctx context.Context, a access.Actor, q Question) (found []Observation, hidden map[string]bool, err error) {
	if hidden, err = s.protected(ctx, a, q.Country, q.AsOf, q.Indicators...); err != nil {
		return nil, nil, err
	}
	found, err = Find(ctx, s.W.DB.Read, q)
	return found, hidden, err
}

// base says which figures of an indicator are hidden from whoever does not work on them, with the organisation of each; of a past day all of them are. It is kept until another figure comes.
func (s *Service) base(ctx context.Context, code, country string, day baqylau.Date, past bool) (map[string]string, error) {
	what := "hidden"
	if past {
		what = "hidden before"
	}
	return keep(ctx, s, what, code, country, day.String(), func() (map[string]string, error) {
		all, err := Find(ctx, s.W.DB.Read, Question{Indicators: []string{code}, Country: country, AsOf: day, Unpublished: true})
		if err != nil {
			return nil, err
		}
		hidden := map[string]string{}
		if past {
			for _, o := range all {
				if o.Value != nil && !s.outside(o.SourceID) {
					hidden[o.ID] = o.OrgID
				}
			}
			return hidden, nil
		}
		answer, counts, err := s.answered(ctx, code, country, all, false)
		if err != nil {
			return nil, err
		}
		for i, x := range answer {
			if x.Why != suppress.Shown {
				hidden[counts[i].ID] = counts[i].OrgID
			}
		}
		protect(all, hidden, s.outside, s.Facts(baqylau.Date{}))
		return hidden, protectFacilities(all, hidden)
	})
}

// protect marks what is hidden among all figures of an indicator.
func protect(all []Observation, hidden map[string]string, outside func(sourceID string) bool, facts check.Facts) {
	figure := disclosure.Figure{Persons: true}
	org := map[string]string{}
	kept := all[:0:0]
	for _, o := range all {
		if o.Value == nil || outside(o.SourceID) {
			continue
		}
		kept = append(kept, o)
		org[o.ID] = o.OrgID
		if disclosure.Hides(int(math.Round(*o.Value)), figure, disclosure.Crossing) {
			hidden[o.ID] = o.OrgID
		}
	}
	if len(hidden) == 0 {
		return
	}
	sums := check.Sums(Figures(kept), facts)
	for again := true; again; {
		again = false
		for _, sum := range sums {
			if f := weakest(sum, hidden); f != nil {
				hidden[f.ID], again = org[f.ID], true
			}
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
func weakest(s check.Sum, hidden map[string]string) (found *check.Figure) {
	is := func(f *check.Figure) bool { _, ok := hidden[f.ID]; return ok }
	n, total := 0, 0.0
	for _, p := range s.Parts {
		if is(p) {
			n++
			total += p.Value
		}
	}
	if is(s.Whole) {
		if n > 0 {
			return nil
		}
	} else if n == 0 || n > 1 && total >= disclosure.Threshold {
		return nil
	}
	for _, p := range s.Parts {
		if !is(p) && p.Value > 0 && (found == nil || p.Value < found.Value) {
			found = p
		}
	}
	if found == nil && !is(s.Whole) {
		found = s.Whole
	}
	return found
}
