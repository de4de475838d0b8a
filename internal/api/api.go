// Package api is the way in for programs: REST under /api/v1, described by OpenAPI 3.1 and kept by the same policy as the pages. It
// holds no rules of its own: every operation names its act, reads through the readers of the rooms and writes through their acts.
// docs/api.md shows its use.
package api

import (
	"log/slog"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-chi/httprate"

	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/estimate"
	"github.com/baqylau/baqylau/internal/indicator/facility"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/outgoing"
	"github.com/baqylau/baqylau/internal/indicator/returns"
	"github.com/baqylau/baqylau/internal/indicator/treatment"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"

	"github.com/baqylau/baqylau"
)

// Prefix is where the operations live.
const Prefix = "/api/v1"

// Version is that of the description. Fields and operations may be added within it; none is removed or changes its meaning.
const Version = "1.0.0"

// tipsPerHour bounds the tips from one address: a person has few, a script many.
const tipsPerHour = 20

// Deps are what the operations need from the process.
type Deps struct {
	W          *change.Writer
	Shelf      *registry.Shelf
	Intake     *intake.Service
	Treatment  *treatment.Service // nil: no operations on treatment
	Harm       *harm.Service      // nil: no operations on deaths, the register and infections
	Estimates  *estimate.Service  // nil: no operations on estimates
	Figures    *indicator.Service // nil: no operations on figures
	Facilities *facility.Service  // nil: no operations on facilities
	Returns    *returns.Service   // nil: no operations on datasets and findings
	Outgoing   *outgoing.Service  // nil: no operations on outgoing tables
	Log        *slog.Logger
	// SessionCookie is the name of the session cookie, for the description; "session" when empty.
	SessionCookie string
}

// server is the mounted API.
type server struct {
	Deps
	rt    *web.Router
	api   huma.API
	table []operation // in order of registration, for the page of operations
	tips  *httprate.RateLimiter
	many  list.Counts // whose rows are too many to begin a list with
}

// Mount registers every operation, the description and the page of operations on rt.
func Mount(rt *web.Router, d Deps) {
	if d.SessionCookie == "" {
		d.SessionCookie = "session"
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	s := &server{Deps: d, rt: rt, tips: httprate.NewRateLimiter(tipsPerHour, time.Hour)}
	s.api = humago.NewWithPrefix(rt.Mux(), Prefix, s.config())
	s.me()
	s.reports()
	s.occurrences()
	s.tipOperations()
	s.substances()
	s.places()
	s.series()
	s.observations()
	s.signals()
	s.communications()
	s.imports()
	s.treatment()
	s.harm()
	s.estimates()
	s.facilities()
	s.returns()
	s.outgoing()
	s.recognition()
	s.document()
}

// config leaves out what the library would add by itself: its documentation page loads files from elsewhere, and its links to schemas
// put a field into every answer.
func (s *server) config() huma.Config {
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: decode}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Baqylau", Version: Version, Description: locale.TIn(baqylau.English, "api.description")},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token":   {Type: "http", Scheme: "bearer", Description: locale.TIn(baqylau.English, "api.security.token")},
					"session": {Type: "apiKey", In: "cookie", Name: s.SessionCookie, Description: locale.TIn(baqylau.English, "api.security.session")},
				},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": format, "json": format}, // the second is for …+json
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true, // a mistyped filter would show everything
	}
}
