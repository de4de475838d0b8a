package due

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Listed is an open item as a person sees it.
type Listed struct {
	ID        string
	Title     baqylau.Text
	Path      string
	Kind      string
	Role      access.Role
	AccountID string
	Who       string // name of the account it belongs to, "" for a role
	DueAt     time.Time
	CreatedAt time.Time
	object    string
	waits     bool // closed by hand, but not yet: see Service.Unfinished
}

// Late reports whether the time is over.
func (x Listed) Late(now time.Time) bool { return now.After(x.DueAt) }

// principal is somebody whose items a person sees: oneself, and those one deputises for today.
type principal struct {
	id, org string
	roles   []access.Role
}

// scope is the SQL condition under which an actor sees items d.
func scope(ctx context.Context, db bun.IDB, actor access.Actor, today baqylau.Date) (string, []any, error) {
	who, err := deputised(ctx, db, actor.ID, today)
	if err != nil {
		return "", nil, err
	}
	who = append(who, principal{actor.ID, actor.OrgID, actor.Roles})
	var parts []string
	var args []any
	for _, p := range who {
		names := make([]string, len(p.roles))
		for i, r := range p.roles {
			names[i] = string(r)
		}
		marks, list := store.In(names)
		parts = append(parts, "d.account_id = ? OR d.account_id IS NULL AND d.role IN ("+marks+") AND (d.org_id IS NULL OR d.org_id = ?)")
		args = append(append(append(args, p.id), list...), p.org)
	}
	return "(" + strings.Join(parts, " OR ") + ")", args, nil
}

// deputised lists those for whom an account stands in on a day.
func deputised(ctx context.Context, db bun.IDB, accountID string, day baqylau.Date) (list []principal, err error) {
	rows, err := db.QueryContext(ctx, `SELECT DISTINCT a.id, a.org_id, COALESCE(r.role, '') FROM deputy p JOIN account a ON a.id = p.account_id
		LEFT JOIN account_role r ON r.account_id = a.id
		WHERE p.deputy_id = ? AND p.from_on <= ? AND p.to_on >= ? AND a.state = 'active' ORDER BY a.id`, accountID, day.String(), day.String())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p principal
		var role access.Role
		if err := rows.Scan(&p.id, &p.org, &role); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(list, func(q principal) bool { return q.id == p.id })
		if i < 0 {
			list, i = append(list, p), len(list)
		}
		list[i].roles = append(list[i].roles, role)
	}
	return list, rows.Err()
}

// List returns the open items of an actor, soonest first: their own, those of their roles, and those of the people they deputise for
// today; at most n.
func (s *Service) List(ctx context.Context, actor access.Actor, n int) (list []Listed, err error) {
	defer baqylau.Wrap(&err, "due.List")
	if actor.ID == "" {
		return nil, nil
	}
	db := s.W.DB.Read
	cond, args, err := scope(ctx, db, actor, change.Today(s.W.Now()))
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, `SELECT d.id, d.object_id, d.title, d.path, d.kind, d.role, COALESCE(d.account_id, ''), COALESCE(a.name, ''), d.due_at, d.created_at
		FROM due_item d LEFT JOIN account a ON a.id = d.account_id WHERE d.state = 'open' AND `+cond+` ORDER BY d.due_at, d.id LIMIT `+strconv.Itoa(n), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x Listed
		var title string
		var at, created int64
		if err := rows.Scan(&x.ID, &x.object, &title, &x.Path, &x.Kind, &x.Role, &x.AccountID, &x.Who, &at, &created); err != nil {
			return nil, err
		}
		x.Title, x.DueAt, x.CreatedAt = baqylau.ParseText(title), store.Time(at), store.Time(created)
		list = append(list, x)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].waits, err = s.unfinished(ctx, db, list[i].Kind, list[i].object); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Upcoming is List for the overview: the n most urgent items.
func (s *Service) Upcoming(ctx context.Context, actor access.Actor, n int) ([]Listed, error) {
	return s.List(ctx, actor, n)
}
