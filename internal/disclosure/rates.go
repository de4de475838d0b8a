package disclosure

// LeastDenominator is the smallest denominator of a percentage that is shown: below it one person moves the percentage by more than five points.
const LeastDenominator = 20

// Percentage is part of whole in percent, where it may be shown: neither count is hidden, and the denominator is large enough. A percentage beside its shown denominator is a count in other
// words, so it is withheld wherever the count is.
func Percentage(part, whole Count) (percent float64, ok bool) {
	if part.Hidden || whole.Hidden || whole.N < LeastDenominator {
		return 0, false
	}
	return 100 * float64(part.N) / float64(whole.N), true
}

// What a survey estimate must rest on.
const (
	LeastRespondents = 30   // unweighted
	MostVariation    = 0.30 // coefficient of variation: standard error by estimate
)

// Trust says how an estimate of a survey is shown.
type Trust int

// The degrees.
const (
	Reliable  Trust = iota
	Uncertain       // shown with a flag: its coefficient of variation is above MostVariation
	Withheld        // rests on fewer than LeastRespondents
)

// SurveyCell judges an estimate by the respondents behind it, unweighted, and its coefficient of variation, a share and not a percentage. A variation that is not a number, as of an estimate
// of zero, is uncertain.
func SurveyCell(respondents int, variation float64) Trust {
	switch {
	case respondents < LeastRespondents:
		return Withheld
	case variation <= MostVariation:
		return Reliable
	}
	return Uncertain
}
