package registry

import (
	"context"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// showSearch answers the command palette with hits, and everyone else with a page of them.
func (s *Service) showSearch(c *web.Ctx) error {
	q := c.Query("q")
	var hits []ui.Hit
	if q != "" {
		hits = s.hits(c.Context(), q)
		for _, find := range s.Finders {
			more, err := find(c.Context(), c.Actor, q)
			if err != nil {
				return err
			}
			hits = append(hits, more...)
		}
	}
	if c.IsHTMX() {
		return c.Fragment(ui.Hits(hits))
	}
	return c.Render(web.Page{Title: c.T("registry.search.title"), Room: "/search", Kind: ui.Narrow, Body: searchPage(q, hits)})
}

// hits finds substances, then regions and countries, then sources.
func (s *Service) hits(ctx context.Context, q string) []ui.Hit {
	b, l := s.Shelf.Book(), locale.Lang(ctx)
	var hits []ui.Hit
	for _, m := range b.Search(q, 8) {
		h := ui.Hit{Href: "/substances/" + m.Substance.ID, Label: m.Substance.Label.In(l), Kind: locale.T(ctx, "registry.substance")}
		if m.Name != h.Label {
			h.Hint = m.Name
		}
		hits = append(hits, h)
	}
	want := compact(q)
	for _, r := range b.regions {
		if len(hits) < 14 && placeFits(want, r.Code, r.FormerCode, r.Name.KK, r.Name.RU, r.Name.EN) {
			hits = append(hits, ui.Hit{Href: "/regions/" + r.Code, Label: r.Name.In(l), Kind: locale.T(ctx, "registry.region"), Hint: r.Code})
		}
	}
	for _, x := range b.sources {
		if strings.Contains(compact(x.Name.KK+x.Name.RU+x.Name.EN+x.Code), want) && want != "" {
			hits = append(hits, ui.Hit{Href: "/sources", Label: x.Name.In(l), Kind: locale.T(ctx, "registry.source"), Hint: x.Code})
		}
	}
	return hits
}

func placeFits(want string, names ...string) bool {
	for _, n := range names {
		if want != "" && n != "" && strings.HasPrefix(compact(n), want) {
			return true
		}
	}
	return false
}

func (s *Service) showSources(c *web.Ctx) error {
	ctx := c.Context()
	b := s.Shelf.Book()
	t := ui.Table{Caption: c.T("registry.sources"), Empty: ui.Empty{Title: c.T("registry.sources.none")}, Columns: []ui.Column{
		{Label: c.T("registry.source"), Main: true}, {Label: c.T("registry.country")}, {Label: c.T("registry.side")}, {Label: c.T("registry.purpose")}, {Label: c.T("registry.licence"), Minor: true}}}
	for _, x := range b.Sources() {
		place := b.PlaceName(x.Country, c.Lang())
		t.Rows = append(t.Rows, ui.Row{ID: x.ID, Cells: []templ.Component{sourceName(x), ui.Text(place), ui.Text(locale.Code(ctx, "domain", string(x.Domain))),
			ui.Text(x.Purpose.In(c.Lang())), ui.Text(Told(ctx, x.Licence))}})
	}
	return c.Render(web.Page{Title: c.T("registry.sources"), Room: regionsRoom, Body: sourcesPage(t)})
}

// outsideTag marks what belongs to a published source of another country.
func outsideTag(ctx context.Context, outside bool) []templ.Component {
	if !outside {
		return nil
	}
	return []templ.Component{ui.Tag(locale.T(ctx, "registry.outside"))}
}

func currentView(on bool) templ.Attributes {
	if !on {
		return nil
	}
	return templ.Attributes{"aria-current": "page"}
}
