package alert

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Delivery is one letter about a communication and what became of it.
type Delivery struct {
	ID             string
	Version        int
	Purpose        string // issued, updated, superseded, cancelled, retracted
	OrgName        baqylau.Text
	Address        string
	Lang           baqylau.Lang
	State          string // queued, accepted, failed, withdrawn
	Tries          int
	LastError      string // catalogue key, "" for none
	CreatedAt      time.Time
	AcceptedAt     time.Time
	AckRequired    bool
	AcknowledgedAt time.Time
}

// Deliveries lists the letters about all versions of a communication, newest first.
func Deliveries(ctx context.Context, db bun.IDB, rootID string) (list []Delivery, err error) {
	defer baqylau.Wrap(&err, "alert.Deliveries")
	rows, err := db.QueryContext(ctx, `SELECT d.id, c.version, d.purpose, COALESCE(o.name,'{}'), d.address, d.lang, d.state, d.tries, d.last_error, d.created_at, d.accepted_at,
		d.ack_required, d.acknowledged_at FROM delivery d JOIN communication c ON c.id = d.communication_id LEFT JOIN organisation o ON o.id = d.org_id
		WHERE c.root_id = ? ORDER BY d.created_at DESC, d.address, d.id`, rootID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d Delivery
		var org string
		var created, accepted, acknowledged int64
		if err := rows.Scan(&d.ID, &d.Version, &d.Purpose, &org, &d.Address, &d.Lang, &d.State, &d.Tries, &d.LastError, &created, &accepted, &d.AckRequired, &acknowledged); err != nil {
			return nil, err
		}
		d.OrgName, d.CreatedAt, d.AcceptedAt, d.AcknowledgedAt = baqylau.ParseText(org), store.Time(created), store.Time(accepted), store.Time(acknowledged)
		list = append(list, d)
	}
	return list, rows.Err()
}

// Letter is what the link in a letter leads to.
type Letter struct {
	ID             string
	Ref            string
	AckRequired    bool
	AcknowledgedAt time.Time
	SubscriptionID string // of an address without an account, which can be ended here; "" otherwise
}

// LetterOf finds a letter by the token of its link. Codes: NotFound.
func LetterOf(ctx context.Context, db bun.IDB, token string) (l Letter, err error) {
	defer baqylau.Wrap(&err, "alert.LetterOf")
	var at int64
	err = db.NewRaw(`SELECT d.id, c.ref, d.ack_required, d.acknowledged_at, COALESCE(s.id,'') FROM delivery d JOIN communication c ON c.id = d.communication_id
		LEFT JOIN subscription s ON s.id = d.subscription_id AND s.account_id IS NULL AND s.ended_at = 0 WHERE d.ack_hash = ?`, hashOf(token)).
		Scan(ctx, &l.ID, &l.Ref, &l.AckRequired, &at, &l.SubscriptionID)
	l.AcknowledgedAt = store.Time(at)
	return l, store.One(err)
}

// Acknowledge records that a letter was read; doing it again changes nothing. Codes: NotFound.
func (s *Service) Acknowledge(ctx context.Context, actor access.Actor, token string) (err error) {
	defer baqylau.Wrap(&err, "alert.Acknowledge")
	return s.W.Do(ctx, actor, access.PublicRead, func(ctx context.Context, tx *change.Tx) error {
		l, err := LetterOf(ctx, tx, token)
		if err != nil {
			return err
		}
		tx.Subject("delivery", l.ID, "", map[string]any{"acknowledged": true})
		_, err = tx.NewRaw("UPDATE delivery SET acknowledged_at = ? WHERE id = ? AND acknowledged_at = 0", tx.Now.UnixMicro(), l.ID).Exec(ctx)
		return err
	})
}

// Leave ends the subscription of an address without an account by the link in one of its letters. Codes: NotFound.
func (s *Service) Leave(ctx context.Context, actor access.Actor, token string) (err error) {
	defer baqylau.Wrap(&err, "alert.Leave")
	return s.W.Do(ctx, actor, access.PublicRead, func(ctx context.Context, tx *change.Tx) error {
		l, err := LetterOf(ctx, tx, token)
		if err != nil {
			return err
		}
		if l.SubscriptionID == "" {
			return baqylau.E(baqylau.NotFound, "error.not_found")
		}
		return end(ctx, tx, l.SubscriptionID, "")
	})
}
