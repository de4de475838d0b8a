package treatment

import (
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/web"
)

// Navigation entry of the room's pages.
const room = "/treatment"

// Routes registers the pages of the room.
func Routes(rt *web.Router, s *Service) {
	cases := s.caseList()
	rt.Handle("GET /treatment", access.EpisodeRead, health(cases.Handler(s.W)))
	rt.Handle("GET /treatment/new", access.EpisodeWrite, health(func(c *web.Ctx) error { return s.showForm(c, Case{}, nil, nil) }))
	rt.Handle("POST /treatment/new", access.EpisodeWrite, health(s.postNew))
	rt.Handle("GET /treatment/{id}", access.EpisodeRead, health(s.showCase))
	rt.Handle("GET /treatment/{id}/correct", access.EpisodeWrite, health(s.showCorrect))
	rt.Handle("POST /treatment/{id}/correct", access.EpisodeWrite, health(s.postCorrect))
	rt.Handle("POST /treatment/{id}/withdraw", access.EpisodeWrite, health(s.postWithdraw))
	rt.Handle("GET /treatment/tables", access.IndicatorRead, s.showTables)
	rt.Handle("GET /treatment/coverage", access.IndicatorRead, func(c *web.Ctx) error { return s.showCoverage(c, nil, nil) })
	rt.Handle("POST /treatment/coverage", access.CatalogueEdit, s.postCoverage)
	rt.Handle("POST /treatment/rule", access.CatalogueEdit, s.postRule)
}

// health keeps the rooms of cases shut to the other side of the wall: not even that they are there is told.
func health(h web.Handler) web.Handler {
	return func(c *web.Ctx) error {
		if c.Actor.Domain == baqylau.EnforcementDomain {
			return baqylau.E(baqylau.NotFound, "error.not_found")
		}
		return h(c)
	}
}
