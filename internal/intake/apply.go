package intake

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"golang.org/x/sync/errgroup"
)

// chunkRows is how many reports one transaction of an import writes at most, leastRows at least. Between the two it writes what takes chunkTime: long enough to be fast, short
// enough that forms, which wait for it to end, are answered within 200 ms whatever the machine.
const (
	chunkRows = 1000
	leastRows = 100
	chunkTime = 100 * time.Millisecond
)

// pace is how many rows the next chunk has.
type pace struct{ rows atomic.Int64 }

// took learns from a chunk; one that was slow or fast for reasons of its own moves it by half at most.
func (p *pace) took(rows int, d time.Duration) {
	goal := int64(float64(rows) * float64(chunkTime) / float64(max(d, time.Millisecond)))
	now := p.rows.Load()
	p.rows.Store(min(max(goal, now/2, leastRows), now*3/2, chunkRows))
}

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
		if err := alone(ctx, tx, b); err != nil {
			return err
		}
		if err := hold(ctx, tx, b.ID, "staged", "state = 'applying', good_rows_only = ?", goodOnly); err != nil {
			return err
		}
		return tx.Enqueue(ctx, ApplyArgs{b.ID}, nil)
	})
}

// alone refuses to apply two batches of one source at once: neither would see the hidden rows of the other, and an occurrence in both would be counted twice.
func alone(ctx context.Context, tx *change.Tx, b Batch) error {
	if _, err := tx.NewRaw("UPDATE source SET code = code WHERE id = ?", b.SourceID).Exec(ctx); err != nil { // others wait here
		return err
	}
	var n int
	if err := tx.NewRaw("SELECT count(*) FROM batch WHERE source_id = ? AND state = 'applying'", b.SourceID).Scan(ctx, &n); err != nil {
		return err
	}
	if n > 0 {
		return baqylau.E(baqylau.Conflict, "import.source_busy")
	}
	return nil
}

// Apply writes the good rows of a started batch in short transactions under the hidden batch, each an audited act with its place in the file, and reveals
// them in a last one. Called again after a crash it goes on where the last transaction ended; a cancelled batch is left alone.
func (s *Service) Apply(ctx context.Context, id string) (err error) {
	defer baqylau.Wrap(&err, "intake.Apply(%s)", id)
	b, err := s.BatchByID(ctx, s.W.DB.Read, access.TheSystem(), id)
	if err != nil || b.State != "applying" {
		return err
	}
	rd, err := s.openBatch(b, change.Today(b.CreatedAt))
	if err != nil {
		return err
	}
	conv, err := s.converter(ctx, b)
	if err == nil {
		err = s.applyRows(ctx, b, rd, conv)
	}
	if err = errors.Join(err, rd.Close()); err == nil {
		kept{path: b.FilePath}.remove()
		return nil
	}
	if baqylau.CodeOf(err) == baqylau.Conflict { // cancelled, or taken over by another worker
		if now, err := s.BatchByID(ctx, s.W.DB.Read, access.TheSystem(), id); err == nil && now.State != "applying" {
			return nil
		}
	}
	return err
}

// converter prepares the reading of a batch's rows as reports of its source.
func (s *Service) converter(ctx context.Context, b Batch) (*converter, error) {
	src, ok := s.Shelf.Book().SourceByID(b.SourceID)
	if !ok { // the source was made after the registry was read
		if err := s.Shelf.Reload(ctx); err != nil {
			return nil, err
		}
		if src, ok = s.Shelf.Book().SourceByID(b.SourceID); !ok {
			return nil, baqylau.E(baqylau.NotFound, "import.source_unknown", "Source", b.SourceID)
		}
	}
	target, err := s.targetOf(b)
	if err != nil {
		return nil, err
	}
	return &converter{target: target, book: s.Shelf.Book(), source: src, actor: access.Actor{ID: b.AccountID, OrgID: b.OrgID, Lang: baqylau.English}, batch: b.ID, batchNo: b.No, today: change.Today(b.CreatedAt),
		seen: map[string]reading{}, regions: map[[3]string]*registry.Region{}}, nil
}

