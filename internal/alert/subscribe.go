package alert

import (
	"context"
	"database/sql"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Subscription is an address that receives issued communications.
type Subscription struct {
	ID          string
	AccountID   string // "" for an address without an account
	OrgID       string
	OrgName     baqylau.Text
	Address     string
	Lang        baqylau.Lang
	MaxTLP      baqylau.TLP // never above that of the organisation
	MinSeverity baqylau.Severity
	Regions     []string // none is the whole country
	AckRequired bool     // each letter asks to confirm that it was read
	VerifiedAt  time.Time
	EndedAt     time.Time
}

// Subscribe sets what the actor receives at the address of their account. It needs no verification: the account was opened by a letter to it.
// Codes: Invalid, Unauthentic.
func (s *Service) Subscribe(ctx context.Context, actor access.Actor, sub Subscription) (err error) {
	defer baqylau.Wrap(&err, "alert.Subscribe")
	return s.W.Do(ctx, actor, access.SelfEdit, func(ctx context.Context, tx *change.Tx) error {
		if err := tx.NewRaw("SELECT login, org_id FROM account WHERE id = ?", actor.ID).Scan(ctx, &sub.Address, &sub.OrgID); err != nil {
			return store.One(err)
		}
		sub.AccountID, sub.AckRequired = actor.ID, false
		return put(ctx, tx, sub, "")
	})
}

// Add subscribes an address without an account on behalf of an organisation; it receives nothing until somebody follows the link in the
// letter that is sent to it. What a person set for their own account is never changed by it. Codes: Invalid, Forbidden, NotFound for the
// organisation, Conflict for an address that is subscribed already or was subscribed by its own person.
func (s *Service) Add(ctx context.Context, actor access.Actor, sub Subscription) (err error) {
	defer baqylau.Wrap(&err, "alert.Add")
	a, err := mail.ParseAddress(sub.Address)
	if err != nil || a.Name != "" || a.Address != sub.Address {
		return baqylau.E(baqylau.Invalid, "alert.error.address").On("address")
	}
	sub.Address, sub.AccountID = strings.ToLower(sub.Address), ""
	return s.W.Do(ctx, actor, access.AlertIssue, func(ctx context.Context, tx *change.Tx) error {
		token := newToken()
		if err := put(ctx, tx, sub, hashOf(token)); err != nil {
			return err
		}
		in := locale.With(ctx, sub.Lang)
		return s.Queue(ctx, tx, "verify", "", sub.Address, sub.Lang, locale.T(in, "alert.mail.verify.subject"), locale.T(in, "alert.mail.verify.body", "Address", s.BaseURL+"/subscribe/"+token))
	})
}

// put writes a subscription; an ended one of the same address and organisation lives again. hash is that of the verification link; ""
// verifies at once.
func put(ctx context.Context, tx *change.Tx, sub Subscription, hash string) error {
	var most baqylau.TLP
	var active bool
	if err := tx.NewRaw("SELECT max_tlp, active FROM organisation WHERE id = ?", sub.OrgID).Scan(ctx, &most, &active); err != nil {
		return store.One(err)
	}
	var es baqylau.Errors
	if !active {
		es = append(es, baqylau.E(baqylau.Invalid, "alert.error.organisation").On("org"))
	}
	if !sub.MaxTLP.Allows(most) {
		es = append(es, baqylau.E(baqylau.Invalid, "alert.error.max_tlp", "Label", string(most)).On("max_tlp"))
	}
	if !slices.Contains(baqylau.Severities, sub.MinSeverity) {
		es = append(es, baqylau.E(baqylau.Invalid, "alert.error.choose").On("min_severity"))
	}
	if _, ok := baqylau.ParseLang(string(sub.Lang)); !ok {
		es = append(es, baqylau.E(baqylau.Invalid, "alert.error.choose").On("lang"))
	}
	if err := es.OrNil(); err != nil {
		return err
	}
	if sub.AccountID == "" {
		if err := free(ctx, tx, sub); err != nil {
			return err
		}
	}
	now := tx.Now.UnixMicro()
	verified := int64(0)
	if hash == "" {
		verified = now
	}
	var id string // of the row there is, which may have lived before
	err := tx.NewRaw(`INSERT INTO subscription (id, account_id, org_id, address, lang, max_tlp, min_severity, regions, ack_required, token_hash, created_at, verified_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (address, org_id) DO UPDATE SET account_id = excluded.account_id, lang = excluded.lang, max_tlp = excluded.max_tlp,
		min_severity = excluded.min_severity, regions = excluded.regions, ack_required = excluded.ack_required, token_hash = excluded.token_hash,
		verified_at = excluded.verified_at, ended_at = 0
		WHERE excluded.account_id IS NOT NULL OR subscription.account_id IS NULL AND subscription.ended_at <> 0 RETURNING id`, store.NewID(), store.Null(sub.AccountID), sub.OrgID, sub.Address, string(sub.Lang), string(sub.MaxTLP), string(sub.MinSeverity),
		strings.Join(sub.Regions, ","), sub.AckRequired, hash, now, verified).Scan(ctx, &id)
	if errors.Is(err, sql.ErrNoRows) { // taken since free looked; that transaction has committed, so free now sees by whom
		if err := free(ctx, tx, sub); err != nil {
			return err
		}
		return baqylau.E(baqylau.Conflict, "alert.error.subscribed").On("address")
	}
	tx.Subject("subscription", id, sub.OrgID, map[string]any{"max_tlp": sub.MaxTLP, "outside": sub.AccountID == ""})
	return err
}

// free refuses an address that an officer may not enter: one that lives, and one that its own person has subscribed, even if they ended it.
func free(ctx context.Context, tx *change.Tx, sub Subscription) error {
	var living, owned int
	if err := tx.NewRaw(`SELECT count(CASE WHEN ended_at = 0 THEN 1 END), count(account_id) FROM subscription WHERE lower(address) = lower(?) AND org_id = ?`,
		sub.Address, sub.OrgID).Scan(ctx, &living, &owned); err != nil {
		return err
	}
	switch {
	case owned > 0:
		return baqylau.E(baqylau.Conflict, "alert.error.subscribed_own").On("address")
	case living > 0:
		return baqylau.E(baqylau.Conflict, "alert.error.subscribed").On("address")
	}
	return nil
}

// Unsubscribe ends a subscription: one's own, or any by an officer.
func (s *Service) Unsubscribe(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "alert.Unsubscribe")
	act := access.AlertIssue
	if !access.May(actor, act) {
		act = access.SelfEdit
	}
	return s.W.Do(ctx, actor, act, func(ctx context.Context, tx *change.Tx) error {
		var owner, org string
		if err := tx.NewRaw("SELECT COALESCE(account_id,''), org_id FROM subscription WHERE id = ? AND ended_at = 0", id).Scan(ctx, &owner, &org); err != nil {
			return store.One(err)
		}
		if owner != actor.ID && act == access.SelfEdit {
			return baqylau.E(baqylau.NotFound, "error.not_found")
		}
		return end(ctx, tx, id, org)
	})
}

