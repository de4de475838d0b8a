package due

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

// house is the room with a few people, a clock the test moves and the letters sent.
type house struct {
	*Service
	t    *testing.T
	now  time.Time
	sent []string // "purpose address", in order
	lock sync.Mutex
}

func (h *house) Queue(_ context.Context, _ *change.Tx, purpose, _, address string, _ baqylau.Lang, subject, body string) error {
	h.lock.Lock()
	defer h.lock.Unlock()
	if strings.Contains(subject+body, "⟦") {
		h.t.Errorf("letter with a missing message: %s", body)
	}
	h.sent = append(h.sent, purpose+" "+address)
	return nil
}

func newHouse(t *testing.T, db *store.DB) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)} // a Wednesday
	w := change.New(db)
	w.Now = func() time.Time { return h.now }
	h.Service = New(w, h, func() string { return "http://baqylau.test" })
	for _, q := range []string{
		"INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES ('centre', 'centre', '{}', 'other', 'neutral', 'KZ', 0), ('police', 'police', '{}', 'police', 'enforcement', 'KZ', 0), ('hospital', 'hospital', '{}', 'health', 'health', 'KZ', 0)",
		"INSERT INTO account (id, login, name, org_id, lang, state, created_at) VALUES ('o1', 'o1@x', 'Aigul', 'centre', 'en', 'active', 0), ('o2', 'o2@x', 'Bolat', 'centre', 'ru', 'active', 0), ('head', 'head@x', 'Head', 'centre', 'kk', 'active', 0), ('p', 'p@x', 'Police', 'police', 'ru', 'active', 0), ('p2', 'p2@x', 'Police 2', 'police', 'ru', 'active', 0), ('h', 'h@x', 'Hospital', 'hospital', 'ru', 'active', 0), ('gone', 'gone@x', 'Gone', 'centre', 'ru', 'disabled', 0)",
		"INSERT INTO account_role (account_id, role) VALUES ('o1', 'ews_officer'), ('o2', 'ews_officer'), ('head', 'approver'), ('p', 'reporter'), ('p2', 'reporter'), ('h', 'reporter'), ('gone', 'ews_officer')",
	} {
		if _, err := db.Write.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { fn(t, newHouse(t, db)) })
}

func who(id, org string, d baqylau.Domain, roles ...access.Role) access.Actor {
	return access.Actor{ID: id, Name: id, OrgID: org, Domain: d, Roles: roles, Lang: baqylau.English}
}

var (
	o1     = who("o1", "centre", baqylau.NeutralDomain, access.Officer)
	head   = who("head", "centre", baqylau.NeutralDomain, access.Approver)
	police = who("p", "police", baqylau.EnforcementDomain, access.Reporter)
	p2     = who("p2", "police", baqylau.EnforcementDomain, access.Reporter)
	hosp   = who("h", "hospital", baqylau.HealthDomain, access.Reporter)
)

func (h *house) do(fn func(ctx context.Context, tx *change.Tx) error) {
	h.t.Helper()
	err := h.W.Do(context.Background(), access.TheSystem(), access.DueRemind, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("test", "t", "", nil)
		return fn(ctx, tx)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) open(x Item) {
	h.t.Helper()
	h.do(func(ctx context.Context, tx *change.Tx) error { return Open(ctx, tx, x) })
}

func (h *house) titles(a access.Actor) []string {
	h.t.Helper()
	list, err := h.List(context.Background(), a, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	out := []string{}
	for _, x := range list {
		out = append(out, x.Title.EN)
	}
	return out
}

func (h *house) remind() []string {
	h.t.Helper()
	h.sent = nil
	if err := h.Remind(context.Background()); err != nil {
		h.t.Fatal(err)
	}
	slices.Sort(h.sent)
	return h.sent
}

func item(kind string, h *house, after time.Duration) Item {
	return Item{ObjectType: "signal", ObjectID: "s1", Kind: kind, Title: baqylau.Same(kind), Path: "/signals/s1", Role: access.Officer, DueAt: h.now.Add(after)}
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestItemsBelongToAccountsAndRoles(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.open(item("validate", h, 2*time.Hour))
		own := item("assess", h, time.Hour)
		own.AccountID = "head"
		h.open(own)
		ask := Item{ObjectType: "report", ObjectID: "r1", Kind: "answer", Title: baqylau.Same("answer"), Path: "/reports/r1", Role: access.Reporter, OrgID: "police", DueAt: h.now.Add(time.Hour)}
		h.open(ask)
		same(t, "officer", h.titles(o1), "validate")
		same(t, "head", h.titles(head), "assess")
		same(t, "police", h.titles(police), "answer")
		same(t, "hospital", h.titles(hosp))
		same(t, "public", h.titles(access.Anyone(baqylau.English)))
		h.open(item("validate", h, 30*time.Minute)) // the same duty again moves its clock
		list, err := h.Upcoming(context.Background(), o1, 1)
		if err != nil || len(list) != 1 || !list[0].DueAt.Equal(h.now.Add(30*time.Minute)) {
			t.Errorf("%+v, %v", list, err)
		}
		h.do(func(ctx context.Context, tx *change.Tx) error { return Close(ctx, tx, "signal", "s1", "validate") })
		same(t, "officer after closing", h.titles(o1))
		same(t, "head after closing another kind", h.titles(head), "assess")
		h.do(func(ctx context.Context, tx *change.Tx) error { return Close(ctx, tx, "signal", "s1", "") })
		same(t, "head after closing all", h.titles(head))
		h.open(item("validate", h, time.Hour)) // and may open anew
		same(t, "officer again", h.titles(o1), "validate")
	})
}

func TestAnItemWithoutAnybodyIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		x := item("validate", h, time.Hour)
		x.Role = ""
		err := h.W.Do(context.Background(), access.TheSystem(), access.DueRemind, func(ctx context.Context, tx *change.Tx) error { return Open(ctx, tx, x) })
		if baqylau.CodeOf(err) != baqylau.Invalid {
			t.Error(err)
		}
	})
}

