package intake

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/riverqueue/river"
)

// chunkRows is how many reports one transaction of an import writes: long enough to be fast, short enough that forms are not kept waiting.
const chunkRows = 400

// Start lets a staged batch be applied: without faults, or, when the sender says so, its good rows only. The work is a job, resumed after a crash.
// Codes: Conflict unless the batch is staged, Invalid when it has faults and goodOnly is false.
func (s *Service) Start(ctx context.Context, actor access.Actor, id string, goodOnly bool) (err error) {
	defer baqylau.Wrap(&err, "intake.Start(%s)", id)
	return s.W.Do(ctx, actor, access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
		b, err := s.BatchByID(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		switch {
		case b.State != "staged":
			return baqylau.E(baqylau.Conflict, "import.not_staged")
		case b.Bad > 0 && !goodOnly:
			return baqylau.E(baqylau.Invalid, "import.has_faults")
		case b.Good == 0:
			return baqylau.E(baqylau.Invalid, "import.nothing_good")
		}
		tx.Subject("batch", b.ID, b.OrgID, map[string]any{"state": "applying", "good_rows_only": goodOnly})
		if err := setBatch(ctx, tx, b.ID, "state = 'applying', good_rows_only = ?", goodOnly); err != nil {
			return err
		}
		return tx.Enqueue(ctx, ApplyArgs{b.ID}, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}})
	})
}

// ApplyArgs is the job that applies a batch.
type ApplyArgs struct {
	BatchID string `json:"batch_id"`
}

// Kind names the job.
func (ApplyArgs) Kind() string { return "import_apply" }

// Apply writes the good rows of a started batch in short transactions under the hidden batch, each an audited act with its place in the file, and reveals
// them in a last one. Called again after a crash it goes on where the last transaction ended.
func (s *Service) Apply(ctx context.Context, id string) (err error) {
	defer baqylau.Wrap(&err, "intake.Apply(%s)", id)
	b, err := s.BatchByID(ctx, s.W.DB.Read, access.TheSystem(), id)
	if err != nil {
		return err
	}
	if b.State != "applying" {
		return nil
	}
	m, err := mapping.Parse([]byte(b.MappingYAML))
	if err != nil {
		return err
	}
	f, err := os.Open(b.FilePath)
	if err != nil {
		return baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	defer f.Close()
	rd, err := m.Open(f, b.FileName, mapping.Today(change.Today(b.CreatedAt)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rd.Close()) }()
	src, ok := s.Shelf.Book().SourceByID(b.SourceID)
	if !ok {
		if err := s.Shelf.Reload(ctx); err != nil {
			return err
		}
		if src, ok = s.Shelf.Book().SourceByID(b.SourceID); !ok {
			return baqylau.E(baqylau.NotFound, "import.source_unknown", "Source", b.SourceID)
		}
	}
	conv := &converter{book: s.Shelf.Book(), source: src, actor: access.Actor{ID: b.AccountID, OrgID: b.OrgID, Lang: baqylau.English}, batch: b.ID, today: change.Today(b.CreatedAt),
		seen: map[string]reading{}}
	return s.applyRows(ctx, b, rd, conv)
}

func (s *Service) applyRows(ctx context.Context, b Batch, rd *mapping.Reader, conv *converter) error {
	var chunk []Incoming
	read, last := int64(0), false
	for !last {
		rec, err := rd.Next()
		if errors.Is(err, io.EOF) {
			last = true
		} else if err != nil {
			return err
		} else {
			read++
			if read > b.Done && !rec.Faulty() {
				chunk = append(chunk, conv.incoming(&rec))
			}
		}
		if len(chunk) == chunkRows || last && len(chunk) > 0 {
			if err := s.applyChunk(ctx, b, conv.book, chunk, read); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	return s.reveal(ctx, b)
}

func (s *Service) applyChunk(ctx context.Context, b Batch, book *registry.Book, chunk []Incoming, read int64) error {
	return s.W.Do(ctx, system(b), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
		recs, err := Record(ctx, tx, book, chunk)
		if err != nil {
			return err
		}
		same := 0
		for _, r := range recs {
			if r.Outcome == Same {
				same++
			}
		}
		tx.Subject("batch", b.ID, b.OrgID, map[string]any{"rows": len(chunk), "upto": read, "same": same, "digest": digestOf(chunk)})
		return setBatch(ctx, tx, b.ID, "rows_done = ?, rows_same = rows_same + ?", read, same)
	})
}

// reveal makes the whole batch visible at once and swaps in the reports that replace earlier ones.
func (s *Service) reveal(ctx context.Context, b Batch) error {
	book := s.Shelf.Book()
	return s.W.Do(ctx, system(b), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
		for _, table := range []string{"occurrence", "report"} {
			if _, err := tx.NewRaw("UPDATE "+table+" SET hidden = FALSE WHERE batch_id = ? AND "+notReplacing(table), b.ID).Exec(ctx); err != nil {
				return err
			}
		}
		if _, err := tx.NewRaw("UPDATE finding SET hidden = FALSE WHERE report_id IN (SELECT id FROM report WHERE batch_id = ?)", b.ID).Exec(ctx); err != nil {
			return err
		}
		if err := series.Reveal(ctx, tx, b.ID); err != nil {
			return err
		}
		if err := swap(ctx, tx, book, b.ID); err != nil {
			return err
		}
		var countries []string
		if err := tx.NewRaw("SELECT DISTINCT country FROM report WHERE batch_id = ?", b.ID).Scan(ctx, &countries); err != nil {
			return err
		}
		for _, c := range countries {
			if err := Moved(ctx, tx, c); err != nil {
				return err
			}
		}
		tx.Subject("batch", b.ID, b.OrgID, map[string]any{"state": "applied"})
		if err := tx.Enqueue(ctx, MatchArgs{BatchID: b.ID}, nil); err != nil {
			return err
		}
		return setBatch(ctx, tx, b.ID, "state = 'applied', applied_at = ?", tx.Now.UnixMicro())
	})
}

func notReplacing(table string) string {
	if table == "report" {
		return "supersedes_id IS NULL"
	}
	return "1=1"
}

// swap takes every report of the batch that replaces an earlier one into force, one occurrence after the other.
func swap(ctx context.Context, tx *change.Tx, book *registry.Book, batchID string) error {
	var pairs []struct{ ID, SupersedesID, OccurrenceID, KnownOn string }
	if err := tx.NewRaw("SELECT id, supersedes_id, occurrence_id, known_on FROM report WHERE batch_id = ? AND supersedes_id IS NOT NULL AND hidden", batchID).Scan(ctx, &pairs); err != nil {
		return err
	}
	for _, p := range pairs {
		before, err := Contribution(ctx, tx, book, p.OccurrenceID)
		if err != nil {
			return err
		}
		known := baqylau.MustDate(p.KnownOn)
		if _, err := tx.NewRaw("UPDATE report SET hidden = FALSE WHERE id = ?", p.ID).Exec(ctx); err != nil {
			return err
		}
		if err := Supersede(ctx, tx, p.SupersedesID, p.ID, known); err != nil {
			return err
		}
		if err := Recount(ctx, tx, book, p.OccurrenceID, before, known); err != nil {
			return err
		}
	}
	return nil
}
