package registry

import (
	"context"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// lawTable lists what laws say of the substance, the home country first.
func (v substanceView) lawTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: locale.T(ctx, "registry.law"), Columns: []ui.Column{
		{Label: locale.T(ctx, "registry.jurisdiction"), Main: true}, {Label: locale.T(ctx, "registry.period")},
		{Label: locale.T(ctx, "registry.instrument")}, {Label: locale.T(ctx, "registry.verified"), Bare: true},
	}}
	for _, x := range v.statuses {
		t.Rows = append(t.Rows, ui.Row{ID: x.ID, Cells: []templ.Component{ui.Lines(v.s.jurisdiction(ctx, x.Jurisdiction), locale.Code(ctx, "legal_basis", x.Basis)),
			v.inForce(x), v.instrument(x), checkedBadge(x)}})
	}
	return t
}

// streetTable lists the street names, each word once, with where, when and how surely.
func (v substanceView) streetTable(ctx context.Context) ui.Table {
	t := ui.Table{Caption: locale.T(ctx, "registry.street_names"), Columns: []ui.Column{
		{Label: locale.T(ctx, "registry.street_name"), Main: true}, {Label: locale.T(ctx, "registry.language")}, {Label: locale.T(ctx, "registry.region")},
		{Label: locale.T(ctx, "registry.seen"), NoWrap: true}, {Label: locale.T(ctx, "registry.confidence"), Bare: true, NoWrap: true},
	}}
	for _, n := range asWords(v.streets) {
		lang := ""
		if n.Lang != "" {
			lang = locale.Code(ctx, "lang", string(n.Lang))
		}
		t.Rows = append(t.Rows, ui.Row{ID: n.ID, Cells: []templ.Component{v.streetName(n), ui.Text(lang), ui.Text(v.place(ctx, n.Region)),
			ui.Text(locale.Date(ctx, n.Seen)), ui.Confidence(n.Confidence)}})
	}
	return t
}

func nameLang(n Name) string { return string(n.Lang) }
