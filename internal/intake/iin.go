package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// possiblePerson reports whether a personal number could exist. Only what looks like an IIN (ИИН), twelve digits, is tried, and only where the centre's own
// country is Kazakhstan: any other number is that of a foreign document, which is taken as it is written. Spaces and hyphens do not count.
//
// An IIN is the day of birth YYMMDD, a digit for century and sex (1, 2 for 18xx, 3, 4 for 19xx, 5, 6 for 20xx), four digits of order and a control digit. The
// rules as the Government of Kazakhstan set them (resolution 406 of 22 May 2007, after resolution 565 of 11 June 2003) are taken from public descriptions
// and were not checked against the text. Whether 0 stands for a foreigner is disputed there, so 0 is let pass.
func possiblePerson(number, home string, today baqylau.Date) bool {
	digits := bareDigits(number)
	if home != "KZ" || len(digits) != 12 || strings.Trim(digits, "0123456789") != "" {
		return true
	}
	return bornOn(digits, today) && control(digits) == int(digits[11]-'0')
}

// bareDigits is a number without the spaces and hyphens that may part it.
func bareDigits(number string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '-' {
			return -1
		}
		return r
	}, number)
}

// bornOn reports whether the first seven digits of an IIN name a day that has been.
func bornOn(iin string, today baqylau.Date) bool {
	centuries := map[byte][]string{'0': {"18", "19", "20"}, '1': {"18"}, '2': {"18"}, '3': {"19"}, '4': {"19"}, '5': {"20"}, '6': {"20"}}
	for _, century := range centuries[iin[6]] {
		if d, _, err := baqylau.ParseDate(century + iin[:2] + "-" + iin[2:4] + "-" + iin[4:6]); err == nil && !d.After(today) {
			return true
		}
	}
	return false
}

// control is the control digit of an IIN: the digits weighted from 1 to 11, modulo 11; if that gives 10, with the weights moved on by two. A number for which
// the second way gives 10 too is not issued, and 10 is no digit.
func control(iin string) int {
	sum := func(shift int) (n int) {
		for i := range 11 {
			n += int(iin[i]-'0') * ((i+shift)%11 + 1)
		}
		return n % 11
	}
	if n := sum(0); n != 10 {
		return n
	}
	return sum(2)
}

// holdsIIN reports whether a text holds an IIN, where IINs are what personal numbers are. About one ordinary number of twelve digits in five hundred passes for one.
func holdsIIN(text, home string, today baqylau.Date) bool {
	_, to := findIIN(text, home, today)
	return to > 0
}

// findIIN is where the first IIN of a text stands, written together or with single spaces and hyphens between its digits; 0, 0 if none does.
func findIIN(text, home string, today baqylau.Date) (from, to int) {
	digits := 0
	for i := range len(text) {
		if isDigit(text[i]) {
			digits++
		}
	}
	if digits < 12 || home != "KZ" {
		return 0, 0
	}
	for i := range len(text) {
		if !isDigit(text[i]) || i > 0 && isDigit(text[i-1]) {
			continue
		}
		if number, end := numberAt(text, i); len(number) == 12 && (end == len(text) || !isDigit(text[end])) && bornOn(number, today) && control(number) == int(number[11]-'0') {
			return i, end
		}
	}
	return 0, 0
}

// numberAt reads up to twelve digits from a place on, over what may part them; end is behind the last.
func numberAt(text string, at int) (number string, end int) {
	digits, parted := make([]byte, 0, 12), false
	for at < len(text) && len(digits) < 12 {
		if isDigit(text[at]) {
			digits, parted = append(digits, text[at]), false
			at++
			end = at
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		if parted || r == '\n' || !unicode.IsSpace(r) && !unicode.Is(unicode.Pd, r) {
			break
		}
		parted = true
		at += size
	}
	return string(digits), end
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// withoutIIN blackens the digits of every IIN of a text.
func withoutIIN(text, home string, today baqylau.Date) string {
	for {
		from, to := findIIN(text, home, today)
		if to == 0 {
			return text
		}
		text = text[:from] + strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return '*'
			}
			return r
		}, text[from:to]) + text[to:]
	}
}
