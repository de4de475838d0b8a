package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// Bayes bounds a count by its predictive distribution given n reference values with the sum S. The Poisson mean has Jeffreys' prior,
// so the posterior is Gamma(S+1/2, n) and the next count is negative binomial with size S+1/2 and probability of success n/(n+1):
//
//	Bound = the smallest u with P(Y <= u | S, n) >= 1 - Alpha,    alarm when y > Bound
//
// The reference values are the HalfWidth periods before the judged one, when CurrentYear is set, and the 2·HalfWidth+1 periods around
// the same period in each of the last Years years. Missing ones are left out.
//
// Sources: Riebler (2004), Empirischer Vergleich von statistischen Methoden zur Ausbruchserkennung bei Surveillance Daten, LMU
// München; Höhle (2007), Comput Stat 22, 571–582. Bernardo and Smith (1994), Bayesian Theory, appendix A, for the distribution.
type Bayes struct {
	// Years is the number b of earlier years, 0 or more.
	Years int
	// HalfWidth is the number w of periods either side, 0 or more and less than a year.
	HalfWidth int
	// CurrentYear adds the HalfWidth periods just before the judged one (R: actY).
	CurrentYear bool
	// Alpha is the one-sided error rate, above 0 and below 1.
	Alpha float64
	// Mode matters in two places: with HalfWidth 0 and CurrentYear R takes the judged period and the one before it; and for R, which
	// works with 1-Alpha, an Alpha below 10^-16 is 0 and the bound infinite.
	Mode Mode
	// z and logProb are the normal quantile for zAlpha and the log of n/(n+1) for whole reference sets of n, computed once.
	z, zAlpha, logProb, full float64
}

// Bayes1 looks at the 6 periods before; alpha 0.05.
func Bayes1() Bayes { return NewBayes(0, 6, true, 0.05) }

// Bayes2 looks at the 6 periods before and 13 of the year before; alpha 0.05.
func Bayes2() Bayes { return NewBayes(1, 6, true, 0.05) }

// Bayes3 looks at 9 periods in each of the two years before; alpha 0.05.
func Bayes3() Bayes { return NewBayes(2, 4, false, 0.05) }

// NewBayes returns the detector with its constants computed once. Settings out of range show as InvalidSettings on use.
func NewBayes(years, halfWidth int, currentYear bool, alpha float64) Bayes {
	b := Bayes{Years: years, HalfWidth: halfWidth, CurrentYear: currentYear, Alpha: alpha, z: dist.NormalQuantile(1 - alpha), zAlpha: alpha}
	n := years * (2*halfWidth + 1)
	if currentYear {
		n += halfWidth
	}
	b.full, b.logProb = float64(n), -math.Log1p(1/float64(n))
	return b
}

// Name is "bayes1", "bayes2", "bayes3" for their sets of reference values, else "bayes".
func (b Bayes) Name() string {
	switch (earlier{years: b.Years, half: b.HalfWidth, current: b.CurrentYear}) {
	case earlier{half: 6, current: true}:
		return "bayes1"
	case earlier{years: 1, half: 6, current: true}:
		return "bayes2"
	case earlier{years: 2, half: 4}:
		return "bayes3"
	}
	return "bayes"
}

// Lookback is Years years of 52 periods and HalfWidth; Evaluate asks for what the series' own frequency needs.
func (b Bayes) Lookback() int { e := b.earlier(); return e.lookback(52) }

func (b Bayes) earlier() earlier { return earlier{b.Years, b.HalfWidth, b.CurrentYear, b.Mode} }

// Evaluate judges s.Counts[at]. Expected is the predictive mean (S+1/2)/n and PValue the predictive P(Y >= y). NoBound is given when
// the reference values sum to more than 10^9.
func (b Bayes) Evaluate(s *Series, at int, _ *Memory) (r Result) {
	b.into(&r, s, at)
	return r
}

// into is Evaluate that writes its result in place, for ranges.
func (b *Bayes) into(r *Result, s *Series, at int) {
	if !(b.Alpha > 0 && b.Alpha < 1) {
		*r = none(InvalidSettings)
		return
	}
	e := earlier{b.Years, b.HalfWidth, b.CurrentYear, b.Mode}
	sum, n, reason := e.total(s, at)
	switch {
	case reason != OK:
		*r = none(reason)
		return
	case sum > maxCount:
		*r = none(NoBound)
		return
	}
	y := s.Counts[at]
	if !known(y) {
		if reason = classify(y); reason == NegativeValue {
			*r = none(reason)
			return
		}
	}
	*r = blank()
	r.Expected = (sum + 0.5) / n
	if reason != OK {
		r.Bound, _ = b.judge(sum, n, 0)
		r.Reason = reason
		return
	}
	r.Bound, r.PValue = b.judge(sum, n, y)
	r.Alarm, r.Score = y > r.Bound, exceedance(y, r.Expected, r.Bound)
}

// judge is the bound, and P(Y >= y), after sum cases in n periods.
func (b *Bayes) judge(sum, n, y float64) (bound, tail float64) {
	alpha := b.Alpha
	if b.Mode == Reference {
		if alpha = 1 - (1 - alpha); alpha == 0 {
			p := nextCount{size: sum + 0.5, n: n}
			return math.Inf(1), p.tail(math.Ceil(y))
		}
	}
	if row := tails(sum, n); row != nil && y <= float64(len(row)-1) {
		if u, ok := row.bound(alpha); ok {
			return u, row[int(math.Ceil(y))]
		}
	}
	p := nextCount{size: sum + 0.5, n: n, logProb: b.logProb, alpha: alpha, z: b.z}
	if n != b.full {
		p.logProb = -math.Log1p(1 / n)
	}
	if b.zAlpha != b.Alpha {
		p.z = dist.NormalQuantile(1 - b.Alpha)
	}
	return p.judge(y)
}
