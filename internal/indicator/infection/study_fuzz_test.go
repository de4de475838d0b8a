package infection_test

import (
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/infection"
)

// A study of any numbers is judged without a panic; a share lies in its interval, and both between 0 and 1.
func FuzzStudy(f *testing.F) {
	f.Add("anti-HCV", "sex=female", 100, 64, 40, 41)
	f.Add("", "=", -1, 0, 0, 5)
	today := baqylau.MustDate("2026-03-02")
	f.Fuzz(func(t *testing.T, measure, group string, tested, positive, part, partPositive int) {
		s := infection.Study{Kind: "seroprevalence", Place: "KZ", Start: today, End: today, Counts: []infection.Count{{measure, "", tested, positive}, {measure, group, part, partPositive}}}
		lists := infection.Lists{Kinds: []string{"seroprevalence"}, Measures: []string{measure}, Groups: []string{group}}
		if err := s.Check(today, lists); err != nil && baqylau.CodeOf(err) != baqylau.Invalid {
			t.Fatal(err)
		}
		for _, d := range s.Doubts() {
			if d.Rule == "" {
				t.Error("a doubt without a rule")
			}
		}
		for _, c := range s.Counts {
			if p, ok := c.Prevalence(0.95); ok && !(0 <= p.Interval.Lower && p.Interval.Lower <= p.Share && p.Share <= p.Interval.Upper && p.Interval.Upper <= 1) {
				t.Errorf("%+v: %+v", c, p)
			}
		}
	})
}
