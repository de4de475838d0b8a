package indicator

import (
	"context"
	"math"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// Leave enters the figures of indicators in the release ledger, where a file of them goes to a reader from whom small counts are hidden. All figures of an indicator that are not published count as having left, whatever part of
// them the file has: a figure that is corrected by few persons afterwards is hidden until more have changed.
func (s *Service) Leave(ctx context.Context, a access.Actor, country string, codes ...string) (err error) {
	defer baqylau.Wrap(&err, "indicator.Leave")
	if disclosure.AudienceOf(a) == disclosure.Working || s.Ledger == nil {
		return nil
	}
	for _, code := range codes {
		ind, ok := define.Current().Indicator(code)
		if !ok || !ind.Persons || !ind.Adds() {
			continue
		}
		all, err := Find(ctx, s.W.DB.Read, Question{Indicators: []string{code}, Country: country, AsOf: change.Today(s.W.Now()), Unpublished: true})
		if err != nil {
			return err
		}
		if _, _, err := s.answered(ctx, code, country, all, true); err != nil {
			return err
		}
	}
	return nil
}

// answered is what the release ledger answers for the figures of an indicator, and the figures in the order of the answer. How they hang together is not in it (see protect): each is a count by itself.
func (s *Service) answered(ctx context.Context, code, country string, all []Observation, leaves bool) (suppress.Answer, []Observation, error) {
	t := suppress.Table{Dimensions: []suppress.Dimension{{Name: "figure"}}, Rule: suppress.Rule{Threshold: disclosure.Threshold}}
	var counts []Observation
	seen := map[string]bool{}
	for _, o := range all {
		slot := o.Slot()
		if o.Value == nil || *o.Value < 0 || *o.Value > suppress.MaxCount || s.outside(o.SourceID) || seen[slot] {
			continue
		}
		seen[slot] = true
		t.Dimensions[0].Codes = append(t.Dimensions[0].Codes, slot)
		t.Cells = append(t.Cells, suppress.Cell{Key: []string{slot}, N: int(math.Round(*o.Value))})
		counts = append(counts, o)
	}
	if s.Ledger == nil || len(counts) == 0 {
		return nil, nil, nil
	}
	a, err := s.Ledger(ctx, "figures "+country+" "+code, "all", define.Current().Name(baqylau.English, code)+", "+country, t, leaves)
	return a, counts, err
}
