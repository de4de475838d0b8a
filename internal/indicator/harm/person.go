package harm

import (
	"errors"
	"strings"
	"unicode"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/web"
)

// person turns the personal number of a form into a pseudonym.
func (s *Service) person(f *web.Form) string {
	number := f.Get("person")
	delete(f.Values, "person") // a form shown again must not repeat it
	pseudonym, err := s.Person(number)
	bad(f, "person", err)
	return pseudonym
}

// Person turns a personal number into a pseudonym; "" stays "". Only length and control digit are checked, and nothing is inferred from the digits; the number is kept nowhere. Code: Invalid.
func (s *Service) Person(number string) (string, error) {
	number = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, number)
	switch {
	case number == "":
		return "", nil
	case s.Home == "KZ" && !possibleIIN(number):
		return "", baqylau.E(baqylau.Invalid, "death.person.bad").On("person")
	case s.Pseudonym == nil:
		return "", nil
	}
	return s.Pseudonym(baqylau.HealthDomain, number), nil
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
