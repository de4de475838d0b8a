package returns

import (
	"context"
	"slices"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Uses say what became of the figures of a sender.
type Uses struct {
	Figures  int // in force
	Beside   int // of them such as others state differently or alike: they stand side by side
	Used     int // of them marked as the ones that are used
	Returned int // questions that wait for an answer
}

// standing is the condition that an observation of alias a is there, not withdrawn and not superseded.
func standing(a string) string {
	return visible(a) + " AND " + a + ".withdrawn_on IS NULL AND NOT EXISTS (SELECT 1 FROM observation n WHERE n.supersedes_id = " + a + ".id AND " + visible("n") + ")"
}

// UsesOf counts what became of an organisation's figures.
func (s *Service) UsesOf(ctx context.Context, orgID string) (u Uses, err error) {
	defer baqylau.Wrap(&err, "returns.UsesOf(%s)", orgID)
	shown := standing("o")
	for _, q := range []struct {
		to  *int
		sql string
	}{
		{&u.Figures, "SELECT count(*) FROM observation o WHERE o.org_id = ? AND " + shown},
		{&u.Beside, "SELECT count(*) FROM observation o WHERE o.org_id = ? AND " + shown + " AND EXISTS (SELECT 1 FROM observation p WHERE p.cell = o.cell AND p.org_id <> o.org_id AND " + standing("p") + ")"},
		{&u.Used, "SELECT count(*) FROM observation o WHERE o.org_id = ? AND " + shown + ` AND EXISTS (SELECT 1 FROM observation_choice c WHERE c.observation_id = o.id
			AND NOT EXISTS (SELECT 1 FROM observation_choice d WHERE d.cell = c.cell AND (d.recorded_at > c.recorded_at OR d.recorded_at = c.recorded_at AND d.id > c.id)))`},
		{&u.Returned, "SELECT count(*) FROM check_finding f WHERE f.org_id = ? AND f.state = 'returned'"},
	} {
		if err := s.W.DB.Read.NewRaw(q.sql, orgID).Scan(ctx, q.to); err != nil {
			return u, err
		}
	}
	return u, nil
}

type mineView struct {
	head                  ui.Head
	totals                []ui.Total
	questions, owed, sent ui.Table
}

// minePage is what a contributor sees of its own data: what waits for it, what it owes and sent, and what became of it.
func (s *Service) minePage(c *web.Ctx) error {
	ctx, asOf := c.Context(), s.today()
	org := c.Actor.OrgID
	uses, err := s.UsesOf(ctx, org)
	if err != nil {
		return err
	}
	names, err := organisations(ctx, s.W.DB.Read)
	if err != nil {
		return err
	}
	v := mineView{head: ui.Head{Title: c.T("dataset.mine"), Sub: []string{nameOf(names, org).In(c.Lang())}, AsOf: c.T("dataset.as_of", "Date", locale.Date(ctx, asOf))}}
	for _, t := range []struct {
		key string
		n   int
	}{{"dataset.mine.returned", uses.Returned}, {"dataset.mine.figures", uses.Figures}, {"dataset.mine.beside", uses.Beside}, {"dataset.mine.used", uses.Used}} {
		v.totals = append(v.totals, ui.Total{Label: locale.N(ctx, t.key, t.n), Value: locale.Int(ctx, t.n)})
	}
	if v.questions, err = s.questionTable(c, org); err != nil {
		return err
	}
	if v.owed, err = s.owedTable(c, org, asOf); err != nil {
		return err
	}
	if v.sent, err = s.sentTable(c, org, asOf); err != nil {
		return err
	}
	return c.Render(web.Page{Title: v.head.Title, Room: minePath, AsOf: v.head.AsOf, Body: mineBody(v)})
}

// questionTable lists what waits for the organisation's answer, oldest first, and what was answered lately.
func (s *Service) questionTable(c *web.Ctx, org string) (t ui.Table, err error) {
	ctx := c.Context()
	t = ui.Table{ID: "questions", Caption: c.T("dataset.mine.questions"), Empty: ui.Empty{Title: c.T("dataset.mine.questions.none")}, Columns: []ui.Column{{Label: c.T("checks.col.rule"), Main: true}, {Label: c.T("checks.col.first")},
		{Label: c.T("checks.col.second")}, {Label: c.T("checks.col.period"), NoWrap: true}, {Label: c.T("checks.col.state"), Bare: true}}}
	where, args := access.Where(c.Actor, access.CheckAnswer, "f")
	rows, err := s.W.DB.Read.QueryContext(ctx, "SELECT "+findingSelect+" FROM "+findingFrom+" WHERE f.org_id = ? AND f.state IN ('returned','answered') AND "+visible("f")+" AND "+where+" ORDER BY f.state DESC, f.moved_at LIMIT 50", append([]any{org}, args...)...)
	if err != nil {
		return t, err
	}
	defer rows.Close()
	var found []Finding
	for rows.Next() {
		f, err := scanFinding(rows)
		if err != nil {
			return t, err
		}
		found = append(found, f)
	}
	if err := rows.Err(); err != nil {
		return t, err
	}
	if err := forReader(ctx, s.W.DB.Read, c.Actor, found); err != nil {
		return t, err
	}
	for _, f := range found {
		t.Rows = append(t.Rows, ui.Row{Label: f.Title(ctx), Cells: []templ.Component{ui.Link(checksPath+"/"+f.ID, f.Title(ctx), ""), valueCell(ctx, f.First), valueCell(ctx, f.Second), ui.Text(f.Period), ui.State(progress(f.State), stateName(ctx, f.State))}})
	}
	return t, nil
}

// owedTable are the periods of this year and the last that the organisation owes.
func (s *Service) owedTable(c *web.Ctx, org string, asOf baqylau.Date) (t ui.Table, err error) {
	ctx := c.Context()
	t = ui.Table{ID: "owed", Caption: c.T("dataset.mine.owed"), Empty: ui.Empty{Title: c.T("dataset.mine.owed.none"), Text: c.T("dataset.mine.owed.none.text")}, Columns: []ui.Column{{Label: c.T("dataset.col.name"), Main: true}, {Label: c.T("dataset.col.period"), NoWrap: true},
		{Label: c.T("dataset.col.due"), NoWrap: true}, {Label: c.T("dataset.col.arrived"), NoWrap: true}, {Label: c.T("dataset.col.late"), Number: true}, {Label: c.T("dataset.col.units"), Number: true}, {Label: c.T("dataset.col.missing"), Number: true}}}
	all, err := Datasets(ctx, s.W.DB.Read, asOf)
	if err != nil {
		return t, err
	}
	now := asOf.Time().Year()
	for i := range all {
		d := &all[i]
		if d.OrgID != org || org == "" {
			continue
		}
		standings, err := s.Standings(ctx, d, now-1, now, asOf)
		if err != nil {
			return t, err
		}
		for _, x := range slices.Backward(standings) {
			if x.Arrival == nil && (!x.Ended || !x.Owed) {
				continue
			}
			row := periodRow(ctx, &x, ownRows)
			cells := append([]templ.Component{ui.Link(datasetsPath+"/"+d.Code, d.Name.In(c.Lang()), "")}, row.Cells[:5]...)
			t.Rows = append(t.Rows, ui.Row{Label: d.Name.In(c.Lang()) + " " + x.Period.Key, Cells: append(cells, row.Cells[6])})
		}
	}
	return t, nil
}

// sentTable are the rows that the organisation sent, by kind and year.
func (s *Service) sentTable(c *web.Ctx, org string, asOf baqylau.Date) (t ui.Table, err error) {
	ctx := c.Context()
	t = ui.Table{ID: "sent", Caption: c.T("dataset.mine.sent"), Empty: ui.Empty{Title: c.T("dataset.mine.sent.none")}, Columns: []ui.Column{{Label: c.T("dataset.field.subject"), Main: true}, {Label: c.T("dataset.col.period"), NoWrap: true},
		{Label: c.T("dataset.col.rows"), Number: true}, {Label: c.T("dataset.col.last"), NoWrap: true}, {Label: c.T("dataset.col.missing"), Number: true}}}
	for _, kind := range Subjects {
		arrived, err := s.Arrivals(ctx, &Dataset{Code: "own", Subject: kind, Every: Yearly, OrgID: org}, asOf)
		if err != nil {
			return t, err
		}
		keys := make([]string, 0, len(arrived))
		for k := range arrived {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range slices.Backward(keys) {
			a := arrived[k]
			t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Text(c.T("dataset.subject." + kind)), ui.Text(k), ui.Text(locale.Int(ctx, a.Rows)), ui.Text(locale.Date(ctx, change.Today(a.Last))),
				missingCell(ctx, a.Missing, ownRows)}})
		}
	}
	return t, nil
}

// ownRows: an organisation's own rows are no secret to it.
const ownRows = true
