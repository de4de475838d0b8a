package data

import (
	"regexp"
	"strings"
	"testing"
)

func TestCASNumbersHaveTheirCheckDigit(t *testing.T) {
	for name, row := range substances(t) {
		cas := row["cas"]
		if cas == "" {
			continue
		}
		digits := strings.ReplaceAll(cas, "-", "")
		sum := 0
		for i := range len(digits) - 1 {
			sum += (len(digits) - 1 - i) * int(digits[i]-'0')
		}
		if sum%10 != int(digits[len(digits)-1]-'0') {
			t.Errorf("%s: CAS number %s fails its check digit", name, cas)
		}
	}
}

func TestNamesDoNotMixAlphabets(t *testing.T) {
	word := regexp.MustCompile(`[A-Za-z\p{Cyrillic}]+`)
	latin, cyrillic := regexp.MustCompile(`[A-Za-z]`), regexp.MustCompile(`\p{Cyrillic}`)
	for _, row := range rows(t, "substances/names-kk-ru.csv") {
		for _, w := range word.FindAllString(row["name_kk"]+" "+row["name_ru"]+" "+row["synonyms_ru"], -1) {
			if latin.MatchString(w) && cyrillic.MatchString(w) {
				t.Errorf("%s: %q mixes Latin and Cyrillic letters", row["preferred_name"], w)
			}
		}
	}
}
