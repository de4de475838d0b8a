package indicator

import (
	"net/url"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/web"
)

// A form takes numbers as people write them and signs for what is absent; an empty cell says nothing, and what is neither is told at its cell.
func TestAFormIsReadCellByCell(t *testing.T) {
	g := grid{Codes: []string{"offenders", "seizures_quantity"}, Rows: dimPlace, Start: baqylau.MustDate("2025-01-01"), End: baqylau.MustDate("2025-12-31"), values: []string{"KZ-71", "KZ-75", "KZ"}}
	f := &web.Form{Values: url.Values{"c0-0": {"1 234"}, "c0-1": {"0"}, "c0-2": {""}, "c1-0": {"12,5"}, "c1-1": {"?"}, "c1-2": {"много"}, "c9-9": {"7"}}}
	all, fields := g.read(f, "KZ")
	if len(all) != 4 || len(fields) != 4 {
		t.Fatalf("%d figures: %+v", len(all), all)
	}
	for i, want := range []struct {
		field, code, place string
		value              float64
		absence            Absence
	}{{"c0-0", "offenders", "KZ-71", 1234, Present}, {"c0-1", "offenders", "KZ-75", 0, Present}, {"c1-0", "seizures_quantity", "KZ-71", 12.5, Present}, {"c1-1", "seizures_quantity", "KZ-75", 0, NotKnown}} {
		o := all[i]
		if fields[i] != want.field || o.Indicator != want.code || o.Place != want.place || o.Absence != want.absence || want.absence == Present && *o.Value != want.value {
			t.Errorf("%s: %+v", fields[i], o)
		}
	}
	if len(f.Errors) != 1 || f.Errors[0].Field != "c1-2" {
		t.Errorf("mistakes: %v", f.Errors)
	}
	english := &web.Form{Lang: baqylau.English, Values: url.Values{"c0-0": {"18,226"}}} // as the page shows a figure that stands
	if all, _ := g.read(english, "KZ"); len(all) != 1 || *all[0].Value != 18226 {
		t.Errorf("18,226 of an English page is read as %+v", all)
	}
	for text, want := range map[string]Absence{"×": Suppressed, "–": NotCollected, "-": NotCollected, "?": NotKnown, "∅": NotApplicable, "not_known": NotKnown} {
		if a, ok := absenceOf(text); !ok || a != want {
			t.Errorf("%s is %s", text, a)
		}
	}
	if _, ok := absenceOf("0"); ok {
		t.Error("zero is no absence")
	}
}
