package signal

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// amended is the cause of a reopening that no person gave a reason for; the page says it in the reader's language.
const amended = "lab_amended"

// Unsettled reports whether a signal that rests on a report's occurrence waits to be validated, as one does that Shaken has reopened.
func Unsettled(ctx context.Context, db bun.IDB, reportID string) (_ bool, err error) {
	defer baqylau.Wrap(&err, "signal.Unsettled(%s)", reportID)
	var occurrence string
	if err := db.NewRaw("SELECT COALESCE(occurrence_id,'') FROM report WHERE id = ?", reportID).Scan(ctx, &occurrence); err != nil || occurrence == "" {
		return false, store.One(err)
	}
	list, err := query(ctx, db, "s.state IN (?, ?) AND s.evidence LIKE ?", string(state.Detected), string(state.Validating), `%"`+occurrence+`"%`)
	return len(list) > 0, err
}

// Shaken reopens what was judged on a report whose laboratory result has been corrected since: every signal with its occurrence among the evidence that
// was refuted, decided, followed up or closed is to be validated again, with its clock. It runs inside the act that releases the correction.
func (s *Service) Shaken(ctx context.Context, tx *change.Tx, reportID string) (err error) {
	defer baqylau.Wrap(&err, "signal.Shaken(%s)", reportID)
	var occurrence string
	if err := tx.NewRaw("SELECT COALESCE(occurrence_id,'') FROM report WHERE id = ?", reportID).Scan(ctx, &occurrence); err != nil {
		return store.One(err)
	}
	if occurrence == "" {
		return nil
	}
	list, err := query(ctx, tx, "s.state IN (?, ?, ?, ?) AND s.evidence LIKE ? ORDER BY s.id", string(state.Refuted), string(state.Decided), string(state.FollowingUp), string(state.Closed),
		`%"`+occurrence+`"%`)
	if err != nil {
		return err
	}
	for _, sig := range list {
		old := sig.State
		e, err := sig.move(state.Reopen, amended)
		if err != nil {
			return err
		}
		e.Reason, e.Role, e.From, e.To, e.Detail = "", access.System, old, sig.State, map[string]any{"cause": amended}
		sig.DueAt = deadline(sig.Priority, tx.Now)
		if err := s.save(ctx, tx, &sig); err != nil {
			return err
		}
		if err := note(ctx, tx, sig.ID, e); err != nil {
			return err
		}
		if err := s.alarm(ctx, tx, &sig, sig.Priority); err != nil {
			return err
		}
		if err := s.looked(ctx, tx, &sig, old); err != nil {
			return err
		}
	}
	return nil
}
