package harm

import "github.com/baqylau/baqylau/internal/web"

func (s *Service) infectionRoutes(*web.Router) {}
