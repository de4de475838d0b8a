package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
)

// Undo takes a whole import back in one transaction: its reports are withdrawn and hidden, reports they replaced come back, and the series get the
// negatives with the days on which the rows had been known, also for rows that were replaced meanwhile, so that no as-of view ever saw them; where people have worked on the occurrence since, it is
// taken back as of today. Occurrences that have been merged or reported by others meanwhile keep what the others said, and laboratory findings stay. Codes: Conflict unless the batch is applied or staged.
func (s *Service) Undo(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "intake.Undo(%s)", id)
	book := s.Shelf.Book()
	return s.W.Do(ctx, actor, access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
		b, err := s.BatchByID(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if b.State == "staged" {
			return s.end(ctx, tx, b, "cancelled", "")
		}
		if err := hold(ctx, tx, b.ID, "applied", "state = 'undone', undone_at = ?", tx.Now.UnixMicro()); err != nil {
			if baqylau.CodeOf(err) == baqylau.Conflict {
				return baqylau.E(baqylau.Conflict, "import.not_applied")
			}
			return err
		}
		if err := alone(ctx, tx, b); err != nil { // what another file is about to replace must not change under it
			return err
		}
		t, err := s.targetOf(b)
		if err != nil {
			return err
		}
		if t != nil {
			tx.Subject("batch", b.ID, b.OrgID, map[string]any{"state": "undone"})
			return t.Undo(ctx, tx, t.origin)
		}
		ids, err := occurrencesOf(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		before := map[string]Counted{}
		for at := 0; at < len(ids); at += chunkRows {
			some := keys(ids[at:min(at+chunkRows, len(ids))])
			if err := Hold(ctx, tx, some...); err != nil {
				return err
			}
			part, err := Contributions(ctx, tx, book, some)
			if err != nil {
				return err
			}
			for k, v := range part {
				before[k] = v
			}
		}
		moved, err := retell(ctx, tx, book, b.ID)
		if err != nil {
			return err
		}
		if err := withdraw(ctx, tx, book, b.ID); err != nil {
			return err
		}
		if err := s.undoSeries(ctx, tx, ids, before, moved); err != nil {
			return err
		}
		tx.Subject("batch", b.ID, b.OrgID, map[string]any{"state": "undone", "occurrences": len(ids)})
		return nil
	})
}

// withdraw hides the reports of a batch and gives those whose content it had replaced their earlier content back. A version of the batch that was itself
// replaced meanwhile is taken out of the chain: its successor now follows its predecessor.
func withdraw(ctx context.Context, tx *change.Tx, book *registry.Book, batchID string) error {
	const ofBatch = "SELECT id FROM report WHERE batch_id = ?"
	const replaced = "SELECT supersedes_id FROM report WHERE batch_id = ? AND superseded_on IS NOT NULL"
	if err := forBatch(ctx, tx, batchID,
		`UPDATE finding SET superseded_on = (SELECT y.superseded_on FROM report y WHERE y.batch_id = ? AND y.supersedes_id = finding.report_id)
			WHERE report_id IN (`+replaced+`) AND superseded_on = (SELECT x.superseded_on FROM report x WHERE x.id = finding.report_id)`,
		`UPDATE report SET superseded_on = (SELECT y.superseded_on FROM report y WHERE y.batch_id = ? AND y.supersedes_id = report.id)
			WHERE id IN (`+replaced+`)`,
		`UPDATE report SET supersedes_id = (SELECT y.supersedes_id FROM report y WHERE y.id = report.supersedes_id AND y.batch_id = ?)
			WHERE supersedes_id IN (`+ofBatch+`)`); err != nil {
		return err
	}
	var pairs []struct{ ID, SupersedesID string }
	if err := tx.NewRaw("SELECT id, supersedes_id FROM report WHERE batch_id = ? AND superseded_on IS NULL AND supersedes_id IS NOT NULL ORDER BY id", batchID).Scan(ctx, &pairs); err != nil {
		return err
	}
	for _, p := range pairs {
		if err := restore(ctx, tx, book, p.ID, p.SupersedesID); err != nil {
			return err
		}
	}
	return forBatch(ctx, tx, batchID, "UPDATE report SET hidden = TRUE, state = 'retracted', source_ref = NULL WHERE batch_id = ?",
		// one that is merged away may get reports back
		`UPDATE occurrence SET hidden = TRUE WHERE batch_id = ? AND merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM report r WHERE r.occurrence_id = occurrence.id AND NOT r.hidden)`)
}

// forBatch runs statements whose every argument is the batch.
func forBatch(ctx context.Context, tx *change.Tx, batchID string, statements ...string) error {
	for _, sql := range statements {
		args := make([]any, strings.Count(sql, "?"))
		for i := range args {
			args[i] = batchID
		}
		if _, err := tx.NewRaw(sql, args...).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// touched is an occurrence of a batch and the day its report became known, or today when people have worked on it since.
type touched struct {
	id    string
	known baqylau.Date
}

func occurrencesOf(ctx context.Context, tx *change.Tx, batchID string) ([]touched, error) {
	rows, err := tx.QueryContext(ctx, "SELECT r.occurrence_id, MIN(r.known_on), MAX(CASE WHEN "+workedOn("r.occurrence_id")+" THEN 1 ELSE 0 END) FROM report r"+
		" WHERE r.batch_id = ? AND r.occurrence_id IS NOT NULL GROUP BY r.occurrence_id ORDER BY r.occurrence_id", batchID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []touched
	for rows.Next() {
		var t touched
		var known string
		var worked int
		if err := rows.Scan(&t.id, &known, &worked); err != nil {
			return nil, err
		}
		if t.known = baqylau.MustDate(known); worked > 0 && tx.Today().After(t.known) {
			t.known = tx.Today()
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

func keys(ts []touched) []string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = t.id
	}
	return out
}

// undoSeries appends what the occurrences lost, on the days the rows had been known, to what is lost already.
func (s *Service) undoSeries(ctx context.Context, tx *change.Tx, ids []touched, before map[string]Counted, lost map[baqylau.Date]series.Cells) error {
	for at := 0; at < len(ids); at += chunkRows {
		part := ids[at:min(at+chunkRows, len(ids))]
		after, err := Contributions(ctx, tx, s.Shelf.Book(), keys(part))
		if err != nil {
			return err
		}
		was, is := map[baqylau.Date]map[string]standing{}, map[baqylau.Date]map[string]standing{}
		for _, t := range part {
			if lost[t.known] == nil {
				lost[t.known] = series.Cells{}
			}
			if was[t.known] == nil {
				was[t.known], is[t.known] = map[string]standing{}, map[string]standing{}
			}
			maps.Copy(was[t.known], before[t.id].findings)
			maps.Copy(is[t.known], after[t.id].findings)
			for k, n := range after[t.id].Cells.Minus(before[t.id].Cells) {
				lost[t.known][k] += n
			}
		}
		for known := range was {
			if err := turn(ctx, tx, known, was[known], is[known]); err != nil {
				return err
			}
		}
	}
	countries := map[string]bool{}
	for known, cells := range lost {
		if err := series.Append(ctx, tx.Tx, series.Change{Known: known, Cells: cells}); err != nil {
			return err
		}
		for k := range cells {
			countries[k.Country] = true
		}
	}
	for c := range countries {
		if err := Moved(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

// digestOf is the digest of a chunk's rows that the journal keeps instead of the rows.
func digestOf(chunk []Incoming) string {
	h := sha256.New()
	for i := range chunk {
		h.Write([]byte(chunk[i].hash()))
	}
	return hex.EncodeToString(h.Sum(nil))
}
