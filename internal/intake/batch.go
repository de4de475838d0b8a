package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Batch is one import: a file, the mapping it was read with, and what became of its rows. Nothing of it is visible to readers until it is applied;
// one act takes it back.
type Batch struct {
	ID, Ref     string
	No          int64 // what the series know it by
	SourceID    string
	MappingID   string
	MappingYAML string
	OrgID       string
	AccountID   string
	Domain      baqylau.Domain
	FileName    string
	FileSHA256  string
	FilePath    string
	State       string // staging, staged, applying, applied, undoing, undone, failed, cancelled
	GoodOnly    bool
	Total       int64 // occurrences in the file
	Good, Bad   int64
	SameRows    int64 // already known from this source, unchanged
	Done        int64 // rows read so far
	Reason      string
	CreatedAt   time.Time
	AppliedAt   time.Time
	UndoneAt    time.Time
}

const batchColumns = `b.id, b.ref, b.no, b.source_id, COALESCE(b.mapping_id,''), b.mapping_yaml, b.org_id, b.account_id, b.domain, b.file_name, b.file_sha256, b.file_path, b.state,
	b.good_rows_only, b.rows_total, b.rows_good, b.rows_bad, b.rows_same, b.rows_done, b.reason, b.created_at, b.applied_at, b.undone_at`

func scanBatch(row scanner) (b Batch, err error) {
	var created, applied, undone int64
	err = row.Scan(&b.ID, &b.Ref, &b.No, &b.SourceID, &b.MappingID, &b.MappingYAML, &b.OrgID, &b.AccountID, &b.Domain, &b.FileName, &b.FileSHA256, &b.FilePath, &b.State,
		&b.GoodOnly, &b.Total, &b.Good, &b.Bad, &b.SameRows, &b.Done, &b.Reason, &created, &applied, &undone)
	b.CreatedAt, b.AppliedAt, b.UndoneAt = store.Time(created), store.Time(applied), store.Time(undone)
	return b, err
}

// BatchByID returns an import that the actor may see. Code: NotFound.
func (s *Service) BatchByID(ctx context.Context, db bun.IDB, actor access.Actor, id string) (b Batch, err error) {
	defer baqylau.Wrap(&err, "intake.BatchByID(%s)", id)
	scope, args := access.Where(actor, access.ImportRun, "b")
	rows, err := db.QueryContext(ctx, "SELECT "+batchColumns+" FROM batch b WHERE (b.id = ? OR b.ref = ?) AND "+scope, append([]any{id, id}, args...)...)
	if err != nil {
		return b, err
	}
	defer rows.Close()
	if !rows.Next() {
		return b, errors.Join(rows.Err(), baqylau.E(baqylau.NotFound, "error.not_found"))
	}
	return scanBatch(rows)
}

// RowProblem is a fault of a row, as the batch keeps it.
type RowProblem struct {
	Row     int
	Sheet   string // of a workbook that is read sheet by sheet
	Cells   []string
	Faults  []mapping.Problem
	Warning bool
}

// Problems lists the refused rows of a batch in file order, at most limit (0: all).
func Problems(ctx context.Context, db bun.IDB, batchID string, limit int) (out []RowProblem, err error) {
	defer baqylau.Wrap(&err, "intake.Problems(%s)", batchID)
	if limit == 0 {
		limit = 1 << 30
	}
	rows, err := db.QueryContext(ctx, "SELECT row_no, record, problems FROM batch_row WHERE batch_id = ? AND state = 'bad' ORDER BY row_no LIMIT ?", batchID, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p RowProblem
		var cells, faults string
		if err := rows.Scan(&p.Row, &cells, &faults); err != nil {
			return nil, err
		}
		if err := errors.Join(json.Unmarshal([]byte(cells), &p.Cells), json.Unmarshal([]byte(faults), &p.Faults)); err != nil {
			return nil, err
		}
		if len(p.Faults) > 0 && p.Faults[0].Sheet != "" { // the number counts through all sheets
			p.Row, p.Sheet = p.Faults[0].Row, p.Faults[0].Sheet
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// joinSuffix marks the second file of a batch, beside the first.
const joinSuffix = ".join"

// kept is a received file in the data folder. It stays there until its batch is applied, cancelled or failed.
type kept struct {
	path    string
	digests map[string]string // by suffix
	size    int64             // bytes
}

func (k kept) remove() {
	for _, suffix := range []string{"", joinSuffix} {
		_ = os.Remove(k.path + suffix) // the sweep removes what could not be removed now
	}
}

// receive writes a file, and the second one of a join if there is one, to the data folder; the digest is that of both.
func (s *Service) receive(r, join io.Reader) (k kept, err error) {
	defer baqylau.Wrap(&err, "intake.receive")
	defer func() {
		if err != nil {
			k.remove()
		}
	}()
	k = s.newKept(store.NewID())
	if err := k.add("", r); err != nil {
		return k, err
	}
	if join != nil {
		err = k.add(joinSuffix, join)
	}
	return k, err
}

func (s *Service) newKept(name string) kept {
	return kept{path: filepath.Join(s.ImportDir, name), digests: map[string]string{}}
}

// add writes one of the two files.
func (k *kept) add(suffix string, r io.Reader) (err error) {
	if err := os.MkdirAll(filepath.Dir(k.path), 0o700); err != nil {
		return baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	f, err := os.OpenFile(k.path+suffix, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), r)
	if errors.As(err, new(*fs.PathError)) { // the disk's fault and not the sender's
		err = baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	k.size += n
	k.digests[suffix] = hex.EncodeToString(h.Sum(nil))
	return err
}

// digest identifies the content: the SHA-256 of the file, and that of the second one behind it.
func (k kept) digest() string { return k.digests[""] + k.digests[joinSuffix] }

// hold changes a batch that is in a state, and makes other writers of it wait until the transaction ends. Code: Conflict when the state has
// changed meanwhile, by which a cancelled import stops.
func hold(ctx context.Context, tx bun.IDB, id, state, set string, args ...any) error {
	res, err := tx.NewRaw("UPDATE batch SET "+set+" WHERE id = ? AND state = ?", append(args, id, state)...).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, baqylau.E(baqylau.Conflict, "import.moved_on"))
	}
	return nil
}

// system is how a long import writes: on behalf of its sender, whose right was checked when it was started.
func system(b Batch) access.Actor {
	a := access.TheSystem()
	a.ID, a.OrgID = b.AccountID, b.OrgID
	return a
}
