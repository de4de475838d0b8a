package dhis2

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

// months is a kind of period of whole months: what stands behind the year, the first month, how many, and whether it begins in the year before
// the one that it is named by, as all kinds counted from November do.
type months struct {
	suffix string
	first  time.Month
	n      int
	before int
}

// calendar lists every period of whole months (DHIS2 developer guide, "Date and period format"; the years in which periods of November begin,
// the Feb and Aug years and WeeklyFriday are as in dhis2-core, DateUnitPeriodTypeParser). Where two kinds cover the same months the first is
// written.
var calendar = func() (list []months) {
	for m := time.January; m <= time.December; m++ {
		list = append(list, months{fmt.Sprintf("%02d", m), m, 1, 0})
	}
	for i := range 6 {
		list = append(list, months{fmt.Sprintf("%02dB", i+1), time.Month(2*i + 1), 2, 0})
	}
	for i := range 4 {
		list = append(list, months{fmt.Sprintf("Q%d", i+1), time.Month(3*i + 1), 3, 0})
	}
	list = append(list, months{"NovQ1", 11, 3, 1}, months{"NovQ2", 2, 3, 0}, months{"NovQ3", 5, 3, 0}, months{"NovQ4", 8, 3, 0},
		months{"S1", 1, 6, 0}, months{"S2", 7, 6, 0}, months{"AprilS1", 4, 6, 0}, months{"AprilS2", 10, 6, 0},
		months{"NovS1", 11, 6, 1}, months{"NovS2", 5, 6, 0}, months{"", 1, 12, 0}, months{"Feb", 2, 12, 0}, months{"April", 4, 12, 0},
		months{"July", 7, 12, 0}, months{"Aug", 8, 12, 0}, months{"Sep", 9, 12, 0}, months{"Oct", 10, 12, 0}, months{"Nov", 11, 12, 1})
	return list
}()

var bySuffix = func() map[string]months {
	m := make(map[string]months, len(calendar))
	for _, c := range calendar {
		m[c.suffix] = c
	}
	return m
}()

// weeks is a kind of period of whole weeks: the mark between year and number, the first day, how many weeks.
type weeks struct {
	mark  string
	first time.Weekday
	n     int
}

var weekly = []weeks{{"W", time.Monday, 1}, {"WedW", time.Wednesday, 1}, {"ThuW", time.Thursday, 1}, {"FriW", time.Friday, 1},
	{"SatW", time.Saturday, 1}, {"SunW", time.Sunday, 1}, {"BiW", time.Monday, 2}}

// ParsePeriod reads a period as DHIS2 names it: 20250131 (also 2025-01-31), 2025W5, 2025WedW5, 2025BiW3, 202501 (also 2025-01), 202501B
// (January and February), 2025Q1, 2025NovQ1, 2025S1, 2025AprilS1, 2025NovS1, 2025, 2025April and the other years of finance. The years and
// quarters of November begin in the year before the one that names them. ok is false for anything else and for days and weeks that do not
// exist.
func ParsePeriod(s string) (p interchange.Period, ok bool) {
	if len(s) < 4 || len(s) > 11 {
		return p, false
	}
	year, err := strconv.ParseUint(s[:4], 10, 16)
	if err != nil || year < 1000 {
		return p, false
	}
	y, rest := int(year), s[4:]
	if month, dashed := strings.CutPrefix(rest, "-"); dashed && len(month) == 2 && month[0] <= '1' {
		rest = month
	}
	if c, ok := bySuffix[rest]; ok {
		return interchange.Months(y-c.before, c.first, c.n), true
	}
	if strings.IndexByte(rest, 'W') >= 0 {
		return parseWeeks(y, rest)
	}
	if len(s) == len("20250131") {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	d, ok := interchange.ParseDay(s)
	return interchange.Period{Start: d, End: d}, ok
}

func parseWeeks(year int, rest string) (p interchange.Period, ok bool) {
	for _, w := range weekly {
		number, found := strings.CutPrefix(rest, w.mark)
		n, err := strconv.ParseUint(number, 10, 8)
		if !found || err != nil || n < 1 || len(number) > 2 {
			continue // "WedW1" begins with the mark of another kind, too
		}
		start := firstOfYear(year, w.first).AddDays((int(n) - 1) * 7 * w.n)
		return interchange.Period{Start: start, End: start.AddDays(7*w.n - 1)}, start.Before(firstOfYear(year+1, w.first))
	}
	return p, false
}

// firstOfYear is the first day of a year's week 1, the week that begins with that weekday and holds 4 January.
func firstOfYear(year int, first time.Weekday) baqylau.Date {
	d := baqylau.NewDate(year, time.January, 4)
	return d.AddDays(-(int(d.Time().Weekday()-first) + 7) % 7)
}

// FormatPeriod names a period as DHIS2 does. ok is false for a span that DHIS2 has no name for, such as January to August.
func FormatPeriod(p interchange.Period) (s string, ok bool) {
	if !p.Valid() {
		return "", false
	}
	if n := p.WholeMonths(); n > 0 {
		for _, c := range calendar {
			if c.n == n && c.first == p.Start.Time().Month() {
				return fmt.Sprintf("%04d%s", p.Start.Time().Year()+c.before, c.suffix), true
			}
		}
		return "", false
	}
	days := p.Days()
	if days == 1 {
		return p.Start.Time().Format("20060102"), true
	}
	for _, w := range weekly {
		if days != 7*w.n || p.Start.Time().Weekday() != w.first {
			continue
		}
		year := p.Start.AddDays(3).Time().Year() // the year that most of the first week lies in
		since := p.Start.Sub(firstOfYear(year, w.first))
		if since%days == 0 {
			return fmt.Sprintf("%04d%s%d", year, w.mark, since/days+1), true
		}
	}
	return "", false
}
