package api

import (
	"context"
	"net/http"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/returns"
)

// DatasetPeriod says whether a period of a dataset has come in.
type DatasetPeriod struct {
	Period   string     `json:"period" doc:"2025, 2025-H1, 2025-Q1 or 2025-01."`
	Arrived  bool       `json:"arrived"`
	First    *time.Time `json:"first,omitempty" doc:"When the first of its rows in force came in."`
	Last     *time.Time `json:"last,omitempty"`
	Due      string     `json:"due,omitempty" doc:"Last day of its term; absent: no term is known."`
	LateDays int        `json:"late_days,omitempty" doc:"Days after the term at which it came, or that have passed without it."`
	Units    int        `json:"units,omitempty" doc:"Regions or facilities that reported."`
	Expected int        `json:"units_expected,omitempty"`
}

// DatasetStanding is an entry of the data catalogue and how it comes in.
type DatasetStanding struct {
	returns.Dataset
	Periods []DatasetPeriod `json:"periods" doc:"Of the years asked for."`
}

// CheckValue is one of the two things that a finding puts side by side.
type CheckValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// CheckFinding is what a check asked about figures or records.
type CheckFinding struct {
	ID             string         `json:"id"`
	Rule           string         `json:"rule"`
	Title          string         `json:"title"`
	Severity       check.Severity `json:"severity" enum:"error,question,note"`
	State          returns.State  `json:"state" enum:"open,returned,answered,resolved,gone"`
	Subject        string         `json:"subject"`
	SubjectID      string         `json:"subject_id"`
	First          CheckValue     `json:"first"`
	Second         CheckValue     `json:"second"`
	Place          string         `json:"place,omitempty"`
	Period         string         `json:"period,omitempty"`
	OrganisationID string         `json:"organisation_id,omitempty" doc:"Who sent it."`
	FoundAt        time.Time      `json:"found_at"`
	Words          []CheckWord    `json:"words,omitempty" doc:"Latest first; of a single finding only."`
}

// CheckWord is what somebody said of a finding.
type CheckWord struct {
	Act            returns.State `json:"act"`
	Text           string        `json:"text"`
	OrganisationID string        `json:"organisation_id"`
	At             time.Time     `json:"at"`
}

// Words are what is said with an act: a question, an answer, a note or a reason.
type Words struct {
	Text string `json:"text" minLength:"1" maxLength:"4000"`
}

func (s *server) returns() {
	if s.Returns == nil {
		return
	}
	register(s, operation{id: "listDatasets", method: http.MethodGet, path: "/datasets", act: access.IndicatorRead, tag: "datasets"},
		func(ctx context.Context, _ access.Actor, in *struct{ Listing }) (Page[returns.Dataset], error) {
			all, err := returns.Datasets(ctx, s.W.DB.Read, change.Today(s.W.Now()))
			if err != nil {
				return Page[returns.Dataset]{}, err
			}
			return cut(all, in.Listing, func(d returns.Dataset) string { return d.Code }, func(d returns.Dataset) returns.Dataset { return d })
		})
	register(s, operation{id: "getDataset", method: http.MethodGet, path: "/datasets/{code}", act: access.IndicatorRead, tag: "datasets"}, s.dataset)
	register(s, operation{id: "listFindings", method: http.MethodGet, path: "/checks", act: access.CheckAnswer, tag: "checks"},
		func(ctx context.Context, a access.Actor, in *struct {
			Listing
			State    string `query:"state" enum:"open,returned,answered,resolved,gone" doc:"Absent: what is not done yet."`
			Severity string `query:"severity" enum:"error,question,note"`
			Rule     string `query:"rule" maxLength:"60"`
		}) (p Page[CheckFinding], err error) {
			var f filter
			scope, args := returns.Scope(a)
			f.and(scope, args...)
			f.when(in.State, "f.state = ?")
			if in.State == "" {
				f.and("f.state IN ('open','returned','answered')")
			}
			f.when(in.Severity, "f.severity = ?")
			f.when(in.Rule, "f.rule = ?")
			found, err := ids(ctx, s.W.DB.Read, "check_finding f", "f.id", f, in.Listing)
			if err != nil {
				return p, err
			}
			return each(found, func(id string) (CheckFinding, error) {
				x, _, err := s.Returns.Get(ctx, a, id)
				return findingOf(ctx, x, nil), err
			})
		})
	register(s, operation{id: "getFinding", method: http.MethodGet, path: "/checks/{id}", act: access.CheckAnswer, tag: "checks"},
		func(ctx context.Context, a access.Actor, in *findingID) (CheckFinding, error) {
			x, words, err := s.Returns.Get(ctx, a, in.ID)
			return findingOf(ctx, x, words), err
		})
	s.findingActs()
}

