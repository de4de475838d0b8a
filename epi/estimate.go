package epi

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// Estimate is what a sample says of a population.
//
// Everything rests on the influence u_k of each row on the estimate, its weight times how it pulls: for a mean or a proportion w(y−ȳ)/W, for a total wy, for a ratio
// w(y−Rx)/Σwx, with W the sum of weights. The variance is that of the sum of the u over the design (linearisation; T. Lumley 2004, Analysis of complex survey samples,
// J. Statist. Software 9(8); C.-E. Särndal, B. Swensson and J. Wretman 1992, Model Assisted Survey Sampling, Springer). What is undefined is NaN.
//
// It is for probability samples: every person of the population had a known chance above 0. It is not for convenience or chain samples (see RDS), and intervals of means
// and ratios want some tens of units: with few degrees of freedom, or a domain in few units, they are too narrow.
type Estimate struct {
	// Value is the estimate in the unit of the variable: for a total times persons, for a proportion a share from 0 to 1.
	Value float64
	// SE is its standard error.
	SE float64
	// CI is the interval: Value ± t SE with Student's t of DF; for a proportion on the logit scale; for a quantile after Woodruff.
	CI Interval
	// KornGraubard is, for a proportion of a sample that is not calibrated, the interval of Clopper and Pearson for the effective sample size (E. L. Korn and
	// B. I. Graubard 1998, Confidence intervals for proportions with small expected number of positive counts estimated from survey data, Survey Methodology 24,
	// 193–201). It is the one for small proportions, and the only one where none or all have the trait: there the effective size is the number of rows.
	KornGraubard Interval
	// Deff is the design effect: how many times the variance is that of a simple random sample of as many rows, drawn without replacement (Deff) or with (DeffReplace).
	// Both rest on S² = n/(n−1) Σw(y−ȳ)²/W. Deff is +Inf or NaN where the weights do not add up to more than the rows. Undefined for ratios and quantiles.
	Deff, DeffReplace float64
	// DF is the degrees of freedom: units of the first stage less strata, on the rows that were used.
	DF int
	// N is the number of rows that were used, those of weight 0 not counted, and SumWeights the sum of their weights.
	N          int
	SumWeights float64
}

// Mean is the mean Σwy/W of y, one value a row, over the rows of the domain; nil for all. NaN stands for a missing value: such rows are left out of the estimate, not out of
// the design. Errors: y or the domain is not of one value a row (UnequalLengths), y is infinite (MissingValue), level is not between 0 and 1 (InvalidLevel).
func (d *Design) Mean(y []float64, domain []bool, level float64) (Estimate, error) {
	return d.linear(y, domain, level, meanOf)
}

// Total is the total Σwy, otherwise as Mean.
func (d *Design) Total(y []float64, domain []bool, level float64) (Estimate, error) {
	return d.linear(y, domain, level, totalOf)
}

// Proportion is the share of those who have a trait, 1 with and 0 without it, otherwise as Mean. The interval is that of the logit ln(p/(1−p)), with standard error
// SE/(p(1−p)), put back: it stays between 0 and 1, and is undefined where p is 0 or 1, for which there is KornGraubard.
// Errors: also a value that is neither 0 nor 1 (InvalidSetting).
func (d *Design) Proportion(y []float64, domain []bool, level float64) (Estimate, error) {
	for i, v := range y {
		if v != 0 && v != 1 && v == v {
			return Estimate{}, &Error{InvalidSetting, "y", i}
		}
	}
	return d.linear(y, domain, level, shareOf)
}

type kind uint8

const (
	meanOf kind = iota
	totalOf
	shareOf
)

func (d *Design) linear(y []float64, domain []bool, level float64, k kind) (Estimate, error) {
	if err := d.fits(len(y), domain, level); err != nil {
		return Estimate{}, err
	}
	w := d.space()
	defer d.spaces.Put(w)
	e, kept, sum := d.count(w, y, y, domain)
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return Estimate{}, infinite(y, "y")
	}
	mean := sum / e.SumWeights
	centre, scale := mean, 1/e.SumWeights
	e.Value = mean
	if k == totalOf {
		e.Value, centre, scale = sum, 0, 1
	}
	squares := 0.0 // Σw(y−ȳ)²
	for row, v := range y {
		if v != v || domain != nil && !domain[row] {
			continue
		}
		wt := d.weights[row]
		squares += wt * (v - mean) * (v - mean)
		w.add(d, row, wt*(v-centre)*scale)
	}
	e.SE = root(d.finish(w))
	if e.N == 0 {
		e.SE = math.NaN()
		if k == totalOf {
			e.Value, e.SE = 0, 0 // of nobody
		}
	}
	e.effects(squares, k)
	e.interval(level, k, kept, d.steps != nil)
	return e, nil
}

// Ratio is Σwy/Σwx over the rows that have both, otherwise as Mean: for example days of use per user. Design effects are not given.
func (d *Design) Ratio(y, x []float64, domain []bool, level float64) (Estimate, error) {
	if err := d.fits(len(y), domain, level); err != nil {
		return Estimate{}, err
	}
	if len(x) != len(y) {
		return Estimate{}, refuse(UnequalLengths, "x")
	}
	w := d.space()
	defer d.spaces.Put(w)
	e, _, sum := d.count(w, y, x, domain)
	below := 0.0
	for row, v := range x {
		if v == v && y[row] == y[row] && (domain == nil || domain[row]) {
			below += d.weights[row] * v
		}
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return Estimate{}, infinite(y, "y")
	}
	if math.IsNaN(below) || math.IsInf(below, 0) {
		return Estimate{}, infinite(x, "x")
	}
	if e.Deff, e.DeffReplace = math.NaN(), math.NaN(); below == 0 {
		e.Value, e.SE, e.CI, e.KornGraubard = math.NaN(), math.NaN(), Undefined(), Undefined()
		return e, nil
	}
	e.Value = sum / below
	for row, v := range y {
		if v != v || x[row] != x[row] || domain != nil && !domain[row] {
			continue
		}
		w.add(d, row, d.weights[row]*(v-e.Value*x[row])/below)
	}
	e.SE = root(d.finish(w))
	e.interval(level, meanOf, 0, true)
	return e, nil
}

