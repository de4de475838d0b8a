package treatment

import (
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// group is a part of the form: a heading and the fields under it. The first is open, the others fold.
type group struct {
	name   string
	fields []string
}

// secondaryFields is how many secondary drugs the form asks for; files may name more.
const secondaryFields = 3

// groups are the form, in the order of a first interview. What most cases need comes first.
var groups = []group{
	{"start", []string{tdi.FieldStart, tdi.FieldPerson, tdi.Centre.Key(), tdi.FieldFacility, tdi.FieldRegion, tdi.Status.Key(), tdi.Referral.Key(), tdi.Sex.Key(), tdi.FieldAge}},
	{"drugs", []string{tdi.Primary.Key(), tdi.Route.Key(), tdi.Frequency.Key(), tdi.FieldFirstUse, tdi.FieldSecond, tdi.Polydrug.Key()}},
	{"life", []string{tdi.LivingWith.Key(), tdi.LivingChildren.Key(), tdi.LivingWhere.Key(), tdi.Education.Key(), tdi.Labour.Key()}},
	{"risk", []string{tdi.Injecting.Key(), tdi.FieldFirstInj, tdi.InjectingYears.Key(), tdi.Sharing.Key(), tdi.HIV.Key(), tdi.HCV.Key(), tdi.OAT.Key(), tdi.FieldFirstOAT, tdi.OATYears.Key()}},
}

// derived are the bands that the form leaves out, since they follow from a number that it asks for.
var derived = []string{tdi.InjectingYears.Key(), tdi.OATYears.Key()}

type formView struct {
	title, action string
	amends        bool
	lines         []ui.FieldError
	groups        []groupView
	confirm       *ui.Field // what the checks asked: why it is so
	synthetic     bool
}

type groupView struct {
	title  string
	fields []fieldView
}

type fieldView struct {
	ui.Field
	kind    string // day, number, choice, text
	options []ui.Option
}

// showForm shows the form for a new case, or for the correction of before.
func (s *Service) showForm(c *web.Ctx, before Case, f *web.Form, failed error) error {
	stored := map[string][]string{}
	for _, field := range tdi.Fields() {
		if v := before.said(field); v != "" && before.ID != "" {
			stored[field] = []string{v}
		}
	}
	for i, u := range before.Secondary {
		stored[secondField(i)] = []string{useValue(u)}
	}
	if before.ID == "" { // the next case of the same unit
		for _, name := range []string{tdi.FieldFacility, tdi.FieldRegion, tdi.Centre.Key()} {
			if v := c.Query(name); v != "" {
				stored[name] = []string{v}
			}
		}
		stored[tdi.FieldStart] = []string{change.Today(c.Now()).String()}
	}
	set := fields.New(c, f, failed, stored)
	v := formView{title: c.T("tdi.new"), action: room + "/new", lines: set.Lines, amends: before.ID != "", synthetic: before.Synthetic}
	if v.amends {
		v.title, v.action = c.T("tdi.correct"), room+"/"+before.ID+"/correct"
	}
	for _, g := range groups {
		gv := groupView{title: c.T("tdi.group." + g.name)}
		for _, field := range g.fields {
			gv.fields = append(gv.fields, s.inputs(c, set, field, v.amends)...)
		}
		v.groups = append(v.groups, gv)
	}
	if open := openQuestions(failed); open || set.Value("confirmed") != "" || before.Confirmed != "" {
		q := set.Optional("confirmed", "tdi.confirm", "tdi.confirm.help")
		q.MaxLength = 200
		if q.Value == "" && f == nil {
			q.Value = before.Confirmed
		}
		v.confirm = &q
	}
	return c.Render(web.Page{Title: v.title, Room: room, Kind: ui.Narrow, Body: formPage(v), Status: set.Status()})
}

// openQuestions reports whether a form came back because of what the checks ask.
func openQuestions(err error) bool {
	var many baqylau.Errors
	if !asErrors(err, &many) {
		return false
	}
	asks := tdi.Rules()
	return slices.ContainsFunc(many, func(e *baqylau.Error) bool {
		rule, ok := strings.CutPrefix(e.Key, "tdi.rule.")
		return ok && slices.Contains(asks, rule)
	})
}

// said is what a field of the form holds: national leaves stand by their own code.
func (c *Case) said(field string) string {
	if field == tdi.Primary.Key() && c.Leaf != "" {
		return c.Leaf
	}
	return c.Said(field)
}

func useValue(u tdi.Use) string {
	if u.Leaf != "" {
		return u.Leaf
	}
	return tdi.Drugs.String(u.Drug)
}

func secondField(i int) string {
	return tdi.FieldSecond + []string{"", "_2", "_3", "_4", "_5", "_6"}[i]
}

// inputs are the controls of a field; secondary drugs have several.
func (s *Service) inputs(c *web.Ctx, set fields.Set, field string, amends bool) (out []fieldView) {
	if slices.Contains(derived, field) {
		return nil
	}
	f := set.Optional(field, fieldLabel(field), "")
	f.Sparse = true
	if help := "tdi.help." + field; locale.Has(help) {
		f.Help = c.T(help)
	}
	item, coded := tdi.ItemOf(field)
	switch {
	case field == tdi.FieldStart:
		f.Optional, f.Max = false, change.Today(c.Now()).String()
		return []fieldView{{Field: f, kind: "day"}}
	case field == tdi.FieldPerson:
		if f.Value, f.Autocomplete = "", "off"; amends {
			f.Help = c.T("tdi.help.person.keep")
		}
		return []fieldView{{Field: f, kind: "text"}}
	case field == tdi.FieldFacility:
		f.MaxLength = 200
		return []fieldView{{Field: f, kind: "text"}}
	case field == tdi.FieldRegion:
		return []fieldView{{Field: f, kind: "choice", options: unknownFirst(c, s.regionOptions(c))}}
	case field == tdi.FieldSecond:
		for i := range secondaryFields {
			g := set.Optional(secondField(i), fieldLabel(field)+suffix(i), "")
			g.Sparse = true
			if i == 0 {
				g.Help, g.Mistake = c.T("tdi.help.secondary_drugs"), f.Mistake
			}
			out = append(out, fieldView{Field: g, kind: "choice", options: unknownFirst(c, drugOptions(c, true))})
		}
		return out
	case coded && item == tdi.Primary:
		return []fieldView{{Field: f, kind: "choice", options: unknownFirst(c, drugOptions(c, false))}}
	case coded:
		list := item.List()
		options := itemOptions(item)(c)
		return []fieldView{{Field: f, kind: "choice", options: unknownFirst(c, options[:list.NotKnown()])}}
	}
	f.MaxLength = 4
	return []fieldView{{Field: f, kind: "number"}}
}

func suffix(i int) string { return []string{"", ".2", ".3"}[i] }

// unknownFirst puts "not known" before the answers: what nobody asked stays so.
func unknownFirst(c *web.Ctx, options []ui.Option) []ui.Option {
	return append([]ui.Option{{Value: "", Label: c.T("tdi.unknown")}}, options...)
}

// drugOptions are the drug list with the national leaves under the codes that they count under.
func drugOptions(c *web.Ctx, secondary bool) (out []ui.Option) {
	codes := tdi.PrimaryDrugs()
	if secondary {
		codes = tdi.SecondaryDrugs()
	}
	leaves := tdi.Leaves(c.Now().Year())
	for _, code := range codes {
		if code == "99" {
			continue
		}
		n, _ := tdi.Drugs.Parse(code)
		label := tdi.Primary.In(c.Lang(), n)
		if code != "none" {
			label = code + " " + label
		}
		out = append(out, ui.Option{Value: code, Label: label})
		for _, l := range leaves {
			if l.Protocol == n {
				out = append(out, ui.Option{Value: l.Code, Label: code + " · " + l.Name.In(c.Lang())})
			}
		}
	}
	return out
}

// readForm is the case that a form says.
func (s *Service) readForm(c *web.Ctx, f *web.Form) Entry {
	day, precision := f.Date(tdi.FieldStart, true, change.Today(c.Now()))
	e := Entry{Case: Case{Episode: tdi.New(day)}, Number: f.Text(tdi.FieldPerson, false, 40)}
	e.Precision = precision
	for _, field := range tdi.Fields() {
		v := f.Get(field)
		if v == "" || field == tdi.FieldStart || field == tdi.FieldPerson || field == tdi.FieldSecond || slices.Contains(derived, field) {
			continue
		}
		switch err := e.Put(field, v); err {
		case nil:
		case tdi.ErrYears:
			f.Bad(field, "error.range", "Low", 0, "High", 2100)
		default:
			f.Bad(field, "error.choice")
		}
	}
	var named []string
	for i := range secondaryFields {
		if v := f.Get(secondField(i)); v != "" {
			named = append(named, strings.NewReplacer(";", "", ",", "", "|", "", ":", "", "/", "").Replace(v))
		}
	}
	if err := e.Put(tdi.FieldSecond, strings.Join(named, ";")); err != nil {
		f.Bad(tdi.FieldSecond, "error.choice")
	}
	e.Facility = f.Text(tdi.FieldFacility, false, 200)
	e.Confirmed = f.Text("confirmed", false, 200)
	return e
}

func (s *Service) postNew(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	e := s.readForm(c, f)
	if f.Err() != nil {
		return s.showForm(c, Case{}, f, f.Err())
	}
	id, err := s.Enter(c.Context(), c.Actor, e)
	if code := baqylau.CodeOf(err); code == baqylau.Invalid || code == baqylau.Conflict {
		return s.showForm(c, Case{}, f, err)
	}
	if err != nil {
		return err
	}
	return c.Done(room+"/"+id, "tdi.done.entered", "")
}

func (s *Service) showCorrect(c *web.Ctx) error {
	before, err := get(c.Context(), s.W.DB.Read, c.Actor, access.EpisodeWrite, c.Path("id"))
	if err != nil {
		return err
	}
	return s.showForm(c, before, nil, nil)
}

func (s *Service) postCorrect(c *web.Ctx) error {
	before, err := get(c.Context(), s.W.DB.Read, c.Actor, access.EpisodeWrite, c.Path("id"))
	if err != nil {
		return err
	}
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	e := s.readForm(c, f)
	if f.Err() != nil {
		return s.showForm(c, before, f, f.Err())
	}
	id, err := s.Amend(c.Context(), c.Actor, before.ID, e)
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.showForm(c, before, f, err)
	}
	if err != nil {
		return err
	}
	return c.Done(room+"/"+id, "tdi.done.corrected", "")
}

func (s *Service) postWithdraw(c *web.Ctx) error {
	if err := s.Withdraw(c.Context(), c.Actor, c.Path("id")); err != nil {
		return err
	}
	return c.Done(room, "tdi.done.withdrawn", "")
}
