package admin

import (
	"bytes"
	"context"
	"html"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

type office struct {
	*Service
	t   *testing.T
	now time.Time
}

func newOffice(t *testing.T, db *store.DB) *office {
	t.Helper()
	o := &office{t: t, now: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)} // a Friday
	w := change.New(db)
	w.Now = func() time.Time { return o.now }
	o.Service = &Service{W: w, BaseURL: func() string { return "http://baqylau.test" }, Mail: MailServer{Host: "mail.test", Port: 587, User: "ews", From: "ews@mail.test", TLS: "starttls"}}
	o.exec("INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES ('centre', 'centre', '{\"en\":\"Centre\"}', 'other', 'neutral', 'KZ', 0), ('police', 'police', '{\"en\":\"Police\"}', 'police', 'enforcement', 'KZ', 0), ('hospital', 'hospital', '{\"en\":\"Hospital\"}', 'health', 'health', 'KZ', 0)")
	o.exec("INSERT INTO account (id, login, name, org_id, lang, state, created_at) VALUES ('dpo', 'dpo@x', 'Protector', 'centre', 'en', 'active', 0), ('admin', 'admin@x', 'Admin', 'centre', 'en', 'active', 0), ('p', 'p@x', 'Policeman', 'police', 'en', 'active', 0), ('h', 'h@x', 'Nurse', 'hospital', 'en', 'active', 0)")
	return o
}

func (o *office) exec(q string, args ...any) {
	o.t.Helper()
	if _, err := o.W.DB.Write.NewRaw(q, args...).Exec(context.Background()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) count(q string, args ...any) (n int) {
	o.t.Helper()
	if err := o.W.DB.Read.NewRaw(q, args...).Scan(context.Background(), &n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

func who(id, org string, d baqylau.Domain, roles ...access.Role) access.Actor {
	return access.Actor{ID: id, Name: id, OrgID: org, Domain: d, Roles: roles, Lang: baqylau.English}
}

var (
	dpo      = who("dpo", "centre", baqylau.NeutralDomain, access.DataProtector)
	admin    = who("admin", "centre", baqylau.NeutralDomain, access.Administrator)
	police   = who("p", "police", baqylau.EnforcementDomain, access.Reporter)
	hospital = who("h", "hospital", baqylau.HealthDomain, access.Reporter)
)

type answer struct {
	status         int
	body, location string
}

func (o *office) as(a access.Actor) func(method, path string, pairs ...string) answer {
	rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return a }, Log: slog.New(slog.DiscardHandler), Now: o.W.Now,
		Layout: func(c *web.Ctx, p web.Page) error {
			if p.Status != 0 {
				c.W.WriteHeader(p.Status)
			}
			return p.Body.Render(c.Context(), c.W)
		}})
	Routes(rt, o.Service)
	return func(method, path string, pairs ...string) answer {
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
		return answer{w.Code, html.UnescapeString(string(b)), w.Header().Get("Location")}
	}
}

func each(t *testing.T, fn func(t *testing.T, o *office)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fn(t, newOffice(t, db))
		for _, k := range locale.Missing() {
			t.Errorf("missing message %s", k)
		}
	})
}

func TestReportersAreDeniedEveryPageButPolicyAndTheirJournal(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(police)
		for path, want := range map[string]int{settingsPath: 403, orgPath: 403, orgPath + "/new": 403, orgPath + "/police": 403, retentionPath: 403, breachPath: 403, policyPath: 200, auditPath: 200} {
			if a := as("GET", path); a.status != want {
				t.Errorf("%s: %d, want %d", path, a.status, want)
			}
		}
		for _, path := range []string{settingsPath, orgPath + "/new", orgPath + "/police", retentionPath, retentionPath + "/erase", breachPath + "/new"} {
			if a := as("POST", path); a.status != 403 {
				t.Errorf("POST %s: %d", path, a.status)
			}
		}
	})
}

func TestThePolicyPageNamesEveryActInThreeLanguages(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		for _, act := range access.Acts() {
			if !locale.Has("act." + string(act)) {
				t.Errorf("no label for %s", act)
			}
		}
		a := o.as(admin)("GET", policyPath)
		for _, act := range access.Acts() {
			if !strings.Contains(a.body, string(act)) {
				t.Errorf("%s is not on the page", act)
			}
		}
	})
}

