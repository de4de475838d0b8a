package aberration

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
)

type golden struct {
	ID      string
	Control struct {
		Method          string
		Baseline        int
		MinSigma, Alpha float64
	}
	Series struct{ Observed []number }
	Output struct {
		T          []int
		Upperbound []number
		Alarm      []*bool
	}
}

// number reads R's null as NaN and its infinities from strings.
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "null":
		*n = number(math.NaN())
	case `"Inf"`:
		*n = number(math.Inf(1))
	case `"-Inf"`:
		*n = number(math.Inf(-1))
	default:
		return json.Unmarshal(b, (*float64)(n))
	}
	return nil
}

func floats(ns []number) []float64 {
	out := make([]float64, len(ns))
	for i, n := range ns {
		out[i] = float64(n)
	}
	return out
}

func same(got, want, rel float64) bool {
	if math.IsNaN(want) || math.IsInf(want, 0) {
		return math.IsNaN(want) == math.IsNaN(got) && (math.IsNaN(want) || got == want)
	}
	return math.Abs(got-want) <= rel*math.Abs(want)
}

func load(t testing.TB, file string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", file))
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestEARSAgreesWithR(t *testing.T) {
	files, _ := filepath.Glob("testdata/ears_*.json")
	if len(files) != 32 {
		t.Fatalf("%d golden files", len(files))
	}
	points := 0
	for _, file := range files {
		var g golden
		load(t, filepath.Base(file), &g)
		t.Run(g.ID, func(t *testing.T) {
			d := NewEARS(int(g.Control.Method[1]-'0'), g.Control.Baseline, g.Control.Alpha, g.Control.MinSigma)
			series := floats(g.Series.Observed)
			for i, at := range g.Output.T {
				want := float64(g.Output.Upperbound[i])
				r := d.Evaluate(series, at-1)
				points++
				if math.IsNaN(series[at-1]) { // R still gives a bound where the week itself is missing; there is nothing to judge
					if r.Reason != MissingValue || r.Alarm {
						t.Errorf("t=%d: missing week gave %+v", at, r)
					}
					continue
				}
				if !same(r.Bound, want, 1e-12) {
					t.Errorf("t=%d: bound %v, R has %v (%v)", at, r.Bound, want, r.Reason)
				}
				if a := g.Output.Alarm[i]; r.Alarm != (a != nil && *a) {
					t.Errorf("t=%d: alarm %v, R has %v", at, r.Alarm, !r.Alarm)
				}
				if math.IsNaN(want) == (r.Reason == OK) {
					t.Errorf("t=%d: reason %v for bound %v", at, r.Reason, want)
				}
			}
		})
	}
	if points < 10000 {
		t.Fatalf("only %d points compared", points)
	}
}
