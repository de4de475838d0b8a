package returns_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/returns"
)

// figure writes an observation of an organisation for a region and a period; absence "" is a value.
func (h *house) figure(id, org, place, start, end, absence string, at time.Time) {
	h.t.Helper()
	var value any = 7.0
	if absence != "" {
		value = nil
	}
	h.exec(`INSERT INTO observation (id, cell, indicator, unit, country, place, start_on, end_on, value, absence, source_id, org_id, account_id, domain, known_on, recorded_at)
		VALUES (?, ?, 'oat_clients', 'persons', 'KZ', ?, ?, ?, ?, ?, ?, ?, 'a', 'health', ?, ?)`, id, "oat_clients|"+place+"|"+start+"|"+end, place, start, end, value, absence, "source-of-"+org, org, at.Format(time.DateOnly), at.UnixMicro())
}

func days(n int) *int { return &n }

// entry is a return of the hospital.
func entry(every returns.Frequency, due *int) returns.Dataset {
	text := baqylau.Text{KK: "ОАТ", RU: "ПТАО", EN: "Agonist therapy"}
	return returns.Dataset{Code: "oat", Name: text, Owner: text, OrgID: "hospital", Subject: "observation", Indicators: []string{"oat_clients"}, Every: every, DueDays: due, Domain: baqylau.HealthDomain}
}

// What ships can be read, names only what exists, and says of nothing that it was verified.
func TestShippedCatalogue(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		all, err := returns.Datasets(t.Context(), h.db.Read, baqylau.MustDate("2026-03-02"))
		if err != nil || len(all) < 15 {
			t.Fatalf("%d datasets, %v", len(all), err)
		}
		for _, d := range all {
			if d.Verified {
				t.Errorf("%s claims to be verified", d.Code)
			}
		}
		for l, words := range map[baqylau.Lang][]string{baqylau.English: {"Dispensary register", "Committee for Combating Drug Crime"}, baqylau.Russian: {"Официальная уголовная статистика"}, baqylau.Kazakh: {"Диспансерлік тіркелім"}} {
			h.shows(h.visit(author, l, "/datasets", nil), words...)
		}
		h.shows(h.visit(author, baqylau.English, "/datasets/legal_statistics", nil), "order 213 of 1 December 2023", "not compared with the primary document")
	})
}

// A quarterly return is watched: what came in time, late, and not at all; the clock of the sender runs until it comes.
func TestAReturnIsLateAndArrives(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		d := entry(returns.Quarterly, days(20))
		if err := h.s.KeepDataset(t.Context(), epidemiology, d); err != nil {
			t.Fatal(err)
		}
		h.figure("q1", "hospital", "KZ-75", "2025-01-01", "2025-03-31", "", time.Date(2025, 4, 10, 6, 0, 0, 0, time.UTC))
		h.figure("q2", "hospital", "KZ-75", "2025-04-01", "2025-06-30", "", time.Date(2025, 7, 25, 6, 0, 0, 0, time.UTC))
		h.figure("other", "clinic", "KZ-75", "2025-07-01", "2025-09-30", "", time.Date(2025, 10, 1, 6, 0, 0, 0, time.UTC))
		got, err := h.s.Standings(t.Context(), &d, 2025, 2025, baqylau.MustDate("2026-03-02"))
		if err != nil || len(got) != 4 {
			t.Fatal(got, err)
		}
		if got[0].Arrival == nil || got[0].Late != 0 || got[1].Late != 5 || !got[2].Overdue() || got[2].Late != 133 || !got[3].Overdue() || got[3].Period.Key != "2025-Q4" {
			t.Errorf("%+v", got)
		}
		h.figure("q1 corrected", "hospital", "KZ-75", "2025-01-01", "2025-03-31", "", time.Date(2025, 9, 1, 6, 0, 0, 0, time.UTC))
		h.exec("UPDATE observation SET supersedes_id = 'q1' WHERE id = 'q1 corrected'")
		h.exec("UPDATE observation SET withdrawn_on = '2025-08-01' WHERE id = 'q2'")
		if got, err = h.s.Standings(t.Context(), &d, 2025, 2025, baqylau.MustDate("2026-03-02")); err != nil || got[0].Late != 0 || got[0].Arrival.Rows != 1 || got[0].Arrival.Last.Month() != time.September {
			t.Errorf("corrected later, it counts as late: %+v %v", got[0], err)
		}
		if !got[1].Overdue() {
			t.Errorf("withdrawn, it counts as there: %+v", got[1])
		}
		h.exec("UPDATE observation SET withdrawn_on = NULL WHERE id = 'q2'")
		if err := h.s.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		open := "SELECT count(*) FROM due_item WHERE object_type = 'dataset' AND state = 'open' AND org_id = 'hospital'"
		before := h.count(open)
		if n := h.count(open + " AND object_id = 'oat 2025-Q4'"); n != 1 {
			t.Errorf("%d clocks for the last quarter", n)
		}
		h.shows(h.visit(hospital, baqylau.English, "/my-data", nil), "2025-Q4", "overdue", "5 days", "Agonist therapy")
		h.figure("q4", "hospital", "KZ-75", "2025-10-01", "2025-12-31", "", h.now)
		if err := h.s.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		if after := h.count(open); after != before-1 {
			t.Errorf("%d clocks before the return, %d after", before, after)
		}
		h.shows(h.visit(epidemiology, baqylau.English, "/datasets", nil), "Agonist therapy", "overdue", "3 of 4 periods")
		old, err := returns.Datasets(t.Context(), h.db.Read, baqylau.MustDate("2026-03-01"))
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range old {
			if x.Code == "oat" {
				t.Error("the entry is there before it was written")
			}
		}
	})
}

