package epi_test

import (
	"errors"
	"math"
	"testing"

	"github.com/baqylau/baqylau/epi"
)

// What makes no sense is refused with the place and the cause, and nothing is computed from it.
func TestInputThatMakesNoSenseIsRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		say    string
		err    error
		reason epi.Reason
		at     string
	}{
		{"more on both lists than on one", second(epi.Chapman(10, 5, 6, 0.95)), epi.TooLarge, "m"},
		{"half a person", second(epi.Chapman(10.5, 5, 1, 0.95)), epi.NotACount, "n1"},
		{"empty lists", second(epi.Chapman(0, 0, 0, 0.95)), epi.Empty, "n1"},
		{"level in per cent", second(epi.Chapman(10, 5, 1, 95)), epi.InvalidLevel, "level"},
		{"level unknown", second(epi.Garwood(3, nan)), epi.InvalidLevel, "level"},
		{"negative count", second(epi.Garwood(-1, 0.95)), epi.NegativeValue, "count"},
		{"negative events", second(epi.CrudeRate(-1, 10, 0.95)), epi.NegativeValue, "events"},
		{"no person-years", second(epi.CrudeRate(1, 0, 0.95)), epi.NotPositive, "personTime"},
		{"expected unknown", second(epi.CompareMortality(1, nan, 0.95)), epi.MissingValue, "expected"},
		{"endless person-years", second(epi.CrudeRate(1, inf, 0.95)), epi.MissingValue, "personTime"},
		{"bands that do not fit", second(epi.DirectRate([]float64{1, 2}, []float64{1, 2}, []float64{1}, 0.95)), epi.UnequalLengths, "standard"},
		{"a standard of nobody", second(epi.DirectRate([]float64{1, 2}, []float64{1, 2}, []float64{0, 0}, 0.95)), epi.NotPositive, "standard"},
		{"no bands", second(epi.DirectRate(nil, nil, nil, 0.95)), epi.Empty, "personTime"},
		{"more reports than respondents", second(epi.Multiply(100, 7, 6, false, 0.95)), epi.TooLarge, "x"},
		{"no respondents", second(epi.Multiply(100, 0, 0, false, 0.95)), epi.Empty, "n"},
	} {
		var e *epi.Error
		if !errors.As(c.err, &e) || e.Reason != c.reason || e.Argument != c.at {
			t.Errorf("%s: %v, want %s at %s", c.say, c.err, c.reason, c.at)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// Each reason has its own stable code, which products localise by.
func TestReasonsHaveCodes(t *testing.T) {
	seen := map[string]bool{}
	for r := epi.OK; r.String() != "unknown"; r++ {
		if seen[r.String()] {
			t.Error("twice:", r)
		}
		seen[r.String()] = true
	}
	if !seen["no_convergence"] {
		t.Error("the last reason has no code")
	}
}
