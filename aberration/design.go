package aberration

import "math"

// Design is what a CUSUM of counts is asked for.
type Design struct {
	// RunLength is the wanted average run length in control, in periods, above 1: the time between false alarms.
	RunLength float64
	// Shift is the rise to detect: θ1 = θ0 + Shift √θ0 for Poisson counts, odds times Shift for binomial ones. Above 0; above 1 for
	// binomial counts.
	Shift float64
	// Trials is the number of trials of binomial counts; 0 stands for Poisson counts.
	Trials int
	// Digits is the number of decimals of K and H, 0 to 6; usually 1.
	Digits int
	// HeadStart counts the run length from S(0) = H/2 instead of 0.
	HeadStart bool
	// Tolerance is the share by which the run length may fall short of the wanted one, 0 or more and below 1.
	Tolerance float64
}

// Chart is the chart for the in-control mean theta, or probability for binomial counts, with its run length there: K for θ1, rounded
// as RoundReferenceValue does, and the smallest H whose run length reaches the wanted one. The error is InvalidSettings when a setting
// is out of range, and NoBound when no H up to 2000 states does.
func (d Design) Chart(theta float64) (c CountChart, runLength float64, err error) {
	var k float64
	switch {
	case !(d.RunLength > 1 && finite(d.RunLength)) || !(d.Shift > 0 && finite(d.Shift)) || !(d.Tolerance >= 0 && d.Tolerance < 1) || d.Digits < 0 || d.Digits > 6 || d.Trials < 0:
		return c, math.NaN(), InvalidSettings
	case d.Trials > 0:
		k = BinomialReference(theta, d.Shift*theta/(1+(d.Shift-1)*theta), float64(d.Trials))
	default:
		k = PoissonReference(theta, theta+d.Shift*math.Sqrt(theta))
	}
	c = CountChart{K: RoundReferenceValue(k, d.Digits), Digits: d.Digits, Trials: d.Trials}
	h, arl, err := c.interval(theta, d)
	c.H = h
	return c, arl, err
}

// interval is the smallest H on the chart's lattice that reaches the wanted run length, found by doubling and halving.
func (c CountChart) interval(theta float64, d Design) (h, arl float64, err error) {
	unit := math.Pow10(c.Digits)
	wanted := d.RunLength * (1 - d.Tolerance)
	length := func(steps int) (float64, error) {
		c.H = float64(steps) / unit
		zero, head, err := c.RunLength(theta)
		if d.HeadStart {
			return head, err
		}
		return zero, err
	}
	lo, hi := 0, 1
	var atHi float64
	for {
		if atHi, err = length(hi); err != nil {
			if hi > 1 && c.K >= 0 {
				err = NoBound
			}
			return math.NaN(), math.NaN(), err
		}
		if atHi >= wanted {
			break
		}
		lo, hi = hi, 2*hi
	}
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		at, err := length(mid)
		if err != nil {
			return math.NaN(), math.NaN(), err
		}
		if at >= wanted {
			hi, atHi = mid, at
		} else {
			lo = mid
		}
	}
	return float64(hi) / unit, atHi, nil
}

// Table is Chart for each of several in-control parameters, as Rogerson wants them.
func (d Design) Table(thetas ...float64) ([]Interval, error) {
	table := make([]Interval, 0, len(thetas))
	for _, theta := range thetas {
		c, arl, err := d.Chart(theta)
		if err != nil {
			return nil, err
		}
		table = append(table, Interval{Theta: theta, K: c.K, H: c.H, ARL: arl})
	}
	return table, nil
}
