package epi

import "math"

// MultiplyByDraws is Multiply by Monte Carlo: the share is drawn from Beta(x + ½, n − x + ½), its distribution given the sample under Jeffreys' prior, and for a
// Poisson benchmark the benchmark from the Poisson distribution with its count as the mean. It needs no normal approximation and has both sources of
// error; Median is the middle of the draws. Without anybody in the benchmark the upper limit is large but finite, which is the prior's word: use
// the lower limit only. With one or nobody SE is undefined.
//
// draws is the number of draws, 100 to 1,000,000 (10,000 for publication); the same seed gives the same result. Assumptions and errors as for Multiply; a Poisson benchmark is a count above 0.
func MultiplyByDraws(benchmark, x, n float64, poisson bool, draws int, seed uint64, level float64) (median float64, b Bootstrap, err error) {
	if _, err := Multiply(benchmark, x, n, poisson, level); err != nil {
		return 0, Bootstrap{}, err
	}
	if err := replicated(draws, level); err != nil {
		return 0, Bootstrap{}, err
	}
	if poisson {
		if err := whole(benchmark, "benchmark", -1); err != nil {
			return 0, Bootstrap{}, err
		}
		if err := positive(benchmark, "benchmark", -1); err != nil {
			return 0, Bootstrap{}, err
		}
	}
	random := newDraws(seed)
	replicates := make([]float64, draws)
	for i := range replicates {
		b := benchmark
		if poisson {
			b = random.poisson(benchmark)
		}
		replicates[i] = b / random.beta(x+0.5, n-x+0.5)
	}
	b, err = percentiles(replicates, level)
	if x < 2 { // Beta(x+½, …) then puts so much near 0 that 1/p has no variance
		b.SE = math.NaN()
	}
	return quantile(replicates, 0.5), b, err
}
