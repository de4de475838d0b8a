package app_test

import (
	"archive/zip"
	"html"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/access"
)

// fragment is how htmx asks for a part of a page.
var fragment = []string{"HX-Request", "true"}

// viewForm is where a view is saved; its address, with that of the list in it, stands in its own switch of languages.
const viewForm = "/views/new"

var (
	saveLink = regexp.MustCompile(`href="(/views/new\?[^"]+)"`)
	viewLink = regexp.MustCompile(`<a href="([^"]+)"[^>]*>` + stem + `view`)
)

// readsList asks for a route without holes in every form that a list has: searched, as a fragment, by the person's saved views, and as each
// file it can be taken away in.
func (h *house) readsList(t *testing.T, p *person, x place, reached map[string]bool) {
	t.Helper()
	ask := func(query string, headers ...string) answer {
		a := p.do(t, http.MethodGet, x.path+query, nil, headers...)
		h.leaks(t, p, x, query+" "+strings.Join(headers, " "), a, reached)
		if a.status >= 500 {
			t.Errorf("GET %s%s as %s: %d", x.path, query, p.name, a.status)
		}
		return a
	}
	queries := []string{"", "?q=" + stem}
	found := ask(queries[1])
	list := x.path != viewForm && saveLink.MatchString(found.body)
	if !strings.HasPrefix(x.path, "/api/") {
		part := ask(queries[1], fragment...)
		if list && strings.Contains(part.body, "<html") {
			t.Errorf("GET %s as %s: a list answers htmx with a whole page", x.path, p.name)
		}
	}
	if list {
		m := viewLink.FindStringSubmatch(found.body)
		if m == nil {
			t.Errorf("%s: %s does not find the view they saved", x.path, p.name)
			return
		}
		_, query, _ := strings.Cut(html.UnescapeString(m[1]), "?")
		queries = append(queries, "?"+query)
		ask("?"+query, fragment...)
	}
	if !strings.HasPrefix(ask("?format=csv").header.Get("Content-Type"), "text/csv") {
		return
	}
	for _, q := range queries {
		for _, format := range []string{"csv", "xlsx"} {
			join := "?"
			if q != "" {
				join = "&"
			}
			a := ask(q + join + "format=" + format)
			if a.status != http.StatusOK || format == "xlsx" && !strings.HasPrefix(a.body, "PK") {
				t.Errorf("GET %s%s as %s: %d and no %s", x.path, q, p.name, a.status, format)
			}
		}
	}
}

// saveViews lets everybody save a view of every list they may open, under a name that is theirs alone.
func (h *house) saveViews(t *testing.T) {
	t.Helper()
	saved := 0
	for _, p := range h.everyone() {
		if !p.SignedIn() {
			continue
		}
		name := stem + "view" + p.name + "saved"
		h.keep(name, p.name)
		for _, r := range h.Router.Routes() {
			if r.Method != http.MethodGet || strings.Contains(r.Pattern, "{") || strings.HasPrefix(r.Pattern, "/api/") || r.Pattern == viewForm || !access.May(p.Actor, r.Act) {
				continue
			}
			m := saveLink.FindStringSubmatch(p.get(t, r.Pattern+"?q="+stem).body)
			if m == nil {
				continue
			}
			if a := p.post(t, html.UnescapeString(m[1]), "name", name); a.status != http.StatusSeeOther {
				t.Errorf("%s saves a view of %s: %d", p.name, r.Pattern, a.status)
			}
			saved++
		}
	}
	if saved < 40 {
		t.Errorf("only %d views were saved", saved)
	}
}

// unpacked is the text of a workbook, part after part; anything else is as it is.
func unpacked(t *testing.T, body string) string {
	t.Helper()
	if !strings.HasPrefix(body, "PK\x03\x04") {
		return body
	}
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	slices.SortFunc(z.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&b, r); err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}
