package alert

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
)

// issue sends a cleared communication out: it gets its number, takes the place of the version before, and its letters are written.
func (s *Service) issue(ctx context.Context, tx *change.Tx, c *Communication, reason baqylau.Text) error {
	if err := s.sound(ctx, tx, *c); err != nil {
		return err
	}
	return s.release(ctx, tx, c, Issue, reason, "")
}

// emergency lets one approver clear and issue a red alert at once; an assessor has to look at it within a day.
func (s *Service) emergency(ctx context.Context, tx *change.Tx, c *Communication, reason baqylau.Text) error {
	if c.Severity != baqylau.Red {
		return baqylau.E(baqylau.Conflict, "alert.error.emergency_red")
	}
	if err := s.sound(ctx, tx, *c); err != nil {
		return err
	}
	c.Emergency = true
	// a review that has been done already stands; otherwise the clock runs
	if c.ReviewedBy == "" {
		if err := s.startClock(ctx, tx, *c); err != nil {
			return err
		}
	}
	return s.release(ctx, tx, c, Emergency, reason, "emergency = ?, cleared_by = ?", true, tx.Actor.ID)
}

func (s *Service) release(ctx context.Context, tx *change.Tx, c *Communication, act string, reason baqylau.Text, set string, args ...any) error {
	purpose := purposeIssued
	if c.SupersedesID != "" {
		before, err := one(ctx, tx, "c.id = ?", c.SupersedesID)
		if err != nil {
			return err
		}
		if before.State != Issued && before.State != Expired {
			return conflict()
		}
		if err := s.stopClock(ctx, tx, before.ID, false); err != nil {
			return err
		}
		if err := move(ctx, tx, &before, "superseded", Superseded, "", "ended_at = ?", tx.Now.UnixMicro()); err != nil {
			return err
		}
		purpose = purposeUpdated
	}
	if c.Ref == "" {
		country, err := Country(ctx, tx)
		if err != nil {
			return err
		}
		if c.Ref, err = tx.Ref(ctx, country+"-EWS-"+string(c.Type), 4); err != nil {
			return err
		}
	}
	c.IssuedAt = tx.Now
	if set != "" {
		set = ", " + set
	}
	args = append([]any{c.Ref, tx.Now.UnixMicro(), fold(c.Ref, c.Content)}, args...)
	if err := move(ctx, tx, c, act, Issued, reason.In(tx.Actor.Lang), "ref = ?, issued_at = ?, text_fold = ?"+set, args...); err != nil {
		return err
	}
	return s.tell(ctx, tx, *c, purpose)
}

func (s *Service) cancel(ctx context.Context, tx *change.Tx, c *Communication, reason baqylau.Text) error {
	if err := s.stopClock(ctx, tx, c.ID, false); err != nil {
		return err
	}
	c.EndedAt, c.EndReason = tx.Now, reason
	if err := move(ctx, tx, c, Cancel, Cancelled, reason.In(tx.Actor.Lang), "ended_at = ?, end_reason = ?", tx.Now.UnixMicro(), reason.JSON()); err != nil {
		return err
	}
	return s.tellAgain(ctx, tx, *c, purposeCancelled, nil)
}

// retract takes back what was wrong: every issued version becomes a tombstone with the reason, letters that have not gone out are held
// back, and everybody who was sent any version is told, whether or not they still receive letters.
func (s *Service) retract(ctx context.Context, tx *change.Tx, c *Communication, reason baqylau.Text) error {
	if err := s.stopClock(ctx, tx, c.ID, false); err != nil {
		return err
	}
	all, err := query(ctx, tx, "c.root_id = ? AND c.id <> ? ORDER BY c.version", c.RootID, c.ID)
	if err != nil {
		return err
	}
	for _, v := range all {
		to, act, set := Retracted, Retract, "ended_at = ?, end_reason = ?"
		if v.IssuedAt.IsZero() { // an update in preparation has lost its ground
			to, act = Refused, Refuse
		}
		if err := move(ctx, tx, &v, act, to, reason.In(tx.Actor.Lang), set, tx.Now.UnixMicro(), reason.JSON()); err != nil {
			return err
		}
	}
	c.EndedAt, c.EndReason = tx.Now, reason
	if err := move(ctx, tx, c, Retract, Retracted, reason.In(tx.Actor.Lang), "ended_at = ?, end_reason = ?", tx.Now.UnixMicro(), reason.JSON()); err != nil {
		return err
	}
	return s.tellAgain(ctx, tx, *c, purposeRetracted, nil)
}

// expireAct is the act of the clock in the journal; only the system does it.
const expireAct access.Act = "alert.expire"

// Expire ends the communications whose last day has passed and returns how many.
func (s *Service) Expire(ctx context.Context) (n int, err error) {
	defer baqylau.Wrap(&err, "alert.Expire")
	due, err := query(ctx, s.W.DB.Read, "c.state = 'issued' AND c.expires_at > 0 AND c.expires_at <= ? ORDER BY c.id", s.W.Now().UnixMicro())
	if err != nil {
		return 0, err
	}
	for _, c := range due {
		err := s.W.Do(ctx, access.TheSystem(), expireAct, func(ctx context.Context, tx *change.Tx) error {
			if err := s.stopClock(ctx, tx, c.ID, false); err != nil {
				return err
			}
			return move(ctx, tx, &c, "expire", Expired, "", "ended_at = ?", c.ExpiresAt.UnixMicro())
		})
		if baqylau.CodeOf(err) == baqylau.Conflict {
			continue // a person was faster
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
