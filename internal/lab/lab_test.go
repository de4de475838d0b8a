package lab_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/lab"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// house is a node with the shipped registry, a police department, a hospital, two laboratories, and a clock that the test moves.
type house struct {
	t      *testing.T
	db     *store.DB
	s      *lab.Service
	intake *intake.Service
	now    time.Time
}

var (
	police   = person("marat", "police", baqylau.EnforcementDomain, access.Reporter)
	doctor   = person("saule", "hospital", baqylau.HealthDomain, access.Reporter)
	analyst  = person("dana", "forensic", baqylau.NeutralDomain, access.LabAnalyst)
	both     = person("arman", "forensic", baqylau.NeutralDomain, access.LabAnalyst, access.LabReviewer)
	reviewer = person("gulnar", "forensic", baqylau.NeutralDomain, access.LabReviewer)
	stranger = person("oleg", "otherlab", baqylau.NeutralDomain, access.LabAnalyst, access.LabReviewer)
	officer  = person("aigerim", "centre", baqylau.NeutralDomain, access.Officer)
)

func person(id, org string, d baqylau.Domain, roles ...access.Role) access.Actor {
	return access.Actor{ID: id, Name: id, OrgID: org, Domain: d, Roles: roles, Lang: baqylau.Russian, MaxTLP: baqylau.TLPAmber}
}

func open(t *testing.T, db *store.DB) *house {
	t.Helper()
	h := &house{t: t, db: db, now: time.Date(2026, 11, 23, 9, 0, 0, 0, change.Zone)}
	w := change.New(db)
	w.Now = func() time.Time { return h.now }
	ctx := context.Background()
	h.check(registry.Seed(ctx, db, w, data.FS))
	shelf, err := registry.NewShelf(ctx, db)
	h.check(err)
	h.intake = &intake.Service{W: w, Shelf: shelf, Home: "KZ"}
	h.s = &lab.Service{W: w, Shelf: shelf, Intake: h.intake}
	for _, o := range [][3]string{{"police", "police", "enforcement"}, {"hospital", "health", "health"}, {"forensic", "laboratory", "neutral"},
		{"otherlab", "laboratory", "neutral"}, {"centre", "other", "neutral"}} {
		h.exec(`INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES (?, ?, ?, ?, ?, 'KZ', 0)`, o[0], "test_"+o[0], baqylau.Same(o[0]).JSON(), o[1], o[2])
	}
	for _, a := range []access.Actor{police, doctor, analyst, both, reviewer, stranger, officer} {
		h.exec(`INSERT INTO account (id, login, name, org_id, lang, state, created_at) VALUES (?, ?, ?, ?, 'ru', 'active', 0)`, a.ID, a.ID+"@test.example", a.Name, a.OrgID)
	}
	return h
}

func (h *house) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	_, err := h.db.Write.NewRaw(sql, args...).Exec(context.Background())
	h.check(err)
}

// refused checks that an act failed with a code and, if key is not empty, with that message.
func (h *house) refused(err error, code baqylau.Code, key string) {
	h.t.Helper()
	if baqylau.CodeOf(err) != code {
		h.t.Errorf("%v, want code %s", err, code)
	}
	var es baqylau.Errors
	var e *baqylau.Error
	if !errors.As(err, &es) && errors.As(err, &e) {
		es = baqylau.Errors{e}
	}
	if key != "" && !slices.ContainsFunc(es, func(e *baqylau.Error) bool { return e.Key == key }) {
		h.t.Errorf("%v, want %s", err, key)
	}
}

func (h *house) substance(name string) string {
	h.t.Helper()
	s, ok := h.intake.Shelf.Book().ByName(name)
	if !ok {
		h.t.Fatalf("the registry has no %s", name)
	}
	return s.ID
}

// report sends a report in which a substance is supposed.
func (h *house) report(by access.Actor, kind intake.Kind, toLab, substance string) intake.Recorded {
	h.t.Helper()
	sub := intake.Submission{Incoming: intake.Incoming{Kind: kind, Channel: "form", LabOrgID: toLab, Region: "KZ-75", Country: "KZ", Occurred: change.Today(h.now),
		Precision: baqylau.Day, Detail: intake.Detail{SampleRef: "E-17"}},
		Substances: []intake.Finding{{SubstanceID: h.substance(substance), Role: "main", Level: baqylau.Presumptive, Confidence: baqylau.Suspected}}}
	rec, err := h.intake.Submit(context.Background(), by, sub)
	h.check(err)
	return rec
}

