package mapping

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/baqylau/baqylau"
)

// dayRange is a period by its first and last day.
type dayRange struct{ from, to baqylau.Date }

func (p dayRange) String() string { return p.from.String() + "/" + p.to.String() }

// months is the range of months a to b of a year.
func months(year, a, b int) dayRange {
	return dayRange{baqylau.NewDate(year, time.Month(a), 1), baqylau.NewDate(year, time.Month(b)+1, 1).AddDays(-1)}
}

// parsePeriod reads a period as agencies and programs write it: 2024, 2024-03, 2024-03-05, 2024Q1, 2024-S1, 202403, 2024-01-01/2024-03-31, 2024-01-01/P3M,
// «январь–март 2026 года», «I квартал 2024», "January-July 2013", «9 месяцев 2023», "to June 2022", "1 January 2024", «2026 жылғы қаңтар–наурыз», 2007-2008.
func parsePeriod(s string) (p dayRange, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if from, to, found := strings.Cut(s, "/"); found {
		return interval(from, to)
	}
	if p, ok = compactPeriod(s); ok {
		return p, p.plausible()
	}
	year, last, rest, ok := takeYears(s)
	if !ok {
		return p, false
	}
	if last != year { // 2007-2008
		return dayRange{months(year, 1, 12).from, months(last, 1, 12).to}, onlyFillers(rest) && year < last
	}
	p, ok = partOfYear(year, rest)
	return p, ok && p.plausible()
}

func (p dayRange) plausible() bool {
	return p.from.Time().Year() >= firstYear && p.to.Time().Year() < 2200 && !p.to.Before(p.from)
}

// interval is an ISO 8601 interval: two days, or a day and a duration of years, months, weeks or days.
func interval(from, to string) (p dayRange, ok bool) {
	d, _, got := isoLayout.parse(from)
	if got != dateOK {
		return p, false
	}
	p.from = d
	if n, found := strings.CutPrefix(to, "p"); found && len(n) > 1 {
		v, err := strconv.Atoi(n[:len(n)-1])
		if err != nil || v < 1 || v > 36500 {
			return p, false
		}
		t := d.Time()
		switch n[len(n)-1] {
		case 'y':
			t = t.AddDate(v, 0, 0)
		case 'm':
			t = t.AddDate(0, v, 0)
		case 'w':
			t = t.AddDate(0, 0, 7*v)
		case 'd':
			t = t.AddDate(0, 0, v)
		default:
			return p, false
		}
		p.to = baqylau.DateOf(t).AddDays(-1)
		return p, p.plausible()
	}
	p.to, _, got = isoLayout.parse(to)
	return p, got == dateOK && p.plausible()
}

// compactPeriod reads what programs write: a year and at once its part.
func compactPeriod(s string) (p dayRange, ok bool) {
	if len(s) < 4 || len(s) > 10 {
		return p, false
	}
	year, n := digits(s, 4, 4)
	if n == 0 {
		return p, false
	}
	rest := strings.TrimPrefix(s[4:], "-")
	switch {
	case s[4:] == "":
		return months(year, 1, 12), true
	case len(rest) == 2 && rest[0] == 'q' && rest[1] >= '1' && rest[1] <= '4':
		q := int(rest[1] - '0')
		return months(year, 3*q-2, 3*q), true
	case len(rest) == 2 && rest[0] == 's' && rest[1] >= '1' && rest[1] <= '2':
		h := int(rest[1] - '0')
		return months(year, 6*h-5, 6*h), true
	}
	rest = strings.TrimPrefix(rest, "m")
	if m, n := digits(rest, 2, 2); n == 2 && len(rest) == 2 && m >= 1 && m <= 12 {
		return months(year, m, m), true
	}
	for _, l := range []layout{isoLayout, compactLayout} {
		if d, _, got := l.parse(s); got == dateOK {
			return dayRange{d, d}, true
		}
	}
	return p, false
}

var compactLayout, _ = parseLayout("YYYYMMDD")