type findingID struct {
	Common
	ID string `path:"id" maxLength:"64"`
}

// findingActs are what may be said of a finding; the answer is the finding as it then is.
func (s *server) findingActs() {
	for _, x := range []struct {
		id, path string
		act      access.Act
		do       func(ctx context.Context, a access.Actor, id, words string) error
	}{
		{"answerFinding", "answer", access.CheckAnswer, s.Returns.Answer},
		{"returnFinding", "return", access.CheckResolve, func(ctx context.Context, a access.Actor, id, words string) error {
			return s.Returns.Return(ctx, a, []string{id}, words)
		}},
		{"resolveFinding", "resolve", access.CheckResolve, func(ctx context.Context, a access.Actor, id, words string) error {
			return s.Returns.Resolve(ctx, a, []string{id}, words)
		}},
		{"reopenFinding", "reopen", access.CheckResolve, s.Returns.Reopen},
	} {
		register(s, operation{id: x.id, method: http.MethodPost, path: "/checks/{id}/" + x.path, act: x.act, tag: "checks"},
			func(ctx context.Context, a access.Actor, in *struct {
				Common
				ID   string `path:"id" maxLength:"64"`
				Body Words
			}) (out CheckFinding, err error) {
				if err := readable("text", in.Body.Text); err != nil {
					return out, err
				}
				if err := x.do(ctx, a, in.ID, in.Body.Text); err != nil {
					return out, err
				}
				f, words, err := s.Returns.Get(ctx, a, in.ID)
				return findingOf(ctx, f, words), err
			})
	}
}

func findingOf(ctx context.Context, f returns.Finding, words []returns.Word) CheckFinding {
	out := CheckFinding{ID: f.ID, Rule: f.Rule, Title: f.Title(ctx), Severity: f.Severity, State: f.State, Subject: f.Subject, SubjectID: f.SubjectID, First: CheckValue{f.First.Name(ctx), f.First.Shown(ctx)},
		Second: CheckValue{f.Second.Name(ctx), f.Second.Shown(ctx)}, Place: f.Place, Period: f.Period, OrganisationID: f.OrgID, FoundAt: f.Found}
	for _, w := range words {
		out.Words = append(out.Words, CheckWord{w.Act, w.Text, w.OrgID, w.At})
	}
	return out
}

func (s *server) dataset(ctx context.Context, _ access.Actor, in *struct {
	Common
	Code string `path:"code" maxLength:"40"`
	From int    `query:"from" minimum:"1970" maximum:"2200" doc:"First year; the last one but one when absent."`
	To   int    `query:"to" minimum:"1970" maximum:"2200" doc:"Last year; the present one when absent."`
	AsOf string `query:"as_of" maxLength:"10" doc:"What stood there on this day."`
}) (out DatasetStanding, err error) {
	day := change.Today(s.W.Now())
	if in.AsOf != "" {
		asked, p, err := baqylau.ParseDate(in.AsOf)
		if err != nil || p != baqylau.Day || asked.After(day) {
			return out, baqylau.E(baqylau.Invalid, "api.error.date").On("as_of")
		}
		day = asked
	}
	from, to := in.From, in.To
	if to == 0 {
		to = day.Time().Year()
	}
	if from == 0 {
		from = to - 2
	}
	if to < from || to-from > 20 {
		return out, baqylau.E(baqylau.Invalid, "error.range", "Low", to-20, "High", to).On("from")
	}
	d, err := returns.DatasetOf(ctx, s.W.DB.Read, in.Code, day)
	if err != nil {
		return out, err
	}
	standings, err := s.Returns.Standings(ctx, &d, from, to, day)
	if err != nil {
		return out, err
	}
	out = DatasetStanding{Dataset: d, Periods: []DatasetPeriod{}}
	for _, x := range standings {
		p := DatasetPeriod{Period: x.Period.Key, Expected: x.Expected, LateDays: x.Late}
		if x.HasDue {
			p.Due = x.Due.String()
		}
		if a := x.Arrival; a != nil {
			p.Arrived, p.First, p.Last, p.Units = true, instant(a.First), instant(a.Last), a.Units
		}
		out.Periods = append(out.Periods, p)
	}
	return out, nil
}
