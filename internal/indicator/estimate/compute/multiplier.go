package compute

import (
	"slices"

	"github.com/baqylau/baqylau/epi"
)

var multiplier = Method{Code: "multiplier", Size: true, run: runMultiplier,
	Fields: slices.Concat([]Field{{Name: "benchmark", Kind: Number}, {Name: "reported", Kind: Number}, {Name: "asked", Kind: Number}, {Name: "rare", Kind: Tick}},
		random("10000"), []Field{level}),
	arguments: map[string]string{"benchmark": "benchmark", "x": "reported", "n": "asked"}}

// runMultiplier gives the two intervals by formula and, beside them, the one by draws. Wilson's is used, which holds in small samples, or the logarithmic one where the benchmark
// itself is a count of rare events.
func runMultiplier(r *reader) (Output, error) {
	b, x, n, rare, level := r.number("benchmark"), r.number("reported"), r.number("asked"), r.tick("rare"), r.level()
	draws, seed := r.whole("draws", 100, 200_000), r.seed()
	if len(r.errs) > 0 {
		return Output{}, nil
	}
	m, err := epi.Multiply(b, x, n, rare, level)
	if err != nil {
		return Output{}, err
	}
	first := line("multiplier", m.Estimate, m.SE, limits("delta_log", m.Log))
	if !rare {
		first.Intervals = append([]Limits{limits("wilson", m.Wilson)}, first.Intervals...)
	}
	out := output("persons", first)
	if x == 0 {
		out.Chosen = -1 // nobody reports the contact: no upper limit
	}
	median, by, err := epi.MultiplyByDraws(b, x, n, rare, draws, seed, level)
	if err != nil {
		return Output{}, err
	}
	out.Lines = append(out.Lines, line("draws", median, by.SE, limits("draws", by.Interval)))
	out.Facts = []Fact{{Name: "share", Value: Value(100 * x / n), Decimals: 1}}
	out.count(b, x, n-x)
	out.Few, out.Sample = true, int(n)
	return out, nil
}
