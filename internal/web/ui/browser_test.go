package ui

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/assets"
	"github.com/baqylau/baqylau/internal/web/webtest"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// strictPolicy is the site's rule on what a page may load (package web), as far as components can break it.
const strictPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'"

// gallerySite serves the gallery and the assets, in the language that the address asks for.
func gallerySite(t *testing.T) string {
	t.Helper()
	if !assets.Built() {
		t.Fatal("the assets are not built; run: make assets")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/gallery", Gallery)
	mux.Handle(assets.Prefix, assets.Handler())
	mux.HandleFunc("/search", func(w http.ResponseWriter, r *http.Request) {
		_ = Hits([]Hit{{Href: "#hit", Label: r.FormValue("q")}}).Render(r.Context(), w)
	})
	mux.HandleFunc("/gallery/suggest", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.FormValue("q"), "!") {
			time.Sleep(300 * time.Millisecond) // a server that has much to do
		}
		_ = Suggestions([]Suggestion{{"7", r.FormValue("q"), ""}}).Render(r.Context(), w)
	})
	mux.HandleFunc("/favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `<p style="color:red">inline</p>`) })
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l, ok := baqylau.ParseLang(r.URL.Query().Get("lang"))
		if !ok {
			l = baqylau.English
		}
		w.Header().Set("Content-Security-Policy", strictPolicy)
		mux.ServeHTTP(w, r.WithContext(locale.With(r.Context(), l)))
	}))
	t.Cleanup(site.Close)
	return site.URL
}

// tab is a browser tab and what its console complained of.
type tab struct {
	*testing.T
	ctx  context.Context
	mu   sync.Mutex
	said []string
}

func newTab(t *testing.T) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("disable-quic", true))
	browser, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, done := chromedp.NewContext(browser)
	t.Cleanup(done)
	b := &tab{T: t, ctx: ctx}
	note := func(s string) { b.mu.Lock(); b.said = append(b.said, s); b.mu.Unlock() }
	if err := chromedp.Listen(ctx, func(ev any) {
		switch e := ev.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == "error" {
				note(e.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			note(e.ExceptionDetails.Text)
		}
	}); err != nil {
		t.Fatalf("a browser is needed (make setup installs Chromium): %v", err)
	}
	if _, err := chromedp.Run(ctx, enableLog); err != nil {
		t.Fatal(err)
	}
	return b
}

func enableLog(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, log.Enable, cdp.Empty{})
	return chromedp.Void{}, err
}

func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	said := b.said
	b.said = nil
	return said
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

// until waits for a JavaScript condition; a page that never meets it fails the test.
func (b *tab) until(what, condition string) {
	b.Helper()
	for range 200 {
		if ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+condition+")")); err == nil && ok {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Fatalf("never happened: %s (%s); the console says %q", what, condition, b.complaints())
}

func (b *tab) open(url string) {
	b.Helper()
	b.do(chromedp.Navigate(url))
	b.until("scripts run", "document.documentElement.classList.contains('js')")
}

func TestGalleryInBrowser(t *testing.T) {
	site, b := gallerySite(t), newTab(t)
	axe, err := os.ReadFile("../../../web/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate(site + "/broken"))
	b.until("the page is there", "document.querySelector('p')")
	if said := b.complaints(); len(said) == 0 {
		t.Fatal("an inline style raised no complaint: this test would see nothing")
	}
	for _, l := range baqylau.Langs {
		for _, width := range []int64{1440, 820, 390} {
			for _, path := range []string{"/gallery?", "/gallery?page=inbox&open&", "/gallery?page=inbox&"} {
				where := fmt.Sprintf("%slang=%s at %d px", path, l, width)
				b.do(chromedp.EmulateViewport(width, 900))
				b.open(site + path + "lang=" + string(l))
				if wide, err := chromedp.Run(b.ctx, chromedp.Evaluate[int64]("document.documentElement.scrollWidth")); err != nil || wide > width {
					t.Errorf("%s: content is %d px wide (%v)", where, wide, err)
				}
				if path == "/gallery?" {
					b.until("the structure is drawn", "document.querySelector('.drawing svg')")
				}
				if said := b.complaints(); len(said) > 0 {
					t.Errorf("%s: the console says %q", where, said)
				}
				if l == baqylau.Kazakh && width == 390 || l == baqylau.Russian && width == 1440 { // the markup does not depend on the language
					checkAxe(b, where, string(axe))
				}
			}
		}
	}
}

// checkAxe runs axe-core on the page: WCAG 2.2 A and AA and its best practices.
func checkAxe(b *tab, where, axe string) {
	b.Helper()
	script := axe + `;axe.run(document,{runOnly:["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]})
		.then(r=>r.violations.map(v=>v.id+": "+v.nodes.map(n=>n.html.slice(0,120)).join(" | ")))`
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Errorf("%s: axe: %v", where, err)
	}
	for _, v := range found {
		b.Errorf("%s: %s", where, v)
	}
}

