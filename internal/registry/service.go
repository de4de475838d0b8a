package registry

import (
	"context"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Service is the room: the shelf that answers reads, the writer that acts go through, and what the rooms above add to its pages.
// The hooks are set once while the process is put together; nil ones show nothing.
type Service struct {
	Shelf *Shelf
	Write *change.Writer
	Home  string // country whose law the lists show, ISO 3166-1 alpha-2

	// Sections are added to the page of a substance, in order: detections, alerts. A section returns nil when it has nothing to
	// show to this person.
	Sections []func(ctx context.Context, actor access.Actor, substanceID string) (templ.Component, error)
	// FirstSeen tells when a substance was first seen, widest place first: the world, the country, its regions.
	FirstSeen func(ctx context.Context, actor access.Actor, substanceID string) ([]Sighting, error)
	// RegionSections are added to the page of a region.
	RegionSections []func(ctx context.Context, actor access.Actor, region string) (templ.Component, error)
	// Finders answer the palette beside substances, regions and sources; each sees to its own row scope.
	Finders []func(ctx context.Context, actor access.Actor, q string) ([]ui.Hit, error)
}

// Sighting is a first detection.
type Sighting struct {
	Place     string // region or country code; "" is the world
	On        baqylau.Date
	Precision baqylau.Precision
	Path      string // page that shows it, "" if this person may not see it
}

// NewService returns the room for Kazakhstan without hooks.
func NewService(shelf *Shelf, w *change.Writer) *Service {
	return &Service{Shelf: shelf, Write: w, Home: "KZ"}
}

// do performs an edit of the registry, moves its change counter and puts the new Book on the shelf.
func (s *Service) do(ctx context.Context, actor access.Actor, fn func(ctx context.Context, tx *change.Tx) error) error {
	err := s.Write.Do(ctx, actor, access.RegistryEdit, func(ctx context.Context, tx *change.Tx) error {
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return bump(ctx, tx)
	})
	if err != nil {
		return err
	}
	return s.Shelf.Reload(ctx)
}

// find returns the substance an act is about.
func (s *Service) find(id string) (*Substance, error) {
	x, ok := s.Shelf.Book().Substance(id)
	if !ok {
		return nil, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	return x, nil
}
