package harm

import (
	"errors"
	"strings"
	"unicode"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/web"
)

// person turns the personal number of a form into a pseudonym. Only length and control digit are checked, and nothing is inferred from the digits; the number is kept nowhere.
func (s *Service) person(f *web.Form) string {
	number := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, f.Get("person"))
	delete(f.Values, "person") // a form shown again must not repeat it
	if number == "" {
		return ""
	}
	if s.Home == "KZ" && !possibleIIN(number) {
		f.Bad("person", "death.person.bad")
		return ""
	}
	if s.Pseudonym == nil {
		return ""
	}
	return s.Pseudonym(baqylau.HealthDomain, number)
}

// possibleIIN reports whether a number has the twelve digits of an IIN and their control digit: the digits weighted from 1 to 11 modulo 11; if that gives 10, with the weights moved on by two; if it is 10
// again, no such number is issued.
func possibleIIN(number string) bool {
	if len(number) != 12 || strings.Trim(number, "0123456789") != "" {
		return false
	}
	sum := func(shift int) (n int) {
		for i := range 11 {
			n += int(number[i]-'0') * ((i+shift)%11 + 1)
		}
		return n % 11
	}
	n := sum(0)
	if n == 10 {
		n = sum(2)
	}
	return n == int(number[11]-'0')
}

func asError(err error, to **baqylau.Error) bool { return err != nil && errors.As(err, to) }
