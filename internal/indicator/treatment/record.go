package treatment

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/store"
)

// Outcome is what became of a case that was sent.
type Outcome string

// The outcomes.
const (
	New     Outcome = "new"
	Same    Outcome = "same"    // said before
	Amended Outcome = "amended" // supersedes an earlier row of its slot
)

var caseColumns = strings.Fields(`id slot start_on start_precision year person country region facility centre_type sex age primary_drug primary_leaf answers packed asked confirmed ref
	synthetic org_id account_id domain known_on recorded_at batch_id supersedes_id`)

// record writes cases within an act: new ones, and those that say something else than the row in force of their slot, which they supersede. Sent again unchanged they
// change nothing. All must have been through Refuse and Derive; Known is today where it is not set. Of two rows of one slot the later counts.
func record(ctx context.Context, tx *change.Tx, all []Case) (outcomes []Outcome, err error) {
	defer baqylau.Wrap(&err, "treatment.record")
	standing, err := standing(ctx, tx, all)
	if err != nil {
		return nil, err
	}
	outcomes = make([]Outcome, len(all))
	values := make([]any, 0, len(all)*len(caseColumns))
	for i := range all {
		c := &all[i]
		if c.Known.IsZero() {
			c.Known = tx.Today()
		}
		at := c.OrgID + "\x00" + c.slot()
		before, known := standing[at]
		now := kept{answers: c.answers(), person: c.Pseudonym, confirmed: c.Confirmed}
		switch {
		case known && before.same(now):
			outcomes[i], c.ID = Same, before.id
			continue
		case known:
			outcomes[i], c.SupersedesID = Amended, before.id
		default:
			outcomes[i] = New
		}
		now.id = store.NewID()
		standing[at] = now
		c.ID = now.id
		values = append(values, c.row(tx, now.answers)...)
	}
	return outcomes, tx.Insert(ctx, "episode", caseColumns, values)
}

// row is the values of caseColumns.
func (c *Case) row(tx *change.Tx, answers string) []any {
	c.Recorded = tx.Now
	rec := c.Record()
	rec.Synthetic = c.Synthetic
	var age any
	if c.Age.Known() {
		age = int64(c.Age)
	}
	return []any{c.ID, c.slot(), c.Start.String(), string(c.Precision), int64(c.Start.Time().Year()), store.Null(c.Pseudonym), c.Country, c.Region, c.Facility, c.Get(tdi.Centre), c.Get(tdi.Sex), age,
		c.Get(tdi.Primary), c.Leaf, answers, base64.StdEncoding.EncodeToString(rec.Pack()), int64(len(c.Ask())), c.Confirmed, c.Ref, c.Synthetic, c.OrgID, c.AccountID,
		string(baqylau.HealthDomain), c.Known.String(), store.Micros(c.Recorded), store.Null(c.BatchID), store.Null(c.SupersedesID)}
}

// kept is what is compared of a row that stands.
type kept struct{ id, answers, person, confirmed string }

func (k kept) same(o kept) bool {
	return k.answers == o.answers && k.person == o.person && k.confirmed == o.confirmed
}

// standing are the rows in force today of the slots that are about to be written; hidden ones of the same batch among them, so that an import that is resumed after a
// crash, or holds a case twice, finds its own.
func standing(ctx context.Context, tx *change.Tx, all []Case) (map[string]kept, error) {
	const most = 400 // slots a question
	out := map[string]kept{}
	for at := 0; at < len(all); at += most {
		part := all[at:min(at+most, len(all))]
		orgs, slots := map[string]bool{}, make([]string, len(part))
		for i := range part {
			orgs[part[i].OrgID], slots[i] = true, part[i].slot()
		}
		for org := range orgs {
			in, args := store.In(slots)
			batch := part[0].BatchID
			rows, err := tx.QueryContext(ctx, `SELECT e.id, e.org_id, e.slot, e.answers, COALESCE(e.person,''), e.confirmed FROM episode e WHERE e.org_id = ? AND e.slot IN (`+in+`) AND e.withdrawn_on IS NULL
				AND (`+revealed("e")+` OR e.batch_id = ?) AND NOT EXISTS (SELECT 1 FROM episode n WHERE n.supersedes_id = e.id AND (`+revealed("n")+` OR n.batch_id = ?)) ORDER BY e.id`,
				append(append([]any{org}, args...), batch, batch)...)
			if err != nil {
				return nil, err
			}
			for rows.Next() {
				var k kept
				var org, slot string
				if err := rows.Scan(&k.id, &org, &slot, &k.answers, &k.person, &k.confirmed); err != nil {
					_ = rows.Close()
					return nil, err
				}
				out[org+"\x00"+slot] = k
			}
			if err := rows.Err(); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// unbatch takes the rows of an import back within the act that undoes it: what they had superseded is in force again, and rows that superseded them meanwhile follow
// what stood before. A chain within the batch is followed to its head, one link each time.
func unbatch(ctx context.Context, tx *change.Tx, batch string) (err error) {
	defer baqylau.Wrap(&err, "treatment.unbatch(%s)", batch)
	for {
		res, err := tx.NewRaw(`UPDATE episode SET supersedes_id = (SELECT p.supersedes_id FROM episode p WHERE p.id = episode.supersedes_id)
			WHERE (batch_id IS NULL OR batch_id <> ?) AND supersedes_id IN (SELECT id FROM episode WHERE batch_id = ?)`, batch, batch).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
	}
}
