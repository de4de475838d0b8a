// Package wastewater is about residues of drugs in waste water: samples of treatment plants, the loads that they make or that others publish by city and year, and the consumption that these
// stand for by factors that are data. Nothing in it counts persons.
package wastewater

import (
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
)

// Service is the room.
type Service struct {
	W     *change.Writer
	Shelf *registry.Shelf
	Home  string // the centre's own country, ISO 3166-1 alpha-2
}

// Factor turns the load of a residue into the amount of a drug that was used.
type Factor struct {
	Drug, Residue string
	Name          baqylau.Text
	Value         float64 // as computed from the molar masses and the excretion (epi.Factor)
	Published     float64 // as its source prints it
	Excretion     float64
	Verified      bool
}

// factors are read once from data/indicators/wastewater-factors.csv.
var factors = sync.OnceValues(func() ([]Factor, error) {
	f, err := data.FS.Open("indicators/wastewater-factors.csv")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	var out []Factor
	for n, row := range rows[1:] {
		at := map[string]string{}
		for i, name := range rows[0] {
			at[name] = row[i]
		}
		num := func(name string, missing float64) float64 {
			if at[name] == "" {
				return missing
			}
			v, e := strconv.ParseFloat(at[name], 64)
			if e != nil && err == nil {
				err = fmt.Errorf("wastewater-factors.csv, line %d: %w", n+2, e)
			}
			return v
		}
		x := Factor{Drug: at["drug"], Residue: at["residue"], Name: baqylau.Text{KK: at["name_kk"], RU: at["name_ru"], EN: at["name_en"]}, Published: num("factor", 0), Excretion: num("excretion", 0), Verified: at["verified"] == "yes"}
		f := epi.Factor{DrugMass: num("drug_mass", 0), ResidueMass: num("residue_mass", 0), Excretion: x.Excretion, Stability: num("stability", 1)}
		if err != nil {
			return nil, err
		}
		if x.Value, err = f.Value(); err != nil {
			return nil, fmt.Errorf("wastewater-factors.csv, line %d: %w", n+2, err)
		}
		out = append(out, x)
	}
	return out, nil
})

// FactorOf is the factor for what files call a residue: the residue itself, or a drug that is measured by one (cocaine by benzoylecgonine).
func FactorOf(residue, drug string) (x Factor, ok bool) {
	all, err := factors()
	if err != nil {
		return x, false // the tests hold the file to its form
	}
	for _, f := range all {
		if f.Residue == residue || drug != "" && f.Drug == drug {
			return f, true
		}
	}
	return x, false
}

// Load is what was measured in a city in a year: mg per 1,000 people and day.
type Load struct {
	Country, City, Residue, Drug string
	Year                         int
	Daily, Weekday, Weekend      *float64
	Mended                       []string // how the file wrote decimals that were damaged and read as what they were
	Below                        bool     // on every day of our samples it was below the limit of quantification: there is no load
	Twice                        []string // plants of which several organisations sent the same days; those recorded first count
	Synthetic                    bool
	Issuer                       string
}

// Loads are the published and entered loads that were in force on a day, by country, city, residue and year.
func (s *Service) Loads(ctx context.Context, asOf baqylau.Date) (out []Load, err error) {
	defer baqylau.Wrap(&err, "wastewater.Loads")
	samples, err := Samples(ctx, s.W.DB.Read, asOf)
	if err != nil {
		return nil, err
	}
	return s.loads(ctx, asOf, Weeks(samples))
}

// loads are Loads with the weeks that samples make.
func (s *Service) loads(ctx context.Context, asOf baqylau.Date, weeks []Week) (out []Load, err error) {
	found, err := indicator.Find(ctx, s.W.DB.Read, indicator.Question{Indicators: []string{"wastewater_load"}, AsOf: asOf})
	if err != nil {
		return nil, err
	}
	at := map[string]*Load{}
	var keys []string
	for _, o := range found {
		city, residue := o.Breakdown["city"], o.Breakdown["residue"]
		if o.Value == nil || city == "" || residue == "" {
			continue
		}
		here := Load{Country: o.Place, City: city, Residue: residue, Drug: o.Drug, Year: o.End.Time().Year(), Issuer: o.Issuer}
		key := here.key()
		l := at[key]
		if l == nil {
			l = &here
			at[key], keys = l, append(keys, key)
		}
		l.Synthetic = l.Synthetic || o.Synthetic
		if o.Detail.Raw != "" {
			l.Mended = append(l.Mended, o.Detail.Raw)
		}
		v := *o.Value
		switch o.Breakdown["day"] {
		case "weekday":
			l.Weekday = &v
		case "weekend":
			l.Weekend = &v
		default:
			l.Daily = &v
		}
	}
	names, err := s.senders(ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range loadsOf(weeks, func(id string) string { return names[id].In(locale.Lang(ctx)) }) { // what is published of the same city and year is not replaced
		if key := l.key(); at[key] == nil {
			at[key], keys = &l, append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		out = append(out, *at[k])
	}
	return out, nil
}

func (l *Load) key() string {
	return l.Country + "\x00" + l.City + "\x00" + l.Residue + "\x00" + strconv.Itoa(l.Year)
}

// senders are the names of organisations.
func (s *Service) senders(ctx context.Context) (map[string]baqylau.Text, error) {
	rows, err := s.W.DB.Read.QueryContext(ctx, "SELECT id, name FROM organisation")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]baqylau.Text{}
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		out[id] = baqylau.ParseText(name)
	}
	return out, rows.Err()
}
