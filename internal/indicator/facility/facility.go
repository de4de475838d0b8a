// Package facility is the register of facilities and services, what each reports for a year, and the coverage that their figures and the estimates of those in need
// make together. A facility's figures are observations; those of a region and the country are their sums and never entered.
package facility

import (
	"context"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/registry/codelist"
)

// Service is the room.
type Service struct {
	W     *change.Writer
	Shelf *registry.Shelf
	Home  string // the centre's own country, ISO 3166-1 alpha-2
	// OwnSource is the source of what an organisation enters by hand, made with its first record.
	OwnSource func(ctx context.Context, tx *change.Tx, orgID string) (id string, err error)
	// Hidden says which figures, and which of their sums (indicator.FacilitySum), a reader may not see: one answer for the pages of this room and the figures of the collection.
	Hidden func(ctx context.Context, a access.Actor, country string, day baqylau.Date, codes ...string) (map[string]bool, error)
}

// Facility is a facility or service as it is from a day on.
type Facility struct {
	ID       string // the same through all versions; figures refer to it
	Version  string
	Code     string // its number in the register that it comes from
	Name     baqylau.Text
	Country  string
	Region   string
	Area     string // city or district, as written
	Address  string
	Kind     string // code list facility-kind
	Owned    string // code list facility-ownership; "" not known
	Services []string
	Beds     *int64 // nil not known
	Places   *int64
	Staff    *int64
	Opened   baqylau.Date
	Closed   baqylau.Date
	Note     string

	Published, Synthetic bool
	OrgID, AccountID     string
	Domain               baqylau.Domain
	Known                baqylau.Date
	batch                string // of the import that writes it
}

// The code lists of a facility.
const (
	kindList      = "facility-kind"
	ownershipList = "facility-ownership"
	serviceList   = "facility-service"
)

// Has reports whether the facility offers a service.
func (f *Facility) Has(service string) bool { return slices.Contains(f.Services, service) }

// Check says what is wrong with a facility: every mistake, with its field. Code: Invalid.
func (f *Facility) Check(regions func(string) bool) error {
	var errs baqylau.Errors
	bad := func(field, key string) { errs = append(errs, baqylau.E(baqylau.Invalid, key).On(field)) }
	if f.Name.RU == "" && f.Name.KK == "" && f.Name.EN == "" {
		bad("name_ru", "error.required")
	}
	if strings.TrimSpace(f.Code) == "" {
		bad("code", "error.required")
	}
	if !regions(f.Region) {
		bad("region", "error.choose")
	}
	if !codelist.Has(kindList, f.Kind) {
		bad("kind", "error.choose")
	}
	if f.Owned != "" && !codelist.Has(ownershipList, f.Owned) {
		bad("ownership", "error.choice")
	}
	if len(f.Services) == 0 {
		bad("services", "facility.error.services")
	}
	for _, s := range f.Services {
		if !codelist.Has(serviceList, s) {
			bad("services", "error.choice")
		}
	}
	for field, n := range map[string]*int64{"beds": f.Beds, "places": f.Places, "staff": f.Staff} {
		if n != nil && (*n < 0 || *n > 100_000) {
			bad(field, "error.number")
		}
	}
	if !f.Opened.IsZero() && !f.Closed.IsZero() && f.Closed.Before(f.Opened) {
		bad("closed", "facility.error.closed")
	}
	return errs.OrNil()
}

// home reports whether a code is a region of the centre's own country.
func (s *Service) home(code string) bool {
	r, ok := s.Shelf.Book().Region(code)
	return ok && r.Country == s.Home && !r.Outside
}

// today is the centre's day.
func (s *Service) today() baqylau.Date { return change.Today(s.W.Now()) }
