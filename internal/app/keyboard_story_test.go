package app_test

import (
	"testing"

	"github.com/baqylau/baqylau/internal/intake"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keyboard tells the jobs that the story leaves out: the lists and their keys, the palette and the menu, a merge, the work of the laboratory and its release by
// a second person.
func (h *house) keyboard(t *testing.T) {
	b := newTab(t)
	var forensic string
	if err := h.DB.Read.NewRaw("SELECT id FROM organisation WHERE code = 'forensic_centre'").Scan(ctx, &forensic); err != nil {
		t.Fatal(err)
	}
	h.report(t, "customs", intake.Seizure, forensic, centreReads+"analyst reviewer ", nil)
	page := "/lab/" + h.reports["customs"].ReportID
	b.as(h, "officer", func() {
		b.browses(h)
		b.merges(h)
	})
	b.as(h, "hospital", func() { b.goesBack(h) })
	b.as(h, "analyst", func() {
		b.open(h.URL + page)
		b.fill("form[action='"+page+"/receive'] [name=sample_ref]", "K-77")
		b.press("form[action='"+page+"/receive'] button", "document.querySelector(\"form[action$='/result']\")")
		b.fill("[name=substance_text]", "metonitaz")
		b.until("matches are offered", "document.querySelector('[role=option]')")
		b.key("\r")
		b.until("Enter chooses", "document.querySelector('[name=substance]').value !== ''")
		b.set("level", "confirmed")
		b.fill("#f-techniques-GC_MS", "1")
		b.set("standard", "certified")
		b.set("analysed_on", h.today().String())
		b.press("form[action='"+page+"/result'] button[type=submit]", "document.querySelector(\"form[action$='/submit']\")")
		b.press("form[action='"+page+"/submit'] button", "!document.querySelector(\"form[action$='/submit']\")")
	})
	b.as(h, "reviewer", func() {
		b.open(h.URL + page)
		b.reach("details.confirm:has(form[action$='/release']) > summary")
		b.key("\r")
		b.until("the release asks first", "document.querySelector(\"dialog[open] form[action$='/release']\") && document.activeElement.matches(\"dialog [data-cancel]\")")
		b.key("\r")
		b.until("an Enter too many releases nothing", "!document.querySelector('dialog[open]') && document.querySelector(\"details.confirm form[action$='/release']\")")
		b.key("\r")
		b.until("the release asks again", "document.querySelector(\"dialog[open] form[action$='/release']\")")
		b.press("dialog form[action='"+page+"/release'] button[type=submit]", "!document.querySelector(\"form[action$='/release']\")")
	})
	b.quiet("the end")
}

// goesBack leaves a form that was refused twice and goes back: the browser shows the form, not that it cannot show what was sent.
func (b *tab) goesBack(h *house) {
	b.Helper()
	const form = "/reports/new/acute_intoxication"
	b.open(h.URL + form)
	for range 2 {
		b.press("main form[action='"+form+"'] button[type=submit]", "document.querySelector('.errors') && location.pathname === '"+form+"'")
	}
	b.open(h.URL + "/reports")
	b.do(chromedp.NavigateBack())
	b.until("Back shows the form", "location.pathname === '"+form+"' && document.querySelector(\"form[action='"+form+"']\") && document.documentElement.classList.contains('js')")
	b.complaints() // of the refusals
}

// browses goes through a list by its keys, finds a substance by the palette and leaves the menu by Escape.
func (b *tab) browses(h *house) {
	b.Helper()
	b.open(h.URL + "/reports")
	b.key("/")
	b.until("/ filters", "document.activeElement.name === 'q'")
	rows := "document.querySelectorAll('main .list-body [data-row]').length"
	b.key("ҚҚҚҚ")
	b.until("the list follows what one types", rows+" === 0 && location.search.includes('q=') && !document.querySelector('main .exports a')")
	b.until("under one bar, in which one goes on typing", "document.querySelectorAll('main .filters, main .list-body').length === 2 && document.activeElement.value === 'ҚҚҚҚ'")
	b.until("and which counts and saves what is there", "document.querySelector('main .count').innerText.startsWith('0 ') && document.querySelector('main .save a')")
	b.key(kb.Backspace + kb.Backspace + kb.Backspace + kb.Backspace)
	b.until("all comes back with its exports", rows+" > 0 && document.querySelectorAll('main .exports a').length === 2 && !document.querySelector('main .save a')")
	b.open(h.URL + "/reports")
	b.key("jj")
	b.until("j moves", "document.querySelectorAll('[data-row]')[1] === document.activeElement")
	b.key("k")
	b.until("k moves back", "document.querySelectorAll('[data-row]')[0] === document.activeElement")
	b.key("\r")
	b.until("Enter opens", "/^\\/reports\\/[0-9a-f-]{36}$/.test(location.pathname) && document.readyState === 'complete' && document.documentElement.classList.contains('js')")
	b.reach("details.menu > summary")
	b.key("\r")
	b.until("the menu opens", "document.querySelector('details.menu').open")
	b.key(kb.Escape)
	b.until("Escape closes it and keeps the place", "!document.querySelector('details.menu').open && document.activeElement.matches('.menu > summary')")
	b.key("k", control)
	b.until("the palette opens", "document.querySelector('#palette').open && document.activeElement.matches('#palette input')")
	b.key("metonitaz")
	b.until("it finds", "document.querySelector('#palette .hits a')?.innerText.toLowerCase().includes('метонитазен')")
	b.key(kb.ArrowDown)
	b.until("an arrow chooses", "document.querySelector('#palette [aria-selected=true]').id === document.activeElement.getAttribute('aria-activedescendant')")
	b.key("\r")
	b.until("Enter goes there", "location.pathname.startsWith('/substances/') && document.readyState === 'complete'")
}

// merges takes the first proposal.
func (b *tab) merges(h *house) {
	b.Helper()
	h.until(b.T, "two reports may tell of one occurrence", func() bool { return h.count(b.T, "SELECT count(*) FROM match_proposal WHERE state = 'proposed'") > 0 })
	before := h.count(b.T, "SELECT count(*) FROM match_proposal WHERE state = 'proposed'")
	b.open(h.URL + "/matches")
	b.press("button[formaction$='/merge']", "true")
	if after := h.count(b.T, "SELECT count(*) FROM match_proposal WHERE state = 'merged'"); after == 0 {
		b.Errorf("nothing is merged; %d were proposed", before)
	}
}
