package aberration

import "math"

// LORD controls the false discovery rate online: p-values come one after the other without end, each is decided at once, and
// decisions are never taken back. At every moment the expected share of false alarms among all alarms so far is at most Level, when
// the p-values of unchanged series are independent. The t-th p-value is rejected when it is at most (LORD++)
//
//	α(t) = W γ(t) + (Level - W) γ(t-τ₁) 1{τ₁ < t} + Level Σ_{j≥2} γ(t-τⱼ) 1{τⱼ < t}
//
// where τⱼ is the place of the j-th rejection, W the initial wealth, and
//
//	γ(t) = C ln(max(t, 2)) / (t exp(√ln t)),  C = 0.07720838  (equation 31 of the first source).
//
// The sequence γ falls and sums to 0.9763, so the estimate Σα(s)/max(1, rejections) of the share of false discoveries never passes
// Level. The constant is the usual rounded one, kept so that levels equal those of other software.
//
// The fields are the whole state: a LORD that was stored and read back goes on as if nothing had happened. It is not safe for
// concurrent use. A step costs time in proportion to the number of rejections so far.
//
// Sources: Javanmard and Montanari (2018), Ann Stat 46, 526–554; Ramdas, Yang, Wainwright and Jordan (2017), NIPS 30, 5650–5659,
// who found the improvement called LORD++.
type LORD struct {
	// Level is the false discovery rate, above 0 and below 1.
	Level float64
	// Wealth is W, above 0 and at most Level; 0 stands for Level/10.
	Wealth float64
	// Tests is the number of p-values judged so far.
	Tests int
	// Rejections are the places (from 1, rising) of the p-values rejected so far.
	Rejections []int
}

// NewLORD starts with the usual initial wealth, a tenth of the level.
func NewLORD(level float64) *LORD { return &LORD{Level: level, Wealth: level / 10} }

// Next is α(t), the level at which the next p-value will be judged. The error is InvalidSettings when level, wealth or the stored
// state are out of range; alpha is then 0.
func (l *LORD) Next() (alpha float64, err error) {
	if !l.valid() {
		return 0, InvalidSettings
	}
	return l.next(), nil
}

// Judge decides about the next p-value and reports the level that it was held against. A p-value that is NaN or outside 0..1 takes
// no turn and spends nothing: the error is MissingValue. InvalidSettings is as for Next.
func (l *LORD) Judge(p float64) (reject bool, alpha float64, err error) {
	if !l.valid() {
		return false, 0, InvalidSettings
	}
	alpha = l.next()
	if !(p >= 0 && p <= 1) {
		return false, alpha, MissingValue
	}
	l.Tests++
	if reject = p <= alpha; reject {
		l.Rejections = append(l.Rejections, l.Tests)
	}
	return reject, alpha, nil
}

func (l *LORD) next() float64 {
	w := l.wealth()
	t := l.Tests + 1
	alpha := w * lordGamma(t)
	for j, tau := range l.Rejections {
		if j == 0 {
			alpha += (l.Level - w) * lordGamma(t-tau)
		} else {
			alpha += l.Level * lordGamma(t-tau)
		}
	}
	return alpha
}

func (l *LORD) wealth() float64 {
	if l.Wealth == 0 {
		return l.Level / 10
	}
	return l.Wealth
}

// valid looks at the settings and at the stored state: a place that stood there twice would pay twice.
func (l *LORD) valid() bool {
	before := 0
	for _, tau := range l.Rejections {
		if tau <= before || tau > l.Tests {
			return false
		}
		before = tau
	}
	w := l.wealth()
	return l.Level > 0 && l.Level < 1 && w > 0 && w <= l.Level && l.Tests >= 0 && l.Tests < math.MaxInt
}

// lordGamma is γ(t); 0 for t < 1.
func lordGamma(t int) float64 {
	if t < 1 {
		return 0
	}
	x := float64(t)
	return 0.07720838 * math.Log(max(x, 2)) / (x * math.Exp(math.Sqrt(math.Log(x))))
}
