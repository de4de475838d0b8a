package harm

import "github.com/baqylau/baqylau/internal/web"

func (s *Service) registerRoutes(*web.Router)  {}
func (s *Service) infectionRoutes(*web.Router) {}
