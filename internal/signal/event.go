package signal

import (
	"context"
	"encoding/json"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Event is one step in the life of a signal.
type Event struct {
	ID      string
	At      time.Time
	Account string
	Role    access.Role
	Act     string // a state.Act, or detect, grow, create, assign, advise, undo
	From    state.State
	To      state.State
	Reason  string
	Detail  map[string]any
}

// note adds an event by the actor of tx.
func note(ctx context.Context, tx *change.Tx, signalID string, e Event) error {
	detail := []byte("{}")
	if e.Detail != nil {
		var err error
		if detail, err = json.Marshal(e.Detail); err != nil {
			return err
		}
	}
	if e.ID == "" {
		e.ID = store.NewID()
	}
	role := e.Role
	if role == "" {
		role = roleOf(tx.Actor)
	}
	_, err := tx.NewRaw(`INSERT INTO signal_event (id, signal_id, at, account_id, role, act, from_state, to_state, reason, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, signalID, tx.Now.UnixMicro(), tx.Actor.ID, string(role), e.Act, string(e.From), string(e.To), e.Reason, string(detail)).Exec(ctx)
	return err
}

// roleOf is the role in which an actor does this room's acts.
func roleOf(a access.Actor) access.Role {
	for _, r := range []access.Role{access.System, access.Officer, access.Approver, access.Assessor, access.Liaison} {
		if a.Has(r) {
			return r
		}
	}
	return access.Public
}

// Timeline returns what happened to a signal, newest first, as the actor may see it.
func Timeline(ctx context.Context, db bun.IDB, a access.Actor, sig Signal) (list []Event, err error) {
	defer baqylau.Wrap(&err, "signal.Timeline")
	list, err = steps(ctx, db, sig.ID)
	for _, e := range list {
		delete(e.Detail, "before") // kept for Undo alone
		if n, ok := e.Detail["events"].(float64); ok && (sig.Hidden || sig.hides(a, int(n))) {
			delete(e.Detail, "events")
		}
	}
	return list, err
}

// steps reads the events of a signal whole, newest first.
func steps(ctx context.Context, db bun.IDB, signalID string) (list []Event, err error) {
	rows, err := db.QueryContext(ctx, `SELECT id, at, account_id, role, act, from_state, to_state, reason, detail FROM signal_event
		WHERE signal_id = ? ORDER BY at DESC, id DESC`, signalID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var e Event
		var at int64
		var detail string
		if err := rows.Scan(&e.ID, &at, &e.Account, &e.Role, &e.Act, &e.From, &e.To, &e.Reason, &detail); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(detail), &e.Detail); err != nil {
			return nil, err
		}
		e.At = store.Time(at)
		list = append(list, e)
	}
	return list, rows.Err()
}
