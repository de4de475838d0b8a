package data

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestOutlinesAreThoseOfTheRegions(t *testing.T) {
	kz := map[string]bool{}
	for code := range set(t, "geo/regions.csv", "code") {
		if strings.HasPrefix(code, "KZ-") {
			kz[code] = true
		}
	}
	if len(kz) != 20 {
		t.Errorf("%d regions of Kazakhstan, want 20", len(kz))
	}
	for file, want := range map[string]map[string]bool{
		"geo/central-asia-regions.geojson":  set(t, "geo/regions.csv", "code"),
		"geo/kz-regions-lowres.geojson":     kz,
		"demo/connecticut-counties.geojson": set(t, "demo/connecticut-counties.csv", "code"),
	} {
		raw, err := FS.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var collection struct {
			Features []struct {
				ID       string
				Geometry struct{ Type string }
			}
		}
		if err := json.Unmarshal(raw, &collection); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, f := range collection.Features {
			if !want[f.ID] {
				t.Errorf("%s: outline %q is of no known region, or twice", file, f.ID)
			}
			if f.Geometry.Type != "Polygon" && f.Geometry.Type != "MultiPolygon" {
				t.Errorf("%s: %s has geometry %q", file, f.ID, f.Geometry.Type)
			}
			delete(want, f.ID)
		}
		for code := range want {
			t.Errorf("%s: no outline for %s", file, code)
		}
	}
}
