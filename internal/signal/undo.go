package signal

import (
	"context"
	"encoding/json"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// undoWithin is how long the one who acted may take an act back.
const undoWithin = 10 * time.Minute

// Undo takes the last step of a signal back: only its author, within ten minutes, and only while nothing has followed. Codes: Conflict
// otherwise.
func (s *Service) Undo(ctx context.Context, actor access.Actor, id, eventID string) (_ Done, err error) {
	defer baqylau.Wrap(&err, "signal.Undo")
	return s.act(ctx, actor, access.SignalRead, id, 0, func(tx *change.Tx, sig *Signal) (Event, error) {
		steps, err := steps(ctx, tx, id)
		if err != nil {
			return Event{}, err
		}
		if len(steps) == 0 || steps[0].ID != eventID || steps[0].Account != actor.ID || tx.Now.Sub(steps[0].At) > undoWithin || steps[0].Detail["before"] == nil {
			return Event{}, baqylau.E(baqylau.Conflict, "signal.error.undo")
		}
		doc, err := json.Marshal(steps[0].Detail["before"])
		if err != nil {
			return Event{}, err
		}
		var b before
		if err := json.Unmarshal(doc, &b); err != nil {
			return Event{}, err
		}
		sig.State, sig.OwnerID, sig.Scores, sig.Priority, sig.PriorityReason = b.State, b.Owner, b.Scores, b.Priority, b.PriorityReason
		sig.Checks, sig.Decision, sig.DueAt = b.Checks, b.Decision, store.Time(b.DueAt)
		return Event{Act: "undo"}, nil
	})
}
