package list_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/uptrace/bun"
)

type numbered struct {
	n    int
	told string
}

// What is read ahead comes in order and whole, filled or not; a failure in the middle ends the file and harms nothing else; a reader who goes away stops the reading.
func TestAnExportIsReadAhead(t *testing.T) {
	const rows = 4321
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, sql := range []string{"DELETE FROM counter",
			"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + strconv.Itoa(rows) + ") INSERT INTO counter (name, value) SELECT CAST(i AS TEXT), i FROM n"} {
			if _, err := db.Write.ExecContext(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
		bad, left := 0, 0 // the row at which reading fails, and how often it panics instead
		spec := func(fill bool) *list.Spec[*numbered] {
			s := &list.Spec[*numbered]{Name: "counters", Path: "/x", Title: "nav.overview", Select: "c.value", From: "counter c", ID: "c.name", Default: "-value", Export: true,
				Where:   func(*web.Ctx) (string, []any) { return "1=1", nil },
				Columns: []list.Column[*numbered]{{Key: "value", Label: "nav.overview", Sort: "c.value", Text: func(_ context.Context, x *numbered) string { return strconv.Itoa(x.n) + x.told }}},
				Scan: func(r list.Row) (*numbered, error) {
					x := &numbered{}
					err := r.Scan(&x.n)
					if x.n == bad && left > 0 {
						panic("a row that nobody expected")
					}
					if x.n == bad {
						err = errors.New("a row that nobody expected")
					}
					return x, err
				}}
			if fill {
				s.Fill = func(_ *web.Ctx, _ bun.IDB, list []*numbered) error {
					for _, x := range list {
						x.told = "!"
					}
					return nil
				}
			}
			return s
		}
		w := change.New(db)
		actor := access.Actor{ID: "a", OrgID: "o", Roles: []access.Role{access.Officer}, Domain: baqylau.NeutralDomain, Lang: baqylau.English}
		rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return actor }, Now: w.Now, Layout: func(*web.Ctx, web.Page) error { return nil }})
		rt.Handle("GET /plain", access.ReportRead, spec(false).Handler(w))
		rt.Handle("GET /filled", access.ReportRead, spec(true).Handler(w))
		export := func(path string) (lines []string) {
			rec := httptest.NewRecorder()
			rt.ServeHTTP(rec, httptest.NewRequest("GET", path+"?format=csv", nil))
			return strings.Split(strings.TrimSpace(rec.Body.String()), "\r\n")[1:]
		}
		for path, mark := range map[string]string{"/plain": "", "/filled": "!"} {
			bad, left = 0, 0
			lines := export(path)
			if len(lines) != rows {
				t.Fatalf("%s: %d rows", path, len(lines))
			}
			for i, line := range lines {
				if line != strconv.Itoa(rows-i)+mark {
					t.Fatalf("%s: row %d is %s", path, i, line)
				}
			}
			for left = range 2 {
				bad = rows - 2500
				if lines := export(path); len(lines) > 2500 {
					t.Errorf("%s, panic %d: %d rows in spite of a failure after 2500", path, left, len(lines))
				}
			}
			bad, left = 0, 0
			ctx, leave := context.WithCancel(t.Context())
			leave()
			rt.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path+"?format=csv", nil).WithContext(ctx))
		}
	})
}
