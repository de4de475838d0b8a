package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// EARS is one of the three methods of the Early Aberration Reporting System of the United States' CDC: an upper bound from the
// mean m and standard deviation s (divisor n-1) of a short moving baseline of n periods,
//
//	C1  U(t) = m + z s       baseline t-n .. t-1
//	C2  U(t) = m + z s       baseline t-n-2 .. t-3 (two periods of guard, so that a slow rise does not lift its own bound)
//	C3  U(t) = max(0, y(t) + s (z - Σ max(0, C2(t-i) - 1))),  i = 1, 2,  with C2(t) = (y(t) - m)/s
//
// where z is the 1-Alpha quantile of the normal distribution and s is at least MinSigma. The alarm is y(t) > U(t).
//
// Sources: Hutwagner, Thompson, Seeman, Treadwell (2003), J Urban Health 80, i89–i96; Salmon, Schumacher, Höhle (2016), J Stat
// Softw 70(10). C3 follows R surveillance's earsC, whose bound starts at the observed count: it alarms when the excesses of the two
// previous periods alone use up z. The three methods need at least a few cases a period; use Exact for sparse series.
type EARS struct {
	// Method is 1, 2 or 3.
	Method int
	// Baseline is the number n of baseline periods, 2 or more.
	Baseline int
	// Alpha is the one-sided error rate, above 0 and below 0.5 or equal to it.
	Alpha float64
	// MinSigma is the smallest standard deviation assumed, in cases; 0 for none.
	MinSigma float64
	// Mode is Guarded unless set to Reference.
	Mode Mode
	// z is the quantile that NewEARS computed for zAlpha, so that Evaluate need not do it again.
	z, zAlpha float64
}

// C1 is EARS C1 with its usual settings: baseline 7, alpha 0.001.
func C1() EARS { return NewEARS(1, 7, 0.001, 0) }

// C2 is EARS C2 with its usual settings: baseline 7, alpha 0.001.
func C2() EARS { return NewEARS(2, 7, 0.001, 0) }

// C3 is EARS C3 with its usual settings: baseline 7, alpha 0.025.
func C3() EARS { return NewEARS(3, 7, 0.025, 0) }

// NewEARS returns the detector with its normal quantile computed once. Settings out of range show as InvalidSettings on use.
func NewEARS(method, baseline int, alpha, minSigma float64) EARS {
	return EARS{Method: method, Baseline: baseline, Alpha: alpha, MinSigma: minSigma, z: dist.NormalQuantile(1 - alpha), zAlpha: alpha}
}

// Name is "ears_c1", "ears_c2" or "ears_c3".
func (e EARS) Name() string {
	switch e.Method {
	case 1:
		return "ears_c1"
	case 2:
		return "ears_c2"
	case 3:
		return "ears_c3"
	}
	return "ears"
}

// Lookback is the baseline, plus two guard periods for C2, plus two more for C3.
func (e EARS) Lookback() int { return e.Baseline + e.guard() + e.memory() }

func (e EARS) guard() int {
	if e.Method == 1 {
		return 0
	}
	return 2
}

func (e EARS) memory() int {
	if e.Method == 3 {
		return 2
	}
	return 0
}

// Evaluate judges s.Counts[at]. Expected is the baseline mean. PValue is the normal upper tail of C1 or C2 and NaN for C3;
// with a spread from so few periods it is far too small too often to control false discoveries with. A constant
// baseline has no spread to measure with: guarded, the Gamma–Poisson bound takes over; for reference, C1 and C2 take the mean as
// the bound and C3 gives ZeroVariance.
func (e EARS) Evaluate(s *Series, at int, _ *Memory) (r Result) {
	e.into(&r, s, at)
	return r
}

