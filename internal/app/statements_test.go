package app_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/uptrace/bun"
)

// statements counts what each request asks of the database: a row that is not yours must cost as much as one that is not there, or the time of the
// answer tells them apart.
type statements struct {
	last atomic.Int64
	open sync.Map // header value → *request
}

// countHeader names a request of the tests to the counter.
const countHeader = "X-Test-Request"

type request struct {
	n     atomic.Int64
	ended chan struct{}
}

type requestKey struct{}

// watch must stand before anything uses the database.
func (s *statements) watch(db *store.DB) {
	one := db.Read == db.Write
	db.Write = db.Write.WithQueryHook(s)
	if db.Read = db.Read.WithQueryHook(s); one {
		db.Read = db.Write
	}
}

// BeforeQuery implements bun.QueryHook. What jobs ask in the meantime belongs to no request.
func (s *statements) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		r.n.Add(1)
	}
	return ctx
}

// AfterQuery implements bun.QueryHook.
func (s *statements) AfterQuery(context.Context, *bun.QueryEvent) {}

// around gives each named request its own count.
func (s *statements) around(site http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x, ok := s.open.Load(r.Header.Get(countHeader))
		if !ok {
			site.ServeHTTP(w, r)
			return
		}
		defer close(x.(*request).ended)
		site.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, x)))
	})
}

// begin names a request that is about to be sent; end waits until it is answered whole and tells its count.
func (s *statements) begin(r *http.Request) (end func() int) {
	name := strconv.FormatInt(s.last.Add(1), 10)
	x := &request{ended: make(chan struct{})}
	s.open.Store(name, x)
	r.Header.Set(countHeader, name)
	return func() int {
		<-x.ended
		s.open.Delete(name)
		return int(x.n.Load())
	}
}

// The counter sees what is read, written and done within a transaction: without, no and no statements would be alike.
func TestStatementsAreCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := &statements{}
		s.watch(db)
		site := s.around(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			ask := func(ctx context.Context, db bun.IDB) {
				if _, err := db.NewRaw("SELECT 1").Exec(ctx); err != nil {
					t.Error(err)
				}
			}
			ask(r.Context(), db.Read)
			ask(r.Context(), db.Write)
			if err := db.Write.RunInTx(r.Context(), nil, func(ctx context.Context, tx bun.Tx) error { ask(ctx, tx); return nil }); err != nil {
				t.Error(err)
			}
		}))
		r := httptest.NewRequest("GET", "/", nil)
		asked := s.begin(r)
		if site.ServeHTTP(httptest.NewRecorder(), r); asked() < 3 {
			t.Error("a statement is not counted")
		}
	})
}
