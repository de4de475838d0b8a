package define

import (
	"math"
	"strconv"
	"strings"
)

// Band is an age band of a scheme.
type Band struct {
	Code     string
	From, To int // completed years, inclusive; To is Open at the top
	Verified bool
}

// Open is the upper end of a band without one.
const Open = math.MaxInt32

// AllAges is the code of everybody.
const AllAges = "all"

// Bands lists the bands of a scheme, youngest first.
func (c *Catalogue) Bands(scheme string) []Band { return c.bands[scheme] }

// Schemes names the schemes of age bands.
func (c *Catalogue) Schemes() []string {
	var out []string
	for s := range c.bands {
		out = append(out, s)
	}
	return out
}

// ParseAge reads an age band: "15-64", "<18", "65+", or one age. ok is false for anything else, and for AllAges.
func ParseAge(code string) (b Band, ok bool) {
	year := func(s string) (int, bool) {
		if len(s) == 0 || len(s) > 3 || strings.Trim(s, "0123456789") != "" {
			return 0, false
		}
		n, err := strconv.Atoi(s)
		return n, err == nil && n <= 130
	}
	b.Code = code
	if rest, found := strings.CutPrefix(code, "<"); found {
		b.To, ok = year(rest)
		b.To--
		return b, ok && b.To >= 0
	}
	if rest, found := strings.CutSuffix(code, "+"); found {
		b.From, ok = year(rest)
		b.To = Open
		return b, ok
	}
	from, to, found := strings.Cut(code, "-")
	if b.From, ok = year(from); !ok {
		return b, false
	}
	if b.To = b.From; found {
		b.To, ok = year(to)
	}
	return b, ok && b.From <= b.To
}