func TestDeputiesSeeItemsAndGetReminders(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		ask := Item{ObjectType: "report", ObjectID: "r1", Kind: "answer", Title: baqylau.Same("answer"), Path: "/reports/r1", AccountID: "p", DueAt: h.now.Add(time.Hour), RemindAt: h.now}
		h.open(ask)
		same(t, "before", h.titles(p2))
		today := change.Today(h.now)
		if err := h.AddDeputy(ctx, police, "h", today, today); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("a deputy across the wall: %v", err)
		}
		if err := h.AddDeputy(ctx, police, "p2", today, today.AddDays(-1)); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("days the wrong way round: %v", err)
		}
		if err := h.AddDeputy(ctx, police, "p2", today, today); err != nil {
			t.Fatal(err)
		}
		same(t, "deputy", h.titles(p2), "answer")
		same(t, "letters", h.remind(), "reminder p2@x", "reminder p@x")
		h.now = h.now.AddDate(0, 0, 1)
		same(t, "the day after", h.titles(p2))
	})
}

func TestRemindersAndEscalationHappenOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		x := item("validate", h, 2*time.Hour)
		x.RemindAt, x.EscalateAt = h.now.Add(time.Hour), h.now.Add(3*time.Hour)
		h.open(x)
		same(t, "early", h.remind())
		h.now = h.now.Add(time.Hour)
		same(t, "reminder", h.remind(), "reminder o1@x", "reminder o2@x")
		same(t, "reminder again", h.remind())
		h.now = h.now.Add(2 * time.Hour)
		h.sent = nil
		var wg sync.WaitGroup
		for range 4 { // several nodes at the same moment
			wg.Go(func() {
				if err := h.Remind(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		slices.Sort(h.sent)
		same(t, "escalation", h.sent, "escalation head@x", "escalation o1@x", "escalation o2@x")
		same(t, "escalation again", h.remind())
	})
}

func TestTheOneOnDutyIsReminded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, today := context.Background(), change.Today(h.now)
		if err := h.AddDuty(ctx, o1, "o2", today, today.AddDays(6)); err != nil {
			t.Fatal(err)
		}
		if err := h.AddDuty(ctx, o1, "p", today, today); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("police on the centre's roster: %v", err)
		}
		if err := h.AddDuty(ctx, police, "o2", today, today); baqylau.CodeOf(err) != baqylau.Forbidden {
			t.Errorf("police edit the roster: %v", err)
		}
		on, err := h.OnDuty(ctx, today.AddDays(6))
		if err != nil || len(on) != 1 || on[0].AccountID != "o2" {
			t.Errorf("%+v, %v", on, err)
		}
		x := item("validate", h, time.Hour)
		x.RemindAt = h.now
		h.open(x)
		same(t, "reminder", h.remind(), "reminder o2@x")
	})
}

