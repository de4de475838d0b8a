package account

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
)

// Invite creates an account without a password and makes its invitation. With a mail server the link is mailed and link is "";
// otherwise it is returned once, for the administrator to hand over. Codes as Add.
func (s *Service) Invite(ctx context.Context, actor access.Actor, n NewAccount) (a Account, link string, err error) {
	n.Password, n.Chosen = "", true
	err = s.act(ctx, actor, access.AccountEdit, func(ctx context.Context, tx *change.Tx) (err error) {
		if a, err = create(ctx, tx, n); err != nil {
			return err
		}
		link, err = s.hand(ctx, tx, a, Invitation)
		return err
	})
	return a, link, err
}

// hand makes a link and mails it, or returns it when there is no mail server.
func (s *Service) hand(ctx context.Context, tx *change.Tx, a Account, p Purpose) (string, error) {
	token, err := s.issue(ctx, tx, a.ID, p)
	if err != nil {
		return "", err
	}
	if s.Mail != nil {
		return "", s.mail(ctx, tx, a, p, token)
	}
	return s.address(token), nil
}

// Link makes another link for an account, as an administrator who has checked who asks. An invitation goes to invited accounts, the
// other purposes to active ones. Codes: NotFound, Conflict.
func (s *Service) Link(ctx context.Context, actor access.Actor, id string, p Purpose) (link string, err error) {
	err = s.act(ctx, actor, access.AccountEdit, func(ctx context.Context, tx *change.Tx) error {
		a, err := one(ctx, tx, "a.id = ?", id)
		if err != nil {
			return err
		}
		if want := map[Purpose]State{Invitation: Invited, NewPassword: Active, SecondFactor: Active}[p]; a.State != want {
			return baqylau.E(baqylau.Conflict, "account.error.link_state")
		}
		tx.Subject("account", a.ID, a.OrgID, map[string]any{"link": string(p)})
		link, err = s.hand(ctx, tx, a, p)
		return err
	})
	return link, err
}

// Change sets name, organisation and roles of an account. Whoever loses or gains a role signs in anew, so that the rules for second
// factors hold. Nobody changes their own roles. Codes: NotFound, Invalid, Forbidden, Conflict for the last administrator.
func (s *Service) Change(ctx context.Context, actor access.Actor, id, name, org string, roles []access.Role) error {
	return s.act(ctx, actor, access.AccountEdit, func(ctx context.Context, tx *change.Tx) error {
		a, err := one(ctx, tx, "a.id = ?", id)
		if err != nil {
			return err
		}
		if id == actor.ID {
			return baqylau.E(baqylau.Forbidden, "account.error.own_roles")
		}
		if name == "" {
			return baqylau.E(baqylau.Invalid, "error.required").On("name")
		}
		if e := checkRoles(roles); e != nil {
			return e
		}
		orgID, err := organisation(ctx, tx, org)
		if err != nil {
			return err
		}
		if _, err := tx.NewRaw("UPDATE account SET name = ?, org_id = ? WHERE id = ?", name, orgID, id).Exec(ctx); err != nil {
			return err
		}
		if err := setRoles(ctx, tx, id, roles); err != nil {
			return err
		}
		if err := oneAdministrator(ctx, tx, a); err != nil {
			return err
		}
		_, err = end(ctx, tx, id, "")
		tx.Subject("account", id, orgID, map[string]any{"roles": roles})
		return err
	})
}

// SetDisabled shuts an account or opens it again; opening leaves it without a password when it had none. Nobody shuts their own.
// Codes: NotFound, Forbidden, Conflict for the last administrator.
func (s *Service) SetDisabled(ctx context.Context, actor access.Actor, id string, shut bool) error {
	return s.act(ctx, actor, access.AccountEdit, func(ctx context.Context, tx *change.Tx) error {
		a, err := one(ctx, tx, "a.id = ?", id)
		switch {
		case err != nil:
			return err
		case id == actor.ID:
			return baqylau.E(baqylau.Forbidden, "account.error.own_account")
		case shut:
			return disable(ctx, tx, a)
		}
		state := Active
		if a.hash == "" {
			state = Invited
		}
		_, err = tx.NewRaw("UPDATE account SET state = ?, failures = 0, locked_until = 0 WHERE id = ? AND state = 'disabled'", string(state), id).Exec(ctx)
		tx.Subject("account", id, a.OrgID, map[string]any{"state": string(state)})
		return err
	})
}
