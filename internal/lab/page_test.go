package lab_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/lab"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// site serves the pages of reports and of the laboratory; the header Person says who asks.
func (h *house) site() http.Handler {
	rt := web.NewRouter(web.Options{
		Authenticate: func(r *http.Request) access.Actor {
			for _, a := range []access.Actor{police, doctor, analyst, both, reviewer, stranger, officer} {
				if a.ID == r.Header.Get("Person") {
					return a
				}
			}
			return access.Anyone(baqylau.Russian)
		},
		Layout: func(c *web.Ctx, p web.Page) error {
			if p.Status != 0 {
				c.W.WriteHeader(p.Status)
			}
			return ui.Layout(ui.Page{Title: p.Title, Kind: p.Kind}).Render(templ.WithChildren(c.Context(), templ.ComponentFunc(
				func(ctx context.Context, w io.Writer) error { return p.Body.Render(templ.ClearChildren(ctx), w) })), c.W)
		},
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return h.now },
	})
	h.intake.Panels = append(h.intake.Panels, h.s.Panel)
	lab.Routes(rt, h.s)
	intake.Routes(rt, h.intake)
	return rt
}

// ask sends a request; a form makes it a POST.
func ask(site http.Handler, who access.Actor, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if form != nil {
		r = httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Person", who.ID)
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	return w
}

func TestTheStoryOnPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		site, rec := h.site(), h.report(police, intake.Seizure, "forensic", "Heroin")
		page := "/lab/" + rec.ReportID
		want := func(who access.Actor, path string, form url.Values, status int, parts ...string) {
			t.Helper()
			w := ask(site, who, path, form)
			if w.Code != status {
				t.Errorf("%s %s: status %d, want %d", who.ID, path, w.Code, status)
			}
			for _, p := range parts {
				if not, ok := strings.CutPrefix(p, "!"); ok && strings.Contains(w.Body.String(), not) {
					t.Errorf("%s %s shows %q", who.ID, path, not)
				} else if !ok && !strings.Contains(w.Body.String(), p) {
					t.Errorf("%s %s does not show %q", who.ID, path, p)
				}
			}
		}
		want(analyst, "/lab", nil, 200, rec.Receipt, "запрошено")
		want(stranger, "/lab", nil, 200, "!"+rec.Receipt)
		want(stranger, page, nil, 404)
		want(police, page, nil, 403)
		want(police, "/reports/"+rec.ReportID, nil, 200, "Лабораторный анализ", "запрошено")
		want(analyst, page, nil, 200, `value="E-17"`)
		want(analyst, page+"/receive", url.Values{"sample_ref": {""}}, 422)
		want(analyst, page+"/receive", url.Values{"sample_ref": {"K-101"}}, 303)
		list, err := lab.AnalysesOf(context.Background(), db.Read, rec.ReportID)
		h.check(err)
		id := list[0].ID
		form := url.Values{"analysis": {id}, "substance": {h.substance("Metonitazene")}, "level": {"confirmed"}, "techniques": {"colour_test"}, "standard": {"certified"}, "analysed_on": {"2026-11-23"},
			"purity": {"12,5"}}
		want(analyst, page+"/result", form, 422, "нужен разделяющий метод", `value="12,5"`, "checked")
		form["techniques"] = []string{"colour_test", "GC_MS"}
		want(analyst, page+"/result", form, 303)
		want(police, "/reports/"+rec.ReportID, nil, 200, "анализ идёт", "!12,5")
		want(analyst, page+"/submit", url.Values{"analysis": {id}}, 303)
		want(analyst, page+"/release", url.Values{"analysis": {id}}, 403)
		want(analyst, page, nil, 200, "второй специалист")
		want(reviewer, page, nil, 200, "Выдать этот результат?", "dana")
		want(reviewer, page+"/return", url.Values{"analysis": {id}}, 422)
		want(reviewer, page+"/release", url.Values{"analysis": {id}}, 303)
		want(police, "/reports/"+rec.ReportID, nil, 200, "12,5\u00a0%", "выдано", "аналитик лаборатории", "!dana", "!gulnar")
		want(doctor, "/reports/"+rec.ReportID, nil, 404)

		h.now = h.now.AddDate(0, 0, 20)
		late := h.report(police, intake.Seizure, "forensic", "Heroin")
		want(analyst, "/lab?due=overdue", nil, 200, "!"+rec.Receipt) // released
		h.now = h.now.AddDate(0, 0, 15)
		want(analyst, "/lab?due=overdue", nil, 200, late.Receipt, "просрочено", "!"+rec.Receipt)
		want(analyst, "/lab?q=metonitazene&state=released", nil, 200, "K-101", "!"+late.Receipt)
		want(analyst, "/lab/substances?substance_text=metonit", nil, 200, "etonitazen")

		for _, l := range []string{"kk", "ru", "en"} {
			for _, path := range []string{"/lab", "/lab/new", "/lab/file", page, "/reports/" + rec.ReportID} {
				want(analyst, path+"?lang="+l, nil, 200)
			}
		}
		if m := locale.Missing(); len(m) > 0 {
			t.Errorf("missing messages: %v", m)
		}
	})
}

func TestTheFormsForSamplesAndFiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		site := h.site()
		form := url.Values{"kind": {"collected_sample"}, "sample_ref": {"K-7"}, "occurred_on": {"2026-11-20"}, "region": {"KZ-75"}, "text": {"white powder"}}
		w := ask(site, analyst, "/lab/new", form)
		if w.Code != 303 || !strings.HasPrefix(w.Header().Get("Location"), "/lab/") {
			t.Errorf("new sample: %d %s", w.Code, w.Header().Get("Location"))
		}
		form.Set("region", "")
		if w := ask(site, analyst, "/lab/new", form); w.Code != 422 || !strings.Contains(w.Body.String(), "white powder") {
			t.Errorf("new sample without region: %d", w.Code)
		}
		send := func(content string) int {
			var b bytes.Buffer
			m := multipart.NewWriter(&b)
			part, err := m.CreateFormFile("file", "results.csv")
			h.check(err)
			_, err = io.WriteString(part, content)
			h.check(err)
			h.check(m.Close())
			r := httptest.NewRequest(http.MethodPost, "/lab/file", &b)
			r.Header.Set("Content-Type", m.FormDataContentType())
			r.Header.Set("Person", analyst.ID)
			w := httptest.NewRecorder()
			site.ServeHTTP(w, r)
			return w.Code
		}
		if code := send("sample,substance,level,technique\nK-7,Metonitazene,presumptive,FTIR\n"); code != 303 {
			t.Errorf("good file: %d", code)
		}
		if code := send("sample,substance,level,technique\nK-8,Metonitazene,presumptive,FTIR\n"); code != 422 {
			t.Errorf("faulty file: %d", code)
		}
	})
}
