// Package indicator is the data collection: the figures, case records and studies behind the key epidemiological, supply and response
// indicators, the checks on them, and the pages that show them. Facts are entered once; every outgoing table is a mapping over them.
package indicator

import (
	"context"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/registry"
)

// Service is the room.
type Service struct {
	W     *change.Writer
	Shelf *registry.Shelf
	Home  string // the centre's own country, ISO 3166-1 alpha-2
	// OwnSource is the source of what an organisation enters by hand, made with its first figure.
	OwnSource func(ctx context.Context, tx *change.Tx, orgID string) (id string, err error)
	Pages     []Page // further pages of the data collection, to which the catalogue leads

	// Ledger answers a table so that it is safe together with all that left of the same data, and keeps that it left where leaves says so: the release ledger. nil: nothing has left.
	Ledger func(ctx context.Context, dataset, mark, title string, t suppress.Table, leaves bool) (suppress.Answer, error)

	kept keeper
}

// Page is a page of the data collection: its address, the message that names it, and who may enter.
type Page struct {
	Path, Key string
	Act       access.Act
}
