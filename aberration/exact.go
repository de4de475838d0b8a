package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// ConditionalPoisson is the exact one-sided test that a Poisson rate rose: c cases in wc units of exposure against b cases in wb
// units. Given the total, c is Binomial(c+b, wc/(wc+wb)) when the rates are equal; p is P(X >= c) and mid is P(X > c) + P(X = c)/2,
// which is less conservative. Exposure is any positive measure: weeks, person-years, samples tested.
//
// Source: Przyborowski and Wilenski (1940), Biometrika 31, 313–323; mid-p: Lancaster (1961), JASA 56, 223–234.
// On wrong input p and mid are NaN and the error is MissingValue, NegativeValue, NotACount (fractions, and more than 10^9 cases), or
// InvalidSettings for exposures that are not positive and finite.
func ConditionalPoisson(c, wc, b, wb float64) (p, mid float64, err error) {
	p, mid, reason := conditionalPoisson(c, wc, b, wb)
	return p, mid, reason.err()
}

func conditionalPoisson(c, wc, b, wb float64) (p, mid float64, reason Reason) {
	nan := math.NaN()
	for _, y := range [...]float64{c, b} {
		switch {
		case math.IsNaN(y) || math.IsInf(y, 0):
			return nan, nan, MissingValue
		case y < 0:
			return nan, nan, NegativeValue
		case y != math.Trunc(y) || y > maxCount:
			return nan, nan, NotACount
		}
	}
	if !(wc > 0 && wb > 0) || math.IsInf(wc, 1) || math.IsInf(wb, 1) {
		return nan, nan, InvalidSettings
	}
	q, rest := wc/(wc+wb), wb/(wc+wb)
	if !(q > 0 && rest > 0) { // one exposure is lost beside the other
		return nan, nan, InvalidSettings
	}
	p, at := dist.BinomialTail(c, c+b, q, rest)
	return p, max(0, p-at/2), OK
}

// maxCount is where consecutive whole numbers still differ by far as float64; no series of cases comes near it.
const maxCount = dist.MaxCount

// Exact compares the cases of the last Window periods with those of the Baseline periods before them by ConditionalPoisson. It holds
// its error rate however few the cases are, where mean and standard deviation mean nothing.
type Exact struct {
	// Window is the number of current periods, 1 or more, ending at the evaluated one.
	Window int
	// Baseline is the number of periods compared with, 1 or more; they end Gap periods before the window begins.
	Baseline, Gap int
	// Alpha is the one-sided error rate, above 0 and below 1.
	Alpha float64
	// MidP takes the mid-p value instead of the exact one.
	MidP bool
}

// Name is "exact".
func (e Exact) Name() string { return "exact" }

// Lookback is Window - 1 + Gap + Baseline.
func (e Exact) Lookback() int { return e.Window - 1 + e.Gap + e.Baseline }

// Evaluate judges the window that ends at s.Counts[at]. Expected is the baseline's rate times Window. Bound is the largest count of the
// window that is no alarm. NotACount is given for fractions.
func (e Exact) Evaluate(s *Series, at int, _ *Memory) Result {
	if e.Window < 1 || e.Baseline < 1 || e.Gap < 0 || !(e.Alpha > 0 && e.Alpha < 1) {
		return none(InvalidSettings)
	}
	c, b, r := split(s, at, e.Window, e.Gap, e.Baseline)
	if r != OK {
		return none(r)
	}
	return e.Compare(c, float64(e.Window), b, float64(e.Baseline))
}

// Compare judges c cases in an exposure of wc against b cases in wb, where the exposure is not simply the number of periods: samples
// tested, persons at risk, reports received. Expected is b wc/wb. Window, Baseline and Gap are not used.
func (e Exact) Compare(c, wc, b, wb float64) Result {
	if !(e.Alpha > 0 && e.Alpha < 1) {
		return none(InvalidSettings)
	}
	p, reason := e.p(c, wc, b, wb)
	if reason != OK {
		return none(reason)
	}
	r := blank()
	r.Expected, r.PValue = b/wb*wc, p
	// p falls as the count grows, so the bound is found by doubling and halving.
	r.Bound = dist.LastQuiet(func(k float64) bool { q, _ := e.p(k, wc, b, wb); return q <= e.Alpha })
	r.Score, r.Alarm = exceedance(c, r.Expected, r.Bound), p <= e.Alpha
	return r
}

func (e Exact) p(c, wc, b, wb float64) (float64, Reason) {
	p, mid, r := conditionalPoisson(c, wc, b, wb)
	if e.MidP {
		p = mid
	}
	return p, r
}

// split sums the current window and the baseline before it. The gap is not read.
func split(s *Series, at, win, gap, base int) (current, baseline float64, r Reason) {
	if r := s.check(at, 0); r != OK {
		return 0, 0, r
	}
	if win > at+1 || gap > at || base > at { // each by itself first: their sum may overflow
		return 0, 0, TooShort
	}
	from := at - (win - 1 + gap + base)
	if from < 0 {
		return 0, 0, TooShort
	}
	for _, part := range [...][]float64{s.Counts[from : from+base], s.Counts[at-win+1 : at+1]} {
		if r := check(part); r != OK {
			return 0, 0, r
		}
		baseline, current = current, 0
		for _, y := range part {
			if y != math.Trunc(y) {
				return 0, 0, NotACount
			}
			current += y
		}
	}
	if current > maxCount || baseline > maxCount {
		return 0, 0, NotACount
	}
	return current, baseline, OK
}
