package app_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// everyLook makes TestPagesForAll show each page in every language, theme and width, and to everybody who may see it (`make soak`); with the beginning of an address, such as
// /policy, only the pages there.
const everyLook = "BAQYLAU_A11Y_ALL"

// appearance is what a page may look like. 640 px is a window of 1280 px at 200 % zoom, 360 px a small phone.
type appearance struct {
	lang  baqylau.Lang
	theme string
	width int64
}

func appearances() (out []appearance) {
	for _, w := range []int64{1440, 360, 640} {
		for _, theme := range []string{"light", "dark"} {
			for _, l := range baqylau.Langs {
				out = append(out, appearance{l, theme, w})
			}
		}
	}
	return out
}

// TestPagesForAll opens the pages of the route table in a real browser: axe-core finds nothing serious (WCAG 2.2 AA, targets of 24 px among it), nothing is wider
// than the window, nothing moves for who asked for stillness. A page is seen once, each in another look than the one before it.
func TestPagesForAll(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile("../../web/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is needed (make setup assets): %v", err)
	}
	h := start(t, storetest.DSN(t, storetest.Engines()[0]))
	h.plant(t)
	all, looks := os.Getenv(everyLook) != "", appearances()
	pages := h.pagesOf(t, all)
	if at := os.Getenv(everyLook); strings.HasPrefix(at, "/") {
		pages = slices.DeleteFunc(pages, func(p shown) bool { return !strings.HasPrefix(p.path, at) })
	} else if len(pages) < 60 {
		t.Errorf("only %d pages were looked at", len(pages))
	}
	tabs := 1
	if all {
		tabs = 2
	}
	for n := range tabs {
		t.Run(fmt.Sprint("tab ", n+1), func(t *testing.T) {
			t.Parallel()
			b := newTab(t)
			for i, p := range pages {
				if i%tabs != n {
					continue
				}
				one := looks[i%len(looks):][:1]
				if all && p.first {
					one = looks
				}
				b.become(p.person)
				b.fits(h.URL, p.path, p.name, one, string(axe))
			}
			t.Logf("%d pages, %d looks", len(pages), b.judged)
		})
	}
}

// shown is a page that somebody is shown.
type shown struct {
	*person
	path  string
	first bool // nobody before was shown it
}

// pagesOf shares the pages out: each to the first who is given it, or with all set to everybody who is.
func (h *house) pagesOf(t *testing.T, all bool) (out []shown) {
	t.Helper()
	values, given := h.pathValues(t), map[string]bool{}
	for _, name := range []string{"officer", "analyst", "hospital", "administrator", "approver", "assessor", "epidemiologist", "protection", "auditor", "public"} {
		p := h.people[name]
		for _, r := range h.Router.Routes() {
			if r.Method != http.MethodGet || !access.May(p.Actor, r.Act) || strings.HasPrefix(r.Pattern, "/api/") {
				continue
			}
			for _, x := range append(some(fill(t, r, values)), place{path: "/nowhere"}) {
				if given[x.path] && !all {
					continue
				}
				if a := p.get(t, x.path); strings.Contains(a.body, "<html") && (a.status == http.StatusOK || x.path == "/nowhere") && !slices.ContainsFunc(out, func(s shown) bool { return s.person == p && s.path == x.path }) {
					out = append(out, shown{p, x.path, !given[x.path]})
					given[x.path] = true
				}
			}
		}
	}
	return out
}

// become lets the tab ask as a person with their API token, or as somebody without one.
func (b *tab) become(p *person) {
	b.Helper()
	headers := network.Headers{"X-Forwarded-For": b.place}
	if p.token != "" {
		headers["Authorization"] = "Bearer " + p.token
	}
	b.do(chromedp.Func(func(c context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(c, t, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: headers})
		return err
	}))
}

// appears sets width, theme and stillness.
func (b *tab) appears(l appearance) {
	b.Helper()
	b.do(chromedp.EmulateViewport(l.width, 900), chromedp.Func(func(c context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(c, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: l.theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	}))
}

// fits opens a page once for each language, with everything on it unfolded, and judges it in every look of that language.
func (b *tab) fits(site, path, who string, looks []appearance, axe string) {
	b.Helper()
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	for _, lang := range baqylau.Langs {
		opened := false
		for _, l := range looks {
			if l.lang != lang {
				continue
			}
			b.appears(l)
			if !opened {
				b.open(site + path + sep + "lang=" + string(lang))
				b.complaints() // the answer to /nowhere is an error to the console
				if _, err := run(b, axe+`;""`); err != nil {
					b.Fatal(err)
				}
				opened = true
			}
			b.judge(fmt.Sprintf("%s as %s, %s, %s, %d px", path, who, l.lang, l.theme, l.width), l.width)
		}
	}
}

// judge looks at the open page as it appears.
func (b *tab) judge(where string, width int64) {
	b.Helper()
	b.judged++
	wide, err := run(b, fmt.Sprintf(`(() => { document.querySelectorAll("main details").forEach(d => d.open = true);
		const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > %d + 1 && e.checkVisibility() && !e.closest(".rooms, .table-wrap, .sr, dialog")).slice(-3).map(e => e.outerHTML.slice(0, 120));
		return document.documentElement.scrollWidth > %d ? document.documentElement.scrollWidth + " px: " + out.join(" | ") : "" })()`, width, width))
	if err != nil || wide != "" {
		b.Errorf("%s is wider than the window: %s %v", where, wide, err)
	}
	b.is(where+" is still", "document.getAnimations().length === 0")
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](`axe.run(document,{resultTypes:["violations"],runOnly:["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]})
		.then(r=>r.violations.map(v=>v.impact+" "+v.id+": "+v.nodes.slice(0,4).map(n=>n.html.slice(0,160)+(n.any[0]?.message?" ("+n.any[0].message+")":"")).join(" | ")))`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Errorf("%s: axe: %v", where, err)
	}
	for _, v := range found {
		b.Errorf("%s: %s", where, v)
	}
}
