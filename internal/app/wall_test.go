package app_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/web"
)

// unknown is an identifier that nothing has.
const unknown = "01890000-0000-7000-8000-000000000000"

var hole = regexp.MustCompile(`\{([a-z_]+)(?:\.\.\.)?\}`)

// wall walks the whole route table as every account and without one. It is generated from the table, so a new route is walked as soon as
// it is registered, and one whose path values this test does not know fails it.
func (h *house) wall(t *testing.T) {
	if len(h.Router.Routes()) < 100 {
		t.Fatalf("only %d routes", len(h.Router.Routes()))
	}
	values := h.pathValues(t)
	h.saveViews(t)
	reached := map[string]bool{} // secrets that somebody who may was shown: else the test would prove nothing
	for _, p := range h.everyone() {
		t.Run(p.name, func(t *testing.T) {
			for _, r := range h.Router.Routes() {
				paths := fill(t, r, values)
				if !access.May(p.Actor, r.Act) {
					h.refused(t, p, r, paths)
					continue
				}
				if r.Method == http.MethodGet {
					h.reads(t, p, r, paths, reached)
				}
			}
			h.foreignRows(t, p, values)
			h.bySession(t, p, values, reached)
			h.calendar(t, p, reached)
		})
	}
	t.Run("letters", h.letters)
	for _, who := range []string{"hospital", "poison", "forensic", "police", "customs", "ngo", "tip", "lab", "batch", "dropped", "signal", "draft", "green", "public", "viewofficersaved", "viewpolicesaved"} {
		if !reached[stem+who] {
			t.Errorf("nobody was shown %s: the walk misses it", stem+who)
		}
	}
}

func (h *house) entries(t *testing.T, p *person) int {
	return h.count(t, "SELECT count(*) FROM audit_entry WHERE actor_id = ?", p.ID)
}

// place is a filled-in path with the value put into its last hole.
type place struct {
	path, value string
	filled      []string
}

// fill puts every known value and the unknown one into the holes of a route.
func fill(t *testing.T, r web.Route, values map[string][]string) []place {
	t.Helper()
	pattern := strings.TrimSuffix(r.Pattern, "{$}")
	out := []place{{path: pattern}}
	for _, m := range hole.FindAllStringSubmatch(pattern, -1) {
		key := prefixOf(pattern, m[1])
		known, ok := values[key]
		if !ok {
			t.Fatalf("%s %s: this test knows no values for %s; add them to pathValues", r.Method, r.Pattern, key)
		}
		var next []place
		for _, p := range out {
			for _, v := range append(slices.Clone(known), unknownLike(known)) {
				next = append(next, place{strings.Replace(p.path, m[0], url.PathEscape(v), 1), v, append(slices.Clone(p.filled), v)})
			}
		}
		out = next
	}
	return out
}

// unknownLike is an identifier that nothing has, in the form of the known ones: a document of none.xml is looked for where one of none is not.
func unknownLike(known []string) string {
	if len(known) > 0 {
		return unknown + filepath.Ext(known[0])
	}
	return unknown
}

// prefixOf names a hole by the route up to it, without the prefix of the API: /reports/{id}.
func prefixOf(pattern, name string) string {
	i := strings.Index(pattern, "{"+name)
	return strings.TrimPrefix(pattern[:i], "/api/v1") + "{" + name + "}"
}

