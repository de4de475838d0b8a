package intake

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

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
	JoinName   string    // second file of a mapping that joins two; "" if none
	Join       io.Reader // its content
	Mapping    []byte    // YAML
	MappingID  string    // saved mapping it came from, if any
	SourceCode string    // registry source the rows belong to; "" is the actor's own organisation
}

// Stage keeps the file and reads it whole without writing a report: every row is validated, faults are kept with their rows. The same file of the
// same source, already staged or applied, is returned as it is. Codes: Invalid for a mapping or file that cannot be read, Forbidden, NotFound for an unknown source.
func (s *Service) Stage(ctx context.Context, actor access.Actor, up Upload) (b Batch, err error) {
	defer baqylau.Wrap(&err, "intake.Stage")
	if err := access.Check(actor, access.ImportRun); err != nil {
		return b, err
	}
	k, err := s.receive(up.Content, up.Join)
	if err != nil {
		return b, err
	}
	b, known, err := s.begin(ctx, actor, up, k, false)
	if err != nil || known {
		return b, err
	}
	return s.validate(ctx, b)
}

// begin records a received file as a batch, or finds the one that the same file of the same source already is; then and after an error the received
// file is removed. With later the validation is a job.
func (s *Service) begin(ctx context.Context, actor access.Actor, up Upload, k kept, later bool) (b Batch, known bool, err error) {
	defer func() {
		if err != nil || known {
			k.remove()
		}
	}()
	m, err := mapping.Parse(up.Mapping)
	if err == nil {
		err = s.mayImport(actor, m)
	}
	if err != nil {
		return b, false, err
	}
	b = Batch{ID: store.NewID(), MappingYAML: string(up.Mapping), MappingID: up.MappingID, OrgID: actor.OrgID, AccountID: actor.ID, FileName: up.Name, FileSHA256: k.digest(), FilePath: k.path,
		State: "staging", CreatedAt: s.W.Now()}
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
		if b.No, err = tx.Count(ctx, "batch", 1); err != nil {
			return err
		}
		if _, err := tx.NewRaw(`INSERT INTO batch (id, ref, no, source_id, mapping_id, mapping_yaml, org_id, account_id, domain, file_name, file_sha256, file_path, state, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'staging', ?)`, b.ID, b.Ref, b.No, b.SourceID, store.Null(b.MappingID), b.MappingYAML, b.OrgID, b.AccountID, string(b.Domain), b.FileName,
			k.digest(), k.path, tx.Now.UnixMicro()).Exec(ctx); err != nil {
			return err
		}
		tx.Subject("batch", b.ID, b.OrgID, map[string]any{"sha256": k.digest(), "state": "staging"})
		if later {
			return tx.Enqueue(ctx, StageArgs{b.ID}, nil)
		}
		return nil
	})
	return b, known, err
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
	if org, ok := strings.CutPrefix(code, orgSource); ok { // made with its first report
		var id string
		if err := tx.NewRaw("SELECT COALESCE(MAX(id), '') FROM organisation WHERE code = ?", org).Scan(ctx, &id); err != nil {
			return err
		}
		if id != "" {
			if _, err := SourceOfOrg(ctx, tx, id, s.Home); err != nil {
				return err
			}
		}
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

// refuse ends a batch whose file cannot be read; what can be tried again is passed on as it is.
func (s *Service) refuse(ctx context.Context, b Batch, cause error) (Batch, error) {
	if baqylau.CodeOf(cause) != baqylau.Invalid {
		return b, cause
	}
	b.State = "failed"
	return b, errors.Join(cause, s.fail(ctx, b, cause, ""))
}

// openBatch opens the kept file of a batch by its mapping; today is the day after which a date lies in the future.
func (s *Service) openBatch(b Batch, today baqylau.Date) (*batchReader, error) {
	m, err := mapping.Parse([]byte(b.MappingYAML))
	if err != nil {
		return nil, err
	}
	r := &batchReader{}
	f, err := os.Open(b.FilePath)
	if err != nil {
		return nil, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	r.files = append(r.files, f)
	opts := []mapping.Option{mapping.Today(today), s.pseudonym(s.countryOf(b.SourceID), b.Domain)}
	if m.Join != nil {
		if j, err := os.Open(b.FilePath + joinSuffix); err == nil {
			r.files = append(r.files, j)
			opts = append(opts, mapping.WithJoin(j, m.Join.Name))
		}
	}
	if r.Reader, err = m.Open(f, b.FileName, opts...); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// countryOf is the country of a source, the centre's own while there is none yet.
func (s *Service) countryOf(sourceID string) string {
	if src, ok := s.Shelf.Book().SourceByID(sourceID); ok {
		return src.Country
	}
	return s.Home
}

// batchReader is a reader with the files it reads from.
type batchReader struct {
	*mapping.Reader
	files []*os.File
}

// Close closes the reader and its files.
func (r *batchReader) Close() (err error) {
	if r.Reader != nil {
		err = r.Reader.Close()
	}
	for _, f := range r.files {
		err = errors.Join(err, f.Close())
	}
	return err
}
