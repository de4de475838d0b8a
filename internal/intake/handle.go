package intake

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
)

// step is one act in the life of a report (domain text, W1).
type step struct {
	name   string
	act    access.Act
	from   []string
	to     string
	reason bool // a text is required: the question, the answer, the reason
}

// open are the states in which a report still counts and can be worked on.
var open = []string{"submitted", "received", "clarification", "accepted", "linked"}

// steps is the whole life of a report after it was sent.
var steps = []step{
	{"receive", access.ReportHandle, []string{"submitted"}, "received", false},
	{"ask", access.ReportHandle, []string{"submitted", "received", "accepted", "linked"}, "clarification", true},
	{"answer", access.ReportAmend, []string{"clarification"}, "received", true},
	{"accept", access.ReportHandle, []string{"submitted", "received"}, "accepted", false},
	{"out_of_scope", access.ReportHandle, open, "out_of_scope", true},
	{"duplicate", access.ReportHandle, open, "duplicate", true},
	{"reopen", access.ReportHandle, []string{"out_of_scope", "duplicate"}, "received", true},
	{"retract", access.ReportAmend, open, "retracted", true},
}

// StepsFor lists the acts that the actor may do now on a report in a state.
func StepsFor(a access.Actor, r access.Row, state string) []string {
	var out []string
	for _, s := range steps {
		if slices.Contains(s.from, state) && access.MayRow(a, s.act, r) {
			out = append(out, s.name)
		}
	}
	return out
}

