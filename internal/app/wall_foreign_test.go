package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/web"
)

// rowPages lead from the hole of an act to the page that a person sees only when the row is theirs.
var rowPages = map[string]string{
	"/deaths/records/{id}": "/deaths/records/", "/infections/studies/{id}": "/infections/studies/", "/register/records/{id}": "/register/records/", "/treatment/{id}": "/treatment/", "/treatment/episodes/{id}": "/treatment/", "/checks/{id}": "/checks/",
	"/observations/{id}": "/observations/", "/facilities/{id}": "/facilities/", "/estimates/{id}": "/estimates/",
	"/reports/{id}": "/reports/", "/corrections/{id}": "/reports/", "/identities/{id}": "/reports/", "/reports/{id}/{step}": "/reports/", "/reports/{id}/steps/{step}": "/reports/",
	"/lab/{report}": "/lab/", "/imports/{id}": "/imports/", "/mappings/{id}": "/mappings/", "/mappings/new/{draft}": "/mappings/new/", "/uploads/{draft}": "/uploads/",
}

// rowOwners tell which rows without a page are a person's own.
var rowOwners = map[string]func(h *house, t *testing.T, p *person) []string{
	"/due/items/{id}": func(h *house, t *testing.T, p *person) (own []string) {
		items, err := h.Due.List(ctx, p.Actor, 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range items {
			own = append(own, x.ID)
		}
		return own
	},
	"/due/deputies/{id}": func(h *house, t *testing.T, p *person) []string {
		return h.list(t, "SELECT id FROM deputy WHERE account_id = ?", p.ID)
	},
	"/account/tokens/{id}": func(h *house, t *testing.T, p *person) []string {
		return h.list(t, "SELECT id FROM api_token WHERE account_id = ?", p.ID)
	},
}

// keys are holes for a secret: whoever has it may. Kinds are no rows.
var keys = []string{"/letters/{token}", "/subscribe/{token}", "/link/{token}", "/reports/new/{kind}"}

// foreignRows sends every act of the route table to rows that belong to others: the answer is that of what is not there, in status, words and number of
// statements, and nothing changes. A new act fails this test until it is said whose its rows are.
func (h *house) foreignRows(t *testing.T, p *person, values map[string][]string) {
	t.Helper()
	before, seen := h.entries(t, p), map[string]bool{}
	theirs := func(key, id string) bool {
		if own, ok := rowOwners[key]; ok {
			return slices.Contains(own(h, t, p), id)
		}
		path := rowPages[key] + id
		if known, ok := seen[path]; ok {
			return known
		}
		seen[path] = p.get(t, path).status != http.StatusNotFound
		return seen[path]
	}
	for _, r := range h.Router.Routes() {
		m := hole.FindStringSubmatch(r.Pattern)
		if r.Method == http.MethodGet || m == nil || !access.May(p.Actor, r.Act) {
			continue
		}
		key := prefixOf(r.Pattern, m[1])
		if slices.Contains(keys, key) {
			continue
		}
		if rowPages[key] == "" && rowOwners[key] == nil {
			if access.ScopeOf(p.Actor, r.Act) != access.Everything {
				t.Errorf("%s %s: this test does not know whose rows these are; add %s to rowPages or rowOwners", r.Method, r.Pattern, key)
			}
			continue
		}
		for _, x := range fill(t, r, values) {
			id := x.filled[0]
			if strings.HasPrefix(id, unknown) || theirs(key, id) {
				continue
			}
			none := strings.Replace(x.path, url.PathEscape(id), unknown, 1)
			a, b := p.act(t, r, x.path), p.act(t, r, none)
			if a.asked != b.asked {
				a, b = p.act(t, r, x.path), p.act(t, r, none)
			}
			same := normal(a, x).body == normal(b, place{filled: append(slices.Clone(x.filled), unknown)}).body
			if a.status != b.status || !same || a.asked != b.asked || a.status < 400 || a.status >= 500 {
				t.Errorf("%s %s as %s: %d with %d statements, and %d with %d for what is not there; same words: %v", r.Method, x.path, p.name, a.status, a.asked, b.status, b.asked, same)
			}
		}
	}
	if after := h.entries(t, p); after != before {
		t.Errorf("%s: %d entries in the journal by acts on what is not theirs", p.name, after-before)
	}
}

// act sends an act with words that most forms take.
func (p *person) act(t *testing.T, r web.Route, path string) answer {
	t.Helper()
	if strings.HasPrefix(path, "/api/") {
		return p.do(t, r.Method, path, strings.NewReader(`{"text":"x"}`), "Content-Type", "application/json")
	}
	return p.post(t, path, "text", "x", "reason", "x")
}
