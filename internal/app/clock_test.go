package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// The clock of the machine is set back over midnight while people work, and after a while set right: nobody is thrown out, nothing is lost or counted twice, no past day has fewer
// than no events, no session lives longer, the journal keeps the order of the acts, reminders and letters go out once, and whoever may set the system up is warned in their language as long as it lasts.
func TestTheClockIsSetBack(t *testing.T) {
	t.Parallel()
	for _, e := range storetest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			var off atomic.Int64
			now := func() time.Time { return time.Now().Add(time.Duration(off.Load())) }
			box := &mailbox{}
			a, err := app.Start(ctx, app.Config{Addr: "127.0.0.1:0", DB: storetest.DSN(t, e), DataDir: t.TempDir(), Demo: true, Now: now,
				SMTP: app.SMTP{Host: "127.0.0.1", Port: box.serve(t), From: "ews@ews.example", TLS: "none"}})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := a.Close(ctx); err != nil {
					t.Error(err)
				}
			}()
			if _, err := account.Demo(ctx, a.Writer, baqylau.English, app.DemoPassword); err != nil {
				t.Fatal(err)
			}
			h := &house{App: a, counted: a.URL}
			people, pages := map[string]*person{}, map[string]string{"administrator": "/admin/settings", "police": "/reports"}
			for _, login := range []string{"administrator", "police"} {
				people[login] = h.visitor(t)
				people[login].asked = nil
				if in := people[login].post(t, "/sign-in", "login", login+"@demo.baqylau", "password", app.DemoPassword); in.status != http.StatusSeeOther {
					t.Fatalf("%s signs in: %d", login, in.status)
				}
			}
			for name, p := range people {
				if page := p.get(t, pages[name]); page.status != http.StatusOK {
					t.Fatalf("%s is not in: %d %s", name, page.status, page.location())
				}
			}
			token := tokenOf(t, a, "police")
			send := func(ref, text string) string {
				t.Helper()
				body, _ := json.Marshal(map[string]any{"kind": "seizure", "source_ref": ref, "occurred_on": change.Today(time.Now()).AddDays(-9).String(), "region": "KZ-75", "text": text}) //nolint:errchkjson // a map of texts
				x := people["police"].do(t, http.MethodPost, "/api/v1/reports", strings.NewReader(string(body)), "Content-Type", "application/json", "Authorization", "Bearer "+token,
					"Idempotency-Key", fmt.Sprint("key-of-", ref, len(text)), "Cookie", "none=1")
				if x.status < 200 || x.status > 299 {
					t.Fatalf("%s at %s: %d %s", ref, now(), x.status, x.body)
				}
				return x.body
			}
			a.Look(ctx)
			if len(a.Warnings()) != 0 {
				t.Fatalf("warned at the start: %v", a.Warnings())
			}
			first := send("C-1", "мефедрон")
			send("C-2", "мефедрон")

			off.Store(int64(-30 * time.Hour))
			warned := func(when string) {
				t.Helper()
				if a.Look(ctx); !slices.Contains(a.Warnings(), app.ClockBack) {
					t.Errorf("%s: nobody is warned: %v", when, a.Warnings())
				}
				for _, l := range []baqylau.Lang{baqylau.Kazakh, baqylau.Russian, baqylau.English} {
					page := people["administrator"].do(t, http.MethodGet, "/admin/settings", nil, "Accept-Language", string(l), "Cookie", locale.Cookie+"="+string(l))
					if page.status != http.StatusOK || !strings.Contains(page.body, locale.TIn(l, "app.warning.clock")) {
						t.Errorf("%s: the administrator is not told in %s: %d", when, l, page.status)
					}
				}
			}
			warned("set back")
			if again := send("C-1", "мефедрон"); again != first {
				t.Errorf("the same report with the same key is another one now: %s, was %s", again, first)
			}
			send("C-3", "мефедрон")
			send("C-2", "мефедрон и героин") // corrected before it was known
			for name, p := range people {
				if page := p.get(t, pages[name]); page.status != http.StatusOK {
					t.Errorf("%s is thrown out: %d %s", name, page.status, page.location())
				}
			}
			warned("after acts under the wrong time")
			late := h.visitor(t)
			late.asked = nil
			if in := late.post(t, "/sign-in", "login", "customs@demo.baqylau", "password", app.DemoPassword); in.status != http.StatusSeeOther {
				t.Errorf("nobody can sign in: %d", in.status)
			}
			if n := h.count(t, "SELECT count(*) FROM session WHERE account_id IS NOT NULL AND started_at < ?", time.Now().Add(-time.Hour).UnixMicro()); n != 0 {
				t.Errorf("%d sessions begin at the wrong time, and live longer when it is set right", n)
			}
			if n := h.count(t, "SELECT count(*) FROM session WHERE account_id IS NOT NULL AND expires_at > ?", time.Now().UnixMicro()); n != 3 {
				t.Errorf("%d of 3 sessions last from now", n)
			}

			off.Store(0)
			send("C-4", "мефедрон")
			if a.Look(ctx); len(a.Warnings()) != 0 {
				t.Errorf("warned although it is right again: %v", a.Warnings())
			}
			if n := h.count(t, "SELECT count(*) FROM report WHERE source_ref LIKE 'C-%' AND superseded_on IS NULL"); n != 4 {
				t.Errorf("%d of 4 reports", n)
			}
			if n := h.count(t, "SELECT COALESCE(SUM(n), 0) FROM series_cell WHERE dim = 'total' AND kind = 'seizure'"); n != 4 {
				t.Errorf("the series have %d of 4 events", n)
			}
			for _, d := range h.list(t, "SELECT DISTINCT known_on FROM series_cell") {
				if less := h.list(t, "SELECT dim || ' ' || dim_id || ' ' || kind FROM series_cell WHERE known_on <= ? AND kind <> 'overlap' GROUP BY dim, dim_id, country, region, kind, week HAVING SUM(n) < 0", d); len(less) > 0 {
					t.Errorf("as known on %s there were fewer than no events: %v", d, less)
				}
			}
			if r, err := audit.Verify(ctx, a.DB.Read); err != nil || !r.OK {
				t.Errorf("the journal: %+v %v", r, err)
			}
			quiet(t, h)
			if n := h.count(t, "SELECT count(*) FROM delivery WHERE state <> 'accepted'") + h.count(t, "SELECT count(*) FROM river_job WHERE state IN ('discarded', 'retryable')"); n != 0 {
				t.Errorf("%d letters or jobs did not come through", n)
			}
			box.mu.Lock()
			defer box.mu.Unlock()
			seen := map[string]bool{}
			for _, l := range box.letters {
				if seen[l.to+l.text] {
					t.Errorf("a letter came twice: %s", l.text)
				}
				seen[l.to+l.text] = true
			}
		})
	}
}

// quiet waits until no job is left.
func quiet(t *testing.T, h *house) {
	t.Helper()
	for begun := time.Now(); h.count(t, "SELECT count(*) FROM river_job WHERE state IN ('available', 'running', 'scheduled')") > 0; time.Sleep(100 * time.Millisecond) {
		if time.Since(begun) > 3*time.Minute {
			t.Fatal("jobs are never done: ", h.list(t, "SELECT kind || ' ' || state FROM river_job WHERE state IN ('available', 'running', 'scheduled')"))
		}
	}
}

func tokenOf(t *testing.T, a *app.App, name string) string {
	t.Helper()
	all, err := account.List(ctx, a.DB.Read)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		if x.Login == name+"@demo.baqylau" {
			token, err := a.Accounts.NewToken(ctx, x.Actor(), "clock", 30)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
	}
	t.Fatalf("no account of %s", name)
	return ""
}
