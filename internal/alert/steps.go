package alert

import (
	"context"
	"slices"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// The acts in the life of a communication (domain text, W8).
const (
	Submit    = "submit"    // to the science review
	Review    = "review"    // an assessor has found the content sound; on an emergency alert, afterwards
	Return    = "return"    // an assessor gives it back with remarks
	Clear     = "clear"     // a second person clears it
	Refuse    = "refuse"    // that person refuses it
	Issue     = "issue"     // it goes out
	Emergency = "emergency" // one approver clears and issues a red one; an assessor reviews it within ReviewWithin
	Revise    = "update"    // a new version is begun
	Cancel    = "cancel"    // no longer needed
	Retract   = "retract"   // it was wrong
)

// ReviewWithin is how soon an alert issued by the emergency path has to be reviewed.
const ReviewWithin = 24 * time.Hour

// step says who may do an act, in which states, and whether it needs a text.
type step struct {
	name   string
	act    access.Act
	from   []State
	reason bool
	run    func(s *Service, ctx context.Context, tx *change.Tx, c *Communication, reason baqylau.Text) error
}

// steps is the whole life of a communication besides writing it.
var steps = []step{
	{Submit, access.AlertDraft, []State{Drafted}, false, (*Service).submit},
	{Review, access.AlertReview, []State{InReview, Issued}, false, (*Service).review},
	{Clear, access.AlertClear, []State{InReview}, false, (*Service).clear},
	{Issue, access.AlertIssue, []State{Cleared}, false, (*Service).issue},
	{Return, access.AlertReview, []State{InReview}, true, (*Service).giveBack},
	{Refuse, access.AlertClear, []State{InReview, Cleared}, true, (*Service).refuse},
	{Emergency, access.AlertClear, []State{Drafted, InReview}, true, (*Service).emergency},
	{Revise, access.AlertDraft, []State{Issued}, false, (*Service).revise},
	{Cancel, access.AlertIssue, []State{Issued}, true, (*Service).cancel},
	{Retract, access.AlertRetract, []State{Issued, Expired, Cancelled}, true, (*Service).retract},
}

// StepsFor lists the acts that the actor may do now on a communication. The emergency path is offered where it applies: to a red one with
// nothing missing, which this person could not just as well clear after the review.
func StepsFor(a access.Actor, c Communication) []string {
	var out []string
	for _, st := range steps {
		if !slices.Contains(st.from, c.State) || !access.May(a, st.act) {
			continue
		}
		switch st.name {
		case Review:
			if c.ReviewedBy != "" || c.DraftedBy == a.ID || c.State == Issued && (!c.Emergency || c.ClearedBy == a.ID) {
				continue
			}
		case Clear:
			if c.ReviewedBy == "" || c.DraftedBy == a.ID {
				continue
			}
		case Emergency:
			if c.Severity != baqylau.Red || len(Missing(c.Draft)) > 0 || slices.Contains(out, Clear) {
				continue
			}
		}
		out = append(out, st.name)
	}
	return out
}

// Step does one act; reason is the text that goes with it: one language for what stays inside, as many as there are for a cancellation
// or retraction, which is published. token is that of the state the person saw, 0 for whatever there is. It returns the identifier of the
// communication to show next. Codes: NotFound, Forbidden, Conflict when the state does not allow the act, Invalid.
func (s *Service) Step(ctx context.Context, actor access.Actor, id string, token int64, name string, reason baqylau.Text) (_ string, err error) {
	defer baqylau.Wrap(&err, "alert.Step(%s, %s)", id, name)
	i := slices.IndexFunc(steps, func(st step) bool { return st.name == name })
	if i < 0 {
		return "", baqylau.E(baqylau.NotFound, "error.not_found")
	}
	st := steps[i]
	err = s.W.Do(ctx, actor, st.act, func(ctx context.Context, tx *change.Tx) error {
		c, err := lock(ctx, tx, id, token)
		if err != nil {
			return err
		}
		if !slices.Contains(st.from, c.State) {
			return conflict()
		}
		if st.reason && reason == (baqylau.Text{}) {
			return baqylau.E(baqylau.Invalid, "alert.error.reason").On(reasonField(name))
		}
		if err := st.run(s, ctx, tx, &c, reason); err != nil {
			return err
		}
		id = c.ID
		return nil
	})
	return id, err
}

// reasonField is the first field of the form of an act that takes a text.
func reasonField(name string) string {
	if name == Cancel || name == Retract {
		return name + "_kk"
	}
	return name + "_reason"
}

func (s *Service) submit(ctx context.Context, tx *change.Tx, c *Communication, reason baqylau.Text) error {
	return move(ctx, tx, c, Submit, InReview, reason.In(tx.Actor.Lang), "reviewed_by = NULL")
}

func (s *Service) review(ctx context.Context, tx *change.Tx, c *Communication, reason baqylau.Text) error {
	if c.ReviewedBy != "" || c.State == Issued && !c.Emergency {
		return conflict()
	}
	if err := second(ctx, tx, *c); err != nil {
		return err
	}
	if c.State == Issued {
		if c.ClearedBy == tx.Actor.ID {
			return baqylau.E(baqylau.Forbidden, "alert.error.own")
		}
		if err := s.stopClock(ctx, tx, c.ID, true); err != nil {
			return err
		}
	}
	return move(ctx, tx, c, Review, c.State, reason.In(tx.Actor.Lang), "reviewed_by = ?", tx.Actor.ID)
}

func (s *Service) giveBack(ctx context.Context, tx *change.Tx, c *Communication, reason baqylau.Text) error {
	return move(ctx, tx, c, Return, Drafted, reason.In(tx.Actor.Lang), "reviewed_by = NULL")
}

func (s *Service) clear(ctx context.Context, tx *change.Tx, c *Communication, reason baqylau.Text) error {
	if c.ReviewedBy == "" {
		return baqylau.E(baqylau.Conflict, "alert.error.not_reviewed")
	}
	if err := second(ctx, tx, *c); err != nil {
		return err
	}
	if err := s.sound(ctx, tx, *c); err != nil {
		return err
	}
	return move(ctx, tx, c, Clear, Cleared, reason.In(tx.Actor.Lang), "cleared_by = ?", tx.Actor.ID)
}

func (s *Service) refuse(ctx context.Context, tx *change.Tx, c *Communication, reason baqylau.Text) error {
	return move(ctx, tx, c, Refuse, Refused, reason.In(tx.Actor.Lang), "cleared_by = NULL")
}

// second is the two-person rule: whoever wrote a word of this version can neither review nor clear it.
func second(ctx context.Context, tx *change.Tx, c Communication) error {
	own, err := wrote(ctx, tx, c.ID, tx.Actor.ID)
	if err == nil && (own || c.DraftedBy == tx.Actor.ID) {
		err = baqylau.E(baqylau.Forbidden, "alert.error.own")
	}
	return err
}

// sound refuses what must not go out: gaps, a day of validity that has passed, and an update that would leave the readers of the public
// page with the old version.
func (s *Service) sound(ctx context.Context, tx *change.Tx, c Communication) error {
	if err := withPhotos(ctx, tx, &c); err != nil {
		return err
	}
	es := Missing(c.Draft)
	if !c.ExpiresAt.IsZero() && !c.ExpiresAt.After(tx.Now) {
		es = append(es, baqylau.E(baqylau.Invalid, "alert.error.expired").On("expires"))
	}
	if c.SupersedesID != "" {
		before, err := one(ctx, tx, "c.id = ?", c.SupersedesID)
		if err != nil {
			return err
		}
		if before.Open() && !c.Public {
			es = append(es, baqylau.E(baqylau.Invalid, "alert.error.stays_public").On("public"))
		}
	}
	return es.OrNil()
}

// revise begins a new version with the text of the one in force, which stays in force until the new one is issued.
func (s *Service) revise(ctx context.Context, tx *change.Tx, c *Communication, _ baqylau.Text) error {
	id := store.NewID()
	if err := insert(ctx, tx, id, c.RootID, c.Version+1, c.Ref, c.ID, Revise, c.Draft); err != nil {
		return err
	}
	if err := copyPhotos(ctx, tx, c.ID, id); err != nil {
		return err
	}
	c.ID = id
	return nil
}

func (s *Service) startClock(ctx context.Context, tx *change.Tx, c Communication) error {
	if s.Clocks == nil {
		return nil
	}
	t := c.Content[Title]
	whole := baqylau.Text{KK: t.In(baqylau.Kazakh), RU: t.In(baqylau.Russian), EN: t.In(baqylau.English)} // a clock needs a name in every language
	return s.Clocks.Start(ctx, tx, Clock{CommunicationID: c.ID, Kind: "emergency_review", Title: whole, Path: "/alerts/" + c.ID, At: tx.Now.Add(ReviewWithin)})
}

func (s *Service) stopClock(ctx context.Context, tx *change.Tx, id string, done bool) error {
	if s.Clocks == nil {
		return nil
	}
	return s.Clocks.Stop(ctx, tx, id, "emergency_review", done)
}
