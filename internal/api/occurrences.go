package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
)

// Occurrence is one real event ("case"), however many agencies report it.
type Occurrence struct {
	ID         string            `json:"id"`
	Ref        string            `json:"ref"`
	Country    string            `json:"country"`
	Region     string            `json:"region,omitempty"`
	OccurredOn string            `json:"occurred_on,omitempty"`
	Precision  baqylau.Precision `json:"precision"`
	KnownOn    string            `json:"known_on"`
	RecordedAt time.Time         `json:"recorded_at"`
}

const occurrenceColumns = "o.id, o.ref, o.country, COALESCE(o.region,''), COALESCE(o.occurred_on,''), o.occurred_precision, o.known_on, o.recorded_at"

func scanOccurrence(scan func(dest ...any) error) (o Occurrence, err error) {
	var at int64
	if err = scan(&o.ID, &o.Ref, &o.Country, &o.Region, &o.OccurredOn, &o.Precision, &o.KnownOn, &at); err != nil {
		return o, err
	}
	d, _, err := baqylau.ParseDate(o.OccurredOn)
	o.OccurredOn, o.RecordedAt = d.Truncated(o.Precision), store.Time(at)
	return o, err
}

// OccurrenceDetail is an occurrence with the part of it that the reader may see.
type OccurrenceDetail struct {
	Occurrence
	Reports  []ReportLine        `json:"reports" doc:"Those the reader may see; there may be others."`
	Findings []OccurrenceFinding `json:"findings" doc:"Of those reports."`
}

// OccurrenceFinding is a finding with the report it comes from.
type OccurrenceFinding struct {
	ReportID string `json:"report_id"`
	intake.Finding
}

type occurrenceQuery struct {
	Listing
	Region    string `query:"region" maxLength:"12" doc:"ISO 3166-2"`
	Substance string `query:"substance" maxLength:"64" doc:"Identifier of a substance found in a report the reader may see."`
	Span
}

// seen is the condition that some report of occurrence o is one the actor may see, and fits also; nothing else of it counts, so that
// a filter cannot look across the wall.
func seen(a access.Actor, also string, more ...any) (string, []any) {
	scope, args := access.Where(a, access.ReportRead, "r")
	return "EXISTS (SELECT 1 FROM report r WHERE r.occurrence_id = o.id AND " + intake.Visible("r") + " AND r.superseded_on IS NULL AND " + scope + " AND " + also + ")", append(args, more...)
}

func (s *server) occurrences() {
	register(s, operation{id: "listOccurrences", method: http.MethodGet, path: "/occurrences", act: access.ReportRead, tag: "occurrences"},
		func(ctx context.Context, a access.Actor, in *occurrenceQuery) (p Page[Occurrence], err error) {
			f := filter{}
			f.and(intake.Visible("o") + " AND o.merged_into IS NULL")
			also := filter{}
			also.and("1=1")
			also.when(in.Substance, hasSubstance)
			also.when(in.Region, "r.region = ?")
			if err := in.narrow(&also, "r.occurred_on"); err != nil {
				return p, err
			}
			cond, args := seen(a, also.sql, also.args...)
			f.and(cond, args...)
			if f.few, err = s.many.Few(ctx, s.W.DB.Read, intake.Owned(a, "occurrence_id")); err != nil {
				return p, err
			}
			p, err = rows(ctx, s.W.DB.Read, occurrenceColumns, "occurrence o", "o.id", f, in.Listing, scanOccurrence, func(o Occurrence) string { return o.ID })
			for i := range p.Items {
				if err == nil {
					err = s.ownWords(ctx, a, &p.Items[i])
				}
			}
			return p, err
		})
	register(s, operation{id: "getOccurrence", method: http.MethodGet, path: "/occurrences/{id}", act: access.ReportRead, tag: "occurrences"},
		func(ctx context.Context, a access.Actor, in *struct {
			Common
			ID string `path:"id" maxLength:"64" doc:"Identifier or number."`
		}) (OccurrenceDetail, error) {
			return s.occurrence(ctx, a, in.ID)
		})
}

// ownWords lets an occurrence say where and when it was by the reports that the reader may see, where others may have said it too.
func (s *server) ownWords(ctx context.Context, a access.Actor, o *Occurrence) error {
	if access.ScopeOf(a, access.ReportRead) == access.Everything && disclosure.AudienceOf(a) == disclosure.Working {
		return nil
	}
	seen, err := intake.ReadOccurrence(ctx, s.W.DB.Read, a, o.ID)
	if baqylau.CodeOf(err) == baqylau.NotFound { // its own reports count no longer
		o.Country, o.Region, o.OccurredOn = "", "", ""
		return nil
	}
	if err == nil {
		o.Country, o.Region, o.OccurredOn, o.Precision = seen.Country, seen.Region, seen.Occurred.Truncated(seen.Precision), seen.Precision
	}
	return err
}

// mostReports bounds the reports shown with one occurrence; more than a handful is an error of matching.
const mostReports = 200

func (s *server) occurrence(ctx context.Context, a access.Actor, id string) (d OccurrenceDetail, err error) {
	db := s.W.DB.Read
	f := filter{}
	f.and(intake.Visible("o")+" AND o.merged_into IS NULL AND (o.id = ? OR o.ref = ?)", id, id)
	cond, args := seen(a, "1=1")
	f.and(cond, args...)
	found, err := rows(ctx, db, occurrenceColumns, "occurrence o", "o.id", f, Listing{Limit: 1}, scanOccurrence, func(o Occurrence) string { return o.ID })
	if err != nil {
		return d, err
	}
	if len(found.Items) == 0 {
		return d, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	d.Occurrence = found.Items[0]
	if err := s.ownWords(ctx, a, &d.Occurrence); err != nil {
		return d, err
	}
	g := filter{}
	scope, args := access.Where(a, access.ReportRead, "r")
	g.and("r.occurrence_id = ? AND "+intake.Visible("r")+" AND r.superseded_on IS NULL", d.ID)
	g.and(scope, args...)
	reports, err := rows(ctx, db, reportLineColumns, "report r", "r.id", g, Listing{Limit: mostReports}, scanReportLine, func(r ReportLine) string { return r.ID })
	if err != nil {
		return d, err
	}
	d.Reports, d.Findings = reports.Items, []OccurrenceFinding{}
	var failed error
	for _, r := range d.Reports {
		fs, err := intake.FindingsOf(ctx, db, r.ID)
		failed = errors.Join(failed, err)
		for _, f := range fs {
			d.Findings = append(d.Findings, OccurrenceFinding{r.ID, f})
		}
	}
	return d, failed
}
