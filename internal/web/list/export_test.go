package list_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/export"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/uptrace/bun"
)

// held answers a download as a browser does that keeps nothing, and notes the most memory that is in use between its parts.
type held struct {
	head       http.Header
	code, size int
	next, most uint64
}

func (h *held) Header() http.Header { return h.head }
func (h *held) WriteHeader(n int)   { h.code = n }
func (h *held) Write(p []byte) (int, error) {
	if h.size += len(p); uint64(h.size) >= h.next { //nolint:gosec // not negative
		h.next = uint64(h.size) + 1<<18 //nolint:gosec // not negative
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		h.most = max(h.most, m.HeapAlloc)
	}
	return len(p), nil
}

// numbers is the list of the numbers to most, each with some words; filled reads the words in a second step.
func numbers(most int, filled bool) *list.Spec[*numbered] {
	s := &list.Spec[*numbered]{Name: "numbers", Path: "/x", Title: "nav.overview", Select: "n.i", ID: "n.name", Default: "value", Export: true,
		From:  "(WITH RECURSIVE m(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM m WHERE i < " + strconv.Itoa(most) + ") SELECT i, CAST(i AS TEXT) AS name FROM m) n",
		Where: func(*web.Ctx) (string, []any) { return "n.i <= ?", []any{most} },
		Columns: []list.Column[*numbered]{{Key: "value", Label: "nav.overview", Sort: "n.i", Text: func(_ context.Context, x *numbered) string {
			return strconv.Itoa(x.n*7_919%10_007) + " " + strconv.FormatUint(uint64(x.n)*0x9E3779B97F4A7C15, 16) + x.told //nolint:gosec // not negative
		}}},
		Scan: func(r list.Row) (*numbered, error) { x := &numbered{}; return x, r.Scan(&x.n) }}
	if filled {
		s.From = "(SELECT value AS i, name FROM counter) n"
		s.Fill = func(_ *web.Ctx, _ bun.IDB, list []*numbered) error {
			for _, x := range list {
				x.told = strconv.Itoa(x.n) + " read afterwards"
			}
			return nil
		}
	}
	return s
}

// An export of ten times the rows holds no more memory: nothing of it is kept until its end, be it a workbook or a text, read at once or in steps. And a list
// that no sheet holds is refused before the first byte.
func TestAnExportHoldsNoMoreOfALongerList(t *testing.T) {
	const short, slack = 6_000, 3 << 20
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if _, err := db.Write.ExecContext(t.Context(), "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) INSERT INTO counter (name, value) SELECT CAST(i AS TEXT), i FROM n WHERE i > 0"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Write.ExecContext(t.Context(), "CREATE INDEX counter_test ON counter(value, name)"); err != nil {
			t.Fatal(err)
		}
		var most int
		w := change.New(db)
		actor := access.Actor{ID: "a", OrgID: "o", Roles: []access.Role{access.Officer}, Domain: baqylau.NeutralDomain, Lang: baqylau.English}
		rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return actor }, Now: w.Now, Layout: func(c *web.Ctx, p web.Page) error {
			c.W.WriteHeader(p.Status)
			return nil
		}})
		for _, filled := range []bool{false, true} {
			rt.Handle(fmt.Sprintf("GET /%t", filled), access.ReportRead, func(c *web.Ctx) error { return numbers(most, filled).Handler(w)(c) })
		}
		get := func(path string, rows int) *held {
			t.Helper()
			most = rows
			h := &held{head: http.Header{}, code: http.StatusOK}
			rt.ServeHTTP(h, httptest.NewRequest("GET", path, nil))
			return h
		}
		for _, path := range []string{"/false?format=csv", "/false?format=xlsx", "/true?format=csv", "/true?format=xlsx"} {
			get(path, short) // the first one fills caches
			few, many := get(path, short), get(path, 10*short)
			if few.code != http.StatusOK || many.code != http.StatusOK || few.size < short || many.size < 9*few.size {
				t.Fatalf("%s: %d and %d, %d and %d bytes", path, few.code, many.code, few.size, many.size)
			}
			if many.most > few.most+slack {
				t.Errorf("%s: %d MB are in use while %d rows are sent, %d MB for ten times as many", path, few.most>>20, short, many.most>>20)
			}
		}
		if h := get("/false?format=xlsx", export.MaxRows+1); h.code == http.StatusOK || h.head.Get("Content-Disposition") != "" {
			t.Errorf("a list of more rows than a sheet has is answered with %d", h.code)
		}
	})
}
