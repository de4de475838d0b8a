package api

import (
	"encoding/json"
	"sync"

	"github.com/a-h/templ"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// document serves the description of the API and, for people, the page of its operations.
func (s *server) document() {
	asJSON := sync.OnceValues(func() ([]byte, error) { return json.Marshal(s.api.OpenAPI()) })
	asYAML := sync.OnceValues(func() ([]byte, error) { return s.api.OpenAPI().YAML() })
	for _, d := range []struct {
		path, mime string
		make       func() ([]byte, error)
	}{{"/openapi.json", "application/openapi+json", asJSON}, {"/openapi.yaml", "application/openapi+yaml", asYAML}} {
		s.rt.Handle("GET "+Prefix+d.path, access.PublicRead, func(c *web.Ctx) error {
			b, err := d.make()
			if err != nil {
				return err
			}
			c.W.Header().Set("Content-Type", d.mime)
			_, err = c.W.Write(b)
			return err
		})
	}
	s.rt.Handle("GET /api/docs", access.PublicRead, s.page)
}

// page lists the operations in the language of the reader, with the other two beside them.
func (s *server) page(c *web.Ctx) error {
	t := ui.Table{Caption: c.T("api.operations"), Columns: []ui.Column{{Label: c.T("api.col.address"), Main: true}}}
	langs := append([]baqylau.Lang{c.Lang()}, others(c.Lang())...)
	for _, l := range langs {
		t.Columns = append(t.Columns, ui.Column{Label: c.T("api.lang." + string(l))})
	}
	t.Columns = append(t.Columns, ui.Column{Label: c.T("api.col.act"), NoWrap: true})
	for _, op := range s.table {
		cells := []templ.Component{ui.Code(op.method + " " + Prefix + op.path)}
		for _, l := range langs {
			cells = append(cells, ui.Text(locale.TIn(l, "api.op."+op.id)))
		}
		t.Rows = append(t.Rows, ui.Row{ID: op.id, Label: op.id, Cells: append(cells, ui.Code(string(op.act)))})
	}
	return c.Render(web.Page{Title: c.T("api.title"), Room: "/api/docs", Body: templ.Join(
		ui.PageHead(ui.Head{Title: c.T("api.title"), Sub: []string{"OpenAPI 3.1", Version}}),
		about(), ui.DataTable(t))})
}

func others(l baqylau.Lang) (list []baqylau.Lang) {
	for _, x := range baqylau.Langs {
		if x != l {
			list = append(list, x)
		}
	}
	return list
}
