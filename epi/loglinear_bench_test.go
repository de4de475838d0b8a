package epi_test

import (
	"testing"

	"github.com/baqylau/baqylau/epi"
)

// fiveLists are 31 histories of which many are empty, as national registers give them.
func fiveLists(t testing.TB) *epi.Captures {
	var history []string
	var count []float64
	for s := 1; s < 32; s++ {
		h := make([]byte, 5)
		n := 4000.0
		for i := range h {
			h[i] = '0'
			if s>>i&1 == 1 {
				h[i] = '1'
				n /= 7 + float64(i)
			}
		}
		history, count = append(history, string(h)), append(count, float64(int(n)))
	}
	c, err := epi.NewCaptures(5, history, count)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// All 1,024 models of five lists.
func BenchmarkModelsOfFiveLists(b *testing.B) {
	c := fiveLists(b)
	for b.Loop() {
		c.Models()
	}
}

func BenchmarkProfileOfFiveLists(b *testing.B) {
	c := fiveLists(b)
	for b.Loop() {
		if _, err := c.Profile(0.95, epi.Term{A: 1, B: 2}); err != nil {
			b.Fatal(err)
		}
	}
}
