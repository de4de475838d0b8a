package api

import (
	"context"
	"net/http"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/registry"
)

// Region is a first-level unit of a country, or a unit of an outside source.
type Region struct {
	Code       string           `json:"code" doc:"ISO 3166-2 where it has one"`
	Country    string           `json:"country"`
	Kind       string           `json:"kind" doc:"region, city or county"`
	Name       baqylau.Text     `json:"name"`
	Outside    bool             `json:"outside" doc:"Belongs to published figures of another country."`
	From       string           `json:"from,omitempty"`
	To         string           `json:"to,omitempty"`
	Population []PopulationYear `json:"population" doc:"On 1 January, oldest first."`
}

// PopulationYear is the number of inhabitants on 1 January of a year.
type PopulationYear struct {
	Year    int    `json:"year"`
	Persons int64  `json:"persons"`
	Source  string `json:"source"`
}

// Source is where records come from.
type Source struct {
	ID      string         `json:"id"`
	Code    string         `json:"code"`
	Name    baqylau.Text   `json:"name"`
	Country string         `json:"country"`
	Domain  baqylau.Domain `json:"domain"`
	Outside bool           `json:"outside"`
	Purpose baqylau.Text   `json:"purpose" doc:"Limits on use promised to the source."`
	Licence string         `json:"licence,omitempty"`
}

func (s *server) places() {
	register(s, operation{id: "listRegions", method: http.MethodGet, path: "/regions", act: access.RegistryRead, tag: "registry"},
		func(ctx context.Context, _ access.Actor, in *struct {
			Listing
			Country string `query:"country" maxLength:"6" doc:"ISO 3166-1 alpha-2; the centre's own when absent."`
		}) (Page[Region], error) {
			book, country := s.Shelf.Book(), in.Country
			if country == "" {
				country = s.Intake.Home
			}
			return cut(book.Regions(country), in.Listing, func(r registry.Region) string { return r.Code }, func(r registry.Region) Region {
				out := Region{r.Code, r.Country, r.Kind, r.Name, r.Outside, r.From.String(), r.To.String(), []PopulationYear{}}
				for _, p := range book.Population(r.Code) {
					out.Population = append(out.Population, PopulationYear{p.Year, p.Persons, registry.Told(ctx, p.Source)})
				}
				return out
			})
		})
	register(s, operation{id: "listSources", method: http.MethodGet, path: "/sources", act: access.RegistryRead, tag: "registry"},
		func(ctx context.Context, _ access.Actor, in *struct{ Listing }) (Page[Source], error) {
			return cut(s.Shelf.Book().Sources(), in.Listing, func(x registry.Source) string { return x.ID }, func(x registry.Source) Source {
				return Source{x.ID, x.Code, x.Name, x.Country, x.Domain, x.Outside, x.Purpose, registry.Told(ctx, x.Licence)}
			})
		})
}
