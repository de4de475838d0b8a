package aberration

import (
	"math"

	"github.com/baqylau/baqylau/dist"
)

// CDC compares the cases of the last four weeks with those of four-week blocks around the same week in earlier years: from the mean m
// and standard deviation s (divisor k-1) of the k = Years (2·HalfWidth+1) blocks that end at weeks at - 52i + 4j, i = 1 … Years,
// j = -HalfWidth … HalfWidth,
//
//	Bound = m + z s sqrt(1 + 1/k),    z the 1-Alpha/2 quantile of the normal distribution
//
// and the alarm is that the sum of the last four weeks lies above it. It is meant for weekly series.
//
// Sources: Stroup, Williamson, Herndon and Karon (1989), Stat Med 8, 323–329; Farrington and Andrews (2003), in Brookmeyer and
// Stroup, Monitoring the Health of Populations, equation 8-1.
type CDC struct {
	// Years is the number b of earlier years, 1 or more; usually 5.
	Years int
	// HalfWidth is the number m of blocks either side, 0 or more; usually 1.
	HalfWidth int
	// Alpha is the two-sided error rate, above 0 and below 1.
	Alpha float64
	// Mode is Guarded unless set to Reference.
	Mode Mode
	// z is the quantile for zAlpha, computed once.
	z, zAlpha float64
}

const block = 4 // weeks

// NewCDC returns the detector with its normal quantile computed once; its usual settings are 5, 1, 0.025.
func NewCDC(years, halfWidth int, alpha float64) CDC {
	return CDC{Years: years, HalfWidth: halfWidth, Alpha: alpha, z: dist.NormalQuantile(1 - alpha/2), zAlpha: alpha}
}

// Name is "cdc".
func (c CDC) Name() string { return "cdc" }

// Lookback is 52 Years + 4 HalfWidth + 3.
func (c CDC) Lookback() int { return 52*c.Years + block*c.HalfWidth + block - 1 }

// Evaluate judges the four weeks that end at s.Counts[at]. Statistic is their sum, Expected the mean of the blocks, and PValue the
// normal upper tail. InvalidSeries is given when the series is not weekly (Frequency 52). When all blocks are equal the Gamma–Poisson
// bound takes over if guarded; for reference the mean is the bound. A single block has no spread: NoBound.
func (c CDC) Evaluate(s *Series, at int, _ *Memory) Result {
	if c.Years < 1 || c.Years > 1000 || c.HalfWidth < 0 || c.HalfWidth > 12 || !(c.Alpha > 0 && c.Alpha < 1) {
		return none(InvalidSettings)
	}
	switch {
	case at < 0 || at >= len(s.Counts):
		return none(OutOfRange)
	case !s.fits() || s.perYear() != 52:
		return none(InvalidSeries)
	case at < c.Lookback():
		return none(TooShort)
	}
	z := c.z
	if c.zAlpha != c.Alpha {
		z = dist.NormalQuantile(1 - c.Alpha/2)
	}
	k := float64(c.Years * (2*c.HalfWidth + 1))
	if k < 2 {
		return none(NoBound)
	}
	y, current := blockAt(s, at)
	var sum, ss float64
	for i := 1; i <= c.Years; i++ {
		for j := -c.HalfWidth; j <= c.HalfWidth; j++ {
			b, reason := blockAt(s, at-52*i+block*j)
			if reason != OK {
				r := none(reason)
				if current == OK {
					r.Statistic = y
				}
				return r
			}
			sum += b
		}
	}
	m := sum / k
	for i := 1; i <= c.Years; i++ {
		for j := -c.HalfWidth; j <= c.HalfWidth; j++ {
			b, _ := blockAt(s, at-52*i+block*j)
			ss += (b - m) * (b - m)
		}
	}
	sd := math.Sqrt(ss / (k - 1))
	r := blank()
	r.Expected, r.Bound = m, m+z*sd*math.Sqrt(1+1/k)
	switch {
	case current == MissingValue:
		r.Reason = MissingValue
		return r
	case current != OK:
		return none(current)
	case sd == 0 && c.Mode == Guarded:
		r = guard(y, sum, k, c.Alpha/2)
		r.Statistic = y
		return r
	}
	r.Statistic = y
	r.Alarm, r.Score = y > r.Bound, exceedance(y, m, r.Bound)
	r.PValue = dist.NormalTail(y-m, sd*math.Sqrt(1+1/k))
	return r
}

// blockAt is the sum of the four weeks that end at the given one.
func blockAt(s *Series, end int) (float64, Reason) {
	weeks := s.Counts[end-block+1 : end+1]
	return weeks[0] + weeks[1] + weeks[2] + weeks[3], check(weeks)
}