// Regions that did not report and answers that are missing become questions; when they come the questions are gone.
func TestIncompleteReturnsAreAskedAbout(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		d := entry(returns.Yearly, days(31))
		d.Units = "region"
		h.seed()
		if err := h.s.KeepDataset(t.Context(), epidemiology, d); err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 1, 15, 6, 0, 0, 0, time.UTC)
		for i, place := range []string{"KZ-10", "KZ-11", "KZ-15", "KZ-19", "KZ-23", "KZ-27", "KZ-31", "KZ-33", "KZ-35", "KZ-39", "KZ-43", "KZ-47", "KZ-55", "KZ-59", "KZ-61", "KZ-62", "KZ-63", "KZ-71", "KZ-75"} {
			absence := ""
			if i < 3 {
				absence = "not_known"
			}
			h.figure(place, "hospital", place, "2025-01-01", "2025-12-31", absence, at)
		}
		h.figure("whole", "hospital", "KZ", "2025-01-01", "2025-12-31", "", at)
		if err := h.s.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.shows(h.visit(epidemiology, baqylau.English, "/checks", nil), "Many rows lack an answer", "Not all units reported the period")
		if n := h.count("SELECT count(*) FROM check_finding WHERE rule = 'dataset_units' AND subject_id = 'oat' AND first_value = '19' AND second_value = '20'"); n != 1 {
			t.Error("the region that did not report is not asked about")
		}
		if n := h.count("SELECT count(*) FROM check_finding WHERE rule = 'dataset_missing' AND subject_id = 'oat'"); n != 0 {
			t.Error("fewer than twenty rows are asked about") // the 19 regions alone
		}
		if n := h.count("SELECT count(*) FROM check_finding WHERE rule = 'dataset_missing' AND subject_id = 'oat_nsp' AND severity = ? AND first_value = '15.0 %'", string(check.Question)); n != 1 {
			t.Error("the shipped entry, in which the country counts too, is not asked about")
		}
		for _, id := range []string{"KZ-10", "KZ-11", "KZ-15"} {
			h.exec("UPDATE observation SET absence = '', value = 1 WHERE id = ?", id)
		}
		if err := h.s.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := h.count("SELECT count(*) FROM check_finding WHERE rule = 'dataset_missing' AND state = 'open'"); n != 0 {
			t.Error("a question about answers that came stays")
		}
	})
}

// The catalogue is edited by whoever may; mistakes are shown at their fields.
func TestTheCatalogueIsEdited(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		form := url.Values{"code": {"new_set"}, "name_kk": {"Жинақ"}, "name_ru": {"Набор"}, "name_en": {"Set"}, "owner_kk": {"Иесі"}, "owner_ru": {"Владелец"}, "owner_en": {"Owner"}, "org": {"hospital"}, "domain": {"health"}, "subject": {"observation"},
			"indicators": {"oat_clients\nno_such"}, "every": {"year"}, "due_days": {"45"}}
		h.shows(h.visit(epidemiology, baqylau.English, "/datasets/new", form), "no indicator “no_such”", "oat_clients")
		form.Set("indicators", "oat_clients")
		if rec := h.visit(epidemiology, baqylau.English, "/datasets/new", form); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/datasets/new_set" {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		h.shows(h.visit(epidemiology, baqylau.English, "/datasets/new_set/edit", nil), `value="45"`, "oat_clients")
		h.shows(h.visit(author, baqylau.Russian, "/datasets/new_set", nil), "Набор", "45 дней", "Hospital")
		if err := h.s.KeepDataset(t.Context(), author, entry(returns.Yearly, nil)); code(err) != baqylau.Forbidden {
			t.Errorf("an author edits the catalogue: %v", err)
		}
		bad := entry("weekly", days(-1))
		bad.Code = "A b"
		if err := h.s.KeepDataset(t.Context(), epidemiology, bad); code(err) != baqylau.Invalid {
			t.Errorf("%v", err)
		}
	})
}

// Few records of persons are not told outside their owners' side.
func TestFewRecordsAreHiddenInTheCatalogue(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i, id := range []string{"a", "b", "c"} {
			h.exec(`INSERT INTO death (id, register, source_id, source_ref, country, region, died_on, sex, org_id, account_id, domain, known_on, recorded_at)
				VALUES (?, 'general', 'source-of-hospital', ?, 'KZ', 'KZ-75', '2025-05-01', 'male', 'hospital', 'x', 'health', '2025-06-01', ?)`, id, id, h.now.UnixMicro()+int64(i))
		}
		h.shows(h.visit(police, baqylau.English, "/datasets/mortality", nil), "hidden", "2025")
		h.hides(h.visit(police, baqylau.English, "/datasets/mortality", nil), ">3<")
		h.shows(h.visit(epidemiology, baqylau.English, "/datasets/mortality", nil), ">3<", "100.0")
		h.shows(h.visit(hospital, baqylau.Kazakh, "/my-data", nil), "өлім", ">3<")
		h.hides(h.visit(clinic, baqylau.English, "/my-data", nil), ">3<")
	})
}
