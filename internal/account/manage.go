package account

import (
	"context"
	"errors"
	netmail "net/mail"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// NewAccount is what an account begins with.
type NewAccount struct {
	Login    string // e-mail address
	Name     string
	Org      string // code or identifier of the organisation
	Roles    []access.Role
	Lang     baqylau.Lang // Kazakh when empty; of the letters, see Chosen
	Chosen   bool         // somebody chose Lang for this person; else each sign-in makes it that of the page
	Password string       // "" leaves the account invited, without a password
	Demo     bool         // of a demonstration: its password is public on purpose, so that no rule holds
}

// Add creates an account, from the command line on the server itself. Codes: Invalid with the field, Conflict when the login exists.
func Add(ctx context.Context, w *change.Writer, n NewAccount) (_ Account, err error) {
	defer baqylau.Wrap(&err, "account.Add")
	var a Account
	err = w.Do(ctx, access.TheSystem(), access.AccountEdit, func(ctx context.Context, tx *change.Tx) (err error) {
		a, err = create(ctx, tx, n)
		return err
	})
	return a, err
}

// create checks and writes a new account inside an act.
func create(ctx context.Context, tx *change.Tx, n NewAccount) (a Account, err error) {
	n.Login = fold(n.Login)
	if n.Lang == "" {
		n.Lang = baqylau.Kazakh
	}
	var errs baqylau.Errors
	if at, err := netmail.ParseAddress(n.Login); err != nil || at.Address != n.Login || len(n.Login) > 200 {
		errs = append(errs, baqylau.E(baqylau.Invalid, "account.error.login").On("login"))
	}
	if n.Name == "" {
		errs = append(errs, baqylau.E(baqylau.Invalid, "error.required").On("name"))
	}
	if e := checkRoles(n.Roles); e != nil {
		errs = append(errs, e)
	}
	orgID, err := organisation(ctx, tx, n.Org)
	if e := (*baqylau.Error)(nil); errors.As(err, &e) {
		errs = append(errs, e)
	} else if err != nil {
		return a, err
	}
	state, hash := Invited, ""
	if n.Password != "" {
		var e *baqylau.Error
		if !n.Demo && errors.As(checkPassword("password", n.Password, n.Login), &e) {
			errs = append(errs, e)
		}
		state, hash = Active, hashOf(n.Password)
	}
	if err := errs.OrNil(); err != nil {
		return a, err
	}
	id := store.NewID()
	_, err = tx.NewRaw(`INSERT INTO account (id, login, name, org_id, lang, lang_own, state, password_hash, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, n.Login, n.Name, orgID, string(n.Lang), n.Chosen, string(state), hash, tx.Now.UnixMicro()).Exec(ctx)
	if store.IsUnique(err) {
		return a, baqylau.E(baqylau.Conflict, "account.error.login_taken").On("login")
	}
	if err != nil {
		return a, err
	}
	if err := setRoles(ctx, tx, id, n.Roles); err != nil {
		return a, err
	}
	tx.Subject("account", id, orgID, map[string]any{"state": string(state), "roles": n.Roles})
	return one(ctx, tx, "a.id = ?", id)
}

func checkRoles(roles []access.Role) *baqylau.Error {
	if len(roles) == 0 {
		return baqylau.E(baqylau.Invalid, "account.error.no_role").On("roles")
	}
	for _, r := range roles {
		if !slices.Contains(access.Roles, r) {
			return baqylau.E(baqylau.Invalid, "error.choice").On("roles")
		}
	}
	return nil
}

// organisation finds the identifier of an active organisation by code or identifier. Code Invalid at "org".
func organisation(ctx context.Context, tx *change.Tx, org string) (id string, err error) {
	err = store.One(tx.NewRaw("SELECT id FROM organisation WHERE (id = ? OR code = ?) AND active", org, org).Scan(ctx, &id))
	if baqylau.CodeOf(err) == baqylau.NotFound {
		return "", baqylau.E(baqylau.Invalid, "account.error.organisation").On("org")
	}
	return id, err
}

func setRoles(ctx context.Context, tx *change.Tx, id string, roles []access.Role) error {
	if _, err := tx.NewRaw("DELETE FROM account_role WHERE account_id = ?", id).Exec(ctx); err != nil {
		return err
	}
	for _, r := range slices.Compact(slices.Sorted(slices.Values(roles))) {
		if _, err := tx.NewRaw("INSERT INTO account_role (account_id, role) VALUES (?, ?)", id, string(r)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ResetPassword sets another password from the command line and ends every session; an invited account becomes active. It also ends
// a pause after wrong tries. Codes: NotFound, Invalid at "password".
func ResetPassword(ctx context.Context, w *change.Writer, login, password string) (err error) {
	defer baqylau.Wrap(&err, "account.ResetPassword")
	if err := checkPassword("password", password, fold(login)); err != nil {
		return err
	}
	return w.Do(ctx, access.TheSystem(), access.AccountEdit, func(ctx context.Context, tx *change.Tx) error {
		a, err := one(ctx, tx, "a.login = ?", fold(login))
		if err != nil {
			return err
		}
		if _, err := tx.NewRaw("UPDATE account SET password_hash = ?, state = 'active', failures = 0, locked_until = 0 WHERE id = ?", hashOf(password), a.ID).Exec(ctx); err != nil {
			return err
		}
		_, err = end(ctx, tx, a.ID, "")
		tx.Subject("account", a.ID, a.OrgID, map[string]any{"password": "reset"})
		return err
	})
}

// Disable shuts an account by login: its sessions, links and tokens end with the act. Codes: NotFound, Conflict for the last administrator.
func Disable(ctx context.Context, w *change.Writer, login string) (err error) {
	defer baqylau.Wrap(&err, "account.Disable")
	return w.Do(ctx, access.TheSystem(), access.AccountEdit, func(ctx context.Context, tx *change.Tx) error {
		a, err := one(ctx, tx, "a.login = ?", fold(login))
		if err != nil {
			return err
		}
		return disable(ctx, tx, a)
	})
}

func disable(ctx context.Context, tx *change.Tx, a Account) error {
	if _, err := tx.NewRaw("UPDATE account SET state = 'disabled' WHERE id = ?", a.ID).Exec(ctx); err != nil {
		return err
	}
	if err := oneAdministrator(ctx, tx, a); err != nil {
		return err
	}
	for _, q := range []string{"DELETE FROM session WHERE account_id = ?", "DELETE FROM one_time_link WHERE account_id = ?", "DELETE FROM api_token WHERE account_id = ?",
		"DELETE FROM calendar_token WHERE account_id = ?"} {
		if _, err := tx.NewRaw(q, a.ID).Exec(ctx); err != nil {
			return err
		}
	}
	tx.Subject("account", a.ID, a.OrgID, map[string]any{"state": string(Disabled)})
	return nil
}

// oneAdministrator refuses an act that took the last administrator away. Code Conflict.
func oneAdministrator(ctx context.Context, tx *change.Tx, before Account) error {
	if !before.has(access.Administrator) || before.State != Active {
		return nil
	}
	var n int
	err := tx.NewRaw("SELECT count(*) FROM account a JOIN account_role r ON r.account_id = a.id WHERE a.state = 'active' AND r.role = ?", string(access.Administrator)).Scan(ctx, &n)
	if err == nil && n == 0 {
		err = baqylau.E(baqylau.Conflict, "account.error.last_administrator")
	}
	return err
}
