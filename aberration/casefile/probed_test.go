package casefile

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Series and settings drawn at random showed what the golden cases of the Farrington methods do not: where R finds reference weeks and
// times in odd calendars, when it stops, and when it goes on with a fit that does not converge. One case of each is kept, in the same form
// and made by the same script of the specification, and must come out the same.
func TestAgreesWithRWhereProbed(t *testing.T) {
	files, err := filepath.Glob("testdata/probed/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
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
