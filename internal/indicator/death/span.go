package death

import (
	"strings"

	"github.com/baqylau/baqylau"
)

// Span is a run of codes, both ends included: T40.0-T40.9, or one code: F11. An end of three characters stands for all its subdivisions.
type Span struct{ From, To Code }

// ParseSpans reads spans parted by spaces: "F11 F12 X42 T40.0-T40.9". Both ends must be equally long and in order. Codes: Invalid.
func ParseSpans(s string) ([]Span, error) {
	var out []Span
	for field := range strings.FieldsSeq(s) {
		from, to, isRun := strings.Cut(field, "-")
		if !isRun {
			to = from
		}
		a, err := ParseCode(from)
		if err != nil {
			return nil, err
		}
		b, err := ParseCode(to)
		if err != nil {
			return nil, err
		}
		if a == "" || len(a) != len(b) || a > b {
			return nil, baqylau.E(baqylau.Invalid, "death.span.bad", "Value", clip(field))
		}
		out = append(out, Span{a, b})
	}
	return out, nil
}

// Holds reports whether the code lies in the span. A code that is finer than the ends is cut to them; one that is coarser lies in it only if all it could stand for does:
// T40 in T40.0-T40.9, but T43 not in T43.6.
func (s Span) Holds(c Code) bool {
	if c == "" {
		return false
	}
	if len(c) >= len(s.From) {
		c = c[:len(s.From)]
		return s.From <= c && c <= s.To
	}
	return len(c) == 3 && s.From == c+".0" && s.To == c+".9"
}

func (s Span) String() string {
	if s.From == s.To {
		return string(s.From)
	}
	return string(s.From) + "-" + string(s.To)
}

// in returns the codes that lie in any of the spans.
func in(spans []Span, codes []Code) []Code {
	var out []Code
	for _, c := range codes {
		for _, s := range spans {
			if s.Holds(c) {
				out = append(out, c)
				break
			}
		}
	}
	return out
}
