package indicator

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
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

// Record writes observations within an act: new ones, and those that say something else than what their slot said on the day by which they were known. That one they supersede, and
// are superseded by what became known later: a statement of the past that comes late changes no later one. Sent again unchanged they change nothing. All must have passed Fill and Check;
// Known is today where it is not set. The caller says the act's subject. Of two rows of one slot and day in one call the later counts.
func Record(ctx context.Context, tx *change.Tx, all []Observation) (outcomes []Outcome, err error) {
	return record(ctx, tx, all, func(*Observation, *Observation) {})
}

// record is Record; meet is told of every row that meets one of its slot, before they are compared.
func record(ctx context.Context, tx *change.Tx, all []Observation, meet func(o, before *Observation)) (outcomes []Outcome, err error) {
	defer baqylau.Wrap(&err, "indicator.Record")
	cells, batch := make([]string, len(all)), ""
	for i := range all {
		cells[i], batch = all[i].Cell(), all[i].BatchID
	}
	chains, err := chainsOf(ctx, tx, cells, batch)
	if err != nil {
		return nil, err
	}
	outcomes = make([]Outcome, len(all))
	var counters []string
	var fresh []*Observation
	for i := range all {
		o := &all[i]
		if o.Known.IsZero() {
			o.Known = tx.Today()
		}
		slot := o.Slot()
		chain := chains[slot]
		if last := len(chain) - 1; o.part && last >= 0 && batch != "" && chain[last].BatchID == batch && chain[last].Known.After(o.Known) {
			o.Known = chain[last].Known // parts make one figure
		}
		at := len(chain)
		for at > 0 && chain[at-1].Known.After(o.Known) {
			at--
		}
		outcomes[i] = New
		if at > 0 && chain[at-1].Withdrawn.IsZero() {
			before := chain[at-1]
			if meet(o, before); o.same(before) {
				outcomes[i], o.ID = Same, before.ID
				continue
			}
			outcomes[i] = Amended
		}
		o.ID, o.Recorded = store.NewID(), tx.Now
		if batch == "" { // rows of an import change nothing before it is revealed
			counters = append(counters, counterOf(o.Indicator, o.Country))
		}
		chains[slot] = slices.Insert(chain, at, o)
		fresh = append(fresh, o)
	}
	moves := linked(chains, batch)
	slices.SortFunc(fresh, later) // a row is written after the one that it supersedes
	values := make([]any, 0, len(fresh)*len(observationColumns))
	for _, o := range fresh {
		delete(moves, o)
		values = append(values, o.ID, o.Cell(), o.Indicator, o.Unit, o.Country, o.Place, store.Null(o.FacilityID), o.Start.String(), o.End.String(), o.Cumulative, o.Sex, o.Age, o.Drug,
			store.Null(o.SubstanceID), o.Breakdown.String(), o.Coverage, o.Definition, number(o.Value), number(o.Low), number(o.High), whole(o.Sample), string(o.Absence), string(o.Qualifier),
			o.Provisional, o.Published, o.Synthetic, o.Detail.json(), o.SourceID, o.Issuer, o.Citation, o.Note, o.OrgID, o.AccountID, string(o.Domain), o.Known.String(),
			store.Micros(tx.Now), store.Null(o.BatchID), store.Null(o.SupersedesID))
	}
	if err := moved(ctx, tx, counters); err != nil {
		return nil, err
	}
	if err := tx.Insert(ctx, "observation", observationColumns, values); err != nil {
		return nil, err
	}
	return outcomes, move(ctx, tx, moves)
}

// later is the order of the rows of a slot, of which each supersedes the one before it: by the day on which they became known, then as they were written.
func later(a, b *Observation) int {
	return cmp.Or(cmp.Compare(a.Known.String(), b.Known.String()), cmp.Compare(a.ID, b.ID))
}

// chainsOf are the rows of the slots of some cells in the order in which they supersede one another, withdrawn ones among them; hidden ones of a batch too, so that an import that is resumed
// after a crash, or holds a cell twice, finds its own.
func chainsOf(ctx context.Context, db bun.IDB, cells []string, batch string) (map[string][]*Observation, error) {
	const most = 500 // cells a question
	out := map[string][]*Observation{}
	slices.Sort(cells)
	for some := range slices.Chunk(slices.Compact(cells), most) {
		in, args := store.In(some)
		rows, err := db.QueryContext(ctx, "SELECT "+columnsOf("o")+" FROM observation o WHERE o.cell IN ("+in+") AND ("+revealed("o")+" OR o.batch_id = ?)", append(args, batch)...)
		if err != nil {
			return nil, err
		}
		found, err := scanAll(rows)
		if err != nil {
			return nil, err
		}
		for i := range found {
			out[found[i].Slot()] = append(out[found[i].Slot()], &found[i])
		}
	}
	for _, chain := range out {
		slices.SortFunc(chain, later)
	}
	return out, nil
}

// linked lets each row of a chain supersede the one before it, and returns the rows for which that is new. While an import is hidden only its own rows follow others.
func linked(chains map[string][]*Observation, batch string) map[*Observation]bool {
	moves := map[*Observation]bool{}
	for _, chain := range chains {
		before := ""
		for _, o := range chain {
			if o.SupersedesID != before && (batch == "" || o.BatchID == batch) {
				o.SupersedesID = before
				moves[o] = true
			}
			before = o.ID
		}
	}
	return moves
}

// move writes what rows supersede now.
func move(ctx context.Context, tx *change.Tx, moves map[*Observation]bool) error {
	for o := range moves {
		if _, err := tx.NewRaw("UPDATE observation SET supersedes_id = ? WHERE id = ?", store.Null(o.SupersedesID), o.ID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// join puts the rows of an import that comes into force between those of the same slots that were written meanwhile, or were known later: else two of them would stand. In order no two
// rows of a slot follow the same one.
func join(ctx context.Context, tx *change.Tx, batch string) error {
	var cells []string
	if err := tx.NewRaw(`SELECT DISTINCT y.cell FROM observation y JOIN observation z ON z.cell = y.cell AND z.unit = y.unit AND z.source_id = y.source_id AND z.issuer = y.issuer AND z.coverage = y.coverage
		AND z.definition = y.definition AND z.citation = y.citation AND COALESCE(z.facility_id, '') = COALESCE(y.facility_id, '') AND COALESCE(z.supersedes_id, '') = COALESCE(y.supersedes_id, '')
		WHERE y.batch_id = ? AND z.id <> y.id AND `+revealed("z"), batch).Scan(ctx, &cells); err != nil {
		return err
	}
	chains, err := chainsOf(ctx, tx, cells, batch)
	if err != nil {
		return err
	}
	return move(ctx, tx, linked(chains, ""))
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
