package indicator

import (
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/web"
)

// Routes registers the pages of the room.
func Routes(rt *web.Router, s *Service) {
	rt.Handle("GET /indicators", access.IndicatorRead, s.showIndex)
	rt.Handle("GET /indicators/{code}", access.IndicatorRead, s.showIndicator)
	rt.Handle("GET /indicators/{code}/figure", access.IndicatorRead, s.showFigure)
	rt.Handle("POST /indicators/{code}/figure/use", access.IndicatorUse, s.use)
}