// Step moves a report by one act; text is the question, answer or reason. A report that stops counting (duplicate, out of scope,
// withdrawn) takes its part of the series with it, as known today. Codes: NotFound, Forbidden, Conflict when the state does not allow the act, Invalid without a reason.
func (s *Service) Step(ctx context.Context, actor access.Actor, reportID, name, text string) (err error) {
	defer baqylau.Wrap(&err, "intake.Step(%s, %s)", reportID, name)
	i := slices.IndexFunc(steps, func(st step) bool { return st.name == name })
	if i < 0 {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	st := steps[i]
	if st.reason && text == "" {
		return baqylau.E(baqylau.Invalid, "report.reason_missing").On("text")
	}
	if err := s.said(text); err != nil {
		return err
	}
	return s.W.Do(ctx, actor, st.act, func(ctx context.Context, tx *change.Tx) error {
		r, err := rowOf(ctx, tx, reportID)
		if err != nil {
			return err
		}
		if err := tx.Authorise(r.Row); err != nil {
			return err
		}
		if !slices.Contains(st.from, r.state) {
			return baqylau.E(baqylau.Conflict, "report.moved_on")
		}
		if err := Hold(ctx, tx, r.occurrence); err != nil {
			return err
		}
		book := s.Shelf.Book()
		before, err := Contribution(ctx, tx, book, r.occurrence)
		if err != nil {
			return err
		}
		if err := changeOne(ctx, tx, "report.moved_on", "UPDATE report SET state = ? WHERE id = ? AND state = ? AND COALESCE(occurrence_id,'') = ?", st.to, reportID, r.state, r.occurrence); err != nil {
			return err
		}
		if err := addEvent(ctx, tx, reportID, st.name, text, true); err != nil {
			return err
		}
		if slices.Contains(open, r.state) != slices.Contains(open, st.to) && r.occurrence != "" {
			if err := Recount(ctx, tx, book, r.occurrence, before, tx.Today()); err != nil {
				return err
			}
		}
		tx.Subject("report", reportID, r.OrgID, map[string]any{"step": name, "from": r.state, "to": st.to})
		return nil
	})
}

// Settle answers the question which substance an ambiguous name means, or dismisses it (substanceID ""). The finding is suspected, since a name is no analysis.
func (s *Service) Settle(ctx context.Context, actor access.Actor, questionID, key string) (err error) {
	defer baqylau.Wrap(&err, "intake.Settle(%s)", questionID)
	book := s.Shelf.Book()
	return s.W.Do(ctx, actor, access.ReportHandle, func(ctx context.Context, tx *change.Tx) error {
		var reportID, matched string
		if err := tx.NewRaw("SELECT report_id, matched FROM question WHERE id = ?", questionID).Scan(ctx, &reportID, &matched); err != nil {
			return store.One(err)
		}
		r, err := rowOf(ctx, tx, reportID)
		if err != nil {
			return err
		}
		if err := tx.Authorise(r.Row); err != nil {
			return err
		}
		f, known := answer(book, matched, key)
		next := "dismissed"
		if key != "" {
			next = "answered"
		}
		if err := Hold(ctx, tx, r.occurrence); err != nil {
			return err
		}
		// while this act waited the report may have been sent again, and the question with the text that raised it stands behind the newer one
		if err := changeOne(ctx, tx, "report.moved_on", "UPDATE question SET state = ?, answer_substance_id = ? WHERE id = ? AND report_id = ? AND state = 'open'",
			next, store.Null(key), questionID, reportID); err != nil {
			return err
		}
		if key != "" && !known {
			return baqylau.E(baqylau.Invalid, "error.choice").On("answer")
		}
		if key != "" && r.occurrence != "" { // a tip has none and is never counted: its answer stays with the question
			before, err := Contribution(ctx, tx, book, r.occurrence)
			if err != nil {
				return err
			}
			if err := insertFinding(ctx, tx, reportID, r.occurrence, f, tx.Today()); err != nil {
				return err
			}
			if err := Recount(ctx, tx, book, r.occurrence, before, tx.Today()); err != nil {
				return err
			}
		}
		if err := addEvent(ctx, tx, reportID, "settle", "", false); err != nil {
			return err
		}
		tx.Subject("report", reportID, r.OrgID, map[string]any{"question": questionID, "state": next})
		return nil
	})
}

// answer is the finding that the answer to a question stands for; ok is false for a key that is neither substance nor family.
func answer(book *registry.Book, matched, key string) (f Finding, ok bool) {
	f = Finding{Matched: matched, Role: "main", Level: baqylau.Presumptive, Confidence: baqylau.Suspected}
	if _, ok = book.Substance(key); ok {
		f.SubstanceID = key
	} else if _, ok = book.Family(key); ok {
		f.Family = key
	}
	return f, ok
}

// reportRow is what acts need to know of a report.
type reportRow struct {
	access.Row
	state, occurrence, kind string
}

func rowOf(ctx context.Context, tx *change.Tx, id string) (r reportRow, err error) {
	err = tx.NewRaw(`SELECT org_id, account_id, COALESCE(lab_org_id,''), domain, state, COALESCE(occurrence_id,''), kind FROM report WHERE id = ? AND `+Visible("report")+` AND superseded_on IS NULL`, id).
		Scan(ctx, &r.OrgID, &r.OwnerID, &r.Addressee, &r.Domain, &r.state, &r.occurrence, &r.kind)
	return r, store.One(err)
}

func addEvent(ctx context.Context, tx *change.Tx, reportID, act, text string, public bool) error {
	return addEventAs(ctx, tx, store.NewID(), reportID, act, text, public)
}

func addEventAs(ctx context.Context, tx *change.Tx, id, reportID, act, text string, public bool) error {
	_, err := tx.NewRaw("INSERT INTO report_event (id, report_id, at, account_id, act, text, public) VALUES (?, ?, ?, ?, ?, ?, ?)",
		id, reportID, tx.Now.UnixMicro(), tx.Actor.ID, act, text, public).Exec(ctx)
	return err
}

func insertFinding(ctx context.Context, tx *change.Tx, reportID, occurrenceID string, f Finding, known baqylau.Date) error {
	return addFinding(ctx, tx, store.NewID(), reportID, occurrenceID, f, known)
}

func addFinding(ctx context.Context, tx *change.Tx, id, reportID, occurrenceID string, f Finding, known baqylau.Date) error {
	var b bulk
	b.row(occurrenceID)
	b.more(f.row(id, reportID, known))
	return b.insert(ctx, tx, "finding", findingColumns)
}

// needsReason reports whether an act takes a text.
func needsReason(name string) bool {
	i := slices.IndexFunc(steps, func(s step) bool { return s.name == name })
	return i >= 0 && steps[i].reason
}
