package app_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data/mappings"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/locale"
)

// Every mapping that comes with the software can be used by it: its fields are those of its target, and its name has a text.
func TestShippedMappingsCanBeUsed(t *testing.T) {
	paths, err := fs.Glob(mappings.FS, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		b, err := mappings.FS.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := mapping.Parse(b); err != nil && !mapping.NoTarget(err) { // that of a room which is not built in is not offered
			t.Errorf("%s: %v", p, err)
		}
		if key := "code.shipped_mapping." + strings.TrimSuffix(p, ".yaml"); !locale.Has(key) {
			t.Errorf("%s has no text", key)
		}
	}
}

// Every field that an import may fill has a name in the three languages.
func TestFieldsOfTargetsHaveNames(t *testing.T) {
	for _, target := range mapping.Targets() {
		keys := []string{"target." + target.Name}
		for _, f := range target.Fields {
			keys = append(keys, "target."+target.Name+"."+strings.TrimSuffix(f.Name, ".*"))
		}
		for _, key := range keys {
			for _, l := range baqylau.Langs {
				if !locale.Has(key) || locale.TIn(l, key) == "" {
					t.Errorf("%s: no text %s", l, key)
				}
			}
		}
	}
}
