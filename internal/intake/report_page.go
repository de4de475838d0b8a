package intake

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Panel is a part of the report page that another room brings (laboratory results); nil shows nothing.
type Panel func(c *web.Ctx, r Report) (templ.Component, error)

func (s *Service) chooseKind(c *web.Ctx) error {
	return c.Render(web.Page{Title: c.T("report.new"), Room: "/reports", Kind: ui.Narrow, Body: kindsPage(Kinds)})
}

func (s *Service) showReport(c *web.Ctx) error { return s.reportPage(c, c.Path("id"), nil) }

type reportView struct {
	r         Report
	head      ui.Head
	sent      bool
	identity  bool // a pseudonym is kept and this reader's organisation may see it
	lines     []ui.FieldError
	steps     []string
	facts     []ui.Fact
	findings  ui.Table
	questions []questionView
	settled   []settledView
	correct   *correctView
	failed    string // step whose form came back with a mistake
	timeline  []ui.Event
	panels    []templ.Component
}

type questionView struct {
	id, matched string
	options     []ui.Option
}

func (s *Service) reportPage(c *web.Ctx, id string, failed error) error {
	r, err := s.Read(c.Context(), s.W.DB.Read, c.Actor, id)
	if err != nil {
		return err
	}
	ctx := c.Context()
	if now, err := inForce(ctx, s.W.DB.Read, r.ID); err != nil {
		return err
	} else if now != r.ID {
		return c.Redirect("/reports/" + now)
	}
	v := reportView{r: r, sent: c.Query("sent") != "", lines: ui.FieldErrors(ctx, failed), steps: StepsFor(c.Actor, r.Row, r.State)}
	v.head = ui.Head{Title: locale.Capital(locale.Code(ctx, "kind", string(r.Kind))) + " " + r.Receipt,
		Tags: []templ.Component{ui.State(progressOf(r.Standing), c.T("report.state."+r.Standing)), ui.TLP(r.TLP)},
		Sub:  []string{locale.DateP(ctx, r.Occurred, r.Precision), s.regionName(ctx, r.Region), s.sender(ctx, r)}}
	for _, name := range SeriousnessNames(c.Lang(), r.Detail.Seriousness) {
		v.head.Tags = append(v.head.Tags, ui.Tag(locale.Capital(name)))
	}
	for i := range v.lines {
		if v.lines[i].Field == "answer" {
			v.lines[i].Key = c.Path("id")
		}
		if v.lines[i].Field == "text" { // each act of the page has one
			v.lines[i].Key, v.failed = c.Path("step"), c.Path("step")
			switch {
			case strings.HasPrefix(c.R.URL.Path, "/questions/"):
				v.lines[i].Key = "reask-" + c.Path("id")
			case c.R.URL.Path == correctPath(id):
				v.lines[i].Key = "correct"
			}
		}
	}
	v.facts = s.facts(ctx, r)
	v.findings = s.findingTable(ctx, r.Findings)
	if r.Kind == Tip {
		v.findings.Empty.Text = c.T("report.findings.none.tip")
	}
	for _, q := range r.Questions {
		qv := questionView{id: q.ID, matched: q.Matched}
		for _, key := range q.Candidates {
			qv.options = append(qv.options, ui.Option{Value: key, Label: s.nameOf(c.Lang(), key)})
		}
		qv.options = append(qv.options, ui.Option{Value: noneOfThese, Label: c.T("report.question.none")})
		v.questions = append(v.questions, qv)
	}
	if access.MayRow(c.Actor, access.IdentityRead, r.Row) {
		var kept int
		if err := s.W.DB.Read.NewRaw("SELECT count(*) FROM personal_link WHERE report_id = ? AND org_id = ?", r.ID, c.Actor.OrgID).Scan(ctx, &kept); err != nil {
			return err
		}
		v.identity = kept > 0
	}
	mayHandle := access.MayRow(c.Actor, access.ReportHandle, r.Row)
	v.correct = s.correctForm(c, r, v.lines)
	if !mayHandle {
		v.questions = nil
	} else if v.settled, err = s.settledQuestions(ctx, s.W.DB.Read, c.Lang(), c.T("report.question.none"), r.ID); err != nil {
		return err
	}
	for _, e := range r.Events {
		if !e.Public && !mayHandle {
			continue
		}
		by := c.T("report.by.centre")
		if strings.HasPrefix(e.Act, "lab") {
			by = "" // the act says so
		}
		if slices.Contains([]string{"submitted", "resent", "answer", "retract", "amend"}, e.Act) {
			by = s.sender(ctx, r)
		}
		v.timeline = append(v.timeline, ui.Event{ISO: e.At.Format("2006-01-02T15:04:05Z"), When: locale.DateTime(ctx, e.At), Act: c.T("report.event." + e.Act), Reason: e.Text, By: by})
	}
	if v.timeline, err = s.imported(c, r, v.timeline); err != nil {
		return err
	}
	for _, p := range s.Panels {
		comp, err := p(c, r)
		if err != nil {
			return err
		}
		if comp != nil {
			v.panels = append(v.panels, comp)
		}
	}
	page := web.Page{Title: v.head.Title, Room: "/reports", Body: reportBody(v)}
	if failed != nil {
		page.Status = web.Status(baqylau.CodeOf(failed))
	}
	return c.Render(page)
}

