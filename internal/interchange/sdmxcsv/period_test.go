package sdmxcsv

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

// TestPeriods holds the forms of SDMX 2.1, section 6, "Time": gregorian and reporting periods, days, time ranges, other reporting years.
func TestPeriods(t *testing.T) {
	for _, c := range []struct{ name, yearStart, start, end, written string }{
		{"2024", "", "2024-01-01", "2024-12-31", "2024"},
		{"2024-A1", "", "2024-01-01", "2024-12-31", "2024"},
		{"2024-S1", "", "2024-01-01", "2024-06-30", "2024-S1"},
		{"2024-S2", "", "2024-07-01", "2024-12-31", "2024-S2"},
		{"2024-T2", "", "2024-05-01", "2024-08-31", "2024-T2"},
		{"2024-Q1", "", "2024-01-01", "2024-03-31", "2024-Q1"},
		{"2024-Q4", "", "2024-10-01", "2024-12-31", "2024-Q4"},
		{"2024-M01", "", "2024-01-01", "2024-01-31", "2024-01"},
		{"2024-02", "", "2024-02-01", "2024-02-29", "2024-02"},
		{"2024-02Z", "", "2024-02-01", "2024-02-29", "2024-02"},
		{"2024+05:00", "", "2024-01-01", "2024-12-31", "2024"},
		{"2024-W05", "", "2024-01-29", "2024-02-04", "2024-W05"},
		{"2020-W53", "", "2020-12-28", "2021-01-03", "2020-W53"},
		{"2024-D001", "", "2024-01-01", "2024-01-01", "2024-01-01"},
		{"2024-D366", "", "2024-12-31", "2024-12-31", "2024-12-31"},
		{"2024-01-31", "", "2024-01-31", "2024-01-31", "2024-01-31"},
		{"2024-01-31T00:00:00", "", "2024-01-31", "2024-01-31", "2024-01-31"},
		{"2024-01-31T12:30:00Z", "", "2024-01-31", "2024-01-31", "2024-01-31"},
		{"2024-01-01/P1M", "", "2024-01-01", "2024-01-31", "2024-01"},
		{"2025-01-01/P8M", "", "2025-01-01", "2025-08-31", "2025-01-01/P8M"},
		{"2010-Q2", "--07-01", "2010-10-01", "2010-12-31", "2010-Q4"},
		{"2011-A1", "--07-01", "2011-07-01", "2012-06-30", "2011-07-01/P1Y"},
		{"2011-W36", "--07-01", "2012-03-05", "2012-03-11", "2012-W10"},
		{"2024-M01", "--01-01", "2024-01-01", "2024-01-31", "2024-01"},
	} {
		p, ok := ParsePeriod(c.name, c.yearStart)
		if !ok || p.Start.String() != c.start || p.End.String() != c.end {
			t.Errorf("%s %s: got %s to %s, %v; want %s to %s", c.name, c.yearStart, p.Start, p.End, ok, c.start, c.end)
		}
		if s, ok := FormatPeriod(p); !ok || s != c.written {
			t.Errorf("%s: written as %q, want %q", c.name, s, c.written)
		}
	}
	for _, s := range []string{"", "24", "2024-", "2024-13", "2024-00", "2024-Q0", "2024-Q5", "2024-S3", "2024-T4", "2024-M13", "2024-W00", "2024-W53", "2023-D366",
		"2024-D367", "2024-X1", "2024-Q", "2024-02-30", "0999", "2024Q1", " 2024", "2024-Q1-", "2024-Q+1", "2024-D0001", "2024-01-31T1h"} {
		if p, ok := ParsePeriod(s, ""); ok {
			t.Errorf("%q is taken for %s to %s", s, p.Start, p.End)
		}
	}
	if _, ok := ParsePeriod("2024-Q1", "July"); ok {
		t.Error("a reporting year from July, in words, is taken")
	}
}

func TestPeriodsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := baqylau.NewDate(1990, 1, 1).AddDays(rapid.IntRange(0, 20_000).Draw(t, "start"))
		p := interchange.Period{Start: start, End: start.AddDays(rapid.SampledFrom([]int{0, 6, 13, 27, 30, 365, 800}).Draw(t, "days"))}
		if rapid.Bool().Draw(t, "months") {
			p = interchange.Months(start.Time().Year(), start.Time().Month(), rapid.IntRange(1, 24).Draw(t, "n"))
		}
		s, ok := FormatPeriod(p)
		again, read := ParsePeriod(s, "")
		if !ok || !read || again != p {
			t.Fatalf("%s to %s is written %s and read %s to %s", p.Start, p.End, s, again.Start, again.End)
		}
	})
}