// reads asks for a route that the person may use and looks for what is not theirs.
func (h *house) reads(t *testing.T, p *person, r web.Route, paths []place, reached map[string]bool) {
	t.Helper()
	if !hole.MatchString(strings.TrimSuffix(r.Pattern, "{$}")) && !p.session {
		h.readsList(t, p, paths[0], reached)
	}
	var missing *answer // what the unknown identifier is answered
	var nothing place
	for _, x := range slices.Backward(paths) {
		for _, s := range [][]string{nil, fragment} {
			if s != nil && (p.session || strings.HasPrefix(r.Pattern, "/api/") || strings.HasPrefix(r.Pattern, "/link/")) {
				continue // the API knows no fragments; tries of links are counted together with those of sign-ins
			}
			a := p.do(t, http.MethodGet, x.path, nil, s...)
			h.leaks(t, p, x, strings.Join(s, " "), a, reached)
			if a.status >= 500 {
				t.Errorf("GET %s as %s: %d", x.path, p.name, a.status)
			}
			if len(x.filled) == 0 || s != nil {
				continue
			}
			if missing == nil && strings.HasPrefix(x.value, unknown) {
				m := normal(a, x)
				missing, nothing = &m, x
				continue
			}
			if a.status == http.StatusNotFound && missing != nil && missing.status == http.StatusNotFound {
				if n := normal(a, x); n.body != missing.body || n.location() != missing.location() {
					t.Errorf("GET %s as %s: what is not theirs looks other than what is not there:\n%s\n%s", x.path, p.name, n.body, missing.body)
				}
				if a.asked != missing.asked { // the first request of a kind may also note that a token was used
					if a, b := p.get(t, x.path), p.get(t, nothing.path); a.asked != b.asked {
						t.Errorf("GET %s as %s: what is not theirs takes %d statements, what is not there %d", x.path, p.name, a.asked, b.asked)
					}
				}
			} else if missing != nil && a.status == http.StatusForbidden {
				t.Errorf("GET %s as %s: 403 tells that it is there; the unknown one is answered %d", x.path, p.name, missing.status)
			}
		}
	}
}

// normal takes the identifiers that were asked for out of an answer.
func normal(a answer, x place) answer {
	for _, v := range x.filled {
		for _, form := range []string{v, url.PathEscape(v), url.QueryEscape(v), url.QueryEscape(url.PathEscape(v))} {
			a.body = strings.ReplaceAll(a.body, form, "…")
		}
	}
	return a
}

// leaks looks for secrets in everything that came back, besides what the person sent.
func (h *house) leaks(t *testing.T, p *person, x place, suffix string, a answer, reached map[string]bool) {
	t.Helper()
	a.body = unpacked(t, a.body)
	all := a.everything()
	if asked := normal(answer{body: all}, x).body; a.status != http.StatusOK {
		all = asked
	}
	for _, s := range h.secrets {
		if !strings.Contains(all, s.word) {
			continue
		}
		if s.may(p, x.path) {
			reached[s.word] = true
			continue
		}
		i := strings.Index(all, s.word)
		t.Errorf("GET %s%s as %s (%d) shows %s: …%s…", x.path, suffix, p.name, a.status, s.word, all[max(0, i-80):min(len(all), i+80)])
	}
}

// refused asks for a route whose act the person does not have.
func (h *house) refused(t *testing.T, p *person, r web.Route, paths []place) {
	t.Helper()
	before := h.entries(t, p)
	for _, x := range []place{paths[0], paths[len(paths)-1]} {
		a := p.do(t, r.Method, x.path, nil)
		ok := a.status == http.StatusForbidden
		if !p.SignedIn() {
			ok = a.status == http.StatusUnauthorized || a.status == http.StatusSeeOther && strings.HasPrefix(a.location(), "/sign-in")
		}
		if !ok {
			t.Errorf("%s %s as %s without %s: %d %s", r.Method, x.path, p.name, r.Act, a.status, a.location())
		}
		h.leaks(t, p, x, "", a, map[string]bool{})
	}
	if after := h.entries(t, p); after != before {
		t.Errorf("%s %s as %s was refused and left %d entries in the journal", r.Method, r.Pattern, p.name, after-before)
	}
}

