package intake

import (
	"net/url"
	"slices"
	"strings"

	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// codeWord is a value of a column in the source's own words, and the code that it stands for; "" while nobody has said.
type codeWord struct{ word, code string }

// codedLists are the code lists of fields for which package mapping knows no words of its own.
var codedLists = map[string]string{"place_type": "place-type", "form": "product-form"}

// codesOf offers the codes that the words of a column may stand for, in the reader's language; none where the mapping reads the usual words by itself.
func (s *Service) codesOf(c *web.Ctx, target, country string) []ui.Option {
	var list []ui.Option
	if target == "region" {
		list = s.regionsOf(c, country)
	} else if name := codedLists[target]; name != "" {
		list = listOptions(c, name)
	}
	if list == nil {
		return nil
	}
	return append([]ui.Option{{Value: "", Label: c.T("report.not_stated")}}, list...)
}

// words are the values of a column: with the codes that were chosen for them, else with those that their words suggest.
func (s *Service) words(v url.Values, at, target, country string, cells []string) (list []codeWord) {
	chosen := chosenCodes(v, at)
	for _, cell := range cells {
		w := codeWord{word: cell}
		if slices.ContainsFunc(list, func(o codeWord) bool { return o.word == cell }) {
			continue
		}
		if code, ok := chosen[cell]; ok {
			w.code = code
		} else {
			w.code = s.guess(target, country, cell)
		}
		list = append(list, w)
	}
	return list
}

// chosenCodes are the codes of the page's selects by the words beside them.
func chosenCodes(v url.Values, at string) map[string]string {
	words, codes := v["word-"+at], v["code-"+at]
	out := map[string]string{}
	for i, w := range words {
		if i < len(codes) {
			out[w] = codes[i]
		}
	}
	return out
}

// guess is the code whose name in some language a word is, or begins like; "" when no or several do.
func (s *Service) guess(target, country, word string) string {
	if target == "region" {
		if r, ok := s.Shelf.Book().RegionByName(country, word, ""); ok {
			return r.Code
		}
		return ""
	}
	folded := locale.Fold(word)
	begins := map[string]bool{}
	for _, v := range codelist.Values(codedLists[target]) {
		for _, name := range append([]string{v.Code, v.Name.KK, v.Name.RU, v.Name.EN}, v.Words...) {
			if name = locale.Fold(name); name == folded {
				return v.Code
			} else if alike(name, folded) {
				begins[v.Code] = true
			}
		}
	}
	if len(begins) == 1 {
		for code := range begins {
			return code
		}
	}
	return ""
}

// alike reports whether two words begin with the same four letters or more, all but the last two of the shorter: почта and почтовое отправление.
func alike(a, b string) bool {
	x, y := []rune(a), []rune(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n >= 4 && n >= min(len(x), len(y))-2 && !strings.Contains(string(x[:n]), " ")
}