// mistake is what was wrong with the text of a step.
func (v reportView) mistake(step string) string {
	if step != v.failed {
		return ""
	}
	return ui.MistakeOf(v.lines, "text")
}

// stepLook makes the answer that the centre waits for the main act.
func stepLook(step string) ui.Look {
	if step == "answer" {
		return ui.Main
	}
	return ui.Quiet
}

// firstMain makes the first act of a page its main one.
func firstMain(i int) ui.Look {
	if i == 0 {
		return ui.Main
	}
	return ui.Quiet
}

// imported adds to a report's history, newest first, the files that brought it and its corrections; whoever may see an import finds the file's name, leading to it.
func (s *Service) imported(c *web.Ctx, r Report, timeline []ui.Event) ([]ui.Event, error) {
	ctx := c.Context()
	scope, args := access.Where(c.Actor, access.ImportRun, "b")
	var files []struct {
		RecordedAt int64
		ID, Name   string
	}
	if err := s.W.DB.Read.NewRaw(`WITH RECURSIVE v(id) AS (SELECT CAST(? AS TEXT) UNION SELECT x.supersedes_id FROM report x JOIN v ON x.id = v.id WHERE x.supersedes_id IS NOT NULL)
		SELECT r.recorded_at, COALESCE(b.id,'') AS id, COALESCE(b.file_name,'') AS name FROM report r JOIN v ON v.id = r.id LEFT JOIN batch b ON b.id = r.batch_id AND `+scope+`
		WHERE r.channel = 'import' ORDER BY r.recorded_at`, append([]any{r.ID}, args...)...).Scan(ctx, &files); err != nil {
		return nil, err
	}
	for _, f := range files {
		at := store.Time(f.RecordedAt)
		e := ui.Event{ISO: at.Format("2006-01-02T15:04:05Z"), When: locale.DateTime(ctx, at), Act: c.T("report.event.imported"), By: s.sender(ctx, r)}
		if f.ID != "" {
			e.Link, e.Href = f.Name, "/imports/"+f.ID
		}
		i := slices.IndexFunc(timeline, func(x ui.Event) bool { return x.ISO <= e.ISO })
		if i < 0 {
			i = len(timeline)
		}
		timeline = slices.Insert(timeline, i, e)
	}
	return timeline, nil
}

// nameOf is the name of a substance or family in a language, or what was written.
func (s *Service) nameOf(l baqylau.Lang, key string) string {
	book := s.Shelf.Book()
	if sub, ok := book.Substance(key); ok {
		return sub.Label.In(l)
	}
	if f, ok := book.Family(key); ok {
		return f.Name.In(l)
	}
	return key
}

