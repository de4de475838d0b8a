package list_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
)

// An organisation that sees a handful of many thousand rows has its handful read, whatever the order and the filter; one that sees most of them has the list read.
// Here the query of the few leaves out a row of the scope, by which it shows whether it was begun with.
func TestAListBeginsWithTheFewRowsOfAnOrganisation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		exec := func(sql string) {
			t.Helper()
			if _, err := db.Write.ExecContext(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
		exec("DELETE FROM counter")
		exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5200) INSERT INTO counter (name, value) SELECT CAST(i AS TEXT), i FROM n")
		var from int
		spec := &list.Spec[string]{
			Name: "counters", Path: "/x", Select: "c.name, ?", Args: []any{"x"}, From: "counter c LEFT JOIN counter d ON d.name = c.name", ID: "c.name", Default: "value", Export: true,
			Where: func(*web.Ctx) (string, []any) { return "c.value >= ?", []any{from} },
			Few: func(*web.Ctx) list.Found {
				return list.Found{SQL: "SELECT y.name AS id FROM counter y WHERE y.value > ? UNION ALL SELECT y.name AS id FROM counter y WHERE y.value > ?", Args: []any{from, max(from, 5000)}}
			},
			Columns: []list.Column[string]{{Key: "value", Sort: "c.value"}, {Key: "name", Sort: "c.name"}},
			Filters: []list.Filter{{Name: "most", SQL: "c.value <= ?", Map: func(v string) (any, bool) { n, err := strconv.Atoi(v); return n, err == nil }}},
			Scan:    func(r list.Row) (name string, err error) { var x string; return name, r.Scan(&name, &x) },
		}
		var res *list.Result[string]
		rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return access.Anyone(baqylau.English) }, Layout: func(*web.Ctx, web.Page) error { return nil }})
		rt.Handle("GET /x", access.PublicRead, func(c *web.Ctx) (err error) { res, err = spec.Read(c, db.Read); return err })
		see := func(query string, count int, first string) {
			t.Helper()
			rt.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/x"+query, nil))
			if res == nil || res.Count != count || res.Rows[0] != first {
				t.Fatalf("%q: %+v, want %d from %s", query, res, count, first)
			}
			res = nil
		}
		from = 5190
		see("", 10, "5191")
		see("?sort=-name", 10, "5200")
		see("?most=5193", 3, "5191")
		from = 100 // 5,100 and 200 more: the list is read in its order, and the row is there
		see("", 2000, "100")
		see("?most=102&sort=-value", 3, "102")
	})
}
