package returns

import (
	"cmp"
	"context"
	"slices"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// Routes registers the pages of the room.
func Routes(rt *web.Router, s *Service) {
	s.datasetRoutes(rt)
	rt.Handle("GET "+checksPath, access.CheckAnswer, func(c *web.Ctx) error { return s.findingList().Handler(s.W)(c) })
	rt.Handle("GET "+checksPath+"/{id}", access.CheckAnswer, func(c *web.Ctx) error { return s.showFinding(c, nil, nil) })
	rt.Handle("POST "+checksPath+"/{id}/answer", access.CheckAnswer, func(c *web.Ctx) error { return s.doWord(c, Answered) })
	rt.Handle("POST "+checksPath+"/{id}/return", access.CheckResolve, func(c *web.Ctx) error { return s.doWord(c, Returned) })
	rt.Handle("POST "+checksPath+"/{id}/resolve", access.CheckResolve, func(c *web.Ctx) error { return s.doWord(c, Resolved) })
	rt.Handle("POST "+checksPath+"/{id}/reopen", access.CheckResolve, func(c *web.Ctx) error { return s.doWord(c, Open) })
	rt.Handle("POST "+checksPath+"/ask", access.CheckResolve, func(c *web.Ctx) error { return s.askMany(c) })
	rt.Handle("POST "+checksPath+"/many", access.CheckResolve, func(c *web.Ctx) error { return s.doMany(c) })
	rt.Handle("POST "+checksPath+"/run", access.CheckResolve, func(c *web.Ctx) error {
		if err := s.RunLater(c.Context(), c.Actor); err != nil {
			return err
		}
		return c.Done(checksPath, "checks.done.run", "")
	})
}

// maxWords is how long a question, an answer or a note may be.
const maxWords = 4000

type findingView struct {
	head   ui.Head
	id     string
	values []ui.Fact
	facts  []ui.Fact
	words  []ui.Event
	acts   []findingAct
	set    fields.Set
}

// findingAct is one form below a finding.
type findingAct struct {
	to          State
	path, label string
	help, yes   string
	look        ui.Look
}

func (s *Service) showFinding(c *web.Ctx, sent *web.Form, mistake error) error {
	ctx := c.Context()
	f, words, err := s.Get(ctx, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v := findingView{id: f.ID, set: fields.New(c, sent, mistake, nil)}
	v.head = ui.Head{Title: f.Title(ctx), Tags: []templ.Component{severityTag(ctx, f.Severity), ui.State(progress(f.State), stateName(ctx, f.State))}, Sub: filled(s.about(ctx, &f), s.placeName(ctx, f.Place), f.Span(ctx))}
	v.values = []ui.Fact{{Name: f.First.Name(ctx), Value: ui.Text(f.First.Shown(ctx))}, {Name: f.Second.Name(ctx), Value: ui.Text(f.Second.Shown(ctx))}}
	v.facts = []ui.Fact{{Name: c.T("checks.subject"), Value: s.subject(ctx, &f)}, {Name: c.T("checks.col.org"), Value: ui.Text(cmp.Or(f.OrgName.In(c.Lang()), "–"))}, {Name: c.T("checks.col.found"), Value: ui.Text(locale.DateTime(ctx, f.Found))}}
	for _, w := range words {
		by := c.T("checks.by.centre")
		if w.OrgID == f.OrgID {
			by = f.OrgName.In(c.Lang())
		}
		if w.OrgID == c.Actor.OrgID && w.Account != "" {
			by = w.Account
		}
		v.words = append(v.words, ui.Event{ISO: w.At.Format("2006-01-02T15:04Z"), When: locale.DateTime(ctx, w.At), Act: c.T("checks.word." + string(w.Act)), Reason: w.Text, By: by})
	}
	resolves := access.MayRow(c.Actor, access.CheckResolve, access.Row{OrgID: f.OrgID, Domain: f.Domain})
	for _, a := range []findingAct{
		{Answered, "answer", "checks.field.answer", "checks.field.answer.help", "checks.answer", ui.Main},
		{Returned, "return", "checks.field.question", "checks.field.question.help", "checks.return", ui.Main},
		{Resolved, "resolve", "checks.field.note", "checks.field.note.help", "checks.resolve", ui.Quiet},
		{Open, "reopen", "checks.field.reason", "", "checks.reopen", ui.Quiet},
	} {
		if f.Can(a.to) && (resolves && a.to != Answered || a.to == Answered && (c.Actor.OrgID == f.OrgID || !resolves)) && (a.to != Open || f.State == Resolved) && (a.to != Returned || f.OrgID != "") {
			v.acts = append(v.acts, a)
		}
	}
	return c.Render(web.Page{Title: v.head.Title, Room: checksPath, Status: v.set.Status(), Body: findingPage(v)})
}

func (s *Service) doWord(c *web.Ctx, to State) error {
	form, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	words := form.Text("words", true, maxWords)
	if err = form.Err(); err == nil {
		act := map[State]func() error{
			Answered: func() error { return s.Answer(c.Context(), c.Actor, c.Path("id"), words) },
			Returned: func() error { return s.Return(c.Context(), c.Actor, []string{c.Path("id")}, words) },
			Resolved: func() error { return s.Resolve(c.Context(), c.Actor, []string{c.Path("id")}, words) },
			Open:     func() error { return s.Reopen(c.Context(), c.Actor, c.Path("id"), words) },
		}[to]
		err = act()
	}
	if code := baqylau.CodeOf(err); code == baqylau.Invalid || code == baqylau.Conflict {
		return s.showFinding(c, form, err)
	} else if err != nil {
		return err
	}
	return c.Done(checksPath+"/"+c.Path("id"), "checks.done."+string(to), "")
}

type manyView struct {
	head ui.Head
	ids  []string
	to   State
	set  fields.Set
}

// askMany asks for the words that go with an act on several findings.
func (s *Service) askMany(c *web.Ctx) error {
	form, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	return s.showMany(c, form, nil)
}

func (s *Service) showMany(c *web.Ctx, form *web.Form, mistake error) error {
	v := manyView{ids: form.All("id"), to: State(form.Choice("to", true, string(Returned), string(Resolved)))}
	if err := form.Err(); err != nil && mistake == nil {
		return err
	}
	if len(v.ids) == 0 {
		return baqylau.E(baqylau.Invalid, "checks.error.none")
	}
	var sent *web.Form
	if mistake != nil {
		sent = form
	}
	v.set = fields.New(c, sent, mistake, nil)
	v.head = ui.Head{Title: c.T("checks.many." + string(v.to)), Sub: []string{locale.N(c.Context(), "checks.count", len(v.ids))}}
	return c.Render(web.Page{Title: v.head.Title, Room: checksPath, Status: v.set.Status(), Body: manyPage(v)})
}

func (s *Service) doMany(c *web.Ctx) error {
	form, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	to, ids, words := State(form.Choice("to", true, string(Returned), string(Resolved))), form.All("id"), form.Text("words", true, maxWords)
	if err = form.Err(); err == nil {
		if to == Returned {
			err = s.Return(c.Context(), c.Actor, ids, words)
		} else {
			err = s.Resolve(c.Context(), c.Actor, ids, words)
		}
	}
	if code := baqylau.CodeOf(err); code == baqylau.Invalid || code == baqylau.Conflict {
		return s.showMany(c, form, err)
	} else if err != nil {
		return err
	}
	return c.Done(checksPath, "checks.done."+string(to), "")
}

// about is the indicator that a finding is about; "" where it is about something else.
func (s *Service) about(ctx context.Context, f *Finding) string {
	if code := f.Indicator(); code != "" {
		return define.Current().Name(locale.Lang(ctx), code)
	}
	return ""
}

// filled leaves out what is empty.
func filled(parts ...string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// subject links what a finding is about, where it has a page.
func (s *Service) subject(ctx context.Context, f *Finding) templ.Component {
	name := locale.T(ctx, "checks.subject."+f.Subject)
	if code := f.Indicator(); code != "" {
		return ui.Link(s.Pages["indicator"]+code, s.about(ctx, f), name)
	}
	if page := s.Pages[f.Subject]; page != "" {
		return ui.Link(page+f.SubjectID, name, "")
	}
	return ui.Text(name)
}

func (s *Service) placeName(ctx context.Context, code string) string {
	if code == "" {
		return ""
	}
	return s.Shelf.Book().PlaceName(code, locale.Lang(ctx))
}

func severityName(ctx context.Context, s check.Severity) string {
	return locale.T(ctx, "checks.severity."+string(s))
}

func severityTag(ctx context.Context, s check.Severity) templ.Component {
	p := ui.NotBegun
	switch s {
	case check.Error:
		p = ui.Failed
	case check.Question:
		p = ui.Waiting
	}
	return ui.State(p, severityName(ctx, s))
}

func stateName(ctx context.Context, s State) string { return locale.T(ctx, "checks.state."+string(s)) }

func progress(s State) ui.Progress {
	switch s {
	case Returned:
		return ui.Waiting
	case Answered:
		return ui.Busy
	case Resolved, Gone:
		return ui.Done
	}
	return ui.NotBegun
}

func valueCell(ctx context.Context, v check.Value) templ.Component {
	return ui.Lines(v.Shown(ctx), v.Name(ctx))
}

// organisations are the names of all organisations.
func organisations(ctx context.Context, db bun.IDB) (out map[string]baqylau.Text, err error) {
	rows, err := db.QueryContext(ctx, "SELECT id, name FROM organisation")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out = map[string]baqylau.Text{}
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		out[id] = baqylau.ParseText(name)
	}
	return out, rows.Err()
}

// nameOf is the name of an organisation, or its identifier where it has none.
func nameOf(names map[string]baqylau.Text, id string) baqylau.Text {
	if t, ok := names[id]; ok {
		return t
	}
	return baqylau.Text{KK: id, RU: id, EN: id}
}

// wordsField is the text field of one of the forms below a finding.
func wordsField(v findingView, a findingAct) ui.Field {
	f := v.set.Of("words", a.label, a.help)
	f.Key = a.path
	return f
}
