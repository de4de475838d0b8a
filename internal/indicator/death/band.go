package death

import (
	"strconv"
	"strings"
)

// Band is a run of ages in whole years, both ends included; High -1 is open.
type Band struct {
	Code      string
	Low, High int
}

// Bands are the reporting ages of the key indicators: ten years each between 15 and 64.
var Bands = []Band{{"<15", 0, 14}, {"15-24", 15, 24}, {"25-34", 25, 34}, {"35-44", 35, 44}, {"45-54", 45, 54}, {"55-64", 55, 64}, {"65+", 65, -1}}

// Adult is the age of the rates per million: 15 to 64.
var Adult = Band{"15-64", 15, 64}

// OtherBand is the band of deaths whose age is not known, or known in a band that lies across the limits of these.
const OtherBand = "unknown"

// ParseBand reads "35-44", "65+", "<15", "under 18", "≥65" or one age, "35". ok is false for all else.
func ParseBand(s string) (b Band, ok bool) {
	text := strings.ReplaceAll(strings.TrimSpace(s), "–", "-")
	number := func(s string) int {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || n < 0 || n > 130 {
			ok = false
			return 0
		}
		return n
	}
	ok = true
	b.Code = text
	low, high, isRun := strings.Cut(text, "-")
	switch {
	case strings.HasPrefix(text, "under "):
		b.High = number(text[len("under "):]) - 1
	case strings.HasPrefix(text, "<"):
		b.High = number(text[1:]) - 1
	case strings.HasPrefix(text, "≥"):
		b.Low, b.High = number(strings.TrimPrefix(text, "≥")), -1
	case strings.HasSuffix(text, "+"):
		b.Low, b.High = number(strings.TrimSuffix(text, "+")), -1
	case isRun:
		b.Low, b.High = number(low), number(high)
	default:
		b.Low = number(text)
		b.High = b.Low
	}
	if ok && b.High >= 0 && b.High < b.Low {
		ok = false
	}
	return b, ok
}

// within reports whether every age of the inner band lies in b.
func (b Band) within(inner Band) bool {
	if b.High < 0 {
		return inner.Low >= b.Low
	}
	return inner.Low >= b.Low && inner.High >= 0 && inner.High <= b.High
}

// age is what the record says of the age, as a band.
func (r Record) age() (Band, bool) {
	if r.Age >= 0 {
		return Band{Low: r.Age, High: r.Age}, true
	}
	return ParseBand(r.Band)
}

// BandOf is the code of the band among Bands that surely holds the record's age, else OtherBand.
func (r Record) BandOf() string {
	if age, ok := r.age(); ok {
		for _, b := range Bands {
			if b.within(age) {
				return b.Code
			}
		}
	}
	return OtherBand
}

// IsAdult reports whether the age surely lies between 15 and 64.
func (r Record) IsAdult() bool {
	age, ok := r.age()
	return ok && Adult.within(age)
}
