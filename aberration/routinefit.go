package aberration

import "math"

// routineFit is the regression of Routine and its working space. Time is measured in years before the period judged.
type routineFit struct {
	y, t, sin, cos, log, share []float64 // the baseline: counts, time, season, log and value of the exposure
	cases, exposure            float64
	start                      float64 // Routine.Start
	at                         int     // the period judged,
	unit                       float64 // and the population that stands for an exposure of 1
	perYear                    float64
	seasonal, recent           bool
	slope, phi                 float64
	beta                       [6]float64
	root                       [6][6]float64 // Cholesky factor of the information
}

// period is the count of a period and its exposure, which is 0 where it is not known.
func (f *routineFit) period(s *Series, i int) (y, exposure float64, r Reason) {
	y, exposure = s.Counts[i], 1
	if s.Population != nil {
		exposure = s.Population[i] / f.unit
		if !(exposure > 0 && exposure <= 1e15) {
			return y, 0, MissingValue
		}
	}
	switch {
	case y < 0:
		return y, exposure, NegativeValue
	case math.IsNaN(y) || y > 1e100:
		return 0, exposure, MissingValue
	case y > maxCount:
		return y, exposure, NotACount
	}
	return y, exposure, OK
}

// load reads the baseline from <= i < to.
func (f *routineFit) load(s *Series, from, to, at int) Reason {
	f.y, f.log, f.share, f.t = f.y[:0], f.log[:0], f.share[:0], f.t[:0]
	f.at, f.unit, f.cases, f.exposure, f.perYear = at, 1, 0, 0, float64(s.perYear())
	if s.Population != nil {
		f.unit = s.Population[at]
		if !(f.unit > 0 && f.unit <= 1e100) {
			return MissingValue
		}
	}
	for i := from; i < to; i++ {
		y, e, r := f.period(s, i)
		switch r {
		case OK:
		case MissingValue:
			continue
		default:
			return r
		}
		f.y, f.share, f.t = append(f.y, y), append(f.share, e), append(f.t, float64(i))
		f.cases += y
		f.exposure += e
	}
	if f.exposure == 0 {
		return TooShort
	}
	f.seasonal = f.cases >= 20 && len(f.y) >= 3*s.perYear()/4
	if !f.seasonal {
		return OK
	}
	f.sin, f.cos = f.sin[:0], f.cos[:0]
	for k, t := range f.t {
		time, sin, cos := f.clock(s, int(t))
		f.t[k], f.sin, f.cos = time, append(f.sin, sin), append(f.cos, cos)
		log := 0.0
		if f.share[k] != 1 {
			log = math.Log(f.share[k])
		}
		f.log = append(f.log, log)
	}
	return OK
}

// clock is the time of a period in years from the one judged, and its place in the year.
func (f *routineFit) clock(s *Series, i int) (t, sin, cos float64) {
	var turn float64
	if s.Days != nil {
		t = float64(s.Days[i]-s.Days[f.at]) / 365.25
		turn = float64(s.Days[i]) / 365.25
	} else {
		t = float64(i-f.at) / f.perYear
		turn = float64(i) / f.perYear
	}
	sin, cos = math.Sincos(2 * math.Pi * (turn - math.Floor(turn)))
	return max(-1000, min(t, 1000)), sin, cos
}

// fit estimates the regression, or the level alone where there is too little for more or the regression does not settle.
func (f *routineFit) fit() {
	f.slope = 0
	if f.recent {
		f.beta[0], f.root[0][0] = (f.cases+0.5)/f.exposure, f.cases+0.5
		return
	}
	f.phi = 1
	if !f.seasonal {
		f.level()
		return
	}
	if !f.regress() {
		f.seasonal = false
		f.level()
		return
	}
	f.slope = f.beta[1]
}

// spread keeps the dispersion of a prediction above Poisson's and below what no series of cases has.
func spread(phi float64) float64 { return max(1+1e-9, min(phi, 1e4)) }

// Means stay below e^23, about 10^10, whatever a trend or a population would make of them.
const (
	mostLog      = 23
	mostExpected = 9.7e9
)

// The settings for series too short to ask for a season: the longest gap, and the fewest periods of the baseline.
const (
	shortGap   = 3
	shortLeast = 6
)

// short reports whether there are cases enough for a season to matter, and not nearly a year to know it by.
func (f *routineFit) short(perYear int) bool {
	return f.cases >= 20 && !f.seasonal && len(f.y) > perYear/5
}

// rough is the dispersion by the differences between neighbouring periods, which a season hardly touches.
func (f *routineFit) rough() float64 {
	sum, n := 0.0, 0.0
	for k := 1; k < len(f.y); k++ {
		a, b := f.y[k-1]/f.share[k-1], f.y[k]/f.share[k]
		if a+b > 0 {
			sum += (a - b) * (a - b) / (a/f.share[k-1] + b/f.share[k])
			n++
		}
	}
	return max(1, sum/max(1, n))
}

// calm is the probability that a baseline period lies in no outbreak, when one in 1/start does. Only an excess of more than two standard
// deviations and more than one case is asked, and where less than one case is expected it is the power mean of that probability: single
// cases and small batches now and then are how rare things occur.
func (f *routineFit) calm(y, mean float64) float64 {
	d := y - mean
	if d <= 1 || d*d <= 4*f.phi*mean {
		return 1
	}
	w := 1 / (1 + f.start*outlook{mean, f.phi + 1e-6}.ratio(y))
	if mean < 1 {
		w = math.Pow(w, mean)
	}
	return w
}

// level estimates a constant rate, with Jeffreys' half case, and the dispersion around it.
func (f *routineFit) level() {
	rate := (f.cases + 0.5) / f.exposure
	if f.cases == 0 {
		f.beta[0], f.root[0][0] = rate, 0.5
		return
	}
	weight := 0.5
	for round := range 4 {
		cases, exposure, sum, n := 0.5, 0.0, 0.0, 0.0
		for k, y := range f.y {
			mean := rate * f.share[k]
			w := 1.0
			if round > 0 && y > mean {
				w = f.calm(y, mean)
			}
			cases += w * y
			exposure += w * f.share[k]
			sum += w * (y - mean) * (y - mean) / mean
			n += w
		}
		if round == 3 {
			break
		}
		rate = cases / exposure
		weight = cases
		if n > 1.5 {
			f.phi = max(1, sum/(n-1))
		}
	}
	f.beta[0], f.root[0][0] = rate, weight
}

// predict is the distribution of the count of a period with the given exposure.
func (f *routineFit) predict(s *Series, i int, exposure float64) outlook {
	if !f.seasonal {
		mean := min(f.beta[0]*exposure, mostExpected)
		return outlook{mean, spread(f.phi * (1 + mean/f.root[0][0]))}
	}
	t, sin, cos := f.clock(s, i)
	x := [6]float64{1, t, sin, cos, 2 * sin * cos, 2*cos*cos - 1}
	eta, v := math.Log(exposure), 0.0
	for j := range x {
		eta += f.beta[j] * x[j]
	}
	f.forward(&x)
	for _, c := range x {
		v += c * c
	}
	mean := math.Exp(max(-30, min(eta, mostLog)))
	return outlook{mean, spread(f.phi * (1 + mean*v))}
}
