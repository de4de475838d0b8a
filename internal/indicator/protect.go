package indicator

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// Hidden says which figures of indicators in a country an actor may not see, for rooms that show figures of this one.
func (s *Service) Hidden(ctx context.Context, a access.Actor, country string, day baqylau.Date, codes ...string) (map[string]bool, error) {
	return s.protected(ctx, a, country, day, codes...)
}

// protected says which figures of indicators in a country are hidden from an actor. It looks at every figure of the indicators and of those that are part of the same whole, not at those of one page, so that
// two pages never tell together what each of them hides: counts of persons below the threshold that were not published, as many others as it takes that neither these nor what is left of a sum can be computed
// (counts), shares that are such counts in other words (shares), and figures that have left and were corrected by few persons since (Leave). Of an earlier day all that was not published is hidden: what has become of a sum since would tell of its parts.
func (s *Service) protected(ctx context.Context, a access.Actor, country string, day baqylau.Date, codes ...string) (hidden map[string]bool, err error) {
	defer baqylau.Wrap(&err, "indicator.protected")
	hidden = map[string]bool{}
	if disclosure.AudienceOf(a) == disclosure.Working {
		return hidden, nil
	}
	past := day.Before(change.Today(s.W.Now()))
	for _, code := range codes {
		ind, ok := define.Current().Indicator(code)
		if !ok || !guarded(ind) {
			continue
		}
		base, err := s.base(ctx, ind, country, day, past)
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

// guarded reports whether figures of an indicator may have to be hidden: it counts persons, or is a share or rate of them.
func guarded(ind *define.Indicator) bool {
	return ind.Persons && (ind.Adds() || ind.Kind == define.Share || ind.Kind == define.Rate)
}

// protectPast adds the rows of a cell that no longer stand: what was said before of a count of persons is hidden from whoever does not work on it, however large it is now.
func (s *Service) protectPast(a access.Actor, ind *define.Indicator, rows, standing []Observation, hidden map[string]bool) {
	if !guarded(ind) || disclosure.AudienceOf(a) == disclosure.Working {
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

// base says which figures are hidden from whoever does not work on them, with the organisation of each: of an indicator and of those that are part of the same whole. Of a past day all of them are. It is kept
// until another figure comes.
func (s *Service) base(ctx context.Context, ind *define.Indicator, country string, day baqylau.Date, past bool) (map[string]string, error) {
	own := []string{ind.Code}
	if ind.Adds() {
		own = together(define.Current(), ind.Code)
	}
	whole := restsOn(define.Current(), ind.Code)
	what := "hidden"
	if past {
		what, whole = "hidden before", nil
	}
	return keep(ctx, s, what, strings.Join(append(own, whole...), "+"), country, day.String(), func() (map[string]string, error) {
		all, err := s.inside(ctx, own, country, day)
		if err != nil {
			return nil, err
		}
		hidden := map[string]string{}
		switch {
		case past:
			for _, o := range all {
				if !o.Published {
					hidden[o.ID] = o.OrgID
				}
			}
			return hidden, nil
		case ind.Adds():
			if err := s.changedByFew(ctx, own, country, all, hidden); err != nil {
				return nil, err
			}
			return hidden, protect(all, hidden)
		}
		counts, err := s.inside(ctx, whole, country, day)
		if err != nil {
			return nil, err
		}
		of := map[string]string{}
		for _, code := range whole {
			count, _ := define.Current().Indicator(code)
			base, err := s.base(ctx, count, country, day, past)
			if err != nil {
				return nil, err
			}
			maps.Copy(of, base)
		}
		sh := newShares(s.Facts(day), counts, of)
		for i := range all {
			if o := &all[i]; !o.Published && sh.hides(o, ind) {
				hidden[o.ID] = o.OrgID
			}
		}
		return hidden, nil
	})
}

// changedByFew marks the figures that the release ledger hides, of some indicators.
func (s *Service) changedByFew(ctx context.Context, codes []string, country string, all []Observation, hidden map[string]string) error {
	for _, code := range codes {
		var own []Observation
		for _, o := range all {
			if o.Indicator == code && !o.Published {
				own = append(own, o)
			}
		}
		answer, counts, err := s.answered(ctx, code, country, own, false)
		if err != nil {
			return err
		}
		for i, x := range answer {
			if x.Why != suppress.Shown {
				hidden[counts[i].ID] = counts[i].OrgID
			}
		}
	}
	return nil
}

// inside are the figures of some indicators that have a value, without those that another country publishes of itself.
func (s *Service) inside(ctx context.Context, codes []string, country string, day baqylau.Date) ([]Observation, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	all, err := Find(ctx, s.W.DB.Read, Question{Indicators: codes, Country: country, AsOf: day})
	return slices.DeleteFunc(all, func(o Observation) bool { return o.Value == nil || s.outside(o.SourceID) }), err
}

// protect marks what is hidden among all figures of indicators that are protected together, beside what is marked already.
func protect(all []Observation, hidden map[string]string) error {
	c := newCounts(define.Current())
	reported := map[string][]Observation{}
	for i := range all {
		_, must := hidden[all[i].ID]
		c.add(&all[i], must)
		if !all[i].Published {
			reported[all[i].Indicator] = append(reported[all[i].Indicator], all[i])
		}
	}
	c.hide(hidden)
	for _, figures := range reported {
		if err := protectFacilities(figures, hidden); err != nil {
			return err
		}
	}
	return nil
}

// outside reports whether a source publishes the figures of another country.
func (s *Service) outside(sourceID string) bool {
	src, ok := s.Shelf.Book().SourceByID(sourceID)
	return ok && src.Outside
}
