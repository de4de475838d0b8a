package mapping

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// layout is a date format cut into tokens: YYYY, YY, MM, M, DD, D, MMM, or literal text.
type layout []string

// serialFormat names the day numbers of spreadsheets (1900 system), for CSV files that hold them.
const serialFormat = "serial"

// firstYear is the earliest year taken; older ones are slips of the keyboard.
const firstYear = 1900

// parseLayout reads a format such as "DD.MM.YYYY"; ok is false unless it has one year, and a month if it has a day.
func parseLayout(format string) (l layout, ok bool) {
	n := map[byte]int{}
	for s := format; s != ""; {
		tok := ""
		for _, t := range []string{"YYYY", "YY", "MMM", "MM", "M", "DD", "D"} {
			if strings.HasPrefix(s, t) {
				tok = t
				n[t[0]]++
				break
			}
		}
		if tok == "" {
			_, size := utf8.DecodeRuneInString(s)
			tok = s[:size]
			if r, _ := utf8.DecodeRuneInString(tok); unicode.IsLetter(r) || unicode.IsDigit(r) {
				return nil, false
			}
		}
		l, s = append(l, tok), s[len(tok):]
	}
	return l, n['Y'] == 1 && n['M'] <= 1 && n['D'] <= n['M']
}

// dateResult tells apart a cell that is no date in this format from a day that does not exist.
type dateResult int

const (
	noDate dateResult = iota
	noSuchDay
	dateOK
)

// parse reads s; a time of day or "г." after the date is passed over.
func (l layout) parse(s string) (baqylau.Date, baqylau.Precision, dateResult) {
	y, m, d, p := 0, 1, 1, baqylau.Year
	for _, tok := range l {
		var v, n int
		switch tok {
		case "YYYY":
			v, n = digits(s, 4, 4)
			y = v
		case "YY":
			v, n = digits(s, 2, 2)
			if y = 2000 + v; v >= 70 {
				y = 1900 + v
			}
		case "MM":
			v, n = digits(s, 2, 2)
			m = v
		case "M":
			v, n = digits(s, 1, 2)
			m = v
		case "MMM":
			m, n = monthName(s)
		case "DD":
			v, n = digits(s, 2, 2)
			d, p = v, baqylau.Day
		case "D":
			v, n = digits(s, 1, 2)
			d, p = v, baqylau.Day
		default:
			if strings.HasPrefix(s, tok) {
				n = len(tok)
			}
		}
		if n == 0 {
			return baqylau.Date{}, p, noDate
		}
		if tok[0] == 'M' && p == baqylau.Year {
			p = baqylau.Month
		}
		s = s[n:]
	}
	if !dateTail(s) {
		return baqylau.Date{}, p, noDate
	}
	date := baqylau.NewDate(y, time.Month(m), d)
	if t := date.Time(); t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return baqylau.Date{}, p, noSuchDay
	}
	return date, p, dateOK
}

// digits reads lo..hi digits and returns their value and number, 0 if there are fewer or more follow.
func digits(s string, lo, hi int) (v, n int) {
	for n < len(s) && n < hi && s[n] >= '0' && s[n] <= '9' {
		v, n = v*10+int(s[n]-'0'), n+1
	}
	if n < lo {
		return 0, 0
	}
	return v, n
}

// dateTail allows what may follow a date: nothing, a time of day, or the word "year" of a Russian or Kazakh date.
func dateTail(s string) bool {
	if s == "" {
		return true
	}
	switch t := strings.TrimSpace(s); t {
	case "г", "г.", "ж", "ж.", "года", "жыл":
		return true
	}
	return (s[0] == ' ' || s[0] == 'T') && strings.Trim(s[1:], "0123456789:. APMapmZ+-") == ""
}

var monthStems = [12][]string{
	{"jan", "янв", "қаң"}, {"feb", "фев", "ақп"}, {"mar", "мар", "нау"}, {"apr", "апр", "сәу"}, {"may", "май", "мая", "мам"},
	{"jun", "июн", "мау"}, {"jul", "июл", "шіл"}, {"aug", "авг", "там"}, {"sep", "сен", "қыр"}, {"oct", "окт", "қаз"},
	{"nov", "ноя", "қар"}, {"dec", "дек", "жел"},
}

// monthName reads a month's name or its abbreviation in English, Russian or Kazakh.
func monthName(s string) (month, n int) {
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !unicode.IsLetter(r) {
			break
		}
		n += size
	}
	word := strings.ToLower(s[:n])
	for i, stems := range monthStems {
		for _, stem := range stems {
			if strings.HasPrefix(word, stem) {
				if strings.HasPrefix(s[n:], ".") {
					n++
				}
				return i + 1, n
			}
		}
	}
	return 0, 0
}

// serialDate turns a spreadsheet's day number into a date. In the 1900 system numbers up to 60 are off by a day because of a
// leap day that never was. Numbers of fewer than five digits (before 1927) are refused: they are years or slips.
func serialDate(s string, date1904 bool) (baqylau.Date, bool) {
	whole, frac, dot := strings.Cut(s, ".")
	v, n := digits(whole, 5, 7)
	if n == 0 || n != len(whole) || dot && strings.Trim(frac, "0123456789") != "" {
		return baqylau.Date{}, false
	}
	base := baqylau.NewDate(1899, time.December, 30)
	if date1904 {
		base = baqylau.NewDate(1904, time.January, 1)
	}
	return base.AddDays(v), v <= 2958465 // 9999-12-31
}
