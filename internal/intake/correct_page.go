package intake

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// correctView is the form that changes the substances of a report by hand.
type correctView struct {
	open                       bool // it came back with a mistake
	lines                      []ui.FieldError
	substance, name            string
	instead, level, role, text string
	findings, levels, roles    []ui.Option
}

// correctable reports whether the substances of a report can be changed by hand: it counts, and it has an occurrence to count with.
func correctable(state, occurrence string) bool {
	return slices.Contains(open, state) && occurrence != ""
}

// correctForm is nil for who may not correct the report.
func (s *Service) correctForm(c *web.Ctx, r Report, lines []ui.FieldError) *correctView {
	if !correctable(r.State, r.OccurrenceID) || !access.MayRow(c.Actor, access.ReportHandle, r.Row) && !access.MayRow(c.Actor, access.ReportAmend, r.Row) {
		return nil
	}
	v := &correctView{levels: listOptions(c, "identification-level"), roles: listOptions(c, "finding-role"), findings: []ui.Option{{Label: c.T("report.correct.add")}}}
	v.levels = slices.DeleteFunc(v.levels, func(o ui.Option) bool { return o.Value == string(baqylau.NotIdentified) })
	for _, f := range r.Findings {
		if f.LabResultID == "" {
			v.findings = append(v.findings, ui.Option{Value: f.ID, Label: s.findingWords(c.Lang(), []Finding{f})[0]})
		}
	}
	if c.Path("id") == r.ID && c.R.URL.Path == correctPath(r.ID) {
		typed := c.R.PostForm
		v.open, v.lines, v.substance, v.name = true, lines, typed.Get("substance"), typed.Get("substance_text")
		v.instead, v.level, v.role, v.text = typed.Get("instead"), typed.Get("level"), typed.Get("role"), typed.Get("text")
	}
	return v
}

func correctPath(reportID string) string { return "/corrections/" + reportID }

// doCorrect changes the substances of a report; what is wrong comes back at the form.
func (s *Service) doCorrect(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	id := c.Path("id")
	fix := Correction{SubstanceID: f.Get("substance"), Instead: f.Get("instead"), Level: baqylau.Level(f.Choice("level", false, codelist.Codes("identification-level")...)),
		Role: f.Choice("role", false, codelist.Codes("finding-role")...), Reason: f.Text("text", false, 2000)}
	if t := f.Text("substance_text", false, 300); fix.SubstanceID == "" && t != "" { // typed without choosing, or without scripts
		if fs, qs := Recognise(s.Shelf.Book(), t, baqylau.Presumptive, nil, nil); len(fs) == 1 && len(qs) == 0 && fs[0].SubstanceID != "" {
			fix.SubstanceID = fs[0].SubstanceID
		} else {
			f.Bad("substance", "report.correct.choose")
		}
	}
	err = f.Err()
	if err == nil {
		err = s.Correct(c.Context(), c.Actor, id, fix)
	}
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.reportPage(c, id, err)
	}
	if err != nil {
		return err
	}
	return c.Done("/reports/"+id, "report.done.correct", "")
}

// doReask opens a settled question again.
func (s *Service) doReask(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	text := f.Text("text", false, 2000)
	if f.Err() != nil {
		return f.Err()
	}
	report, err := s.Reask(c.Context(), c.Actor, c.Path("id"), text)
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.reportPage(c, report, err)
	}
	if err != nil {
		return err
	}
	return c.Done("/reports/"+report, "report.done.reask", "")
}

// settledQuestions lists the questions of a report that have an answer or none that fits, as the page shows them.
func (s *Service) settledQuestions(ctx context.Context, db bun.IDB, l baqylau.Lang, none, reportID string) (out []settledView, err error) {
	var rows []struct{ ID, Matched, Answer string }
	if err := db.NewRaw("SELECT id, matched, COALESCE(answer_substance_id,'') AS answer FROM question WHERE report_id = ? AND state <> 'open' ORDER BY id", reportID).Scan(ctx, &rows); err != nil {
		return nil, err
	}
	for _, q := range rows {
		v := settledView{id: q.ID, matched: q.Matched, answer: none}
		if q.Answer != "" {
			v.answer = s.nameOf(l, q.Answer)
		}
		out = append(out, v)
	}
	return out, nil
}

// settledView is a question that has been settled.
type settledView struct{ id, matched, answer string }
