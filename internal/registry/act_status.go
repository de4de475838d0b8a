package registry

import (
	"context"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// Bases lists the grounds of legal control in page order, code list legal_basis.
var Bases = []string{"named", "generic", "analogue", "temporary", "medicines_law", "precursor", "none"}

// Checked lists how far a status was checked, best first, code list registry_verified.
var Checked = []string{"yes", "text", "partly", "secondary", "no"}

// Unions are the jurisdictions that are not countries.
var Unions = []string{"UN", "EU"}

// AddStatus records what a jurisdiction's law says of a substance from a day on. Codes: Forbidden, NotFound, Errors per field.
func (s *Service) AddStatus(ctx context.Context, actor access.Actor, x Status) (id string, err error) {
	defer baqylau.Wrap(&err, "registry.AddStatus(%s)", x.Substance)
	if err := access.Check(actor, access.RegistryEdit); err != nil {
		return "", err
	}
	if _, err := s.find(x.Substance); err != nil {
		return "", err
	}
	if err := s.checkStatus(x); err != nil {
		return "", err
	}
	id = store.NewID()
	return id, s.do(ctx, actor, func(ctx context.Context, tx *change.Tx) error {
		row := statusRow{ID: id, SubstanceID: x.Substance, Jurisdiction: x.Jurisdiction, Instrument: x.Instrument.JSON(), Schedule: x.Schedule, Basis: x.Basis,
			FromOn: x.From.String(), ToOn: x.To.String(), Verified: x.Verified, Source: x.Source, Note: x.Note}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
		tx.Subject("substance", x.Substance, "", map[string]any{"status": id, "jurisdiction": x.Jurisdiction, "basis": x.Basis, "from": row.FromOn})
		return nil
	})
}

func (s *Service) checkStatus(x Status) error {
	var errs baqylau.Errors
	bad := func(field, key string) { errs = append(errs, baqylau.E(baqylau.Invalid, key).On(field)) }
	if _, ok := s.Shelf.Book().Country(x.Jurisdiction); !ok && !slices.Contains(Unions, x.Jurisdiction) {
		bad("jurisdiction", "error.choose")
	}
	if strings.TrimSpace(x.Instrument.In(baqylau.English)) == "" {
		bad("instrument", "error.required")
	}
	if !slices.Contains(Bases, x.Basis) {
		bad("basis", "error.choose")
	}
	if !slices.Contains(Checked, x.Verified) {
		bad("verified", "error.choose")
	}
	if !x.From.IsZero() && !x.To.IsZero() && x.To.Before(x.From) {
		bad("to", "error.registry.to_before_from")
	}
	return errs.OrNil()
}

// EndStatus says that a status of a substance held until day last. The record stays: figures of its time refer to it.
// Codes: Forbidden, NotFound, Invalid for a day before its first.
func (s *Service) EndStatus(ctx context.Context, actor access.Actor, substanceID, statusID string, last baqylau.Date) (err error) {
	defer baqylau.Wrap(&err, "registry.EndStatus(%s)", statusID)
	if err := access.Check(actor, access.RegistryEdit); err != nil {
		return err
	}
	list := s.Shelf.Book().statuses[substanceID]
	i := slices.IndexFunc(list, func(x Status) bool { return x.ID == statusID })
	if i < 0 {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	if last.IsZero() {
		return baqylau.E(baqylau.Invalid, "error.required").On("to")
	}
	if last.Before(list[i].From) {
		return baqylau.E(baqylau.Invalid, "error.registry.to_before_from").On("to")
	}
	return s.do(ctx, actor, func(ctx context.Context, tx *change.Tx) error {
		if _, err := tx.NewRaw("UPDATE legal_status SET to_on = ? WHERE id = ?", last.String(), statusID).Exec(ctx); err != nil {
			return err
		}
		tx.Subject("substance", substanceID, "", map[string]any{"status": statusID, "to": last.String()})
		return nil
	})
}
