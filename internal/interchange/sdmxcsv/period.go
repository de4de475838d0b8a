package sdmxcsv

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

// reporting are the reporting periods of SDMX: the letter, how many there are in a year, and how many months each has; weeks and days have none.
var reporting = []struct {
	letter  string
	most    int
	months  int
	pattern string
}{{"A", 1, 12, "%04d-A%d"}, {"S", 2, 6, "%04d-S%d"}, {"T", 3, 4, "%04d-T%d"}, {"Q", 4, 3, "%04d-Q%d"}, {"M", 12, 1, "%04d-M%02d"},
	{"W", 53, 0, "%04d-W%02d"}, {"D", 366, 0, "%04d-D%03d"}}

// ParsePeriod reads a TIME_PERIOD: 2024, 2024-01, 2024-01-31 (a zone or a time of day may follow), the reporting periods 2024-A1, 2024-S1,
// 2024-T1, 2024-Q1, 2024-M01, 2024-W05, 2024-D001, and a time range 2024-01-01/P1M. yearStart is the attribute REPORTING_YEAR_START_DAY
// ("--07-01"), by which reporting periods count; "" is 1 January. ok is false for anything else and for periods that do not exist.
func ParsePeriod(s, yearStart string) (p interchange.Period, ok bool) {
	if strings.Contains(s, "/") {
		return interchange.ParseInterval(s)
	}
	s = withoutZone(s)
	if day, clock, timed := strings.Cut(s, "T"); timed && len(day) == len("2024-01-31") && strings.Trim(clock, "0123456789:.") == "" {
		s = day
	}
	if len(s) > 5 && s[4] == '-' && s[5] >= 'A' {
		return parseReporting(s, yearStart)
	}
	d, precision, err := baqylau.ParseDate(s)
	if err != nil || s != strings.TrimSpace(s) || d.IsZero() || d.Time().Year() < 1000 {
		return p, false
	}
	switch precision {
	case baqylau.Year:
		return interchange.Months(d.Time().Year(), time.January, 12), true
	case baqylau.Month:
		return interchange.Months(d.Time().Year(), d.Time().Month(), 1), true
	}
	return interchange.Period{Start: d, End: d}, true
}

// withoutZone takes off "Z" or "+05:00".
func withoutZone(s string) string {
	if cut, ok := strings.CutSuffix(s, "Z"); ok {
		return cut
	}
	if i := len(s) - len("+05:00"); i >= 4 && (s[i] == '+' || s[i] == '-') && s[i+3] == ':' {
		return s[:i]
	}
	return s
}

func parseReporting(s, yearStart string) (p interchange.Period, ok bool) {
	year, err := strconv.ParseUint(s[:4], 10, 16)
	n, err2 := strconv.ParseUint(s[6:], 10, 16)
	first, ok := yearBegins(int(year), yearStart)
	next, _ := yearBegins(int(year)+1, yearStart)
	if err != nil || err2 != nil || !ok || year < 1000 || n < 1 || len(s) > len("2024-D001") {
		return p, false
	}
	k := int(n)
	for _, r := range reporting {
		if r.letter != s[5:6] || k > r.most {
			continue
		}
		switch r.letter {
		case "W":
			p.Start = monday(first).AddDays(7 * (k - 1))
			p.End = p.Start.AddDays(6)
			return p, p.Start.Before(monday(next))
		case "D":
			p.Start = first.AddDays(k - 1)
			p.End = p.Start
			return p, p.Start.Before(next)
		}
		t := first.Time()
		from, to := t.Month()+time.Month((k-1)*r.months), t.Month()+time.Month(k*r.months)
		return interchange.Period{Start: baqylau.NewDate(t.Year(), from, t.Day()), End: baqylau.NewDate(t.Year(), to, t.Day()).AddDays(-1)}, true
	}
	return p, false
}

// yearBegins is the first day of a reporting year. Days after the 28th, which not every month has, are not taken.
func yearBegins(year int, yearStart string) (baqylau.Date, bool) {
	if yearStart == "" {
		return baqylau.NewDate(year, time.January, 1), true
	}
	t, err := time.Parse("--01-02", withoutZone(yearStart))
	return baqylau.NewDate(year, t.Month(), t.Day()), err == nil && t.Day() <= 28
}

// monday is the first day of week 1 of the reporting year that begins on d: the week that holds the year's fourth day.
func monday(d baqylau.Date) baqylau.Date { return d.AddDays(3).Week().Monday() }

// FormatPeriod writes a period as SDMX does: a year, half-year, third, quarter, month, ISO week or day by its name, anything else as a time
// range. ok is false when it is no period.
func FormatPeriod(p interchange.Period) (s string, ok bool) {
	if !p.Valid() {
		return "", false
	}
	year, month := p.Start.Time().Year(), int(p.Start.Time().Month())
	n := p.WholeMonths()
	switch {
	case n == 1:
		return p.Start.Truncated(baqylau.Month), true
	case n == 12 && month == 1:
		return p.Start.Truncated(baqylau.Year), true
	case p.Days() == 1:
		return p.Start.String(), true
	case p.Days() == 7 && p.Start.Week().Monday() == p.Start:
		return p.Start.Week().String(), true
	}
	for _, r := range reporting {
		if r.months == n && n > 0 && n < 12 && (month-1)%n == 0 {
			return fmt.Sprintf(r.pattern, year, (month-1)/n+1), true
		}
	}
	return p.Interval(), true
}
