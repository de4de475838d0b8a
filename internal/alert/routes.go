package alert

import (
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/web"
)

// Routes registers the pages of communications, those without sign-in, the feed and the CAP documents.
func Routes(rt *web.Router, s *Service) {
	rt.Handle("GET /alerts", access.AlertRead, s.alertList().Handler(s.W))
	rt.Handle("GET /alerts/new", access.AlertDraft, s.newDraft)
	rt.Handle("POST /alerts/new", access.AlertDraft, s.save)
	rt.Handle("GET /alerts/recipients", access.AlertIssue, func(c *web.Ctx) error { return s.recipientsPage(c, Subscription{}, nil) })
	rt.Handle("POST /alerts/recipients", access.AlertIssue, s.addRecipient)
	rt.Handle("POST /alerts/recipients/{id}/end", access.AlertIssue, s.endRecipient)
	rt.Handle("GET /alerts/{id}", access.AlertRead, func(c *web.Ctx) error { return s.alertPage(c, c.Path("id"), nil) })
	rt.Handle("GET /alerts/{id}/edit", access.AlertDraft, s.editDraft)
	rt.Handle("POST /alerts/{id}/edit", access.AlertDraft, s.save)
	rt.Handle("POST /alerts/{id}/photos", access.AlertDraft, s.addPhoto)
	rt.Handle("POST /photos/{id}", access.AlertDraft, s.editPhoto)
	rt.Handle("GET /photos/{id}", access.PublicRead, s.servePhoto)
	rt.Handle("POST /alerts/{id}/{step}", access.AlertRead, s.doStep)

	rt.Handle("GET /warnings", access.CommsReceive, s.warningList().Handler(s.W))
	rt.Handle("GET /warnings/mail", access.SelfEdit, func(c *web.Ctx) error { return s.mailPage(c, nil, nil) })
	rt.Handle("POST /warnings/mail", access.SelfEdit, s.saveMail)
	rt.Handle("GET /warnings/{ref}", access.CommsReceive, s.warningPage)

	rt.Handle("GET /public", access.PublicRead, s.publicList)
	rt.Handle("GET /public/{ref}", access.PublicRead, s.publicPage)
	rt.Handle("GET /feed.atom", access.PublicRead, s.serveFeed)
	rt.Handle("GET /feed.json", access.PublicRead, s.serveJSONFeed)
	rt.Handle("GET /cap/{file}", access.PublicRead, s.serveCAP)
	rt.Handle("GET /letters/{token}", access.PublicRead, s.letterPage)
	rt.Handle("POST /letters/{token}/{step}", access.PublicRead, s.doLetter)
	rt.Handle("GET /subscribe/{token}", access.PublicRead, s.verifyPage)
	rt.Handle("POST /subscribe/{token}", access.PublicRead, s.doVerify)

	rt.Handle("GET /foreign", access.ForeignEnter, s.foreignList().Handler(s.W))
	rt.Handle("GET /foreign/new", access.ForeignEnter, func(c *web.Ctx) error { return s.foreignForm(c, nil, nil) })
	rt.Handle("POST /foreign/new", access.ForeignEnter, s.enterForeign)
	rt.Handle("POST /foreign/read", access.ForeignEnter, s.readForeign)
	rt.Handle("GET /foreign/{id}", access.ForeignEnter, s.foreignPage)
	rt.Handle("POST /foreign/{id}/{step}", access.ForeignEnter, s.doForeign)
}

// status is the HTTP status of a page that is shown again with what was wrong.
func status(err error) int {
	if err == nil {
		return 0
	}
	return web.Status(baqylau.CodeOf(err))
}
