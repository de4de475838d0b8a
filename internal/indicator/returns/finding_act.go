package returns

import (
	"context"
	"slices"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/due"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

// answerDays is how many working days a sender has to answer.
const answerDays = 10

// turns are the states from which each act leads to its state.
var turns = map[State][]State{
	Returned: {Open, Answered},
	Answered: {Returned},
	Resolved: {Open, Returned, Answered},
	Open:     {Returned, Answered, Resolved},
}

// Can reports whether a finding may be brought into a state.
func (f *Finding) Can(to State) bool { return slices.Contains(turns[to], f.State) }

// Return asks the senders of findings a question. Each sender gets one due item. Codes: Forbidden; Invalid without a question; NotFound; Conflict where one of them is beyond that.
func (s *Service) Return(ctx context.Context, actor access.Actor, ids []string, question string) (err error) {
	defer baqylau.Wrap(&err, "returns.Return")
	return s.move(ctx, actor, access.CheckResolve, Returned, ids, question)
}

// Answer is what the sender of a returned finding says. Codes as Return.
func (s *Service) Answer(ctx context.Context, actor access.Actor, id, answer string) (err error) {
	defer baqylau.Wrap(&err, "returns.Answer(%s)", id)
	return s.move(ctx, actor, access.CheckAnswer, Answered, []string{id}, answer)
}

// Resolve ends findings with a note that says what was found. Nothing is corrected by it. Codes as Return.
func (s *Service) Resolve(ctx context.Context, actor access.Actor, ids []string, note string) (err error) {
	defer baqylau.Wrap(&err, "returns.Resolve")
	return s.move(ctx, actor, access.CheckResolve, Resolved, ids, note)
}

// Reopen takes a finding up again, with the reason. Codes as Return.
func (s *Service) Reopen(ctx context.Context, actor access.Actor, id, reason string) (err error) {
	defer baqylau.Wrap(&err, "returns.Reopen(%s)", id)
	return s.move(ctx, actor, access.CheckResolve, Open, []string{id}, reason)
}

func (s *Service) move(ctx context.Context, actor access.Actor, act access.Act, to State, ids []string, words string) error {
	switch {
	case words == "":
		return baqylau.E(baqylau.Invalid, "error.required").On("words")
	case len(ids) == 0:
		return baqylau.E(baqylau.Invalid, "checks.error.none").On("id")
	}
	calendar, err := due.LoadCalendar(ctx, s.W.DB.Read)
	if err != nil {
		return err
	}
	return s.W.Do(ctx, actor, act, func(ctx context.Context, tx *change.Tx) error {
		word := string(to)
		if to == Open {
			word = "reopened"
		}
		var orgs []string
		for _, id := range ids {
			f, err := load(ctx, tx, actor, act, id)
			if err != nil {
				return err
			}
			if to == Returned && f.OrgID == "" {
				return baqylau.E(baqylau.Conflict, "checks.error.no_sender")
			}
			if !f.Can(to) {
				return baqylau.E(baqylau.Conflict, "checks.error.state")
			}
			// the state is asked again by the write itself: another person may have moved it meanwhile
			if err := store.Changed(tx.NewRaw("UPDATE check_finding SET state = ?, moved_at = ?, account_id = ? WHERE id = ? AND state = ?", string(to), tx.Now.UnixMicro(), actor.ID, id, string(f.State)).Exec(ctx)); err != nil {
				return err
			}
			if _, err := tx.NewRaw("INSERT INTO check_word (id, finding_id, act, words, org_id, account_id, said_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
				store.NewID(), id, word, words, actor.OrgID, actor.ID, tx.Now.UnixMicro()).Exec(ctx); err != nil {
				return err
			}
			if !slices.Contains(orgs, f.OrgID) {
				orgs = append(orgs, f.OrgID)
			}
		}
		owner := actor.OrgID
		if len(orgs) == 1 {
			owner = orgs[0]
		}
		tx.Subject("check_finding", ids[0], owner, map[string]any{"to": word, "findings": len(ids)})
		for _, org := range orgs {
			if err := remind(ctx, tx, org, calendar.Deadline(tx.Now, answerDays), to == Returned); err != nil {
				return err
			}
		}
		return nil
	})
}

// remind keeps one due item for a sender and each role by which its people can answer, as long as something waits for an answer. A question asked later moves the term of them all.
func remind(ctx context.Context, tx *change.Tx, org string, until time.Time, asked bool) error {
	var n int
	if err := tx.NewRaw("SELECT count(*) FROM check_finding WHERE org_id = ? AND state = 'returned'", org).Scan(ctx, &n); err != nil {
		return err
	}
	if n == 0 {
		return due.Close(ctx, tx, "returned", org, "")
	}
	if !asked {
		return nil
	}
	roles, err := answerers(ctx, tx, org)
	if err != nil {
		return err
	}
	for _, role := range roles {
		if err := due.Open(ctx, tx, due.Item{ObjectType: "returned", ObjectID: org, Kind: "answer_" + string(role), Title: dueTitle(), Path: minePath, Role: role, OrgID: org,
			DueAt: until, RemindAt: until.Add(-2 * 24 * time.Hour)}); err != nil {
			return err
		}
	}
	return nil
}

func dueTitle() baqylau.Text {
	in := func(l baqylau.Lang) string { return locale.TIn(l, "checks.due") }
	return baqylau.Text{KK: in(baqylau.Kazakh), RU: in(baqylau.Russian), EN: in(baqylau.English)}
}
