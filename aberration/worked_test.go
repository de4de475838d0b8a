package aberration

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
)

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
