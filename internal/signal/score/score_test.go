package score

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/baqylau/baqylau"
)

func TestAdviceAndClock(t *testing.T) {
	for _, c := range []struct {
		name  string
		m     Matrix
		death bool
		total int
		want  baqylau.Severity
		clock time.Duration
	}{
		{"nothing known", Matrix{}, false, 0, baqylau.Green, 0},
		{"rumour of a death", Matrix{Harm: 3}, true, 3, baqylau.Green, 0},
		{"suspected death", Matrix{Harm: 3, Certainty: 1}, true, 4, baqylau.Yellow, 120 * time.Hour},
		{"probable death", Matrix{Harm: 3, Certainty: 2}, true, 5, baqylau.Red, 4 * time.Hour},
		{"confirmed find, no harm", Matrix{Certainty: 3, Novelty: 2, Spread: 2}, false, 7, baqylau.Yellow, 120 * time.Hour},
		{"one more", Matrix{Certainty: 3, Novelty: 3, Spread: 2}, false, 8, baqylau.Amber, 24 * time.Hour},
		{"twelve", Matrix{2, 2, 2, 2, 2, 2}, false, 12, baqylau.Amber, 24 * time.Hour},
		{"thirteen", Matrix{3, 2, 2, 2, 2, 2}, false, 13, baqylau.Red, 4 * time.Hour},
		{"all", Matrix{3, 3, 3, 3, 3, 3}, false, 18, baqylau.Red, 4 * time.Hour},
	} {
		if got := c.m.Advice(c.death); got != c.want || c.m.Total() != c.total || Clock(got) != c.clock {
			t.Errorf("%s: %s, total %d, clock %s; want %s, %d, %s", c.name, got, c.m.Total(), Clock(got), c.want, c.total, c.clock)
		}
	}
}

func TestValuesOutsideTheScaleAreNamed(t *testing.T) {
	var errs baqylau.Errors
	if err := (Matrix{Harm: 4, Spread: -1}).Validate(); !errors.As(err, &errs) || len(errs) != 2 || errs[0].Field != "severity" || errs[1].Field != "spread" {
		t.Errorf("got %v", err)
	}
	if _, err := (Matrix{}).With("mood", 1); baqylau.CodeOf(err) != baqylau.Invalid {
		t.Errorf("unknown dimension: %v", err)
	}
}

func TestMatrixBehaves(t *testing.T) {
	rank := map[baqylau.Severity]int{baqylau.Green: 0, baqylau.Yellow: 1, baqylau.Amber: 2, baqylau.Red: 3}
	rapid.Check(t, func(t *rapid.T) {
		var m Matrix
		total := 0
		for _, d := range Dimensions {
			v := rapid.IntRange(0, Highest).Draw(t, string(d))
			m, _ = m.With(d, v)
			total += v
			if m.Get(d) != v {
				t.Fatalf("%s is %d, want %d", d, m.Get(d), v)
			}
		}
		if m.Validate() != nil || m.Total() != total {
			t.Fatalf("%+v: total %d, want %d", m, m.Total(), total)
		}
		death := rapid.Bool().Draw(t, "death")
		d := rapid.SampledFrom(Dimensions).Draw(t, "raised")
		if up, err := m.With(d, m.Get(d)+1); err == nil && rank[up.Advice(death)] < rank[m.Advice(death)] {
			t.Fatalf("raising %s lowers the advice of %+v", d, m)
		}
	})
}
