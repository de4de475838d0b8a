package release_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/release"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

var epidemiology = access.Actor{ID: "e", OrgID: "centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Epidemiology}, Lang: baqylau.English}

func bySex(men, women int) suppress.Table {
	return suppress.Table{Dimensions: []suppress.Dimension{{Name: "sex", Codes: []string{"total", "male", "female"}, Total: "total"}}, Rule: suppress.Rule{Threshold: 5},
		Cells: []suppress.Cell{{Key: []string{"total"}, N: men + women}, {Key: []string{"male"}, N: men}, {Key: []string{"female"}, N: women}}}
}

// Deaths by region are out. A table by sex of the same deaths has the same total, which is out too: the small count cannot hide behind it, and the other sex is hidden with it.
func TestALaterTableIsHeldAgainstWhatIsOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		key, err := secret.New([]byte(strings.Repeat("k", 32)))
		if err != nil {
			t.Fatal(err)
		}
		s := &release.Service{W: change.New(db), Seal: key.Seal, Open: key.Open}
		regions := suppress.Table{Dimensions: []suppress.Dimension{{Name: "region", Codes: []string{"total", "a", "b"}, Total: "total"}}, Rule: suppress.Rule{Threshold: 5},
			Cells: []suppress.Cell{{Key: []string{"total"}, N: 23}, {Key: []string{"a"}, N: 13}, {Key: []string{"b"}, N: 10}}}
		if _, err := s.Publish(t.Context(), epidemiology, release.Publication{Dataset: "deaths KZ 2025", Mark: "by region", Title: "Deaths by region", Table: regions}); err != nil {
			t.Fatal(err)
		}
		p := release.Publication{Dataset: "deaths KZ 2025", Mark: "by sex", Title: "Deaths by sex", Table: bySex(20, 3)}
		e, err := s.Publish(t.Context(), epidemiology, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range e.Shown.Cells {
			if total := c.Key[0] == "total"; total == (c.N == nil) && total || !total && c.N != nil {
				t.Errorf("%v: %v", c.Key, c.N)
			}
		}
		again, err := s.Publish(t.Context(), epidemiology, p)
		if err != nil || again.ID != e.ID {
			t.Errorf("asked again: %s %s %v", again.ID, e.ID, err)
		}
		got, err := s.Get(t.Context(), epidemiology, e.ID)
		if err != nil || len(got.Shown.Cells) != 3 || got.Title != p.Title {
			t.Errorf("%+v %v", got, err)
		}
		var content string
		if err := db.Read.NewRaw("SELECT content FROM disclosure_release WHERE id = ?", e.ID).Scan(t.Context(), &content); err != nil || strings.Contains(content, "female") {
			t.Error("the small count lies open in the database", err)
		}
		wrong := bySex(20, 3)
		wrong.Cells[0].N = 24
		if _, err := s.Publish(t.Context(), epidemiology, release.Publication{Dataset: "other", Mark: "x", Title: "x", Table: wrong}); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Error(err)
		}
		police := access.Actor{ID: "p", OrgID: "police", Domain: baqylau.EnforcementDomain, Roles: []access.Role{access.Authority}}
		if _, err := s.Get(t.Context(), police, e.ID); baqylau.CodeOf(err) != baqylau.Forbidden {
			t.Error(err)
		}
	})
}

// Twenty men and six women are out. A man becomes known: that it was one, and a man, would follow from the new table, so the men and the total are hidden until more have changed; the page before and the file are one answer,
// asked again it is the same, and the women, of whom nothing has changed, stay.
func TestARevisionByFewIsHidden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		key, err := secret.New([]byte(strings.Repeat("k", 32)))
		if err != nil {
			t.Fatal(err)
		}
		s := &release.Service{W: change.New(db), Seal: key.Seal, Open: key.Open}
		hidden := func(men, women int, leaves bool) (out [3]bool) {
			t.Helper()
			a, err := s.Answer(t.Context(), release.Publication{Dataset: "deaths KZ 2025", Mark: "by sex", Title: "Deaths by sex", Table: bySex(men, women)}, leaves)
			if err != nil {
				t.Fatal(err)
			}
			for i, o := range a {
				out[i] = o.Why != suppress.Shown
			}
			return out
		}
		lines := func() (n int) {
			t.Helper()
			if err := db.Read.NewRaw("SELECT count(*) FROM disclosure_release").Scan(t.Context(), &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for i, c := range []struct {
			men, women int
			leaves     bool
			want       [3]bool // total, men, women
			lines      int
		}{
			{20, 6, false, [3]bool{}, 0},
			{20, 6, true, [3]bool{}, 1},
			{21, 6, false, [3]bool{true, true, false}, 1},
			{21, 6, true, [3]bool{true, true, false}, 2},
			{21, 6, true, [3]bool{true, true, false}, 2},
			{20, 6, true, [3]bool{}, 2}, // the first table, as it left
		} {
			if got := hidden(c.men, c.women, c.leaves); got != c.want || lines() != c.lines {
				t.Errorf("%d: %v, %d lines", i, got, lines())
			}
		}
		if got := hidden(40, 12, true); got != [3]bool{} {
			t.Errorf("twenty more men and six more women: %v", got)
		}
	})
}

// The ledger and a line of it are pages for those who release, and for nobody else; the file holds what left.
func TestTheLedgerIsAPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		key, err := secret.New([]byte(strings.Repeat("k", 32)))
		if err != nil {
			t.Fatal(err)
		}
		s := &release.Service{W: change.New(db), Seal: key.Seal, Open: key.Open}
		e, err := s.Publish(t.Context(), epidemiology, release.Publication{Dataset: "deaths KZ 2025", Mark: "by sex", Title: "Deaths by sex", Table: bySex(20, 3)})
		if err != nil {
			t.Fatal(err)
		}
		visit := func(a access.Actor, path string) *httptest.ResponseRecorder {
			rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return a }, Now: s.W.Now, Layout: func(c *web.Ctx, p web.Page) error {
				if p.Status != 0 {
					c.W.WriteHeader(p.Status)
				}
				return p.Body.Render(locale.With(c.Context(), baqylau.English), c.W)
			}})
			release.Routes(rt, s)
			rec := httptest.NewRecorder()
			rt.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
			return rec
		}
		for path, words := range map[string]string{"/releases": "Deaths by sex", "/releases/" + e.ID: "hidden", "/releases/" + e.ID + "?format=csv": "female,suppressed"} {
			if rec := visit(epidemiology, path); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), words) {
				t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
			}
			if rec := visit(access.Actor{ID: "p", OrgID: "police", Domain: baqylau.EnforcementDomain, Roles: []access.Role{access.Authority}, Lang: baqylau.English}, path); rec.Code != http.StatusForbidden {
				t.Errorf("%s: %d", path, rec.Code)
			}
		}
	})
}
