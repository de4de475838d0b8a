package intake

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/uptrace/bun"
)

// refuseOfOthers makes a fault of every row that would replace a report of other readers. What changes after this is caught again when the rows are written.
func (s *Service) refuseOfOthers(ctx context.Context, conv *converter, recs []mapping.Record) error {
	in := make([]Incoming, len(recs))
	for i := range recs {
		if !recs[i].Faulty() {
			in[i] = conv.origin(&recs[i])
		}
	}
	known, err := earlier(ctx, s.W.DB.Read, in)
	for _, i := range known.ofOthers(in) {
		recs[i].Problems = append(recs[i].Problems, otherReaders(recs[i].Row, recs[i].Key))
	}
	return err
}

func otherReaders(row int, key string) mapping.Problem {
	return mapping.Problem{Row: row, Key: "import.row.other_readers", Value: key, Remedy: mapping.RemedyCell}
}

// badRow is a row of the file as it goes back to its sender.
type badRow struct {
	no    int64 // Record.No
	row   int
	key   string
	cells []string
}

var badRowColumns = strings.Fields("batch_id row_no state source_ref record problems")

func addBadRow(to *bulk, batchID string, r badRow, faults []mapping.Problem) error {
	cells, err1 := json.Marshal(r.cells)
	problems, err2 := json.Marshal(faults)
	to.row(batchID, r.no, "bad", r.key, string(cells), string(problems))
	return errors.Join(err1, err2)
}

// refusedBefore is the rows of a batch, by their number in the file, that were refused for this reason when it was validated. The file itself does not show it.
func refusedBefore(ctx context.Context, db bun.IDB, batchID string) (map[int64]bool, error) {
	var nos []int64
	err := db.NewRaw("SELECT row_no FROM batch_row WHERE batch_id = ? AND state = 'bad' AND problems LIKE '%import.row.other_readers%'", batchID).Scan(ctx, &nos)
	refused := make(map[int64]bool, len(nos))
	for _, no := range nos {
		refused[no] = true
	}
	return refused, err
}

// refuseRows takes those rows out of a part whose numbers reports of other readers have come to hold since the file was validated: they are told with the
// other faults, and the rows beside them are written.
func refuseRows(ctx context.Context, tx *change.Tx, b Batch, p part, known earlierReports) ([]Incoming, error) {
	places := known.ofOthers(p.rows)
	if len(places) == 0 {
		return p.rows, nil
	}
	var bad bulk
	var good []Incoming
	for i := range p.rows {
		if !slices.Contains(places, i) {
			good = append(good, p.rows[i])
			continue
		}
		if err := addBadRow(&bad, b.ID, p.raw[i], []mapping.Problem{otherReaders(p.raw[i].row, p.raw[i].key)}); err != nil {
			return nil, err
		}
	}
	return good, refuseLate(ctx, tx, b, &bad)
}

// refuseFaulty takes note of faulty rows that were good when the file was validated: another program did that, or the registry has changed since. They are told with the
// other faults and never written, instead of counting as good ones that nobody finds.
func refuseFaulty(ctx context.Context, tx *change.Tx, b Batch, recs []mapping.Record) error {
	if len(recs) == 0 {
		return nil
	}
	nos := make([]int64, len(recs))
	for i := range recs {
		nos[i] = recs[i].No
	}
	var told []int64
	if err := tx.NewRaw("SELECT row_no FROM batch_row WHERE batch_id = ? AND row_no IN (?)", b.ID, bun.List(nos)).Scan(ctx, &told); err != nil {
		return err
	}
	var bad bulk
	for i := range recs {
		if r := &recs[i]; !slices.Contains(told, r.No) {
			if err := addBadRow(&bad, b.ID, badRow{r.No, r.Row, r.Key, r.Raw}, r.Problems); err != nil {
				return err
			}
		}
	}
	return refuseLate(ctx, tx, b, &bad)
}

// refuseLate counts rows among the bad ones of a batch that is being applied.
func refuseLate(ctx context.Context, tx *change.Tx, b Batch, bad *bulk) error {
	if bad.n == 0 {
		return nil
	}
	if err := hold(ctx, tx, b.ID, "applying", "rows_good = rows_good - ?, rows_bad = rows_bad + ?", bad.n, bad.n); err != nil {
		return err
	}
	return bad.insert(ctx, tx, "batch_row", badRowColumns)
}
