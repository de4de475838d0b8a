package compute

import (
	"math"

	"github.com/baqylau/baqylau/epi"
)

var proportion = Method{Code: "proportion", run: runProportion, Fields: []Field{{Name: "x", Kind: Number}, {Name: "n", Kind: Number}, level}, arguments: map[string]string{"x": "x", "n": "n"}}

// runProportion is a share of a simple random sample with its four intervals; Wilson's is used.
func runProportion(r *reader) (Output, error) {
	x, n, level := r.number("x"), r.number("n"), r.level()
	l := line("proportion", 100*x/n, 100*math.Sqrt(x/n*(1-x/n)/n))
	for _, m := range []struct {
		kind string
		of   func(x, n, level float64) (epi.Interval, error)
	}{{"wilson", epi.Wilson}, {"clopper_pearson", epi.ClopperPearson}, {"jeffreys", epi.Jeffreys}, {"agresti_coull", epi.AgrestiCoull}} {
		i, err := m.of(x, n, level)
		if err != nil {
			return Output{}, err
		}
		l.Intervals = append(l.Intervals, limits(m.kind, i.Times(100)))
	}
	out := output("percent", l)
	out.count(x, n-x)
	out.Few, out.Sample, out.Denominator = true, int(n), int(n)
	return out, nil
}
