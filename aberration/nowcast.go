package aberration

import "math"

// Lawless estimates how many cases of each period there will be once all reports are in, from those known so far and the delays of
// the past. With n(t,d) the cases of period t that became known d periods later,
//
//	g(d) = Σ n(t,d) / Σ Σ_{j≤d} n(t,j)      the reverse-time hazard: reports of delay d among those of delay at most d
//	F(x) = Π_{d=x+1..D} (1 - g(d))          the share of all reports that is in after x periods
//	N̂(t) = N(t)/F(T-t)                      the expected total, with N(t) cases known at T
//
// the sums over the periods for which delay d has been seen. The variance of the prediction error N̂ - N is
//
//	N (1-F)/F² + N̂² Σ_{d>x} g(d)/(S(d) (1 - g(d)))
//
// where S(d) is the denominator of g(d): the first part is chance in what is still to come, the second the error of the estimated
// delays. The method takes a delay distribution that does not change within the window, and independent reports.
//
// Sources: Lawless (1994), Can J Stat 22, 15–31; Kalbfleisch and Lawless (1989), JASA 84, 360–372; Höhle and an der Heiden (2014),
// Biometrics 70, 993–1002. The expected totals are those of the chain ladder; see ChainLadder.
type Lawless struct {
	// MaxDelay is D, the longest delay considered, in periods, 0 or more. Longer ones count as D; the triangle needs D+1 periods.
	MaxDelay int
	// Window is the number of event periods that the delays are estimated from; 0 for all. R's m is Window - 1.
	Window int
	// Cut says which periods these are.
	Cut Cut
	// Mode is Guarded unless set to Reference. For reference, the variance has its first part alone and quantiles are rounded as R
	// surveillance 1.20 does, and nothing known so far predicts nothing to come.
	Mode Mode
}

// Cut is the shape of the window from which reporting delays are estimated.
type Cut uint8

// The cuts.
const (
	// Rectangle takes the newest Window periods that have seen a delay, for each delay its own, as Lawless (1994) does.
	Rectangle Cut = iota
	// Horizontal takes the newest Window periods of all, so that long delays rest on fewer, as Höhle and an der Heiden (2014) do.
	// It needs a window longer than MaxDelay.
	Horizontal
)

// Delays is an estimated delay distribution. Its slices are reused by Lawless.Fit; the zero value is ready.
type Delays struct {
	// Hazard[d] is g(d), the share of the reports with delay d among those with delay d or less; NaN where there are none, which F
	// takes for 0.
	Hazard []float64
	// Reported[x] is F(x), the share of all reports that is in after x periods. It is 0 where all reports of the past took longer.
	Reported []float64
	// spread[x] is the sum in the second part of the variance; rate is the mean number of cases a period.
	spread []float64
	rate   float64
	mode   Mode
}

// Fit estimates the delay distribution and stores it in into, whose slices it reuses. The errors are InvalidSettings, TooShort
// (fewer periods than MaxDelay+1), InvalidSeries (a row lacks cells), MissingValue and NegativeValue.
func (l Lawless) Fit(tr *Triangle, into *Delays) error {
	d := l.MaxDelay
	if d < 0 || l.Window < 0 || l.Cut > Horizontal || l.Mode > Reference || l.Cut == Horizontal && l.Window > 0 && l.Window <= d {
		return InvalidSettings
	}
	if r := tr.check(d); r != OK {
		return r
	}
	into.mode = l.Mode
	into.Hazard, into.Reported, into.spread = resize(into.Hazard, d+1), resize(into.Reported, d+1), resize(into.spread, d+1)
	into.Reported[d], into.spread[d] = 1, 0
	for x := d; x >= 0; x-- {
		with, upto := l.reports(tr, x)
		g := with / upto
		into.Hazard[x] = g
		if upto == 0 { // no report speaks for or against this delay
			g, upto = 0, 1
		}
		if x > 0 {
			into.Reported[x-1] = into.Reported[x] * (1 - g)
			into.spread[x-1] = into.spread[x] + g/(upto*(1-g))
		}
	}
	into.rate = rate(tr, into.Reported)
	return nil
}

// reports counts those of delay d and those of delay at most d, in the periods of the window.
func (l Lawless) reports(tr *Triangle, d int) (with, upto float64) {
	n := len(tr.Counts)
	first := 0
	if l.Window > 0 {
		if first = n - l.Window; l.Cut == Rectangle {
			first -= d
		}
	}
	for t := max(0, first); t < n-d; t++ {
		y := tr.cell(t, d, l.MaxDelay)
		with += y
		upto += y + total(tr.Counts[t][:d])
	}
	return with, upto
}

// rate is the mean number of cases a period: all that is known, by the number of periods that is in.
func rate(tr *Triangle, reported []float64) float64 {
	cases, periods := 0.0, 0.0
	for t := range tr.Counts {
		cases += tr.known(t)
		periods += reported[min(len(tr.Counts)-1-t, len(reported)-1)]
	}
	return cases / periods
}

// Nowcast fits the delays and appends to out one prediction for each period of the triangle, oldest first. The workspace may be nil;
// with one that is reused and room in out nothing is allocated. Errors are those of Fit.
func (l Lawless) Nowcast(out []Prediction, tr *Triangle, work *Delays) ([]Prediction, error) {
	if work == nil {
		work = new(Delays)
	}
	if err := l.Fit(tr, work); err != nil {
		return out, err
	}
	for t := range tr.Counts {
		out = append(out, work.Predict(tr.known(t), len(tr.Counts)-1-t))
	}
	return out, nil
}

// Predict is the prediction for a period of which the given number of cases is known after delay periods.
func (d *Delays) Predict(known float64, delay int) Prediction {
	nan := math.NaN()
	p := Prediction{Known: known, Reported: nan, Expected: nan, Variance: nan, Mode: d.mode}
	if delay < 0 || len(d.Reported) == 0 {
		p.Reason = OutOfRange
		return p
	}
	if p.Reason = check([]float64{known}); p.Reason != OK {
		return p
	}
	x := min(delay, len(d.Reported)-1)
	f := d.Reported[x]
	p.Reported = f
	if known == 0 && d.mode == Guarded && (f < 1 || d.rate == 0 && x < len(d.Reported)-1) {
		p.guard(d.rate, f)
		return p
	}
	p.Expected = known / f
	p.Variance = p.Expected * (1 - f) / f
	if d.mode == Guarded {
		p.Variance += p.Expected * p.Expected * d.spread[x]
	}
	if !(f > 0) || math.IsInf(p.Expected, 0) || math.IsNaN(p.Variance) || math.IsInf(p.Variance, 0) {
		p.Expected, p.Variance, p.Reason = nan, nan, NoFit
	}
	return p
}