func TestKeysInBrowser(t *testing.T) {
	site, b := gallerySite(t), newTab(t)
	b.do(chromedp.EmulateViewport(1440, 900))
	b.open(site + "/gallery?lang=ru")
	b.do(webtest.Keys("j"), webtest.Keys("j"), webtest.Keys("x"))
	b.until("j moves and x selects", "document.querySelectorAll('[data-row]')[1].matches('[data-state~=active]:has(input:checked)')")
	b.until("the bulk bar takes the filter bar's place", "document.querySelector('.bulk').checkVisibility() && !document.querySelector('.filters').checkVisibility()")
	b.do(webtest.Keys("?"))
	b.until("help opens", "document.querySelector('#keys-help').open")
	b.do(chromedp.Click("#keys-help [data-close-dialog]"), chromedp.Click("[data-palette]"), webtest.Keys("abc"))
	b.until("the palette asks the server", "document.querySelector('#palette .hits')?.textContent.includes('abc')")
	b.do(webtest.Keys("\x1b"))
	b.until("Escape closes the palette", "!document.querySelector('#palette').open")
	b.do(chromedp.Click("#f-substance"), webtest.Keys("xyz"))
	b.until("the typeahead asks for what was typed", "document.querySelector('#f-substance-list [role=option]')?.dataset.label.endsWith('xyz') && document.querySelector('#f-substance').getAttribute('aria-expanded') === 'true'")
	b.until("the page is marked", "document.documentElement.dataset.here = '1'")
	b.do(webtest.Keys("\r"))
	b.until("Enter chooses and sends nothing", "document.querySelector('[name=substance]').value === '7' && document.documentElement.dataset.here && document.querySelector('#f-substance').form.dataset.sent === undefined")
	b.do(webtest.Keys("!"))
	b.until("the server thinks", "document.querySelector('#f-substance.htmx-request')")
	b.do(chromedp.Click("#f-quantity"))
	b.until("matches that come late are not shown over another field", "!document.querySelector('#f-substance.htmx-request') && document.querySelector('#f-substance-list').childElementCount === 0")
	b.do(chromedp.Click("details.confirm > summary"))
	b.until("an irreversible act asks first", "document.querySelector('dialog[open] .confirm-body textarea')")
	b.do(chromedp.Click("dialog[open] [data-cancel]"), chromedp.Click("[data-explore]"))
	b.until("the chart can be zoomed", "document.querySelector('#weeks .canvas svg')")
	b.do(chromedp.Click("[data-zoom-map]"))
	b.until("the map can be zoomed", "document.querySelector('#regions .leaflet-container svg')")
	b.do(chromedp.Click(".menu > summary"), chromedp.Click("[name=keys][value=off]"), webtest.Keys("?"), webtest.Keys("j"))
	b.until("keys can be turned off", "document.documentElement.dataset.keys === 'off' && !document.querySelector('#keys-help').open")
	if said := strings.Join(b.complaints(), "; "); said != "" {
		t.Errorf("the console says %s", said)
	}
}