func TestWorkingDaysOfKazakhstan(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		for range 2 { // loading again changes nothing
			if err := LoadHolidays(ctx, h.W, data.FS); err != nil {
				t.Fatal(err)
			}
		}
		c, err := LoadCalendar(ctx, h.W.DB.Read)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			from string
			n    int
			want string
		}{
			{"2026-11-25", 1, "2026-11-26"},
			{"2026-11-27", 1, "2026-11-30"}, // Friday, then Monday
			{"2026-12-15", 1, "2026-12-17"}, // Independence Day between
			{"2026-12-31", 1, "2027-01-05"}, // 1 and 2 January, the moved day off on the 4th
			{"2026-03-20", 1, "2026-03-26"}, // Nauryz
			{"2026-11-25", 0, "2026-11-25"},
			{"2026-11-25", 10, "2026-12-09"},
		} {
			if got := c.Add(baqylau.MustDate(x.from), x.n).String(); got != x.want {
				t.Errorf("%s + %d = %s, want %s", x.from, x.n, got, x.want)
			}
		}
		late := time.Date(2026, 11, 27, 20, 30, 0, 0, time.UTC) // already Saturday 01:30 in Almaty
		if got := c.Deadline(late, 1); !got.Equal(time.Date(2026, 11, 30, 18, 59, 59, 0, time.UTC)) {
			t.Errorf("deadline %s", got)
		}
	})
}

// serve answers requests as actor through the router.
func (h *house) serve(actor access.Actor) func(method, path string, pairs ...string) (int, string) {
	rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return actor }, Log: slog.New(slog.DiscardHandler), Now: h.W.Now,
		Layout: func(c *web.Ctx, p web.Page) error {
			if p.Status != 0 {
				c.W.WriteHeader(p.Status)
			}
			return p.Body.Render(c.Context(), c.W)
		}})
	Routes(rt, h.Service)
	return func(method, path string, pairs ...string) (int, string) {
		v := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			v.Add(pairs[i], pairs[i+1])
		}
		r := httptest.NewRequest(method, path, strings.NewReader(v.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept-Language", "en")
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, r)
		b, _ := io.ReadAll(w.Body)
		return w.Code, html.UnescapeString(string(b))
	}
}

func TestPagesAndCalendar(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.open(item("validate", h, time.Hour))
		as, public := h.serve(o1), h.serve(access.Anyone(baqylau.English))
		if code, body := as("GET", "/due"); code != 200 || !strings.Contains(body, "validate") || !strings.Contains(body, "1 h left") {
			t.Errorf("due page %d", code)
		}
		if code, _ := as("POST", "/due/deputies", "deputy", "o2", "from", "2026-11-25", "to", "2026-11-30"); code != 303 {
			t.Errorf("deputy %d", code)
		}
		if code, body := as("POST", "/due/deputies", "deputy", "h", "from", "2026-11-25", "to", "x"); code != 422 || !strings.Contains(body, "not understood") {
			t.Errorf("bad deputy %d", code)
		}
		if code, body := as("POST", "/duty", "account", "o1", "from", "2026-11-25", "to", "2026-12-01"); code != 303 {
			t.Errorf("duty %d %s", code, body)
		}
		if code, body := as("GET", "/duty"); code != 200 || !strings.Contains(body, "25.11.2026 – 01.12.2026") {
			t.Errorf("duty page %d", code)
		}
		if code, _ := h.serve(police)("GET", "/duty"); code != 403 {
			t.Errorf("police at the roster: %d", code)
		}
		ending := func() bool { _, body := as("GET", "/due"); return strings.Contains(body, `action="/due/calendar/end"`) }
		if ending() {
			t.Error("an address that nobody has can be ended")
		}
		_, body := as("POST", "/due/calendar")
		path := regexp.MustCompile(`/calendar/[a-z0-9]{26}\.ics`).FindString(body)
		if path == "" {
			t.Fatal("no calendar address shown")
		}
		if code, cal := public("GET", path); code != 200 || !strings.Contains(cal, "SUMMARY:validate") || strings.Count(cal, "BEGIN:VEVENT") != 8 {
			t.Errorf("calendar %d %s", code, cal)
		}
		if code, _ := public("GET", "/calendar/aaaaaaaaaaaaaaaaaaaaaaaaaa.ics"); code != 404 {
			t.Errorf("a guessed address: %d", code)
		}
		if code, _ := public("GET", "/calendar/.ics"); code != 404 {
			t.Errorf("an empty address: %d", code)
		}
		if !ending() {
			t.Error("an address cannot be ended")
		}
		as("POST", "/due/calendar/end")
		if code, _ := public("GET", path); code != 404 {
			t.Errorf("an ended address: %d", code)
		}
		if m := locale.Missing(); len(m) > 0 {
			t.Errorf("missing messages %q", m)
		}
	})
}
