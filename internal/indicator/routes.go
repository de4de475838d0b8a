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
	rt.Handle("GET /observations", access.IndicatorWrite, s.showList)
	rt.Handle("GET /observations/new", access.IndicatorWrite, s.showEnter)
	rt.Handle("POST /observations/new", access.IndicatorWrite, s.postEnter)
	rt.Handle("GET /observations/grid", access.IndicatorWrite, s.showGrid)
	rt.Handle("POST /observations/grid", access.IndicatorWrite, s.postGrid)
	rt.Handle("GET /observations/{id}", access.IndicatorWrite, s.showCorrect)
	rt.Handle("POST /observations/{id}", access.IndicatorWrite, s.postCorrect)
}
