package treatment

import (
	"testing"

	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/indicator/tdi/synthetic"
)

func counted(seed uint64, n int) *tdi.Counts {
	made := synthetic.Make(synthetic.Plan{Seed: seed, From: 2025, To: 2025, Episodes: n, Regions: []synthetic.Region{{Code: "KZ-75", Share: 1}}})
	var rs []tdi.Record
	for i := range made {
		rs = append(rs, made[i].Record())
	}
	return tdi.Count(rs)
}

// TestNobodyOutsideSeesASmallCount looks at every table of small years: a count of 1 to 4 is hidden, a zero is not, and the centre sees all.
func TestNobodyOutsideSeesASmallCount(t *testing.T) {
	for seed, n := range []int{12, 300} {
		c := counted(uint64(seed), n)
		outside, centre := &protector{counts: c, audience: disclosure.Crossing, answer: func(j *joint) (map[string][]bool, error) { return j.cross(j.hide(nil)), nil }}, &protector{counts: c, audience: disclosure.Working}
		for _, spec := range tdi.Specs {
			s, err := outside.protect(spec)
			if err != nil {
				t.Fatalf("%s: %v", spec.ID(), err)
			}
			if open, err := centre.protect(spec); err != nil || open.hidden != nil {
				t.Fatalf("%s: something is hidden from the centre (%v)", spec.ID(), err)
			}
			for i := range spec.Rows.Lines {
				for j := range spec.Cols.Lines {
					n := 0
					if spec.Means {
						n = int(s.Stats[i*3+j/3].N)
					} else {
						n = s.At(i, j)
					}
					if n > 0 && n < disclosure.Threshold && !s.Hidden(i, j) {
						t.Fatalf("seed %d, %s: %d people are shown in row %d, column %d", seed, spec.ID(), n, i, j)
					}
					if n == 0 && s.Hidden(i, j) {
						t.Fatalf("seed %d, %s: a zero is hidden in row %d, column %d", seed, spec.ID(), i, j)
					}
				}
			}
		}
	}
}
