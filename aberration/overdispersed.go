package aberration

import "math"

// The counts of quasi-Poisson models are taken as negative binomial with mean mu and variance phi mu, that is size mu/(phi-1) and
// probability 1/phi, and as Poisson when phi is 1. Neighbouring probabilities have the ratio P(k+1)/P(k) = (k(phi-1)+mu)/((k+1)phi), which
// holds for both.

// overdispersedMass is P(Y = k) in Loader's saddle-point form, k a whole number.
func overdispersedMass(k, mu, phi float64) float64 {
	extra := phi - 1
	if k == 0 {
		if extra == 0 {
			return math.Exp(-mu)
		}
		return math.Exp(-mu * math.Log1p(extra) / extra)
	}
	if extra == 0 {
		return math.Exp(-stirling(k)-divergence(k, mu, k-mu)) / math.Sqrt(2*math.Pi*k)
	}
	size := mu / extra
	n, d := size+k, (mu-k)/phi // d is size - n/phi, written so that a large size does not swallow it
	e := stirling(n) - stirling(size) - stirling(k) - divergence(size, n/phi, d) - divergence(k, n*(extra/phi), -d)
	return math.Exp(e) * math.Sqrt(size/n/(2*math.Pi*k))
}

// divergence is x ln(x/m) + m - x, by its series near x = m where the direct form cancels; d is x - m, for callers that know it better
// than from x and m.
func divergence(x, m, d float64) float64 {
	if math.Abs(d) > 0.1*(x+m) {
		return x*math.Log(x/m) - d
	}
	v := d / (x + m)
	s, term := d*v, 2*x*v
	for j := 3.0; ; j += 2 {
		term *= v * v
		next := s + term/j
		if !(math.Abs(next-s) > 0) { // NaN too
			return next
		}
		s = next
	}
}

// tiny is where a probability no longer matters; below, numbers lose their digits and a product with a ratio near 1 does not shrink.
const tiny = 1e-300

// overdispersedTail is P(Y >= k) for a whole number k. Beyond maxCount it is that of the normal distribution.
func overdispersedTail(k, mu, phi float64) float64 {
	if k <= 0 {
		return 1
	}
	if k > maxCount || mu > maxCount || phi > maxCount {
		return upperNormal(k-0.5-mu, math.Sqrt(mu*phi))
	}
	if k > mu {
		return overdispersedSum(overdispersedMass(k, mu, phi), k, mu, phi)
	}
	if wide(mu, phi) {
		size := mu / (phi - 1)
		return max(0, 1-overdispersedMass(k, mu, phi)*(k/size)*betaFraction(size, k, 1/phi))
	}
	term := overdispersedMass(k-1, mu, phi)
	below := term
	for j := k - 1; j > 0 && term > max(tiny, below*1e-17); j-- {
		term *= j * phi / ((j-1)*(phi-1) + mu)
		below += term
	}
	return max(0, 1-below)
}

// wide reports whether the distribution has so many counts that matter that they are not added one by one.
func wide(mu, phi float64) bool { return phi > 50 || phi > 1.001 && mu*phi > 1e6 }

// overdispersedSum adds the probabilities from k up, of which the first is given, for k above the mean. Where they are many, the continued
// fraction of the incomplete beta function, of which the first probability is the leading factor, ends sooner.
func overdispersedSum(term, k, mu, phi float64) float64 {
	if wide(mu, phi) {
		return min(1, term*betaFraction(k, mu/(phi-1), (phi-1)/phi))
	}
	total := term
	for term > tiny {
		r := (k*(phi-1) + mu) / ((k + 1) * phi)
		term *= r
		total += term
		if term < total*1e-17*(1-r) {
			break
		}
		k++
	}
	return min(1, total)
}

// overdispersedQuantile is the smallest k with P(Y > k) <= alpha. The search begins at the Cornish–Fisher approximation with z the normal
// 1-alpha quantile, which is off by a few counts at most unless phi is very large; beyond maxCount it stands as it is.
func overdispersedQuantile(alpha, z, mu, phi float64) float64 {
	alpha *= 1 + 0x1p-46 // a probability that equals alpha but for rounding is no more than alpha, as in R
	k := math.Floor(mu + z*math.Sqrt(mu*phi) + (z*z-1)*(2*phi-1)/6)
	if mu > maxCount || phi > maxCount {
		return max(0, k)
	}
	if !(k > mu) {
		k = math.Floor(mu) + 1
	}
	at := overdispersedMass(k, mu, phi)
	tail := overdispersedSum(at, k, mu, phi) // P(Y >= k)
	for range 64 {
		if tail <= alpha { // k is an alarm: look one lower
			if k-1 <= mu {
				break
			}
			at *= k * phi / ((k-1)*(phi-1) + mu)
			k--
			if tail += at; tail > alpha {
				return k
			}
			continue
		}
		next := tail - at // P(Y >= k+1)
		if next <= alpha {
			return k
		}
		at *= (k*(phi-1) + mu) / ((k + 1) * phi)
		tail = next
		k++
	}
	return lastQuiet(func(k float64) bool { return overdispersedTail(k, mu, phi) <= alpha })
}

// studentTail is P(|T| >= t) for Student's t with df degrees of freedom, df > 0: the regularised incomplete beta function of df/2 and 1/2
// at df/(df+t²), by its continued fraction (Abramowitz and Stegun 26.5.8, evaluated as Lentz proposed).
func studentTail(t, df float64) float64 {
	t = math.Abs(t)
	if math.IsInf(t, 1) {
		return 0
	}
	x := df / (df + t*t)
	if x >= (df/2+1)/(df/2+2.5) { // the fraction converges quickly below this point only
		return 1 - incompleteBeta(0.5, df/2, t*t/(df+t*t))
	}
	return incompleteBeta(df/2, 0.5, x)
}

func incompleteBeta(a, b, x float64) float64 {
	if x <= 0 {
		return 0
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a * betaFraction(a, b, x)
}

// betaFraction is the incomplete beta function over x^a (1-x)^b / (a B(a,b)).
func betaFraction(a, b, x float64) float64 {
	c, d := 1.0, 1/nonzero(1-(a+b)*x/(a+1))
	f := d
	for m := 1.0; m < 1e5; m++ {
		for _, n := range [2]float64{m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)), -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))} {
			d = 1 / nonzero(1+n*d)
			c = nonzero(1 + n/c)
			f *= c * d
		}
		if math.Abs(c*d-1) < 1e-16 {
			break
		}
	}
	return f
}

func nonzero(v float64) float64 {
	if math.Abs(v) < 1e-300 {
		return 1e-300
	}
	return v
}
