package aberration

import "math"

// RKI is the bound that the Robert Koch Institute used for its weekly reports: from the mean m and standard deviation s of the
// reference values of Bayes,
//
//	m <= 20   Bound = upper end of the 95 % interval of Crow and Gardner for a Poisson count of floor(m)
//	m > 20    Bound = m + 2 s
//
// and the alarm is y > Bound. The interval is that for the mean given one count, so the number of reference values plays no part.
//
// Sources: Altmann (2003), The surveillance system of the Robert Koch Institute, Strategies for bioterrorism; Riebler (2004), see
// Bayes; Crow and Gardner (1959), Confidence intervals for the expectation of a Poisson variable, Biometrika 46, 441–453.
type RKI struct {
	// Years, HalfWidth and CurrentYear choose the reference values, as for Bayes.
	Years, HalfWidth int
	CurrentYear      bool
	// Mode is Guarded unless set to Reference.
	Mode Mode
}

// RKI1 looks at the 6 periods before.
func RKI1() RKI { return RKI{HalfWidth: 6, CurrentYear: true} }

// RKI2 looks at the 6 periods before and 13 of the year before.
func RKI2() RKI { return RKI{Years: 1, HalfWidth: 6, CurrentYear: true} }

// RKI3 looks at 9 periods in each of the two years before.
func RKI3() RKI { return RKI{Years: 2, HalfWidth: 4} }

// crowGardner are the upper ends of the 95 % intervals for the mean of a Poisson variable of which 0 … 20 were counted.
var crowGardner = [...]float64{3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633, 19.05, 20.335, 21.364, 22.945, 23.762, 25.4, 26.306, 27.735, 28.966, 30.017}

// rkiAlpha is the error rate of the guard: the upper half of what a 95 % interval leaves.
const rkiAlpha = 0.025

// Name is "rki1", "rki2", "rki3" for their sets of reference values, else "rki".
func (k RKI) Name() string {
	k.Mode = Guarded
	switch k {
	case RKI1():
		return "rki1"
	case RKI2():
		return "rki2"
	case RKI3():
		return "rki3"
	}
	return "rki"
}

// Lookback is Years years of 52 periods and HalfWidth; Evaluate asks for what the series' own frequency needs.
func (k RKI) Lookback() int { e := k.earlier(); return e.lookback(52) }

func (k RKI) earlier() earlier { return earlier{k.Years, k.HalfWidth, k.CurrentYear, k.Mode} }

// Evaluate judges s.Counts[at]. Expected is the mean of the reference values; missing ones are left out, where R stops. There is no
// p-value. Guarded, the Gamma–Poisson bound takes over where all reference values are zero, or are equal and above the table; for
// reference, a single value above 20 gives ZeroVariance.
func (k RKI) Evaluate(s *Series, at int, _ *Memory) Result {
	e := k.earlier()
	sum, n, reason := e.total(s, at)
	switch {
	case reason != OK:
		return none(reason)
	case s.Counts[at] < 0:
		return none(NegativeValue)
	}
	y, m := s.Counts[at], sum/n
	r := blank()
	r.Expected = m
	if m <= 20 {
		r.Bound = crowGardner[int(m)]
	} else {
		sd := 0.0
		if n > 1 {
			sd = math.Sqrt(e.squares(s, at, m) / (n - 1))
		} else if k.Mode == Reference {
			return none(ZeroVariance)
		}
		r.Bound = m + 2*sd
	}
	switch {
	case !(y <= 1e100):
		r.Reason = MissingValue
		return r
	case k.Mode == Guarded && (sum == 0 || r.Bound == m):
		return guard(y, sum, n, rkiAlpha)
	}
	r.Alarm, r.Score = y > r.Bound, exceedance(y, m, r.Bound)
	return r
}

// squares is the sum of the squared distances of the reference values from their mean.
func (e *earlier) squares(s *Series, at int, mean float64) (ss float64) {
	f := s.perYear()
	for i := range e.years + 1 {
		for _, y := range e.window(s.Counts, at, i, f) {
			if y >= 0 && y <= 1e100 {
				ss += (y - mean) * (y - mean)
			}
		}
	}
	return ss
}
