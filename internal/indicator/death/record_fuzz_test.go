package death_test

import (
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/death"
)

// A record of any texts is judged without a panic: it is refused, or it falls into at most one band and its doubts name a rule. Codes that are read survive being written and read again.
func FuzzRecord(f *testing.F) {
	f.Add("X42", "T40.1; T42.4", "35-44", "2025-05-01", 31, "Heroin", "1.1")
	f.Add("Х42", "T401 F11", "under 18", "2025", -1, "", "")
	f.Add("T4O", ",;", "≥65", "1899-12-31", 200, "\x00", "99")
	today := baqylau.MustDate("2026-03-02")
	f.Fuzz(func(t *testing.T, underlying, causes, band, died string, age int, name, drug string) {
		r := death.Record{Register: death.General, Band: band, Age: age, Sex: "male", Manner: death.UnknownManner, Autopsy: death.No, Toxicology: death.Yes, Substances: []death.Substance{{Name: name, Drug: drug, Role: death.Roles[0]}}}
		var err error
		if r.Underlying, err = death.ParseCode(underlying); err != nil && baqylau.CodeOf(err) != baqylau.Invalid {
			t.Fatal(err)
		}
		if r.Causes, err = death.ParseCodes(causes); err != nil && baqylau.CodeOf(err) != baqylau.Invalid {
			t.Fatal(err)
		}
		if again, err := death.ParseCodes(death.Join(r.Causes)); err != nil || death.Join(again) != death.Join(r.Causes) {
			t.Errorf("%q is read again as %v, %v", causes, again, err)
		}
		r.Died, r.Precision, _ = baqylau.ParseDate(died)
		if err := r.Check(today); err != nil && baqylau.CodeOf(err) != baqylau.Invalid {
			t.Fatal(err)
		}
		known := r.BandOf() == death.OtherBand
		for _, b := range death.Bands {
			known = known || b.Code == r.BandOf()
		}
		if !known {
			t.Errorf("band %q", r.BandOf())
		}
		for _, d := range r.Doubts() {
			if d.Rule == "" {
				t.Error("a doubt without a rule")
			}
		}
	})
}
