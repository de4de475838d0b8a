package api

import (
	"context"
	"net/http"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
)

// ReportLine is a report as lists show it.
type ReportLine struct {
	ID             string            `json:"id"`
	Receipt        string            `json:"receipt"`
	Kind           intake.Kind       `json:"kind"`
	Channel        string            `json:"channel" doc:"form, api, import, tip or feed"`
	State          string            `json:"state"`
	Standing       string            `json:"standing" doc:"What has become of it: the state or, while the report counts, in_lab, lab_released or lab_confirmed."`
	OrganisationID string            `json:"organisation_id"`
	OccurrenceID   string            `json:"occurrence_id,omitempty"`
	Country        string            `json:"country" doc:"ISO 3166-1 alpha-2"`
	Region         string            `json:"region,omitempty" doc:"ISO 3166-2"`
	OccurredOn     string            `json:"occurred_on,omitempty" doc:"ISO 8601, as precise as it is known: 2026-11-25, 2026-11 or 2026"`
	Precision      baqylau.Precision `json:"precision"`
	KnownOn        string            `json:"known_on" doc:"Day on which it became known here."`
	RecordedAt     time.Time         `json:"recorded_at"`
	Fatal          bool              `json:"fatal"`
}

// reportLineColumns are what scanReportLine reads, of table report r.
var reportLineColumns = `r.id, r.receipt, r.kind, r.channel, r.state, r.org_id, COALESCE(r.occurrence_id,''), r.country, COALESCE(r.region,''), COALESCE(r.occurred_on,''),
	r.occurred_precision, r.known_on, r.recorded_at, r.fatal, ` + intake.Standing("r")

func scanReportLine(scan func(dest ...any) error) (r ReportLine, err error) {
	var at int64
	if err = scan(&r.ID, &r.Receipt, &r.Kind, &r.Channel, &r.State, &r.OrganisationID, &r.OccurrenceID, &r.Country, &r.Region, &r.OccurredOn, &r.Precision, &r.KnownOn, &at, &r.Fatal, &r.Standing); err != nil {
		return r, err
	}
	d, _, err := baqylau.ParseDate(r.OccurredOn)
	r.OccurredOn, r.RecordedAt = d.Truncated(r.Precision), store.Time(at)
	return r, err
}

// Report is a report with everything about it that the reader may see. A person's pseudonym is never part of it.
type Report struct {
	ReportLine
	Organisation baqylau.Text     `json:"organisation"`
	LabID        string           `json:"lab_id,omitempty" doc:"Laboratory the sample was sent to."`
	TLP          baqylau.TLP      `json:"tlp"`
	PlaceType    string           `json:"place_type" doc:"code list place-type"`
	Sex          string           `json:"sex,omitempty" doc:"code list sex"`
	AgeBand      string           `json:"age_band,omitempty" doc:"code list age-band"`
	Text         string           `json:"text"`
	Detail       map[string]any   `json:"detail" doc:"Fields of the kind, named as in the body of sendReport; absent when not stated."`
	Findings     []intake.Finding `json:"findings"`
	Questions    []ReportQuestion `json:"questions" doc:"Names that a person of the centre has to settle."`
	Events       []ReportEvent    `json:"events" doc:"Newest first."`
	Files        []ReportFile     `json:"files"`
	Steps        []string         `json:"steps" doc:"What the reader may do now; see stepReport."`
}

// ReportQuestion is an ambiguous name in a report.
type ReportQuestion struct {
	ID         string   `json:"id"`
	Matched    string   `json:"matched"`
	Candidates []string `json:"candidates" doc:"Substance identifiers or family codes."`
}

// ReportEvent is one line of a report's history.
type ReportEvent struct {
	At   time.Time `json:"at"`
	Act  string    `json:"act"`
	Text string    `json:"text,omitempty" doc:"Question, answer or reason."`
}

// ReportFile is an attachment, without its content.
type ReportFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	MIME string `json:"mime"`
	Size int64  `json:"size" doc:"bytes"`
}

type reportQuery struct {
	Listing
	Kind      string `query:"kind" enum:"seizure,collected_sample,biological_sample,acute_intoxication,death,market_info,tip,foreign_alert"`
	State     string `query:"state" enum:"submitted,received,clarification,accepted,linked,duplicate,out_of_scope,retracted"`
	Region    string `query:"region" maxLength:"12" doc:"ISO 3166-2"`
	Substance string `query:"substance" maxLength:"64" doc:"Identifier of a substance found in the report."`
	Span
	Q string `query:"q" maxLength:"200" doc:"Words of the report, its number or names of its substances in any language."`
}

// Span is a span of days, both ends included.
type Span struct {
	From string `query:"from" maxLength:"10" doc:"First day, ISO 8601."`
	To   string `query:"to" maxLength:"10" doc:"Last day, ISO 8601."`
}

// narrow adds the span to f, over a column of days.
func (sp Span) narrow(f *filter, column string) error {
	var es baqylau.Errors
	for _, end := range []struct{ name, value, cond string }{{"from", sp.From, " >= ?"}, {"to", sp.To, " <= ?"}} {
		d, p, err := baqylau.ParseDate(end.value)
		if err != nil || p != baqylau.Day {
			es = append(es, baqylau.E(baqylau.Invalid, "api.error.day").On(end.name))
		}
		f.when(d.String(), column+end.cond)
	}
	return es.OrNil()
}

