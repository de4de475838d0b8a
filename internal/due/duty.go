package due

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// onRoster are the roles that keep duty.
const onRoster = "('ews_officer', 'approver')"

// AddDuty puts an officer or approver on the roster, both days included. Code Invalid with the field.
func (s *Service) AddDuty(ctx context.Context, actor access.Actor, accountID string, from, to baqylau.Date) error {
	if err := checkSpan(from, to); err != nil {
		return err
	}
	return s.W.Do(ctx, actor, access.DutyEdit, func(ctx context.Context, tx *change.Tx) error {
		var n int
		if err := tx.NewRaw("SELECT count(*) FROM account a WHERE a.id = ? AND a.state = 'active' AND EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = a.id AND r.role IN "+onRoster+")",
			accountID).Scan(ctx, &n); err != nil {
			return err
		}
		if n == 0 {
			return baqylau.E(baqylau.Invalid, "due.error.duty").On("account")
		}
		id := store.NewID()
		_, err := tx.NewRaw("INSERT INTO duty (id, account_id, from_on, to_on) VALUES (?, ?, ?, ?)", id, accountID, from.String(), to.String()).Exec(ctx)
		tx.Subject("duty", id, actor.OrgID, map[string]any{"account": accountID, "from": from.String(), "to": to.String()})
		return err
	})
}

// RemoveDuty takes a span off the roster. Code NotFound.
func (s *Service) RemoveDuty(ctx context.Context, actor access.Actor, id string) error {
	return s.W.Do(ctx, actor, access.DutyEdit, func(ctx context.Context, tx *change.Tx) error {
		err := store.Changed(tx.NewRaw("DELETE FROM duty WHERE id = ?", id).Exec(ctx))
		tx.Subject("duty", id, actor.OrgID, map[string]any{"removed": true})
		return err
	})
}

// OnDuty tells who is on duty on a day.
func (s *Service) OnDuty(ctx context.Context, day baqylau.Date) ([]Span, error) {
	return spans(ctx, s.W.DB.Read, `SELECT d.id, a.id, a.name, d.from_on, d.to_on FROM duty d JOIN account a ON a.id = d.account_id
		WHERE d.from_on <= ? AND d.to_on >= ? AND a.state = 'active' ORDER BY d.from_on, a.name`, day.String(), day.String())
}

// OnDutyAs tells who of those on duty on a day has one of the roles.
func (s *Service) OnDutyAs(ctx context.Context, day baqylau.Date, roles []access.Role) ([]Span, error) {
	return spans(ctx, s.W.DB.Read, `SELECT d.id, a.id, a.name, d.from_on, d.to_on FROM duty d JOIN account a ON a.id = d.account_id
		WHERE d.from_on <= ? AND d.to_on >= ? AND a.state = 'active' AND EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = a.id AND r.role IN (?)) ORDER BY d.from_on, a.name`,
		day.String(), day.String(), bun.List(roles))
}

// roster lists the spans from a day on.
func (s *Service) roster(ctx context.Context, from baqylau.Date) ([]Span, error) {
	return spans(ctx, s.W.DB.Read, `SELECT d.id, a.id, a.name, d.from_on, d.to_on FROM duty d JOIN account a ON a.id = d.account_id
		WHERE d.to_on >= ? ORDER BY d.from_on, a.name`, from.String())
}
