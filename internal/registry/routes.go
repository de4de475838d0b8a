package registry

import (
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/web"
)

// Navigation entries of the room's pages.
const (
	substancesRoom = "/substances"
	regionsRoom    = "/regions"
)

// Routes registers the pages of the room.
func Routes(rt *web.Router, s *Service) {
	list := s.substanceList()
	rt.Handle("GET /substances", access.RegistryRead, list.Handler(s.Write))
	rt.Handle("GET /substances/suggest", access.RegistryRead, s.suggest)
	rt.Handle("GET /substances/new", access.RegistryEdit, func(c *web.Ctx) error { return s.showEnter(c, nil, nil) })
	rt.Handle("POST /substances/new", access.RegistryEdit, s.postEnter)
	rt.Handle("GET /substances/{id}", access.RegistryRead, s.showSubstance)
	rt.Handle("GET /substances/{id}/names", access.RegistryEdit, func(c *web.Ctx) error { return s.showNames(c, nil, nil) })
	rt.Handle("POST /substances/{id}/names", access.RegistryEdit, s.postName)
	rt.Handle("POST /substances/{id}/names/{name}/remove", access.RegistryEdit, s.postRemoveName)
	rt.Handle("GET /substances/{id}/status", access.RegistryEdit, func(c *web.Ctx) error { return s.showStatus(c, nil, nil) })
	rt.Handle("POST /substances/{id}/status", access.RegistryEdit, s.postStatus)
	rt.Handle("POST /substances/{id}/status/{status}/end", access.RegistryEdit, s.postEndStatus)
	rt.Handle("GET /substances/{id}/class", access.RegistryEdit, func(c *web.Ctx) error { return s.showClass(c, nil, nil) })
	rt.Handle("POST /substances/{id}/class", access.RegistryEdit, s.postClass)
	rt.Handle("GET /regions", access.RegistryRead, s.showRegions)
	rt.Handle("GET /regions/{code}", access.RegistryRead, s.showRegion)
	rt.Handle("GET /sources", access.RegistryRead, s.showSources)
	rt.Handle("GET /search", access.RegistryRead, s.showSearch)
}
