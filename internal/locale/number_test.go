package locale

import (
	"context"
	"strconv"
	"testing"

	"github.com/baqylau/baqylau"
)

// What a form shows must be read back as what it was, in every language.
func TestNumbersAreReadAsTheyAreWritten(t *testing.T) {
	for _, l := range baqylau.Langs {
		ctx := With(context.Background(), l)
		for _, x := range []float64{0, 0.125, 12, 12.5, 999.999, 1000, 1234.5, 18226, 18226.125, 1234567, -5} {
			text, ok := Plain(l, Shortest(ctx, x))
			if v, err := strconv.ParseFloat(text, 64); !ok || err != nil || v != x {
				t.Errorf("%s: %v is written %q and read %q", l, x, Shortest(ctx, x), text)
			}
		}
	}
}

func TestPlain(t *testing.T) {
	for _, c := range []struct {
		lang       baqylau.Lang
		text, want string
	}{
		{baqylau.English, "18,226", "18226"}, {baqylau.English, "1,234,567.5", "1234567.5"}, {baqylau.English, "12,5", "12.5"}, {baqylau.English, "0.125", "0.125"},
		{baqylau.Russian, "18,226", "18.226"}, {baqylau.Kazakh, "18 226,5", "18226.5"}, {baqylau.Russian, "12.5", "12.5"}, {baqylau.Kazakh, "1\u202f000", "1000"},
		{baqylau.Russian, "1,234,567", ""}, {baqylau.Russian, "1.234,5", ""}, {baqylau.English, "1,23,456", ""}, {baqylau.English, "1e3", ""}, {baqylau.English, "Inf", ""}, {baqylau.English, "0x10", ""},
		{baqylau.English, "", ""}, {baqylau.English, ".", ""},
	} {
		if got, ok := Plain(c.lang, c.text); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s %q is read %q, %t", c.lang, c.text, got, ok)
		}
	}
}
