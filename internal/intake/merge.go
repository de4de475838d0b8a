package intake

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
)

// Merge makes the two occurrences of a proposal one: the reports of the second move to the first, and from today the series count it
// once. Unmerge takes it back exactly. Code: Conflict when the proposal is decided or one of them was merged elsewhere meanwhile.
func (s *Service) Merge(ctx context.Context, actor access.Actor, proposalID string) (err error) {
	defer baqylau.Wrap(&err, "intake.Merge(%s)", proposalID)
	return s.decide(ctx, actor, proposalID, "proposed", "merged", func(ctx context.Context, tx *change.Tx, a, b string, _ []string) ([]string, error) {
		var moved []string
		if err := tx.NewRaw("SELECT id FROM report WHERE occurrence_id = ? ORDER BY id", b).Scan(ctx, &moved); err != nil {
			return nil, err
		}
		if err := move(ctx, tx, moved, a); err != nil {
			return nil, err
		}
		_, err := tx.NewRaw("UPDATE occurrence SET merged_into = ? WHERE id = ?", a, b).Exec(ctx)
		return moved, err
	})
}

// Unmerge moves the reports of a merge back to the second occurrence.
func (s *Service) Unmerge(ctx context.Context, actor access.Actor, proposalID string) (err error) {
	defer baqylau.Wrap(&err, "intake.Unmerge(%s)", proposalID)
	return s.decide(ctx, actor, proposalID, "merged", "proposed", func(ctx context.Context, tx *change.Tx, _, b string, moved []string) ([]string, error) {
		if _, err := tx.NewRaw("UPDATE occurrence SET merged_into = NULL WHERE id = ?", b).Exec(ctx); err != nil {
			return nil, err
		}
		for next := moved; len(next) > 0; { // versions of a moved report that came meanwhile belong to it, before and after it in the chain
			marks, args := store.In(next)
			var found []string
			if err := tx.NewRaw("SELECT id FROM report WHERE supersedes_id IN ("+marks+") UNION SELECT supersedes_id FROM report WHERE supersedes_id IS NOT NULL AND id IN ("+marks+") ORDER BY 1",
				append(slices.Clone(args), args...)...).Scan(ctx, &found); err != nil {
				return nil, err
			}
			next = slices.DeleteFunc(found, func(id string) bool { return slices.Contains(moved, id) })
			moved = append(moved, next...)
		}
		return nil, move(ctx, tx, moved, b)
	})
}

// Refuse records that the two are not one; the pair is not proposed again.
func (s *Service) Refuse(ctx context.Context, actor access.Actor, proposalID string) (err error) {
	defer baqylau.Wrap(&err, "intake.Refuse(%s)", proposalID)
	return s.decide(ctx, actor, proposalID, "proposed", "refused", func(context.Context, *change.Tx, string, string, []string) ([]string, error) { return nil, nil })
}

// Reconsider takes a refusal back: the pair is proposed again.
func (s *Service) Reconsider(ctx context.Context, actor access.Actor, proposalID string) (err error) {
	defer baqylau.Wrap(&err, "intake.Reconsider(%s)", proposalID)
	return s.decide(ctx, actor, proposalID, "refused", "proposed", func(context.Context, *change.Tx, string, string, []string) ([]string, error) { return nil, nil })
}

// move gives reports to another occurrence; a trigger of the table notes where sources meet (occurrence.only_source).
func move(ctx context.Context, tx *change.Tx, reports []string, to string) error {
	marks, args := store.In(reports)
	for _, sql := range []string{"UPDATE report SET occurrence_id = ? WHERE id IN (" + marks + ")", "UPDATE finding SET occurrence_id = ? WHERE report_id IN (" + marks + ")"} {
		if _, err := tx.NewRaw(sql, append([]any{to}, args...)...).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// decide moves a proposal from one state to another around act, and the series by what that changed.
func (s *Service) decide(ctx context.Context, actor access.Actor, id, from, to string,
	act func(ctx context.Context, tx *change.Tx, a, b string, moved []string) ([]string, error)) error {
	if err := bothSides(actor); err != nil {
		return err
	}
	book := s.Shelf.Book()
	return s.W.Do(ctx, actor, access.OccurrenceMrg, func(ctx context.Context, tx *change.Tx) error {
		var a, b, state, movedJSON string
		if err := tx.NewRaw("SELECT a_id, b_id FROM match_proposal WHERE id = ?", id).Scan(ctx, &a, &b); err != nil {
			return store.One(err)
		}
		if err := Hold(ctx, tx, a, b); err != nil {
			return err
		}
		if err := tx.NewRaw("SELECT state, moved FROM match_proposal WHERE id = ?", id).Scan(ctx, &state, &movedJSON); err != nil {
			return store.One(err)
		}
		var elsewhere int
		if err := tx.NewRaw(`SELECT count(*) FROM occurrence WHERE (id = ? AND merged_into IS NOT NULL) OR (id = ? AND merged_into IS NOT NULL AND merged_into <> ?)
			OR (id IN (?, ?) AND hidden AND ? = 'merged')`, a, b, a, a, b, to).Scan(ctx, &elsewhere); err != nil {
			return err
		}
		if state != from || elsewhere > 0 {
			return baqylau.E(baqylau.Conflict, "match.decided")
		}
		var moved []string
		if err := json.Unmarshal([]byte(movedJSON), &moved); err != nil {
			return err
		}
		before, err := Contributions(ctx, tx, book, []string{a, b})
		if err != nil {
			return err
		}
		if moved, err = act(ctx, tx, a, b, moved); err != nil {
			return err
		}
		after, err := Contributions(ctx, tx, book, []string{a, b})
		if err != nil {
			return err
		}
		delta := series.Cells{}
		was, is := map[string]standing{}, map[string]standing{} // a finding that moves is one finding
		for _, o := range []string{a, b} {
			for k, n := range after[o].Cells.Minus(before[o].Cells) {
				delta[k] += n
			}
			maps.Copy(was, before[o].findings)
			maps.Copy(is, after[o].findings)
		}
		if err := turn(ctx, tx, tx.Today(), was, is); err != nil {
			return err
		}
		if err := appendChange(ctx, tx, series.Change{Known: tx.Today(), Cells: delta}); err != nil {
			return err
		}
		kept, err := json.Marshal(moved)
		if err != nil {
			return err
		}
		if _, err := tx.NewRaw("UPDATE match_proposal SET state = ?, moved = ?, decided_by = ?, decided_at = ? WHERE id = ?", to, string(kept), actor.ID, tx.Now.UnixMicro(), id).Exec(ctx); err != nil {
			return err
		}
		tx.Subject("match_proposal", id, "", map[string]any{"from": from, "to": to, "a": a, "b": b, "reports": len(moved)})
		return nil
	})
}

// bothSides refuses an officer of an organisation on one side of the wall: a pair may have its other half beyond it. Code: Forbidden.
func bothSides(actor access.Actor) error {
	if actor.Domain == baqylau.HealthDomain || actor.Domain == baqylau.EnforcementDomain {
		return baqylau.E(baqylau.Forbidden, "match.one_side")
	}
	return nil
}
