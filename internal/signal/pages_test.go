package signal_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/signal/score"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// site serves the room's pages to whoever the test says is asking.
type site struct {
	*centre
	rt *web.Router
	as access.Actor
}

func serve(c *centre) *site {
	s := &site{centre: c, as: access.Anyone(baqylau.English)}
	s.rt = web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return s.as }, SignInPath: "/sign-in", Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return c.now }, Layout: func(w *web.Ctx, p web.Page) error {
			w.W.Header().Set("Content-Type", "text/html; charset=utf-8")
			if p.Status != 0 {
				w.W.WriteHeader(p.Status)
			}
			return ui.Layout(ui.Page{Title: p.Title, Path: w.R.URL.RequestURI(), Kind: p.Kind, Open: p.Open, User: &ui.User{Name: "x"}, Flash: w.TakeFlash()}).Render(templ.WithChildren(w.Context(), p.Body), w.W)
		}})
	signal.Routes(s.rt, c.s)
	return s
}

// get and post answer with status and body in the actor's language.
func (s *site) get(path string) (int, string) { return s.do(http.MethodGet, path, nil) }

func (s *site) post(path string, fields url.Values) (int, string) {
	return s.do(http.MethodPost, path, fields)
}

func (s *site) do(method, path string, fields url.Values) (int, string) {
	r := httptest.NewRequest(method, path, strings.NewReader(fields.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.AddCookie(&http.Cookie{Name: "lang", Value: string(s.as.Lang)})
	w := httptest.NewRecorder()
	s.rt.ServeHTTP(w, r)
	if l := w.Header().Get("Location"); l != "" {
		return w.Code, l
	}
	return w.Code, w.Body.String()
}

var tokenField = regexp.MustCompile(`name="token" value="(\d+)"`)

// act sends a form of the signal's page as it stands there, with the fields given.
func (s *site) act(id, act string, pairs ...string) (int, string) {
	s.t.Helper()
	_, page := s.get("/signals/" + id)
	m := tokenField.FindStringSubmatch(page)
	if m == nil {
		s.t.Fatalf("no form on the page of %s for %v", id, s.as.Roles)
	}
	f := url.Values{"token": {m[1]}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return s.post("/signals/"+id+"/"+act, f)
}

// must is act that has to succeed.
func (s *site) must(id, act string, pairs ...string) {
	s.t.Helper()
	if code, body := s.act(id, act, pairs...); code != http.StatusSeeOther {
		s.t.Fatalf("%s: %d %s", act, code, body)
	}
}

func (s *site) signal(id string) signal.Signal {
	s.t.Helper()
	sig, err := signal.Get(context.Background(), s.db.Read, officer("reader"), id)
	s.check(err)
	return sig
}

func person(role access.Role, domain baqylau.Domain) access.Actor {
	return access.Actor{ID: string(role), Name: string(role), OrgID: "their-org", Domain: domain, Roles: []access.Role{role}, Lang: baqylau.English, MaxTLP: baqylau.TLPAmber}
}

// raised is a site with one signal of a new opioid, and two officers.
func raised(t *testing.T, db *store.DB) (*site, string) {
	c := open(t, db)
	c.account("aigerim", "ews_officer")
	c.account("daniyar", "ews_officer")
	c.report(intake.Death, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
	c.detect()
	return serve(c), c.all()[0].ID
}

var checks = []string{"check_relevance", "relevant", "check_area", "region", "check_spread", "likely", "check_internet", "unknown", "check_origin", "first_hand", "check_plausible", "yes"}

var marks = []string{"severity", "3", "certainty", "3", "spread", "2", "novelty", "3", "vulnerability", "1", "preparedness", "2", "note_preparedness", "no rapid test"}

func TestASignalFromInboxToDecision(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, id := raised(t, db)
		s.as = officer("aigerim")
		code, page := s.get("/signals")
		for _, want := range []string{"Metonitazene: first in the country", "S-2026-0001", "TLP:AMBER", "4 h left", "first detection in the country, Kazakhstan, 23.11.2026", "1 case behind this signal", "C-2026-000001", `data-key="a"`} {
			if code != http.StatusOK || !strings.Contains(page, want) {
				t.Errorf("inbox, %d: no %q", code, want)
			}
		}
		s.must(id, "take")
		if sig := s.signal(id); sig.State != state.Validating || sig.OwnerName != "aigerim" {
			t.Errorf("taken: %s by %q", sig.State, sig.OwnerName)
		}
		if code, body := s.act(id, "judge", "verdict", "validate", "reason", "typed words"); code != http.StatusUnprocessableEntity || !strings.Contains(body, "typed words") || strings.Count(body, `aria-invalid="true"`) != len(signal.Questions) {
			t.Errorf("unanswered questions: %d", code)
		}
		s.must(id, "judge", append(checks, "verdict", "validate")...)
		if code, _ := s.act(id, "prioritise", append(marks, "override", "green")...); code != http.StatusUnprocessableEntity {
			t.Errorf("an override without a reason: %d", code)
		}
		s.must(id, "prioritise", marks...)
		sig := s.signal(id)
		if sig.Scores.Matrix().Total() != 14 || sig.Priority != baqylau.Red || sig.Scores.Marks[score.Preparedness].Note != "no rapid test" || sig.Scores.By != "aigerim" {
			t.Errorf("scored: %+v", sig.Scores)
		}
		s.must(id, "ask", "reason", "is the antidote at hand?")
		s.as = person(access.Assessor, baqylau.NeutralDomain)
		if _, page := s.get("/signals/" + id); !strings.Contains(page, "1 case is not listed") || strings.Contains(page, "C-2026-000001") {
			t.Error("an assessor of the centre may see counts and no cases")
		}
		s.as = person(access.Assessor, baqylau.HealthDomain)
		if _, page := s.get("/signals/" + id); !strings.Contains(page, "number hidden") || strings.Contains(page, "1 case") || strings.Contains(page, "C-2026-000001") {
			t.Error("an assessor of a hospital may see neither small counts nor cases")
		}
		s.must(id, "advise", "reason", "warn the ambulances")
		if code, _ := s.act(id, "decide", "decision", "formal_alert", "reason", "x"); code != http.StatusForbidden {
			t.Errorf("an assessor decides: %d", code)
		}
		s.as = officer("aigerim")
		if code, _ := s.act(id, "decide", "decision", "formal_alert"); code != http.StatusUnprocessableEntity {
			t.Errorf("a decision without a reason: %d", code)
		}
		s.must(id, "decide", "decision", "formal_alert", "reason", "confirmed and deadly")
		sig = s.signal(id)
		if sig.State != state.Decided || sig.Decision != signal.FormalAlert || !sig.DueAt.IsZero() {
			t.Errorf("decided: %s, %s, due %s", sig.State, sig.Decision, sig.DueAt)
		}
		_, page = s.get("/signals/" + id)
		for _, want := range []string{"/alerts/new?signal=" + id, "warn the ambulances", "confirmed and deadly", "Decision: formal alert"} {
			if !strings.Contains(page, want) {
				t.Errorf("after the decision: no %q", want)
			}
		}
		s.must(id, "follow", "reason", "until January")
		s.must(id, "close", "reason", "done")
		s.must(id, "reopen", "reason", "a new death")
		if sig := s.signal(id); sig.State != state.Validating || sig.DueAt.IsZero() {
			t.Errorf("reopened: %s, due %s", sig.State, sig.DueAt)
		}
		if n := s.count("SELECT count(*) FROM audit_entry WHERE object_type = 'signal' AND object_id = ?", id); n != 9 {
			t.Errorf("%d acts in the journal, want 9", n)
		}
	})
}

// Whoever has no business here is refused by every route of the room, also those that name a signal that exists.
func TestEveryRouteRefusesTheOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, id := raised(t, db)
		before := s.signal(id)
		for _, who := range []access.Actor{person(access.Reporter, baqylau.EnforcementDomain), person(access.Reporter, baqylau.HealthDomain), person(access.LabAnalyst, baqylau.NeutralDomain),
			person(access.Administrator, baqylau.NeutralDomain), access.Anyone(baqylau.English)} {
			s.as = who
			for _, r := range s.rt.Routes() {
				path := strings.NewReplacer("{id}", id, "{event}", "x").Replace(r.Pattern)
				code, body := s.do(r.Method, path, url.Values{"token": {fmt.Sprint(before.Token)}, "id": {id}, "reason": {"x"}})
				signIn := who.ID == "" && (code == http.StatusUnauthorized || strings.HasPrefix(body, "/sign-in"))
				if code != http.StatusForbidden && !signIn || strings.Contains(body, "Metonitazene") {
					t.Errorf("%s %s as %v of %s: %d", r.Method, path, who.Roles, who.Domain, code)
				}
			}
			if hits, err := s.s.Hits(context.Background(), who, "metonitazene"); err != nil || len(hits) != 0 {
				t.Errorf("%v finds %v, %v", who.Roles, hits, err)
			}
			if part, err := s.s.Section(context.Background(), who, before.SubstanceID); err != nil || part != nil {
				t.Errorf("%v gets a section, %v", who.Roles, err)
			}
			if n, err := signal.Counts(context.Background(), db.Read, who, 0); err != nil || n.Open != 0 {
				t.Errorf("%v counts %+v, %v", who.Roles, n, err)
			}
		}
		if s.signal(id).Token != before.Token {
			t.Error("something was changed")
		}
	})
}

