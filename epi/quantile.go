package epi

import (
	"math"
	"slices"

	"github.com/baqylau/baqylau/dist"
)

// Quantile is the smallest value q of y with Σ_{y≤q} w ≥ p W, 0 < p < 1, otherwise as Mean. Its interval is that of the share of y ≤ q, put through the same rule (R. S.
// Woodruff 1952, Confidence intervals for medians and other position measures, J. Am. Statist. Ass. 47, 635–646); a limit is undefined where that of the share is below 0 or
// above 1. The standard error is the width of the interval over 2t. Design effects are not given.
//
// It wants a variable with many values: where most give the same answer, as for days of use, a proportion says more. R survey 4.1 gives the second smallest value where p W is
// below the smallest value's first weight; the rule here has no such exception.
func (d *Design) Quantile(y []float64, p float64, domain []bool, level float64) (Estimate, error) {
	if err := d.fits(len(y), domain, level); err != nil {
		return Estimate{}, err
	}
	if !(p > 0 && p < 1) {
		return Estimate{}, refuse(InvalidSetting, "p")
	}
	w := d.space()
	defer d.spaces.Put(w)
	e, _, sum := d.count(w, y, y, domain)
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return Estimate{}, infinite(y, "y")
	}
	e.Value, e.SE, e.Deff, e.DeffReplace, e.CI, e.KornGraubard = math.NaN(), math.NaN(), math.NaN(), math.NaN(), Undefined(), Undefined()
	if e.N == 0 {
		return e, nil
	}
	o := d.order(y, domain, e.N)
	e.Value = o.at(p)
	within, outside := 0.0, 0.0
	for row, v := range y {
		if v == v && (domain == nil || domain[row]) {
			if v <= e.Value {
				within += d.weights[row]
			} else {
				outside += d.weights[row]
			}
		}
	}
	share := within / e.SumWeights
	if outside == 0 {
		share = 1
	}
	for row, v := range y {
		if v != v || domain != nil && !domain[row] {
			continue
		}
		u := -share
		if v <= e.Value {
			u = 1 - share
		}
		w.add(d, row, d.weights[row]*u/e.SumWeights)
	}
	t := dist.StudentQuantile(1-(1-level)/2, float64(e.DF))
	half := t * root(d.finish(w))
	if share-half >= 0 {
		e.CI.Lower = o.at(share - half)
	}
	if share+half <= 1 {
		e.CI.Upper = o.at(share + half)
	}
	e.SE = (e.CI.Upper - e.CI.Lower) / (2 * t)
	return e, nil
}

// ordered are values with their weights added up.
type ordered struct {
	values, upTo []float64
	total        float64
}

// order sorts the rows of a domain, n of which have weight.
func (d *Design) order(y []float64, domain []bool, n int) ordered {
	type pair struct{ v, w float64 }
	ps := make([]pair, 0, n)
	for row, v := range y {
		if w := d.weights[row]; v == v && w > 0 && (domain == nil || domain[row]) {
			ps = append(ps, pair{v, w})
		}
	}
	slices.SortFunc(ps, func(a, b pair) int {
		switch {
		case a.v < b.v:
			return -1
		case a.v > b.v:
			return 1
		}
		return 0
	})
	o := ordered{make([]float64, len(ps)), make([]float64, len(ps)), 0}
	sum, rest := 0.0, 0.0 // Neumaier's sum: whether a sum of weights just reaches p W must not hang on rounding
	for i, p := range ps {
		t := sum + p.w
		if sum >= p.w {
			rest += sum - t + p.w
		} else {
			rest += p.w - t + sum
		}
		sum = t
		o.values[i], o.upTo[i] = p.v, sum+rest
	}
	o.total = sum + rest
	return o
}

// at is the smallest value up to which the share p of the weight lies.
func (o ordered) at(p float64) float64 {
	target := p * o.total
	i, _ := slices.BinarySearchFunc(o.upTo, target, func(sum, target float64) int {
		if sum > target {
			return 1
		}
		return -1
	})
	if i > 0 && (i == len(o.upTo) || o.upTo[i-1]/o.total == p) {
		i--
	}
	return o.values[i]
}
