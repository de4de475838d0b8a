// Package account is how people come in and stay themselves: invitation, sign-in with password and second factor, sessions, API
// tokens, forgotten passwords, and the administrator's list of accounts. It answers one question for everyone else: who asks?
package account

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// State is where an account stands.
type State string

// The states.
const (
	Invited  State = "invited"  // has a link, no password yet
	Active   State = "active"   // may sign in
	Disabled State = "disabled" // may not; kept because the journal and facts refer to it
)

// States lists the states in the order of their life.
var States = []State{Invited, Active, Disabled}

// Account is a person's account.
type Account struct {
	ID        string         `json:"id"`
	Login     string         `json:"login"` // e-mail address in lower case
	Name      string         `json:"name"`
	OrgID     string         `json:"org_id"`
	OrgCode   string         `json:"org"`
	OrgName   baqylau.Text   `json:"org_name"`
	Domain    baqylau.Domain `json:"domain"`
	MaxTLP    baqylau.TLP    `json:"max_tlp"`
	Lang      baqylau.Lang   `json:"lang"`
	State     State          `json:"state"`
	Roles     []access.Role  `json:"roles"`
	Factor    bool           `json:"second_factor"` // enrolled
	CreatedAt time.Time      `json:"created_at"`
	SeenAt    time.Time      `json:"seen_at,omitzero"` // last sign-in

	hash, sealed string // password hash; second-factor secret, sealed
	lastStep     int64
	failures     int
	lockedUntil  time.Time
	orgActive    bool
}

// Actor is the account as the policy sees it.
func (a Account) Actor() access.Actor {
	return access.Actor{ID: a.ID, Name: a.Name, OrgID: a.OrgID, Domain: a.Domain, Roles: a.Roles, Lang: a.Lang, MaxTLP: a.MaxTLP}
}

// usable reports whether the account may act: it is active and its organisation is.
func (a Account) usable() bool { return a.State == Active && a.orgActive }

func (a Account) has(r access.Role) bool { return slices.Contains(a.Roles, r) }

// asked is bun.IDB or store.Kept.
type asked interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// read loads accounts a with organisation o under a condition, in order of login.
func read(ctx context.Context, db asked, cond string, args ...any) (list []Account, err error) {
	rows, err := db.QueryContext(ctx, `SELECT a.id, a.login, a.name, a.org_id, o.code, o.name, o.domain, o.max_tlp, o.active, a.lang, a.state, a.password_hash,
		a.totp_secret, a.totp_last_step, a.failures, a.locked_until, a.created_at, a.seen_at, COALESCE(r.role, '')
		FROM account a JOIN organisation o ON o.id = a.org_id LEFT JOIN account_role r ON r.account_id = a.id
		WHERE `+cond+` ORDER BY a.login, r.role`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a Account
		var name, role string
		var locked, created, seen int64
		if err := rows.Scan(&a.ID, &a.Login, &a.Name, &a.OrgID, &a.OrgCode, &name, &a.Domain, &a.MaxTLP, &a.orgActive, &a.Lang, &a.State, &a.hash,
			&a.sealed, &a.lastStep, &a.failures, &locked, &created, &seen, &role); err != nil {
			return nil, err
		}
		if n := len(list); n == 0 || list[n-1].ID != a.ID {
			a.OrgName, a.Factor = baqylau.ParseText(name), a.sealed != ""
			a.lockedUntil, a.CreatedAt, a.SeenAt = store.Time(locked), store.Time(created), store.Time(seen)
			list = append(list, a)
		}
		if last := &list[len(list)-1]; role != "" {
			last.Roles = append(last.Roles, access.Role(role))
		}
	}
	return list, rows.Err()
}

// one is read for a condition that at most one account meets. Code NotFound when none does.
func one(ctx context.Context, db asked, cond string, args ...any) (Account, error) {
	list, err := read(ctx, db, cond, args...)
	if err == nil && len(list) == 0 {
		err = store.One(sql.ErrNoRows)
	}
	if err != nil {
		return Account{}, err
	}
	return list[0], nil
}

// List returns every account in order of login.
func List(ctx context.Context, db bun.IDB) (_ []Account, err error) {
	defer baqylau.Wrap(&err, "account.List")
	return read(ctx, db, "1=1")
}

// fold is how logins are compared and kept.
func fold(login string) string { return strings.ToLower(strings.TrimSpace(login)) }
