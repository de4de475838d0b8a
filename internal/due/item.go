// Package due is the one service for clocks: what has to be done, by whom, until when; reminders and escalation by mail, deputies,
// the duty roster, working days, and a calendar feed. Rooms open an item when a duty begins and close it when it is done.
package due

import (
	"context"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// Item is something that has to be done until a moment. It belongs to an account, or else to everyone of a role, within an
// organisation if one is named. The title is seen by all of them and by their deputies: it names the object, never a person.
type Item struct {
	ObjectType string       // what it is about: "signal", "breach", …
	ObjectID   string       //
	Kind       string       // what has to be done; one item of a kind is open per object
	Title      baqylau.Text // complete in three languages
	Path       string       // page where it is done
	AccountID  string       // who has to do it, "" for the role
	Role       access.Role  // who has to do it, or who else may when it escalates
	OrgID      string       // organisation whose members of the role are meant, "" for all
	DueAt      time.Time
	RemindAt   time.Time // when to remind, the zero time for never
	EscalateAt time.Time // when to tell the superiors, the zero time for never
}

// Open starts a clock inside an act. When the object has an open item of this kind already, that one gets the new values, and reminders
// count anew. Code Invalid for an item without object, kind, local path, time or anyone to do it.
func Open(ctx context.Context, tx *change.Tx, x Item) (err error) {
	defer baqylau.Wrap(&err, "due.Open(%s %s %s)", x.ObjectType, x.ObjectID, x.Kind)
	if x.ObjectType == "" || x.ObjectID == "" || x.Kind == "" || !strings.HasPrefix(x.Path, "/") || x.DueAt.IsZero() || x.AccountID == "" && x.Role == "" {
		return baqylau.E(baqylau.Invalid, "due.error.item")
	}
	_, err = tx.NewRaw(`INSERT INTO due_item (id, object_type, object_id, kind, title, path, account_id, role, org_id, due_at, remind_at, escalate_at, state, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)
		ON CONFLICT (object_type, object_id, kind) WHERE state = 'open' DO UPDATE SET title = excluded.title, path = excluded.path, account_id = excluded.account_id,
		role = excluded.role, org_id = excluded.org_id, due_at = excluded.due_at, remind_at = excluded.remind_at, escalate_at = excluded.escalate_at,
		reminded_at = 0, escalated_at = 0`,
		store.NewID(), x.ObjectType, x.ObjectID, x.Kind, x.Title.JSON(), x.Path, store.Null(x.AccountID), string(x.Role), store.Null(x.OrgID), x.DueAt.UnixMicro(),
		store.Micros(x.RemindAt), store.Micros(x.EscalateAt), tx.Now.UnixMicro()).Exec(ctx)
	return err
}

// Close ends the open item of a kind on an object, or all of the object's with kind ""; having none is no error.
func Close(ctx context.Context, tx *change.Tx, objectType, objectID, kind string) (err error) {
	defer baqylau.Wrap(&err, "due.Close(%s %s %s)", objectType, objectID, kind)
	_, err = tx.NewRaw("UPDATE due_item SET state = 'done', closed_at = ? WHERE object_type = ? AND object_id = ? AND state = 'open' AND (kind = ? OR ? = '')",
		tx.Now.UnixMicro(), objectType, objectID, kind, kind).Exec(ctx)
	return err
}
