package signal

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/signal/score"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/store"
)

// Done tells what an act led to.
type Done struct {
	Signal  Signal
	EventID string // of the step, for Undo; "" when it cannot be taken back
}

// before is what an undone act restores.
type before struct {
	State          state.State      `json:"state"`
	Owner          string           `json:"owner"`
	Scores         Scores           `json:"scores"`
	Priority       baqylau.Severity `json:"priority"`
	PriorityReason string           `json:"priority_reason"`
	Checks         Checks           `json:"checks"`
	Decision       Decision         `json:"decision"`
	DueAt          int64            `json:"due_at"`
}

func snapshot(s Signal) before {
	b := before{State: s.State, Owner: s.OwnerID, Scores: s.Scores, Priority: s.Priority, PriorityReason: s.PriorityReason, Checks: s.Checks, Decision: s.Decision}
	if !s.DueAt.IsZero() {
		b.DueAt = s.DueAt.UnixMicro()
	}
	return b
}

// act does one step on one signal: policy, label, token, fn, save, event. fn changes the signal and says what happened; before is kept
// with the event so that it can be taken back. Codes: as the policy, NotFound, Conflict for an old token or a state that does not allow it.
func (s *Service) act(ctx context.Context, actor access.Actor, a access.Act, id string, token int64, fn func(tx *change.Tx, sig *Signal) (Event, error)) (done Done, err error) {
	err = s.W.Do(ctx, actor, a, func(ctx context.Context, tx *change.Tx) error {
		sig, err := whole(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if token != 0 && sig.Token != token {
			return baqylau.E(baqylau.Conflict, "error.conflict")
		}
		old := snapshot(sig)
		e, err := fn(tx, &sig)
		if err != nil {
			return err
		}
		if err := s.save(ctx, tx, &sig); err != nil {
			return err
		}
		e.ID, e.From, e.To = store.NewID(), old.State, sig.State
		if e.Detail == nil {
			e.Detail = map[string]any{}
		}
		mailed := sig.Priority == baqylau.Red && old.Priority != baqylau.Red && s.Mail != nil
		if !mailed && e.Act != "advise" && e.Act != "undo" { // a letter cannot be taken back, and neither can advice
			e.Detail["before"], done.EventID = old, e.ID
		}
		if err := note(ctx, tx, id, e); err != nil {
			return err
		}
		if err := s.clock(ctx, tx, &sig, old); err != nil {
			return err
		}
		if err := s.looked(ctx, tx, &sig, old.State); err != nil {
			return err
		}
		tx.Subject("signal", id, "", map[string]any{"ref": sig.Ref, "act": e.Act, "from": string(old.State), "to": string(sig.State), "priority": string(sig.Priority)})
		done.Signal = sig.For(actor)
		return nil
	})
	return done, err
}

// clock makes the panel's clock and the letters follow what an act did.
func (s *Service) clock(ctx context.Context, tx *change.Tx, sig *Signal, old before) error {
	if due := !sig.DueAt.IsZero(); !due && old.DueAt == 0 || due && sig.DueAt.UnixMicro() == old.DueAt && sig.OwnerID == old.Owner {
		return nil
	}
	return s.alarm(ctx, tx, sig, old.Priority)
}

// move takes the signal to its next state by the table.
func (sig *Signal) move(a state.Act, reason string) (Event, error) {
	next, err := state.Next(sig.State, a, reason)
	if err != nil {
		return Event{}, err
	}
	sig.State = next
	return Event{Act: string(a), Reason: reason}, nil
}

// Take makes the actor the owner and, if nobody has begun, begins validation.
func (s *Service) Take(ctx context.Context, actor access.Actor, id string, token int64) (_ Done, err error) {
	defer baqylau.Wrap(&err, "signal.Take")
	return s.act(ctx, actor, access.SignalHandle, id, token, func(tx *change.Tx, sig *Signal) (Event, error) {
		if !sig.Open() {
			return Event{}, baqylau.E(baqylau.Conflict, "rules.error.act", "Act", "take", "State", string(sig.State))
		}
		e := Event{Act: "assign"}
		if sig.State == state.Detected {
			var err error
			if e, err = sig.move(state.Take, ""); err != nil {
				return e, err
			}
		}
		sig.OwnerID = actor.ID
		return e, nil
	})
}

// Assign gives the signal to another officer, or to nobody when account is "". Codes: Invalid on field "owner" for who is no officer.
func (s *Service) Assign(ctx context.Context, actor access.Actor, id string, token int64, account string) (_ Done, err error) {
	defer baqylau.Wrap(&err, "signal.Assign")
	return s.act(ctx, actor, access.SignalHandle, id, token, func(tx *change.Tx, sig *Signal) (Event, error) {
		if account != "" {
			var n int
			if err := tx.NewRaw("SELECT count(*) FROM account a JOIN account_role r ON r.account_id = a.id WHERE a.id = ? AND a.state = 'active' AND r.role = ?",
				account, string(access.Officer)).Scan(ctx, &n); err != nil {
				return Event{}, err
			}
			if n == 0 {
				return Event{}, baqylau.E(baqylau.Invalid, "signal.error.owner").On("owner")
			}
		}
		sig.OwnerID = account
		return Event{Act: "assign"}, nil
	})
}

// Validate finds the signal real. Every question must be answered; Invalid on "check_<question>" otherwise.
func (s *Service) Validate(ctx context.Context, actor access.Actor, id string, token int64, checks Checks, reason string) (_ Done, err error) {
	defer baqylau.Wrap(&err, "signal.Validate")
	return s.judge(ctx, actor, id, token, state.Validate, checks, reason)
}

// Refute finds the signal not real; the reason says why.
func (s *Service) Refute(ctx context.Context, actor access.Actor, id string, token int64, checks Checks, reason string) (_ Done, err error) {
	defer baqylau.Wrap(&err, "signal.Refute")
	return s.judge(ctx, actor, id, token, state.Refute, checks, reason)
}

func (s *Service) judge(ctx context.Context, actor access.Actor, id string, token int64, a state.Act, checks Checks, reason string) (Done, error) {
	return s.act(ctx, actor, access.SignalHandle, id, token, func(_ *change.Tx, sig *Signal) (Event, error) {
		if err := checks.complete(a == state.Validate); err != nil {
			return Event{}, err
		}
		e, err := sig.move(a, reason)
		if len(checks) > 0 {
			sig.Checks = checks
		}
		if sig.State == state.Refuted {
			sig.DueAt = time.Time{}
		}
		return e, err
	})
}

// Prioritise scores the signal. The priority is what the matrix advises unless override names another; that needs a reason. A
// changed priority starts its clock anew.
func (s *Service) Prioritise(ctx context.Context, actor access.Actor, id string, token int64, marks map[score.Dimension]Mark, override baqylau.Severity, reason string) (_ Done, err error) {
	defer baqylau.Wrap(&err, "signal.Prioritise")
	return s.act(ctx, actor, access.SignalHandle, id, token, func(tx *change.Tx, sig *Signal) (Event, error) {
		next := Scores{Marks: map[score.Dimension]Mark{}, By: actor.ID}
		m := score.Matrix{}
		for _, d := range score.Dimensions {
			var err error
			if m, err = m.With(d, marks[d].Value); err != nil {
				return Event{}, err
			}
			mark := Mark{Value: marks[d].Value, Note: marks[d].Note}
			if had := sig.Scores.Marks[d]; had.Value == mark.Value && mark.Note == "" { // the ground holds as long as the value does
				mark.Ground = had.Ground
			}
			next.Marks[d] = mark
		}
		e, err := sig.move(state.Prioritise, reason)
		if err != nil {
			return e, err
		}
		sig.Scores = next
		was := sig.Priority
		sig.Priority, sig.PriorityReason = s.advice(*sig), ""
		if override != "" && override != sig.Priority {
			if reason == "" {
				return e, baqylau.E(baqylau.Invalid, "signal.error.override").On("reason")
			}
			sig.Priority, sig.PriorityReason = override, reason
		}
		if sig.Priority != was || sig.DueAt.IsZero() {
			sig.DueAt = deadline(sig.Priority, tx.Now)
		}
		e.Detail = map[string]any{"total": m.Total(), "priority": string(sig.Priority)}
		return e, nil
	})
}

// Ask puts the signal before the panel.
func (s *Service) Ask(ctx context.Context, actor access.Actor, id string, token int64, reason string) (_ Done, err error) {
	defer baqylau.Wrap(&err, "signal.Ask")
	return s.act(ctx, actor, access.SignalHandle, id, token, func(_ *change.Tx, sig *Signal) (Event, error) { return sig.move(state.Assess, reason) })
}

// Advise records the advice of a panel member; it changes nothing else. Codes: Conflict unless the signal is prioritised or before
// the panel, Invalid on "reason" for empty advice.
func (s *Service) Advise(ctx context.Context, actor access.Actor, id string, token int64, advice string) (_ Done, err error) {
	defer baqylau.Wrap(&err, "signal.Advise")
	return s.act(ctx, actor, access.SignalAssess, id, token, func(_ *change.Tx, sig *Signal) (Event, error) {
		if sig.State != state.Prioritised && sig.State != state.Assessing {
			return Event{}, baqylau.E(baqylau.Conflict, "rules.error.act", "Act", "advise", "State", string(sig.State))
		}
		if advice == "" {
			return Event{}, baqylau.E(baqylau.Invalid, "rules.error.reason").On("reason")
		}
		e := Event{Act: "advise", Reason: advice}
		if actor.Has(access.Assessor) {
			e.Role = access.Assessor
		}
		return e, nil
	})
}

// Decide records the decision with its reason and stops the clock.
func (s *Service) Decide(ctx context.Context, actor access.Actor, id string, token int64, d Decision, reason string) (_ Done, err error) {
	defer baqylau.Wrap(&err, "signal.Decide")
	return s.act(ctx, actor, access.SignalDecide, id, token, func(tx *change.Tx, sig *Signal) (Event, error) {
		n, _, err := sig.since(ctx, tx, s.Shelf.Book())
		if err != nil {
			return Event{}, err
		}
		sig.Evidence.Lost = &n.Withdrawn
		e, err := sig.move(state.Decide, reason)
		sig.Decision, sig.DueAt = d, time.Time{}
		e.Detail = map[string]any{"decision": string(d)}
		return e, err
	})
}

// Follow begins follow-up of a decision.
func (s *Service) Follow(ctx context.Context, actor access.Actor, id string, token int64, reason string) (_ Done, err error) {
	defer baqylau.Wrap(&err, "signal.Follow")
	return s.act(ctx, actor, access.SignalHandle, id, token, func(_ *change.Tx, sig *Signal) (Event, error) { return sig.move(state.Follow, reason) })
}

// Close ends the work on a decided signal.
func (s *Service) Close(ctx context.Context, actor access.Actor, id string, token int64, reason string) (_ Done, err error) {
	defer baqylau.Wrap(&err, "signal.Close")
	return s.act(ctx, actor, access.SignalHandle, id, token, func(_ *change.Tx, sig *Signal) (Event, error) { return sig.move(state.Close, reason) })
}

// Reopen takes a refuted, decided or closed signal back to validation; its clock starts anew.
func (s *Service) Reopen(ctx context.Context, actor access.Actor, id string, token int64, reason string) (_ Done, err error) {
	defer baqylau.Wrap(&err, "signal.Reopen")
	return s.act(ctx, actor, access.SignalHandle, id, token, func(tx *change.Tx, sig *Signal) (Event, error) {
		e, err := sig.move(state.Reopen, reason)
		sig.DueAt = deadline(sig.Priority, tx.Now)
		return e, err
	})
}
