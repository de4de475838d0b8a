package due

import (
	"context"

	"github.com/baqylau/baqylau/internal/change"
	"github.com/uptrace/bun"
)

// Service is the room.
type Service struct {
	W       *change.Writer
	Mail    Mailer        // nil: no mail server, items show on the pages only
	BaseURL func() string // address people reach the site at, without a slash at its end
	Host    string        // right side of the identifiers in calendar files
	// Unfinished tells of an item that is closed by hand whether something on its object still waits to be done; nil: nothing ever does.
	Unfinished func(ctx context.Context, db bun.IDB, kind, objectID string) (bool, error)
}

// New returns the room; mail may be nil.
func New(w *change.Writer, mail Mailer, baseURL func() string) *Service {
	if baseURL == nil {
		baseURL = func() string { return "" }
	}
	return &Service{W: w, Mail: mail, BaseURL: baseURL, Host: "baqylau"}
}
