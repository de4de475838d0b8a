package returns_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/returns"
)

func asked(mark, org string, domain baqylau.Domain, severity check.Severity) check.Finding {
	return check.Finding{Rule: "death_manner", Severity: severity, Subject: "death", SubjectID: "death-" + mark, Mark: mark, First: check.Value{Label: "death.field.underlying", Text: "X42"},
		Second: check.Value{Label: "death.field.manner", Text: "1234.5"}, Period: "2025-05", OrgID: org, Domain: domain}
}

// The centre returns a question, the hospital answers on its own page, the centre resolves it; what the values become later opens it again.
func TestAFindingIsReturnedAnsweredAndResolved(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.found(asked("a", "hospital", baqylau.HealthDomain, check.Error), asked("b", "hospital", baqylau.HealthDomain, check.Note), asked("c", "clinic", baqylau.HealthDomain, check.Question))
		a := h.finding("a")
		page := h.visit(epidemiology, baqylau.English, "/checks", nil)
		h.shows(page, "/checks/"+a, "Hospital", "Clinic", "cannot be so", "1,234.5", "Return to the sender")
		if rec := h.visit(epidemiology, baqylau.English, "/checks/"+a+"/return", url.Values{"words": {""}}); rec.Code < 400 {
			t.Errorf("a question without words: %d", rec.Code)
		}
		if rec := h.visit(epidemiology, baqylau.English, "/checks/"+a+"/return", url.Values{"words": {"Was it an accident?"}}); rec.Code != http.StatusSeeOther {
			t.Fatalf("returning: %d %s", rec.Code, rec.Body)
		}
		if n := h.count("SELECT count(*) FROM due_item WHERE object_type = 'returned' AND org_id = 'hospital' AND role = 'reporter' AND state = 'open'"); n != 1 {
			t.Errorf("%d due items for the hospital", n)
		}
		own := h.visit(hospital, baqylau.Russian, "/checks/"+a, nil)
		h.shows(own, "Was it an accident?", "Ответить", "центр мониторинга")
		h.hides(own, "Разрешить")
		if rec := h.visit(hospital, baqylau.English, "/checks/"+a+"/answer", url.Values{"words": {"Yes, corrected today."}}); rec.Code != http.StatusSeeOther {
			t.Fatalf("answering: %d %s", rec.Code, rec.Body)
		}
		if n := h.count("SELECT count(*) FROM due_item WHERE object_type = 'returned' AND state = 'open'"); n != 0 {
			t.Errorf("%d due items although all is answered", n)
		}
		if rec := h.visit(hospital, baqylau.English, "/checks/"+a+"/answer", url.Values{"words": {"Again."}}); rec.Code != http.StatusConflict {
			t.Errorf("answering twice: %d", rec.Code)
		}
		h.shows(h.visit(epidemiology, baqylau.English, "/checks/"+a, nil), "Yes, corrected today.", "Hospital", "Resolve")
		if err := h.s.Resolve(t.Context(), epidemiology, []string{a}, "Corrected by the sender."); err != nil {
			t.Fatal(err)
		}
		h.hides(h.visit(epidemiology, baqylau.English, "/checks", nil), "/checks/"+a+"\"")
		h.shows(h.visit(epidemiology, baqylau.English, "/checks?state=resolved", nil), "/checks/"+a)
		h.found(asked("a", "hospital", baqylau.HealthDomain, check.Error))
		f, words, err := h.s.Get(t.Context(), epidemiology, a)
		if err != nil || f.State != returns.Resolved || len(words) != 3 || words[0].Act != returns.Resolved {
			t.Errorf("found again unchanged: %v %v %v", f.State, words, err)
		}
		changed := asked("a", "hospital", baqylau.HealthDomain, check.Error)
		changed.Second.Text = "7"
		h.found(changed)
		if f, _, _ := h.s.Get(t.Context(), epidemiology, a); f.State != returns.Open {
			t.Errorf("with other values it stays %s", f.State)
		}
	})
}

