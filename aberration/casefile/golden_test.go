package casefile

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/jsoncases"
)

// tolerance is how closely the numbers of a method must agree with R, relative; the classes stand in testdata/README.md.
func tolerance(method string, g golden) float64 {
	switch {
	case method == "farringtonFlexible", method == "farrington", method == "glrpois", method == "cusum" && string(g.Control["m"]) == `"glm"`:
		return 1e-8
	case method == "glrnb" && string(g.Control["alpha_estimated"]) == "true":
		return 1e-4
	case method == "glrnb" && string(g.Control["mu0_model"]) != "null": // dispersion given, means fitted
		return 1e-8
	}
	return 1e-12
}

type golden struct {
	ID      string
	Control map[string]json.RawMessage
	Output  map[string]json.RawMessage
}

// Every case of R must come out the same: all columns within the tolerance of their class, integers and decisions exactly. Points that
// R itself decides by where its iteration happens to stop (fragile) are held to the looser word of the specification.
func TestAgreesWithR(t *testing.T) { compareAll(t, "testdata/*.json", 187) }

func compareAll(t *testing.T, pattern string, count int) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) != count {
		t.Fatalf("%d files like %s, %v", len(files), pattern, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var g golden
		if err := json.Unmarshal(raw, &g); err != nil {
			t.Fatal(file, err)
		}
		t.Run(g.ID, func(t *testing.T) { compare(t, raw, g) })
	}
}

func compare(t *testing.T, raw []byte, g golden) {
	c, err := Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	c.Mode = aberration.Reference
	out, err := c.Run()
	if err != nil {
		t.Fatal(err)
	}
	if c.Warnings != nil {
		t.Error(c.Warnings)
	}
	var fragile []bool
	if f := g.Output["fragile"]; f != nil {
		if err := json.Unmarshal(f, &fragile); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range g.Output {
		got := out.Get(name)
		if got == nil {
			t.Errorf("column %s is missing", name)
			continue
		}
		if strings.Contains(string(want), "true") || strings.Contains(string(want), "false") || got.Flags != nil {
			sameFlags(t, name, got, want)
			continue
		}
		sameNumbers(t, name, got, want, tolerance(c.Method, g), fragile)
	}
}

func sameFlags(t *testing.T, name string, got *Column, want json.RawMessage) {
	var ws []*bool
	if err := json.Unmarshal(want, &ws); err != nil {
		t.Fatal(name, err)
	}
	if len(ws) != len(got.Flags) {
		t.Fatalf("%s: %d values, R has %d", name, len(got.Flags), len(ws))
	}
	for i, w := range ws {
		undefined := got.Undefined != nil && got.Undefined[i]
		if (w == nil) != undefined || w != nil && *w != got.Flags[i] {
			t.Errorf("%s %d: %v (undefined %v), R has %s", name, i, got.Flags[i], undefined, show(w))
		}
	}
}

func show(w *bool) string {
	if w == nil {
		return "null"
	}
	if *w {
		return "true"
	}
	return "false"
}

func sameNumbers(t *testing.T, name string, got *Column, want json.RawMessage, rel float64, fragile []bool) {
	var ws []jsoncases.Number
	if err := json.Unmarshal(want, &ws); err != nil {
		t.Fatal(name, err)
	}
	if len(ws) != len(got.Numbers) {
		t.Fatalf("%s: %d values, R has %d", name, len(got.Numbers), len(ws))
	}
	worst := 0.0
	for i, w := range ws {
		v, w := got.Numbers[i], float64(w)
		if fragile != nil && fragile[i] {
			if name == "upperbound" && math.Abs(w) < 0.5 && math.Abs(v-w) > 1e-3 {
				t.Errorf("%s %d (fragile): %v, R has %v", name, i, v, w)
			}
			continue
		}
		if !same(v, w, rel) {
			t.Errorf("%s %d: %v, R has %v", name, i, v, w)
		}
		if w != 0 && v != w {
			worst = max(worst, math.Abs(v-w)/math.Abs(w))
		}
	}
	if testing.Verbose() {
		t.Logf("%s: largest relative difference %.2g", name, worst)
	}
}

func same(got, want, rel float64) bool {
	if math.IsNaN(want) || math.IsInf(want, 0) {
		return math.IsNaN(want) == math.IsNaN(got) && (math.IsNaN(want) || got == want)
	}
	return math.Abs(got-want) <= rel*math.Abs(want)
}
