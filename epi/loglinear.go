package epi

import (
	"math"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau/dist"
)

// Term is the dependence of two lists, by their numbers from 1, the smaller first.
type Term struct{ A, B int }

// Model is a log-linear model fitted to Captures.
type Model struct {
	// Terms are the dependences in the model; none for independent lists.
	Terms []Term
	// N is the size of the population, the persons on the lists and those hidden; SE its standard error. Where Reason is Unbounded N is +Inf,
	// where it is LowerBound the number on the lists, and SE is NaN.
	N, SE float64
	// Deviance is 2 Σ [y ln(y/μ) − (y − μ)] on DF = cells − parameters; 0 for the saturated model.
	Deviance float64
	DF       int
	// AIC is −2ℓ + 2p and BIC −2ℓ + p ln n, with n the persons on the lists and ℓ complete with the factorials. Only differences between models
	// of the same table mean anything.
	AIC, BIC float64
	// Boundary says that some parameter has no finite estimate, since cells that must have had somebody are empty. N is right in the limit; DF, AIC and BIC count the
	// parameter nevertheless, as other programs do.
	Boundary bool
	// Reason is OK, or why there is no estimate: NotIdentified, Unbounded, LowerBound, NoConvergence.
	Reason Reason

	seen    float64 // persons on the lists
	largest float64 // of the parameters, in absolute value
}

// Label names the model by its terms, "12,34", or "independent".
func (m Model) Label() string {
	if len(m.Terms) == 0 {
		return "independent"
	}
	parts := make([]string, len(m.Terms))
	for i, t := range m.Terms {
		parts[i] = strconv.Itoa(t.A) + strconv.Itoa(t.B)
	}
	return strings.Join(parts, ",")
}

// Fragile says that a parameter is infinite or above 15 in absolute value, where programs that iterate until nothing moves print a number
// which only shows where they stopped.
func (m Model) Fragile() bool { return m.Boundary || m.largest > 15 }

// LogNormal is the interval of PopulationSize.LogNormal for the model; prefer Captures.Profile for what is published.
func (m Model) LogNormal(level float64) (Interval, error) {
	z, err := normalQuantile(level)
	if err != nil || m.Reason != OK {
		return Undefined(), err
	}
	return logNormalLimits(m.N, m.SE*m.SE, m.seen, z), nil
}

// Fit is the log-linear model with the given dependences: with y the persons of each history seen,
//
//	y ~ Poisson(μ),  ln μ = β₀ + Σ βᵢ [on list i] + Σ βᵢⱼ [on i and j],  N = n + exp β₀,  SE² = exp β₀ + exp 2β₀ Var β₀
//
// by maximum likelihood, n the persons on the lists. exp β₀ is the model's word on the history without any list.
//
// It assumes a closed population, persons recognised on every list, and that all dependence between lists, and all difference between persons
// in how easily they are found, is what the terms in the model say. No table can test the dependence of all lists at once, which is taken
// to be none: models that fit alike may differ severalfold in N. So fit them all (Models), show the spread (Compare), and distrust a
// study whose plausible models disagree.
//
// Errors: a term that is not of two different lists of the table (InvalidSetting), or stands twice. A model that the table cannot estimate is
// returned with its Reason.
//
// Sources: S. E. Fienberg (1972), The multiple recapture census for closed populations and incomplete 2^k contingency tables, Biometrika 59, 591–603; Y. M. M.
// Bishop, S. E. Fienberg, P. W. Holland (1975), Discrete Multivariate Analysis, ch. 6; R. M. Cormack (1989), Log-linear models for capture–recapture, Biometrics 45,
// 395–413; S. E. Fienberg, A. Rinaldo (2012), Maximum likelihood estimation in log-linear models, Ann. Statist. 40, 996–1023 (empty cells).
func (c *Captures) Fit(terms ...Term) (Model, error) {
	seen := map[Term]bool{}
	for i, t := range terms {
		switch {
		case t.A < 1 || t.B <= t.A || t.B > c.lists:
			return Model{}, &Error{InvalidSetting, "terms", i}
		case seen[t]:
			return Model{}, &Error{Duplicate, "terms", i}
		}
		seen[t] = true
	}
	return c.fit(terms), nil
}

