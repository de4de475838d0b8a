package estimate

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// list is the list of all estimates in force. Nothing sorts or searches by a figure, which would tell of what is not shown.
func (s *Service) list() *list.Spec[*Estimate] {
	lang := func(ctx context.Context, code string) string { return s.Shelf.Book().PlaceName(code, locale.Lang(ctx)) }
	return &list.Spec[*Estimate]{
		Name: "estimates", Path: room, Room: room, Title: "estimate.title", Select: selected, From: "estimate e", ID: "e.id", Default: "-year", Export: true,
		Where: func(*web.Ctx) (string, []any) { return inForce, nil },
		Scan:  func(row list.Row) (*Estimate, error) { e, err := scan(row); return &e, err },
		Fill: func(c *web.Ctx, _ bun.IDB, rows []*Estimate) error {
			for _, e := range rows {
				*e = e.For(disclosure.AudienceOf(c.Actor))
			}
			return nil
		},
		RowID:  func(e *Estimate) string { return e.ID },
		Search: list.Search{Label: "estimate.search", Find: list.Folded("SELECT e.id, e.title || ' ' || e.area FROM estimate e", "e.id")},
		Filters: []list.Filter{
			{Name: "target", Label: "estimate.target", SQL: "e.target = ?", Options: targetOptions},
			{Name: "method", Label: "estimate.method", SQL: "e.method = ?", Options: methodOptions},
			{Name: "place", Label: "estimate.place", SQL: "e.place = ?", Options: s.placeOptions},
		},
		Act: func(c *web.Ctx) templ.Component { return listActs(access.May(c.Actor, access.EstimateRun)) },
		Above: func(c *web.Ctx) (templ.Component, error) {
			return exampleLinks(c.T("estimate.examples"), exampleItems(c)), nil
		},
		Empty: func(c *web.Ctx) ui.Empty {
			return ui.Empty{Title: c.T("estimate.none"), Text: c.T("estimate.none.text")}
		},
		Columns: []list.Column[*Estimate]{
			{Key: "title", Label: "estimate.what", Sort: "e.title", Main: true, Cell: func(ctx context.Context, e *Estimate) templ.Component {
				return ui.Link(room+"/"+e.ID, e.Title, targetName(ctx, e.Target))
			}, Text: func(_ context.Context, e *Estimate) string { return e.Title }},
			{Key: "target", Label: "estimate.target", Text: func(ctx context.Context, e *Estimate) string { return targetName(ctx, e.Target) }},
			{Key: "place", Label: "estimate.place", Spelled: func(ctx context.Context, e *Estimate) string { return lang(ctx, e.Place) },
				Cell: func(ctx context.Context, e *Estimate) templ.Component { return ui.Lines(lang(ctx, e.Place), e.Area) }, Text: func(ctx context.Context, e *Estimate) string { return lang(ctx, e.Place) }},
			{Key: "year", Label: "estimate.year", Sort: "e.start_on", NoWrap: true, Cell: func(_ context.Context, e *Estimate) templ.Component { return ui.Text(years(*e)) }, Text: func(_ context.Context, e *Estimate) string { return years(*e) }},
			{Key: "method", Label: "estimate.method", Minor: true, Cell: func(ctx context.Context, e *Estimate) templ.Component { return ui.Text(methodName(ctx, e.Method)) },
				Text: func(ctx context.Context, e *Estimate) string { return methodName(ctx, e.Method) }},
			{Key: "central", Label: "estimate.central", Number: true, Cell: func(ctx context.Context, e *Estimate) templ.Component {
				return ui.Lines(e.central(ctx), unitName(ctx, e.Unit))
			}, Text: func(ctx context.Context, e *Estimate) string { return e.central(ctx) }},
			{Key: "limits", Label: "estimate.limits", NoWrap: true, Cell: func(ctx context.Context, e *Estimate) templ.Component { return ui.Text(e.limits(ctx)) },
				Text: func(ctx context.Context, e *Estimate) string { return e.limits(ctx) }},
			{Key: "unit", Label: "estimate.unit", Text: func(ctx context.Context, e *Estimate) string { return unitName(ctx, e.Unit) }},
			{Key: "marks", Label: "estimate.marks", Bare: true, Cell: func(ctx context.Context, e *Estimate) templ.Component { return marks(e.marks(ctx)) },
				Text: func(ctx context.Context, e *Estimate) string {
					if e.Synthetic {
						return locale.T(ctx, "estimate.synthetic")
					}
					return ""
				}},
			{Key: "citation", Label: "estimate.citation", Text: func(_ context.Context, e *Estimate) string { return e.Citation }},
		},
	}
}

// marks are the words that a reader must not miss.
func (e *Estimate) marks(ctx context.Context) (out []string) {
	if e.Synthetic {
		out = append(out, locale.T(ctx, "estimate.synthetic"))
	}
	if !e.Withdrawn.IsZero() {
		out = append(out, locale.T(ctx, "estimate.withdrawn"))
	}
	if e.Later != "" {
		out = append(out, locale.T(ctx, "estimate.superseded"))
	}
	return out
}

func targetOptions(c *web.Ctx) (out []ui.Option) {
	for _, code := range define.Current().Codes(targets) {
		out = append(out, ui.Option{Value: code, Label: targetName(c.Context(), code)})
	}
	return out
}

func methodOptions(c *web.Ctx) (out []ui.Option) {
	for _, m := range compute.Methods() {
		out = append(out, ui.Option{Value: m.Code, Label: methodName(c.Context(), m.Code)})
	}
	return out
}

// placeOptions are the centre's own country and its regions, then other countries.
func (s *Service) placeOptions(c *web.Ctx) []ui.Option {
	book, lang := s.Shelf.Book(), c.Lang()
	var regions, countries []ui.Option
	for _, r := range book.Regions(s.Home) {
		regions = append(regions, ui.Option{Value: r.Code, Label: r.Name.In(lang)})
	}
	for _, k := range book.Countries() {
		if k.Code != s.Home {
			countries = append(countries, ui.Option{Value: k.Code, Label: book.PlaceName(k.Code, lang)})
		}
	}
	out := []ui.Option{{Value: s.Home, Label: book.PlaceName(s.Home, lang)}}
	return append(append(out, ui.ByName(c.Context(), regions)...), ui.ByName(c.Context(), countries)...)
}

func exampleItems(c *web.Ctx) (out []ui.NavItem) {
	for _, x := range examples() {
		out = append(out, ui.NavItem{Label: c.T("estimate.example."+x.Code) + ", " + strconv.Itoa(x.Year), Href: room + "/examples/" + x.Code})
	}
	return out
}
