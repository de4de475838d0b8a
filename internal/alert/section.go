package alert

import (
	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// SubstanceSection is the part of a substance's page that lists what was said about it; nil for those who receive nothing.
func (s *Service) SubstanceSection(c *web.Ctx, substanceID string) (templ.Component, error) {
	if !access.May(c.Actor, access.CommsReceive) {
		return nil, nil
	}
	list, err := ForSubstance(c.Context(), s.W.DB.Read, c.Actor, substanceID)
	if err != nil {
		return nil, err
	}
	return section(s.table(c, list)), nil
}

// SignalSection is the part of a signal's page that lists the communications drafted from it.
func (s *Service) SignalSection(c *web.Ctx, signalID string) (templ.Component, error) {
	list, err := ForSignal(c.Context(), s.W.DB.Read, c.Actor, signalID)
	if err != nil {
		return nil, err
	}
	return section(s.table(c, list)), nil
}

func (s *Service) table(c *web.Ctx, list []Communication) ui.Table {
	ctx := c.Context()
	t := ui.Table{Caption: c.T("alert.list"), Empty: ui.Empty{Title: c.T("alert.section.none"), Text: c.T("alert.section.none.text")},
		Columns: []ui.Column{{Label: c.T("alert.col.severity"), Bare: true}, {Label: c.T("alert.block.title"), Main: true}, {Label: c.T("alert.col.state"), Bare: true}, {Label: c.T("alert.col.issued"), NoWrap: true}}}
	for _, m := range list {
		href := "/warnings/" + m.Ref
		if access.May(c.Actor, access.AlertRead) {
			href = "/alerts/" + m.ID
		}
		issued := templ.Component(ui.Text(""))
		if !m.IssuedAt.IsZero() {
			issued = ui.Moment(m.IssuedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, m.IssuedAt))
		}
		note := locale.Code(ctx, "communication", string(m.Type))
		if m.Ref != "" {
			note = m.Ref + " · " + note
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Severity(m.Severity), ui.Link(href, m.Content[Title].In(c.Lang()), note), stateOf(ctx, m), issued}})
	}
	return t
}