func (h *house) confirmed(substance string) lab.Result {
	return lab.Result{SubstanceID: h.substance(substance), Role: "main", Level: baqylau.ConfirmedID, Techniques: []string{"colour_test", "GC_MS"}, Standard: "certified", Purity: "12.5"}
}

// analysed takes a sample in and enters a result.
func (h *house) analysed(by access.Actor, reportID, number string, r lab.Result) string {
	h.t.Helper()
	ctx := context.Background()
	id, err := h.s.Receive(ctx, by, reportID, number)
	h.check(err)
	h.check(h.s.Begin(ctx, by, id))
	h.check(h.s.Enter(ctx, by, id, r, change.Today(h.now)))
	return id
}

// weekly is how many occurrences of a substance the series count, as of a day.
func (h *house) weekly(substance string, asOf baqylau.Date) (n int) {
	h.t.Helper()
	points, err := series.Weekly(context.Background(), h.db.Read, series.Query{Country: "KZ", Subject: series.Subject{Dim: series.Substance, ID: h.substance(substance)}, AsOf: asOf})
	h.check(err)
	for _, p := range points {
		n += p.N
	}
	return n
}

func (h *house) findings(by access.Actor, reportID string) []intake.Finding {
	h.t.Helper()
	r, err := h.intake.Read(context.Background(), h.db.Read, by, reportID)
	h.check(err)
	return r.Findings
}

func TestASeizureIsAnalysedReviewedReleasedAndCorrected(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), context.Background()
		yesterday := change.Today(h.now)
		rec := h.report(police, intake.Seizure, "forensic", "Heroin")
		h.now = h.now.Add(24 * time.Hour)
		today := change.Today(h.now)

		_, err := h.s.Receive(ctx, stranger, rec.ReportID, "X-1")
		h.refused(err, baqylau.NotFound, "") // another laboratory
		_, err = h.s.Receive(ctx, police, rec.ReportID, "X-1")
		h.refused(err, baqylau.Forbidden, "")
		id := h.analysed(both, rec.ReportID, "K-101", h.confirmed("Metonitazene"))
		if r, err := h.intake.Read(ctx, db.Read, police, rec.ReportID); err != nil || r.Standing != "in_lab" {
			t.Errorf("the sender reads %s while the sample is analysed: %v", r.Standing, err)
		}
		h.refused(h.s.Enter(ctx, stranger, id, h.confirmed("Heroin"), today), baqylau.NotFound, "")
		h.refused(h.s.Release(ctx, reviewer, id), baqylau.Conflict, "lab.error.moved_on") // not yet in review
		h.check(h.s.Submit(ctx, both, id))
		h.refused(h.s.Enter(ctx, both, id, h.confirmed("Heroin"), today), baqylau.Conflict, "")

		h.refused(h.s.Release(ctx, analyst, id), baqylau.Forbidden, "")
		h.refused(h.s.Release(ctx, both, id), baqylau.Forbidden, "lab.error.second_person")
		if _, err := db.Write.NewRaw("UPDATE lab_result SET reviewer_id = account_id WHERE id = ?", id).Exec(ctx); err == nil {
			t.Error("the database lets the analyst be the reviewer")
		}
		h.refused(h.s.Release(ctx, stranger, id), baqylau.NotFound, "")
		h.refused(h.s.Return(ctx, reviewer, id, ""), baqylau.Invalid, "lab.error.reason")
		h.check(h.s.Return(ctx, reviewer, id, "blank run missing"))
		h.check(h.s.Submit(ctx, both, id))
		h.check(h.s.Release(ctx, reviewer, id))
		h.refused(h.s.Release(ctx, reviewer, id), baqylau.Conflict, "")

		got := h.findings(police, rec.ReportID)
		if len(got) != 1 || got[0].SubstanceID != h.substance("Metonitazene") || got[0].Confidence != baqylau.Confirmed || got[0].LabResultID != id || got[0].Purity != "12.5" {
			t.Errorf("findings after release: %+v", got)
		}
		for _, c := range []struct {
			substance string
			asOf      baqylau.Date
			want      int
		}{{"Heroin", yesterday, 1}, {"Metonitazene", yesterday, 0}, {"Heroin", today, 0}, {"Metonitazene", today, 1}} {
			if n := h.weekly(c.substance, c.asOf); n != c.want {
				t.Errorf("%s as of %s: %d, want %d", c.substance, c.asOf, n, c.want)
			}
		}
		r, err := h.intake.Read(ctx, db.Read, police, rec.ReportID)
		h.check(err)
		if r.Standing != "lab_confirmed" || r.State != "submitted" || r.Findings[0].Matched != "Metonitazene" {
			t.Errorf("the sender reads %s, %+v", r.Standing, r.Findings)
		}
		if !slices.ContainsFunc(r.Events, func(e intake.Event) bool { return e.Act == "lab" && e.Public }) {
			t.Errorf("the sender does not see the release: %+v", r.Events)
		}
		if _, err := h.intake.Read(ctx, db.Read, doctor, rec.ReportID); baqylau.CodeOf(err) != baqylau.NotFound {
			t.Errorf("a hospital reads a seizure: %v", err)
		}

		h.correct(id, rec, today)
	})
}

