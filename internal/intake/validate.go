package intake

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/mapping"
)

// How much of a file is held: records at a time, faulty rows before they are written, and faulty rows as a whole, which are kept for their sender. Many rows are few
// bytes, save in a file that is made to exhaust the machine. progressRows is how many rows are read between two signs of life.
const (
	chunkBytes   = 8 << 20
	flushRows    = 500
	faultBytes   = 256 << 20
	progressRows = 20_000
)

// validate reads the whole file and keeps the faulty rows. A file that is no table, or not one of this mapping, fails the batch and is returned as Invalid.
func (s *Service) validate(ctx context.Context, b Batch) (_ Batch, err error) {
	defer baqylau.Wrap(&err, "intake.validate(%s)", b.ID)
	rd, err := s.openBatch(b, change.Today(b.CreatedAt))
	if err != nil {
		return s.refuse(ctx, b, err)
	}
	defer func() { err = errors.Join(err, rd.Close()) }()
	conv, err := s.converter(ctx, b)
	if err != nil {
		return b, err
	}
	header, err := json.Marshal(rd.Header())
	if err != nil {
		return b, err
	}
	var bad bulk
	var held, faulty int // bytes of faulty rows: not yet written, and all
	var told int64       // rows read at the last sign of life
	var places unplaced
	save := func(state string) error {
		kept, err := places.json()
		if err != nil {
			return err
		}
		return s.W.Do(ctx, system(b), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
			if err := hold(ctx, tx, b.ID, "staging", "state = ?, rows_total = ?, rows_good = ?, rows_bad = ?, header = ?, unplaced = ?", state, b.Total, b.Good, b.Bad, string(header), kept); err != nil {
				return err
			}
			tx.Subject("batch", b.ID, b.OrgID, map[string]any{"state": state, "good": b.Good, "bad": b.Bad, "unplaced": places.rows()})
			return bad.insert(ctx, tx, "batch_row", badRowColumns)
		})
	}
	for last := false; !last; {
		recs, err := nextRecords(conv, rd)
		if last = errors.Is(err, io.EOF); err != nil && !last {
			return s.refuse(ctx, b, err)
		}
		if conv.target != nil {
			err = conv.target.checked(ctx, recs)
		} else {
			err = s.refuseOfOthers(ctx, conv, recs)
		}
		if err != nil {
			return b, err
		}
		for i := range recs {
			b.Total++
			if !recs[i].Faulty() {
				b.Good++
				if conv.target == nil {
					places.add(conv, &recs[i])
				}
				continue
			}
			b.Bad++
			held += recs[i].Size()
			if err := addBadRow(&bad, b.ID, badRow{recs[i].No, recs[i].Row, recs[i].Key, recs[i].Raw}, recs[i].Problems); err != nil {
				return b, err
			}
		}
		if faulty+held > faultBytes {
			return s.refuse(ctx, b, baqylau.E(baqylau.Invalid, "import.file.faults", "row", recs[len(recs)-1].Row))
		}
		if !last && (bad.n >= flushRows || held > chunkBytes || b.Total-told >= progressRows) {
			if err := save("staging"); err != nil {
				return b, err
			}
			faulty, held, told = faulty+held, 0, b.Total
		}
	}
	b.State = "staged"
	return b, save("staged")
}

// nextRecords reads as many records as one transaction will write; io.EOF comes with the last of them.
func nextRecords(conv *converter, rd *batchReader) (recs []mapping.Record, err error) {
	for size := 0; len(recs) < chunkRows && size < chunkBytes; {
		rec, err := conv.next(rd.Reader)
		if err != nil {
			return recs, err
		}
		recs = append(recs, rec)
		size += rec.Size()
	}
	return recs, nil
}
