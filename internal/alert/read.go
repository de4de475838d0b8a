package alert

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Get returns one version as the actor may see it. Codes: NotFound.
func Get(ctx context.Context, db bun.IDB, a access.Actor, id string) (_ Communication, err error) {
	defer baqylau.Wrap(&err, "alert.Get(%s)", id)
	scope, args := Scope(a)
	return one(ctx, db, "c.id = ? AND "+scope, append([]any{id}, args...)...)
}

// ByRef returns the newest issued version of a communication as the actor may see it. Codes: NotFound.
func ByRef(ctx context.Context, db bun.IDB, a access.Actor, ref string) (_ Communication, err error) {
	defer baqylau.Wrap(&err, "alert.ByRef(%s)", ref)
	c, err := one(ctx, db, "c.ref = ? AND c.issued_at > 0 ORDER BY c.version DESC", ref)
	if err != nil {
		return c, err
	}
	return Get(ctx, db, a, c.ID) // an older version may be wider than the newest one allows
}

// Versions returns all versions of a communication that the actor may see, newest first.
func Versions(ctx context.Context, db bun.IDB, a access.Actor, rootID string) ([]Communication, error) {
	scope, args := Scope(a)
	return query(ctx, db, "c.root_id = ? AND "+scope+" ORDER BY c.version DESC", append([]any{rootID}, args...)...)
}

// Current returns the n newest communications in force that the actor may see; the gravest of the same day go first.
func Current(ctx context.Context, db bun.IDB, a access.Actor, n int) (_ []Communication, err error) {
	defer baqylau.Wrap(&err, "alert.Current")
	scope, args := Scope(a)
	return query(ctx, db, "c.state = 'issued' AND "+scope+" ORDER BY c.issued_at DESC, c.id DESC LIMIT ?", append(args, n)...)
}

// ForSubstance returns the communications about a substance that the actor may see, newest first, one row for each version.
func ForSubstance(ctx context.Context, db bun.IDB, a access.Actor, substanceID string) (_ []Communication, err error) {
	defer baqylau.Wrap(&err, "alert.ForSubstance")
	scope, args := Scope(a)
	return query(ctx, db, "c.substance_id = ? AND c.state <> 'superseded' AND "+scope+" ORDER BY c.created_at DESC, c.id DESC LIMIT 200", append([]any{substanceID}, args...)...)
}

// ForSignal returns the communications drafted from a signal that the actor may see, newest first.
func ForSignal(ctx context.Context, db bun.IDB, a access.Actor, signalID string) (_ []Communication, err error) {
	defer baqylau.Wrap(&err, "alert.ForSignal")
	scope, args := Scope(a)
	return query(ctx, db, "c.signal_id = ? AND "+scope+" ORDER BY c.created_at DESC, c.id DESC LIMIT 200", append([]any{signalID}, args...)...)
}

// Event is one act in the life of a communication.
type Event struct {
	At        time.Time
	AccountID string
	By        string // name, "" for the system
	Act       string
	From, To  State
	Reason    string
	Version   int
}

// Events lists what happened to all versions of a communication, newest first.
func Events(ctx context.Context, db bun.IDB, rootID string) (list []Event, err error) {
	defer baqylau.Wrap(&err, "alert.Events")
	rows, err := db.QueryContext(ctx, `SELECT e.at, e.account_id, COALESCE(a.name,''), e.act, e.from_state, e.to_state, e.reason, c.version FROM communication_event e
		JOIN communication c ON c.id = e.communication_id LEFT JOIN account a ON a.id = e.account_id WHERE c.root_id = ? ORDER BY e.at DESC, e.id DESC`, rootID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var e Event
		var at int64
		if err := rows.Scan(&at, &e.AccountID, &e.By, &e.Act, &e.From, &e.To, &e.Reason, &e.Version); err != nil {
			return nil, err
		}
		e.At = store.Time(at)
		list = append(list, e)
	}
	return list, rows.Err()
}

// wrote tells whether a person wrote or changed this version.
func wrote(ctx context.Context, db bun.IDB, id, accountID string) (bool, error) {
	var n int
	err := db.NewRaw("SELECT count(*) FROM communication_event WHERE communication_id = ? AND account_id = ? AND act IN ('draft','edit','update')", id, accountID).Scan(ctx, &n)
	return n > 0, err
}
