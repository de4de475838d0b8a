package intake

import (
	"cmp"
	"errors"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/google/uuid"
)

func (s *Service) showMappings(c *web.Ctx) error {
	list, err := s.mappings(c)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: c.T("mapping.list"), Empty: ui.Empty{Title: c.T("mapping.none"), Text: c.T("mapping.none.text"), Act: ui.Submit(ui.Button{Label: c.T("mapping.new"), Href: "/mappings/new"})},
		Columns: []ui.Column{{Label: c.T("mapping.name"), Main: true}, {Label: c.T("mapping.version"), Number: true}, {Label: c.T("mapping.changed"), NoWrap: true}, {Label: c.T("mapping.use"), Bare: true}}}
	for _, m := range list {
		version, when := ui.Text(""), ui.Text(c.T("mapping.shipped"))
		if m.id != "" {
			at := store.Time(m.at)
			version, when = ui.Text(strconv.Itoa(m.version)), ui.Moment(at.Format("2006-01-02T15:04Z"), locale.DateTime(c.Context(), at))
		}
		t.Rows = append(t.Rows, ui.Row{Label: m.name, Cells: []templ.Component{ui.Link("/mappings/"+m.key(), m.name, ""), version, when, ui.Link("/imports/new?mapping="+url.QueryEscape(m.key()), c.T("mapping.import_with"), "")}})
	}
	return c.Render(web.Page{Title: c.T("mapping.list"), Room: "/imports", Body: mappingsPage(t)})
}

func (s *Service) showDrop(c *web.Ctx, failed error) error {
	page := web.Page{Title: c.T("mapping.new"), Room: "/imports", Kind: ui.Narrow, Body: dropPage(ui.FieldErrors(c.Context(), failed))}
	if failed != nil {
		page.Status = web.Status(baqylau.CodeOf(failed))
	}
	return c.Render(page)
}

// plainKeys are titles that, standing alone, name the source's own reference; longer ones are told by package mapping.
var plainKeys = []string{locale.Fold("номер"), locale.Fold("№"), "no", "no.", "id", "number", locale.Fold("нөмір"), locale.Fold("нөмірі")}

// draftName is where the file of a mapping in the making is kept: under its maker's name, so that nobody else's page opens it.
func draftName(a access.Actor, id string) string { return "draft-" + a.ID + "-" + id }

