package intake

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/mapping"
)

// Target is where the rows of an import go that are no reports: figures, episodes of treatment, deaths. The room that keeps them implements it, beside the
// description of the fields that it registers (mapping.Register), and is put into Service.Targets by its name; it need not import this package.
//
// An import is read whole and checked, then applied in short transactions, the rows of each under the batch that nobody sees yet, and revealed by
// the last one, which sets the batch's state to "applied". A reader of the room's rows therefore joins batch and takes those whose batch_id is null or whose
// batch's state is "applied", as Visible does for reports. A crash between two transactions loses nothing and repeats nothing. Imports of one source
// never run side by side.
//
// Rows come with values normalised by kind: places and substances are codes of the registry, personal numbers pseudonyms of the batch's domain, and
// Row.Known is filled. What a target finds wrong it says by Row.Fault (the whole line is kept out and goes back to its sender) or Row.Warn; an error stops the import.
type Target interface {
	// Act is what importing such rows is under the policy, beside access.ImportRun.
	Act() access.Act
	// Check faults rows by what the room knows: lists, definitions, which of its rows the sender may replace. It writes nothing. It is called for every row
	// when the file is validated, and again shortly before the row is applied.
	Check(ctx context.Context, o mapping.Origin, rows []*mapping.Row) error
	// Apply writes rows in the transaction of a chunk, with o.BatchID. For a row that says what is held already it writes nothing and sets Row.Same. A row that
	// replaces an earlier one must not touch that one before Reveal.
	Apply(ctx context.Context, tx *change.Tx, o mapping.Origin, rows []*mapping.Row) error
	// Reveal brings the rows of the batch into force, in the transaction that makes it visible: here earlier rows are superseded and jobs enqueued.
	Reveal(ctx context.Context, tx *change.Tx, o mapping.Origin) error
	// Undo takes a revealed batch back: its rows are withdrawn for good, and rows that they had superseded stand again. The batch's state is no longer "applied".
	Undo(ctx context.Context, tx *change.Tx, o mapping.Origin) error
	// Drop removes what was written of a batch that nobody has seen: it was cancelled or failed.
	Drop(ctx context.Context, tx *change.Tx, o mapping.Origin) error
}

// targeted is a target with its description and whose rows it is given; nil stands for reports.
type targeted struct {
	Target
	about  mapping.Target
	origin mapping.Origin
}

// targetOf is the target of a batch. Code: Invalid for one that this node does not have.
func (s *Service) targetOf(b Batch) (*targeted, error) {
	m, err := mapping.Parse([]byte(b.MappingYAML))
	if err != nil || m.Target == "" {
		return nil, err
	}
	t, err := s.target(m.Target)
	if err != nil {
		return nil, err
	}
	t.origin = mapping.Origin{BatchID: b.ID, SourceID: b.SourceID, OrgID: b.OrgID, AccountID: b.AccountID, Domain: b.Domain, Today: change.Today(b.CreatedAt), Said: &mapping.Said{}}
	if src, ok := s.Shelf.Book().SourceByID(b.SourceID); ok {
		t.origin.Country, t.origin.Outside = src.Country, src.Outside
	}
	return t, nil
}

func (s *Service) target(name string) (*targeted, error) {
	about, known := mapping.TargetNamed(name)
	t, ok := s.Targets[name]
	if !ok || !known {
		return nil, baqylau.E(baqylau.Invalid, "import.target_unknown", "Target", name).On("target")
	}
	return &targeted{Target: t, about: about}, nil
}

// mayImport checks the policy for the target of a mapping; reports need no more than the right to import. Codes: Forbidden, Unauthentic, Invalid for an
// unknown target.
func (s *Service) mayImport(actor access.Actor, m *mapping.Mapping) error {
	if m.Target == "" {
		return nil
	}
	t, err := s.target(m.Target)
	if err != nil {
		return err
	}
	return access.Check(actor, t.Act())
}

// checked lets the target look at records, and adds what it finds to their problems.
func (t *targeted) checked(ctx context.Context, recs []mapping.Record) error {
	rows := rowsOf(recs)
	if len(rows) == 0 {
		return nil
	}
	if err := t.Check(ctx, t.origin, rows); err != nil {
		return err
	}
	for i := range recs {
		for j := range recs[i].Rows {
			r := &recs[i].Rows[j]
			recs[i].Problems = append(recs[i].Problems, r.Problems...)
			r.Problems = nil
		}
	}
	return nil
}

// rowsOf is the rows of faultless records.
func rowsOf(recs []mapping.Record) (rows []*mapping.Row) {
	for i := range recs {
		if recs[i].Faulty() {
			continue
		}
		for j := range recs[i].Rows {
			rows = append(rows, &recs[i].Rows[j])
		}
	}
	return rows
}

// sameLines counts the records all of whose rows are held already.
func sameLines(recs []mapping.Record) (n int) {
	for i := range recs {
		same := len(recs[i].Rows) > 0
		for j := range recs[i].Rows {
			same = same && recs[i].Rows[j].Same
		}
		if same {
			n++
		}
	}
	return n
}