func (c *Captures) fit(terms []Term) Model {
	cells, columns := c.histories(1), c.columns(terms)
	f := fitPoisson(cells, c.count[1:], columns, nil)
	m := Model{Terms: terms, N: math.NaN(), SE: math.NaN(), DF: len(cells) - len(columns), Boundary: f.boundary, Reason: f.reason, seen: c.total}
	for _, b := range f.beta {
		m.largest = max(m.largest, math.Abs(b))
	}
	switch hidden := math.Exp(f.beta[0]); m.Reason {
	case OK:
		m.N, m.SE = c.total+hidden, math.Sqrt(hidden+hidden*hidden*f.variance)
	case Unbounded:
		m.N = math.Inf(1)
	case LowerBound:
		m.N = c.total
	}
	m.Deviance, m.AIC, m.BIC = math.NaN(), math.NaN(), math.NaN()
	if f.mu == nil || m.Reason == NoConvergence {
		return m
	}
	logLikelihood, deviance, p := 0.0, 0.0, float64(len(columns))
	for i, y := range c.count[1:] {
		lg, _ := math.Lgamma(y + 1)
		logLikelihood -= f.mu[i] + lg
		deviance += 2 * (f.mu[i] - y)
		if y > 0 {
			logLikelihood += y * math.Log(f.mu[i])
			deviance += 2 * y * math.Log(y/f.mu[i])
		}
	}
	if m.DF > 0 {
		m.Deviance = max(0, deviance)
	} else {
		m.Deviance = 0
	}
	m.AIC, m.BIC = 2*p-2*logLikelihood, p*math.Log(c.total)-2*logLikelihood
	return m
}

// histories are the sets of lists from the first on: 0 for all, 1 for those seen.
func (c *Captures) histories(first int) []int {
	out := make([]int, 0, len(c.count))
	for s := first; s < len(c.count); s++ {
		out = append(out, s)
	}
	return out
}

// columns are the parameters of a model as sets of lists: a cell has the parameter when its history includes the set.
func (c *Captures) columns(terms []Term) []int {
	out := []int{0}
	for i := range c.lists {
		out = append(out, 1<<i)
	}
	for _, t := range terms {
		out = append(out, 1<<(t.A-1)|1<<(t.B-1))
	}
	return out
}

// Models are the fits of every set of two-way terms: 2 for two lists (of which only independence can be estimated), 8 for three, 64 for four, 1,024 for five. They come in the order of a
// binary number whose lowest digit is the term 12, then 13, …, 23, ….
func (c *Captures) Models() []Model {
	var pairs []Term
	for a := 1; a <= c.lists; a++ {
		for b := a + 1; b <= c.lists; b++ {
			pairs = append(pairs, Term{a, b})
		}
	}
	out := make([]Model, 1<<len(pairs))
	for set := range out {
		var terms []Term
		for i, p := range pairs {
			if set>>i&1 == 1 {
				terms = append(terms, p)
			}
		}
		out[set] = c.fit(terms)
	}
	return out
}

// Best is the index of the model with the least AIC of those that have an estimate, the first where they tie, and -1 where none has.
func Best(models []Model) int {
	best := -1
	for i, m := range models {
		if m.Reason == OK && (best < 0 || m.AIC < models[best].AIC) {
			best = i
		}
	}
	return best
}

// ParseTerms reads a label of Model, with the numbers of lists 1 to 9. Errors: a part that is not two digits (InvalidSetting).
func ParseTerms(label string) ([]Term, error) {
	if label == "independent" {
		return nil, nil
	}
	var out []Term
	for i, part := range strings.Split(label, ",") {
		if len(part) != 2 || part[0] < '1' || part[0] > '9' || part[1] < '1' || part[1] > '9' {
			return nil, &Error{InvalidSetting, "label", i}
		}
		a, b := int(part[0]-'0'), int(part[1]-'0')
		out = append(out, Term{min(a, b), max(a, b)})
	}
	return out, nil
}

// GoodnessOfFit is the probability of a deviance at least so large if the model holds, by the chi-square distribution; 1 for a saturated model. It means
// little where most expected counts are below 5.
func (m Model) GoodnessOfFit() float64 {
	if m.DF <= 0 || math.IsNaN(m.Deviance) {
		return 1
	}
	_, above := dist.GammaTails(m.Deviance/2, float64(m.DF)/2)
	return above
}
