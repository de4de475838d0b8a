package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
)

// Correction is what a person says of the substances of a report: one more, one in the place of a finding, or that a finding is none.
type Correction struct {
	SubstanceID string        // "" takes Instead away
	Instead     string        // finding that gives way; "" adds
	Level       baqylau.Level // "" is presumptive
	Role        string        // code list finding-role; "" is main
	Reason      string
}

// Correct changes the substances of a report by hand: the centre when an answer or a test named what the text did not, or the sender. It counts from today, as an answer
// to a question does, and outlives the report being sent again: the finding bears the identifier of the line of history that brought it. What a laboratory of the network
// found only a laboratory changes. Codes: NotFound, Forbidden, Conflict when the report no longer counts or the finding has gone, Invalid for wrong fields.
func (s *Service) Correct(ctx context.Context, actor access.Actor, reportID string, c Correction) (err error) {
	defer baqylau.Wrap(&err, "intake.Correct(%s)", reportID)
	act, event := access.ReportAmend, "amend"
	if access.May(actor, access.ReportHandle) {
		act, event = access.ReportHandle, "correct"
	}
	book := s.Shelf.Book()
	if err := c.check(func(id string) bool { _, ok := book.Substance(id); return ok }); err != nil {
		return err
	}
	if err := s.said(c.Reason); err != nil {
		return err
	}
	return s.W.Do(ctx, actor, act, func(ctx context.Context, tx *change.Tx) error {
		r, err := rowOf(ctx, tx, reportID)
		if err != nil {
			return err
		}
		if err := tx.Authorise(r.Row); err != nil {
			return err
		}
		if !correctable(r.state, r.occurrence) {
			return baqylau.E(baqylau.Conflict, "report.moved_on")
		}
		if err := Hold(ctx, tx, r.occurrence); err != nil {
			return err
		}
		before, err := Contribution(ctx, tx, book, r.occurrence)
		if err != nil {
			return err
		}
		if c.Instead != "" {
			if err := changeOne(ctx, tx, "report.moved_on", "UPDATE finding SET superseded_on = ? WHERE id = ? AND report_id = ? AND superseded_on IS NULL AND lab_result_id IS NULL",
				tx.Today().String(), c.Instead, reportID); err != nil {
				return err
			}
		}
		line := store.NewID()
		if err := addEventAs(ctx, tx, line, reportID, event, c.Reason, true); err != nil {
			return err
		}
		if c.SubstanceID != "" {
			level := StatedLevel(c.Level, "")
			f := asStated([]Finding{{SubstanceID: c.SubstanceID, Role: c.Role, Level: level, Confidence: ConfidenceOf(level)}})[0]
			if err := addFinding(ctx, tx, line, reportID, r.occurrence, f, tx.Today()); err != nil {
				return err
			}
		}
		tx.Subject("report", reportID, r.OrgID, map[string]any{"substance": c.SubstanceID, "instead": c.Instead})
		return Recount(ctx, tx, book, r.occurrence, before, tx.Today())
	})
}

func (c Correction) check(known func(string) bool) error {
	var f web.Form
	if c.SubstanceID == "" && c.Instead == "" || c.SubstanceID != "" && !known(c.SubstanceID) {
		f.Bad("substance", "report.correct.choose")
	}
	if c.Level == baqylau.NotIdentified {
		f.Bad("level", "error.choice")
	}
	if c.Reason == "" {
		f.Bad("text", "report.reason_missing")
	}
	return f.Err()
}

// Reask opens a settled question again; the finding that its answer brought gives way until there is another. Codes: NotFound, Forbidden, Conflict when it is open, Invalid without a reason.
func (s *Service) Reask(ctx context.Context, actor access.Actor, questionID, reason string) (reportID string, err error) {
	defer baqylau.Wrap(&err, "intake.Reask(%s)", questionID)
	if err := s.said(reason); err != nil {
		return "", err
	}
	book := s.Shelf.Book()
	return reportID, s.W.Do(ctx, actor, access.ReportHandle, func(ctx context.Context, tx *change.Tx) error {
		var matched, key string
		if err := tx.NewRaw("SELECT report_id, matched, COALESCE(answer_substance_id,'') FROM question WHERE id = ?", questionID).Scan(ctx, &reportID, &matched, &key); err != nil {
			return store.One(err)
		}
		r, err := rowOf(ctx, tx, reportID)
		if err != nil {
			return err
		}
		if err := tx.Authorise(r.Row); err != nil {
			return err
		}
		if reason == "" {
			return baqylau.E(baqylau.Invalid, "report.reason_missing").On("text")
		}
		if err := Hold(ctx, tx, r.occurrence); err != nil {
			return err
		}
		before, err := Contribution(ctx, tx, book, r.occurrence)
		if err != nil {
			return err
		}
		if err := changeOne(ctx, tx, "report.moved_on", "UPDATE question SET state = 'open', answer_substance_id = NULL WHERE id = ? AND state <> 'open'", questionID); err != nil {
			return err
		}
		if key != "" {
			if _, err := tx.NewRaw("UPDATE finding SET superseded_on = ? WHERE report_id = ? AND matched = ? AND COALESCE(substance_id, family) = ? AND superseded_on IS NULL AND lab_result_id IS NULL",
				tx.Today().String(), reportID, matched, key).Exec(ctx); err != nil {
				return err
			}
		}
		if err := addEvent(ctx, tx, reportID, "reask", reason, false); err != nil {
			return err
		}
		tx.Subject("report", reportID, r.OrgID, map[string]any{"question": questionID, "state": "open"})
		if r.occurrence == "" {
			return nil
		}
		return Recount(ctx, tx, book, r.occurrence, before, tx.Today())
	})
}

// keepCorrections lets what a person added outlive the version it was added to, as what a laboratory found does (keepLab).
func keepCorrections(ctx context.Context, tx *change.Tx, versionID, reportID string) error {
	_, err := tx.NewRaw("UPDATE finding SET report_id = ? WHERE report_id = ? AND superseded_on IS NULL AND id IN (SELECT e.id FROM report_event e WHERE e.report_id = ?)",
		reportID, versionID, reportID).Exec(ctx)
	return err
}