// link writes a report of an organisation with a personal link that ends on a day.
func (o *office) link(id, org string, domain baqylau.Domain, pseudonym, eraseOn string) {
	o.t.Helper()
	err := o.W.Do(context.Background(), access.TheSystem(), access.ReportCreate, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("report", id, org, nil)
		if _, err := tx.NewRaw("INSERT INTO source (id, code, name, country, domain) VALUES ('src', 'src', '{}', 'KZ', 'neutral') ON CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return err
		}
		if _, err := tx.NewRaw(`INSERT INTO report (id, receipt, kind, channel, state, org_id, account_id, domain, source_id, content_hash, country, known_on, recorded_at)
			VALUES (?, ?, 'seizure', 'form', 'received', ?, 'p', ?, 'src', 'x', 'KZ', '2026-01-01', 0)`, id, id, org, string(domain)).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw("INSERT INTO personal_link (id, report_id, domain, org_id, pseudonym, erase_on) VALUES (?, ?, ?, ?, ?, ?)", "link-"+id, id, string(domain), org, pseudonym, eraseOn).Exec(ctx)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestErasureLeavesNoPseudonym(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		gone, kept := strings.Repeat("0ddba11", 9), strings.Repeat("cafe", 16)
		o.link("r1", "hospital", baqylau.HealthDomain, gone, "2026-11-27")
		o.link("r2", "police", baqylau.EnforcementDomain, gone+"f", "2026-11-26")
		o.link("r3", "police", baqylau.EnforcementDomain, kept, "2026-11-28")
		if n, err := o.Erase(context.Background(), admin); baqylau.CodeOf(err) != baqylau.Forbidden || n != 0 {
			t.Errorf("administrator erased: %d, %v", n, err)
		}
		if a := o.as(dpo)("GET", retentionPath); a.status != 200 || !strings.Contains(a.body, "due for erasure") {
			t.Errorf("page %d", a.status)
		}
		if a := o.as(dpo)("POST", retentionPath+"/erase"); a.location != retentionPath {
			t.Fatalf("%+v", a)
		}
		if n := o.count("SELECT count(*) FROM personal_link"); n != 1 {
			t.Errorf("%d links left, want 1", n)
		}
		if n := o.count("SELECT count(*) FROM report"); n != 3 {
			t.Errorf("%d reports, want all 3", n)
		}
		if n := o.count("SELECT count(*) FROM audit_entry WHERE act = 'retention.edit' AND object_type = 'personal_link'"); n != 2 {
			t.Errorf("%d entries, want one for each organisation", n)
		}
		if n := o.count("SELECT count(*) FROM audit_entry WHERE detail LIKE ?", "%"+gone+"%"); n != 0 {
			t.Error("the journal holds the pseudonym")
		}
		if o.W.DB.Engine == store.SQLite {
			var file string
			if err := o.W.DB.Read.QueryRow("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{file, file + "-wal"} {
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				if bytes.Contains(b, []byte(gone)) {
					t.Errorf("%s still holds an erased pseudonym", name)
				}
				if name == file && !bytes.Contains(b, []byte(kept)) {
					t.Error("the kept pseudonym is not found, so the test looks in the wrong place")
				}
			}
		}
		if n, err := o.Erase(context.Background(), access.TheSystem()); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
	})
}

func TestRetentionRuleIsWhatIntakeReads(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(dpo)
		if a := as("POST", retentionPath, "days", "0", "basis", "x"); a.status != 422 {
			t.Errorf("zero days: %d", a.status)
		}
		if a := as("POST", retentionPath, "days", "90", "basis", "Order 1", "verified", "1"); a.location != retentionPath {
			t.Fatalf("%+v", a)
		}
		if n := o.count("SELECT keep_days FROM retention_rule WHERE class = 'personal_link'"); n != 90 {
			t.Errorf("%d days", n)
		}
		if a := as("GET", retentionPath); !strings.Contains(a.body, "Order 1") {
			t.Error("the rule is not shown")
		}
	})
}