// correct goes on with the story: the released result was wrong.
func (h *house) correct(id string, rec intake.Recorded, firstDay baqylau.Date) {
	h.t.Helper()
	ctx := context.Background()
	h.now = h.now.Add(24 * time.Hour)
	var reopened []string
	h.s.OnAmend = append(h.s.OnAmend, func(_ context.Context, _ *change.Tx, reportID string) error {
		reopened = append(reopened, reportID)
		return nil
	})
	next, err := h.s.Amend(ctx, analyst, id)
	h.check(err)
	_, err = h.s.Amend(ctx, analyst, id)
	h.refused(err, baqylau.Conflict, "") // one correction at a time
	h.check(h.s.Remove(ctx, analyst, next, 0))
	h.check(h.s.Enter(ctx, analyst, next, h.confirmed("Etonitazene"), change.Today(h.now)))
	h.check(h.s.Submit(ctx, analyst, next))
	if f := h.findings(police, rec.ReportID); f[0].LabResultID != id {
		h.t.Errorf("an unreviewed correction shows: %+v", f)
	}
	h.check(h.s.Release(ctx, reviewer, next))
	if f := h.findings(police, rec.ReportID); len(f) != 1 || f[0].SubstanceID != h.substance("Etonitazene") || f[0].LabResultID != next {
		h.t.Errorf("findings after the correction: %+v", f)
	}
	today := change.Today(h.now)
	if a, b, c := h.weekly("Metonitazene", firstDay), h.weekly("Metonitazene", today), h.weekly("Etonitazene", today); a != 1 || b != 0 || c != 1 {
		h.t.Errorf("series after the correction: %d %d %d, want 1 0 1", a, b, c)
	}
	var due, amended int
	h.check(h.db.Read.NewRaw("SELECT (SELECT count(*) FROM due_item WHERE object_id = ? AND kind = 'lab_amended' AND state = 'open'), (SELECT count(*) FROM lab_result WHERE id = ? AND state = 'amended')",
		rec.ReportID, id).Scan(ctx, &due, &amended))
	if due != 1 || amended != 1 || !slices.Equal(reopened, []string{rec.ReportID}) {
		h.t.Errorf("after the correction: %d due, %d amended, reopened %v", due, amended, reopened)
	}
}

func TestConfirmedNeedsSeparationAndStandard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		rec := h.report(police, intake.Seizure, "forensic", "Heroin")
		id, err := h.s.Receive(context.Background(), analyst, rec.ReportID, "K-7")
		h.check(err)
		for key, change := range map[string]func(*lab.Result){
			"lab.error.confirmed_technique": func(r *lab.Result) { r.Techniques = []string{"colour_test", "immunoassay", "FTIR"} },
			"lab.error.confirmed_standard":  func(r *lab.Result) { r.Standard = "none" },
			"lab.error.confirmed_substance": func(r *lab.Result) { r.SubstanceID, r.Unidentified = "", "peak at 12.4 min" },
			"lab.error.technique":           func(r *lab.Result) { r.Techniques = nil },
			"lab.error.purity":              func(r *lab.Result) { r.Purity = "104" },
			"lab.error.not_identified":      func(r *lab.Result) { r.Level = baqylau.NotIdentified },
			"lab.error.what":                func(r *lab.Result) { r.SubstanceID = "" },
		} {
			r := h.confirmed("Heroin")
			change(&r)
			h.refused(h.s.Enter(context.Background(), analyst, id, r, baqylau.MustDate("2026-11-23")), baqylau.Invalid, key)
		}
		h.refused(h.s.Submit(context.Background(), analyst, id), baqylau.Invalid, "lab.error.no_results")
		h.refused(h.s.Enter(context.Background(), analyst, id, h.confirmed("Heroin"), baqylau.MustDate("2026-12-01")), baqylau.Invalid, "error.date_future")
	})
}

