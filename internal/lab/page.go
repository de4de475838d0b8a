package lab

import (
	"cmp"
	"context"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// failure is an act that a person can mend: on which analysis, what was typed, what is wrong.
type failure struct {
	analysis string
	form     *web.Form
	err      error
}

type pageView struct {
	head     ui.Head
	lines    []ui.FieldError
	report   string
	text     string
	receive  ui.Field
	mayOpen  bool // more samples may come in
	analyses []analysisView
}

type analysisView struct {
	a       Analysis
	report  string
	title   string
	state   templ.Component
	results ui.Table
	people  []ui.Fact
	open    bool
	begin   bool
	submit  bool
	decide  bool // the reader may release or return it
	waits   bool // it waits for another person than the reader
	amend   bool
	form    resultForm
	reason  ui.Field
}

// show is the page of a report in the laboratory: its samples, each with its results and what can be done next.
func (s *Service) show(c *web.Ctx, reportID string, fail failure) error {
	ctx, db := c.Context(), s.W.DB.Read
	q, err := requestOf(ctx, db, c.Actor, access.LabWrite, reportID)
	if err != nil {
		return err
	}
	r, err := s.Intake.Read(ctx, db, c.Actor, reportID)
	if err != nil {
		return err
	}
	list, err := analyses(ctx, db, "l.report_id = ? AND l.org_id = ?", reportID, q.row.OrgID)
	if err != nil {
		return err
	}
	v := pageView{report: reportID, text: r.Text, lines: ui.FieldErrors(ctx, fail.err), mayOpen: r.State != "retracted" && r.State != "duplicate" && r.State != "out_of_scope"}
	v.head = ui.Head{Title: locale.Capital(locale.Code(ctx, "kind", string(r.Kind))) + " " + r.Receipt, Tags: []templ.Component{ui.TLP(r.TLP)},
		Sub: []string{locale.DateP(ctx, r.Occurred, r.Precision), s.Shelf.Book().PlaceName(r.Region, c.Lang()), r.OrgName.In(c.Lang())}}
	if q.sampleRef != "" {
		v.head.Sub = append(v.head.Sub, c.T("lab.sender_ref", "Number", q.sampleRef))
	}
	v.receive = fields{c: c, form: fail.form, lines: v.lines}.field("sample_ref", "lab.sample_ref", false)
	v.receive.MaxLength = 60
	if len(list) == 0 {
		v.receive.Value = cmp.Or(v.receive.Value, q.sampleRef)
	}
	corrected := map[string]bool{}
	for _, a := range list {
		corrected[a.AmendsID] = true
	}
	for i := len(list) - 1; i >= 0; i-- {
		v.analyses = append(v.analyses, s.analysisView(c, list[i], q, fail, corrected[list[i].ID]))
	}
	page := web.Page{Title: v.head.Title, Room: "/lab", Body: labPage(v)}
	if fail.err != nil {
		page.Status = web.Status(baqylau.CodeOf(fail.err))
	}
	return c.Render(page)
}

func (s *Service) analysisView(c *web.Ctx, a Analysis, q request, fail failure, corrected bool) analysisView {
	ctx := c.Context()
	v := analysisView{a: a, report: q.id, title: c.T("lab.sample", "Number", a.SampleRef), state: stateBadge(ctx, a.State), people: people(ctx, a, true), open: a.State.open()}
	v.results = s.resultTable(ctx, a, v.open)
	v.begin, v.submit = a.State == Received, v.open && len(a.Results) > 0
	v.amend = a.State == Released && !corrected
	reviewer := access.MayRow(c.Actor, access.LabRelease, q.row) && !a.wrote(c.Actor.ID)
	v.decide, v.waits = a.State == InReview && reviewer, a.State == InReview && !reviewer
	if v.open {
		v.form = s.resultForm(c, a, q, fail)
	}
	v.reason = ui.Field{Name: "reason", Label: c.T("lab.return.reason"), Rows: 3, MaxLength: 2000}
	if fail.analysis == a.ID {
		v.reason.Mistake = ui.MistakeOf(ui.FieldErrors(ctx, fail.err), "reason")
	}
	return v
}

// people names who did what: by name to the laboratory's own people, by role to everybody else.
func people(ctx context.Context, a Analysis, names bool) []ui.Fact {
	who := func(name, role string) string {
		if names && name != "" {
			return name
		}
		return locale.Code(ctx, "role", role)
	}
	var out []ui.Fact
	if len(a.Results) > 0 {
		out = append(out, ui.Fact{Name: locale.T(ctx, "lab.analyst"), Value: ui.Text(who(a.Analyst, "lab_analyst"))},
			ui.Fact{Name: locale.T(ctx, "lab.analysed_on"), Value: ui.Moment(a.AnalysedOn.String(), locale.Date(ctx, a.AnalysedOn))})
	}
	if a.ReviewerID != "" {
		out = append(out, ui.Fact{Name: locale.T(ctx, "lab.reviewer"), Value: ui.Text(who(a.Reviewer, "lab_reviewer"))})
	}
	if !a.ReleasedAt.IsZero() {
		out = append(out, ui.Fact{Name: locale.T(ctx, "lab.released_at"), Value: ui.Moment(a.ReleasedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, a.ReleasedAt))})
	}
	return out
}

// resultTable lists results with level, techniques and standard; removable adds a button to each row.
func (s *Service) resultTable(ctx context.Context, a Analysis, removable bool) ui.Table {
	l := locale.Lang(ctx)
	t := ui.Table{Caption: locale.T(ctx, "lab.results"), Empty: ui.Empty{Title: locale.T(ctx, "lab.results.none"), Text: locale.T(ctx, "lab.results.none.text")},
		Columns: []ui.Column{{Label: locale.T(ctx, "lab.substance"), Main: true}, {Label: locale.T(ctx, "lab.level")}, {Label: locale.T(ctx, "lab.techniques")},
			{Label: locale.T(ctx, "lab.standard")}, {Label: locale.T(ctx, "lab.purity"), Number: true}}}
	if removable {
		t.Columns = append(t.Columns, ui.Column{})
	}
	for i, r := range a.Results {
		name := ui.Lines(r.Unidentified, locale.T(ctx, "lab.result.own_label"))
		if sub, ok := s.Shelf.Book().Substance(r.SubstanceID); ok {
			name = ui.Link("/substances/"+sub.ID, sub.Label.In(l), codelist.Label(l, "finding-role", r.Role))
		}
		var notes []string
		for _, n := range []string{concentration(ctx, r.Concentration), labelOf(l, "matrix", r.Matrix), r.Library, r.Comment} {
			if n != "" {
				notes = append(notes, n)
			}
		}
		level := locale.Code(ctx, "level", string(r.Level))
		row := ui.Row{Cells: []templ.Component{name, ui.Lines(level, strings.Join(notes, " · ")), ui.Text(labels(l, "technique", r.Techniques)),
			ui.Text(codelist.Label(l, "reference-standard", r.Standard)), ui.Text(percent(ctx, r.Purity))}}
		if removable {
			row.Cells = append(row.Cells, removeButton(a, i))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func concentration(ctx context.Context, a intake.Amount) string {
	if a.Value == "" {
		return ""
	}
	return decimal(ctx, a.Value) + "\u00a0" + locale.T(ctx, "code.concentration."+a.Unit)
}

func labelOf(l baqylau.Lang, list, code string) string {
	if code == "" {
		return ""
	}
	return codelist.Label(l, list, code)
}

func labels(l baqylau.Lang, list string, codes []string) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = codelist.Label(l, list, c)
	}
	return strings.Join(out, ", ")
}
