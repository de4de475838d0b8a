package intake

import (
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/web"
)

// ImportRoutes registers the pages of imports, mappings, occurrences and matching.
func ImportRoutes(rt *web.Router, s *Service) {
	rt.Handle("GET /imports", access.ImportRun, s.importList().Handler(s.W))
	rt.Handle("GET /imports/new", access.ImportRun, func(c *web.Ctx) error { return s.showUpload(c, nil, nil) })
	rt.Handle("POST /imports/new", access.ImportRun, s.doUpload)
	rt.Handle("GET /uploads/{draft}", access.ImportRun, s.showChoice)
	rt.Handle("POST /uploads/{draft}", access.ImportRun, s.doChoice)
	rt.Handle("GET /imports/{id}", access.ImportRun, s.showImport)
	rt.Handle("GET /imports/{id}/progress", access.ImportRun, s.showProgress)
	rt.Handle("GET /imports/{id}/rejects.csv", access.ImportRun, s.sendRejects)
	rt.Handle("POST /imports/{id}/take", access.ImportRun, s.doTake)
	rt.Handle("POST /imports/{id}/cancel", access.ImportRun, s.doCancel)
	rt.Handle("POST /imports/{id}/undo", access.ImportRun, s.doUndo)

	rt.Handle("GET /mappings", access.MappingEdit, s.showMappings)
	rt.Handle("GET /mappings/new", access.MappingEdit, func(c *web.Ctx) error { return s.showDrop(c, nil) })
	rt.Handle("POST /mappings/new", access.MappingEdit, s.doDrop)
	rt.Handle("GET /mappings/new/{draft}", access.MappingEdit, s.showDraft)
	rt.Handle("POST /mappings/new/{draft}", access.MappingEdit, s.doDraft)
	rt.Handle("GET /mappings/{id}", access.MappingEdit, func(c *web.Ctx) error { return s.showMapping(c, "", nil) })
	rt.Handle("POST /mappings/{id}", access.MappingEdit, s.doMapping)

	rt.Handle("GET /occurrences", access.ReportRead, s.occurrenceList().Handler(s.W))
	rt.Handle("GET /occurrences/{id}", access.ReportRead, s.showOccurrence)
	rt.Handle("GET /matches", access.OccurrenceMrg, s.showMatches)
	rt.Handle("POST /matches/{id}/{step}", access.OccurrenceMrg, s.doMatch)
}
