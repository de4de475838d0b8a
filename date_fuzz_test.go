package baqylau_test

import (
	"testing"

	"github.com/baqylau/baqylau"
)

// FuzzParseDate: what is taken as a date of some precision is written as it was read, and read again as the same.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-11-25", "2026-11", "2026", "2024-02-29", "2026-02-31", "0000", "", "2026-11-25T00:00", "２０２６"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, p, err := baqylau.ParseDate(s)
		if err != nil {
			if baqylau.CodeOf(err) != baqylau.Invalid {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if d.IsZero() {
			return
		}
		again, _, err := baqylau.ParseDate(d.String())
		if err != nil || again != d || d.Truncated(p) == "" {
			t.Errorf("%q is %s (%v), read again %s, %v", s, d, p, again, err)
		}
	})
}
