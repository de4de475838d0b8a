package due

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// byHand lists the kinds that ask a person to look at something: the person says when that is done. A room closes them only when there is nothing left to look at.
var byHand = []string{"lab_amended", "cases_withdrawn"}

// ByHand reports whether a person may close the item now: it is of a kind that asks for a look, and nothing on its object waits to be done.
func (x Listed) ByHand() bool { return slices.Contains(byHand, x.Kind) && !x.waits }

func (s *Service) unfinished(ctx context.Context, db bun.IDB, kind, objectID string) (bool, error) {
	if s.Unfinished == nil || !slices.Contains(byHand, kind) {
		return false, nil
	}
	return s.Unfinished(ctx, db, kind, objectID)
}

// Done closes an item that is closed by hand. Codes: NotFound for what is not there, not open, or not the actor's; Conflict for an item that closes with its own act,
// and while what it asks for is not done.
func (s *Service) Done(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "due.Done(%s)", id)
	return s.W.Do(ctx, actor, access.DueRead, func(ctx context.Context, tx *change.Tx) error {
		cond, args, err := scope(ctx, tx, actor, tx.Today())
		if err != nil {
			return err
		}
		var kind, object string
		if err := tx.NewRaw("SELECT d.kind, d.object_id FROM due_item d WHERE d.id = ? AND d.state = 'open' AND "+cond, append([]any{id}, args...)...).Scan(ctx, &kind, &object); err != nil {
			return store.One(err)
		}
		if !slices.Contains(byHand, kind) {
			return baqylau.E(baqylau.Conflict, "due.error.own_act")
		}
		waits, err := s.unfinished(ctx, tx, kind, object)
		if err != nil {
			return err
		}
		if waits {
			return baqylau.E(baqylau.Conflict, "due.error.unfinished")
		}
		tx.Subject("due_item", id, actor.OrgID, map[string]any{"kind": kind, "to": "done"})
		_, err = tx.NewRaw("UPDATE due_item SET state = 'done', closed_at = ? WHERE id = ? AND state = 'open'", tx.Now.UnixMicro(), id).Exec(ctx)
		return err
	})
}
