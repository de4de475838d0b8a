// Package outgoing is the part of the data collection that answers others: it fills the tables that international bodies ask for from the facts that the centre keeps, says
// what is missing in them and why, and writes figures in the formats of national statistics. It keeps no figures of its own: every cell leads to the facts behind it.
//
// What an outgoing table shows is what leaves the centre, so its counts of persons go through disclosure control as for the public, whoever asks; those who work on the cases
// may look at the same table as it is inside, on the page only.
package outgoing

import (
	"context"
	"path/filepath"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/outgoing/template"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
)

// Service is the room.
type Service struct {
	W         *change.Writer
	Shelf     *registry.Shelf
	Home      string // the centre's own country, ISO 3166-1 alpha-2
	Templates []*template.Template
	Figures   *indicator.Service
	Harm      *harm.Service
	// Hidden says which figures of indicators in a country a reader may not see.
	Hidden func(ctx context.Context, reader access.Actor, country string, day baqylau.Date, codes ...string) (map[string]bool, error)
	// Treatment gives the tables of the treatment demand indicator of a year, as a reader may see them, and their titles.
	Treatment      func(ctx context.Context, reader access.Actor, country string, year int, day baqylau.Date) (Entrants, error)
	TreatmentTitle func(context.Context, *tdi.Spec) string
	// Release answers a table so that it is safe together with all that left of the same data, and keeps that it left where leaves says so. mark says which table it is.
	Release func(ctx context.Context, dataset, mark, title string, t *disclosure.Tally, leaves bool) (*disclosure.Shown, error)
}

// Entrants are the tables of a year's entrants.
type Entrants struct {
	Synthetic bool                               // some of them were made up
	None      bool                               // nobody sent anything of the year
	Table     func(id string) ([][]Count, error) // by row and column
}

// Count is a figure of such a table.
type Count struct {
	Text   string // "" where there can be none: the mean of nobody
	Hidden bool
}

// NewService returns the room with the shipped templates and those of dir/outgoing, the node's data folder. Code: Invalid for a damaged file.
func NewService(w *change.Writer, shelf *registry.Shelf, home, dir string) (s *Service, err error) {
	s = &Service{W: w, Shelf: shelf, Home: home}
	s.Templates, err = template.Load(filepath.Join(dir, "outgoing"))
	return s, err
}

// find is the template of that code that is for a year. Code: NotFound.
func (s *Service) find(code string, year int) (*template.Template, error) {
	for _, t := range s.Templates {
		if t.Code == code && t.For(year) {
			return t, nil
		}
	}
	return nil, baqylau.E(baqylau.NotFound, "error.not_found")
}

// outward is the reader for whom tables are made that leave the centre: the same rights, without the place among those who work on the cases.
func outward(a access.Actor) access.Actor {
	a.Domain, a.OrgID = "", ""
	return a
}

// mayLookInside reports whether an actor may see the tables as they are before anything is hidden.
func mayLookInside(a access.Actor) bool { return disclosure.AudienceOf(a) == disclosure.Working }

// named is a text in the reader's language.
func named(ctx context.Context, t baqylau.Text) string { return t.In(locale.Lang(ctx)) }