func (s *Service) doDrop(c *web.Ctx) error {
	id := uuid.NewString()
	u, err := s.readUpload(c, draftName(c.Actor, id))
	if err == nil {
		_, err = s.sample(u.path, u.name, "")
		if err != nil {
			u.remove()
		}
	}
	if code := baqylau.CodeOf(err); code == baqylau.Invalid || code == baqylau.TooMany {
		return s.showDrop(c, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/mappings/new/" + id + "?file=" + url.QueryEscape(u.name))
}

func (s *Service) sample(path, name, sheet string) (_ *mapping.Sample, err error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, baqylau.E(baqylau.NotFound, "mapping.draft_gone")
	}
	if err != nil {
		return nil, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	defer f.Close()
	return mapping.Preview(f, name, sheet, sampleRows)
}

// draft finds the kept file of the address.
func (s *Service) draft(c *web.Ctx) (*upload, error) {
	id, err := uuid.Parse(c.Path("draft"))
	if err != nil {
		return nil, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	u := &upload{kept: s.newKept(draftName(c.Actor, id.String())), name: cmp.Or(web.FileName(c.Query("file")), "№ 1")}
	return u, nil
}

func (s *Service) showDraft(c *web.Ctx) error {
	u, err := s.draft(c)
	if err != nil {
		return err
	}
	sm, err := s.sample(u.path, u.name, c.Query("sheet"))
	if err != nil {
		return err
	}
	m := mapping.Suggest(sm.Header, sm.Rows)
	m.File.Encoding, m.File.Delimiter = sm.Encoding, sm.Delimiter
	if sm.Format == "xlsx" {
		m.File.Encoding, m.File.Delimiter, m.File.Sheet = "", "", sm.Sheet
	}
	v := toForm(m, sm.Header)
	v.Set("known", "import_day")
	if _, ok := m.Fields["key"]; !ok {
		for i, title := range sm.Header {
			if at := "to-" + strconv.Itoa(i); slices.Contains(plainKeys, locale.Fold(title)) && v.Get(at) == "" {
				v.Set(at, "key")
				break
			}
		}
	}
	return s.draftPage(c, u, sm, v, "columns", nil)
}

// doDraft answers the buttons of the page: show the preview, or save the mapping and go on to the import.
func (s *Service) doDraft(c *web.Ctx) error {
	f, err := c.ReadForm(maxText)
	if err != nil {
		return err
	}
	u, err := s.draft(c)
	if err != nil {
		return err
	}
	sm, err := s.sample(u.path, u.name, f.Get("sheet"))
	if err != nil {
		return err
	}
	mode := "columns"
	if f.Get("mode") == "yaml" {
		mode = "yaml"
	}
	if f.Get("act") != "save" || c.IsHTMX() { // a request of the live preview carries the button that was pressed last
		return s.draftPage(c, u, sm, f.Values, mode, nil)
	}
	yaml, err := s.draftYAML(c, f.Values, mode, sm.Header)
	if err != nil {
		return s.draftPage(c, u, sm, f.Values, mode, err)
	}
	id, err := s.SaveMapping(c.Context(), c.Actor, yaml)
	if err != nil {
		return s.draftPage(c, u, sm, f.Values, mode, err)
	}
	in, err := s.copyDraft(u) // the draft stays for another try
	if err != nil {
		return err
	}
	return s.importUpload(c, in, id, string(yaml), f.Get("source"), func(err error) error { return s.draftPage(c, u, sm, f.Values, mode, err) })
}

// draftYAML is the mapping as the form says it, checked.
func (s *Service) draftYAML(c *web.Ctx, v url.Values, mode string, head []string) ([]byte, error) {
	if mode == "yaml" {
		b := []byte(v.Get("yaml"))
		_, err := mapping.Parse(b)
		return b, err
	}
	m := fromForm(v, head, v.Get("source"))
	if err := m.Check(); err != nil {
		var es baqylau.Errors
		if t, ok := mapping.TargetNamed(m.Target); ok && errors.As(err, &es) {
			return m.YAML(), targetFaults(c, t, es)
		}
		return m.YAML(), formFaults(err)
	}
	return m.YAML(), nil
}

// formFaults says the faults of a mapping in the words of the form instead of those of a file.
func formFaults(err error) error {
	var es baqylau.Errors
	if !errors.As(err, &es) {
		return err
	}
	words := map[string]*baqylau.Error{"name": baqylau.E(baqylau.Invalid, "error.required").On("name"), "fields.kind": baqylau.E(baqylau.Invalid, "mapping.no_kind").On("kind"),
		"fields.occurred": baqylau.E(baqylau.Invalid, "mapping.no_date").On("columns"), "substances": baqylau.E(baqylau.Invalid, "mapping.no_substances").On("columns")}
	var out baqylau.Errors
	for _, e := range es {
		if w, ok := words[e.Field]; ok {
			out = append(out, w)
		} else {
			out = append(out, baqylau.E(baqylau.Invalid, "mapping.part", "Field", e.Field).On("columns"))
		}
	}
	return out
}

// showMapping shows a saved or shipped mapping as text; saving makes the next version of the organisation's own.
func (s *Service) showMapping(c *web.Ctx, yaml string, failed error) error {
	m, err := s.mappingByKey(c, c.Path("id"))
	if err != nil {
		return err
	}
	page := web.Page{Title: m.title(c), Room: "/imports", Body: mappingPage(m.title(c), m.key(), cmp.Or(yaml, m.yaml), ui.FieldErrors(c.Context(), failed))}
	if failed != nil {
		page.Status = web.Status(baqylau.CodeOf(failed))
	}
	return c.Render(page)
}

func (s *Service) doMapping(c *web.Ctx) error {
	f, err := c.ReadForm(maxText)
	if err != nil {
		return err
	}
	yaml := strings.ReplaceAll(url.Values(f.Values).Get("yaml"), "\r\n", "\n")
	id, err := s.SaveMapping(c.Context(), c.Actor, []byte(yaml))
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.showMapping(c, yaml, err)
	}
	if err != nil {
		return err
	}
	return c.Done("/mappings/"+id, "mapping.saved", "")
}