// takeYears takes one or two years of four digits out of a text.
func takeYears(s string) (first, last int, rest string, ok bool) {
	var b strings.Builder
	n := 0
	for i := 0; i < len(s); {
		if !isDigit(s[i]) {
			b.WriteByte(s[i])
			i++
			continue
		}
		end := i
		for end < len(s) && isDigit(s[end]) {
			end++
		}
		y, err := strconv.Atoi(s[i:end])
		if end-i == 4 && err == nil && y >= firstYear && y < 2200 {
			if n++; n == 1 {
				first = y
			}
			last = y
		} else {
			b.WriteString(s[i:end])
		}
		i = end
	}
	return first, last, b.String(), n == 1 || n == 2
}

// fillers are words of a period that say nothing about which.
var fillers = set(strings.Fields("за на по с к и жылғы жылы жыл ж год года году г период отчетный отчётный the of for in year from full months month month's месяц месяца месяцев мес ай айы"))

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func onlyFillers(s string) bool {
	for _, w := range words(s) {
		if !fillers[w] {
			return false
		}
	}
	return true
}

// quarterNumbers and their like are read before the word that they number.
var ordinals = map[string]int{"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4, "і": 1, "іі": 2, "ііі": 3, "first": 1, "second": 2, "third": 3, "fourth": 4,
	"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "первый": 1, "второй": 2, "первое": 1, "второе": 2, "бірінші": 1, "екінші": 2}

// partOfYear reads what is left of a period when its year is taken away: months, a quarter, a half, a number of months from January, a day, or nothing.
func partOfYear(year int, rest string) (p dayRange, ok bool) {
	list := words(rest)
	var found []int // months by name
	upTo := false
	number, numbers := 0, 0
	for i, w := range list {
		if m, n := monthName(w); n == len(w) && n > 0 {
			found = append(found, m)
			continue
		}
		switch {
		case i > 0 && ordinals[list[i-1]] > 0 && hasStem(w, "кварт", "quart", "тоқсан"):
			q := ordinals[list[i-1]]
			return months(year, 3*q-2, 3*q), true
		case i > 0 && ordinals[list[i-1]] > 0 && ordinals[list[i-1]] < 3 && hasStem(w, "полугод", "half", "жартыжыл"):
			h := ordinals[list[i-1]]
			return months(year, 6*h-5, 6*h), true
		case w == "to" || w == "until" || w == "till" || w == "by":
			upTo = true
		case isNumber(w):
			number, _ = strconv.Atoi(w)
			numbers++
			if i+1 < len(list) && hasStem(list[i+1], "месяц", "мес", "month", "ай") && len(found) == 0 {
				if number >= 1 && number <= 12 {
					return months(year, 1, number), true
				}
				return p, false
			}
		case fillers[w], ordinals[w] > 0:
		default:
			return p, false
		}
	}
	switch {
	case len(found) == 0 && numbers == 0 && !upTo:
		return months(year, 1, 12), len(list) == 0 || onlyFillers(rest)
	case len(found) == 1 && numbers == 1 && !upTo: // a day
		d := baqylau.NewDate(year, time.Month(found[0]), number)
		return dayRange{d, d}, number >= 1 && d.Time().Day() == number
	case numbers > 0:
		return p, false
	case len(found) == 1 && upTo:
		return months(year, 1, found[0]), true
	case len(found) == 1:
		return months(year, found[0], found[0]), true
	case len(found) == 2 && found[0] < found[1]:
		return months(year, found[0], found[1]), true
	}
	return p, false
}

func isNumber(w string) bool { return len(w) <= 2 && strings.Trim(w, "0123456789") == "" }

func hasStem(w string, stems ...string) bool {
	for _, s := range stems {
		if strings.HasPrefix(w, s) {
			return true
		}
	}
	return false
}

// firstOf and lastOf are the days that a date of a field may mean, for it may be a whole month or year.
func firstOf(date string) baqylau.Date {
	d, _, _ := baqylau.ParseDate(date) // the reader has written it
	return d
}

func lastOf(date string) baqylau.Date {
	d, prec, _ := baqylau.ParseDate(date)
	return lastDay(d, prec)
}
