package app_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/app"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is a tab of a real browser, and what its console complained of.
type tab struct {
	*testing.T
	ctx    context.Context
	place  string // the address it comes from, as our proxy says
	mu     sync.Mutex
	said   []string
	opened int // dialogs
	judged int // looks at pages
}

// tabs counts them: tries to sign in are limited for each address, and the stories must not wait for one another's minute.
var tabs atomic.Int64

func newTab(t *testing.T) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("disable-quic", true))
	browser, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	c, done := chromedp.NewContext(browser)
	t.Cleanup(done)
	b := &tab{T: t, ctx: c, place: fmt.Sprintf("192.0.2.%d", tabs.Add(1))}
	if err := chromedp.Listen(c, func(ev any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := ev.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == "error" {
				b.said = append(b.said, e.Entry.Text+" "+e.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			b.said = append(b.said, e.ExceptionDetails.Text)
		case *page.EventJavascriptDialogOpening:
			b.opened++
		}
	}); err != nil {
		t.Fatalf("a browser is needed (make setup installs Chromium): %v", err)
	}
	if _, err := chromedp.Run(c, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, log.Enable, cdp.Empty{})
		return chromedp.Void{}, err
	}); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(1440, 900))
	b.become(&person{})
	return b
}

func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	said := b.said
	b.said = nil
	return said
}

func (b *tab) dialogs() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.opened
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

// ask evaluates a JavaScript condition.
func (b *tab) ask(condition string) bool {
	ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+condition+")"))
	return err == nil && ok
}

func (b *tab) is(what, condition string) {
	b.Helper()
	if !b.ask(condition) {
		b.Errorf("not so: %s (%s)", what, condition)
	}
}

// until waits for a JavaScript condition; a page that never meets it fails the test with what it shows.
func (b *tab) until(what, condition string) {
	b.Helper()
	for range 200 {
		if b.ask(condition) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	text, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("location.href + '\\n' + document.body.innerText.slice(0, 1500)"))
	b.Fatalf("never happened: %s (%s); the console says %q; the page:\n%s", what, condition, b.complaints(), text)
}

func (b *tab) open(address string) {
	b.Helper()
	b.do(chromedp.Navigate(address))
	b.until("scripts run", "document.readyState === 'complete' && document.documentElement.classList.contains('js')")
}

// signIn signs in by the form, in a language.
func (b *tab) signIn(site, who, lang string) {
	b.Helper()
	for tries := 0; ; tries++ {
		b.open(site + "/sign-in?lang=" + lang)
		b.set("login", who+"@demo.baqylau")
		b.set("password", app.DemoPassword)
		b.press("main form button[type=submit]", "true")
		if b.path() != "/sign-in" {
			return
		}
		if said := b.complaints(); tries == 40 || !strings.Contains(strings.Join(said, " "), " 429 ") {
			b.Fatalf("%s is not let in: %q", who, said)
		}
		time.Sleep(2 * time.Second) // the tests before have used up the tries of this minute
	}
}

// signOut leaves by the person's own menu.
func (b *tab) signOut() {
	b.Helper()
	b.press("form[action='/sign-out'] button", "location.pathname === '/sign-in'")
}

// set fills a field of the page by its name.
func (b *tab) set(name, value string) {
	b.Helper()
	b.fill(fmt.Sprintf("main [name='%s']", name), value)
}

// press goes to what a selector finds, presses Enter there and waits for what follows on the next page.
func (b *tab) press(selector, after string) {
	b.Helper()
	b.reach(selector)
	b.until("the page is marked", "document.documentElement.dataset.before = '1'")
	b.key("\r")
	b.until(selector+" leads on", "!document.documentElement.dataset.before && document.readyState === 'complete' && ("+after+")")
}

// run evaluates a JavaScript expression that gives text.
func run(b *tab, expression string) (string, error) {
	return chromedp.Run(b.ctx, chromedp.Evaluate[string](expression))
}
