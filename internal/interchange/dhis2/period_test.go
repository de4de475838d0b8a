package dhis2

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

// TestPeriods holds every form of the DHIS2 developer guide, and the cases of dhis2-core's own DateUnitPeriodTypeParserTest.
func TestPeriods(t *testing.T) {
	for _, c := range []struct{ name, start, end string }{
		{"20140204", "2014-02-04", "2014-02-04"},
		{"20240229", "2024-02-29", "2024-02-29"},
		{"2014W1", "2013-12-30", "2014-01-05"},
		{"2014W2", "2014-01-06", "2014-01-12"},
		{"2009W53", "2009-12-28", "2010-01-03"},
		{"2025W5", "2025-01-27", "2025-02-02"},
		{"2019WedW1", "2019-01-02", "2019-01-08"},
		{"2019ThuW1", "2019-01-03", "2019-01-09"},
		{"2019FriW1", "2019-01-04", "2019-01-10"},
		{"2019SatW1", "2018-12-29", "2019-01-04"},
		{"2019SunW1", "2018-12-30", "2019-01-05"},
		{"2020BiW1", "2019-12-30", "2020-01-12"},
		{"2020BiW27", "2020-12-28", "2021-01-10"},
		{"201402", "2014-02-01", "2014-02-28"},
		{"201401B", "2014-01-01", "2014-02-28"},
		{"201406B", "2014-11-01", "2014-12-31"},
		{"2014Q1", "2014-01-01", "2014-03-31"},
		{"2014Q4", "2014-10-01", "2014-12-31"},
		{"2017NovQ1", "2016-11-01", "2017-01-31"},
		{"2017NovQ2", "2017-02-01", "2017-04-30"},
		{"2017NovQ4", "2017-08-01", "2017-10-31"},
		{"2014S1", "2014-01-01", "2014-06-30"},
		{"2014S2", "2014-07-01", "2014-12-31"},
		{"2014AprilS1", "2014-04-01", "2014-09-30"},
		{"2014AprilS2", "2014-10-01", "2015-03-31"},
		{"2014NovS1", "2013-11-01", "2014-04-30"},
		{"2014NovS2", "2014-05-01", "2014-10-31"},
		{"2013", "2013-01-01", "2013-12-31"},
		{"2014Feb", "2014-02-01", "2015-01-31"},
		{"2014April", "2014-04-01", "2015-03-31"},
		{"2014July", "2014-07-01", "2015-06-30"},
		{"2014Aug", "2014-08-01", "2015-07-31"},
		{"2014Sep", "2014-09-01", "2015-08-31"},
		{"2014Oct", "2014-10-01", "2015-09-30"},
		{"2014Nov", "2013-11-01", "2014-10-31"},
	} {
		p, ok := ParsePeriod(c.name)
		if !ok || p.Start.String() != c.start || p.End.String() != c.end {
			t.Errorf("%s: got %s to %s, %v; want %s to %s", c.name, p.Start, p.End, ok, c.start, c.end)
		}
		if back, ok := FormatPeriod(p); !ok || back != c.name {
			t.Errorf("%s: written as %q, %v", c.name, back, ok)
		}
	}
	for name, like := range map[string]string{"2014-02-04": "20140204", "2014-02": "201402", "2014W02": "2014W2"} {
		p, ok := ParsePeriod(name)
		if want, _ := ParsePeriod(like); !ok || p != want {
			t.Errorf("%s is not read like %s", name, like)
		}
	}
	for _, name := range []string{"", "2014W0", "2014W53", "2009W54", "201400", "201413", "20140230", "201407B", "2014Q0", "2014Q5", "2014NovQ5",
		"2014S3", "2014May", "20140", "0014", "2014W+1", "-014", "2014-2", "2014-Q1", "2020BiW28", "2021BiW27", "2014BiW", " 2014", "2014W001"} {
		if p, ok := ParsePeriod(name); ok {
			t.Errorf("%q is taken for %s to %s", name, p.Start, p.End)
		}
	}
	if s, ok := FormatPeriod(interchange.Months(2025, 1, 8)); ok {
		t.Errorf("January to August is written as %q", s)
	}
}

func TestPeriodsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := baqylau.NewDate(1990, 1, 1).AddDays(rapid.IntRange(0, 20_000).Draw(t, "start"))
		p := interchange.Period{Start: start, End: start.AddDays(rapid.SampledFrom([]int{0, 6, 13, 27, 30, 365}).Draw(t, "days"))}
		if rapid.Bool().Draw(t, "months") {
			p = interchange.Months(start.Time().Year(), start.Time().Month(), rapid.SampledFrom([]int{1, 2, 3, 6, 8, 12}).Draw(t, "n"))
		}
		if s, ok := FormatPeriod(p); ok {
			if again, ok := ParsePeriod(s); !ok || again != p {
				t.Fatalf("%s to %s is written %s and read %s to %s", p.Start, p.End, s, again.Start, again.End)
			}
		}
	})
}
