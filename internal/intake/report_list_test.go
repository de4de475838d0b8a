package intake_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// The list of reports says which substances each names, and its export the quantity too: an exact number with the decimal sign of the language, and its unit.
func TestTheListOfReportsNamesSubstancesAndQuantity(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		send := func(text, value, unit string) string {
			return h.submit(t, h.police, intake.Submission{Incoming: intake.Incoming{Kind: intake.Seizure, Channel: "form", Occurred: h.day, Region: "KZ-75", Text: text,
				Detail: intake.Detail{Quantity: intake.Amount{Value: value, Unit: unit}}}}).Receipt
		}
		two, one := send("смесь мефедрона и героина", "12345.5", "g"), send("изъят героин", "", "")
		v := h.visitor(t, h.officer)
		v.see("/reports", "героин, мефедрон")
		send("изъяты мефедрон и красный мухомор", "", "")
		v.lang = baqylau.Kazakh
		v.see("/reports", "қызыл шыбынжұт, мефедрон") // Қ stands after К, not after Я
		for lang, want := range map[baqylau.Lang][]string{baqylau.Russian: {"героин; мефедрон", "12345,5", "г"}, baqylau.Kazakh: {"героин; мефедрон", "12345,5", "г"}, baqylau.English: {"Heroin; Mephedrone", "12345.5", "g"}} {
			v.lang = lang
			in := csv.NewReader(strings.NewReader(strings.TrimPrefix(v.do(httptestGet("/reports?format=csv")).Body.String(), "\uFEFF")))
			if in.Comma = ';'; lang == baqylau.English {
				in.Comma = ','
			}
			lines, err := in.ReadAll()
			if err != nil || len(lines) < 3 {
				t.Fatalf("%s: %v %v", lang, lines, err)
			}
			for _, line := range lines[1:] {
				got := []string{line[4], line[5], line[6]}
				switch line[0] {
				case two:
					if !slices.Equal(got, want) {
						t.Errorf("%s: %q, want %q under %q", lang, got, want, lines[0])
					}
				case one:
					if got[0] == "" || got[1] != "" || got[2] != "" {
						t.Errorf("%s: %q where no quantity was stated", lang, got)
					}
				}
			}
		}
	})
}