// Several findings are returned with one question; a sender sees its own only, and nobody across the wall sees any.
func TestManyFindingsAndTheWall(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.found(asked("a", "hospital", baqylau.HealthDomain, check.Question), asked("b", "clinic", baqylau.HealthDomain, check.Question), asked("c", "police", baqylau.EnforcementDomain, check.Question))
		a, b, c := h.finding("a"), h.finding("b"), h.finding("c")
		ask := h.visit(epidemiology, baqylau.English, "/checks/ask", url.Values{"id": {a, b}, "to": {"returned"}})
		h.shows(ask, "2 findings", a, b, "Question to the sender")
		if rec := h.visit(epidemiology, baqylau.English, "/checks/many", url.Values{"id": {a, b}, "to": {"returned"}, "words": {"Please look."}}); rec.Code != http.StatusSeeOther {
			t.Fatalf("returning two: %d %s", rec.Code, rec.Body)
		}
		if n := h.count("SELECT count(*) FROM check_finding WHERE state = 'returned'"); n != 2 {
			t.Errorf("%d are returned", n)
		}
		if err := h.s.Return(t.Context(), epidemiology, []string{c, a}, "Once more?"); code(err) != baqylau.Conflict {
			t.Errorf("one of them is with its sender already: %v", err)
		}
		if n := h.count("SELECT count(*) FROM check_word WHERE finding_id = ?", c); n != 0 {
			t.Error("half of a refused act was kept")
		}
		list := h.visit(hospital, baqylau.Kazakh, "/checks", nil)
		h.shows(list, "/checks/"+a)
		h.hides(list, "/checks/"+b, "/checks/"+c, "Clinic", "Police")
		for _, x := range []struct {
			err  error
			want baqylau.Code
		}{
			{h.s.Answer(t.Context(), hospital, b, "not mine"), baqylau.NotFound},
			{h.s.Answer(t.Context(), police, a, "not mine"), baqylau.NotFound},
			{h.s.Resolve(t.Context(), hospital, []string{a}, "done"), baqylau.Forbidden},
			{h.s.Answer(t.Context(), author, a, "no"), baqylau.Forbidden},
		} {
			if code(x.err) != x.want {
				t.Errorf("%v, want %s", x.err, x.want)
			}
		}
		if rec := h.visit(police, baqylau.English, "/checks/"+a, nil); rec.Code != http.StatusNotFound {
			t.Errorf("the police read a finding about health records: %d", rec.Code)
		}
		if rec := h.visit(author, baqylau.English, "/checks", nil); rec.Code != http.StatusForbidden {
			t.Errorf("an author lists findings: %d", rec.Code)
		}
	})
}

// A finding that has become another sender's, with the values the other way round, says so, is asked anew, and the wall stands where the new sender is.
func TestAFindingFollowsItsValues(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		before := asked("a", "hospital", baqylau.HealthDomain, check.Question)
		h.found(before)
		a := h.finding("a")
		if err := h.s.Return(t.Context(), epidemiology, []string{a}, "Is it so?"); err != nil {
			t.Fatal(err)
		}
		now := asked("a", "police", baqylau.EnforcementDomain, check.Question)
		now.First, now.Second, now.SubjectID = check.Value{Label: "Police", Text: "4"}, check.Value{Label: "Hospital", Text: "7"}, "death-b"
		h.found(now)
		f, _, err := h.s.Get(t.Context(), police, a)
		if err != nil || f.First != now.First || f.Second != now.Second || f.OrgID != "police" || f.State != returns.Open {
			t.Errorf("%+v %v", f, err)
		}
		if _, _, err := h.s.Get(t.Context(), hospital, a); code(err) != baqylau.NotFound {
			t.Errorf("the sender of before reads on: %v", err)
		}
		if err := h.s.Return(t.Context(), epidemiology, []string{a}, "And you?"); err != nil {
			t.Fatal(err)
		}
		now.OrgID, now.Domain = "clinic", baqylau.HealthDomain
		h.found(now)
		if f, _, err := h.s.Get(t.Context(), clinic, a); err != nil || f.State != returns.Open {
			t.Errorf("the same values of another sender: %v %v", f.State, err)
		}
	})
}

// A clinic reads in its finding what it stated itself, and not what the police counted of the same people; the centre reads both.
func TestAFindingTellsNoOthersCount(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		f := asked("deaths_national|KZ|2023", "hospital", baqylau.HealthDomain, check.Question)
		f.Rule, f.Subject, f.First, f.Second = "conflict", "observation", check.Value{Label: "Ministry", Text: "2"}, check.Value{Label: "Police", Text: "91357"}
		h.found(f)
		id := h.finding(f.Mark)
		stated := func(org, published string) {
			h.exec("INSERT INTO observation (id, cell, indicator, unit, country, place, start_on, end_on, value, source_id, org_id, account_id, domain, known_on, recorded_at, published) VALUES ('" + org + "', 'c', 'deaths_national', 'deaths', 'KZ', 'KZ', '2023-01-01', '2023-12-31', 4, (SELECT MIN(id) FROM source), '" + org + "', 'a', 'neutral', '2024-01-01', 1, " + published + ")")
		}
		stated("hospital", "FALSE")
		stated("police", "FALSE")
		for _, path := range []string{"/checks", "/checks/" + id} {
			h.hides(h.visit(hospital, baqylau.English, path, nil), "91,357", "91357")
			h.shows(h.visit(epidemiology, baqylau.English, path, nil), "91,357")
		}
		if got, _, err := h.s.Get(t.Context(), hospital, id); err != nil || got.First.Text != "2" || got.Second.Text == "91357" {
			t.Errorf("%+v %v", got, err)
		}
	})
}
