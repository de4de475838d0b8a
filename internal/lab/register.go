package lab

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// OwnKinds are the reports that a laboratory makes itself for a sample that reached it directly.
var OwnKinds = []intake.Kind{intake.Seizure, intake.CollectedSample, intake.BiologicalSample}

// Register makes a report of the laboratory's own for a sample that came without one, and takes the sample in: one act, both or neither. Codes: Forbidden when
// the actor may not report or does not belong to a laboratory, Invalid with the field of each mistake.
func (s *Service) Register(ctx context.Context, actor access.Actor, sub intake.Submission) (reportID string, err error) {
	defer baqylau.Wrap(&err, "lab.Register(%s)", sub.Kind)
	if !slices.Contains(OwnKinds, sub.Kind) {
		return "", baqylau.E(baqylau.Invalid, "error.choice").On("kind")
	}
	ref := sub.Detail.SampleRef
	if ref == "" {
		return "", baqylau.E(baqylau.Invalid, "error.required").On("sample_ref")
	}
	sub.Channel, sub.LabOrgID = "form", actor.OrgID
	err = s.W.Do(ctx, actor, access.ReportCreate, func(ctx context.Context, tx *change.Tx) error {
		var laboratory int
		if err := tx.NewRaw("SELECT count(*) FROM organisation WHERE id = ? AND kind = 'laboratory' AND active", actor.OrgID).Scan(ctx, &laboratory); err != nil {
			return err
		}
		if laboratory == 0 {
			return baqylau.E(baqylau.Forbidden, "lab.error.not_a_laboratory")
		}
		rec, err := s.Intake.SubmitIn(ctx, tx, sub)
		if err != nil {
			return err
		}
		reportID = rec.ReportID
		id, err := receive(ctx, tx, reportID, ref)
		tx.Subject("report", reportID, actor.OrgID, map[string]any{"kind": string(sub.Kind), "channel": sub.Channel, "outcome": string(rec.Outcome), "lab_result": id})
		return err
	})
	if err != nil {
		return "", err
	}
	return reportID, nil
}

type newView struct {
	fields
	kinds, regions, matrix []ui.Option
}

func (s *Service) showNew(c *web.Ctx, f *web.Form, failed error) error {
	v := newView{fields: fields{c: c, form: f, lines: ui.FieldErrors(c.Context(), failed)}, matrix: coded(c, "matrix", true)}
	v.kinds, v.regions = []ui.Option{{Label: c.T("lab.choose")}}, []ui.Option{{Label: c.T("lab.choose")}}
	for _, k := range OwnKinds {
		v.kinds = append(v.kinds, ui.Option{Value: string(k), Label: locale.Code(c.Context(), "kind", string(k))})
	}
	for _, r := range s.Shelf.Book().Regions(s.Intake.Home) {
		v.regions = append(v.regions, ui.Option{Value: r.Code, Label: r.Name.In(c.Lang())})
	}
	ui.ByName(c.Context(), v.regions[1:])
	page := web.Page{Title: c.T("lab.new"), Room: "/lab", Kind: ui.Narrow, Body: newPage(v)}
	if failed != nil {
		page.Status = web.Status(baqylau.CodeOf(failed))
	}
	return c.Render(page)
}

func (s *Service) doNew(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	sub := intake.Submission{Incoming: intake.Incoming{Kind: intake.Kind(f.Get("kind")), Text: f.Text("text", true, 4000)}}
	sub.Detail.SampleRef, sub.Detail.Matrix = f.Text("sample_ref", true, 60), f.Choice("matrix", false, codelist.Codes("matrix")...)
	sub.Occurred, sub.Precision = f.Date("occurred_on", true, change.Today(c.Now()))
	if r, ok := s.Shelf.Book().Region(f.Get("region")); ok {
		sub.Region, sub.Country = r.Code, r.Country
	} else {
		f.Bad("region", "error.choose")
	}
	if f.Get("kind") == "" {
		f.Bad("kind", "error.choose")
	}
	if f.Err() != nil {
		return s.showNew(c, f, f.Err())
	}
	id, err := s.Register(c.Context(), c.Actor, sub)
	if baqylau.CodeOf(err) == baqylau.Invalid {
		return s.showNew(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Done("/lab/"+id, "lab.done.receive", "")
}

// openNumbers maps the laboratory's numbers of its open samples to their analyses.
func openNumbers(ctx context.Context, tx *change.Tx, org string) (map[string]string, error) {
	var rows []struct{ ID, SampleRef string }
	err := tx.NewRaw("SELECT id, sample_ref FROM lab_result WHERE org_id = ? AND state IN ('sample_received', 'in_analysis', 'returned')", org).Scan(ctx, &rows)
	m := map[string]string{}
	for _, r := range rows {
		m[numberKey(r.SampleRef)] = r.ID
	}
	return m, store.One(err)
}
