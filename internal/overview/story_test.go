package overview_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/overview"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

var ctx = context.Background()

// morning is a workspace that was just set up, on a Wednesday.
type morning struct {
	*overview.Service
	t     *testing.T
	w     *change.Writer
	day   baqylau.Date
	hears access.Actor // whoever asks next
	site  *web.Router
}

func open(t *testing.T, db *store.DB) *morning {
	t.Helper()
	m := &morning{t: t, w: change.New(db), day: baqylau.MustDate("2026-11-25")}
	m.w.Now = func() time.Time { return m.day.Time().Add(6 * time.Hour) }
	if err := registry.Seed(ctx, db, m.w, data.FS); err != nil {
		t.Fatal(err)
	}
	shelf, err := registry.NewShelf(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	m.Service = &overview.Service{DB: db, Shelf: shelf, Home: "KZ", Now: overview.Today(m.w)}
	m.site = web.NewRouter(web.Options{
		Authenticate: func(*http.Request) access.Actor { return m.hears },
		Layout: func(c *web.Ctx, p web.Page) error {
			c.W.Header().Set("Content-Type", "text/html; charset=utf-8")
			return p.Body.Render(c.Context(), c.W)
		},
		Log: slog.New(slog.DiscardHandler), Now: m.w.Now,
	})
	overview.Routes(m.site, m.Service)
	return m
}

func (m *morning) exec(q string, args ...any) {
	m.t.Helper()
	if _, err := m.w.DB.Write.NewRaw(q, args...).Exec(ctx); err != nil {
		m.t.Fatal(err)
	}
}

// person works in an organisation of a side, with a role.
func (m *morning) person(code string, d baqylau.Domain, roles ...access.Role) access.Actor {
	m.t.Helper()
	org := "o-" + code
	m.exec("INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES (?, ?, ?, 'other', ?, 'KZ', 0)", org, "test_"+code, baqylau.Same(code).JSON(), string(d))
	return access.Actor{ID: "a-" + code, Name: code, OrgID: org, Domain: d, Roles: roles, Lang: baqylau.Russian, MaxTLP: baqylau.TLPAmber}
}

// asks opens a page as somebody, in Russian.
func (m *morning) asks(a access.Actor, path string) (body, location string) {
	m.t.Helper()
	m.hears = a
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.AddCookie(&http.Cookie{Name: locale.Cookie, Value: "ru"})
	w := httptest.NewRecorder()
	m.site.ServeHTTP(w, r)
	b, err := io.ReadAll(w.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	if w.Code >= 400 || strings.Contains(string(b), "⟦") {
		m.t.Fatalf("%s as %s: %d %s", path, a.Name, w.Code, b)
	}
	return strings.Join(strings.Fields(string(b)), " "), w.Header().Get("Location")
}

// shows requires texts of a page and forbids others, which begin with "!".
func (m *morning) shows(a access.Actor, path string, texts ...string) {
	m.t.Helper()
	body, _ := m.asks(a, path)
	for _, s := range texts {
		if s, no := strings.CutPrefix(s, "!"); strings.Contains(body, s) == no {
			m.t.Errorf("%s for %s: %q, want %v:\n%s", path, a.Name, s, !no, body)
		}
	}
}

func (m *morning) leads(a access.Actor, to string) {
	m.t.Helper()
	if _, l := m.asks(a, "/"); l != to {
		m.t.Errorf("%s is led to %q instead of %q", a.Name, l, to)
	}
}

// A new workspace leads its people by three steps to the first report; then the steps are gone, the report is counted, and one case stays hidden from
// those who do not work on cases.
func TestTheFirstReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := open(t, db)
		admin := m.person("admin", baqylau.NeutralDomain, access.Administrator)
		officer := m.person("officer", baqylau.NeutralDomain, access.Officer)
		hospital := m.person("hospital", baqylau.HealthDomain, access.Reporter)
		authority := m.person("authority", baqylau.NeutralDomain, access.Authority)
		analyst := m.person("lab", baqylau.NeutralDomain, access.LabAnalyst)

		m.leads(access.Anyone(baqylau.Russian), "/public")
		m.leads(hospital, "/reports")
		m.leads(analyst, "/lab")
		m.shows(admin, "/", "Первые шаги", "/admin/settings", "нужны трое", "/admin/organisations", "/admin/accounts/new", "!/reports/new", "Это делает сотрудник раннего предупреждения")
		m.shows(officer, "/", "Первые шаги", "/reports/new", "!/admin/accounts/new", "Это делает администратор", "!id=\"curve\"")
		m.shows(authority, "/", "!Первые шаги", "id=\"curve\"")
		for i, role := range []access.Role{access.Officer, access.Assessor, access.Approver} { // no alert comes out without the three
			id := "a-" + string(role)
			m.exec("INSERT INTO account (id, login, name, org_id, lang, state, created_at) VALUES (?, ?, ?, 'o-admin', 'ru', 'active', 0)", id, id+"@x", id)
			m.exec("INSERT INTO account_role (account_id, role) VALUES (?, ?)", id, string(role))
			want := 1 // organisations and regions came with the workspace
			if i == 2 {
				want = 2
			}
			if body, _ := m.asks(admin, "/"); strings.Count(body, "сделано") != want {
				t.Errorf("after %d people: %s", i+1, body)
			}
		}
		m.exec("INSERT INTO setting (key, value) VALUES ('centre', '{}')")
		if body, _ := m.asks(admin, "/"); strings.Count(body, "сделано") != 3 {
			t.Errorf("the centre has a name: %s", body)
		}

		desk := &intake.Service{W: m.w, Shelf: m.Shelf, Home: "KZ"}
		sub, ok := m.Shelf.Book().ByName("carfentanil")
		if !ok {
			t.Fatal("the registry lacks carfentanil")
		}
		if _, err := desk.Submit(ctx, hospital, intake.Submission{Level: baqylau.Presumptive, Incoming: intake.Incoming{Kind: intake.AcuteIntoxication, Channel: "form", Region: "KZ-35", Text: "carfentanil",
			Occurred: m.day.AddDays(-1), Precision: baqylau.Day}}); err != nil {
			t.Fatal(err)
		}
		m.leads(admin, "/admin/accounts")
		m.shows(officer, "/", "!Первые шаги", "id=\"curve\"", "сообщение</dt><dd>1</dd>", "!скрыт")
		m.shows(authority, "/", "!сообщение</dt>", "скрыт")
		m.shows(officer, "/overview?as_of=2026-11-18", "сообщений</dt><dd>0</dd>")

		seen := overview.FirstSeen(db, "KZ")
		places := func(a access.Actor) (out []string) {
			list, err := seen(ctx, a, sub.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range list {
				out = append(out, x.Place+"="+x.On.String())
			}
			return out
		}
		if got := strings.Join(places(officer), " "); got != "=2026-11-24 KZ=2026-11-24 KZ-35=2026-11-24" {
			t.Errorf("the officer reads %q", got)
		}
		if got := places(authority); len(got) != 0 {
			t.Errorf("the day of one case is told: %q", got)
		}
		if got := places(hospital); len(got) != 0 {
			t.Errorf("who sees no series reads %q", got)
		}
	})
}

