package intake_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

var lists = []string{"/reports", "/occurrences", "/imports", "/matches", "/mappings"}

func cursor(json string) string { return base64.RawURLEncoding.EncodeToString([]byte(json)) }

// hostileQueries are what a list may be asked for by somebody who does not use its page.
var hostileQueries = []string{
	"q=" + url.QueryEscape(`'; DROP TABLE report; --`), "q=%25_%5C", "q=%00", "q=%ff%fe", "q=" + strings.Repeat("%D1%8B", 5_000), "q=%F0%9F%92%8A", "q=%E2%80%AE", "q=a%0d%0aSet-Cookie:x",
	"sort=-nonsense", "sort=%00", "sort=r.id%3B--", "kind=%27", "kind=death&kind=seizure", "state=%00", "from=2026-02-31", "from=9999999", "from=%00", "to=-1", "region=%25", "batch=%00",
	"view=%00", "format=xlsx&q=%00", "format=exe", "lang=%00", "%00=1", ";;;", "a=%zz", "known=0000", "known=2026-11-25T00",
	"after=" + cursor(`{"v":null,"i":"x"}`), "after=" + cursor(`{"v":{"a":1},"i":"x"}`), "after=" + cursor(`{"v":[1,2],"i":"x"}`), "after=" + cursor(`{"v":1e300,"i":"x"}`), "after=" + cursor(`{"v":true,"i":"x"}`),
	"after=" + cursor(`{"v":"\u0000","i":"x"}`), "after=" + cursor(`{"v":"2026-11-25","i":"\u0000"}`), "after=" + cursor(`{"v":"?","i":"'"}`), "before=" + cursor(`{"v":12,"i":"x"}`), "before=%00", "after=AAAA",
}

// A list that is asked for nonsense answers or refuses; it never fails.
func TestHostileQueries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		h.take(t, h.police, h.stage(t, h.police, "a.csv", seizures, table(t, "Q", 60, nil)), false)
		v := h.visitor(t, h.officer)
		for _, path := range lists {
			for _, q := range hostileQueries {
				for _, sort := range []string{"", "&sort=occurred", "&sort=-recorded"} {
					ask(t, v, path+"?"+q+sort)
				}
			}
		}
		for _, path := range []string{"/reports/%00", "/reports/%ff", "/imports/%00", "/occurrences/%00", "/mappings/%00", "/mappings/new/%00", "/uploads/%00", "/uploads/..%2f..", "/reports/1/files/%00", "/imports/%00/rejects.csv"} {
			ask(t, v, path)
		}
	})
}

func ask(t testing.TB, v *visitor, target string) {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		return // no request that a server would see
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL, r.RequestURI = u, target
	if w := v.do(r); w.Code >= http.StatusInternalServerError {
		t.Errorf("%.200s: status %d", target, w.Code)
	}
}

// FuzzQuery: no query makes a list fail.
func FuzzQuery(f *testing.F) {
	h := open(f, storetest.Open(f, store.SQLite))
	h.take(f, h.police, h.stage(f, h.police, "a.csv", seizures, table(f, "Q", 20, nil)), false)
	v := h.visitor(f, h.officer)
	for i, q := range hostileQueries {
		f.Add(byte(i), q)
	}
	f.Add(byte(0), "q=мефедрон&kind=seizure&from=2026-01-01&sort=-occurred")
	f.Fuzz(func(t *testing.T, which byte, query string) {
		w := *v
		w.t = t // a fuzz target may not speak through f
		ask(t, &w, lists[int(which)%len(lists)]+"?"+query)
	})
}
