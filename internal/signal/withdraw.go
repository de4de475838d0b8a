package signal

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Withdrawal is the end of a signal's evidence: no case it rests on counts any longer.
type Withdrawal struct {
	On     baqylau.Date `json:"on"`
	Undone bool         `json:"undone,omitempty"` // an import was undone; else reports were withdrawn or corrected
	Closed bool         `json:"closed,omitempty"` // nobody had worked on the signal, so the system closed it
}

// IsZero reports whether the evidence stands.
func (w Withdrawal) IsZero() bool { return w == Withdrawal{} }

// standsSQL is the condition under which the evidence of a signal s stands.
const standsSQL = `s.evidence NOT LIKE '%"withdrawn":%'`

// sentence says what became of the evidence.
func (w Withdrawal) sentence() Sentence {
	key := "signal.withdrawn"
	if w.Undone {
		key = "signal.withdrawn.undone"
	}
	return Sentence{Key: key, Args: map[string]any{"Day": w.On.String()}}
}

// gone finds the open signals of a country that the rules raised and of whose cases none counts any longer. What is closed tells what was known then.
func gone(ctx context.Context, db bun.IDB, book *registry.Book, country string) (map[string]bool, error) {
	list, err := query(ctx, db, "s.country = ? AND s.rule <> ? AND s.state IN ("+openStates+") AND "+standsSQL, country, Person)
	if err != nil {
		return nil, err
	}
	now, err := counting(ctx, db, book, list)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, sig := range list {
		if len(sig.behind) > 0 && len(now[sig.ID]) == 0 {
			out[sig.ID] = true
		}
	}
	return out, nil
}

// withdraw makes a signal say that its evidence is gone. Its clock stops, and if nobody has worked on it, it is closed.
func (s *Service) withdraw(ctx context.Context, tx *change.Tx, id string) error {
	sig, err := read(ctx, tx, id)
	if err != nil {
		return err
	}
	marks, args := store.In(sig.behind)
	var undone int
	if err := tx.NewRaw("SELECT count(*) FROM report r JOIN batch b ON b.id = r.batch_id WHERE b.state = 'undone' AND r.occurrence_id IN ("+marks+")", args...).Scan(ctx, &undone); err != nil {
		return err
	}
	w := Withdrawal{On: tx.Today(), Undone: undone > 0, Closed: sig.State == state.Detected && sig.OwnerID == "" && sig.Scores.By == ""}
	old, clock := sig.State, !sig.DueAt.IsZero()
	sig.Events, sig.DueAt, sig.Explanation = 0, time.Time{}, []Sentence{w.sentence()}
	sig.Evidence = Evidence{Occurrences: sig.Evidence.Occurrences, LastEvent: sig.Evidence.LastEvent, Fatal: sig.Evidence.Fatal, Lost: sig.Evidence.Lost, Withdrawn: w}
	if w.Closed { // not an act of the table, which is what people may do
		sig.State = state.Closed
	}
	if err := s.save(ctx, tx, &sig); err != nil {
		return err
	}
	if err := note(ctx, tx, sig.ID, Event{Act: "withdraw", From: old, To: sig.State, Detail: map[string]any{"undone": w.Undone, "closed": w.Closed}}); err != nil || !clock {
		return err
	}
	return s.alarm(ctx, tx, &sig, sig.Priority)
}

// revive opens a signal again that had lost its evidence, now that there is some: with a clock, and with letters if it is red.
func (s *Service) revive(ctx context.Context, tx *change.Tx, r row, c rules.Candidate) error {
	sig, err := read(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	old := sig.State
	if r.Withdrawn.Closed && sig.State == state.Closed {
		sig.State = state.Detected
	}
	if err := s.renew(ctx, tx, &sig, r, c); err != nil {
		return err
	}
	if sig.State != state.Decided && sig.State != state.FollowingUp {
		sig.DueAt = deadline(sig.Priority, tx.Now)
	}
	if err := s.save(ctx, tx, &sig); err != nil {
		return err
	}
	if err := note(ctx, tx, sig.ID, Event{Act: "grow", From: old, To: sig.State, Detail: map[string]any{"events": c.Events}}); err != nil {
		return err
	}
	return s.alarm(ctx, tx, &sig, "")
}
