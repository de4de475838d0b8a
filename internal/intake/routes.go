package intake

import (
	"net/http"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/go-chi/httprate"
)

// tipsPerHour bounds the tips of one address without an account; an office behind one address still gets through.
const tipsPerHour = 20

// Routes registers the pages of reports.
func Routes(rt *web.Router, s *Service) {
	rt.Handle("GET /reports", access.ReportRead, s.reportList().Handler(s.W))
	rt.Handle("GET /reports/new", access.ReportCreate, s.chooseKind)
	rt.Handle("GET /reports/new/{kind}", access.ReportCreate, func(c *web.Ctx) error {
		k, err := kindOf(c)
		if err != nil {
			return err
		}
		return s.showForm(c, k, nil, nil)
	})
	rt.Handle("POST /reports/new/{kind}", access.ReportCreate, func(c *web.Ctx) error {
		k, err := kindOf(c)
		if err != nil {
			return err
		}
		return s.send(c, k)
	})
	rt.Handle("GET /reports/substances", access.ReportCreate, s.suggest)
	rt.Handle("GET /reports/{id}", access.ReportRead, s.showReport)
	rt.Handle("POST /identities/{id}", access.IdentityRead, s.showIdentity)
	rt.Handle("POST /reports/{id}/{step}", access.ReportRead, s.doStep)
	rt.Handle("POST /corrections/{id}", access.ReportRead, s.doCorrect)
	rt.Handle("POST /questions/{id}/reopen", access.ReportHandle, s.doReask)
	rt.Handle("POST /questions/{id}", access.ReportHandle, s.doSettle)
	rt.Handle("GET /reports/{id}/files/{file}", access.ReportRead, s.sendFile)
	rt.Handle("GET /tip", access.TipCreate, func(c *web.Ctx) error { return s.showForm(c, Tip, nil, nil) })
	tips := httprate.NewRateLimiter(tipsPerHour, time.Hour)
	rt.Handle("POST /tip", access.TipCreate, func(c *web.Ctx) error {
		if !c.Actor.SignedIn() && tips.OnLimit(c.W, c.R, web.Visitor(c.R)) {
			return baqylau.E(baqylau.TooMany, "error.too_many")
		}
		return s.send(c, Tip)
	})
	rt.Handle("GET /r", access.PublicRead, s.findReceipt)
	rt.Handle("GET /r/{receipt}", access.PublicRead, s.showReceipt)
}

func kindOf(c *web.Ctx) (Kind, error) {
	for _, k := range Kinds {
		if string(k) == c.Path("kind") {
			return k, nil
		}
	}
	return "", baqylau.E(baqylau.NotFound, "error.not_found")
}

// noneOfThese is the answer that no candidate of a question fits.
const noneOfThese = "none"

// unanswered is no answer at all, so that none stands chosen.
const unanswered = "unanswered"

// doStep performs an act on a report; a missing reason comes back at the report.
func (s *Service) doStep(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	text := f.Text("text", false, 2000)
	if f.Err() != nil {
		return f.Err()
	}
	id := c.Path("id")
	if err := s.Step(c.Context(), c.Actor, id, c.Path("step"), text); err != nil {
		if baqylau.CodeOf(err) == baqylau.Invalid {
			return s.reportPage(c, id, err)
		}
		return err
	}
	return c.Done("/reports/"+id, "report.done."+c.Path("step"), "")
}

// showIdentity shows the pseudonym of a report to its own organisation; the journal keeps that it was read.
func (s *Service) showIdentity(c *web.Ctx) error {
	id, err := s.ReadIdentity(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	return c.Render(web.Page{Title: c.T("report.identity"), Room: "/reports", Kind: ui.Narrow, Body: identityPage(c.Path("id"), id)})
}

func (s *Service) doSettle(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	key := f.Get("answer")
	switch key {
	case "": // nothing was chosen; that is no answer
		return s.reportPage(c, f.Get("report"), baqylau.E(baqylau.Invalid, "error.choose").On("answer"))
	case noneOfThese:
		key = ""
	}
	if err := s.Settle(c.Context(), c.Actor, c.Path("id"), key); err != nil {
		return err
	}
	return c.Done("/reports/"+f.Get("report"), "report.done.settle", "")
}

func (s *Service) sendFile(c *web.Ctx) error {
	a, content, err := s.File(c.Context(), s.W.DB.Read, c.Actor, c.Path("id"), c.Path("file"))
	if err != nil {
		return err
	}
	c.Download(a.MIME, a.Name)
	c.W.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	c.W.WriteHeader(http.StatusOK)
	_, err = c.W.Write(content)
	return err
}
