package epi

import "math"

// Multiplier is a population size from a benchmark and the share of the population that is in it.
type Multiplier struct {
	// Estimate is benchmark/share in persons, SE its standard error by the delta method. Both are +Inf where nobody of the sample
	// was in the benchmark.
	Estimate, SE float64
	// Log is Estimate exp(± z s) with s² = (1−p)/(n p), plus 1/B for a Poisson benchmark; undefined for p = 0.
	Log Interval
	// Wilson is the benchmark over Wilson's limits of the share, which holds in small samples; undefined for a Poisson benchmark, whose own
	// variance it does not have. Without anybody in the benchmark it still has a lower limit.
	Wilson Interval
}

// Multiply is the benchmark multiplier method: benchmark is the number of members of the population who had some contact in a year (treated, arrested,
// died, tested), and x of the n members in an independent sample report that contact, so that N = benchmark/(x/n).
//
// A benchmark that is a count of rare events (deaths) varies by itself: poisson adds 1/B to the variance of ln N. One that is a full count of
// persons does not.
//
// It assumes that the benchmark counts persons, each once, of the same population, area and period as the sample, and that the sample is representative of that
// population with respect to the contact. A benchmark that overlaps the way of sampling (clients recruited at the clinic that supplies the
// benchmark) makes N too low. Estimates from benchmarks that share clients (treatment, arrest, mortality) are correlated: show them
// side by side with Compare, do not average them as if they were independent.
//
// Errors: benchmark is negative, x and n are no counts, x > n, n is 0.
//
// Sources: UNAIDS/WHO (2010), Guidelines on estimating the size of populations most at risk to HIV; EMCDDA (2004), Recommended draft technical
// tools and guidelines for the key indicator prevalence of problem drug use; E. B. Wilson (1927).
func Multiply(benchmark, x, n float64, poisson bool, level float64) (Multiplier, error) {
	z, err := normalQuantile(level)
	if err != nil {
		return Multiplier{}, err
	}
	if err := nonNegative(benchmark, "benchmark", -1); err != nil {
		return Multiplier{}, err
	}
	if err := share(x, n); err != nil {
		return Multiplier{}, err
	}
	p := x / n
	v := (1 - p) / (n * p)
	if poisson {
		v += 1 / benchmark
	}
	out := Multiplier{Estimate: benchmark / p, Wilson: Undefined()}
	out.SE = out.Estimate * math.Sqrt(v)
	out.Log = aroundLog(out.Estimate, z, math.Sqrt(v))
	if !poisson {
		w := wilson(x, n, z)
		out.Wilson = Interval{benchmark / w.Upper, benchmark / w.Lower}
	}
	return out, nil
}

// share checks x out of n.
func share(x, n float64) error {
	if err := whole(x, "x", -1); err != nil {
		return err
	}
	if err := whole(n, "n", -1); err != nil {
		return err
	}
	switch {
	case n == 0:
		return refuse(Empty, "n")
	case x > n:
		return refuse(TooLarge, "x")
	}
	return nil
}