const hasSubstance = "EXISTS (SELECT 1 FROM finding f WHERE f.report_id = r.id AND f.superseded_on IS NULL AND f.substance_id = ?)"

func (s *server) reports() {
	register(s, operation{id: "listReports", method: http.MethodGet, path: "/reports", act: access.ReportRead, tag: "reports"}, s.listReports)
	register(s, operation{id: "getReport", method: http.MethodGet, path: "/reports/{id}", act: access.ReportRead, tag: "reports"},
		func(ctx context.Context, a access.Actor, in *struct {
			Common
			ID string `path:"id" maxLength:"64"`
		}) (Report, error) {
			return s.report(ctx, a, in.ID)
		})
	registerOnce(s, operation{id: "sendReport", method: http.MethodPost, path: "/reports", act: access.ReportCreate, tag: "reports", status: http.StatusCreated}, s.sendReport, nil)
	registerOnce(s, operation{id: "stepReport", method: http.MethodPost, path: "/reports/{id}/steps/{step}", act: access.ReportRead, tag: "reports"}, s.stepReport,
		func(ctx context.Context, a access.Actor, in *stepInput) (Report, error) {
			return s.report(ctx, a, in.ID)
		})
}

func (s *server) listReports(ctx context.Context, a access.Actor, in *reportQuery) (p Page[ReportLine], err error) {
	var f filter
	scope, args := access.Where(a, access.ReportRead, "r")
	f.and(intake.Visible("r") + " AND r.superseded_on IS NULL")
	f.and(scope, args...)
	f.when(in.Kind, "r.kind = ?")
	f.when(in.State, "r.state = ?")
	f.when(in.Region, "r.region = ?")
	f.when(in.Substance, hasSubstance)
	if in.Q != "" {
		found, err := s.Intake.Found(ctx, s.W.DB.Read, in.Q)
		if err != nil {
			return p, err
		}
		f.and(found.SQL, found.Args...)
	}
	if err := in.narrow(&f, "r.occurred_on"); err != nil {
		return p, err
	}
	if f.few, err = s.many.Few(ctx, s.W.DB.Read, intake.Owned(a, "id")); err != nil {
		return p, err
	}
	return rows(ctx, s.W.DB.Read, reportLineColumns, "report r", "r.id", f, in.Listing, scanReportLine, func(r ReportLine) string { return r.ID })
}

// report reads one report; what does not exist and what is not theirs look alike.
func (s *server) report(ctx context.Context, a access.Actor, id string) (Report, error) {
	r, err := s.Intake.Read(ctx, s.W.DB.Read, a, id)
	if err != nil {
		return Report{}, err
	}
	detail, err := asMap(r.Detail)
	if err != nil {
		return Report{}, err
	}
	out := Report{ReportLine: ReportLine{ID: r.ID, Receipt: r.Receipt, Kind: r.Kind, Channel: r.Channel, State: r.State, Standing: r.Standing, OrganisationID: r.OrgID, OccurrenceID: r.OccurrenceID, Country: r.Country,
		Region: r.Region, OccurredOn: r.Occurred.Truncated(r.Precision), Precision: r.Precision, KnownOn: r.Known.String(), RecordedAt: r.RecordedAt, Fatal: r.Fatal},
		Organisation: r.OrgName, LabID: r.LabOrgID, TLP: r.TLP, PlaceType: r.PlaceType, Sex: r.Sex, AgeBand: r.AgeBand, Text: r.Text, Detail: detail,
		Findings: orEmpty(r.Findings), Questions: []ReportQuestion{}, Events: []ReportEvent{}, Files: []ReportFile{}, Steps: orEmpty(intake.StepsFor(a, r.Row, r.State))}
	handles := access.MayRow(a, access.ReportHandle, r.Row)
	for _, q := range r.Questions {
		if handles {
			out.Questions = append(out.Questions, ReportQuestion(q))
		}
	}
	for _, e := range r.Events {
		if e.Public || handles {
			out.Events = append(out.Events, ReportEvent{e.At, e.Act, e.Text})
		}
	}
	for _, f := range r.Files {
		out.Files = append(out.Files, ReportFile(f))
	}
	return out, nil
}

type stepInput struct {
	Common
	Once
	ID   string `path:"id" maxLength:"64"`
	Step string `path:"step" enum:"receive,ask,answer,accept,out_of_scope,duplicate,reopen,retract"`
	Body struct {
		Text string `json:"text,omitempty" maxLength:"2000" doc:"The question, answer or reason; needed by ask, answer, out_of_scope, duplicate, reopen and retract."`
	}
}

// stepReport moves a report on and returns it as it then is. Whether the actor may take this very step is asked inside the act.
func (s *server) stepReport(ctx context.Context, a access.Actor, in *stepInput) (Report, error) {
	if err := readable("text", in.Body.Text); err != nil {
		return Report{}, err
	}
	if err := s.Intake.Step(ctx, a, in.ID, in.Step, in.Body.Text); err != nil {
		return Report{}, err
	}
	return s.report(ctx, a, in.ID)
}
