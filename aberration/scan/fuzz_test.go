package scan

import (
	"encoding/binary"
	"math"
	"testing"
)

// numbers reads a byte string as numbers: small counts for the most part, any 64 bits after a byte of 255.
func numbers(b []byte) (out []float64) {
	for len(b) > 0 && len(out) < 64 {
		if b[0] == 255 && len(b) >= 9 {
			out, b = append(out, math.Float64frombits(binary.LittleEndian.Uint64(b[1:]))), b[9:]
			continue
		}
		out, b = append(out, float64(b[0])), b[1:]
	}
	return out
}

// rows cuts numbers into n series of equal length.
func rows(y []float64, n int) (out [][]float64) {
	for i := range n {
		out = append(out, y[i*(len(y)/n):(i+1)*(len(y)/n)])
	}
	return out
}

func FuzzEvaluate(f *testing.F) {
	f.Add([]byte{1, 2, 0, 3, 4, 9, 0, 0, 7}, uint8(0), uint8(2), uint8(0), uint64(1))
	f.Add([]byte{1, 2, 0, 3, 4, 9, 0, 0, 7, 255, 0, 0, 0, 0, 0, 0, 240, 127, 3, 3}, uint8(1), uint8(1), uint8(50), uint64(2))
	f.Add([]byte{0, 0, 0, 1, 254, 254}, uint8(2), uint8(1), uint8(100), uint64(3))
	zones, err := Nearest([]Place{{0, 0}, {0, 1}, {5, 5}}, 2)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte, method, duration, share uint8, seed uint64) {
		y := rows(numbers(b), 3)
		s := Scan{Zones: zones, Method: Method(method), MaxDuration: int(duration), MaxShare: float64(share) / 100, Replications: 9, Stop: int(seed % 4), Seed: seed, Secondary: 2, Workers: 1}
		consistent(t, s, &Data{Counts: y, Expected: [][]float64{y[1], y[2], y[0]}, Population: [][]float64{y[2], y[0], y[1]}})
	})
}

func FuzzScreenRun(f *testing.F) {
	f.Add([]byte{1, 2, 0, 3, 4, 9, 0, 0, 7}, uint64(1))
	f.Add([]byte{0, 0, 0, 0, 0, 9, 0, 0, 0}, uint64(2))
	zones, err := Nearest([]Place{{0, 0}, {0, 1}, {5, 5}}, 2)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte, seed uint64) {
		y := rows(numbers(b), 3)
		s := Screen{Scan: Scan{Zones: zones, MaxDuration: 1, Replications: 9, Seed: seed}, Alpha: 0.1}
		for i, v := range s.Run(nil, 3, func(i int, d *Data) { d.Counts = y[:max(0, 3-i)] }) {
			if v.Evidence > MonteCarlo || v.Reason == 0 && !(v.Cluster.PValue >= 0 && v.Cluster.PValue <= 1) || i > 0 && v.Reason == 0 {
				t.Fatalf("%d: %+v", i, v)
			}
		}
	})
}

func FuzzZones(f *testing.F) {
	f.Add([]byte{1, 2, 0, 3, 4, 9, 0, 0, 7}, 3)
	f.Add([]byte{255, 0, 0, 0, 0, 0, 0, 248, 127, 1}, -1)
	f.Fuzz(func(t *testing.T, b []byte, k int) {
		y := numbers(b)
		var places []Place
		var sets [][]int
		for i := 1; i < len(y); i += 2 {
			places = append(places, Place{y[i-1], y[i]})
			sets = append(sets, []int{int(y[i-1]), int(y[i])})
			if d := Distance(places[0], places[len(places)-1]); d < 0 || d > math.Pi*earthRadius+1e-6 {
				t.Fatalf("%v km", d)
			}
		}
		for name, f := range map[string]func() (*Zones, error){
			"nearest":   func() (*Zones, error) { return Nearest(places, k) },
			"sets":      func() (*Zones, error) { return Sets(k, sets) },
			"connected": func() (*Zones, error) { return Connected(sets, min(k, 4)) },
		} {
			z, err := f()
			if err != nil {
				continue
			}
			for i := range z.Len() {
				for _, p := range z.Members(nil, i) {
					if p < 0 || p >= z.Places() {
						t.Fatalf("%s: %v", name, z.list())
					}
				}
			}
			if z.Len() == 0 {
				t.Fatalf("%s: no zone and no error", name)
			}
		}
	})
}

func FuzzBaseline(f *testing.F) {
	f.Add([]byte{1, 2, 0, 3, 4}, 1, 2)
	f.Add([]byte{255, 0, 0, 0, 0, 0, 0, 248, 127, 1}, -1, 1)
	f.Fuzz(func(t *testing.T, b []byte, window, baseline int) {
		got, err := Baseline(nil, numbers(b), window, baseline)
		if err == nil && (len(got) != window || !(got[0] > 0)) || err != nil && got != nil {
			t.Fatalf("%v %v", got, err)
		}
	})
}

func FuzzFitGumbel(f *testing.F) {
	f.Add([]byte{1, 2, 0, 3, 4}, 2.5)
	f.Add([]byte{1}, math.Inf(1))
	f.Fuzz(func(t *testing.T, b []byte, x float64) {
		if p := FitGumbel(numbers(b)).Tail(x); p < 0 || p > 1 {
			t.Fatal(p)
		}
	})
}