// A label above that of the reader's organisation hides a signal like one that does not exist.
func TestTheLabelHidesASignal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, id := raised(t, db)
		s.exec("UPDATE signal SET tlp = 'RED'")
		s.as = person(access.Liaison, baqylau.NeutralDomain)
		if code, _ := s.get("/signals/" + id); code != http.StatusNotFound {
			t.Errorf("page: %d", code)
		}
		if _, page := s.get("/signals?state=all"); strings.Contains(page, "Metonitazene") {
			t.Error("the list shows it")
		}
		if _, page := s.get("/signals/table?state=all"); strings.Contains(page, "Metonitazene") {
			t.Error("the table shows it")
		}
	})
}

func TestTwoOfficersAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, id := raised(t, db)
		ctx, old := context.Background(), s.signal(id).Token
		_, err := s.s.Take(ctx, officer("aigerim"), id, old)
		s.check(err)
		if _, err := s.s.Take(ctx, officer("daniyar"), id, old); baqylau.CodeOf(err) != baqylau.Conflict {
			t.Errorf("the slower one: %v", err)
		}
		s.as = officer("daniyar")
		code, page := s.post("/signals/"+id+"/refute", url.Values{"token": {fmt.Sprint(old)}, "reason": {"a long thought"}})
		if code != http.StatusConflict || !strings.Contains(page, "being validated") || !strings.Contains(page, "aigerim") {
			t.Errorf("page of the slower one: %d", code)
		}
		if sig := s.signal(id); sig.OwnerID != "aigerim" || sig.State != state.Validating {
			t.Errorf("%s, %s", sig.OwnerID, sig.State)
		}
	})
}

