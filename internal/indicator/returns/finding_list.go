package returns

import (
	"context"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

const (
	checksPath = "/checks"
	minePath   = "/my-data"
)

// severities are in the order of their weight.
var severities = []check.Severity{check.Error, check.Question, check.Note}

// findingList is the page of the checks: for the centre all findings, for a sender those about its own figures.
func (s *Service) findingList() *list.Spec[Finding] {
	return &list.Spec[Finding]{
		Name: "checks", Path: checksPath, Room: checksPath, Title: "checks.title", Select: findingSelect, From: findingFrom, ID: "f.id", Default: "-severity", Export: true,
		Where: func(c *web.Ctx) (string, []any) {
			where, args := access.Where(c.Actor, access.CheckAnswer, "f")
			where += " AND " + visible("f")
			if c.Query("state") == "" { // what is done is found by asking for it
				where += " AND f.state IN " + waiting
			}
			return where, args
		},
		Scan:  func(row list.Row) (Finding, error) { return scanFinding(row) },
		Fill:  func(c *web.Ctx, db bun.IDB, rows []Finding) error { return forReader(c.Context(), db, c.Actor, rows) },
		RowID: func(f Finding) string { return f.ID },
		States: func(f Finding) []ui.RowState {
			if f.State == Gone {
				return []ui.RowState{ui.Removed}
			}
			return nil
		},
		Search: list.Search{Label: "checks.search", SQL: "LOWER(f.rule || ' ' || f.period || ' ' || f.place) LIKE ?"},
		Filters: []list.Filter{
			{Name: "state", Label: "checks.filter.state", SQL: "f.state = ?", Options: func(c *web.Ctx) (out []ui.Option) {
				for _, st := range States {
					out = append(out, ui.Option{Value: string(st), Label: stateName(c.Context(), st)})
				}
				return out
			}},
			{Name: "severity", Label: "checks.filter.severity", SQL: "f.severity = ?", Options: func(c *web.Ctx) (out []ui.Option) {
				for _, sev := range severities {
					out = append(out, ui.Option{Value: string(sev), Label: severityName(c.Context(), sev)})
				}
				return out
			}},
			{Name: "rule", Label: "checks.filter.rule", SQL: "f.rule = ?", Options: s.ruleOptions},
			{Name: "org", Label: "checks.filter.org", SQL: "f.org_id = ?", Options: s.senderOptions},
		},
		Columns: []list.Column[Finding]{
			{Key: "severity", Label: "checks.col.severity", Sort: "CASE f.severity WHEN 'error' THEN 3 WHEN 'question' THEN 2 ELSE 1 END", Bare: true,
				Cell: func(ctx context.Context, f Finding) templ.Component { return severityTag(ctx, f.Severity) },
				Text: func(ctx context.Context, f Finding) string { return severityName(ctx, f.Severity) }},
			{Key: "rule", Label: "checks.col.rule", Sort: "f.rule", Main: true,
				Cell: func(ctx context.Context, f Finding) templ.Component {
					return ui.Link(checksPath+"/"+f.ID, f.Title(ctx), s.about(ctx, &f))
				},
				Text: func(ctx context.Context, f Finding) string { return f.Title(ctx) }},
			{Key: "first", Label: "checks.col.first",
				Cell: func(ctx context.Context, f Finding) templ.Component { return valueCell(ctx, f.First) },
				Text: func(ctx context.Context, f Finding) string { return f.First.Name(ctx) + ": " + f.First.Shown(ctx) }},
			{Key: "second", Label: "checks.col.second",
				Cell: func(ctx context.Context, f Finding) templ.Component { return valueCell(ctx, f.Second) },
				Text: func(ctx context.Context, f Finding) string { return f.Second.Name(ctx) + ": " + f.Second.Shown(ctx) }},
			{Key: "place", Label: "checks.col.place", Sort: "f.place", Minor: true, Cell: func(ctx context.Context, f Finding) templ.Component { return ui.Text(s.placeName(ctx, f.Place)) },
				Text: func(ctx context.Context, f Finding) string { return s.placeName(ctx, f.Place) }},
			{Key: "period", Label: "checks.col.period", Sort: "f.period", NoWrap: true, Cell: func(ctx context.Context, f Finding) templ.Component { return ui.Text(f.Span(ctx)) },
				Text: func(_ context.Context, f Finding) string { return f.Period }},
			{Key: "org", Label: "checks.col.org", Sort: "f.org_id", Minor: true, Cell: func(ctx context.Context, f Finding) templ.Component { return ui.Text(f.OrgName.In(locale.Lang(ctx))) },
				Text: func(ctx context.Context, f Finding) string { return f.OrgName.In(locale.Lang(ctx)) }},
			{Key: "state", Label: "checks.col.state", Sort: "f.state", Bare: true, Cell: func(ctx context.Context, f Finding) templ.Component {
				return ui.State(progress(f.State), stateName(ctx, f.State))
			},
				Text: func(ctx context.Context, f Finding) string { return stateName(ctx, f.State) }},
			{Key: "found", Label: "checks.col.found", Sort: "f.found_at", NoWrap: true, Minor: true,
				Cell: func(ctx context.Context, f Finding) templ.Component {
					return ui.Moment(f.Found.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, f.Found))
				},
				Text: func(ctx context.Context, f Finding) string { return locale.Stamp(ctx, f.Found) }},
		},
		Bulk: func(c *web.Ctx) *ui.Bulk {
			if !access.May(c.Actor, access.CheckResolve) {
				return nil
			}
			return &ui.Bulk{Action: checksPath + "/ask", Acts: []ui.Button{{Label: c.T("checks.return"), Name: "to", Value: string(Returned)}, {Label: c.T("checks.resolve"), Name: "to", Value: string(Resolved), Look: ui.Quiet}}}
		},
		Act: func(c *web.Ctx) templ.Component {
			if !access.May(c.Actor, access.CheckResolve) {
				return nil
			}
			return runForm(c.T("checks.run"))
		},
		Above: s.summary,
		Empty: func(c *web.Ctx) ui.Empty { return ui.Empty{Title: c.T("checks.none"), Text: c.T("checks.none.text")} },
	}
}

