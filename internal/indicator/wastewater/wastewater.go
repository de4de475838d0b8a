// Package wastewater shows residues of drugs in waste water by city and year: published loads, and the consumption that they stand for by factors that are data.
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
	"github.com/baqylau/baqylau/internal/registry"
)

// Service is the room.
type Service struct {
	W     *change.Writer
	Shelf *registry.Shelf
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
	Synthetic                    bool
	Issuer                       string
}

// Loads are the published and entered loads that were in force on a day, by country, city, residue and year.
func (s *Service) Loads(ctx context.Context, asOf baqylau.Date) (out []Load, err error) {
	defer baqylau.Wrap(&err, "wastewater.Loads")
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
		key := o.Place + "\x00" + city + "\x00" + residue + "\x00" + strconv.Itoa(o.End.Time().Year())
		l := at[key]
		if l == nil {
			l = &Load{Country: o.Place, City: city, Residue: residue, Drug: o.Drug, Year: o.End.Time().Year(), Issuer: o.Issuer}
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
	slices.Sort(keys)
	for _, k := range keys {
		out = append(out, *at[k])
	}
	return out, nil
}
