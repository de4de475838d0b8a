package lab

import (
	"cmp"
	"context"
	"time"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// work is a row of the queue: a sample, or a request whose sample has not come yet.
type work struct {
	id, reportID, receipt, sampleRef, kind string
	org                                    baqylau.Text
	asked                                  time.Time
	state                                  State
}

func scanWork(row list.Row) (w work, err error) {
	var org string
	var asked int64
	err = row.Scan(&w.id, &w.reportID, &w.receipt, &w.sampleRef, &w.kind, &org, &asked, &w.state)
	w.org, w.asked = baqylau.ParseText(org), store.Time(asked)
	return w, err
}

const stateOf = "COALESCE(l.state, 'requested')"

// queue lists what the actor's laboratory has to do and has done.
func (s *Service) queue() *list.Spec[work] {
	due := func(w work) time.Time { return w.asked.AddDate(0, 0, s.days()) }
	return &list.Spec[work]{
		Name: "lab", Path: "/lab", Room: "/lab", Title: "lab.list", Export: true,
		Select: "COALESCE(l.id, r.id), r.id, r.receipt, COALESCE(l.sample_ref,''), r.kind, COALESCE(o.name,''), r.recorded_at, " + stateOf,
		From: `report r JOIN organisation g ON g.id = ` + labOf + ` AND g.kind = 'laboratory' LEFT JOIN organisation o ON o.id = r.org_id
			LEFT JOIN lab_result l ON l.report_id = r.id AND l.org_id = g.id AND l.state <> 'amended'`,
		ID: "COALESCE(l.id, r.id)", Default: "asked",
		Where: func(c *web.Ctx) (string, []any) {
			scope, args := access.Where(c.Actor, access.LabWrite, "r")
			return intake.Visible("r") + ` AND r.superseded_on IS NULL AND r.occurrence_id IS NOT NULL AND g.id = ?
				AND (l.id IS NOT NULL OR r.state NOT IN ('retracted', 'duplicate', 'out_of_scope')) AND ` + scope, append([]any{c.Actor.OrgID}, args...)
		},
		Scan:  scanWork,
		RowID: func(w work) string { return w.id },
		States: func(w work) []ui.RowState {
			if w.state == Requested {
				return []ui.RowState{ui.Unread}
			}
			return nil
		},
		Search: list.Search{Label: "lab.search", Find: func(c *web.Ctx, db bun.IDB, q string) (list.Found, error) { return s.Intake.Found(c.Context(), db, q) }},
		Filters: []list.Filter{
			{Name: "state", Label: "lab.filter.state", SQL: stateOf + " = ?", Options: stateOptions},
			{Name: "due", Label: "lab.filter.due", SQL: stateOf + " <> 'released' AND r.recorded_at < ?",
				Options: func(c *web.Ctx) []ui.Option { return []ui.Option{{Value: "overdue", Label: c.T("lab.overdue")}} },
				Map: func(v string) (any, bool) {
					return s.W.Now().AddDate(0, 0, -s.days()).UnixMicro(), v == "overdue"
				}},
		},
		Columns: []list.Column[work]{
			{Key: "sample", Label: "lab.col.sample", Sort: "COALESCE(NULLIF(l.sample_ref,''), r.receipt)", NoWrap: true, Main: true,
				Cell: func(_ context.Context, w work) templ.Component {
					if w.sampleRef == "" {
						return ui.Link("/lab/"+w.reportID, w.receipt, "")
					}
					return ui.Link("/lab/"+w.reportID, w.sampleRef, w.receipt)
				},
				Text: func(_ context.Context, w work) string { return cmp.Or(w.sampleRef, w.receipt) }},
			{Key: "kind", Label: "lab.col.kind", Cell: func(ctx context.Context, w work) templ.Component { return ui.Text(locale.Code(ctx, "kind", w.kind)) },
				Text: func(ctx context.Context, w work) string { return locale.Code(ctx, "kind", w.kind) }},
			{Key: "org", Label: "lab.col.org", Minor: true, Cell: func(ctx context.Context, w work) templ.Component { return ui.Text(w.org.In(locale.Lang(ctx))) },
				Text: func(ctx context.Context, w work) string { return w.org.In(locale.Lang(ctx)) }},
			{Key: "state", Label: "lab.col.state", Bare: true, Cell: func(ctx context.Context, w work) templ.Component { return stateBadge(ctx, w.state) },
				Text: func(ctx context.Context, w work) string { return locale.T(ctx, "lab.state."+string(w.state)) }},
			{Key: "asked", Label: "lab.col.requested", Sort: "r.recorded_at", NoWrap: true, Minor: true,
				Cell: func(ctx context.Context, w work) templ.Component { return day(ctx, w.asked) },
				Text: func(_ context.Context, w work) string { return change.Today(w.asked).String() }},
			{Key: "due", Label: "lab.col.due", NoWrap: true,
				Cell: func(ctx context.Context, w work) templ.Component {
					if w.state != Released && due(w).Before(s.W.Now()) {
						return ui.Lines(locale.Date(ctx, change.Today(due(w))), locale.T(ctx, "lab.overdue"))
					}
					return day(ctx, due(w))
				},
				Text: func(_ context.Context, w work) string { return change.Today(due(w)).String() }},
		},
		Act: func(c *web.Ctx) templ.Component { return queueActs(access.May(c.Actor, access.ReportCreate)) },
		Empty: func(c *web.Ctx) ui.Empty {
			return ui.Empty{Title: c.T("lab.none"), Text: c.T("lab.none.text")}
		},
	}
}

func stateOptions(c *web.Ctx) []ui.Option {
	out := make([]ui.Option, len(States))
	for i, st := range States {
		out[i] = ui.Option{Value: string(st), Label: c.T("lab.state." + string(st))}
	}
	return out
}

func day(ctx context.Context, t time.Time) templ.Component {
	d := change.Today(t)
	return ui.Moment(d.String(), locale.Date(ctx, d))
}

func stateBadge(ctx context.Context, st State) templ.Component {
	p := map[State]ui.Progress{Received: ui.Busy, InAnalysis: ui.Busy, InReview: ui.Waiting, Returned: ui.Waiting, Released: ui.Done, Amended: ui.Failed}[st]
	return ui.State(p, locale.T(ctx, "lab.state."+string(st)))
}