// pathValues are the identifiers that exist, by the hole of the route table into which they fit.
func (h *house) pathValues(t *testing.T) map[string][]string {
	t.Helper()
	ids := func(table string) []string { return h.list(t, "SELECT id FROM "+table+" ORDER BY id") }
	reports, signals, alerts := ids("report"), ids("signal"), ids("communication")
	refs := h.list(t, "SELECT DISTINCT ref FROM communication WHERE ref <> ''")
	var files []string
	for _, r := range refs {
		files = append(files, r+".xml")
	}
	substances := []string{h.list(t, "SELECT substance_id FROM finding WHERE substance_id IS NOT NULL ORDER BY id LIMIT 1")[0]}
	steps := []string{"receive", "ask", "answer", "accept", "out_of_scope", "duplicate", "reopen", "retract"}
	return map[string][]string{
		"/reports/new/{kind}": {"seizure", "acute_intoxication", "death"}, "/reports/{id}": reports, "/identities/{id}": reports, "/corrections/{id}": reports, "/due/items/{id}": ids("due_item"), "/reports/{id}/{step}": steps, "/reports/{id}/steps/{step}": steps,
		"/reports/{id}/files/{file}": ids("attachment"), "/questions/{id}": ids("question"), "/r/{receipt}": h.list(t, "SELECT receipt FROM report"), "/tips/{receipt}": h.list(t, "SELECT receipt FROM report"),
		"/imports/{id}": ids("batch"), "/mappings/{id}": ids("mapping"), "/mappings/new/{draft}": {h.dropped}, "/uploads/{draft}": {h.dropped}, "/occurrences/{id}": ids("occurrence"),
		"/matches/{id}": ids("match_proposal"), "/matches/{id}/{step}": {"merge", "unmerge", "refuse", "reconsider"}, "/lab/{report}": reports,
		"/signals/{id}": signals, "/signals/{id}/undo/{event}": ids("signal_event"), "/alerts/{id}": alerts, "/alerts/{id}/{step}": {"submit", "review", "clear", "issue", "retract"},
		"/alerts/recipients/{id}": {}, "/photos/{id}": ids("communication_photo"), "/warnings/{ref}": refs, "/public/{ref}": refs, "/cap/{file}": files, "/communications/{ref}": refs, "/communications/{id}": alerts,
		"/letters/{token}": {}, "/letters/{token}/{step}": {"acknowledge", "leave"}, "/subscribe/{token}": {}, "/foreign/{id}": ids("foreign_alert"), "/foreign/{id}/{step}": {"signal", "dismiss"},
		"/substances/{id}": substances, "/substances/{id}/names/{name}": {}, "/substances/{id}/status/{status}": {}, "/regions/{code}": {"KZ-35"}, "/indicators/{code}": {"offenders", "seizures_quantity"}, "/observations/{id}": ids("observation"), "/deaths/records/{id}": ids("death"), "/infections/studies/{id}": ids("infection_study"), "/register/records/{id}": ids("registration"), "/estimates/examples/{code}": {"hepatitis_taiwan"}, "/treatment/episodes/{id}": ids("episode"), "/treatment/tables/{id}": {"9.1.1"}, "/datasets/{code}": h.list(t, "SELECT code FROM dataset LIMIT 2"),
		"/treatment/{id}": ids("episode"), "/facilities/{id}": ids("facility"), "/facilities/{id}/figures/{year}": {"2025"}, "/checks/{id}": ids("check_finding"), "/estimates/{id}": ids("estimate"), "/releases/{id}": ids("disclosure_release"), "/link/{token}": {},
		"/account/tokens/{id}": ids("api_token"), "/account/sessions/{id}": {}, "/admin/accounts/{id}": ids("account"), "/admin/organisations/{id}": ids("organisation"), "/organisations/{id}": ids("organisation"),
		"/outgoing/{template}": {"tdi", "unodc-arq"}, "/outgoing/{template}/{year}": {"2025"}, "/outgoing/{template}/{year}/{file}": {"csv", "xlsx"},
		"/due/deputies/{id}": ids("deputy"), "/calendar/{file}": {}, "/duty/{id}": ids("duty"), "/breaches/{id}": ids("breach"), "/retention/{class}": {"personal_link"},
	}
}
