package signal

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/uptrace/bun"
)

// urgency orders open signals: those whose evidence is gone last, then by severity, our own before outside ones, then by deadline, then those without a clock; at one deadline what is new before what
// rises, in the order of rules.Types, which tells nothing of counts. It stays below 2^53, so that a cursor keeps it exactly.
const urgency = `(((CASE s.priority WHEN 'red' THEN 0 WHEN 'amber' THEN 2 WHEN 'yellow' THEN 4 ELSE 6 END) + (CASE WHEN s.outside THEN 1 ELSE 0 END) + (CASE WHEN ` + standsSQL + ` THEN 0 ELSE 8 END)) * 10000000000 +
	(CASE WHEN s.due_at = 0 THEN 9999999999 ELSE s.due_at / 1000000 END)) * 10 +
	(CASE s.rule WHEN 'first_country' THEN 0 WHEN 'first_fatal' THEN 1 WHEN 're_emergence' THEN 2 WHEN 'first_region' THEN 3 ELSE 4 END)`

// Scope is the SQL condition under which an actor sees signals s: the policy, and labels up to that of the actor's organisation.
func Scope(a access.Actor) (string, []any) {
	if !access.May(a, access.SignalRead) {
		return "1=0", nil
	}
	sql, args := "s.tlp IN (NULL", []any(nil)
	for _, t := range baqylau.TLPs {
		if t.Allows(a.MaxTLP) {
			sql, args = sql+",?", append(args, string(t))
		}
	}
	return sql + ")", args
}

// Get returns one signal as the actor may see it. Codes: NotFound, Forbidden, Unauthentic.
func Get(ctx context.Context, db bun.IDB, a access.Actor, id string) (_ Signal, err error) {
	defer baqylau.Wrap(&err, "signal.Get")
	s, err := whole(ctx, db, a, id)
	return s.For(a), err
}

// whole is Get with nothing hidden, for acts that write the signal back.
func whole(ctx context.Context, db bun.IDB, a access.Actor, id string) (Signal, error) {
	if err := access.Check(a, access.SignalRead); err != nil {
		return Signal{}, err
	}
	s, err := read(ctx, db, id)
	if err == nil && !s.TLP.Allows(a.MaxTLP) {
		err = baqylau.E(baqylau.NotFound, "error.not_found")
	}
	if err != nil {
		return Signal{}, err
	}
	return s, nil
}

// shown reads signals as the actor may see them.
func shown(ctx context.Context, db bun.IDB, a access.Actor, rest string, args ...any) ([]Signal, error) {
	list, err := query(ctx, db, rest, args...)
	for i := range list {
		list[i] = list[i].For(a)
	}
	return list, err
}

// Open returns the n most urgent signals without a decision, whose evidence stands, that the actor may see, for the overview.
func Open(ctx context.Context, db bun.IDB, a access.Actor, n int) (_ []Signal, err error) {
	defer baqylau.Wrap(&err, "signal.Open")
	scope, args := Scope(a)
	return shown(ctx, db, a, scope+" AND s.state IN ("+undecidedStates+") AND "+standsSQL+" ORDER BY "+urgency+", s.id LIMIT ?", append(args, n)...)
}

// Tally is how many signals wait.
type Tally struct {
	Open    int // all without a decision
	Red     int
	Mine    int // owned by the actor
	Overdue int // past their deadline
}

// Counts tallies the signals without a decision, whose evidence stands, that the actor may see; now is in microseconds since 1970.
func Counts(ctx context.Context, db bun.IDB, a access.Actor, now int64) (t Tally, err error) {
	defer baqylau.Wrap(&err, "signal.Counts")
	scope, args := Scope(a)
	err = db.NewRaw(`SELECT count(*), COALESCE(SUM(CASE WHEN s.priority = 'red' THEN 1 ELSE 0 END),0), COALESCE(SUM(CASE WHEN s.owner_id = ? THEN 1 ELSE 0 END),0),
		COALESCE(SUM(CASE WHEN s.due_at > 0 AND s.due_at < ? THEN 1 ELSE 0 END),0) FROM signal s WHERE s.state IN (`+undecidedStates+`) AND `+standsSQL+` AND `+scope,
		append([]any{a.ID, now}, args...)...).Scan(ctx, &t.Open, &t.Red, &t.Mine, &t.Overdue)
	return t, err
}

// ForSubstance returns the signals about a substance that the actor may see, newest first.
func ForSubstance(ctx context.Context, db bun.IDB, a access.Actor, substanceID string) (_ []Signal, err error) {
	defer baqylau.Wrap(&err, "signal.ForSubstance")
	scope, args := Scope(a)
	return shown(ctx, db, a, scope+" AND s.substance_id = ? ORDER BY s.raised_on DESC, s.id DESC LIMIT 200", append(args, substanceID)...)
}
