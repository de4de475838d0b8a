package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"mime/multipart"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/media"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// maxFiles and maxFilesBytes bound what one report may carry.
const (
	maxFiles      = 5
	maxFilesBytes = 25 << 20
)

// formView is a report form with what was typed and what is wrong.
type formView struct {
	kind   Kind
	action string
	groups []groupView
	lines  []ui.FieldError
	chosen []ui.Suggestion // substances chosen by name
}

type groupView struct {
	title  string
	open   bool
	fields []fieldView
}

type fieldView struct {
	input   input
	field   ui.Field
	options []ui.Option
	values  []string
	unit    string
}

// showForm renders the form of a kind, empty or as it was sent.
func (s *Service) showForm(c *web.Ctx, kind Kind, f *web.Form, failed error) error {
	if f == nil {
		f = &web.Form{Values: map[string][]string{}}
	}
	lines := ui.FieldErrors(c.Context(), failed)
	if failed != nil {
		f, lines = s.withoutPersons(c, kind, f, lines)
	}
	labs, err := s.labs(c.Context())
	if err != nil {
		return err
	}
	v := formView{kind: kind, action: "/reports/new/" + string(kind), lines: lines}
	if kind == Tip {
		v.action = "/tip"
	}
	for i, g := range forms[kind] {
		gv := groupView{title: c.T("report.group." + g.name), open: i == 0 || len(forms[kind]) == 1}
		for _, name := range g.inputs {
			fv := s.fieldView(c, kind, inputNamed(name), f, lines, labs)
			gv.open = gv.open || fv.field.Mistake != "" || fv.field.Value != ""
			gv.fields = append(gv.fields, fv)
		}
		v.groups = append(v.groups, gv)
	}
	for _, id := range f.All("substance") {
		if sub, ok := s.Shelf.Book().Substance(id); ok {
			v.chosen = append(v.chosen, ui.Suggestion{Value: id, Label: sub.Label.In(c.Lang())})
		}
	}
	page := web.Page{Title: c.T("report.new." + string(kind)), Room: "/reports", Kind: ui.Narrow, Body: formPage(v)}
	if kind == Tip {
		page.Room = "/tip"
	}
	if failed != nil {
		page.Status = web.Status(baqylau.CodeOf(failed))
	}
	return c.Render(page)
}

func (s *Service) fieldView(c *web.Ctx, kind Kind, in input, f *web.Form, lines []ui.FieldError, labs []ui.Option) fieldView {
	fv := fieldView{input: in, values: f.All(in.name), unit: f.Get(in.name + "_unit")}
	fv.field = ui.Field{Name: in.name, Label: c.T("report.field." + in.name), Value: f.Get(in.name), Mistake: ui.MistakeOf(lines, in.name),
		Optional: !in.requiredFor(kind), MaxLength: in.max}
	if key := "report.help." + in.name + "." + string(kind); locale.Has(key) {
		fv.field.Help = c.T(key)
	} else if key := "report.help." + in.name; locale.Has(key) {
		fv.field.Help = c.T(key)
	}
	if m := ui.MistakeOf(lines, in.name+"_unit"); m != "" {
		fv.field.Mistake = m
	}
	if in.look == day {
		fv.field.Max = change.Today(c.Now()).String()
	}
	switch {
	case in.name == "lab":
		fv.options = append([]ui.Option{{Value: "", Label: c.T("report.lab.none")}}, labs...)
	case in.look == region:
		fv.options = append([]ui.Option{{Value: "", Label: c.T("report.choose")}}, s.regionOptions(c)...)
	case in.list != "":
		fv.options = slices.DeleteFunc(listOptions(c, in.list), func(o ui.Option) bool { return !in.offers(o.Value) })
		if in.look == choice {
			fv.options = append([]ui.Option{{Value: "", Label: c.T("report.not_stated")}}, fv.options...)
		}
	case in.unitList != "":
		fv.options = listOptions(c, in.unitList)
	}
	return fv
}

func listOptions(c *web.Ctx, list string) []ui.Option {
	var out []ui.Option
	for _, code := range codelist.Values(list) {
		out = append(out, ui.Option{Value: code.Code, Label: code.Name.In(c.Lang())})
	}
	return out
}