// fits refuses arguments that do not fit the design.
func (d *Design) fits(n int, domain []bool, level float64) error {
	switch {
	case n != d.Rows():
		return refuse(UnequalLengths, "y")
	case domain != nil && len(domain) != n:
		return refuse(UnequalLengths, "domain")
	case !(level > 0 && level < 1):
		return refuse(InvalidLevel, "level")
	}
	return nil
}

// infinite is the refusal of a variable of which a value, or the sum of all, is infinite.
func infinite(y []float64, argument string) error {
	for i, v := range y {
		if math.IsInf(v, 0) {
			return &Error{MissingValue, argument, i}
		}
	}
	return refuse(TooLarge, argument)
}

// space is working space with the sums at zero.
func (d *Design) space() *space {
	w := d.spaces.Get().(*space)
	last := len(d.stages) - 1
	if w.sums == nil {
		w.sums, w.kept = make([][]float64, last+1), make([][]bool, last+1)
	}
	w.sums[last] = grown(w.sums[last], len(d.stages[last].stratum))
	w.seen = grown(w.seen, len(d.stages[0].stratum))
	if d.lonely == Average {
		w.kept[last] = grown(w.kept[last], len(d.stages[last].stratum))
	}
	if d.steps != nil {
		w.influence = grown(w.influence, d.Rows())
	}
	return w
}

// count goes over the rows of the domain that have y and x: how many they are, what they weigh, Σwy, and of which units they are. Kept also counts those of weight 0.
func (d *Design) count(w *space, y, x []float64, domain []bool) (e Estimate, kept int, sum float64) {
	average := d.lonely == Average
	for row, v := range y {
		if v != v || x[row] != x[row] || domain != nil && !domain[row] {
			continue
		}
		kept++
		if average {
			w.kept[len(w.kept)-1][d.leaf[row]] = true
		}
		wt := d.weights[row]
		if wt == 0 {
			continue
		}
		e.N++
		e.SumWeights += wt
		sum += wt * v
		w.seen[d.psu[row]] = true
	}
	e.DF = d.freedom(w)
	return e, kept, sum
}

// add gives a row its influence.
func (w *space) add(d *Design, row int, u float64) {
	if d.steps != nil {
		w.influence[row] = u
		return
	}
	w.sums[len(w.sums)-1][d.leaf[row]] += u
}

// finish is the variance of the influences that were added.
func (d *Design) finish(w *space) float64 {
	if d.steps != nil {
		for _, s := range d.steps {
			s.residuals(w.influence)
		}
		last := len(w.sums) - 1
		for row, u := range w.influence {
			w.sums[last][d.leaf[row]] += u
		}
		if d.lonely == Average { // calibrated rows stay, whatever the domain
			for i := range w.kept[last] {
				w.kept[last][i] = true
			}
		}
	}
	return d.variance(w)
}

// effects are the design effects, from Σw(y−ȳ)².
func (e *Estimate) effects(squares float64, k kind) {
	n, v := float64(e.N), e.SE*e.SE
	simple := squares / e.SumWeights * n / (n - 1) / n
	if k == totalOf {
		simple *= e.SumWeights * e.SumWeights
	}
	e.DeffReplace, e.Deff = v/simple, v/(simple*((e.SumWeights-n)/e.SumWeights))
	if k != totalOf && e.SumWeights < n {
		e.Deff = math.NaN()
	}
}

// interval is that of a kind of estimate. Kept is the number of rows for the effective size.
func (e *Estimate) interval(level float64, k kind, kept int, calibrated bool) {
	t := dist.StudentQuantile(1-(1-level)/2, float64(e.DF))
	e.CI, e.KornGraubard = Interval{e.Value - t*e.SE, e.Value + t*e.SE}, Undefined()
	if k != shareOf {
		return
	}
	p := e.Value
	logit, s := math.Log(p/(1-p)), e.SE/(p*(1-p))
	e.CI = Interval{1 / (1 + math.Exp(t*s-logit)), 1 / (1 + math.Exp(-t*s-logit))}
	if !calibrated {
		e.KornGraubard = kornGraubard(p, e.SE, kept, t, level)
	}
}

// kornGraubard is the interval for the effective size p(1−p)/V × [t(n−1)/t(df)]², n where p is 0 or 1.
func kornGraubard(p, se float64, n int, t, level float64) Interval {
	size := p * (1 - p) / (se * se)
	if p == 0 || p == 1 {
		size = float64(n)
	}
	ratio := dist.StudentQuantile(1-(1-level)/2, float64(n-1)) / t
	size *= ratio * ratio
	switch {
	case !(size > 0):
		return Undefined()
	case math.IsInf(size, 1): // no variance at all
		return Interval{p, p}
	}
	i := Interval{0, 1}
	if p > 0 {
		i.Lower = dist.BetaQuantile((1-level)/2, size*p, size*(1-p)+1)
	}
	if p < 1 {
		i.Upper = dist.BetaQuantile(1-(1-level)/2, size*p+1, size*(1-p))
	}
	return i
}
