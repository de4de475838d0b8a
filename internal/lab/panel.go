package lab

import (
	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

type panelView struct {
	analyses []analysisView
	hidden   bool   // something is under way whose results the reader may not see yet
	asked    bool   // a laboratory was asked and has not begun
	href     string // the laboratory's own page, for its people
}

// Panel is the laboratory's part of a report's page: every analysis with its state; results once released, and before that to the
// laboratory alone. Whoever may read the report may see it; nil where no laboratory is concerned.
func (s *Service) Panel(c *web.Ctx, r intake.Report) (templ.Component, error) {
	ctx := c.Context()
	list, err := AnalysesOf(ctx, s.W.DB.Read, r.ID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 && r.LabOrgID == "" {
		return nil, nil
	}
	v := panelView{asked: len(list) == 0}
	for _, a := range list {
		own := a.OrgID == c.Actor.OrgID && access.MayRow(c.Actor, access.LabWrite, access.Row{OrgID: a.OrgID, Domain: r.Domain})
		if own {
			v.href = "/lab/" + r.ID
		}
		av := analysisView{a: a, title: c.T("lab.sample", "Number", a.SampleRef), state: stateBadge(ctx, a.State)}
		switch {
		case own || a.State == Released || a.State == Amended:
			av.people, av.results = people(ctx, a, own), s.resultTable(ctx, a, false)
		case a.AmendsID != "":
			continue // a correction is the laboratory's own matter until it is released
		default:
			v.hidden = true
			av.results = ui.Table{Empty: ui.Empty{Title: c.T("lab.results.hidden")}}
		}
		v.analyses = append(v.analyses, av)
	}
	return panel(v), nil
}
