package lab

import (
	"context"
	"encoding/json"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// request is a report as the laboratory concerned sees it.
type request struct {
	id, receipt, occurrence, country, state, sampleRef, matrix string
	org                                                        string // who sent it
	kind                                                       intake.Kind
	row                                                        access.Row // of the work: owned by the laboratory, on the report's side of the wall
}

// labOf is the laboratory that a report concerns: the one asked, else the sender itself.
const labOf = "COALESCE(r.lab_org_id, r.org_id)"

// requestOf finds a report that concerns a laboratory. NotFound when the report does not exist, concerns none, or is not the actor's
// to work on: all alike.
func requestOf(ctx context.Context, db bun.IDB, actor access.Actor, act access.Act, reportID string) (q request, err error) {
	var detail string
	var d intake.Detail
	err = db.NewRaw(`SELECT r.id, r.receipt, r.occurrence_id, r.country, r.state, r.org_id, r.kind, r.domain, r.account_id, r.detail, g.id FROM report r
		JOIN organisation g ON g.id = `+labOf+` AND g.kind = 'laboratory'
		WHERE r.id = ? AND `+intake.Visible("r")+` AND r.superseded_on IS NULL AND r.occurrence_id IS NOT NULL`, reportID).
		Scan(ctx, &q.id, &q.receipt, &q.occurrence, &q.country, &q.state, &q.org, &q.kind, &q.row.Domain, &q.row.OwnerID, &detail, &q.row.OrgID)
	if err != nil {
		return q, store.One(err)
	}
	if err := access.CheckRow(actor, act, q.row); err != nil {
		return q, err
	}
	if err := json.Unmarshal([]byte(detail), &d); err != nil {
		return q, err
	}
	q.sampleRef, q.matrix = d.SampleRef, d.Matrix
	return q, nil
}

const analysisColumns = `l.id, l.report_id, l.sample_ref, l.org_id, l.account_id, COALESCE(l.reviewer_id,''), COALESCE(a.name,''), COALESCE(v.name,''),
	COALESCE(g.name,''), l.state, l.results, COALESCE(l.analysed_on,''), l.comment, COALESCE(l.amends_id,''), l.created_at, l.released_at`

const analysisFrom = `lab_result l LEFT JOIN account a ON a.id = l.account_id LEFT JOIN account v ON v.id = l.reviewer_id
	LEFT JOIN organisation g ON g.id = l.org_id`

func scanAnalysis(row interface{ Scan(...any) error }) (a Analysis, err error) {
	var results, analysed, org string
	var created, released int64
	if err = row.Scan(&a.ID, &a.ReportID, &a.SampleRef, &a.OrgID, &a.AnalystID, &a.ReviewerID, &a.Analyst, &a.Reviewer, &org, &a.State, &results, &analysed, &a.Comment,
		&a.AmendsID, &created, &released); err != nil {
		return a, err
	}
	a.CreatedAt, a.ReleasedAt, a.OrgName = store.Time(created), store.Time(released), baqylau.ParseText(org)
	if a.AnalysedOn, _, err = baqylau.ParseDate(analysed); err != nil {
		return a, err
	}
	return a, json.Unmarshal([]byte(results), &a.Results)
}

// analyses lists the work that fulfils a condition over l, oldest first.
func analyses(ctx context.Context, db bun.IDB, where string, args ...any) (out []Analysis, err error) {
	rows, err := db.QueryContext(ctx, "SELECT "+analysisColumns+" FROM "+analysisFrom+" WHERE "+where+" ORDER BY l.created_at, l.id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanAnalysis(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// AnalysesOf lists every version of every analysis of a report, oldest first. The caller has checked that the report may be read.
func AnalysesOf(ctx context.Context, db bun.IDB, reportID string) (out []Analysis, err error) {
	defer baqylau.Wrap(&err, "lab.AnalysesOf(%s)", reportID)
	return analyses(ctx, db, "l.report_id = ?", reportID)
}

// load finds an analysis and its report, and authorises an act on it.
func load(ctx context.Context, tx *change.Tx, act access.Act, id string) (a Analysis, q request, err error) {
	list, err := analyses(ctx, tx, "l.id = ?", id)
	if err != nil {
		return a, q, err
	}
	if len(list) == 0 {
		return a, q, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	a = list[0]
	q, err = requestOf(ctx, tx, tx.Actor, act, a.ReportID)
	if err == nil && a.OrgID != q.row.OrgID { // the report was sent to another laboratory meanwhile
		err = baqylau.E(baqylau.NotFound, "error.not_found")
	}
	return a, q, err
}

// update changes an analysis that is still in the state in which it was read; Conflict when somebody was faster.
func update(ctx context.Context, tx *change.Tx, a Analysis, set string, args ...any) error {
	res, err := tx.NewRaw("UPDATE lab_result SET "+set+" WHERE id = ? AND state = ?", append(args, a.ID, string(a.State))...).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return baqylau.E(baqylau.Conflict, "lab.error.moved_on").Because(err)
	}
	return nil
}

func moved() error { return baqylau.E(baqylau.Conflict, "lab.error.moved_on") }

// note writes a line of the report's history that its sender sees.
func note(ctx context.Context, tx *change.Tx, reportID, act, text string) error {
	_, err := tx.NewRaw("INSERT INTO report_event (id, report_id, at, account_id, act, text, public) VALUES (?, ?, ?, ?, ?, ?, TRUE)",
		store.NewID(), reportID, tx.Now.UnixMicro(), tx.Actor.ID, act, text).Exec(ctx)
	return err
}

// findable lets the search find a report by more words.
func findable(ctx context.Context, tx *change.Tx, reportID, folded string) error {
	_, err := tx.NewRaw("UPDATE report SET text_fold = text_fold || ' ' || ? WHERE id = ?", folded, reportID).Exec(ctx)
	return err
}
