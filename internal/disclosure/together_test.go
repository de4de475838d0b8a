package disclosure

import (
	"testing"

	"github.com/baqylau/baqylau/internal/disclosure/suppress"
)

// Twelve people by sex and by region: what one table hides, the other must not tell. The same counts are not worked out twice.
func TestTablesThatAreShownTogether(t *testing.T) {
	var g Together
	asked := 0
	links := func() []suppress.Link {
		asked++
		return []suppress.Link{{Total: suppress.Ref{Release: 0, Key: []string{"T", "T"}}, Parts: []suppress.Ref{{Release: 1, Key: []string{"T"}}}}, {Total: suppress.Ref{Release: 0, Key: []string{"m", "T"}}, Parts: []suppress.Ref{{Release: 1, Key: []string{"men"}}}}}
	}
	show := func(a Audience) []*Shown {
		t.Helper()
		first := NewTally(suppress.Dimension{Name: "sex", Codes: []string{"T", "m", "f"}, Total: "T"}, suppress.Dimension{Name: "region", Codes: []string{"T", "a", "b"}, Total: "T"})
		for sex, regions := range map[string][2]int{"m": {20, 3}, "f": {30, 40}} {
			first.Add(regions[0], sex, "a")
			first.Add(regions[1], sex, "b")
		}
		second := NewTally(suppress.Dimension{Name: "part", Codes: []string{"T", "men", "women"}, Total: "T"})
		second.Add(23, "men")
		second.Add(70, "women")
		out, err := g.Show(Figure{Persons: true}, a, links, first, second)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	s := show(Public)
	if !s[0].At("m", "b").Hidden || s[0].At("m", "T").Hidden != s[1].At("men").Hidden || s[0].At("m", "a").Hidden == s[0].At("m", "T").Hidden && !s[0].At("m", "T").Hidden {
		t.Errorf("three men in b follow from what is shown: %+v %+v", s[0].counts, s[1].counts)
	}
	if again := show(Crossing); asked != 1 || again[0].At("m", "b") != s[0].At("m", "b") {
		t.Errorf("asked %d times", asked)
	}
	if open := show(Working); open[0].At("m", "b") != (Count{N: 3}) || asked != 1 {
		t.Errorf("who works on the cases sees %+v", open[0].At("m", "b"))
	}
}
