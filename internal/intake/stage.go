package intake

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/store"
)

// Upload is a file to import.
type Upload struct {
	Name       string // file name, for its ending and for people
	Content    io.Reader
	Mapping    []byte // YAML
	MappingID  string // saved mapping it came from, if any
	SourceCode string // registry source the rows belong to; "" is the actor's own organisation
}

// Stage keeps the file and reads it whole without writing a report: every row is validated, faults are kept with their rows. The same file of the
// same source, already staged or applied, is returned as it is. Codes: Invalid for a mapping or file that cannot be read, Forbidden, NotFound for an unknown source.
func (s *Service) Stage(ctx context.Context, actor access.Actor, up Upload) (b Batch, err error) {
	defer baqylau.Wrap(&err, "intake.Stage")
	if err := access.Check(actor, access.ImportRun); err != nil {
		return b, err
	}
	m, err := mapping.Parse(up.Mapping)
	if err != nil {
		return b, err
	}
	path, digest, err := keep(s.ImportDir, up.Content)
	if err != nil {
		return b, err
	}
	defer func() {
		if err != nil || b.FilePath != path {
			_ = os.Remove(path)
		}
	}()
	b = Batch{ID: store.NewID(), MappingYAML: string(up.Mapping), MappingID: up.MappingID, OrgID: actor.OrgID, AccountID: actor.ID, FileName: up.Name, FileSHA256: digest, FilePath: path, State: "staging"}
	known := false
	err = s.W.Do(ctx, actor, access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
		if err := s.importSource(ctx, tx, actor, up.SourceCode, &b); err != nil {
			return err
		}
		old, err := sameFile(ctx, tx, b)
		if err != nil {
			return err
		}
		if old.ID != "" {
			b, known = old, true
			tx.Subject("batch", b.ID, b.OrgID, map[string]any{"same_file": true})
			return nil
		}
		if b.Ref, err = tx.Ref(ctx, "I", 4); err != nil {
			return err
		}
		_, err = tx.NewRaw(`INSERT INTO batch (id, ref, source_id, mapping_id, mapping_yaml, org_id, account_id, domain, file_name, file_sha256, file_path, state, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'staging', ?)`, b.ID, b.Ref, b.SourceID, null(b.MappingID), b.MappingYAML, b.OrgID, b.AccountID, string(b.Domain), b.FileName,
			digest, path, tx.Now.UnixMicro()).Exec(ctx)
		tx.Subject("batch", b.ID, b.OrgID, map[string]any{"sha256": digest, "state": "staging"})
		return err
	})
	if err != nil || known {
		return b, err
	}
	return s.validate(ctx, b, m)
}

// importSource finds the source: by code for the centre's people and the command line, else the actor's own.
func (s *Service) importSource(ctx context.Context, tx *change.Tx, actor access.Actor, code string, b *Batch) (err error) {
	if code == "" {
		if actor.OrgID == "" {
			return baqylau.E(baqylau.Invalid, "import.source_missing").On("source")
		}
		if b.SourceID, err = sourceOf(ctx, tx, actor, s.Home); err != nil {
			return err
		}
		b.Domain = actor.Domain
		return nil
	}
	if access.ScopeOf(actor, access.ImportRun) < access.Everything {
		return baqylau.E(baqylau.Forbidden, "error.forbidden")
	}
	err = tx.NewRaw("SELECT id, domain FROM source WHERE code = ?", code).Scan(ctx, &b.SourceID, &b.Domain)
	if baqylau.CodeOf(store.One(err)) == baqylau.NotFound {
		return baqylau.E(baqylau.NotFound, "import.source_unknown", "Source", code)
	}
	return err
}

func sameFile(ctx context.Context, tx *change.Tx, b Batch) (Batch, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+batchColumns+` FROM batch b WHERE b.source_id = ? AND b.file_sha256 = ? AND b.mapping_yaml = ?
		AND b.state IN ('staged','applying','applied') ORDER BY b.created_at DESC LIMIT 1`, b.SourceID, b.FileSHA256, b.MappingYAML)
	if err != nil {
		return Batch{}, err
	}
	defer rows.Close()
	if !rows.Next() {
		return Batch{}, rows.Err()
	}
	return scanBatch(rows)
}

// validate reads the whole file and keeps the faulty rows.
func (s *Service) validate(ctx context.Context, b Batch, m *mapping.Mapping) (_ Batch, err error) {
	f, err := os.Open(b.FilePath)
	if err != nil {
		return b, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	defer f.Close()
	fail := func(cause error) (Batch, error) {
		b.State = "failed"
		return b, errors.Join(cause, s.W.Do(ctx, system(b), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
			tx.Subject("batch", b.ID, b.OrgID, map[string]any{"state": "failed"})
			return setBatch(ctx, tx, b.ID, "state = 'failed', reason = ?", keyOf(cause))
		}))
	}
	today := change.Today(s.W.Now())
	rd, err := m.Open(f, b.FileName, mapping.Today(today))
	if err != nil {
		return fail(err)
	}
	defer func() { err = errors.Join(err, rd.Close()) }()
	header, err := json.Marshal(rd.Header())
	if err != nil {
		return b, err
	}
	var bad bulk
	for {
		rec, err := rd.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fail(err)
		}
		b.Total++
		if !rec.Faulty() {
			b.Good++
			continue
		}
		b.Bad++
		cells, err1 := json.Marshal(rec.Raw)
		faults, err2 := json.Marshal(rec.Problems)
		if err := errors.Join(err1, err2); err != nil {
			return b, err
		}
		bad.row(b.ID, rec.Row, "bad", rec.Key, string(cells), string(faults))
	}
	b.State = "staged"
	err = s.W.Do(ctx, system(b), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
		if err := bad.insert(ctx, tx, "batch_row (batch_id, row_no, state, source_ref, record, problems)"); err != nil {
			return err
		}
		tx.Subject("batch", b.ID, b.OrgID, map[string]any{"state": "staged", "good": b.Good, "bad": b.Bad})
		return setBatch(ctx, tx, b.ID, "state = 'staged', rows_total = ?, rows_good = ?, rows_bad = ?, header = ?", b.Total, b.Good, b.Bad, string(header))
	})
	return b, err
}

// keyOf is the message key of an error, for the batch's page.
func keyOf(err error) string {
	var e *baqylau.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return "error.internal"
}
