package due

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/uptrace/bun"
)

// person is somebody who gets a letter.
type person struct {
	ID, Login, Name string
	Lang            baqylau.Lang
}

// people adds the active accounts a (organisation o, role r) under a condition to those known already.
func people(ctx context.Context, tx bun.IDB, known []person, cond string, args ...any) ([]person, error) {
	var more []person
	err := tx.NewRaw(`SELECT DISTINCT a.id, a.login, a.name, a.lang FROM account a JOIN organisation o ON o.id = a.org_id
		LEFT JOIN account_role r ON r.account_id = a.id WHERE a.state = 'active' AND (`+cond+`) ORDER BY a.login`, args...).Scan(ctx, &more)
	have := map[string]bool{}
	for _, p := range known {
		have[p.ID] = true
	}
	for _, p := range more {
		if !have[p.ID] {
			known = append(known, p)
		}
	}
	return known, err
}

const ofRole = "r.role = ? AND (? = '' OR a.org_id = ?)"

// responsible are the people an item is for: its account, or those of its role who are on duty today, or all of the role; and the
// deputies of each.
func responsible(ctx context.Context, tx bun.IDB, account, role, org string, today baqylau.Date) (to []person, err error) {
	day := today.String()
	if account != "" {
		to, err = people(ctx, tx, nil, "a.id = ?", account)
	} else {
		to, err = people(ctx, tx, nil, ofRole+" AND EXISTS (SELECT 1 FROM duty d WHERE d.account_id = a.id AND d.from_on <= ? AND d.to_on >= ?)", role, org, org, day, day)
		if err == nil && len(to) == 0 {
			to, err = people(ctx, tx, nil, ofRole, role, org, org)
		}
	}
	for _, p := range to {
		if err != nil {
			return nil, err
		}
		to, err = people(ctx, tx, to, "a.id IN (SELECT deputy_id FROM deputy WHERE account_id = ? AND from_on <= ? AND to_on >= ?)", p.ID, day, day)
	}
	return to, err
}

// superiors adds everyone of the item's role and the approvers of the centre, never anyone of another organisation beyond the wall.
func superiors(ctx context.Context, tx bun.IDB, to []person, role, org string) ([]person, error) {
	to, err := people(ctx, tx, to, ofRole, role, org, org)
	if err != nil {
		return nil, err
	}
	return people(ctx, tx, to, "r.role = ? AND (o.domain = 'neutral' OR a.org_id = ?)", string(access.Approver), org)
}