// into is Evaluate that writes its result in place, for ranges.
func (e *EARS) into(r *Result, s *Series, at int) {
	if e.Method < 1 || e.Method > 3 || e.Baseline < 2 || e.Baseline > math.MaxInt-4 || !(e.Alpha > 0 && e.Alpha <= 0.5) || !(e.MinSigma >= 0) || math.IsInf(e.MinSigma, 1) {
		*r = none(InvalidSettings)
		return
	}
	switch {
	case at < 0 || at >= len(s.Counts):
		*r = none(OutOfRange)
		return
	case !s.fits():
		*r = none(InvalidSeries)
		return
	}
	y, n := s.Counts[at], e.Baseline
	missing := OK
	if !known(y) {
		missing = classify(y)
	}
	end := at // where the baseline ends
	if e.Method > 1 {
		end -= 2
	}
	start := end - n
	if e.Method == 3 {
		start -= 2
	}
	if start < 0 {
		if missing != OK {
			*r = none(missing)
			return
		}
		*r = none(TooShort)
		return
	}
	used := end // what enters the formula; for C3 also the periods between
	if e.Method == 3 {
		used = at
	}
	if reason := check(s.Counts[start:used]); reason != OK {
		*r = none(reason)
		return
	}
	if missing != OK && (missing != MissingValue || e.Method == 3) {
		*r = none(missing)
		return
	}
	z := e.z
	if e.zAlpha != e.Alpha {
		z = dist.NormalQuantile(1 - e.Alpha)
	}
	m, sd := moments(s.Counts[end-n:end], e.MinSigma)
	switch {
	case missing != OK:
		*r = none(missing)
		r.Expected, r.Bound = m, m+z*sd
		return
	case sd == 0 && e.Mode == Guarded:
		*r = guard(y, m*float64(n), float64(n), e.Alpha)
		return
	case e.Method == 3:
		*r = e.third(s.Counts[:at+1], m, sd, z)
		return
	}
	*r = blank()
	r.Expected, r.Bound = m, m+z*sd
	r.Alarm, r.Score = y > r.Bound, exceedance(y, m, r.Bound)
	r.PValue = dist.NormalTail(y-m, sd)
}

// third is C3 for the last of the counts, given the moments of its baseline.
func (e *EARS) third(counts []float64, m, sd, z float64) Result {
	at := len(counts) - 1
	used := 0.0
	for i := 1; i <= 2; i++ {
		mi, si := moments(counts[at-i-2-e.Baseline:at-i-2], e.MinSigma)
		c := (counts[at-i] - mi) / si // with si = 0: infinite, or undefined when y equals the mean too
		if e.Mode == Guarded && si == 0 {
			c = 0 // a period that could not be judged has used up nothing
		}
		if math.IsNaN(c) {
			return none(ZeroVariance)
		}
		used += max(0, c-1)
	}
	r := blank()
	r.Expected, r.Bound = m, counts[at]+sd*(z-used)
	if math.IsNaN(r.Bound) { // 0 × infinity: neither the spread nor the excess can be told
		return none(ZeroVariance)
	}
	r.Bound = max(0, r.Bound)
	r.Alarm, r.Score = counts[at] > r.Bound, 0
	if used > 0 { // at alpha 1/2 z is 0
		r.Score = min(MaxScore, used/z)
	}
	return r
}

// moments are the mean and the standard deviation (divisor n-1), which is at least minSigma. The sums of whole numbers and of their
// squares are exact, and so is what is left of their difference; other numbers take a second pass.
func moments(base []float64, minSigma float64) (mean, sigma float64) {
	var sum, squares float64
	var fractions uint64
	for _, y := range base {
		sum += y
		squares += y * y
		fractions |= math.Float64bits(y - math.Floor(y))
	}
	n := float64(len(base))
	mean = sum / n
	if ss := n * squares; fractions == 0 && ss < 1<<53 {
		return mean, max(minSigma, math.Sqrt((ss-sum*sum)/(n*(n-1))))
	}
	var ss float64
	for _, y := range base {
		ss += (y - mean) * (y - mean)
	}
	return mean, max(minSigma, math.Sqrt(ss/(n-1)))
}
