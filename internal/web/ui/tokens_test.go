package ui

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The style sheet promises contrast: text at least 4.5 to 1 (WCAG 2.2, 1.4.3), borders of controls 3 to 1 (1.4.11).
func TestContrast(t *testing.T) {
	light, dark, system := themes(t)
	for name, c := range dark {
		if system[name] != c {
			t.Errorf("%s is %s in the chosen dark theme and %s in the system's", name, c, system[name])
		}
	}
	for theme, colours := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, pair := range []struct {
			front, back string
			least       float64
		}{
			{"ink", "bg", 7}, {"ink", "surface", 7}, {"ink", "accent-soft", 7}, {"muted", "bg", 4.5}, {"muted", "surface", 4.5}, {"muted", "sunk", 4.5}, {"muted", "accent-soft", 4.5},
			{"accent", "bg", 4.5}, {"accent", "surface", 4.5}, {"accent", "accent-soft", 4.5}, {"on-accent", "accent", 4.5}, {"surface", "red", 4.5}, {"red", "bg", 4.5},
			{"red", "red-soft", 4.5}, {"amber", "amber-soft", 4.5}, {"yellow", "yellow-soft", 4.5}, {"green", "green-soft", 4.5}, {"bg", "ink", 7}, {"edge", "bg", 3}, {"edge", "surface", 3},
		} {
			if got := contrast(t, colours[pair.front], colours[pair.back]); got < pair.least {
				t.Errorf("%s: %s on %s is %.2f to 1, want %.1f", theme, pair.front, pair.back, got, pair.least)
			}
		}
	}
}

// themes reads the colours of the three blocks of tokens.css, in their order.
func themes(t *testing.T) (light, dark, system map[string]string) {
	t.Helper()
	css, err := os.ReadFile("../../../web/styles/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	colour := regexp.MustCompile(`--([a-z0-9-]+):\s*(#[0-9a-f]{3,6});`)
	blocks := strings.SplitN(string(css), "color-scheme:", 4)
	if len(blocks) != 4 {
		t.Fatalf("tokens.css has %d themes, want 3", len(blocks)-1)
	}
	read := func(block string) map[string]string {
		m := map[string]string{}
		for _, c := range colour.FindAllStringSubmatch(block, -1) {
			m[c[1]] = c[2]
		}
		return m
	}
	return read(blocks[1]), read(blocks[2]), read(blocks[3])
}

// contrast is the ratio of WCAG 2.2 between two colours.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2 for "#rgb" or "#rrggbb".
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = fmt.Sprintf("%c%c%c%c%c%c", hex[0], hex[0], hex[1], hex[1], hex[2], hex[2])
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		t.Fatalf("colour %q: %v", hex, err)
	}
	part := func(shift uint) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}

func TestContrastFormula(t *testing.T) {
	if got := contrast(t, "#000", "#ffffff"); math.Abs(got-21) > 1e-9 {
		t.Errorf("black on white is %v, want 21", got)
	}
}
