package facility

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/uptrace/bun"
)

// asked are the indicators that a facility reports for a year, by the service that asks for them.
var asked = []struct{ service, indicator string }{
	{"oat", "oat_clients"}, {"oat", "oat_clients_year"}, {"oat", "oat_retained"},
	{"nsp", "nsp_syringes"}, {"nsp", "nsp_syringes_returned"}, {"nsp", "nsp_clients"},
	{"naloxone", "naloxone_kits"}, {"naloxone", "naloxone_trained"}, {"naloxone", "naloxone_reported_reversals"},
	{"prison", "prison_admissions"},
}

// Asked are the indicators that the facility reports.
func (f *Facility) Asked() (out []string) {
	for _, a := range asked {
		if f.Has(a.service) {
			out = append(out, a.indicator)
		}
	}
	return out
}

// indicators are all that facilities report.
func indicators() (codes []string) {
	for _, a := range asked {
		codes = append(codes, a.indicator)
	}
	return codes
}

// breakdown is the dimension that keeps the figures of facilities apart from those of their region.
const breakdown = "facility"

// Report records what a facility counted in a year: values by indicator; nil says that it is not known. Figures that were said before and are no longer given stay. Codes: Forbidden; NotFound; Invalid.
func (s *Service) Report(ctx context.Context, actor access.Actor, id string, year int, values map[string]*float64) (err error) {
	defer baqylau.Wrap(&err, "facility.Report(%s, %d)", id, year)
	if actor.Domain == baqylau.EnforcementDomain {
		return baqylau.E(baqylau.Forbidden, "error.forbidden")
	}
	today := s.today()
	if year < 1990 || year > today.Time().Year() {
		return baqylau.E(baqylau.Invalid, "error.range", "Low", 1990, "High", today.Time().Year()).On("year")
	}
	return s.W.Do(ctx, actor, access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) error {
		f, err := Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := access.CheckRow(actor, access.IndicatorWrite, access.Row{OrgID: f.OrgID, Domain: f.Domain}); err != nil {
			return err
		}
		source, err := s.OwnSource(ctx, tx, f.OrgID)
		if err != nil {
			return err
		}
		var rows []indicator.Observation
		for code, v := range values {
			def, ok := define.Current().Indicator(code)
			if !ok || !slices.Contains(f.Asked(), code) {
				return baqylau.E(baqylau.Invalid, "error.choice").On(code)
			}
			o := indicator.Observation{Indicator: code, Unit: def.Unit, Country: f.Country, Place: f.Region, FacilityID: f.ID, Start: baqylau.NewDate(year, 1, 1), End: baqylau.NewDate(year, 12, 31), Breakdown: indicator.Breakdown{breakdown: f.ID},
				Value: v, Provisional: year == today.Time().Year(), Synthetic: f.Synthetic, SourceID: source, OrgID: f.OrgID, AccountID: actor.ID, Domain: baqylau.HealthDomain}
			if v == nil {
				o.Absence = indicator.NotKnown
			} else if *v < 0 || *v != float64(int64(*v)) {
				return baqylau.E(baqylau.Invalid, "error.number").On(code)
			}
			if def.Span == define.Stock {
				o.Start = o.End
			}
			o.Fill()
			if err := o.Check(); err != nil {
				return err
			}
			rows = append(rows, o)
		}
		tx.Subject("facility", f.ID, f.OrgID, map[string]any{"year": year, "figures": len(rows)})
		if _, err = indicator.Record(ctx, tx, rows); err != nil {
			return err
		}
		return indicator.AskChecks(ctx, tx, rows)
	})
}

// Figures are what the facilities of a country reported, as of a day.
func Figures(ctx context.Context, db bun.IDB, country string, asOf baqylau.Date) (out []indicator.Observation, err error) {
	all, err := indicator.Find(ctx, db, indicator.Question{Indicators: indicators(), Country: country, AsOf: asOf})
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		if o.FacilityID != "" {
			out = append(out, o)
		}
	}
	return out, nil
}

// Sum is the sum of what facilities reported of an indicator for a year.
type Sum struct {
	Value      float64
	Facilities int
	Synthetic  bool
}

// Sums add the figures of facilities up, by year and indicator; region "" is the country. Of each facility one figure counts, that of the whole year, known last: parts of a year and counts from January on would count people twice.
func Sums(figures []indicator.Observation, region string) map[int]map[string]Sum {
	out := map[int]map[string]Sum{}
	for _, o := range ofYears(figures) {
		if region != "" && o.Place != region {
			continue
		}
		year := o.End.Time().Year()
		if out[year] == nil {
			out[year] = map[string]Sum{}
		}
		s := out[year][o.Indicator]
		out[year][o.Indicator] = Sum{s.Value + *o.Value, s.Facilities + 1, s.Synthetic || o.Synthetic}
	}
	return out
}

// ofYears are the figures that count in sums: one of each facility, indicator and year.
func ofYears(figures []indicator.Observation) (out []indicator.Observation) {
	type slot struct {
		facility, indicator string
		year                int
	}
	at := map[slot]int{}
	for _, o := range figures {
		if o.Value == nil || !wholeYear(&o) || o.Sex != indicator.AllSexes || o.Age != indicator.AllAges || o.Drug != indicator.AllDrugs {
			continue
		}
		k := slot{o.FacilityID, o.Indicator, o.End.Time().Year()}
		i, ok := at[k]
		switch {
		case !ok:
			at[k] = len(out)
			out = append(out, o)
		case o.End.After(out[i].End) || !out[i].End.After(o.End) && o.Known.After(out[i].Known):
			out[i] = o
		}
	}
	return out
}