func TestTwoSamplesOfOneSeizureStandBesideEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), context.Background()
		rec := h.report(police, intake.Seizure, "forensic", "Heroin")
		for number, substance := range map[string]string{"K-1": "Metonitazene", "K-2": "Xylazine"} {
			id := h.analysed(analyst, rec.ReportID, number, h.confirmed(substance))
			h.check(h.s.Submit(ctx, analyst, id))
			h.check(h.s.Release(ctx, reviewer, id))
		}
		if f := h.findings(police, rec.ReportID); len(f) != 2 {
			t.Errorf("findings: %+v", f)
		}
		_, err := h.s.Receive(ctx, analyst, rec.ReportID, "K-1")
		h.refused(err, baqylau.Invalid, "lab.error.number_taken")
	})
}

func TestABloodSampleConfirmsTheExposure(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, ctx := open(t, db), context.Background()
		rec := h.report(doctor, intake.AcuteIntoxication, "forensic", "Heroin")
		seizure := h.report(police, intake.Seizure, "forensic", "Heroin")
		h.exec("UPDATE report SET occurrence_id = ? WHERE id = ?", rec.OccurrenceID, seizure.ReportID)
		exposure := func() string {
			r, err := h.intake.Read(ctx, db.Read, doctor, rec.ReportID)
			h.check(err)
			return r.Detail.Exposure
		}
		blood := h.confirmed("Metonitazene")
		blood.Matrix, blood.Concentration = "whole_blood", intake.Amount{Value: "4.2", Unit: "ng_ml"}
		id := h.analysed(analyst, seizure.ReportID, "K-1", blood) // the other side of the wall changes nothing here
		h.check(h.s.Submit(ctx, analyst, id))
		h.check(h.s.Release(ctx, reviewer, id))
		if got := exposure(); got != "" {
			t.Errorf("exposure %q after an analysis for the police", got)
		}
		id = h.analysed(analyst, rec.ReportID, "K-2", blood)
		h.check(h.s.Submit(ctx, analyst, id))
		h.check(h.s.Release(ctx, reviewer, id))
		if got := exposure(); got != "confirmed" {
			t.Errorf("exposure %q after a confirmed blood sample", got)
		}
		sub := intake.Submission{Incoming: intake.Incoming{Kind: intake.AcuteIntoxication, Channel: "api", SourceRef: "H-1", LabOrgID: "forensic", Region: "KZ-75", Country: "KZ", Occurred: change.Today(h.now),
			Precision: baqylau.Day, Text: "отравление мефедроном"}}
		sub.Detail.Exposure = "suspected"
		rec, err := h.intake.Submit(ctx, doctor, sub)
		h.check(err)
		id = h.analysed(analyst, rec.ReportID, "K-3", blood)
		h.check(h.s.Submit(ctx, analyst, id))
		h.check(h.s.Release(ctx, reviewer, id))
		sub.Findings, sub.Text, sub.LabOrgID = nil, "отравление мефедроном, двое", ""
		again, err := h.intake.Submit(ctx, doctor, sub)
		h.check(err)
		r, err := h.intake.Read(ctx, db.Read, doctor, again.ReportID)
		h.check(err)
		list, err := lab.AnalysesOf(ctx, db.Read, again.ReportID)
		h.check(err)
		if r.Receipt != rec.Receipt || r.Text != sub.Text || r.Detail.Exposure != "confirmed" || r.LabOrgID != "forensic" || len(r.Findings) != 1 || r.Findings[0].LabResultID != id || len(list) != 1 {
			t.Errorf("sent again after the release: %+v, %d analyses", r, len(list))
		}
	})
}
