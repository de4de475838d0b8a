package treatment

import (
	"errors"
	"net/url"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

type caseView struct {
	title, sub string
	c          Case
	facts      []groupFacts
	asked      []string
	history    []ui.Event
	mayChange  bool
	next       string // address of the form for the next case of the unit
	newer      string // address of what took the case's place
}

type groupFacts struct {
	title string
	facts []ui.Fact
}

// showCase shows a case with what the checks ask and what stood before. Who the person is stands nowhere, only whether the register can recognise them.
func (s *Service) showCase(c *web.Ctx) error {
	x, err := s.Get(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v := caseView{title: c.T("tdi.case", "Drug", x.primary(c.Lang())), sub: locale.DateP(c.Context(), x.Start, x.Precision), c: x}
	for _, g := range groups {
		gf := groupFacts{title: c.T("tdi.group." + g.name)}
		for _, field := range g.fields {
			said := x.answer(c.Context(), field)
			switch field {
			case tdi.FieldPerson:
				said = c.T("tdi.person.anonymous")
				if x.Pseudonym != "" {
					said = c.T("tdi.person.known")
				}
			case tdi.FieldRegion:
				said = s.regionName(c.Context(), x.Region)
			}
			if said == "" {
				said = c.T("tdi.unknown")
			}
			gf.facts = append(gf.facts, ui.Fact{Name: c.T(fieldLabel(field)), Value: ui.Text(said)})
		}
		v.facts = append(v.facts, gf)
	}
	for _, p := range x.Ask() {
		v.asked = append(v.asked, locale.Err(c.Context(), said(p)))
	}
	before, err := s.earlier(c.Context(), x)
	if err != nil {
		return err
	}
	for _, b := range append([]Case{x}, before...) {
		act := c.T("tdi.history.entered")
		if b.SupersedesID != "" {
			act = c.T("tdi.history.corrected")
		}
		v.history = append(v.history, ui.Event{ISO: b.Recorded.Format("2006-01-02T15:04Z"), When: locale.DateTime(c.Context(), b.Recorded), Act: act, Reason: b.primary(c.Lang()) + ", " + locale.DateP(c.Context(), b.Start, b.Precision)})
	}
	now, err := current(c.Context(), s.W.DB.Read, x.ID)
	if err != nil {
		return err
	}
	if now != x.ID {
		v.newer = room + "/" + now
	}
	v.mayChange = now == x.ID && x.Withdrawn.IsZero() && access.MayRow(c.Actor, access.EpisodeWrite, access.Row{OrgID: x.OrgID, OwnerID: x.AccountID, Domain: "health"})
	v.next = room + "/new?" + url.Values{tdi.FieldFacility: {x.Facility}, tdi.FieldRegion: {x.Region}, tdi.Centre.Key(): {x.Said(tdi.Centre.Key())}}.Encode()
	return c.Render(web.Page{Title: v.title, Room: room, Body: casePage(v)})
}

func asErrors(err error, to any) bool { return errors.As(err, to) }
