package casefile

import (
	"math"

	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/jsoncases"
)

// multiplier is the benchmark multiplier. A request with draws has the Monte Carlo limits too.
func multiplier(c *Case) (any, error) {
	in := struct {
		Benchmark jsoncases.Number
		X, N      jsoncases.Number
	}{Benchmark: jsoncases.Number(math.NaN()), X: jsoncases.Number(math.NaN()), N: jsoncases.Number(math.NaN())}
	request := struct {
		Poisson bool `json:"poisson_benchmark"`
		Draws   int
		Seed    uint64
		Level   float64 `json:"ci_level"`
	}{Level: usual.Level}
	if err := c.readData(&in); err != nil {
		return nil, err
	}
	if err := c.readRequest(&request); err != nil {
		return nil, err
	}
	b, x, n := float64(in.Benchmark), float64(in.X), float64(in.N)
	m, err := epi.Multiply(b, x, n, request.Poisson, request.Level)
	if err != nil {
		return nil, refused(err, fields)
	}
	type draws struct {
		Median jsoncases.Number `json:"median"`
		SE     jsoncases.Number `json:"se"`
		CI     interval         `json:"ci"`
	}
	out := struct {
		Estimate jsoncases.Number `json:"estimate"`
		SE       jsoncases.Number `json:"se"`
		Log      interval         `json:"ci_log"`
		Wilson   *interval        `json:"ci_wilson,omitempty"`
		Draws    *draws           `json:"draws,omitempty"`
	}{Estimate: jsoncases.Number(m.Estimate), SE: jsoncases.Number(m.SE), Log: interval(m.Log)}
	if !request.Poisson {
		w := interval(m.Wilson)
		out.Wilson = &w
	}
	if request.Draws != 0 {
		median, by, err := epi.MultiplyByDraws(b, x, n, request.Poisson, request.Draws, request.Seed, request.Level)
		if err != nil {
			return nil, refused(err, fields)
		}
		out.Draws = &draws{jsoncases.Number(median), jsoncases.Number(by.SE), interval(by.Interval)}
	}
	return out, nil
}