func TestUndo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, id := raised(t, db)
		ctx, aigerim := context.Background(), officer("aigerim")
		took, err := s.s.Take(ctx, aigerim, id, 0)
		s.check(err)
		refuted, err := s.s.Refute(ctx, aigerim, id, 0, nil, "a mistake")
		s.check(err)
		if !refuted.Signal.DueAt.IsZero() {
			t.Error("the clock of a refuted signal runs")
		}
		if _, err := s.s.Undo(ctx, officer("daniyar"), id, refuted.EventID); baqylau.CodeOf(err) != baqylau.Conflict {
			t.Errorf("somebody else: %v", err)
		}
		if _, err := s.s.Undo(ctx, aigerim, id, took.EventID); baqylau.CodeOf(err) != baqylau.Conflict {
			t.Errorf("not the last step: %v", err)
		}
		s.as = aigerim
		if code, to := s.post("/signals/"+id+"/undo/"+refuted.EventID, nil); code != http.StatusSeeOther || to != "/signals/"+id {
			t.Errorf("undo: %d %s", code, to)
		}
		if sig := s.signal(id); sig.State != state.Validating || sig.OwnerID != "aigerim" || !sig.DueAt.Equal(took.Signal.DueAt) {
			t.Errorf("after: %s, %s, due %s", sig.State, sig.OwnerID, sig.DueAt)
		}
		closed, err := s.s.Refute(ctx, aigerim, id, 0, nil, "again")
		s.check(err)
		s.now = s.now.Add(11 * time.Minute)
		if _, err := s.s.Undo(ctx, aigerim, id, closed.EventID); baqylau.CodeOf(err) != baqylau.Conflict {
			t.Errorf("too late: %v", err)
		}
	})
}

func TestASignalByHand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(open(t, db))
		s.account("aigerim", "ews_officer")
		s.as = officer("aigerim")
		form := url.Values{"type": {"online_offer"}, "title": {"New shop sells nitazenes"}, "explanation": {"Seen by an outreach worker."}, "place": {"KZ/KZ-75"},
			"substance_text": {"метонитазен"}, "confidence": {"suspected"}, "tlp": {"AMBER"}}
		bad := url.Values{"type": {"online_offer"}, "title": {"kept title"}, "substance_text": {"no such thing"}}
		if code, page := s.post("/signals/new", bad); code != http.StatusUnprocessableEntity || !strings.Contains(page, "kept title") || !strings.Contains(page, "does not know this substance") {
			t.Errorf("bad form: %d", code)
		}
		code, to := s.post("/signals/new", form)
		if code != http.StatusSeeOther || !strings.HasPrefix(to, "/signals/") {
			t.Fatalf("%d %s", code, to)
		}
		sig := s.signal(strings.TrimPrefix(to, "/signals/"))
		if sig.Rule != signal.Person || sig.SubstanceID != s.substance("Metonitazene") || sig.Region != "KZ-75" || sig.OwnerID != "aigerim" || sig.DueAt.Sub(sig.CreatedAt) != 5*24*time.Hour {
			t.Errorf("%+v", sig)
		}
		if _, page := s.get(to); !strings.Contains(page, "New shop sells nitazenes") || !strings.Contains(page, "Online offer") {
			t.Error("page")
		}
	})
}

