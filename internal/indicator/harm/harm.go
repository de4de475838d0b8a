// Package harm is the part of the data collection about harm: drug-related deaths, the dispensary register, and infections among people who inject drugs. It keeps the
// records, counts them, and shows both: the records to whoever owns them, the counts to everybody, through disclosure control.
//
// All records are health data. Enforcement roles can neither send nor see them; the counts cross the wall with small ones hidden.
package harm

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/registry"
)

// Service is the room.
type Service struct {
	W     *change.Writer
	Shelf *registry.Shelf
	Home  string // the centre's own country, ISO 3166-1 alpha-2
	Rules death.Rules
	// Pseudonym turns a personal number into a keyed pseudonym of a domain; the number itself is never stored.
	Pseudonym func(domain baqylau.Domain, number string) string
	// OwnSource is the source of what an organisation enters by hand, made with its first record.
	OwnSource func(ctx context.Context, tx *change.Tx, orgID string) (id string, err error)
	// Figures are the figures of indicators, of which the page of infections shows notifications; nil: none.
	Figures *indicator.Service

	protected struct{ deaths, register, infections disclosure.Together }
	judged    judge
}

// NewService returns the room with the selections of dir/selections.csv, or those that are shipped where dir has none. Code: Invalid for a damaged file.
func NewService(w *change.Writer, shelf *registry.Shelf, home, dir string) (s *Service, err error) {
	defer baqylau.Wrap(&err, "harm.NewService")
	var f io.ReadCloser
	f, err = os.Open(filepath.Join(dir, "selections.csv"))
	if errors.Is(err, fs.ErrNotExist) {
		f, err = data.FS.Open("indicators/selections.csv")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rules, err := death.Load(f)
	return &Service{W: w, Shelf: shelf, Home: home, Rules: rules}, err
}

// mayKeep refuses senders of the enforcement side: what they know of a person is no health record.
func mayKeep(actor access.Actor) error {
	if actor.Domain == baqylau.EnforcementDomain {
		return baqylau.E(baqylau.Forbidden, "error.forbidden")
	}
	return nil
}