// part is a chunk of a file: its good rows as reports and as they stand in the file, what they contribute to the series if all are new, its faulty rows, and the number of the
// last row read.
type part struct {
	rows   []Incoming
	recs   []mapping.Record // instead, for a target
	raw    []badRow
	asNew  []series.Change
	faulty []mapping.Record
	upto   int64
}

func (p *part) len() int { return len(p.rows) + len(p.recs) + len(p.faulty) }

// check lets the target look at the rows again: what was right when the file was validated may be wrong by now.
func (p *part) check(ctx context.Context, conv *converter) error {
	if conv.target == nil {
		return nil
	}
	if err := conv.target.checked(ctx, p.recs); err != nil {
		return err
	}
	good := p.recs[:0]
	for _, rec := range p.recs {
		if rec.Faulty() {
			p.faulty = append(p.faulty, rec)
		} else {
			good = append(good, rec)
		}
	}
	p.recs = good
	return nil
}

// movedBy is asNew unless some rows have been refused since.
func (p *part) movedBy(chunk []Incoming) []series.Change {
	if len(chunk) < len(p.rows) {
		return nil
	}
	return p.asNew
}

// applyRows reads and recognises the next chunk while one is being written.
func (s *Service) applyRows(ctx context.Context, b Batch, rd *batchReader, conv *converter) error {
	refused, err := refusedBefore(ctx, s.W.DB.Read, b.ID)
	if err != nil {
		return err
	}
	g, both := errgroup.WithContext(ctx)
	parts := make(chan part)
	var next pace
	next.rows.Store(leastRows)
	g.Go(func() error {
		defer close(parts)
		return readParts(both, rd, conv, b.Done, refused, &next, parts)
	})
	g.Go(func() error {
		for p := range parts {
			took, err := s.applyChunk(both, b, conv, p)
			if err != nil {
				return err
			}
			next.took(len(p.rows)+len(p.recs), took)
			b.Done = p.upto
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return err
	}
	if err := s.W.DB.Optimise(ctx); err != nil { // before matching and detection begin; without it they are slow, not wrong
		slog.WarnContext(ctx, "statistics of the tables", "error", err)
	}
	return s.reveal(ctx, b, conv.target)
}

// readParts reads the file in chunks, passing over the rows up to the one numbered done and those that were refused.
func readParts(ctx context.Context, rd *batchReader, conv *converter, done int64, refused map[int64]bool, next *pace, out chan<- part) error {
	var p part
	goal, size := int(next.rows.Load()), 0
	send := func() error {
		if err := p.check(ctx, conv); err != nil {
			return err
		}
		p.asNew = asNew(conv.book, p.rows)
		select {
		case out <- p:
			size = 0
			goal = int(next.rows.Load())
			p.rows, p.raw, p.faulty = make([]Incoming, 0, goal), make([]badRow, 0, goal), nil
			p.recs = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for {
		rec, err := conv.next(rd.Reader)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch p.upto++; {
		case p.upto <= done || refused[rec.No]:
		case rec.Faulty():
			p.faulty = append(p.faulty, rec)
			size += rec.Size()
		case conv.target != nil:
			p.recs = append(p.recs, rec)
			size += rec.Size()
		default:
			in := conv.incoming(&rec)
			in.prepare(conv.book)
			p.rows, p.raw = append(p.rows, in), append(p.raw, badRow{rec.No, rec.Row, rec.Key, rec.Raw})
			size += rec.Size()
		}
		if p.len() >= goal || size > chunkBytes {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if p.len() == 0 {
		return nil
	}
	return send()
}

// applyChunk writes a part of the file. The batch's own count of rows guards the chunk: a second worker on the same file, or one that
// was thought dead, writes nothing. It returns how long others had to wait for it, not how long it waited for them.
func (s *Service) applyChunk(ctx context.Context, b Batch, conv *converter, p part) (took time.Duration, err error) {
	var begin time.Time
	err = s.W.Do(ctx, system(b), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
		begin = time.Now()
		var done int64
		if err := hold(ctx, tx, b.ID, "applying", "rows_same = rows_same"); err != nil {
			return err
		}
		if err := tx.NewRaw("SELECT rows_done FROM batch WHERE id = ?", b.ID).Scan(ctx, &done); err != nil {
			return err
		}
		if done != b.Done {
			return baqylau.E(baqylau.Conflict, "import.moved_on")
		}
		if err := refuseFaulty(ctx, tx, b, p.faulty); err != nil {
			return err
		}
		write := writeReports
		if conv.target != nil {
			write = writeRows
		}
		rows, same, digest, err := write(ctx, tx, b, conv, p)
		if err != nil {
			return err
		}
		tx.Subject("batch", b.ID, b.OrgID, map[string]any{"rows": rows, "upto": p.upto, "same": same, "digest": digest})
		return hold(ctx, tx, b.ID, "applying", "rows_done = ?, rows_same = rows_same + ?", p.upto, same)
	})
	return time.Since(begin), err
}

// writeReports writes a part as reports: how many, how many of them say nothing new, and the digest of all.
func writeReports(ctx context.Context, tx *change.Tx, b Batch, conv *converter, p part) (rows, same int, digest string, err error) {
	known, err := held(ctx, tx, p.rows)
	if err != nil {
		return 0, 0, "", err
	}
	chunk, err := refuseRows(ctx, tx, b, p, known)
	if err != nil {
		return 0, 0, "", err
	}
	recs, err := record(ctx, tx, conv.book, chunk, known, p.movedBy(chunk))
	for _, r := range recs {
		if r.Outcome == Same {
			same++
		}
	}
	return len(chunk), same, digestOf(chunk), err
}

// writeRows gives a part to its target.
func writeRows(ctx context.Context, tx *change.Tx, _ Batch, conv *converter, p part) (n, same int, digest string, err error) {
	rows := rowsOf(p.recs)
	if len(rows) > 0 {
		err = conv.target.Apply(ctx, tx, conv.target.origin, rows)
	}
	return len(rows), sameLines(p.recs), digestOfRows(rows), err
}

// reveal makes the whole batch visible at once, by its state alone (see Revealed), and swaps in the reports that replace earlier ones.
func (s *Service) reveal(ctx context.Context, b Batch, t *targeted) error {
	book := s.Shelf.Book()
	return s.W.Do(ctx, system(b), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
		if err := hold(ctx, tx, b.ID, "applying", "state = 'applied', rows_done = rows_total, applied_at = ?", tx.Now.UnixMicro()); err != nil {
			return err
		}
		if t != nil {
			tx.Subject("batch", b.ID, b.OrgID, map[string]any{"state": "applied"})
			return t.Reveal(ctx, tx, t.origin)
		}
		if err := swap(ctx, tx, book, b.ID); err != nil {
			return err
		}
		var countries []string
		if err := tx.NewRaw("SELECT DISTINCT country FROM report WHERE batch_id = ?", b.ID).Scan(ctx, &countries); err != nil {
			return err
		}
		for _, c := range countries { // never merged with another job: this transaction may be long, and that job may run before it ends
			if err := tx.Enqueue(ctx, series.Moved{Country: c}, nil); err != nil {
				return err
			}
		}
		tx.Subject("batch", b.ID, b.OrgID, map[string]any{"state": "applied"})
		return tx.Enqueue(ctx, MatchArgs{BatchID: b.ID}, nil)
	})
}

// swap takes every version of an earlier report that the batch brings into force, one occurrence after the other.
func swap(ctx context.Context, tx *change.Tx, book *registry.Book, batchID string) error {
	var pairs []struct{ ID, SupersedesID, OccurrenceID, KnownOn string }
	if err := tx.NewRaw(`SELECT v.id, v.supersedes_id, COALESCE(r.occurrence_id,'') AS occurrence_id, v.known_on FROM report v JOIN report r ON r.id = v.supersedes_id
		WHERE v.batch_id = ? AND v.hidden ORDER BY r.occurrence_id, v.id`, batchID).Scan(ctx, &pairs); err != nil {
		return err
	}
	for _, p := range pairs {
		if err := Hold(ctx, tx, p.OccurrenceID); err != nil {
			return err
		}
		before, err := Contribution(ctx, tx, book, p.OccurrenceID)
		if err != nil {
			return err
		}
		known, err := Supersede(ctx, tx, book, p.SupersedesID, p.ID, baqylau.MustDate(p.KnownOn))
		if err != nil {
			return err
		}
		if err := Recount(ctx, tx, book, p.OccurrenceID, before, known); err != nil {
			return err
		}
	}
	return nil
}
