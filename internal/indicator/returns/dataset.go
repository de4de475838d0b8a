package returns

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Dataset is an entry of the data catalogue: who owns which data, by what form and law they come, and when they are owed.
type Dataset struct {
	Code       string         `json:"code"`
	Name       baqylau.Text   `json:"name"`
	Owner      baqylau.Text   `json:"owner"`
	OrgID      string         `json:"org_id,omitempty"`     // the organisation of this node that sends them; "" none yet
	Subject    string         `json:"subject,omitempty"`    // what its rows become, see Subjects; "" nothing yet
	Indicators []string       `json:"indicators,omitempty"` // of observations; none: all that come from its sources
	Sources    []string       `json:"sources,omitempty"`    // codes of the sources that its rows come from; none: all
	Every      Frequency      `json:"every"`
	DueDays    *int           `json:"due_days,omitempty"` // days after the end of a period; nil: no term is known
	Units      string         `json:"units,omitempty"`    // what reports each period: region, facility, or "" one sender
	Form       baqylau.Text   `json:"form"`               // form or system
	Law        baqylau.Text   `json:"law"`                // legal basis
	Gaps       baqylau.Text   `json:"gaps"`
	Domain     baqylau.Domain `json:"domain"`
	From       string         `json:"from,omitempty"` // first and last day on which it is owed; "" open
	To         string         `json:"to,omitempty"`
	Verified   bool           `json:"verified"` // compared with the primary documents
}

// Frequency is how long a period is.
type Frequency string

// The frequencies. A dataset that comes irregularly has no periods in which it could be late.
const (
	Yearly    Frequency = "year"
	HalfYear  Frequency = "half"
	Quarterly Frequency = "quarter"
	Monthly   Frequency = "month"
	Irregular Frequency = "irregular"
)

// Frequencies are in the order in which forms offer them.
var Frequencies = []Frequency{Yearly, HalfYear, Quarterly, Monthly, Irregular}

// Units are what may report each period.
var Units = []string{"region", "facility"}

var codeShape = regexp.MustCompile(`^[a-z][a-z0-9_]{1,39}$`)

// Check says what is wrong with an entry: every mistake, with its field. Code: Invalid.
func (d *Dataset) Check() error {
	var errs baqylau.Errors
	bad := func(field, key string, args ...any) {
		errs = append(errs, baqylau.E(baqylau.Invalid, key, args...).On(field))
	}
	if !codeShape.MatchString(d.Code) {
		bad("code", "dataset.error.code")
	}
	for _, f := range []struct {
		field string
		text  baqylau.Text
	}{{"name", d.Name}, {"owner", d.Owner}} {
		for lang, v := range map[string]string{"kk": f.text.KK, "ru": f.text.RU, "en": f.text.EN} {
			if v == "" {
				bad(f.field+"_"+lang, "error.required")
			}
		}
	}
	if d.Subject != "" && !slices.Contains(Subjects, d.Subject) {
		bad("subject", "error.choice")
	}
	if !slices.Contains(Frequencies, d.Every) {
		bad("every", "error.choice")
	}
	if d.Units != "" && !slices.Contains(Units, d.Units) {
		bad("units", "error.choice")
	}
	if d.DueDays != nil && (*d.DueDays < 0 || *d.DueDays > 1000) {
		bad("due_days", "error.number")
	}
	if !slices.Contains([]baqylau.Domain{baqylau.HealthDomain, baqylau.EnforcementDomain, baqylau.NeutralDomain}, d.Domain) {
		bad("domain", "error.choice")
	}
	from, ok1 := day(d.From)
	to, ok2 := day(d.To)
	switch {
	case !ok1:
		bad("from", "error.date", "value", d.From)
	case !ok2:
		bad("to", "error.date", "value", d.To)
	case !from.IsZero() && !to.IsZero() && to.Before(from):
		bad("to", "error.registry.to_before_from")
	}
	return errs.OrNil()
}

// day reads a whole date; the empty one is none.
func day(s string) (baqylau.Date, bool) {
	if s == "" {
		return baqylau.Date{}, true
	}
	d, p, err := baqylau.ParseDate(s)
	return d, err == nil && p == baqylau.Day
}

