package list_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/uptrace/bun"
)

// A list of thousands says "more than"; it is not counted again for every reader, yet never claims rows that its page shows to be gone, nor the number of another question.
func TestALongListIsCountedToABound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		exec := func(sql string) {
			t.Helper()
			if _, err := db.Write.ExecContext(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
		exec("DELETE FROM counter")
		exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2100) INSERT INTO counter (name, value) SELECT CAST(i AS TEXT), i FROM n")
		spec := &list.Spec[string]{
			Name: "counters", Path: "/x", Select: "c.name", From: "counter c", ID: "c.name", Default: "value",
			Where:   func(*web.Ctx) (string, []any) { return "1=1", nil },
			Columns: []list.Column[string]{{Key: "value", Sort: "c.value"}},
			Filters: []list.Filter{{Name: "least", SQL: "c.value >= ?", Narrow: true, Map: func(v string) (any, bool) { n, err := strconv.Atoi(v); return n, err == nil }}},
			Scan:    func(r list.Row) (name string, err error) { return name, r.Scan(&name) },
		}
		few := list.Filter{Name: "few", Find: func(_ *web.Ctx, _ bun.IDB, v string) (list.Found, error) {
			n, err := strconv.Atoi(v)
			return list.Found{SQL: "c.value <= ?", Args: []any{n}, Narrow: true, Few: true}, err
		}}
		spec.Filters = append(spec.Filters, few)
		var res *list.Result[string]
		rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return access.Anyone(baqylau.English) }, Layout: func(*web.Ctx, web.Page) error { return nil }})
		older := ""
		rt.Handle("GET /x", access.PublicRead, func(c *web.Ctx) (err error) { res, err = spec.Read(c, db.Read); return err })
		see := func(query string, count int, capped bool) {
			t.Helper()
			rt.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/x"+query, nil))
			if res == nil || res.Count != count || res.Capped != capped {
				t.Fatalf("%q: %+v, want %d, more: %t", query, res, count, capped)
			}
			older = res.Older
			res = nil
		}
		see("", 2000, true)
		see("?least=2092", 9, false)
		see("?few=120", 120, false) // while they are sorted: more than a page, fewer than one, too many, none
		see("?few=7", 7, false)
		see("?few=2050", 2000, true)
		see("?few=120&least=119", 2, false)
		see("?few=0", 0, false)
		see("?few=120", 120, false)
		see(strings.TrimPrefix(older, "/x"), 120, false) // the next page
		see("?least=50", 2000, true)
		exec("DELETE FROM counter WHERE value > 1000")
		see("", 2000, true) // what was counted a moment ago
		see("?least=970", 31, false)
		see("?least=50", 2000, true)
		exec("DELETE FROM counter WHERE value > 80")
		see("?least=50", 31, false) // one page: the page is believed
	})
}
