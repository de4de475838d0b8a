package baqylau

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Precision says how much of a Date is known.
type Precision string

// Precisions from finest to coarsest. A year-precise date is stored as its first day and never shown finer than it is.
const (
	Day   Precision = "day"
	Month Precision = "month"
	Year  Precision = "year"
)

// Date is a calendar day in the proleptic Gregorian calendar without time or zone, held as midnight UTC.
// The zero value means "unknown"; in a database that is NULL, in JSON and forms the empty string.
type Date struct{ t time.Time }

// NewDate returns the given day. Out-of-range values normalise as in time.Date; use ParseDate for input.
func NewDate(y int, m time.Month, d int) Date { return Date{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)} }

// DateOf returns the calendar day of t in t's own zone.
func DateOf(t time.Time) Date { y, m, d := t.Date(); return NewDate(y, m, d) }

// ParseDate reads ISO 8601 "2026-11-25", "2026-11" or "2026" and tells its precision. The empty string is the unknown date.
// Anything else, and days that do not exist, give an Invalid error with key "error.date".
func ParseDate(s string) (Date, Precision, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Date{}, Day, nil
	}
	for _, f := range []struct {
		layout string
		p      Precision
	}{{"2006-01-02", Day}, {"2006-01", Month}, {"2006", Year}} {
		if len(s) != len(f.layout) {
			continue
		}
		if t, err := time.Parse(f.layout, s); err == nil {
			return Date{t}, f.p, nil
		}
	}
	return Date{}, Day, E(Invalid, "error.date", "value", s)
}

// MustDate is ParseDate for constants in tests and tables; it panics on bad input.
func MustDate(s string) Date {
	d, _, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero reports whether the date is unknown.
func (d Date) IsZero() bool { return d.t.IsZero() }

// Time is midnight UTC of the day.
func (d Date) Time() time.Time { return d.t }

// String is the ISO 8601 form, or "" when unknown. It is what databases store.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format("2006-01-02")
}

// Truncated is the ISO form cut to precision p: "2026", "2026-11" or "2026-11-25".
func (d Date) Truncated(p Precision) string {
	s := d.String()
	switch {
	case s == "":
		return ""
	case p == Year:
		return s[:4]
	case p == Month:
		return s[:7]
	}
	return s
}

// AddDays returns the day n days later (earlier when n is negative).
func (d Date) AddDays(n int) Date { return Date{d.t.AddDate(0, 0, n)} }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.t.Before(e.t) }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return d.t.After(e.t) }

// Sub is the number of days from e to d.
func (d Date) Sub(e Date) int { return int(d.t.Sub(e.t).Hours() / 24) }

// Week is the ISO 8601 week that holds the day.
func (d Date) Week() Week { return weekOfMonday(d.monday()) }

func (d Date) monday() Date { return d.AddDays(-(int(d.t.Weekday()) + 6) % 7) }

// MarshalText writes the ISO form, so that JSON shows "2026-11-25" or "".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) (err error) { *d, _, err = ParseDate(string(b)); return err }

// Week numbers ISO weeks consecutively: the number of the week since the week of Monday 1969-12-29.
// Arithmetic on it is plain integer arithmetic, so a series index needs no calendar.
type Week int

const dayZero = -3 // 1969-12-29 is three days before the Unix epoch

func weekOfMonday(d Date) Week {
	days := int(d.t.Unix()/86400) - dayZero
	if days < 0 {
		days -= 6
	}
	return Week(days / 7)
}

// Monday is the first day of the week.
func (w Week) Monday() Date { return Date{time.Unix(int64(int(w)*7+dayZero)*86400, 0).UTC()} }

// Sunday is the last day of the week.
func (w Week) Sunday() Date { return w.Monday().AddDays(6) }

// ISO is the ISO 8601 year and week number (1..53).
func (w Week) ISO() (year, week int) { return w.Monday().t.ISOWeek() }

// String is the ISO form "2026-W48".
func (w Week) String() string { y, n := w.ISO(); return fmt.Sprintf("%04d-W%02d", y, n) }

// ParseWeek reads "2026-W48".
func ParseWeek(s string) (Week, error) {
	y, n, ok := strings.Cut(s, "-W")
	yi, err1 := strconv.Atoi(y)
	ni, err2 := strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || len(y) != 4 || ni < 1 || ni > 53 {
		return 0, E(Invalid, "error.week", "value", s)
	}
	w := NewDate(yi, time.January, 4).Week() + Week(ni-1) // 4 January is always in week 1
	if gy, gn := w.ISO(); gy != yi || gn != ni {
		return 0, E(Invalid, "error.week", "value", s)
	}
	return w, nil
}
