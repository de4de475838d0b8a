package interchange

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
)

// Period is a span of days, both ends included.
type Period struct{ Start, End baqylau.Date }

// Months is the period of n whole months that begins with the first day of a month.
func Months(year int, first time.Month, n int) Period {
	return Period{baqylau.NewDate(year, first, 1), baqylau.NewDate(year, first+time.Month(n), 0)}
}

// WholeMonths counts the months of a period that begins with the first and ends with the last day of a month; 0 for any other.
func (p Period) WholeMonths() int {
	next := p.End.AddDays(1).Time()
	start := p.Start.Time()
	if start.Day() != 1 || next.Day() != 1 || !next.After(start) {
		return 0
	}
	return (next.Year()-start.Year())*12 + int(next.Month()) - int(start.Month())
}

// Days is the number of days, 0 or less when the end lies before the start.
func (p Period) Days() int { return p.End.Sub(p.Start) + 1 }

// Valid reports whether the period has both ends in order, in years of four digits.
func (p Period) Valid() bool {
	return !p.Start.IsZero() && !p.End.IsZero() && p.Days() > 0 && p.Start.Time().Year() >= 1000 && p.End.Time().Year() <= 9999
}

// Interval writes the period as ISO 8601 start and duration, as ADX and SDMX do: "2015-06-01/P1M". Whole months are counted in months, or in
// years when they make such; any other span in days.
func (p Period) Interval() string {
	switch n := p.WholeMonths(); {
	case n == 0:
		return fmt.Sprintf("%s/P%dD", p.Start, p.Days())
	case n%12 == 0:
		return fmt.Sprintf("%s/P%dY", p.Start, n/12)
	default:
		return fmt.Sprintf("%s/P%dM", p.Start, n)
	}
}

// ParseInterval reads ISO 8601 start and duration: a day (a time of midnight may follow) and P with years, months, weeks and days. A
// duration of hours is no period of statistics. ok is false for anything else.
func ParseInterval(s string) (p Period, ok bool) {
	start, duration, ok := strings.Cut(s, "/")
	if !ok {
		return p, false
	}
	if day, clock, timed := strings.Cut(start, "T"); timed {
		if strings.Trim(strings.TrimSuffix(clock, "Z"), "0:.") != "" {
			return p, false
		}
		start = day
	}
	d, ok := ParseDay(start)
	if !ok {
		return p, false
	}
	years, months, days, ok := parseDuration(duration)
	if !ok {
		return p, false
	}
	p = Period{d, later(d, 12*years+months).AddDays(days - 1)}
	return p, p.Valid()
}

// ParseDay reads exactly "2024-01-31".
func ParseDay(s string) (baqylau.Date, bool) {
	d, precision, err := baqylau.ParseDate(s)
	return d, err == nil && precision == baqylau.Day && len(s) == len("2006-01-02") && d.Time().Year() >= 1000
}

// later is the day so many months on, the last of its month where the month has no such day.
func later(d baqylau.Date, months int) baqylau.Date {
	t := d.Time()
	first := baqylau.NewDate(t.Year(), t.Month()+time.Month(months), 1)
	last := baqylau.NewDate(t.Year(), t.Month()+time.Month(months)+1, 0)
	return first.AddDays(min(t.Day(), last.Time().Day()) - 1)
}

func parseDuration(s string) (years, months, days int, ok bool) {
	rest, ok := strings.CutPrefix(s, "P")
	if !ok || rest == "" {
		return 0, 0, 0, false
	}
	for _, part := range []struct {
		unit  string
		to    *int
		times int
	}{{"Y", &years, 1}, {"M", &months, 1}, {"W", &days, 7}, {"D", &days, 1}} {
		number, after, found := strings.Cut(rest, part.unit)
		if !found {
			continue
		}
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			return 0, 0, 0, false
		}
		*part.to += int(n) * part.times
		rest = after
	}
	return years, months, days, rest == ""
}
