package wastewater

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Sample is a day's composite sample of a treatment plant's inflow, and one residue in it.
type Sample struct {
	ID            string
	Campaign      string // name of the campaign, such as "2026 spring"
	City, Plant   string
	Country       string
	Place         string // region, or the country's code
	Taken         baqylau.Date
	Residue       string   // code of the list residue
	Concentration *float64 // ng/l; nil: below the limit of quantification
	LOQ           *float64 // limit of quantification, ng/l; nil not stated
	Flow          float64  // m³ a day
	Population    float64  // people whose sewage the plant takes
	Note          string
	Synthetic     bool

	OrgID, AccountID string
	Domain           baqylau.Domain
	Known            baqylau.Date
	batch            string
}

// Check says what is wrong with a sample: every mistake with its field. Code: Invalid.
func (x *Sample) Check(today baqylau.Date) error {
	var errs baqylau.Errors
	bad := func(field, key string) { errs = append(errs, baqylau.E(baqylau.Invalid, key).On(field)) }
	for field, text := range map[string]string{"campaign": x.Campaign, "city": x.City, "place": x.Place} {
		if strings.TrimSpace(text) == "" {
			bad(field, "error.required")
		}
	}
	if _, ok := define.Current().Code("residue", x.Residue); !ok {
		bad("residue", "error.choose")
	}
	switch {
	case x.Taken.IsZero():
		bad("taken", "error.required")
	case x.Taken.After(today):
		bad("taken", "error.date_future")
	}
	positive := func(field string, v float64, most float64) {
		if math.IsNaN(v) || v <= 0 || v > most {
			bad(field, "wastewater.error.positive")
		}
	}
	positive("flow", x.Flow, 1e8)
	positive("population", x.Population, 1e8)
	if x.LOQ != nil {
		positive("loq", *x.LOQ, 1e9)
	}
	switch {
	case x.Concentration == nil && x.LOQ == nil:
		bad("concentration", "wastewater.error.loq")
	case x.Concentration != nil && (math.IsNaN(*x.Concentration) || *x.Concentration < 0 || *x.Concentration > 1e9):
		bad("concentration", "error.negative")
	}
	slices.SortStableFunc(errs, func(a, b *baqylau.Error) int { return strings.Compare(a.Field, b.Field) })
	return errs.OrNil()
}

// slot names the one statement that a sample is: another of the same slot supersedes it.
func (x *Sample) slot() string {
	return strings.Join([]string{x.Campaign, x.City, x.Plant, x.Residue, x.Taken.String()}, "\x00")
}

// same reports whether two samples of a slot say the same.
func (x *Sample) same(y *Sample) bool {
	number := func(a, b *float64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
	return x.Country == y.Country && x.Place == y.Place && number(x.Concentration, y.Concentration) && number(x.LOQ, y.LOQ) && x.Flow == y.Flow && x.Population == y.Population && x.Note == y.Note && x.Synthetic == y.Synthetic
}

const sampleColumns = `s.id, s.campaign, s.city, s.plant, s.country, s.place, s.taken_on, s.residue, s.concentration, s.loq, s.flow, s.population, s.note, s.synthetic, s.org_id, s.account_id, s.domain, s.known_on`

var insertColumns = strings.Fields(`id campaign city plant country place taken_on residue concentration loq flow population note synthetic org_id account_id domain known_on recorded_at batch_id supersedes_id`)

// record writes the samples of one organisation within an act: new ones, and those that say something else than the one in force of their slot. same tells which changed nothing.
func record(ctx context.Context, tx *change.Tx, all []*Sample) (same []bool, err error) {
	defer baqylau.Wrap(&err, "wastewater.record")
	if len(all) == 0 {
		return nil, nil
	}
	days := make([]string, len(all))
	for i, x := range all {
		days[i] = x.Taken.String()
	}
	slices.Sort(days)
	in, args := store.In(slices.Compact(days))
	found, err := samples(ctx, tx, "s.org_id = ? AND s.taken_on IN ("+in+") AND "+held.Standing("wastewater_sample", "s"), append(append([]any{all[0].OrgID}, args...), all[0].batch, all[0].batch)...)
	if err != nil {
		return nil, err
	}
	standing := map[string]*Sample{}
	for i := range found {
		standing[found[i].slot()] = &found[i]
	}
	same = make([]bool, len(all))
	var rows []any
	for i, x := range all {
		before := standing[x.slot()]
		if before != nil && before.same(x) {
			x.ID, same[i] = before.ID, true
			continue
		}
		var supersedes any
		if before != nil {
			supersedes = before.ID
		}
		if x.ID = store.NewID(); x.Known.IsZero() {
			x.Known = tx.Today()
		}
		standing[x.slot()] = x
		rows = append(rows, x.ID, x.Campaign, x.City, x.Plant, x.Country, x.Place, x.Taken.String(), x.Residue, number(x.Concentration), number(x.LOQ), x.Flow, x.Population, x.Note, x.Synthetic, x.OrgID, x.AccountID,
			string(x.Domain), x.Known.String(), store.Micros(tx.Now), store.Null(x.batch), supersedes)
	}
	return same, tx.Insert(ctx, "wastewater_sample", insertColumns, rows)
}

func number(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// Samples are those that were in force on a day, by country, city, plant, residue and day.
func Samples(ctx context.Context, db bun.IDB, day baqylau.Date) (_ []Sample, err error) {
	defer baqylau.Wrap(&err, "wastewater.Samples")
	where, args := held.InForce("wastewater_sample", "s", day)
	return samples(ctx, db, where, args...)
}

func samples(ctx context.Context, db bun.IDB, where string, args ...any) (out []Sample, err error) {
	rows, err := db.QueryContext(ctx, "SELECT "+sampleColumns+" FROM wastewater_sample s WHERE "+where+" ORDER BY s.country, s.city, s.plant, s.residue, s.taken_on, s.id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x Sample
		var taken, known string
		var concentration, loq sql.NullFloat64
		if err := rows.Scan(&x.ID, &x.Campaign, &x.City, &x.Plant, &x.Country, &x.Place, &taken, &x.Residue, &concentration, &loq, &x.Flow, &x.Population, &x.Note, &x.Synthetic, &x.OrgID, &x.AccountID, &x.Domain, &known); err != nil {
			return nil, err
		}
		for to, v := range map[**float64]sql.NullFloat64{&x.Concentration: concentration, &x.LOQ: loq} {
			if v.Valid {
				*to = &v.Float64
			}
		}
		if x.Taken, _, err = baqylau.ParseDate(taken); err != nil {
			return nil, err
		}
		if x.Known, _, err = baqylau.ParseDate(known); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}