// owed reports whether a period that ends on a day is owed.
func (d *Dataset) owed(end baqylau.Date) bool {
	from, _ := day(d.From)
	to, _ := day(d.To)
	return (from.IsZero() || !end.Before(from)) && (to.IsZero() || !end.After(to))
}

// shipped are the entries that come with the product.
var shipped = sync.OnceValues(func() ([]Dataset, error) {
	raw, err := data.FS.ReadFile("indicators/datasets.csv")
	if err != nil {
		return nil, err
	}
	return readDatasets(raw)
})

func readDatasets(raw []byte) (out []Dataset, err error) {
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		return nil, err
	}
	for n, row := range rows[1:] {
		f := map[string]string{}
		for i, name := range rows[0] {
			f[name] = row[i]
		}
		text := func(name string) baqylau.Text {
			return baqylau.Text{KK: f[name+"_kk"], RU: f[name+"_ru"], EN: f[name+"_en"]}
		}
		d := Dataset{Code: f["code"], Name: text("name"), Owner: text("owner"), Subject: f["subject"], Indicators: split(f["indicators"]), Sources: split(f["sources"]), Every: Frequency(f["every"]), Units: f["units"],
			Form: text("form"), Law: text("law"), Gaps: text("gaps"), Domain: baqylau.Domain(f["domain"]), From: f["valid_from"], To: f["valid_to"], Verified: f["verified"] == "yes"}
		if f["due_days"] != "" {
			days, err := strconv.Atoi(f["due_days"])
			if err != nil {
				return nil, fmt.Errorf("datasets.csv, line %d: %w", n+2, err)
			}
			d.DueDays = &days
		}
		if err := d.Check(); err != nil {
			return nil, fmt.Errorf("datasets.csv, line %d: %w", n+2, err)
		}
		out = append(out, d)
	}
	return out, nil
}

// split parts a list inside a field.
func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}

// Datasets are the entries of the catalogue as of a day: those of the product, each replaced by the last one that people wrote until then, and theirs, by code of the shipped order.
func Datasets(ctx context.Context, db bun.IDB, asOf baqylau.Date) (out []Dataset, err error) {
	defer baqylau.Wrap(&err, "returns.Datasets")
	base, err := shipped()
	if err != nil {
		return nil, err
	}
	out = slices.Clone(base)
	rows, err := db.QueryContext(ctx, "SELECT content FROM dataset WHERE known_on <= ? ORDER BY recorded_at, id", asOf.String())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var content string
		var d Dataset
		if err := rows.Scan(&content); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(content), &d); err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(out, func(o Dataset) bool { return o.Code == d.Code }); i >= 0 {
			out[i] = d
		} else {
			out = append(out, d)
		}
	}
	return out, rows.Err()
}

// DatasetOf is one entry as of a day. Code: NotFound.
func DatasetOf(ctx context.Context, db bun.IDB, code string, asOf baqylau.Date) (d Dataset, err error) {
	all, err := Datasets(ctx, db, asOf)
	if err != nil {
		return d, err
	}
	i := slices.IndexFunc(all, func(o Dataset) bool { return o.Code == code })
	if i < 0 {
		return d, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	return all[i], nil
}

// KeepDataset writes an entry of the catalogue, from today on; what stood before stays readable as of earlier days. Codes: Forbidden; Invalid with the field of each mistake.
func (s *Service) KeepDataset(ctx context.Context, actor access.Actor, d Dataset) (err error) {
	defer baqylau.Wrap(&err, "returns.KeepDataset(%s)", d.Code)
	if err := d.Check(); err != nil {
		return err
	}
	content, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return s.W.Do(ctx, actor, access.CatalogueEdit, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("dataset", d.Code, d.OrgID, map[string]any{"every": string(d.Every), "org": d.OrgID})
		_, err := tx.NewRaw("INSERT INTO dataset (id, code, content, account_id, known_on, recorded_at) VALUES (?, ?, ?, ?, ?, ?)",
			store.NewID(), d.Code, string(content), actor.ID, tx.Today().String(), store.Micros(tx.Now)).Exec(ctx)
		return err
	})
}
