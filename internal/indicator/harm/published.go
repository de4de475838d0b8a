package harm

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/baqylau/baqylau/internal/indicator"
)

// PublishedFlow is a flow as an issuer states it, beside what registrations give: a stock at the end of a year, with the entries and exits of the whole year where they are published.
type PublishedFlow struct {
	Year              int
	Issuer            string
	Stock, New, Exits *indicator.Observation
	Before            *indicator.Observation // stock at the end of the year before, of the same source
	Gap               *float64               // stock − (before + new − exits); nil where a figure is missing
}

// publishedFlows are the published stocks of the register with the flows around them, one for each source, issuer and year. What is not published is no part of it: it may be a count that the explorer hides. Stocks within a
// year and flows of a part of one do not go together with those of whole years, and are left to the explorer too.
func (s *Service) publishedFlows(ctx context.Context, q RegisterQuestion) (out []PublishedFlow, err error) {
	const stock, entries, exits = "registered_drug_users_stock", "registered_drug_users_new", "registered_drug_users_exits"
	found, err := indicator.Find(ctx, s.W.DB.Read, indicator.Question{Indicators: []string{stock, entries, exits}, Country: q.Country, Places: []string{orElse(q.Region, q.Country)}, Sexes: []string{indicator.AllSexes}, Ages: []string{indicator.AllAges},
		Drugs: []string{indicator.AllDrugs}, Breakdowns: []string{""}, AsOf: q.AsOf})
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(o indicator.Observation) bool {
		return !o.Published || o.FacilityID != "" || !atYearsEnd(&o) || o.Indicator != stock && !wholeYear(&o)
	})
	chosen, err := s.chosen(ctx, found, q)
	if err != nil {
		return nil, err
	}
	type key struct {
		source, issuer string
		year           int
	}
	at := map[string]map[key]*indicator.Observation{stock: {}, entries: {}, exits: {}}
	for i := range found {
		o := &found[i]
		k := key{o.SourceID, o.Issuer, o.End.Time().Year()}
		if old := at[o.Indicator][k]; old == nil || chosen[o.ID] || !chosen[old.ID] && o.Known.After(old.Known) {
			at[o.Indicator][k] = o
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(at[stock]), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.source, b.source), cmp.Compare(a.issuer, b.issuer))
	}) {
		before := k
		before.year--
		p := PublishedFlow{Year: k.year, Issuer: k.issuer, Stock: at[stock][k], New: at[entries][k], Exits: at[exits][k], Before: at[stock][before]}
		if v := numbers(p.Stock, p.Before, p.New, p.Exits); v != nil {
			gap := v[0] - (v[1] + v[2] - v[3])
			p.Gap = &gap
		}
		out = append(out, p)
	}
	return out, nil
}

// chosen are the observations that somebody decided for where a cell has several.
func (s *Service) chosen(ctx context.Context, all []indicator.Observation, q RegisterQuestion) (map[string]bool, error) {
	var cells []string
	for i := range all {
		cells = append(cells, all[i].Cell())
	}
	slices.Sort(cells)
	choices, err := indicator.Choices(ctx, s.W.DB.Read, slices.Compact(cells), q.AsOf)
	out := map[string]bool{}
	for _, c := range choices {
		out[c.ObservationID] = true
	}
	return out, err
}

// atYearsEnd and wholeYear say of what an observation is: the end of a calendar year, all of one.
func atYearsEnd(o *indicator.Observation) bool { return o.End.String()[4:] == "-12-31" }

func wholeYear(o *indicator.Observation) bool {
	return o.Start.String() == o.End.String()[:4]+"-01-01" && atYearsEnd(o)
}

// numbers are the values of observations; nil if any has none.
func numbers(list ...*indicator.Observation) (out []float64) {
	for _, o := range list {
		if o == nil || o.Value == nil {
			return nil
		}
		out = append(out, *o.Value)
	}
	return out
}
