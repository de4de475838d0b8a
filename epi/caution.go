package epi

import "math"

// Caution is a reason not to publish an estimate, or not without a word.
type Caution uint8

// The cautions.
const (
	// FewRows: fewer than LeastRows respondents. Such cells are not published.
	FewRows Caution = iota
	// Imprecise: the standard error is more than MostSpread of the estimate. Such cells are published with a mark.
	Imprecise
)

// LeastRows and MostSpread are where estimates become uncertain enough to say so: 30 respondents not weighted, and a coefficient of variation of 30 percent, as statistical
// offices and health surveys do (for example NCHS 2017, Data presentation standards for proportions, which has 30 for the effective size).
const (
	LeastRows  = 30
	MostSpread = 0.3
)

func (c Caution) String() string { return [...]string{"few_rows", "imprecise"}[c] }

// Spread is the coefficient of variation SE/|Value|; undefined for a value of 0.
func (e Estimate) Spread() float64 {
	if e.Value == 0 {
		return math.NaN()
	}
	return e.SE / math.Abs(e.Value)
}

// Cautions are what speaks against publishing the estimate. A value of 0 has no coefficient of variation and so is not imprecise.
func (e Estimate) Cautions() (cs []Caution) {
	if e.N < LeastRows {
		cs = append(cs, FewRows)
	}
	if e.Spread() > MostSpread {
		cs = append(cs, Imprecise)
	}
	return cs
}
