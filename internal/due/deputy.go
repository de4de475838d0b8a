package due

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Span is somebody for a time: a deputy, or a person on duty.
type Span struct {
	ID, AccountID, Name string
	From, To            baqylau.Date
}

func checkSpan(from, to baqylau.Date) error {
	switch {
	case from.IsZero():
		return baqylau.E(baqylau.Invalid, "error.required").On("from")
	case to.IsZero():
		return baqylau.E(baqylau.Invalid, "error.required").On("to")
	case to.Before(from):
		return baqylau.E(baqylau.Invalid, "due.error.span").On("to")
	}
	return nil
}

// AddDeputy lets a colleague of the same organisation stand in for the actor: they see the actor's items and get their reminders.
// Their rights do not change. Code Invalid with the field.
func (s *Service) AddDeputy(ctx context.Context, actor access.Actor, deputyID string, from, to baqylau.Date) error {
	if err := checkSpan(from, to); err != nil {
		return err
	}
	return s.W.Do(ctx, actor, access.SelfEdit, func(ctx context.Context, tx *change.Tx) error {
		var n int
		if err := tx.NewRaw("SELECT count(*) FROM account WHERE id = ? AND org_id = ? AND state = 'active' AND id <> ?", deputyID, actor.OrgID, actor.ID).Scan(ctx, &n); err != nil {
			return err
		}
		if n == 0 {
			return baqylau.E(baqylau.Invalid, "due.error.deputy").On("deputy")
		}
		id := store.NewID()
		_, err := tx.NewRaw("INSERT INTO deputy (id, account_id, deputy_id, from_on, to_on) VALUES (?, ?, ?, ?, ?)", id, actor.ID, deputyID, from.String(), to.String()).Exec(ctx)
		tx.Subject("deputy", id, actor.OrgID, map[string]any{"deputy": deputyID, "from": from.String(), "to": to.String()})
		return err
	})
}

// RemoveDeputy ends one of the actor's own deputyships. Code NotFound.
func (s *Service) RemoveDeputy(ctx context.Context, actor access.Actor, id string) error {
	return s.W.Do(ctx, actor, access.SelfEdit, func(ctx context.Context, tx *change.Tx) error {
		err := store.Changed(tx.NewRaw("DELETE FROM deputy WHERE id = ? AND account_id = ?", id, actor.ID).Exec(ctx))
		tx.Subject("deputy", id, actor.OrgID, map[string]any{"removed": true})
		return err
	})
}

func (s *Service) deputiesOf(ctx context.Context, accountID string) ([]Span, error) {
	return spans(ctx, s.W.DB.Read, `SELECT p.id, a.id, a.name, p.from_on, p.to_on FROM deputy p JOIN account a ON a.id = p.deputy_id
		WHERE p.account_id = ? AND p.to_on >= ? ORDER BY p.from_on, a.name`, accountID, change.Today(s.W.Now()).String())
}

func spans(ctx context.Context, db bun.IDB, query string, args ...any) (list []Span, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x Span
		var from, to string
		if err := rows.Scan(&x.ID, &x.AccountID, &x.Name, &from, &to); err != nil {
			return nil, err
		}
		x.From, x.To = baqylau.MustDate(from), baqylau.MustDate(to)
		list = append(list, x)
	}
	return list, rows.Err()
}
