package aberration

import (
	"math"

	"github.com/baqylau/baqylau/aberration/internal/glm"
)

// MeanModel is the in-control mean of a chart as a log-linear regression on the periods before it:
//
//	log mu(t) = b0 + b1 t + Σ_{s=1..Harmonics} ( c_s cos(2π s t/F) + d_s sin(2π s t/F) )
//
// with t counted from 1 at the start of the series and F the frequency of the series. It is fitted by maximum likelihood (IRLS), as
// Poisson or as negative binomial; missing periods are left out. Source: Höhle and Paul (2008), Comput Stat Data Anal 52, 4357–4368.
type MeanModel struct {
	// Harmonics is the number of pairs of cosine and sine, from 0 to 26.
	Harmonics int
	// Trend adds the term b1 t.
	Trend bool
	// Refit fits the model again after every alarm, on all periods up to and including it. Otherwise it is fitted once.
	Refit bool
}

// maxHarmonics is half the weeks of a year: more pairs would repeat those before.
const maxHarmonics = 26

// meanFit is a fitted MeanModel and the working space for the next fit.
type meanFit struct {
	fit       glm.NegativeBinomial
	x, y, row []float64
	coef      []float64
	alpha     float64 // dispersion of the negative binomial, 0 for Poisson
	cases     float64 // in the periods that were loaded last
	guarded   bool    // there were none, and coef is the log of their mean under Jeffreys' prior
}

func (c MeanModel) valid() bool { return c.Harmonics >= 0 && c.Harmonics <= maxHarmonics }

func (c MeanModel) columns() int {
	p := 1 + 2*c.Harmonics
	if c.Trend {
		p++
	}
	return p
}

// terms appends the covariates of period at, counted from 0. The frequency is divided before the product with t, as R's formula does.
func (c MeanModel) terms(x []float64, at, frequency int) []float64 {
	t := float64(at + 1)
	x = append(x, 1)
	if c.Trend {
		x = append(x, t)
	}
	for s := 1; s <= c.Harmonics; s++ {
		sin, cos := math.Sincos(float64(2*s) * math.Pi / float64(frequency) * t)
		x = append(x, cos, sin)
	}
	return x
}

// load takes the known counts of the periods before end.
func (f *meanFit) load(c MeanModel, s *Series, end int) Reason {
	f.x, f.y, f.cases = f.x[:0], f.y[:0], 0
	for t, y := range s.Counts[:end] {
		if y < 0 {
			return NegativeValue
		}
		if !(y <= 1e100) {
			continue
		}
		f.x, f.y, f.cases = c.terms(f.x, t, s.perYear()), append(f.y, y), f.cases+y
	}
	return OK
}

// given forgets the model where the means are given.
func (f *meanFit) given(alpha float64) { f.alpha, f.guarded = alpha, false }

// at is the mean of a period under the model.
func (f *meanFit) at(c MeanModel, period, frequency int) float64 {
	if f.guarded {
		return math.Exp(f.coef[0])
	}
	return c.mean(f.coef, period, frequency)
}

// prepare is estimate with the guard: where there is no case to fit to, the mean is constant at 1/2 over the periods, and where the
// dispersion cannot be estimated the counts are taken as Poisson.
func (f *meanFit) prepare(c MeanModel, s *Series, end int, alpha float64, mode Mode) Reason {
	r := f.estimate(c, s, end, alpha, mode == Guarded)
	if r == NoFit && mode == Guarded && math.IsNaN(alpha) {
		r = f.estimate(c, s, end, 0, true)
	}
	return r
}

// estimate fits the model to the periods before end: as Poisson when alpha is 0, as negative binomial with the dispersion alpha when it is
// given, and with alpha estimated when it is NaN. Without success the model stays as it was.
func (f *meanFit) estimate(c MeanModel, s *Series, end int, alpha float64, guard bool) Reason {
	if r := f.load(c, s, end); r != OK {
		return r
	}
	if len(f.y) == 0 {
		return TooShort
	}
	if guard && f.cases == 0 {
		if math.IsNaN(alpha) {
			alpha = 0
		}
		f.coef, f.alpha, f.guarded = append(f.coef[:0], -math.Log(2*float64(len(f.y)))), alpha, true
		return OK
	}
	q := glm.Problem{X: f.x, P: c.columns(), Y: f.y}
	var ok bool
	switch {
	case math.IsNaN(alpha):
		f.fit.Guard = guard
		ok = f.fit.Solve(&q)
		alpha = 1 / f.fit.Theta
	case alpha > 0:
		q.Theta, q.Start = 1/alpha, f.start()
		ok = f.fit.Fit.Solve(&q)
	default:
		ok = f.fit.Fit.Solve(&q)
	}
	if !ok {
		return NoFit
	}
	f.coef, f.alpha, f.guarded = append(f.coef[:0], f.fit.Coef...), alpha, false
	return OK
}

// start is R's start of a negative binomial regression: the count itself, 1/6 in place of 0, on the log scale.
func (f *meanFit) start() []float64 {
	f.row = f.row[:0]
	for _, y := range f.y {
		if y == 0 {
			y = 1.0 / 6
		}
		f.row = append(f.row, math.Log(y))
	}
	return f.row
}

// mean is the expected count of period at for the coefficients, at least the machine precision as in the fit itself.
func (c MeanModel) mean(coef []float64, at, frequency int) float64 {
	var row [2 + 2*maxHarmonics]float64
	eta := 0.0
	for j, v := range c.terms(row[:0], at, frequency) {
		eta += v * coef[j]
	}
	return max(math.Exp(eta), 0x1p-52)
}

// FittedMeans supplies the in-control means of a chart by a Poisson regression on the periods before it. Model.Refit is not used.
type FittedMeans struct {
	Model MeanModel
	// Mode Guarded makes the mean 0 when there is no case to fit to, which a chart guards against; Reference takes what the
	// regression ends with.
	Mode Mode
}

// Fit gives InvalidSettings, OutOfRange when first is outside the series, NegativeValue, TooShort when no period before first is known,
// and NoFit.
func (g FittedMeans) Fit(s *Series, first int, into []float64) ([]float64, Reason) {
	if !g.Model.valid() {
		return into, InvalidSettings
	}
	if first < 0 || first > len(s.Counts) {
		return into, OutOfRange
	}
	var f meanFit
	if r := f.estimate(g.Model, s, first, 0, g.Mode == Guarded); r != OK {
		return into, r
	}
	if f.guarded {
		f.coef[0] = math.Inf(-1)
	}
	return append(into, f.coef...), OK
}

// At is the mean under the model; NaN when fit is not of this model.
func (g FittedMeans) At(fit []float64, s *Series, _, at int) float64 {
	switch {
	case len(fit) == 1 && math.IsInf(fit[0], -1):
		return 0
	case !g.Model.valid() || len(fit) != g.Model.columns():
		return math.NaN()
	}
	return g.Model.mean(fit, at, s.perYear())
}
