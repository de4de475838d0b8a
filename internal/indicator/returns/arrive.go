package returns

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Arrival is what has come in of one period of a dataset.
type Arrival struct {
	Period  string
	Rows    int
	Units   int       // units that reported: regions, or facilities
	First   time.Time // when the first row was written, though it was corrected since
	Last    time.Time // when the last row in force was written
	Missing float64   // share of the answers that are missing, 0 to 1
}

// subject is a kind of rows that datasets become: where they stand, and what of them may be missing.
type subject struct {
	table    string
	end      string // column of the day by which a row belongs to a period
	region   string // the region that a row is from
	facility string // the unit that a row is from, or that sent it
	items    []item
	more     string // further condition, where the table is none that keeps versions by supersedes_id
}

// item is something that a row may lack.
type item struct {
	name    string // catalogue key
	missing string // condition under which it does
}

// Subjects are the kinds of rows that datasets become, in the order in which forms offer them.
var Subjects = []string{"observation", "episode", "death", "registration", "study", "wastewater", "report"}

var subjects = map[string]subject{
	"observation": {table: "observation", end: "end_on", region: "place", facility: "COALESCE(r.facility_id, r.org_id)", items: []item{{"dataset.item.value", "r.absence IN ('not_known','not_collected')"}}},
	"episode": {table: "episode", end: "start_on", region: "region", facility: "r.org_id || '|' || r.facility", items: []item{{"dataset.item.region", "r.region = ''"},
		{"dataset.item.sex", "r.sex NOT IN ('male','female')"}, {"dataset.item.age", "r.age IS NULL"}, {"dataset.item.drug", "r.primary_drug = '99'"}, {"dataset.item.person", "r.person IS NULL"}}},
	"death": {table: "death", end: "died_on", region: "region", facility: "r.org_id", items: []item{{"dataset.item.region", "r.region = ''"}, {"dataset.item.sex", "r.sex = 'unknown'"},
		{"dataset.item.age", "r.age IS NULL AND r.age_band = ''"}, {"dataset.item.cause", "r.underlying = ''"}, {"dataset.item.manner", "r.manner = 'unknown'"}, {"dataset.item.toxicology", "r.toxicology = 'unknown'"}}},
	"registration": {table: "registration", end: "entered_on", region: "region", facility: "r.org_id", items: []item{{"dataset.item.region", "r.region = ''"}, {"dataset.item.sex", "r.sex = 'unknown'"},
		{"dataset.item.age", "r.born IS NULL"}, {"dataset.item.drug", "r.drug = ''"}}},
	"study":      {table: "infection_study", end: "end_on", region: "place", facility: "r.org_id", items: []item{{"dataset.item.setting", "r.setting = ''"}, {"dataset.item.recruitment", "r.recruitment = ''"}, {"dataset.item.specimen", "r.specimen = ''"}}},
	"wastewater": {table: "wastewater_sample", end: "taken_on", region: "place", facility: "r.city || '|' || r.plant", items: []item{{"dataset.item.loq", "r.loq IS NULL"}}},
	"report": {table: "report", end: "occurred_on", region: "COALESCE(r.region, '')", facility: "r.org_id", more: "r.occurred_on IS NOT NULL AND r.state NOT IN ('draft','retracted')",
		items: []item{{"dataset.item.region", "r.region IS NULL"}}},
}

