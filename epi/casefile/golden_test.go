package casefile

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// Every case of R must come out the same, with all the fields that R's answer has: integers and texts exactly, numbers within the class of the case, 1e-9 relative for
// closed formulas and 1e-6 for iterations.
func TestAgreesWithR(t *testing.T) {
	seen := map[string]int{}
	for _, pattern := range []string{"testdata/*.json", "testdata/probed/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var g struct {
				ID, Method, Class string
				Output            any
			}
			if err := json.Unmarshal(raw, &g); err != nil {
				t.Fatal(file, err)
			}
			if methods[g.Method] == nil {
				continue
			}
			seen[g.Method]++
			t.Run(g.ID, func(t *testing.T) {
				rel := map[string]float64{"closed": 1e-9, "iterative": 1e-6}[g.Class]
				worst := agree(t, "output", answer(t, raw), g.Output, rel)
				if testing.Verbose() {
					t.Logf("largest relative difference %.2g", worst)
				}
			})
		}
	}
	for name := range methods {
		if seen[name] == 0 {
			t.Errorf("no case of %s", name)
		}
	}
}

// answer is the output of a case as it is read back from its line.
func answer(t *testing.T, raw []byte) (out any) {
	t.Helper()
	c, err := Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Run()
	if err != nil {
		t.Fatal(err)
	}
	if c.Warnings != nil {
		t.Error(c.Warnings)
	}
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// noise are fields in which numbers below 1e-9 in R are rounding only, and anything below 1e-7 will do.
var noise = map[string]bool{"se": true, "deff": true, "deff_replace": true}

// agree compares an answer with R's, field by field; got may have more fields. It returns the largest relative difference.
func agree(t *testing.T, at string, got, want any, rel float64) (worst float64) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			t.Errorf("%s: %v, R has an object", at, got)
			return 0
		}
		for name, w := range want {
			v, there := g[name]
			if !there {
				t.Errorf("%s.%s is missing", at, name)
				continue
			}
			wn, isNumber := w.(float64)
			vn, both := v.(float64)
			switch {
			case isNumber && both && noise[name] && math.Abs(wn) < 1e-9 && math.Abs(vn) < 1e-7:
			case name == "deviance" && isNumber && both && math.Abs(wn) < 1:
				if math.Abs(vn-wn) > 1e-6 {
					t.Errorf("%s.%s: %v, R has %v", at, name, vn, wn)
				}
			default:
				worst = max(worst, agree(t, at+"."+name, v, w, rel))
			}
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(want) {
			t.Errorf("%s: %v, R has %v", at, got, want)
			return 0
		}
		for i, w := range want {
			worst = max(worst, agree(t, fmt.Sprintf("%s[%d]", at, i), g[i], w, rel))
		}
	case float64:
		g, ok := got.(float64)
		switch {
		case !ok:
			t.Errorf("%s: %v, R has %v", at, got, want)
		case want == 0 && math.Abs(g) > 1e-12, math.Abs(g-want) > rel*math.Abs(want), want == math.Trunc(want) && rel < 1e-8 && math.Abs(g-want) > 1e-12*math.Abs(want):
			t.Errorf("%s: %v, R has %v (%.2g)", at, g, want, g/want-1)
		case want != 0:
			worst = math.Abs(g/want - 1)
		}
	default: // text, yes or no, null; an infinite design effect may be null too
		if got != want && (want != "Inf" || got != nil) {
			t.Errorf("%s: %v, R has %v", at, got, want)
		}
	}
	return worst
}
