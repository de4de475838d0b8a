package intake

import (
	"context"
	"net/url"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/google/uuid"
)

// tableFiles is what the file fields offer to choose.
const tableFiles = ".csv,.tsv,.txt,.xlsx,.json,.xml,.gz"

// atOnce is the size up to which an uploaded file is validated while its sender waits; a larger one is a job.
const atOnce = 4 << 20

type uploadView struct {
	lines                  []ui.FieldError
	mapping, title, source string // the mapping one came with and its name, "" for none yet; the chosen source
	sources                []ui.Option
}

func (s *Service) showUpload(c *web.Ctx, u *upload, failed error) error {
	sources, err := s.sourceOptions(c)
	if err != nil {
		return err
	}
	v := uploadView{lines: ui.FieldErrors(c.Context(), failed), mapping: c.Query("mapping"), sources: sources}
	if u != nil {
		v.mapping, v.source = u.get("mapping"), u.get("source")
	}
	if v.mapping != "" {
		m, err := s.mappingByKey(c, v.mapping)
		if err != nil {
			return err
		}
		v.title = m.title(c)
	}
	page := web.Page{Title: c.T("import.new"), Room: "/imports", Kind: ui.Narrow, Body: uploadPage(v)}
	if failed != nil {
		page.Status = web.Status(baqylau.CodeOf(failed))
	}
	return c.Render(page)
}

// sourceField asks whose data a file holds.
func sourceField(ctx context.Context, value string, lines []ui.FieldError) ui.Field {
	return ui.Field{Name: "source", Label: locale.T(ctx, "import.field.source"), Help: locale.T(ctx, "import.field.source.help"), Value: value, Mistake: ui.MistakeOf(lines, "source"), Optional: true}
}

// sourceOptions offers those who import for others the organisations, whether they have sent anything yet or not, and then the other sources of the registry; nil for
// everybody else.
func (s *Service) sourceOptions(c *web.Ctx) ([]ui.Option, error) {
	if access.ScopeOf(c.Actor, access.ImportRun) < access.Everything {
		return nil, nil
	}
	out := []ui.Option{{Value: "", Label: c.T("import.field.source.by_mapping")}}
	var orgs []struct{ Code, Name string }
	if err := s.W.DB.Read.NewRaw("SELECT code, name FROM organisation WHERE active AND country = ? ORDER BY code", s.Home).Scan(c.Context(), &orgs); err != nil {
		return nil, err
	}
	for _, o := range orgs {
		out = append(out, ui.Option{Value: orgSource + o.Code, Label: baqylau.ParseText(o.Name).In(c.Lang())})
	}
	ui.ByName(c.Context(), out[1:])
	own := len(out)
	for _, src := range s.Shelf.Book().Sources() {
		if strings.HasPrefix(src.Code, orgSource) {
			continue
		}
		out = append(out, ui.Option{Value: src.Code, Label: src.Name.In(c.Lang())})
	}
	ui.ByName(c.Context(), out[own:])
	return out, nil
}

// doUpload receives a file. Without a mapping the page that finds one follows; with one the file is validated. What is wrong with the form or the
// whole file brings the form back.
func (s *Service) doUpload(c *web.Ctx) error {
	id := uuid.NewString()
	u, err := s.readUpload(c, draftName(c.Actor, id))
	if err == nil && u.get("mapping") == "" {
		if _, err = s.sample(u.path, u.name, ""); err == nil {
			return c.Redirect("/uploads/" + id + "?file=" + url.QueryEscape(u.name))
		}
		u.remove()
	} else if err == nil {
		var m savedMapping
		if m, err = s.mappingByKey(c, u.get("mapping")); err == nil {
			return s.importUpload(c, u, m.id, m.yaml, u.get("source"), func(err error) error { return s.showUpload(c, u, err) })
		}
		u.remove()
	}
	if code := baqylau.CodeOf(err); code == baqylau.Invalid || code == baqylau.TooMany {
		return s.showUpload(c, u, err)
	}
	return err
}

// importUpload makes a received file a batch and leads to its page; back shows the form again with what is wrong.
func (s *Service) importUpload(c *web.Ctx, u *upload, mappingID, yaml, source string, back func(error) error) error {
	up := Upload{Name: u.name, JoinName: u.joinName, Mapping: []byte(yaml), MappingID: mappingID, SourceCode: s.sourceFor(c, yaml, source)}
	b, known, err := s.begin(c.Context(), c.Actor, up, u.kept, u.size > atOnce)
	if err == nil && !known && u.size <= atOnce {
		b, err = s.validate(c.Context(), b)
	}
	switch {
	case baqylau.CodeOf(err) == baqylau.Invalid || baqylau.CodeOf(err) == baqylau.NotFound:
		return back(err)
	case err != nil:
		return err
	case known:
		return c.Redirect("/imports/" + b.ID + "?same=1")
	}
	return c.Redirect("/imports/" + b.ID)
}

// sourceFor is the source a file belongs to: the chosen one, for the centre's people else that of the mapping, "" for one's own organisation.
func (s *Service) sourceFor(c *web.Ctx, yaml, chosen string) string {
	if access.ScopeOf(c.Actor, access.ImportRun) < access.Everything {
		return ""
	}
	if chosen != "" {
		return chosen
	}
	if m, err := mapping.Parse([]byte(yaml)); err == nil {
		if _, ok := s.Shelf.Book().Source(m.Source); ok {
			return m.Source
		}
	}
	return ""
}

func (s *Service) doTake(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	if err := s.Start(c.Context(), c.Actor, c.Path("id"), f.Bool("good_only")); err != nil {
		return err
	}
	return c.Redirect("/imports/" + c.Path("id"))
}

func (s *Service) doCancel(c *web.Ctx) error {
	if err := s.Cancel(c.Context(), c.Actor, c.Path("id")); err != nil {
		return err
	}
	return c.Done("/imports/"+c.Path("id"), "import.done.cancel", "")
}

func (s *Service) doUndo(c *web.Ctx) error {
	if err := s.Undo(c.Context(), c.Actor, c.Path("id")); err != nil {
		return err
	}
	return c.Done("/imports/"+c.Path("id"), "import.done.undo", "")
}
