package due

import (
	"github.com/baqylau/baqylau/internal/change"
)

// Service is the room.
type Service struct {
	W       *change.Writer
	Mail    Mailer        // nil: no mail server, items show on the pages only
	BaseURL func() string // address people reach the site at, without a slash at its end
	Host    string        // right side of the identifiers in calendar files
}

// New returns the room; mail may be nil.
func New(w *change.Writer, mail Mailer, baseURL func() string) *Service {
	if baseURL == nil {
		baseURL = func() string { return "" }
	}
	return &Service{W: w, Mail: mail, BaseURL: baseURL, Host: "baqylau"}
}
