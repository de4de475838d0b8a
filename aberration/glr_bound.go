package aberration

import "math"

// bound is the count that separates alarm from no alarm in the newest period.
func (c *ratioChart) bound(m *Memory, y, mu float64, alarm bool) float64 {
	if c.known() {
		return c.shiftBound(m.chart.sum, mu)
	}
	alarms := func(k float64) bool { return c.reached(c.statistic(m, k)) }
	switch {
	case c.Mode == Reference && c.alpha > 0 && c.Decrease:
		return c.searchFrom(m, y, alarm, alarms)
	case c.Mode == Reference && c.alpha > 0:
		return c.searchFrom(m, y, alarm, alarms) - 1
	case c.Mode == Reference && c.Decrease:
		return c.upwards(func(k float64) bool { return !(c.statistic(m, k) > c.Limit) })
	case c.Decrease:
		return c.bisect(func(k float64) bool { return !alarms(k) })
	}
	return c.bisect(alarms) - 1
}

// shiftBound is the count that takes the sum just to the limit.
func (c *ratioChart) shiftBound(sum, mu float64) float64 {
	quiet, perCase := (math.Exp(c.Shift)-1)*mu, c.Shift
	if c.alpha > 0 {
		grown := math.Log((1 + c.alpha*mu*math.Exp(c.Shift)) / (1 + c.alpha*mu))
		quiet, perCase = grown/c.alpha, c.Shift-grown
	}
	return max(0, (c.Limit-sum+quiet)/perCase)
}

func (c *ratioChart) mostCases() float64 {
	if c.MaxCases == 0 {
		return 10000
	}
	return c.MaxCases
}

// searchFrom goes, as R does, from the count itself: down as long as there is an alarm, or up to the first one. R does not search from 0,
// nor from above the limit of the search. Since R's statistic is never above the true maximum, which moves one way with the count, the
// counts that cannot be an alarm by the maximum need not be tried.
func (c *ratioChart) searchFrom(m *Memory, y float64, alarm bool, alarms func(float64) bool) float64 {
	least := 0.0
	maximum := *c
	maximum.Mode, maximum.Limit = Guarded, c.Limit*(1-1e-9)
	possible := func(k float64) bool { return maximum.reached(maximum.statistic(m, k)) }
	switch outside := y == 0 || y > c.mostCases(); {
	case outside && alarm:
		return 0
	case outside:
		return math.Inf(1)
	case alarm:
		for y >= 1 && alarms(y-1) {
			y--
		}
		return y
	}
	if !c.Decrease {
		least = maximum.bisect(possible)
	} else if !possible(y + 1) {
		return math.Inf(1)
	}
	for y = max(y+1, math.Ceil(least)); y <= c.mostCases(); y++ {
		if alarms(y) {
			return y
		}
	}
	return math.Inf(1)
}

// upwards is the first count that fulfils the condition.
func (c *ratioChart) upwards(fulfils func(float64) bool) float64 {
	for k := 0.0; k <= c.mostCases(); k++ {
		if fulfils(k) {
			return k
		}
	}
	return math.Inf(1)
}

// bisect is the same for a condition that holds for all counts above the first, and does not stop at a number of cases.
func (c *ratioChart) bisect(fulfils func(float64) bool) float64 {
	if fulfils(0) {
		return 0
	}
	lo, hi := 0.0, 1.0 // not at lo
	for !fulfils(hi) {
		if lo, hi = hi, 2*hi; hi > 2*maxCount {
			return math.Inf(1)
		}
	}
	for hi-lo > 1 {
		if mid := math.Floor((lo + hi) / 2); fulfils(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}