func TestOwnersReadTheEntriesOfTheirOwnData(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		enter := func(a access.Actor, id, owner string) {
			t.Helper()
			err := o.W.Do(context.Background(), a, access.SelfEdit, func(_ context.Context, tx *change.Tx) error { tx.Subject("signal", id, owner, nil); return nil })
			if err != nil {
				t.Fatal(err)
			}
		}
		enter(police, "of-police", "police")
		enter(hospital, "of-hospital", "hospital")
		enter(dpo, "by-centre", "police")
		enter(dpo, "of-nobody", "")
		for _, x := range []struct {
			name     string
			actor    access.Actor
			sees, no []string
		}{
			{"police", police, []string{"of-police", "by-centre"}, []string{"of-hospital", "of-nobody", "Protector"}},
			{"hospital", hospital, []string{"of-hospital"}, []string{"of-police", "by-centre"}},
			{"protector", dpo, []string{"of-police", "of-hospital", "by-centre", "of-nobody", "Policeman"}, nil},
			{"health auditor", who("x", "hospital", baqylau.HealthDomain, access.Auditor), []string{"of-hospital", "of-nobody"}, []string{"of-police", "by-centre"}},
		} {
			body := o.as(x.actor)("GET", auditPath).body
			for _, s := range x.sees {
				if !strings.Contains(body, s) {
					t.Errorf("%s does not see %s", x.name, s)
				}
			}
			for _, s := range x.no {
				if strings.Contains(body, s) {
					t.Errorf("%s sees %s", x.name, s)
				}
			}
		}
		as := o.as(dpo)
		enter(dpo, "h", "hospital")
		if b := as("GET", auditPath+"?object=h").body; !strings.Contains(b, "signal") || !strings.Contains(b, "self.edit") {
			t.Error("an entry names no kind of row and no act")
		}
		if b := as("GET", auditPath+"?actor=p").body; !strings.Contains(b, ">Policeman<") {
			t.Error("the chip of an actor does not name them")
		}
		if b := as("GET", auditPath+"?actor=p").body; !strings.Contains(b, "of-police") || strings.Contains(b, "of-hospital") {
			t.Error("filter by actor")
		}
		if b := as("GET", auditPath+"?object=by-centre&act=self.edit").body; !strings.Contains(b, "by-centre") || strings.Contains(b, "of-police") {
			t.Error("filter by object")
		}
		if b := as("GET", auditPath+"?from=2026-11-28").body; strings.Contains(b, "of-police") {
			t.Error("filter by first day")
		}
		if b := as("GET", auditPath+"?from=2026-11-27&to=2026-11-27").body; !strings.Contains(b, "of-police") {
			t.Error("filter by one day")
		}
		if a := as("POST", auditPath+"/verify"); !strings.Contains(a.body, "The journal is whole") || !strings.Contains(a.body, "5 entries checked") {
			t.Errorf("verify: %+v", a)
		}
		o.exec("UPDATE audit_entry SET object_id = 'forged' WHERE seq = 2")
		if a := as("POST", auditPath+"/verify"); !strings.Contains(a.body, "number 2") {
			t.Errorf("a forged entry: %+v", a)
		}
	})
}

func TestABreachHasOneWorkingDay(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(dpo)
		if a := as("GET", breachPath); a.status != 200 || !strings.Contains(a.body, "No breach is registered") {
			t.Errorf("empty register: %d", a.status)
		}
		if a := as("POST", breachPath+"/new", "found", "2026-11-27", "happened", "2026-11-28", "what", "", "classes", ""); a.status != 422 {
			t.Errorf("a faulty entry: %d", a.status)
		}
		a := as("POST", breachPath+"/new", "found", "2026-11-27", "what", "A mailing list was sent openly", "classes", "e-mail addresses", "persons", "12")
		if !strings.HasPrefix(a.location, breachPath+"/") {
			t.Fatalf("%+v", a)
		}
		var until int64
		if err := o.W.DB.Read.NewRaw("SELECT due_at FROM due_item WHERE object_type = 'breach' AND state = 'open'").Scan(context.Background(), &until); err != nil {
			t.Fatal(err)
		}
		if want := time.Date(2026, 11, 30, 18, 59, 59, 0, time.UTC); !store.Time(until).Equal(want) { // found on a Friday: the end of Monday in Almaty
			t.Errorf("due %s, want %s", store.Time(until), want)
		}
		if b := as("GET", a.location); b.status != 200 || !strings.Contains(b.body, "30.11.2026 23:59") || !strings.Contains(b.body, "B-2026-001") {
			t.Errorf("page %d", b.status)
		}
		if b := as("POST", a.location, "step", "close"); b.status != 409 {
			t.Errorf("closed without telling the authority: %d", b.status)
		}
		for _, pairs := range [][]string{{"step", "measures", "measures", "List closed"}, {"step", "authority"}, {"step", "persons"}, {"step", "close"}} {
			if b := as("POST", a.location, pairs...); b.location != a.location {
				t.Fatalf("%v: %+v", pairs, b)
			}
		}
		if n := o.count("SELECT count(*) FROM due_item WHERE state = 'open'"); n != 0 {
			t.Error("the clock runs on")
		}
		if b := as("POST", a.location, "step", "measures", "measures", "x"); b.status != 409 {
			t.Errorf("changed after closing: %d", b.status)
		}
		if b := as("GET", breachPath); !strings.Contains(b.body, "closed") {
			t.Error("register")
		}
	})
}

