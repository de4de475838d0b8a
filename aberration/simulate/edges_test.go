package simulate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A shape may place a case anywhere, and a repetition have any number.
func TestDrawsAtTheEdges(t *testing.T) {
	for _, after := range []int{math.MinInt, -1, math.MaxInt} {
		s := Scenarios()[0].Draw(rand.New(rand.NewPCG(1, 1)), Plan{Past: 2, Current: 2, Shape: func(*rand.Rand) int { return after }})
		weeks := 0
		for _, o := range s.Outbreak {
			if o {
				weeks++
			}
		}
		if want := map[bool]int{true: 0, false: 1}[after > 0]; weeks != want {
			t.Errorf("cases after %d weeks: outbreak of %d weeks, want %d", after, weeks, want)
		}
	}
	if p := Published(-7); p.Past != Published(0).Past || p.Current != 1 {
		t.Errorf("%+v", p)
	}
	if all := Study(Scenarios(), -1, 1, Published); len(all) != 0 {
		t.Errorf("%d samples", len(all))
	}
}