func end(ctx context.Context, tx *change.Tx, id, org string) error {
	tx.Subject("subscription", id, org, map[string]any{"ended": true})
	_, err := tx.NewRaw("UPDATE subscription SET ended_at = ?, token_hash = '' WHERE id = ?", tx.Now.UnixMicro(), id).Exec(ctx)
	return err
}

// Verify confirms an address by the token of its link, once. Codes: NotFound for an unknown or used one.
func (s *Service) Verify(ctx context.Context, actor access.Actor, token string) (err error) {
	defer baqylau.Wrap(&err, "alert.Verify")
	return s.W.Do(ctx, actor, access.PublicRead, func(ctx context.Context, tx *change.Tx) error {
		var id, org string
		if err := tx.NewRaw("SELECT id, org_id FROM subscription WHERE token_hash = ? AND ended_at = 0", hashOf(token)).Scan(ctx, &id, &org); err != nil {
			return store.One(err)
		}
		tx.Subject("subscription", id, org, map[string]any{"verified": true})
		_, err := tx.NewRaw("UPDATE subscription SET verified_at = ?, token_hash = '' WHERE id = ?", tx.Now.UnixMicro(), id).Exec(ctx)
		return err
	})
}

// Subscriptions lists the living subscriptions: those of an account, or all when accountID is "".
func Subscriptions(ctx context.Context, db bun.IDB, accountID string) (list []Subscription, err error) {
	defer baqylau.Wrap(&err, "alert.Subscriptions")
	where, args := "1=1", []any(nil)
	if accountID != "" {
		where, args = "s.account_id = ?", []any{accountID}
	}
	rows, err := db.QueryContext(ctx, `SELECT s.id, COALESCE(s.account_id,''), s.org_id, o.name, s.address, s.lang, s.max_tlp, s.min_severity, s.regions, s.ack_required, s.verified_at
		FROM subscription s JOIN organisation o ON o.id = s.org_id WHERE s.ended_at = 0 AND `+where+` ORDER BY s.address, s.id`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v Subscription
		var org, regions string
		var verified int64
		if err := rows.Scan(&v.ID, &v.AccountID, &v.OrgID, &org, &v.Address, &v.Lang, &v.MaxTLP, &v.MinSeverity, &regions, &v.AckRequired, &verified); err != nil {
			return nil, err
		}
		v.OrgName, v.VerifiedAt = baqylau.ParseText(org), store.Time(verified)
		if regions != "" {
			v.Regions = strings.Split(regions, ",")
		}
		list = append(list, v)
	}
	return list, rows.Err()
}
