package intake

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/series"
)

// Cancel stops an import before it is revealed: what it had written under its hidden batch is removed, and its file. Code: Conflict when the batch is
// revealed or ended already.
func (s *Service) Cancel(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "intake.Cancel(%s)", id)
	var b Batch
	err = s.W.Do(ctx, actor, access.ImportRun, func(ctx context.Context, tx *change.Tx) (err error) {
		if b, err = s.BatchByID(ctx, tx, actor, id); err != nil {
			return err
		}
		return s.end(ctx, tx, b, "cancelled", "")
	})
	if err == nil {
		kept{path: b.FilePath}.remove()
	}
	return err
}

// fail ends a batch that cannot be read or applied, with the reason for its page; with a state given, only in that one, and "" is any. Code: Conflict in another.
func (s *Service) fail(ctx context.Context, b Batch, cause error, only string) (err error) {
	defer baqylau.Wrap(&err, "intake.fail(%s)", b.ID)
	err = s.W.Do(ctx, system(b), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
		if only != "" {
			if err := hold(ctx, tx, b.ID, only, "rows_same = rows_same"); err != nil {
				return err
			}
		}
		if _, err := tx.NewRaw("DELETE FROM batch_row WHERE batch_id = ?", b.ID).Exec(ctx); err != nil { // the reason is another than faults of rows
			return err
		}
		if _, err := tx.NewRaw("UPDATE batch SET rows_good = 0, rows_bad = 0 WHERE id = ?", b.ID).Exec(ctx); err != nil {
			return err
		}
		return s.end(ctx, tx, b, "failed", reasonOf(cause))
	})
	if err == nil {
		kept{path: b.FilePath}.remove()
	}
	return err
}

// end moves a batch that is not revealed to its last state and removes the rows that nobody has seen.
func (s *Service) end(ctx context.Context, tx *change.Tx, b Batch, state, reason string) error {
	var now string
	if err := tx.NewRaw("SELECT state FROM batch WHERE id = ?", b.ID).Scan(ctx, &now); err != nil {
		return err
	}
	if now != "staging" && now != "staged" && now != "applying" {
		return baqylau.E(baqylau.Conflict, "import.not_running")
	}
	if err := hold(ctx, tx, b.ID, now, "state = ?, reason = ?", state, reason); err != nil {
		return err
	}
	tx.Subject("batch", b.ID, b.OrgID, map[string]any{"from": now, "state": state})
	if t, err := s.targetOf(b); err == nil && t != nil { // else the mapping is why it failed, and nothing was written
		return t.Drop(ctx, tx, t.origin)
	}
	counted, err := extents(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	for _, sql := range []string{"DELETE FROM finding WHERE report_id IN (SELECT id FROM report WHERE batch_id = ?)",
		"DELETE FROM report WHERE batch_id = ?", "DELETE FROM occurrence WHERE batch_id = ?"} {
		if _, err := tx.NewRaw(sql, b.ID).Exec(ctx); err != nil {
			return err
		}
	}
	return series.DropBatch(ctx, tx, b.No, counted...)
}

// extents is the weeks in which the reports of a batch were counted, by country: see series.Week.
func extents(ctx context.Context, tx *change.Tx, batchID string) (list []series.Extent, err error) {
	var found []struct{ Country, First, Last, FirstKnown, LastKnown string }
	if err := tx.NewRaw(`SELECT country, COALESCE(MIN(occurred_on), MIN(known_on)) AS first, COALESCE(MAX(occurred_on), MAX(known_on)) AS last, MIN(known_on) AS first_known, MAX(known_on) AS last_known
		FROM report WHERE batch_id = ? GROUP BY country`, batchID).Scan(ctx, &found); err != nil {
		return nil, err
	}
	for _, f := range found {
		e := series.Extent{Country: f.Country, From: baqylau.MustDate(f.First).Week(), To: baqylau.MustDate(f.Last).Week()}
		e.From, e.To = min(e.From, baqylau.MustDate(f.FirstKnown).Week()), max(e.To, baqylau.MustDate(f.LastKnown).Week())
		list = append(list, e)
	}
	return list, nil
}

// reason is why a batch failed, as it is kept: a message of the catalogue and what fills it.
type reason struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

func reasonOf(err error) string {
	r := reason{Key: "error.internal"}
	var e *baqylau.Error
	if errors.As(err, &e) && e.Code != baqylau.Internal {
		r = reason{e.Key, e.Args}
	}
	b, err := json.Marshal(r)
	if err != nil {
		return `{"key":"error.internal"}`
	}
	return string(b)
}

// Why is the reason of a failed batch in the reader's language.
func (b *Batch) Why(ctx context.Context) string {
	var r reason
	if json.Unmarshal([]byte(b.Reason), &r) != nil || r.Key == "" {
		return ""
	}
	return locale.Err(ctx, &baqylau.Error{Code: baqylau.Invalid, Key: r.Key, Args: r.Args})
}