// Where much is counted, the choice of subjects keeps its order of a moment ago while it is counted anew, and the figures of a subject are always those of now. An earlier
// day keeps what was known then.
func TestTheChoiceOfSubjects(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := open(t, db)
		assessor := m.person("assessor", baqylau.NeutralDomain, access.Assessor)
		first, known := m.Shelf.Book().Substances()[0].ID, m.day
		second := m.Shelf.Book().Substances()[1].ID
		count := func(id string, n int) {
			t.Helper()
			tx, err := db.Begin(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Release()
			k := series.Key{Country: "KZ", Region: "KZ-75", Dim: series.Substance, ID: id, Kind: "seizure", Week: known.Week()}
			if err := errors.Join(series.Append(ctx, tx, series.Change{Known: m.day, Cells: series.Cells{k: n}}), tx.Commit()); err != nil {
				t.Fatal(err)
			}
		}
		leads := func(path string) string {
			t.Helper()
			body, _ := m.asks(assessor, path)
			a, b := strings.Index(body, `value="`+first), strings.Index(body, `value="`+second)
			if a < 0 || b < 0 {
				t.Fatalf("%s: a subject is missing: %d %d", path, a, b)
			}
			if a < b {
				return first
			}
			return second
		}
		count(first, 1200)
		count(second, 1100)
		if leads("/overview") != first {
			t.Error("the most counted does not lead")
		}
		m.day = m.day.AddDays(1)
		count(second, 500)
		if leads("/overview") != first {
			t.Error("the page waited for a new order")
		}
		m.shows(assessor, "/overview?subject="+second, "n = 1 600")
		for end := time.Now().Add(time.Minute); leads("/overview") != second; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the new order never comes")
			}
		}
		if leads("/overview?as_of="+known.String()) != first {
			t.Error("an earlier day shows what was not known then")
		}
		m.day = m.day.AddDays(1)
		count(first, 2000)
		m.Warm(ctx)
		if leads("/overview") != first {
			t.Error("the order of the new day is not there before its first reader")
		}
	})
}

// An alert waits for clearance and an opinion was asked: whose turn it is reads so on the first page, the others do not.
func TestWhoseTurn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := open(t, db)
		approver, assessor := m.person("approver", baqylau.NeutralDomain, access.Approver), m.person("assessor", baqylau.NeutralDomain, access.Assessor)
		m.exec(`INSERT INTO signal (id, ref, dedup_key, type, rule, country, raised_on, events, title, explanation, evidence, rank, confidence, state, tlp, created_at, updated_at)
			VALUES ('sig', 'S-2026-0001', 'x', 'first_detection', 'first_country', 'KZ', '2026-11-20', 3, '{"key":"signal.new"}', '[]', '{}', 1, 'confirmed', 'assessing', 'AMBER', 1, 1)`)
		m.exec(`INSERT INTO communication (id, root_id, type, state, version, tlp, severity, confidence, content, drafted_by, reviewed_by, created_at, updated_at)
			VALUES ('c', 'c', 'AL', 'science_review', 1, 'AMBER', 'red', 'confirmed', '{}', 'somebody', 'assessor', 1, 1)`)
		for who, want := range map[*access.Actor][2]bool{&approver: {true, false}, &assessor: {false, true}} {
			m.turns(*who, want)
		}
	})
}

