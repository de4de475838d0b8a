package list_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
)

// A list by name stands as the reader's dictionary has what is shown, whatever the database calls its rows: Ә after А, Қ after К, capitals beside small letters, equal names each once. It
// goes on so from page to page, back again, the other way round and in the exported file.
func TestNamesStandAsTheReadersDictionaryHasThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if _, err := db.Write.ExecContext(t.Context(), "DELETE FROM counter"); err != nil {
			t.Fatal(err)
		}
		names := map[string]baqylau.Text{"1": {KK: "Яна", RU: "Анна", EN: "Zed"}, "2": {KK: "Қала", RU: "Яна", EN: "able"}, "3": {KK: "Әсем", RU: "Бэла", EN: "Baker"}, "4": {KK: "Кен", RU: "ёлка", EN: "charlie"},
			"5": {KK: "Ана", RU: "Жанна", EN: "Delta"}, "6": {KK: "Бал", RU: "вера", EN: "echo"}}
		for id := range names {
			names["7"+id] = baqylau.Same("№ " + id)
		}
		for i := range 100 { // and many of one name, to fill pages
			names[fmt.Sprintf("8%03d", i)] = baqylau.Same("же")
		}
		for id := range names {
			if _, err := db.Write.ExecContext(t.Context(), "INSERT INTO counter (name, value) VALUES (?, 0)", id); err != nil {
				t.Fatal(err)
			}
		}
		say := func(ctx context.Context, id string) string { return names[id].In(locale.Lang(ctx)) }
		spec := &list.Spec[string]{Name: "counters", Path: "/x", Title: "nav.overview", Select: "c.name", From: "counter c", ID: "c.name", Default: "name", Export: true,
			Where:   func(*web.Ctx) (string, []any) { return "c.value = ?", []any{0} },
			Columns: []list.Column[string]{{Key: "name", Label: "nav.overview", Spelled: say, Text: say}},
			Scan:    func(r list.Row) (id string, err error) { return id, r.Scan(&id) }}
		w := change.New(db)
		for lang, want := range map[string]string{"kk": "Ана Әсем Бал же Кен Қала Яна", "ru": "Анна Бэла вера ёлка Жанна же Яна", "en": "able Baker charlie Delta echo Zed же"} {
			var res *list.Result[string]
			rt := web.NewRouter(web.Options{Now: w.Now, Authenticate: func(*http.Request) access.Actor { return access.TheSystem() }, Layout: func(*web.Ctx, web.Page) error { return nil }})
			rt.Handle("GET /x", access.PublicRead, func(c *web.Ctx) (err error) {
				if c.Query("format") != "" {
					return spec.Handler(w)(c)
				}
				res, err = spec.Read(c, db.Read)
				return err
			})
			see := func(address string) (rows []string, body string) {
				t.Helper()
				r, a := httptest.NewRequest("GET", address, nil), httptest.NewRecorder()
				r.Header.Set("Accept-Language", lang)
				if rt.ServeHTTP(a, r); a.Code != http.StatusOK {
					t.Fatalf("%s: %d %s", address, a.Code, a.Body)
				}
				if res != nil {
					rows = res.Rows
				}
				return rows, a.Body.String()
			}
			ctx := locale.With(t.Context(), baqylau.Lang(lang))
			spelled := func(ids []string) string {
				var out []string
				for _, id := range ids {
					if s := say(ctx, id); !strings.HasPrefix(s, "№") {
						out = append(out, s)
					}
				}
				return strings.Join(slices.Compact(out), " ")
			}
			var all []string
			for address := "/x"; address != ""; address = res.Older {
				rows, _ := see(address)
				all = append(all, rows...)
			}
			if got := spelled(all); got != want || len(all) != len(names) || len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(names) {
				t.Errorf("%s: %d rows, %s, want %s", lang, len(all), got, want)
			}
			var back []string
			for address := res.Newer; address != ""; address = res.Newer {
				rows, _ := see(address)
				back = append(slices.Clone(rows), back...)
			}
			if !slices.Equal(back, all[:len(back)]) || len(back) != 100 {
				t.Errorf("%s: back again %v", lang, back)
			}
			first, _ := see("/x?sort=-name")
			slices.Reverse(all)
			if !slices.Equal(first, all[:list.PageSize]) {
				t.Errorf("%s: the other way round %v", lang, first)
			}
			for _, sort := range []string{"name", "-name"} { // the place in another order, by a number, is none in this one
				if rows, _ := see("/x?sort=" + sort + "&after=" + base64.RawURLEncoding.EncodeToString([]byte(`{"v":7,"i":"8050"}`))); len(rows) != list.PageSize || res.Newer != "" {
					t.Errorf("%s, %s: %d rows from a place that is none, %q before them", lang, sort, len(rows), res.Newer)
				}
			}
			_, file := see("/x?format=csv")
			words := strings.Split(want, " ")
			if a, b := strings.Index(file, words[1]), strings.Index(file, words[2]); a < 0 || b < a {
				t.Errorf("%s: the file has %s", lang, file)
			}
		}
	})
}
