package signal

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/uptrace/bun"
)

// lookWithin is how long who decided on a signal has to look at it again after cases behind it were withdrawn.
const lookWithin = 24 * time.Hour

// rests reports whether what was decided on a signal stands, so that it has to be looked at again when cases behind it are withdrawn. What is closed tells what was known then.
func rests(s state.State) bool { return s == state.Decided || s == state.FollowingUp }

// unheard finds the decided signals of a country behind which more cases are withdrawn than who decided has been told of, or fewer, or nobody has counted them.
func unheard(ctx context.Context, db bun.IDB, book *registry.Book, country string) (ids []string, err error) {
	list, err := query(ctx, db, "s.country = ? AND s.state IN ("+statesWhere(rests)+") ORDER BY s.id", country)
	if err != nil {
		return nil, err
	}
	now, err := counting(ctx, db, book, list)
	if err != nil {
		return nil, err
	}
	for _, sig := range list {
		if n, _ := sig.compare(now[sig.ID]); sig.Evidence.Lost == nil || n.Withdrawn != *sig.Evidence.Lost {
			ids = append(ids, sig.ID)
		}
	}
	return ids, nil
}

// lost asks who decided on a signal to look at it again, since further cases behind it have been withdrawn. Where none is withdrawn any longer, nobody has to look;
// nor where what an older program decided is counted for the first time.
func (s *Service) lost(ctx context.Context, tx *change.Tx, id string) error {
	sig, err := read(ctx, tx, id)
	if err != nil {
		return err
	}
	n, _, err := sig.since(ctx, tx, s.Shelf.Book())
	if err != nil {
		return err
	}
	further := sig.Evidence.Lost != nil && n.Withdrawn > *sig.Evidence.Lost
	sig.Evidence.Lost = &n.Withdrawn
	if err := s.save(ctx, tx, &sig); err != nil || s.Clocks == nil {
		return err
	}
	if !further {
		if n.Withdrawn == 0 {
			return s.Clocks.Looked(ctx, tx, id)
		}
		return nil
	}
	by, err := decider(ctx, tx, id)
	if err != nil {
		return err
	}
	say := func(l baqylau.Lang) string { return locale.TIn(l, "signal.due.lost", "Ref", sig.Ref) } // no number: it may be hidden from a deputy
	return s.Clocks.Look(ctx, tx, Clock{SignalID: id, Title: baqylau.Text{KK: say(baqylau.Kazakh), RU: say(baqylau.Russian), EN: say(baqylau.English)}, Path: "/signals/" + id,
		Owner: by, At: tx.Now.Add(lookWithin)})
}

// looked ends what lost asks for, when an act has taken the decision back or closed the signal.
func (s *Service) looked(ctx context.Context, tx *change.Tx, sig *Signal, old state.State) error {
	if s.Clocks == nil || !rests(old) || rests(sig.State) {
		return nil
	}
	return s.Clocks.Looked(ctx, tx, sig.ID)
}

// decider is the account that decided on a signal last; "" when it may decide no longer.
func decider(ctx context.Context, db bun.IDB, id string) (account string, err error) {
	err = db.NewRaw(`SELECT COALESCE(MAX(a.id), '') FROM account a WHERE a.state = 'active' AND EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = a.id AND r.role IN (?, ?))
		AND a.id = (SELECT e.account_id FROM signal_event e WHERE e.signal_id = ? AND e.act = ? ORDER BY e.at DESC, e.id DESC LIMIT 1)`,
		string(access.Officer), string(access.Approver), id, string(state.Decide)).Scan(ctx, &account)
	return account, err
}