func TestOrganisationsKeepTheirSideOfTheWall(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(admin)
		fresh := []string{"code", "lab_1", "kk", "Зертхана", "ru", "Лаборатория", "en", "Laboratory", "kind", "laboratory", "domain", "neutral", "country", "KZ", "tlp", "AMBER", "active", "1"}
		if a := as("POST", orgPath+"/new", fresh...); a.location != orgPath {
			t.Fatalf("%+v", a)
		}
		if a := as("POST", orgPath+"/new", fresh...); a.status != 409 {
			t.Errorf("the same code: %d", a.status)
		}
		if a := as("POST", orgPath+"/new", "code", "Bad Code", "country", "kz"); a.status != 422 {
			t.Errorf("faulty: %d", a.status)
		}
		if a := as("GET", orgPath+"?domain=health"); !strings.Contains(a.body, "Hospital") || strings.Contains(a.body, "Laboratory") {
			t.Error("filter")
		}
		turned := []string{"code", "police", "kk", "x", "ru", "x", "en", "Police", "kind", "police", "domain", "health", "country", "KZ", "tlp", "AMBER", "active", "1"}
		if a := as("POST", orgPath+"/police", turned...); a.status != 409 {
			t.Errorf("police with people crossed the wall: %d", a.status)
		}
		turned[11] = "enforcement"
		turned[15] = "GREEN"
		if a := as("POST", orgPath+"/police", turned...); a.location != orgPath {
			t.Errorf("%+v", a)
		}
		if got, err := o.organisation(context.Background(), "police"); err != nil || got.MaxTLP != baqylau.TLPGreen || got.Domain != baqylau.EnforcementDomain {
			t.Errorf("%+v, %v", got, err)
		}
		if a := as("GET", orgPath+"/nowhere"); a.status != 404 {
			t.Errorf("unknown: %d", a.status)
		}
	})
}

func TestSettings(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(admin)
		if a := as("POST", settingsPath, "en", "Centre of Kazakhstan", "country", "KZ", "budget", "12", "factor", "optional", "contact_ru", "Звоните 123"); a.location != settingsPath {
			t.Fatalf("%+v", a)
		}
		a := as("GET", settingsPath)
		for _, s := range []string{"Centre of Kazakhstan", "mail.test:587", "Asia/Almaty", "http://baqylau.test", "Звоните 123"} {
			if !strings.Contains(a.body, s) {
				t.Errorf("%s is not shown", s)
			}
		}
		if name, err := o.Centre(context.Background()); err != nil || name.EN != "Centre of Kazakhstan" {
			t.Errorf("%v, %v", name, err)
		}
		if a := as("POST", settingsPath, "budget", "", "factor", "required"); a.location != settingsPath || o.count("SELECT count(*) FROM setting WHERE key IN ('signal.budget', 'centre')") != 0 {
			t.Errorf("an emptied setting stays: %+v", a)
		}
		for _, bad := range [][]string{{"budget", "-1", "factor", "required"}, {"country", "Kazakhstan", "factor", "required"}, {"factor", "maybe"},
			{"factor", "required", "zone", "Asia/Nowhere"}, {"factor", "required", "zone", "Local"}, {"factor", "required", "base_url", "ews.example"},
			{"factor", "required", "base_url", "https://ews.example/path"}, {"factor", "required", "base_url", "javascript:alert(1)"}} {
			if a := as("POST", settingsPath, bad...); a.status != 422 {
				t.Errorf("%v: %d", bad, a.status)
			}
		}
	})
}

