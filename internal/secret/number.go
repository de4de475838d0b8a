package secret

import "strings"

// PossibleNumber reports whether a personal number can be one: where the country is Kazakhstan and the number has twelve digits (ИИН), by its control digit alone. Since resolution 853 of
// 26 August 2013 its digits say neither the day of birth nor the sex, so nothing is read from them. Any other number is that of another document or country and is taken as
// it is written, as long as it has at least four letters or digits. Spaces and hyphens do not count.
func PossibleNumber(number, country string) bool {
	bare := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '-' {
			return -1
		}
		return r
	}, number)
	if country == "KZ" && len(bare) == 12 && strings.Trim(bare, "0123456789") == "" {
		return controlDigit(bare) == int(bare[11]-'0')
	}
	return len(bare) >= 4 && len(bare) <= 40
}

// controlDigit is that of the first eleven digits: weights 1 to 11 modulo 11, and if that gives 10, weights 3 to 11, 1, 2. A number for which the second way gives 10 too is not
// issued, and 10 is no digit.
func controlDigit(digits string) int {
	sum := func(shift int) (n int) {
		for i := range 11 {
			n += int(digits[i]-'0') * ((i+shift)%11 + 1)
		}
		return n % 11
	}
	if n := sum(0); n != 10 {
		return n
	}
	return sum(2)
}