func (s *Service) findingTable(ctx context.Context, fs []Finding) ui.Table {
	l := locale.Lang(ctx)
	t := ui.Table{Caption: locale.T(ctx, "report.findings"), Empty: ui.Empty{Title: locale.T(ctx, "report.findings.none"), Text: locale.T(ctx, "report.findings.none.text")},
		Columns: []ui.Column{{Label: locale.T(ctx, "report.finding.what"), Main: true}, {Label: locale.T(ctx, "report.finding.written")}, {Label: locale.T(ctx, "report.finding.level")},
			{Label: locale.T(ctx, "report.finding.confidence")}}}
	said := slices.ContainsFunc(fs, func(f Finding) bool { return s.written(f) != "" })
	if !said {
		t.Columns = slices.Delete(t.Columns, 1, 2)
	}
	for _, f := range fs {
		var name templ.Component
		switch {
		case f.SubstanceID != "":
			name = ui.Link("/substances/"+f.SubstanceID, s.nameOf(l, f.SubstanceID), "")
		case f.Family != "":
			name = ui.Lines(s.nameOf(l, f.Family), locale.T(ctx, "report.finding.class"))
		default:
			name = ui.Lines(f.Unidentified, locale.T(ctx, "report.finding.unidentified"))
		}
		cells := []templ.Component{name, ui.Text(s.written(f)), ui.Text(levelName(ctx, f)), ui.Confidence(f.Confidence)}
		if !said {
			cells = slices.Delete(cells, 1, 2)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
}

// stepHelp tells who withdraws a report that this is also the way to correct what the form of the substances does not.
func stepHelp(ctx context.Context, step string) string {
	if step != "retract" {
		return ""
	}
	return locale.T(ctx, "report.step.retract.help")
}

// levelName says how far an identification goes. What a sender states without a laboratory of the network is called that, not a result: it may be hearsay.
func levelName(ctx context.Context, f Finding) string {
	if f.Level == baqylau.Presumptive && f.LabResultID == "" {
		return locale.T(ctx, "report.finding.stated")
	}
	if f.Level == baqylau.ConfirmedID && f.Confidence != baqylau.Confirmed {
		return locale.T(ctx, "report.finding.stated_confirmed")
	}
	return locale.Code(ctx, "level", string(f.Level))
}

// written is what stood in the sender's words, "" where the substance was chosen by its own name.
func (s *Service) written(f Finding) string {
	if sub, ok := s.Shelf.Book().Substance(f.SubstanceID); ok && (strings.EqualFold(f.Matched, sub.Name) || f.Matched == sub.Label.EN || f.Matched == sub.Label.RU || f.Matched == sub.Label.KK) {
		return ""
	}
	return f.Matched
}

// facts lists what the sender stated, field by field, in the order of the form.
func (s *Service) facts(ctx context.Context, r Report) []ui.Fact {
	l := locale.Lang(ctx)
	d := r.Detail
	coded := func(list, code string) string {
		if code == "" {
			return ""
		}
		return codelist.Label(l, list, code)
	}
	amount := func(a Amount, list string) string {
		if a.Value == "" {
			return ""
		}
		return localDecimal(ctx, a.Value) + " " + coded(list, a.Unit)
	}
	var facts []ui.Fact
	for _, f := range []struct{ name, value string }{
		{"place_type", coded("place-type", r.PlaceType)}, {"agency", coded("agency", d.Agency)}, {"form", coded("product-form", d.Form)}, {"quantity", amount(d.Quantity, "unit")},
		{"sold_as", d.SoldAs}, {"colour", d.Colour}, {"logo", d.Logo}, {"packaging", d.Packaging}, {"route", d.Route}, {"origin", d.Origin}, {"destination", d.Destination},
		{"price", amount(d.Price, "")}, {"channel", coded("market", d.Channel)}, {"online_source", d.OnlineSource}, {"sample_ref", d.SampleRef}, {"matrix", coded("matrix", d.Matrix)},
		{"sex", coded("sex", r.Sex)}, {"age_band", coded("age-band", r.AgeBand)}, {"exposure", coded("exposure", d.Exposure)}, {"route_of_use", coded("route-of-use", d.RouteOfUse)},
		{"clinical_features", d.Features}, {"antidote", d.Antidote}, {"care_level", coded("care-level", d.CareLevel)},
		{"seriousness", strings.Join(SeriousnessNames(l, d.Seriousness), ", ")}, {"tss", coded("toxicological-significance", d.TSS)},
		{"causality", coded("causality", d.Causality)}, {"contact", d.Contact},
	} {
		if f.value != "" && f.value != "unknown" {
			facts = append(facts, ui.Fact{Name: locale.T(ctx, "report.field."+f.name), Value: ui.Text(f.value)})
		}
	}
	if d.Persons > 0 {
		facts = append(facts, ui.Fact{Name: locale.T(ctx, "report.field.persons"), Value: ui.Text(locale.Int(ctx, d.Persons))})
	}
	facts = append(facts, ui.Fact{Name: locale.T(ctx, "report.known_on"), Value: ui.Moment(r.Known.String(), locale.Date(ctx, r.Known))},
		ui.Fact{Name: locale.T(ctx, "report.recorded_at"), Value: ui.Moment(r.RecordedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, r.RecordedAt))})
	return facts
}

func (s *Service) findReceipt(c *web.Ctx) error {
	if r := strings.ToUpper(c.Query("receipt")); r != "" { // as it may be typed from paper
		return c.Redirect("/r/" + url.PathEscape(r))
	}
	return s.askReceipt(c, "", nil)
}

// askReceipt shows the field for the number of a tip; failed says why the number that was typed led nowhere.
func (s *Service) askReceipt(c *web.Ctx, typed string, failed error) error {
	page := web.Page{Title: c.T("report.receipt.find"), Room: "/tip", Kind: ui.Narrow, Body: receiptForm(typed, ui.FieldErrors(c.Context(), failed))}
	if failed != nil {
		page.Status = web.Status(baqylau.CodeOf(failed))
	}
	return c.Render(page)
}

// showReceipt tells the sender of a tip what became of it; the receipt is the key.
func (s *Service) showReceipt(c *web.Ctx) error {
	receipt := c.Path("receipt")
	standing, at, events, err := s.TipState(c.Context(), s.W.DB.Read, receipt)
	if baqylau.CodeOf(err) == baqylau.NotFound {
		return s.askReceipt(c, receipt, baqylau.E(baqylau.NotFound, "report.receipt.unknown").On("receipt"))
	}
	if err != nil {
		return err
	}
	var lines []ui.Event
	for _, e := range events {
		lines = append(lines, ui.Event{ISO: e.At.Format("2006-01-02T15:04:05Z"), When: locale.DateTime(c.Context(), e.At), Act: c.T("report.event." + e.Act), Reason: e.Text})
	}
	return c.Render(web.Page{Title: receipt, Room: "/tip", Kind: ui.Narrow, Body: receiptPage(receipt, standing, locale.DateTime(c.Context(), at), lines, c.Query("sent") != "")})
}

// SeriousnessNames says in a language why a sender called a case serious.
func SeriousnessNames(l baqylau.Lang, codes []string) (names []string) {
	for _, code := range codes {
		names = append(names, codelist.Label(l, "seriousness", code))
	}
	return names
}
