package list_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
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

// What is read ahead comes in order and whole, filled or not; a failure is answered as one or, when a part is on its way, cuts the
// answer off, and harms nothing else; a reader who goes away stops the reading.
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
		var reached func(n int)
		wide := strings.Repeat("·", 20)
		spec := func(fill bool) *list.Spec[*numbered] {
			s := &list.Spec[*numbered]{Name: "counters", Path: "/x", Title: "nav.overview", Select: "c.value", From: "counter c", ID: "c.name", Default: "-value", Export: true,
				Where:   func(*web.Ctx) (string, []any) { return "1=1", nil },
				Columns: []list.Column[*numbered]{{Key: "value", Label: "nav.overview", Sort: "c.value", Text: func(_ context.Context, x *numbered) string { return strconv.Itoa(x.n) + x.told + wide }}},
				Scan: func(r list.Row) (*numbered, error) {
					x := &numbered{}
					err := r.Scan(&x.n)
					if err == nil && reached != nil {
						reached(x.n)
					}
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
		rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return actor }, Now: w.Now, Layout: func(c *web.Ctx, p web.Page) error {
			c.W.WriteHeader(p.Status)
			return nil
		}})
		rt.Handle("GET /plain", access.ReportRead, spec(false).Handler(w))
		rt.Handle("GET /filled", access.ReportRead, spec(true).Handler(w))
		export := func(ctx context.Context, path string) (rec *httptest.ResponseRecorder, cut bool) {
			rec = httptest.NewRecorder()
			defer func() {
				if r := recover(); r != nil && r != http.ErrAbortHandler { //nolint:errorlint // a panic's own value
					panic(r)
				} else if r != nil {
					cut = true
				}
			}()
			rt.ServeHTTP(rec, httptest.NewRequest("GET", path+"?format=csv", nil).WithContext(ctx))
			return rec, false
		}
		for path, mark := range map[string]string{"/plain": "", "/filled": "!"} {
			bad, left = 0, 0
			rec, cut := export(t.Context(), path)
			lines := strings.Split(strings.TrimSpace(rec.Body.String()), "\r\n")[1:]
			if len(lines) != rows || cut {
				t.Fatalf("%s: %d rows, cut off: %v", path, len(lines), cut)
			}
			for i, line := range lines {
				if line != strconv.Itoa(rows-i)+mark+wide {
					t.Fatalf("%s: row %d is %s", path, i, line)
				}
			}
			for left = range 2 {
				bad = rows - 2500
				if rec, cut := export(t.Context(), path); !cut || rec.Body.Len() == 0 || strings.Contains(rec.Body.String(), "<") {
					t.Errorf("%s, panic %d: a failure after 2500 rows does not cut the answer off: %d bytes", path, left, rec.Body.Len())
				}
				bad = rows - 10
				if rec, cut := export(t.Context(), path); cut || rec.Code != http.StatusInternalServerError || rec.Header().Get("Content-Disposition") != "" {
					t.Errorf("%s, panic %d: a failure at the beginning is answered with %d, cut off: %v", path, left, rec.Code, cut)
				}
			}
			bad, left = 0, 0
			ctx, leave := context.WithCancel(t.Context())
			var last atomic.Int64
			reached = func(n int) {
				if last.Store(int64(n)); n == rows-600 {
					leave()
				}
			}
			export(ctx, path)
			reached = nil
			if n := last.Load(); n > rows-600 || n < rows-4000 {
				t.Errorf("%s: the reader went away at row %d, and reading ended at %d", path, rows-600, n)
			}
			if n := db.Read.Stats().InUse; n != 0 {
				t.Errorf("%s: %d connections are still in use", path, n)
			}
		}
	})
}
