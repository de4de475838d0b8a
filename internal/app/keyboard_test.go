package app_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau/internal/web/webtest"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Everything that people do in the browser tests is done with the keyboard alone: Tab until the thing has the focus, then the keys that work it. On the way each
// thing that has the focus must show it.

// key presses keys.
func (b *tab) key(keys string, how ...func(*input.DispatchKeyEventParams)) {
	b.Helper()
	b.do(webtest.Keys(keys, how...))
}

// control holds Ctrl down.
func control(s *input.DispatchKeyEventParams) {
	s.Modifiers, s.Text, s.UnmodifiedText = int64(chromedp.ModifierCtrl), "", ""
}

// mostTabs is more than any page has stops.
const mostTabs = 600

// reach goes by Tab to the first thing that a selector finds, opening the folds around it.
func (b *tab) reach(selector string) {
	b.Helper()
	b.until("there is "+selector, fmt.Sprintf("document.querySelector(%q)", selector))
	where := fmt.Sprintf(`(() => { const t = document.querySelector(%q), e = document.activeElement; if (!t) return "gone";
		if (e === t) return "here";
		const fold = t.closest("details:not([open])"), opener = fold?.querySelector("summary");
		if (opener && opener !== t && e === opener) return "fold";
		if (e === document.body || e.matches("main, .errors, dialog")) return "on";
		const s = getComputedStyle(e), around = getComputedStyle(e.closest(".drop") ?? e);
		const shown = [s, around].some(x => x.outlineStyle !== "none" && parseFloat(x.outlineWidth) >= 2) || e.closest("#palette");
		return shown ? "on" : "unseen " + e.outerHTML.slice(0, 160); })()`, selector)
	for range mostTabs {
		at, err := run(b, where)
		switch {
		case err != nil:
			b.Fatalf("%s: %v", selector, err)
		case at == "here":
			return
		case at == "fold":
			b.key("\r")
		case strings.HasPrefix(at, "unseen"):
			b.Errorf("the focus is not shown on %s", at)
			b.key("\t")
		default:
			b.key("\t")
		}
	}
	text, _ := run(b, "location.href + ' ' + document.activeElement.outerHTML.slice(0, 200)")
	b.Fatalf("the keyboard does not come to %s: %s", selector, text)
}

// fill works a field as its kind is worked with keys.
func (b *tab) fill(selector, value string) {
	b.Helper()
	b.reach(selector)
	kind, err := run(b, "document.activeElement.type")
	if err != nil {
		b.Fatal(err)
	}
	switch kind {
	case "checkbox":
		if b.ask("document.activeElement.checked") != (value != "") {
			b.key(" ")
		}
		return
	case "select-one":
		at, err := run(b, fmt.Sprintf("String([...document.activeElement.options].filter(o => !o.disabled).findIndex(o => o.value === %q))", value))
		if err != nil || at == "-1" {
			b.Fatalf("%s offers no %q: %v", selector, value, err)
		}
		n, _ := strconv.Atoi(at) // made from a number
		b.key(kb.Home)
		b.key(strings.Repeat(kb.ArrowDown, n))
	case "date": // in the order of the browser's language, which is English of the United States
		parts := strings.Split(value, "-")
		b.key(parts[1] + parts[2] + parts[0])
	default:
		b.do(chromedp.Func(func(c context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(c, t, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: "a", Code: "KeyA", WindowsVirtualKeyCode: 65,
				Modifiers: int64(chromedp.ModifierCtrl), Commands: []string{"selectAll"}})
			if err == nil {
				_, err = cdp.Call(c, t, input.InsertText, input.InsertTextParams{Text: value})
			}
			return err
		}))
	}
	b.until(selector+" is "+value, fmt.Sprintf("document.activeElement.value === %q", value))
}
