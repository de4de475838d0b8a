package casefile

import (
	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/jsoncases"
)

// binomialCUSUM is categoricalCUSUM of surveillance with a binomial density.
func binomialCUSUM(c *Case) (Output, error) {
	in := struct {
		H         float64
		Ret       string
		OddsRatio float64 `json:"odds_ratio"`
		Pi0, Pi1  jsoncases.Numbers
		N         jsoncases.Numbers
	}{H: 5, Ret: "cases"}
	if err := c.settings(&in); err != nil {
		return nil, err
	}
	length := c.Last - c.First + 1
	for _, p := range [...]struct {
		name string
		of   jsoncases.Numbers
	}{{"pi0", in.Pi0}, {"pi1", in.Pi1}} {
		if len(p.of) > 1 && len(p.of) != length {
			return nil, badControl(p.name, "has %d values for %d evaluated periods; give one a period, or one for all", len(p.of), length)
		}
		for i, v := range p.of {
			if !(v > 0 && v < 1) {
				return nil, badControl(p.name, "value %d is %v; give probabilities above 0 and below 1", i+1, v)
			}
		}
	}
	switch {
	case len(in.Pi0) == 0:
		return nil, badControl("pi0", "is missing; give the in-control probabilities")
	case len(in.Pi1) == 0 && !(in.OddsRatio > 0):
		return nil, badControl("pi1", "is missing, and so is odds_ratio; give one of them")
	case !(in.H >= 0):
		return nil, badControl("h", "is %v; give 0 or more", in.H)
	}
	if err := c.tested(in.N, length); err != nil {
		return nil, err
	}
	d := aberration.BinomialCUSUM{First: c.First, InControl: in.Pi0, OutOfControl: in.Pi1, OddsRatio: in.OddsRatio, H: in.H, Mode: c.Mode}
	return c.valueOrCases(in.Ret, c.judge(d))
}

// tested puts the numbers tested in the evaluated periods, where they are given, in the place of the population.
func (c *Case) tested(n jsoncases.Numbers, length int) error {
	switch {
	case n == nil && c.Series.Population == nil:
		return badControl("n", "is missing, and the series has no population; give the numbers tested")
	case n == nil:
		return nil
	case len(n) != 1 && len(n) != length:
		return badControl("n", "has %d values for %d evaluated periods; give one a period, or one for all", len(n), length)
	}
	tested := make([]float64, len(c.Series.Counts))
	for i := range length {
		tested[c.First+i] = n[i%len(n)]
	}
	c.Series.Population = tested
	return nil
}