// Arrivals are the periods of a dataset of which rows were in force on a day, by key. The country is the centre's own.
func (s *Service) Arrivals(ctx context.Context, d *Dataset, asOf baqylau.Date) (out map[string]Arrival, err error) {
	defer baqylau.Wrap(&err, "returns.Arrivals(%s)", d.Code)
	out = map[string]Arrival{}
	sub, ok := subjects[d.Subject]
	if !ok {
		return out, nil
	}
	key := d.Every.sql("r." + sub.end)
	unit := sub.facility
	if d.Units == "region" {
		unit = column(sub.region)
	}
	lacking := make([]string, len(sub.items))
	for i, x := range sub.items {
		lacking[i] = "CASE WHEN " + x.missing + " THEN 1 ELSE 0 END"
	}
	where, args := s.rowsOf(d, sub, asOf)
	ever, more := s.everOf(d, sub, asOf)
	if d.Units == "region" { // the country's own figure is no region's
		own := " AND " + unit + " <> '' AND " + unit + " <> r.country"
		where, ever = where+own, ever+own
	}
	rows, err := s.W.DB.Read.QueryContext(ctx, "SELECT x.period, x.n, x.units, y.first, x.last, x.missing FROM (SELECT "+key+" AS period, count(*) AS n, count(DISTINCT "+unit+") AS units, max(r.recorded_at) AS last, sum("+
		strings.Join(lacking, " + ")+") AS missing FROM "+sub.table+" r WHERE "+where+" GROUP BY 1) x JOIN (SELECT "+key+" AS period, min(r.recorded_at) AS first FROM "+sub.table+" r WHERE "+ever+
		" GROUP BY 1) y ON y.period = x.period", append(args, more...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a Arrival
		var first, last, missing int64
		if err := rows.Scan(&a.Period, &a.Rows, &a.Units, &first, &last, &missing); err != nil {
			return nil, err
		}
		a.First, a.Last, a.Missing = store.Time(first), store.Time(last), float64(missing)/float64(a.Rows*len(sub.items))
		out[a.Period] = a
	}
	return out, rows.Err()
}

// column is a plain column of the alias r, or an expression as it stands.
func column(c string) string {
	if strings.ContainsAny(c, ".( ") {
		return c
	}
	return "r." + c
}

// rowsOf is the condition on the rows r of a dataset that were in force on a day, with its arguments.
func (s *Service) rowsOf(d *Dataset, sub subject, asOf baqylau.Date) (string, []any) {
	where, args := s.everOf(d, sub, asOf)
	if sub.more != "" {
		where += " AND r.superseded_on IS NULL"
	} else {
		on := asOf.String()
		where += " AND (r.withdrawn_on IS NULL OR r.withdrawn_on > ?) AND NOT EXISTS (SELECT 1 FROM " + sub.table + ` later WHERE later.supersedes_id = r.id AND later.known_on <= ?
			AND (later.batch_id IS NULL OR later.batch_id IN (SELECT id FROM batch WHERE state = 'applied')))`
		args = append(args, on, on)
	}
	return where, args
}

// everOf is the condition on the rows r of a dataset that had been seen by a day, those that were corrected or withdrawn since among them.
func (s *Service) everOf(d *Dataset, sub subject, asOf baqylau.Date) (string, []any) {
	where, args := "r.country = ? AND (r.batch_id IS NULL OR r.batch_id IN (SELECT id FROM batch WHERE state = 'applied'))", []any{s.Home}
	if sub.more != "" {
		where += " AND " + sub.more
	} else {
		where, args = where+" AND r.known_on <= ?", append(args, asOf.String())
	}
	if d.Subject == "observation" && len(d.Indicators) > 0 {
		in, list := store.In(d.Indicators)
		where, args = where+" AND r.indicator IN ("+in+")", append(args, list...)
	}
	if len(d.Sources) > 0 && d.Subject != "episode" && d.Subject != "wastewater" {
		in, list := store.In(d.Sources)
		where, args = where+" AND r.source_id IN (SELECT id FROM source WHERE code IN ("+in+"))", append(args, list...)
	}
	if d.OrgID != "" {
		where, args = where+" AND r.org_id = ?", append(args, d.OrgID)
	}
	return where, args
}

// Missing is the share of a dataset's rows of a period that lack an item.
type Missing struct {
	Item  string // catalogue key
	Rows  int
	Share float64 // 0 to 1
}

// The shares of missing answers from which a dataset is warned of, and is bad.
const (
	warnMissing = 0.05
	badMissing  = 0.20
)

// MissingOf says what the rows of a period lack, item by item.
func (s *Service) MissingOf(ctx context.Context, d *Dataset, period string, asOf baqylau.Date) (out []Missing, err error) {
	defer baqylau.Wrap(&err, "returns.MissingOf(%s, %s)", d.Code, period)
	sub, ok := subjects[d.Subject]
	if !ok {
		return nil, nil
	}
	sums := make([]string, len(sub.items))
	for i, x := range sub.items {
		sums[i] = "sum(CASE WHEN " + x.missing + " THEN 1 ELSE 0 END)"
	}
	where, args := s.rowsOf(d, sub, asOf)
	found := make([]sql.NullInt64, len(sub.items))
	var rows int
	to := []any{&rows}
	for i := range found {
		to = append(to, &found[i])
	}
	if err := s.W.DB.Read.QueryRowContext(ctx, "SELECT count(*), "+strings.Join(sums, ", ")+" FROM "+sub.table+" r WHERE "+where+" AND "+d.Every.sql("r."+sub.end)+" = ?", append(args, period)...).Scan(to...); err != nil {
		return nil, err
	}
	if rows == 0 {
		return nil, nil
	}
	for i, x := range sub.items {
		out = append(out, Missing{Item: x.name, Rows: rows, Share: float64(found[i].Int64) / float64(rows)})
	}
	return out, nil
}

// expected is how many units report a period; 0 where that is not known.
func (s *Service) expected(ctx context.Context, db bun.IDB, d *Dataset, p Period) (n int, err error) {
	switch d.Units {
	case "region":
		for _, r := range s.Shelf.Book().Regions(s.Home) {
			if !r.Outside && (r.From.IsZero() || !p.End.Before(r.From)) && (r.To.IsZero() || !p.End.After(r.To)) {
				n++
			}
		}
	case "facility":
		err = db.NewRaw(`SELECT count(*) FROM facility f WHERE f.country = ? AND f.withdrawn_on IS NULL AND (f.opened_on IS NULL OR f.opened_on <= ?) AND (f.closed_on IS NULL OR f.closed_on >= ?)
			AND (f.batch_id IS NULL OR f.batch_id IN (SELECT id FROM batch WHERE state = 'applied')) AND NOT EXISTS (SELECT 1 FROM facility later WHERE later.supersedes_id = f.id
			AND (later.batch_id IS NULL OR later.batch_id IN (SELECT id FROM batch WHERE state = 'applied')))`, s.Home, p.End.String(), p.Start.String()).Scan(ctx, &n)
	}
	return n, err
}

// Standing is how a period of a dataset stands.
type Standing struct {
	Period   Period
	Arrival  *Arrival // nil: nothing has come
	Expected int      // units; 0 not known
	Due      baqylau.Date
	HasDue   bool
	Owed     bool // within the dataset's validity
	Ended    bool // the period is over
	Late     int  // days after the term at which the first row came, or that have passed without any; 0 in time
}

// Overdue reports whether the period should be there and is not.
func (x *Standing) Overdue() bool { return x.Owed && x.Arrival == nil && x.Late > 0 }

// Standings are the periods of a dataset from one year to another, in order.
func (s *Service) Standings(ctx context.Context, d *Dataset, from, to int, asOf baqylau.Date) (out []Standing, err error) {
	arrived, err := s.Arrivals(ctx, d, asOf)
	if err != nil {
		return nil, err
	}
	for year := from; year <= to; year++ {
		for _, p := range d.Every.periods(year) {
			x := Standing{Period: p, Owed: d.owed(p.End) && d.Every != Irregular, Ended: asOf.After(p.End)}
			if x.Expected, err = s.expected(ctx, s.W.DB.Read, d, p); err != nil {
				return nil, err
			}
			seen := asOf
			if a, ok := arrived[p.Key]; ok {
				x.Arrival, seen = &a, change.Today(a.First)
			}
			if x.Due, x.HasDue = d.due(p); x.HasDue && seen.After(x.Due) {
				x.Late = seen.Sub(x.Due)
			}
			out = append(out, x)
		}
	}
	return out, nil
}
