package indicator

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Outcome is what became of an observation that was sent.
type Outcome string

// The outcomes.
const (
	New     Outcome = "new"
	Same    Outcome = "same"    // said before, by the same
	Amended Outcome = "amended" // supersedes an earlier row of its slot
)

var observationColumns = strings.Fields(`id cell indicator unit country place facility_id start_on end_on cumulative sex age drug substance_id breakdown coverage definition
	value low high sample absence qualifier provisional published synthetic detail source_id issuer citation note org_id account_id domain known_on recorded_at batch_id supersedes_id`)

// Record writes observations within an act: new ones, and those that say something else than the row in force of their slot, which they supersede. Sent again
// unchanged they change nothing. All must have passed Fill and Check; Known is today where it is not set. The caller says the act's subject.
// Of two rows of one slot in one call the later counts.
func Record(ctx context.Context, tx *change.Tx, all []Observation) (outcomes []Outcome, err error) {
	return record(ctx, tx, all, func(*Observation, *Observation) {})
}

// record is Record; meet is told of every row that meets one of its slot, before they are compared.
func record(ctx context.Context, tx *change.Tx, all []Observation, meet func(o, before *Observation)) (outcomes []Outcome, err error) {
	defer baqylau.Wrap(&err, "indicator.Record")
	standing, err := standing(ctx, tx, all)
	if err != nil {
		return nil, err
	}
	outcomes = make([]Outcome, len(all))
	var counters []string
	values := make([]any, 0, len(all)*len(observationColumns))
	for i := range all {
		o := &all[i]
		if o.Known.IsZero() {
			o.Known = tx.Today()
		}
		before, known := standing[o.Slot()]
		if known {
			meet(o, &before)
		}
		switch {
		case known && o.same(&before):
			outcomes[i], o.ID = Same, before.ID
			continue
		case known:
			outcomes[i], o.SupersedesID = Amended, before.ID
		default:
			outcomes[i] = New
		}
		o.ID, o.Recorded = store.NewID(), tx.Now
		if o.BatchID == "" { // rows of an import change nothing before it is revealed
			counters = append(counters, counterOf(o.Indicator, o.Country))
		}
		standing[o.Slot()] = *o
		values = append(values, o.ID, o.Cell(), o.Indicator, o.Unit, o.Country, o.Place, store.Null(o.FacilityID), o.Start.String(), o.End.String(), o.Cumulative, o.Sex, o.Age, o.Drug,
			store.Null(o.SubstanceID), o.Breakdown.String(), o.Coverage, o.Definition, number(o.Value), number(o.Low), number(o.High), whole(o.Sample), string(o.Absence), string(o.Qualifier),
			o.Provisional, o.Published, o.Synthetic, o.Detail.json(), o.SourceID, o.Issuer, o.Citation, o.Note, o.OrgID, o.AccountID, string(o.Domain), o.Known.String(),
			store.Micros(tx.Now), store.Null(o.BatchID), store.Null(o.SupersedesID))
	}
	if err := moved(ctx, tx, counters); err != nil {
		return nil, err
	}
	return outcomes, tx.Insert(ctx, "observation", observationColumns, values)
}

// standing are the rows in force today of the cells that are about to be written, by slot; hidden ones of the same batch among them, so that an import that is
// resumed after a crash, or holds a cell twice, finds its own.
func standing(ctx context.Context, db bun.IDB, all []Observation) (map[string]Observation, error) {
	const most = 500 // cells a question
	out := map[string]Observation{}
	for at := 0; at < len(all); at += most {
		var cells []string
		for i := at; i < min(at+most, len(all)); i++ {
			cells = append(cells, all[i].Cell())
		}
		in, args := store.In(cells)
		batch := all[at].BatchID
		rows, err := db.QueryContext(ctx, `SELECT `+columnsOf("o")+` FROM observation o WHERE o.cell IN (`+in+`) AND o.withdrawn_on IS NULL
			AND (`+revealed("o")+` OR o.batch_id = ?) AND NOT EXISTS (SELECT 1 FROM observation n WHERE n.supersedes_id = o.id AND (`+revealed("n")+` OR n.batch_id = ?)) ORDER BY o.id`,
			append(args, batch, batch)...)
		if err != nil {
			return nil, err
		}
		found, err := scanAll(rows)
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			out[o.Slot()] = o
		}
	}
	return out, nil
}

// Unbatch takes the rows of an import back within the act that undoes it: what they had superseded is in force again, and rows that superseded them meanwhile
// follow what stood before.
func Unbatch(ctx context.Context, tx *change.Tx, batchID string) (err error) {
	defer baqylau.Wrap(&err, "indicator.Unbatch(%s)", batchID)
	// A chain within the batch is followed to its head, one link each time.
	for {
		res, err := tx.NewRaw(`UPDATE observation SET supersedes_id = (SELECT p.supersedes_id FROM observation p WHERE p.id = observation.supersedes_id)
			WHERE (batch_id IS NULL OR batch_id <> ?) AND supersedes_id IN (SELECT id FROM observation WHERE batch_id = ?)`, batchID, batchID).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
	}
}

func (d Detail) json() string {
	b, err := json.Marshal(d)
	if err != nil {
		panic(err) // numbers are finite, see Check
	}
	return string(b)
}

func number(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

func whole(v *int64) any {
	if v == nil {
		return nil
	}
	return *v
}
