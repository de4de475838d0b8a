package intake

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
)

func refKey(source, ref string) string { return source + "\x1f" + ref }

type earlierReport struct {
	id, occurrence, receipt, hash, batch, org string
	domain                                    baqylau.Domain
	hidden                                    bool // its batch is not revealed
}

// others reports whether r would be read by others than the earlier report is: by the other side of the wall, or by another organisation. What hangs on the
// report (files, thread, person) was never meant for them. The system itself, which imports from the command line, is no organisation.
func (e earlierReport) others(r *Incoming) bool {
	return e.domain != r.Domain || e.org != r.OrgID && e.org != "" && r.OrgID != ""
}

// earlierReports are the reports in force by their source and number, see refKey.
type earlierReports map[string]earlierReport

// of is the earlier report of r's number.
func (known earlierReports) of(r *Incoming) (old earlierReport, seen bool) {
	if r.SourceRef == "" {
		return old, false
	}
	old, seen = known[refKey(r.SourceID, r.SourceRef)]
	return old, seen
}

// conflict says why r may not be recorded while the earlier report of its number is what it is. The same content, sent again, changes nothing.
func (known earlierReports) conflict(r *Incoming) error {
	old, seen := known.of(r)
	switch {
	case seen && old.hidden && old.batch != r.BatchID: // nobody sees yet what that import says of it
		return baqylau.E(baqylau.Conflict, "report.import_holds").On("source_ref")
	case seen && old.hash != r.hash() && old.others(r):
		return baqylau.E(baqylau.Conflict, "report.other_readers").On("source_ref")
	}
	return nil
}

// fresh is how many new reports there are among in.
func (known earlierReports) fresh(in []Incoming) (n int64) {
	mine := make(map[string]bool, len(in))
	for i := range in {
		if _, seen := known.of(&in[i]); seen {
			continue
		}
		if ref := in[i].SourceRef; ref != "" {
			k := refKey(in[i].SourceID, ref)
			if mine[k] {
				continue
			}
			mine[k] = true
		}
		n++
	}
	return n
}

// read takes what ofRefs found of a source.
func (known earlierReports) read(rows *sql.Rows, source string) error {
	defer rows.Close()
	for rows.Next() {
		var e earlierReport
		var ref string
		if err := rows.Scan(&e.id, &e.occurrence, &e.receipt, &e.hash, &e.batch, &e.org, &e.domain, &e.hidden, &ref); err != nil {
			return err
		}
		known[refKey(source, ref)] = e
	}
	return rows.Err()
}

// held finds the earlier reports and keeps others from changing them until the transaction ends.
func held(ctx context.Context, tx *change.Tx, in []Incoming) (earlierReports, error) {
	if err := holdSources(ctx, tx, in); err != nil {
		return nil, err
	}
	return earlier(ctx, tx, in)
}

// earlier finds the current reports of the same source numbers, in one query per source. One that its sender withdrew is among them: the same row
// sent again does not bring it back, a corrected one does. Where an import that is not revealed holds the number, its row is the one found.
func earlier(ctx context.Context, tx bun.IDB, in []Incoming) (earlierReports, error) {
	refs := map[string][]string{}
	for _, r := range in {
		if r.SourceRef != "" {
			refs[r.SourceID] = append(refs[r.SourceID], r.SourceRef)
		}
	}
	found := earlierReports{}
	for source, list := range refs {
		rows, err := ofRefs(ctx, tx, source, list)
		if err != nil {
			return nil, err
		}
		if err := found.read(rows, source); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// ofRefs asks for the reports in force of a source's numbers, those that an unrevealed import holds last. PostgreSQL is made to look up each number: it knows nothing yet of the
// rows that an import is writing, thinks that most of the source's reports are asked for, and read them all again for every chunk.
func ofRefs(ctx context.Context, tx bun.IDB, source string, refs []string) (*sql.Rows, error) {
	columns := "id, COALESCE(occurrence_id,''), receipt, content_hash, COALESCE(batch_id,''), org_id, domain, hidden OR NOT " + Revealed("report") + " AS held, source_ref"
	if tx.Dialect().Name() == dialect.PG {
		list, err := json.Marshal(refs)
		if err != nil {
			return nil, err
		}
		return tx.QueryContext(ctx, "SELECT r.* FROM json_array_elements_text(CAST(? AS json)) v(ref) CROSS JOIN LATERAL (SELECT "+columns+
			" FROM report WHERE source_id = ? AND superseded_on IS NULL AND source_ref = v.ref OFFSET 0) r ORDER BY r.held", string(list), source)
	}
	marks, args := store.In(refs)
	return tx.QueryContext(ctx, "SELECT "+columns+" FROM report WHERE source_id = ? AND superseded_on IS NULL AND source_ref IN ("+marks+") ORDER BY held", append([]any{source}, args...)...)
}

// ofOthers lists the reports, by their place in the list, whose number an earlier report of other readers holds.
func (known earlierReports) ofOthers(in []Incoming) (places []int) {
	for i := range in {
		if old, seen := known.of(&in[i]); seen && old.others(&in[i]) {
			places = append(places, i)
		}
	}
	return places
}
