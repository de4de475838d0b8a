package dist

import (
	"math"
	"testing"
)

// R: 2 pt(-|t|, df).
func TestStudentTail(t *testing.T) {
	for _, c := range []struct{ t, df, want float64 }{
		{0.3, 5, 0.77624904226327451}, {2, 33, 0.053786231882546151}, {2.5, 1, 0.24223788318168671}, {-30, 12, 1.1773181907018946e-12},
		{1e-3, 7, 0.99923001724499882}, {6, 400, 4.422400681811502e-09}, {1.9, 1e6, 0.057433406996539364}, {0, 9, 1}, {math.Inf(1), 9, 0},
	} {
		if got := StudentTail(c.t, c.df); !(math.Abs(got-c.want) <= 1e-9*c.want) {
			t.Errorf("t %v, df %v: %.17g, R has %.17g", c.t, c.df, got, c.want)
		}
	}
	if !math.IsNaN(StudentTail(math.NaN(), 3)) {
		t.Error("NaN")
	}
}