// summary are the numbers above the list.
func (s *Service) summary(c *web.Ctx) (templ.Component, error) {
	by, err := s.Counts(c.Context(), c.Actor)
	if err != nil {
		return nil, err
	}
	var totals []ui.Total
	total := func(key string, n int) {
		totals = append(totals, ui.Total{Label: locale.N(c.Context(), key, n), Value: locale.Int(c.Context(), n)})
	}
	returned, answered := 0, 0
	for _, sev := range severities {
		total("checks.waiting."+string(sev), by[sev][Open]+by[sev][Returned]+by[sev][Answered])
		returned += by[sev][Returned]
		answered += by[sev][Answered]
	}
	total("checks.total.returned", returned)
	total("checks.total.answered", answered)
	return checksAbove(totals), nil
}

func (s *Service) ruleOptions(c *web.Ctx) (out []ui.Option) {
	for _, code := range s.distinct(c, "f.rule") {
		f := check.Finding{Rule: code}
		out = append(out, ui.Option{Value: code, Label: f.Title(c.Context())})
	}
	return ui.ByName(c.Context(), out)
}

func (s *Service) senderOptions(c *web.Ctx) (out []ui.Option) {
	names, err := organisations(c.Context(), s.W.DB.Read)
	if err != nil {
		return nil
	}
	for _, id := range s.distinct(c, "f.org_id") {
		if id == "" { // a dataset that nobody of this node sends
			continue
		}
		out = append(out, ui.Option{Value: id, Label: nameOf(names, id).In(c.Lang())})
	}
	return ui.ByName(c.Context(), out)
}

// distinct are the values of a column among the findings that the reader may see; none where the database does not answer, since the list then says so.
func (s *Service) distinct(c *web.Ctx, column string) (out []string) {
	where, args := access.Where(c.Actor, access.CheckAnswer, "f")
	rows, err := s.W.DB.Read.QueryContext(c.Context(), "SELECT DISTINCT "+column+" FROM check_finding f WHERE "+where+" ORDER BY 1", args...)
	if err != nil {
		return nil
	}
	defer rows.Close()
	for rows.Next() {
		var v string
		if rows.Scan(&v) != nil {
			return nil
		}
		out = append(out, v)
	}
	if rows.Err() != nil {
		return nil
	}
	return out
}
