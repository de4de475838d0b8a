package dist

import "math"

// The counts of quasi-Poisson models are taken as negative binomial with mean mu and variance phi mu, that is size mu/(phi-1) and
// probability 1/phi, and as Poisson when phi is 1. Neighbouring probabilities have the ratio P(k+1)/P(k) = (k(phi-1)+mu)/((k+1)phi), which
// holds for both.

// QuasiPoissonMass is P(Y = k) with mean mu > 0 and dispersion phi >= 1, in Loader's saddle-point form, k a whole number.
func QuasiPoissonMass(k, mu, phi float64) float64 {
	extra := phi - 1
	if extra == 0 {
		return PoissonMass(k, mu)
	}
	if k == 0 {
		return math.Exp(-mu * math.Log1p(extra) / extra)
	}
	size := mu / extra
	n, d := size+k, (mu-k)/phi // d is size - n/phi, written so that a large size does not swallow it
	e := stirling(n) - stirling(size) - stirling(k) - divergence(size, n/phi, d) - divergence(k, n*(extra/phi), -d)
	return math.Exp(e) * math.Sqrt(size/n/(2*math.Pi*k))
}

// QuasiPoissonTail is P(Y >= k) for a whole number k, with mu and phi as for QuasiPoissonMass; relative error about 1e-13 above the mean,
// 1e-11 for a dispersion of hundreds. Beyond MaxCount it is that of the normal distribution.
func QuasiPoissonTail(k, mu, phi float64) float64 {
	if k <= 0 {
		return 1
	}
	if k > MaxCount || mu > MaxCount || phi > MaxCount {
		return NormalTail(k-0.5-mu, math.Sqrt(mu*phi))
	}
	if k > mu {
		return quasiPoissonSum(QuasiPoissonMass(k, mu, phi), k, mu, phi)
	}
	if wide(mu, phi) {
		size := mu / (phi - 1)
		return max(0, 1-QuasiPoissonMass(k, mu, phi)*(k/size)*betaFraction(size, k, 1/phi, (phi-1)/phi))
	}
	term := QuasiPoissonMass(k-1, mu, phi)
	below := term
	for j := k - 1; j > 0 && term > max(Tiny, below*1e-17); j-- {
		term *= j * phi / ((j-1)*(phi-1) + mu)
		below += term
	}
	return max(0, 1-below)
}

// wide reports whether the distribution has so many counts that matter that they are not added one by one.
func wide(mu, phi float64) bool { return phi > 50 || phi > 1.001 && mu*phi > 1e6 }

// quasiPoissonSum adds the probabilities from k up, of which the first is given, for k above the mean. Where they are many, the continued
// fraction of the incomplete beta function, of which the first probability is the leading factor, ends sooner.
func quasiPoissonSum(term, k, mu, phi float64) float64 {
	if wide(mu, phi) {
		return min(1, term*betaFraction(k, mu/(phi-1), (phi-1)/phi, 1/phi))
	}
	total := term
	for term > Tiny {
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

// QuasiPoissonQuantile is the smallest k with P(Y > k) <= alpha. The search begins at the Cornish–Fisher approximation with z the normal
// 1-alpha quantile, which is off by a few counts at most unless phi is very large; beyond MaxCount it stands as it is.
func QuasiPoissonQuantile(alpha, z, mu, phi float64) float64 {
	alpha *= 1 + 0x1p-46 // a probability that equals alpha but for rounding is no more than alpha, as in R
	k := math.Floor(mu + z*math.Sqrt(mu*phi) + (z*z-1)*(2*phi-1)/6)
	if mu > MaxCount || phi > MaxCount {
		return max(0, k)
	}
	if !(k > mu) {
		k = math.Floor(mu) + 1
	}
	at := QuasiPoissonMass(k, mu, phi)
	tail := quasiPoissonSum(at, k, mu, phi) // P(Y >= k)
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
	return LastQuiet(func(k float64) bool { return QuasiPoissonTail(k, mu, phi) <= alpha })
}