func (m *morning) turns(a access.Actor, want [2]bool) {
	m.t.Helper()
	body, _ := m.asks(a, "/overview")
	for i, text := range []string{"ждёт вашего согласования", "ждёт вашего мнения"} {
		if strings.Contains(body, text) != want[i] {
			m.t.Errorf("%s reads %q: %v", a.Name, text, !want[i])
		}
	}
}

// What waits on the desk of whoever receives reports and merges occurrences is counted on the first page with the way to it, up to a bound; others read nothing of it.
func TestWhatWaitsOnTheDesk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := open(t, db)
		officer, assessor := m.person("officer", baqylau.NeutralDomain, access.Officer), m.person("assessor", baqylau.NeutralDomain, access.Assessor)
		m.shows(officer, "/overview", "!Ещё ждут")
		report := func(id, state string) {
			m.exec(`INSERT INTO report (id, receipt, kind, channel, state, org_id, account_id, domain, source_id, content_hash, country, known_on, recorded_at)
				SELECT ?0, ?0, 'seizure', 'form', ?1, 'o-officer', '', 'neutral', (SELECT MIN(id) FROM source), '', 'KZ', '2026-11-25', 1`, id, state)
		}
		report("r1", "submitted")
		report("r2", "submitted")
		report("r3", "received")
		for _, id := range []string{"a", "b", "c"} {
			m.exec("INSERT INTO occurrence (id, ref, country, known_on, recorded_at, hidden) VALUES (?0, ?0, 'KZ', '2026-11-25', 1, ?1)", id, id == "c")
		}
		m.exec("INSERT INTO match_proposal (id, a_id, b_id, score, reasons, state, at) VALUES ('p', 'a', 'b', 90, '[]', 'proposed', 1), ('q', 'a', 'c', 90, '[]', 'proposed', 1), ('s', 'b', 'c', 90, '[]', 'refused', 1)")
		m.shows(officer, "/overview", `<a href="/reports?state=submitted">2 сообщения, которые никто не принял</a>`, `<a href="/matches">1 пара случаев, которые могут быть одним</a>`)
		m.shows(assessor, "/overview", "!Ещё ждут")
		health := officer
		health.Domain = baqylau.HealthDomain // beyond the wall nobody merges
		m.shows(health, "/overview", "!/matches")
		m.exec(`INSERT INTO report (id, receipt, kind, channel, state, org_id, account_id, domain, source_id, content_hash, country, known_on, recorded_at)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) SELECT 'n' || i, 'n' || i, 'seizure', 'form', 'submitted', 'o-officer', '', 'neutral', (SELECT MIN(id) FROM source), '', 'KZ', '2026-11-25', 1 FROM n`)
		m.shows(officer, "/overview", "не менее 1 000 сообщений")
	})
}

// What waits is found behind any number of rows that only look so: contents that were replaced by later ones, reports that a laboratory has taken up, proposals about
// occurrences whose import was undone.
func TestWhatWaitsStandsBehindWhatDoesNot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := open(t, db)
		officer := m.person("officer", baqylau.NeutralDomain, access.Officer)
		rows := `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) `
		report := `INSERT INTO report (id, receipt, kind, channel, state, org_id, account_id, domain, source_id, content_hash, country, known_on, recorded_at, superseded_on)
			SELECT %s, 'seizure', 'form', 'submitted', 'o-officer', '', 'neutral', (SELECT MIN(id) FROM source), '', 'KZ', '2026-11-25', %s`
		m.exec(strings.Replace(fmt.Sprintf(report, "'v' || i, 'v' || i", "i, '2026-11-25' FROM n"), "SELECT", rows+"SELECT", 1))
		m.exec(fmt.Sprintf(report, "'waits', 'waits'", "5000, CAST(NULL AS TEXT)"))
		m.exec("INSERT INTO occurrence (id, ref, country, known_on, recorded_at, hidden) VALUES ('a', 'a', 'KZ', '2026-11-25', 1, FALSE), ('b', 'b', 'KZ', '2026-11-25', 1, FALSE)")
		m.exec("INSERT INTO occurrence (id, ref, country, known_on, recorded_at, hidden) " + rows + "SELECT 'u' || i, 'u' || i, 'KZ', '2026-11-25', 1, TRUE FROM n")
		m.exec("INSERT INTO match_proposal (id, a_id, b_id, score, reasons, state, at) " + rows + "SELECT 'u' || i, 'a', 'u' || i, 90, '[]', 'proposed', 1 FROM n")
		m.exec("INSERT INTO match_proposal (id, a_id, b_id, score, reasons, state, at) VALUES ('z', 'a', 'b', 95, '[]', 'proposed', 1)")
		m.shows(officer, "/overview", `<a href="/reports?state=submitted">1 сообщение, которое никто не принял</a>`, `<a href="/matches">1 пара случаев, которые могут быть одним</a>`)
	})
}
