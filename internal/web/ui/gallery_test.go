package ui

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

// rendered is a page of the gallery as a reader of language l gets it.
func rendered(t *testing.T, l baqylau.Lang, path string) string {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	w := httptest.NewRecorder()
	Gallery(w, r.WithContext(locale.With(r.Context(), l)))
	if w.Code != 200 {
		t.Fatalf("%s in %s: status %d", path, l, w.Code)
	}
	return w.Body.String()
}

// The policy of the site refuses inline styles and scripts, so no component may write any.
var forbidden = regexp.MustCompile(`(?i)\sstyle\s*=|<style|\son[a-z]+\s*=|javascript:|<script(?:[^>]*)>[^<]`)

func TestGallery(t *testing.T) {
	ids := regexp.MustCompile(`\sid="([^"]+)"`)
	labels := regexp.MustCompile(`\sfor="([^"]+)"`)
	for _, l := range baqylau.Langs {
		for _, path := range []string{"/gallery", "/gallery?page=inbox", "/gallery?page=inbox&open"} {
			html := rendered(t, l, path)
			if bad := forbidden.FindString(html); bad != "" {
				t.Errorf("%s in %s: %q is refused by the content security policy", path, l, bad)
			}
			if i := strings.Index(html, "⟦"); i >= 0 {
				t.Errorf("%s in %s: missing message %.60s", path, l, html[i:])
			}
			if !strings.Contains(html, `<html lang="`+string(l)+`"`) {
				t.Errorf("%s: the page does not say that it is in %s", path, l)
			}
			seen := map[string]bool{}
			for _, m := range ids.FindAllStringSubmatch(html, -1) {
				if seen[m[1]] {
					t.Errorf("%s in %s: id %q occurs twice", path, l, m[1])
				}
				seen[m[1]] = true
			}
			for _, m := range labels.FindAllStringSubmatch(html, -1) {
				if !seen[m[1]] {
					t.Errorf("%s in %s: a label is for %q, which is not there", path, l, m[1])
				}
			}
		}
	}
}

func TestForbiddenFindsInline(t *testing.T) {
	for _, html := range []string{`<p style="x">`, `<a onclick="x">`, `<style>p{}</style>`, `<script>x</script>`, `<a href="javascript:x">`} {
		if !forbidden.MatchString(html) {
			t.Errorf("%s passes", html)
		}
	}
	if forbidden.MatchString(`<script type="module" src="/assets/main.js"></script>`) {
		t.Error("a script from a file is refused")
	}
}
