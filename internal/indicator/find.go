package indicator

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// columnsOf are the columns that scan reads, of the table alias a.
func columnsOf(a string) string {
	c := a + "." + strings.Join(observationColumns, ", "+a+".")
	return c + ", " + a + ".withdrawn_on"
}

// revealed is the condition that a row does not belong to an import that is still being written or was taken back.
func revealed(a string) string {
	return "(" + a + ".batch_id IS NULL OR " + a + ".batch_id IN (SELECT id FROM batch WHERE state = 'applied'))"
}

// inForce is the condition that row a counts on a day, with its arguments: it was known, and nothing that was known by then takes its place.
func inForce(a string, day baqylau.Date) (string, []any) {
	d := day.String()
	return revealed(a) + " AND " + a + ".known_on <= ? AND (" + a + ".withdrawn_on IS NULL OR " + a + ".withdrawn_on > ?) AND NOT EXISTS (SELECT 1 FROM observation later WHERE later.supersedes_id = " +
		a + ".id AND later.known_on <= ? AND " + revealed("later") + ")", []any{d, d, d}
}

// Question asks for observations. Empty lists ask for all.
type Question struct {
	Indicators  []string
	Country     string
	Places      []string
	Drugs       []string
	Sexes       []string
	Ages        []string
	Breakdowns  []string     // as Breakdown.String writes them; nil: all, "" is the figure without any
	From, To    baqylau.Date // periods that lie within; zero: open
	EndFrom     baqylau.Date // periods that end on that day or later; zero: open
	AsOf        baqylau.Date // what was known by that day
	Unpublished bool         // only those that were not taken from a public source
	OrgID       string       // of one sender
	BatchID     string       // of one import
	Newest      bool         // newest rows first, instead of by indicator, place and period
	After       string       // with Newest: rows before that identifier
	Most        int          // rows; 0: all
}

// Find lists the observations in force that a question asks for, by indicator, place and period. It hides nothing: whoever shows them sees to disclosure.
func Find(ctx context.Context, db bun.IDB, q Question) (out []Observation, err error) {
	defer baqylau.Wrap(&err, "indicator.Find")
	where, args := inForce("o", q.AsOf)
	and := func(cond string, more ...any) { where, args = where+" AND "+cond, append(args, more...) }
	for _, d := range []struct {
		column string
		codes  []string
	}{{"indicator", q.Indicators}, {"place", q.Places}, {"drug", q.Drugs}, {"sex", q.Sexes}, {"age", q.Ages}, {"breakdown", q.Breakdowns}} {
		if len(d.codes) > 0 {
			in, more := store.In(d.codes)
			and("o."+d.column+" IN ("+in+")", more...)
		}
	}
	if q.Country != "" {
		and("o.country = ?", q.Country)
	}
	if !q.From.IsZero() {
		and("o.start_on >= ?", q.From.String())
	}
	if !q.To.IsZero() {
		and("o.end_on <= ?", q.To.String())
	}
	if !q.EndFrom.IsZero() {
		and("o.end_on >= ?", q.EndFrom.String())
	}
	if q.Unpublished {
		and("o.published = ?", false)
	}
	if q.OrgID != "" {
		and("o.org_id = ?", q.OrgID)
	}
	if q.BatchID != "" {
		and("o.batch_id = ?", q.BatchID)
	}
	order := "o.indicator, o.place, o.start_on, o.end_on, o.id"
	if q.Newest {
		order = "o.id DESC" // identifiers are ordered by time
	}
	if q.After != "" {
		and("o.id < ?", q.After)
	}
	limit := ""
	if q.Most > 0 {
		limit = " LIMIT ?"
		args = append(args, q.Most)
	}
	rows, err := db.QueryContext(ctx, "SELECT "+columnsOf("o")+" FROM observation o WHERE "+where+" ORDER BY "+order+limit, args...)
	if err != nil {
		return nil, err
	}
	return scanAll(rows)
}

func scanAll(rows *sql.Rows) (out []Observation, err error) {
	defer rows.Close()
	for rows.Next() {
		o, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

func scan(rows *sql.Rows) (o Observation, err error) {
	var cell, start, end, breakdown, detail, known string
	var facility, substance, batch, supersedes, withdrawn sql.NullString
	var recorded int64
	if err := rows.Scan(&o.ID, &cell, &o.Indicator, &o.Unit, &o.Country, &o.Place, &facility, &start, &end, &o.Cumulative, &o.Sex, &o.Age, &o.Drug, &substance, &breakdown, &o.Coverage, &o.Definition,
		&o.Value, &o.Low, &o.High, &o.Sample, &o.Absence, &o.Qualifier, &o.Provisional, &o.Published, &o.Synthetic, &detail, &o.SourceID, &o.Issuer, &o.Citation, &o.Note, &o.OrgID, &o.AccountID,
		&o.Domain, &known, &recorded, &batch, &supersedes, &withdrawn); err != nil {
		return o, err
	}
	o.FacilityID, o.SubstanceID, o.BatchID, o.SupersedesID = facility.String, substance.String, batch.String, supersedes.String
	o.Recorded = store.Time(recorded)
	for _, d := range []struct {
		to   *baqylau.Date
		text string
	}{{&o.Start, start}, {&o.End, end}, {&o.Known, known}, {&o.Withdrawn, withdrawn.String}} {
		if *d.to, _, err = baqylau.ParseDate(d.text); err != nil {
			return o, err
		}
	}
	if o.Breakdown, err = ParseBreakdown(breakdown); err != nil {
		return o, err
	}
	if detail == "{}" { // of nearly all
		return o, nil
	}
	return o, json.Unmarshal([]byte(detail), &o.Detail)
}
