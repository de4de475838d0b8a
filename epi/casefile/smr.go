package casefile

import (
	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

// smr is the standardised mortality ratio.
func smr(c *Case) (any, error) {
	var in struct {
		Observed, Rate jsoncases.Numbers
		Years          jsoncases.Numbers `json:"person_years"`
	}
	request := usual
	if err := c.readData(&in); err != nil {
		return nil, err
	}
	if err := c.readRequest(&request); err != nil {
		return nil, err
	}
	if len(in.Observed) != len(in.Rate) {
		return nil, fault(epi.UnequalLengths, "data.observed", "has %d values and data.rate %d; give one a band", len(in.Observed), len(in.Rate))
	}
	expected, err := epi.ExpectedEvents(in.Rate, in.Years)
	if err != nil {
		return nil, refused(err, fields)
	}
	observed := 0.0
	for _, d := range in.Observed {
		observed += d
	}
	s, err := epi.CompareMortality(observed, expected, request.Level)
	if err != nil {
		return nil, refused(err, fields)
	}
	out := struct {
		Observed  jsoncases.Number `json:"observed"`
		Expected  jsoncases.Number `json:"expected"`
		SMR       jsoncases.Number `json:"smr"`
		Exact     interval         `json:"ci_exact"`
		LogNormal *interval        `json:"ci_lognormal"`
		Byar      interval         `json:"ci_byar"`
	}{jsoncases.Number(s.Observed), jsoncases.Number(s.Expected), jsoncases.Number(s.Ratio), interval(s.Exact), nil, interval(s.Byar)}
	if observed > 0 {
		log := interval(s.LogNormal)
		out.LogNormal = &log
	}
	return out, nil
}
