package indicator

import (
	"context"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// showList lists figures of an import, or of the reader's own organisation, newest first.
func (s *Service) showList(c *web.Ctx) error {
	ctx := c.Context()
	q := Question{BatchID: c.Query("batch"), AsOf: change.Today(c.Now()), Most: mostRows, Newest: true}
	if access.ScopeOf(c.Actor, access.IndicatorWrite) != access.Everything {
		q.OrgID = c.Actor.OrgID
	}
	found, err := Find(ctx, s.W.DB.Read, q)
	if err != nil {
		return err
	}
	return c.Render(web.Page{Title: c.T("indicator.imported"), Room: room, Body: listView{s: s, found: found}.page()})
}

type listView struct {
	s     *Service
	found []Observation
}

func (v listView) table(ctx context.Context) ui.Table {
	book := v.s.Shelf.Book()
	l := locale.Lang(ctx)
	t := ui.Table{Caption: locale.T(ctx, "indicator.imported"), Empty: ui.Empty{Title: locale.T(ctx, "indicator.none"), Text: locale.T(ctx, "indicator.imported.none")},
		Columns: []ui.Column{{Label: locale.T(ctx, "indicator.indicator"), Main: true}, {Label: dimName(ctx, dimPlace)}, {Label: locale.T(ctx, "indicator.period"), NoWrap: true}, {Label: locale.T(ctx, "indicator.value"), Number: true},
			{Label: locale.T(ctx, "indicator.remarks"), Minor: true}}}
	for i := range v.found {
		o := &v.found[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Link(o.href(), define.Current().Name(l, o.Indicator), strings.Join(o.aboutWords(ctx, book), ", ")), ui.Text(book.PlaceName(o.Place, l)),
			ui.Text(o.periodWords(ctx)), ui.Text(o.valueWords(ctx, false) + "\u00a0" + define.Current().Unit(l, o.Unit)), ui.Text(strings.Join(o.marks(ctx), ", "))}})
	}
	return t
}