// regionOptions offers the regions of the centre's own country in alphabetical order of the language.
func (s *Service) regionOptions(c *web.Ctx) []ui.Option { return s.regionsOf(c, s.Home) }

func (s *Service) regionsOf(c *web.Ctx, country string) []ui.Option {
	var out []ui.Option
	for _, r := range s.Shelf.Book().Regions(country) {
		out = append(out, ui.Option{Value: r.Code, Label: r.Name.In(c.Lang())})
	}
	return ui.ByName(c.Context(), out)
}

// labs lists the laboratories that a report may be sent to.
func (s *Service) labs(ctx context.Context) ([]ui.Option, error) {
	var rows []struct{ ID, Name string }
	if err := s.W.DB.Read.NewRaw("SELECT id, name FROM organisation WHERE kind = 'laboratory' AND active ORDER BY code").Scan(ctx, &rows); err != nil {
		return nil, err
	}
	out := make([]ui.Option, len(rows))
	for i, r := range rows {
		out[i] = ui.Option{Value: r.ID, Label: baqylau.ParseText(r.Name).In(locale.Lang(ctx))}
	}
	return ui.ByName(ctx, out), nil
}

// send reads a submitted form, records it and shows the receipt; mistakes bring the form back as it was typed, without the numbers of persons.
func (s *Service) send(c *web.Ctx, kind Kind) error {
	f, err := c.ReadForm(maxFilesBytes)
	if err != nil {
		return err
	}
	labs, err := s.labs(c.Context())
	if err != nil {
		return err
	}
	var labIDs []string
	for _, l := range labs {
		labIDs = append(labIDs, l.Value)
	}
	sub := s.readForm(f, kind, change.Today(c.Now()), labIDs)
	if c.R.MultipartForm != nil {
		allowed := media.Documents
		if kind == Tip {
			allowed = media.Photos
		}
		sub.Files = readFiles(f, c.R.MultipartForm.File["files"], allowed)
	}
	if f.Err() != nil {
		return s.showForm(c, kind, f, f.Err())
	}
	rec, err := s.Submit(c.Context(), c.Actor, sub)
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.showForm(c, kind, f, err)
	}
	if err != nil {
		return err
	}
	if kind == Tip && !c.Actor.SignedIn() {
		return c.Redirect("/r/" + rec.Receipt + "?sent=1")
	}
	return c.Redirect("/reports/" + rec.ReportID + "?sent=1")
}

// readFiles strips metadata from uploaded files; a file that cannot be cleaned is refused by name. The public may send photos only.
func readFiles(f *web.Form, headers []*multipart.FileHeader, allowed []media.Type) (out []File) {
	if len(headers) > maxFiles {
		f.Bad("files", "report.files.too_many", "Max", maxFiles)
		return nil
	}
	for i, h := range headers {
		if h.Size == 0 {
			continue
		}
		r, err := h.Open()
		if err != nil {
			f.Bad("files", "report.files.unreadable", "Name", web.FileName(h.Filename))
			continue
		}
		clean, err := media.Clean(r, allowed)
		_ = r.Close()
		if err != nil {
			f.Bad("files", "report.files.refused", "Name", web.FileName(h.Filename))
			continue
		}
		sum := sha256.Sum256(clean.Data)
		out = append(out, File{Name: "file-" + strconv.Itoa(i+1) + clean.Type.Extension(), MIME: string(clean.Type), SHA256: hex.EncodeToString(sum[:]), Content: clean.Data})
	}
	return out
}

// suggest answers the typeahead of the report form.
func (s *Service) suggest(c *web.Ctx) error {
	var out []ui.Suggestion
	for _, m := range s.Shelf.Book().Search(typed(c), 8) {
		o := ui.Suggestion{Value: m.Substance.ID, Label: m.Substance.Label.In(c.Lang()), Note: m.Name}
		if locale.Fold(o.Note) == locale.Fold(o.Label) { // the same word twice says nothing
			o.Note = ""
		}
		out = append(out, o)
	}
	return c.Fragment(ui.Suggestions(out))
}

// typed is what stands in the typeahead field; the design system sends it under the field's own text name.
func typed(c *web.Ctx) string {
	if q := c.Query("q"); q != "" {
		return q
	}
	return c.Query("substance_text")
}