// What a change of settings names in the journal is what has changed; the zone and the address are kept.
func TestSettingsAreNamedInTheJournal(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(admin)
		for _, x := range []struct{ zone, address, want string }{{"Asia/Aqtobe", "https://ews.example/", "base_url,second_factor,zone"}, {"Asia/Almaty", "https://ews.example", "zone"}} {
			if a := as("POST", settingsPath, "factor", "required", "zone", x.zone, "base_url", x.address); a.location != settingsPath {
				t.Fatalf("%+v", a)
			}
			var detail string
			if err := o.W.DB.Read.NewRaw("SELECT detail FROM audit_entry ORDER BY seq DESC LIMIT 1").Scan(context.Background(), &detail); err != nil || !strings.Contains(strings.ReplaceAll(detail, " ", ""), `"changed":"`+x.want+`"`) {
				t.Errorf("%s %v", detail, err)
			}
		}
		if n := o.count("SELECT count(*) FROM setting WHERE key = 'base_url' AND value = 'https://ews.example' OR key = 'zone' AND value = 'Asia/Almaty'"); n != 2 {
			t.Error(n)
		}
	})
}

type tray struct{ to, purpose, body string }

func (b *tray) Queue(_ context.Context, _ *change.Tx, purpose, _, address string, _ baqylau.Lang, _, body string) error {
	b.to, b.purpose, b.body = address, purpose, body
	return nil
}

// An administrator tries the mail server with a letter to their own address and to no other.
func TestATestLetter(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(admin)
		if a := as("POST", settingsPath+"/letter"); a.status != 503 || strings.Contains(as("GET", settingsPath).body, settingsPath+"/letter") {
			t.Errorf("without a mail server: %+v", a)
		}
		b := &tray{}
		o.Letters = b
		if a := as("POST", settingsPath+"/letter", "to", "somebody@else.example"); a.location != settingsPath || b.to != "admin@x" || b.purpose != testPurpose || !strings.Contains(b.body, "http://baqylau.test") {
			t.Errorf("%+v %+v", a, b)
		}
		if a := o.as(police)("POST", settingsPath+"/letter"); a.status != 403 {
			t.Errorf("%+v", a)
		}
		o.exec("INSERT INTO delivery (id, purpose, object_id, address, lang, message_id, state, created_at) VALUES ('d', 'test', 'admin', 'admin@x', 'en', 'm', 'accepted', 1)")
		if a := as("GET", settingsPath); !strings.Contains(a.body, "took your test letter") {
			t.Error("what became of it is not said")
		}
	})
}

func TestSweepRemovesWhatHasEnded(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		past, soon := o.now.Add(-time.Hour).UnixMicro(), o.now.Add(time.Hour).UnixMicro()
		o.exec("INSERT INTO session (token_hash, account_id, data, expires_at, started_at) VALUES ('a', 'p', '{}', ?, 0), ('b', 'p', '{}', ?, 0)", past, soon)
		if err := o.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n := o.count("SELECT count(*) FROM session"); n != 1 {
			t.Errorf("%d sessions left", n)
		}
	})
}

// The public page needs no account and says how long a code is kept once a rule does.
func TestAnybodyReadsWhatIsKept(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(access.Anyone(baqylau.English))
		if a := as("GET", PrivacyPath); a.status != http.StatusOK || !strings.Contains(a.body, "without names") || strings.Contains(a.body, "erased after") {
			t.Errorf("%+v", a)
		}
		if err := o.SetRule(context.Background(), dpo, Rule{Class: personalLink, KeepDays: 90, Basis: "order 1"}); err != nil {
			t.Fatal(err)
		}
		if a := as("GET", PrivacyPath); !strings.Contains(a.body, "erased after 90 days") {
			t.Errorf("%+v", a)
		}
	})
}

// Every kind of row that an act writes about has a name on the journal's page.
func TestObjectsOfTheJournalHaveNames(t *testing.T) {
	subject := regexp.MustCompile(`\.Subject\("([a-z_]+)"`)
	found := 0
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		b, err := os.ReadFile(name)
		for _, m := range subject.FindAllStringSubmatch(string(b), -1) {
			if found++; !locale.Has("code.object." + m[1]) {
				t.Errorf("%s: code.object.%s has no name", name, m[1])
			}
		}
		return err
	})
	if err != nil || found < 20 {
		t.Errorf("%d subjects, %v", found, err)
	}
}
