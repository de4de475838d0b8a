package intake

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Occurrence is one real event as the actor may know it: everything about it comes from the reports that they may read. What others reported, and
// that they did, is not part of it.
type Occurrence struct {
	ID, Ref    string
	MergedInto string
	Country    string
	Region     string
	Occurred   baqylau.Date
	Precision  baqylau.Precision
	Reports    []Member  // in order of their arrival
	Findings   []Finding // combined: each substance once, as sure as its surest report; without roles, techniques and words
}

// Member is a report of an occurrence.
type Member struct {
	ID, Receipt, State string
	Kind               Kind
	OrgName            baqylau.Text
	Country, Region    string
	Place              string
	Occurred           baqylau.Date
	Precision          baqylau.Precision
	RecordedAt         time.Time
	Text               string
	Findings           []Finding
}

// Confidence is that of the surest finding; "" without any.
func (o *Occurrence) Confidence() baqylau.Confidence {
	var best baqylau.Confidence
	for _, f := range o.Findings {
		if f.Confidence.Rank() > best.Rank() {
			best = f.Confidence
		}
	}
	return best
}

// Kinds lists the kinds of its reports, each once.
func (o *Occurrence) Kinds() (out []string) {
	for _, m := range o.Reports {
		if !slices.Contains(out, string(m.Kind)) {
			out = append(out, string(m.Kind))
		}
	}
	return out
}

// memberWhere is the condition under which a report r is a member of an occurrence for an actor.
func memberWhere(a access.Actor) (string, []any) {
	scope, args := access.Where(a, access.ReportRead, "r")
	return Current("r") + " AND " + scope, args
}

// ReadOccurrence returns an occurrence of which the actor may read at least one report; one that was merged away has MergedInto set and no reports.
// Code: NotFound for what does not exist and for what is not theirs alike.
func ReadOccurrence(ctx context.Context, db bun.IDB, actor access.Actor, id string) (o Occurrence, err error) {
	defer baqylau.Wrap(&err, "intake.ReadOccurrence(%s)", id)
	found, err := ReadOccurrences(ctx, db, actor, []string{id})
	if err != nil {
		return o, err
	}
	if o = found[id]; o.ID == "" {
		return o, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	return o, nil
}

// ReadOccurrences is ReadOccurrence for many, by identifier; those that do not exist and those that are not the actor's are left out.
func ReadOccurrences(ctx context.Context, db bun.IDB, actor access.Actor, ids []string) (_ map[string]Occurrence, err error) {
	defer baqylau.Wrap(&err, "intake.ReadOccurrences(%d)", len(ids))
	out := map[string]Occurrence{}
	if len(ids) == 0 {
		return out, nil
	}
	// One statement finds out which are there and theirs, so that the answers to "not yours" and "no such thing" cost the same.
	where, args := memberWhere(actor)
	var theirs []struct{ ID, Ref, Into string }
	if err := db.NewRaw(`WITH RECURSIVE chain(start, id) AS (SELECT o.id, o.id FROM occurrence o WHERE o.id IN (?) UNION
			SELECT c.start, o.merged_into FROM occurrence o JOIN chain c ON o.id = c.id WHERE o.merged_into IS NOT NULL)
		SELECT o.id, o.ref, COALESCE(o.merged_into,'') AS "into" FROM occurrence o WHERE o.id IN (?) AND `+Visible("o")+`
			AND EXISTS (SELECT 1 FROM chain JOIN report r ON r.occurrence_id = chain.id WHERE chain.start = o.id AND `+where+")",
		append([]any{bun.List(ids), bun.List(ids)}, args...)...).Scan(ctx, &theirs); err != nil {
		return nil, err
	}
	if len(theirs) == 0 {
		return out, nil
	}
	found, err := readOccurrences(ctx, db, actor, ids)
	if err != nil {
		return nil, err
	}
	for _, t := range theirs {
		o := found[t.ID]
		o.ID, o.Ref, o.MergedInto = t.ID, t.Ref, t.Into
		if len(o.Reports) > 0 || t.Into != "" { // or corrected away between the two statements
			out[t.ID] = o
		}
	}
	return out, nil
}

// readOccurrences returns what the actor's reports say of many occurrences, by identifier; Ref and MergedInto are left out.
func readOccurrences(ctx context.Context, db bun.IDB, actor access.Actor, ids []string) (map[string]Occurrence, error) {
	all, reports := map[string]Occurrence{}, []string{}
	if len(ids) == 0 {
		return all, nil
	}
	where, args := memberWhere(actor)
	rows, err := db.QueryContext(ctx, `SELECT r.occurrence_id, r.id, r.receipt, r.state, r.kind, COALESCE(g.name,''), r.country, COALESCE(r.region,''), r.place_type, COALESCE(r.occurred_on,''), r.occurred_precision,
		r.recorded_at, r.text FROM report r LEFT JOIN organisation g ON g.id = r.org_id WHERE r.occurrence_id IN (?) AND `+where+` ORDER BY r.recorded_at, r.id`, append([]any{bun.List(ids)}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m Member
		var id, name, occurred string
		var at int64
		if err := rows.Scan(&id, &m.ID, &m.Receipt, &m.State, &m.Kind, &name, &m.Country, &m.Region, &m.Place, &occurred, &m.Precision, &at, &m.Text); err != nil {
			return nil, err
		}
		m.OrgName, m.RecordedAt = baqylau.ParseText(name), store.Time(at)
		if m.Occurred, _, err = baqylau.ParseDate(occurred); err != nil {
			return nil, err
		}
		o := all[id]
		o.ID, o.Reports = id, append(o.Reports, m)
		all[id], reports = o, append(reports, m.ID)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	findings, err := foundIn(ctx, db, reports)
	for id, o := range all {
		o.combine(findings)
		all[id] = o
	}
	return all, err
}

// foundIn lists the current findings of many reports, by report, with what an occurrence says of them.
func foundIn(ctx context.Context, db bun.IDB, reportIDs []string) (map[string][]Finding, error) {
	out := make(map[string][]Finding, len(reportIDs))
	if len(reportIDs) == 0 {
		return out, nil
	}
	rows, err := db.QueryContext(ctx, `SELECT report_id, COALESCE(substance_id,''), COALESCE(family,''), unidentified, level, confidence, COALESCE(lab_result_id,'')
		FROM finding WHERE report_id IN (?) AND superseded_on IS NULL ORDER BY id`, bun.List(reportIDs))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var f Finding
		var report string
		if err := rows.Scan(&report, &f.SubstanceID, &f.Family, &f.Unidentified, &f.Level, &f.Confidence, &f.LabResultID); err != nil {
			return nil, err
		}
		out[report] = append(out[report], f)
	}
	return out, rows.Err()
}

// combine makes what an occurrence says from its reports and their findings.
func (o *Occurrence) combine(findings map[string][]Finding) {
	for i := range o.Reports {
		m := &o.Reports[i]
		m.Findings = findings[m.ID]
		for _, f := range m.Findings {
			o.Findings = AddFinding(o.Findings, f)
		}
		if i == 0 || o.Region == "" && m.Region != "" {
			o.Country, o.Region = m.Country, m.Region
		}
		if i == 0 || o.Occurred.IsZero() || !m.Occurred.IsZero() && m.Precision == baqylau.Day && o.Precision != baqylau.Day {
			o.Occurred, o.Precision = m.Occurred, m.Precision
		}
	}
	slices.SortStableFunc(o.Findings, func(a, b Finding) int { return b.Confidence.Rank() - a.Confidence.Rank() })
}