func TestTheSameForeignAlertIsOneSignal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		d := signal.Draft{Type: "foreign_alert", Title: "Nitazenes in tablets", Explanation: "A neighbour warns.", Country: "KZ", Confidence: baqylau.Confirmed, Outside: true, Key: "urn:x:1"}
		first, err := c.s.Create(context.Background(), person(access.Liaison, baqylau.NeutralDomain), d)
		c.check(err)
		again, err := c.s.Create(context.Background(), officer("aigerim"), d)
		c.check(err)
		if first.ID != again.ID || first.OwnerID != "" || first.TLP != baqylau.TLPAmber || first.Scores.Marks[score.Certainty].Value != 1 {
			t.Errorf("%+v\n%+v", first, again)
		}
		d.Type = "other"
		if _, err := c.s.Create(context.Background(), person(access.Liaison, baqylau.NeutralDomain), d); baqylau.CodeOf(err) != baqylau.Forbidden {
			t.Errorf("a liaison officer raises anything: %v", err)
		}
	})
}

// Another country's deaths are no exposure here: certainty 1, so no red clock.
func TestAnOutsideSourceIsScoredAsSuch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		c.exec("UPDATE source SET outside = TRUE WHERE id = 'src'")
		c.report(intake.Death, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		c.detect()
		s := c.all()[0]
		if !s.Outside || s.Scores.Matrix().Certainty != 1 || s.Scores.Matrix().Harm != 3 || s.Priority != baqylau.Yellow {
			t.Errorf("%+v", s)
		}
		if n := c.count("SELECT count(*) FROM delivery"); n != 0 {
			t.Errorf("%d letters", n)
		}
	})
}

func TestFiltersAndBulk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, id := raised(t, db)
		s.report(intake.Seizure, "KZ-71", "Carfentanil", baqylau.Presumptive)
		s.detect()
		s.as = officer("aigerim")
		show := func(query string) []string {
			code, page := s.get("/signals/table?" + query)
			if code != http.StatusOK {
				t.Fatalf("%s: %d", query, code)
			}
			var got []string
			for _, name := range []string{"Metonitazene", "Carfentanil"} {
				if strings.Contains(page, name+": first in the country") {
					got = append(got, name)
				}
			}
			return got
		}
		for query, want := range map[string][]string{
			"": {"Metonitazene", "Carfentanil"}, "priority=red": {"Metonitazene"}, "region=KZ": {"Metonitazene", "Carfentanil"}, "type=rise": nil, "type=first_country": {"Metonitazene", "Carfentanil"},
			"q=карфент": {"Carfentanil"}, "q=S-2026-0002": {"Carfentanil"}, "substance=Carfentanil": {"Carfentanil"}, "substance=nonsense": nil, "owner=aigerim": nil, "outside=only": nil,
			"outside=without": {"Metonitazene", "Carfentanil"}, "state=closed": nil, "state=all": {"Metonitazene", "Carfentanil"}, "sort=-events": {"Metonitazene", "Carfentanil"},
		} {
			if got := show(query); !slices.Equal(got, want) {
				t.Errorf("?%s shows %v, want %v", query, got, want)
			}
		}
		if code, to := s.post("/signals/take", url.Values{"id": {id}}); code != http.StatusSeeOther || to != "/signals/table" {
			t.Errorf("bulk: %d %s", code, to)
		}
		if got := show("owner=aigerim"); !slices.Equal(got, []string{"Metonitazene"}) {
			t.Errorf("mine: %v", got)
		}
		_, err := s.s.Refute(context.Background(), s.as, id, 0, nil, "no")
		s.check(err)
		if got := show("state=closed"); !slices.Equal(got, []string{"Metonitazene"}) {
			t.Errorf("closed: %v", got)
		}
		if code, csv := s.get("/signals/table?format=csv&state=all"); code != http.StatusOK || !strings.Contains(csv, "S-2026-0002") {
			t.Errorf("export: %d %s", code, csv)
		}
	})
}

// Every page in every language, without a missing message.
func TestPagesInThreeLanguages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, id := raised(t, db)
		for _, l := range baqylau.Langs {
			s.as = officer("aigerim")
			s.as.Lang = l
			for _, path := range []string{"/signals", "/signals?q=nothing", "/signals/" + id, "/signals/table", "/signals/new"} {
				if code, page := s.get(path); code != http.StatusOK || strings.Contains(page, "⟦") {
					t.Errorf("%s in %s: %d %v", path, l, code, locale.Missing())
				}
			}
		}
	})
}
