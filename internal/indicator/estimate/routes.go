package estimate

import (
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/web"
)

const room = "/estimates"

// Routes registers the pages of the room.
func Routes(rt *web.Router, s *Service) {
	rt.Handle("GET "+room, access.IndicatorRead, s.list().Handler(s.W))
	rt.Handle("GET "+room+"/compare", access.IndicatorRead, s.comparePage)
	rt.Handle("GET "+room+"/examples/{code}", access.IndicatorRead, s.examplePage)
	rt.Handle("GET "+room+"/new", access.EstimateRun, s.newPage)
	rt.Handle("POST "+room+"/new", access.EstimateRun, s.doRun)
	rt.Handle("GET "+room+"/{id}", access.IndicatorRead, s.page)
	rt.Handle("POST "+room+"/{id}/again", access.EstimateRun, func(c *web.Ctx) error {
		equal, err := s.Again(c.Context(), c.Actor, c.Path("id"))
		if err != nil {
			return err
		}
		done := "estimate.done.equal"
		if !equal {
			done = "estimate.done.differs"
		}
		return c.Done(room+"/"+c.Path("id"), done, "")
	})
	rt.Handle("POST "+room+"/{id}/withdraw", access.EstimateRun, func(c *web.Ctx) error {
		if err := s.Withdraw(c.Context(), c.Actor, c.Path("id")); err != nil {
			return err
		}
		return c.Done(room, "estimate.done.withdrawn", "")
	})
	rt.Handle("POST "+room+"/{id}/observe", access.EstimateRun, func(c *web.Ctx) error {
		f, err := c.ReadForm(0)
		if err != nil {
			return err
		}
		if err := s.Observe(c.Context(), c.Actor, c.Path("id"), f.Get("indicator")); err != nil {
			return err
		}
		return c.Done(room+"/"+c.Path("id"), "estimate.done.observed", "")
	})
}

// year is the first or last day of a year that was typed; zero for what is no year.
func year(n int, last bool) baqylau.Date {
	if n < 1900 {
		return baqylau.Date{}
	}
	if last {
		return baqylau.NewDate(n, 12, 31)
	}
	return baqylau.NewDate(n, 1, 1)
}
