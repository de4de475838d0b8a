package harm_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
)

// visit asks a page as somebody, in a language; a form is sent by POST.
func (h *house) visit(a access.Actor, l baqylau.Lang, path string, form url.Values) *httptest.ResponseRecorder {
	h.t.Helper()
	a.Lang = l
	rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return a }, Now: h.s.W.Now, Layout: func(c *web.Ctx, p web.Page) error {
		if p.Status != 0 {
			c.W.WriteHeader(p.Status)
		}
		return p.Body.Render(locale.With(c.Context(), l), c.W)
	}})
	harm.Routes(rt, h.s)
	req := httptest.NewRequest("GET", path, nil)
	if form != nil {
		req = httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rec := httptest.NewRecorder()
	rt.ServeHTTP(rec, req)
	return rec
}

// shows fails where a page does not hold some words.
func (h *house) shows(rec *httptest.ResponseRecorder, words ...string) {
	h.t.Helper()
	for _, w := range words {
		if !strings.Contains(rec.Body.String(), w) {
			h.t.Errorf("status %d, the page lacks %q:\n%.3000s", rec.Code, w, rec.Body.String())
		}
	}
}

// A hospital enters a death, reads why it counts, corrects and withdraws it; the counts are there in every language and as a file.
func TestTheDeathPages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		form := url.Values{"register": {"general"}, "died_on": {"2025-05-01"}, "sex": {"male"}, "age": {"31"}, "manner": {"accident"}, "underlying": {"х42"}, "causes": {"T401, T42.4"}, "autopsy": {"yes"}, "toxicology": {"yes"}, "caused": {"heroin\nsomething"},
			"person": {"123456789012"}}
		bad := h.visit(hospital, baqylau.English, "/deaths/new", form)
		if h.shows(bad, "12 digits", "something"); strings.Contains(bad.Body.String(), "123456789012") || bad.Code != http.StatusUnprocessableEntity && bad.Code != http.StatusBadRequest {
			t.Errorf("status %d, or the personal number is shown again", bad.Code)
		}
		form.Set("person", "")
		done := h.visit(hospital, baqylau.English, "/deaths/new", form)
		path := done.Header().Get("Location")
		if done.Code != http.StatusSeeOther || !strings.HasPrefix(path, "/deaths/records/") {
			t.Fatalf("entering: %d %s %s", done.Code, path, done.Body)
		}
		h.shows(h.visit(hospital, baqylau.English, path, nil), "X42", "T40.1", "poisoning by narcotics", "to be checked")
		h.shows(h.visit(hospital, baqylau.English, path+"/edit", nil), "T40.1 T42.4", "heroin\nsomething", `value="31"`)
		h.shows(h.visit(hospital, baqylau.Russian, "/deaths/records", nil), "X42 T40.1 T42.4", path)
		if rec := h.visit(police, baqylau.English, path, nil); rec.Code != http.StatusNotFound {
			t.Errorf("the police read a record: %d", rec.Code)
		}
		if rec := h.visit(police, baqylau.English, "/deaths/records", nil); strings.Contains(rec.Body.String(), "X42") {
			t.Error("the police list the records")
		}
		if rec := h.visit(police, baqylau.English, "/deaths/new", nil); rec.Code != http.StatusForbidden {
			t.Errorf("the police are offered the form: %d", rec.Code)
		}
		for l, words := range map[baqylau.Lang][]string{baqylau.English: {"Selection B", "Possibly missed", "hidden"}, baqylau.Russian: {"Выборка B", "скрыто"}, baqylau.Kazakh: {"B іріктемесі", "жасырылған"}} {
			h.shows(h.visit(author, l, "/deaths", nil), words...)
		}
		h.shows(h.visit(author, baqylau.English, "/deaths?format=csv", nil), "selection,year,sex", "B,2025,total,all,,,suppressed")
		h.shows(h.visit(epidemiology, baqylau.English, "/deaths?format=csv", nil), "B,2025,total,all,,,1,1,", "D,2025,total,all,,,not_collected,not_collected,")
		if rec := h.visit(epidemiology, baqylau.English, "/deaths?format=xlsx", nil); rec.Code != http.StatusOK || !strings.HasPrefix(rec.Body.String(), "PK") {
			t.Errorf("no workbook: %d", rec.Code)
		}
		if rec := h.visit(hospital, baqylau.English, path+"/withdraw", url.Values{}); rec.Code != http.StatusSeeOther {
			t.Errorf("withdrawing: %d", rec.Code)
		}
		h.shows(h.visit(epidemiology, baqylau.English, "/deaths", nil), "No deaths recorded")
	})
}
