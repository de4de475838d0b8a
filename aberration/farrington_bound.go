package aberration

import "math"

// Power is the power of the counts at which a Farrington bound takes them for normal.
type Power uint8

// The powers.
const (
	TwoThirds  Power = iota // y^⅔, which makes Poisson counts symmetric
	SquareRoot              // y^½, which makes their variance constant
	Identity                // the counts themselves
)

// raise is y^power.
func (p Power) raise(y float64) float64 {
	switch p {
	case TwoThirds:
		c := math.Cbrt(y)
		return c * c
	case SquareRoot:
		return math.Sqrt(y)
	}
	return y
}

// lower is its inverse, NaN below 0 as a fractional power is.
func (p Power) lower(v float64) float64 {
	switch p {
	case TwoThirds:
		return v * math.Sqrt(v)
	case SquareRoot:
		return v * v
	}
	return v
}

// spread is the standard deviation of y^power around mu^power by the delta method (Farrington et al. 1996, section 3.6), where the variance
// of y - mu is phi mu + (se mu)² = tau mu, with the standard error se of log mu.
func (p Power) spread(mu, phi, se float64) float64 {
	tau := phi + se*se*mu
	switch p {
	case TwoThirds:
		return math.Sqrt(4.0 / 9 * math.Cbrt(mu) * tau)
	case SquareRoot:
		return math.Sqrt(tau / 4)
	}
	return math.Sqrt(mu * tau)
}

// normalBound is (mu^e + z spread)^(1/e), and z of the count y on that scale.
func (p Power) normalBound(y, mu, phi, se, z float64) (bound, zOfCount float64) {
	m, sd := p.raise(mu), p.spread(mu, phi, se)
	return p.lower(m + z*sd), (p.raise(y) - m) / sd
}
