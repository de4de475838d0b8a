// Package returns is about what arrives and what does not: the data catalogue, which period of it came in when and how complete, what the checks asked and what
// was answered, and what a contributor sees of all that.
package returns

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
)

// Service is the room.
type Service struct {
	W     *change.Writer
	Shelf *registry.Shelf
	Home  string // the centre's own country, ISO 3166-1 alpha-2
	// Checks run the rules of other rooms over what is there now and keep what they ask.
	Checks []func(ctx context.Context) error
	// Pages are the addresses of the subjects that findings are about, up to the identifier.
	Pages map[string]string
}

// today is the centre's day.
func (s *Service) today() baqylau.Date { return change.Today(s.W.Now()) }
