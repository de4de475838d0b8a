package harm

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/register"
	"github.com/baqylau/baqylau/internal/registry/codelist"
)

// RegisterQuestion is which part of a register is asked for; empty fields are the whole.
type RegisterQuestion struct {
	Country, Region, Sex, Drug string
	AsOf                       baqylau.Date
	Year                       int // 0: the last one that is over
}

// RegisterCounts are the flows of a register, as an audience may see them.
type RegisterCounts struct {
	Years     []YearFlow // one year after another, as far as there are registrations
	Year      YearFlow   // the one asked for
	Synthetic bool
	Twice     int // persons on two registers at once; -1 for whoever may not see records
	Published []PublishedFlow
}

// YearFlow is what the register did in one calendar year. Moves between regions are left out of the flow of a whole country.
type YearFlow struct {
	Year           int
	Start, End     disclosure.Count
	Entries, Exits []keyed // by reason, in the order of the code lists
	In, Out        disclosure.Count
	NPS            disclosure.Count // of End
	NPSShare       *float64         // percent of End; nil where it is hidden or End is small
	Unmatched      int              // moves that arrived without having left, in the flow of a whole country
}

// PublishedFlow is a flow as an issuer states it, beside what registrations give: a stock at the end of a year, with the year's entries and exits where they are published.
type PublishedFlow struct {
	Year              int
	Issuer            string
	Stock, New, Exits *indicator.Observation
	Before            *indicator.Observation // stock at the end of the year before, of the same source
	Gap               *float64               // stock − (before + new − exits); nil where a figure is missing
}

// CountRegister counts what was known on a day.
func (s *Service) CountRegister(ctx context.Context, actor access.Actor, q RegisterQuestion) (c RegisterCounts, err error) {
	defer baqylau.Wrap(&err, "harm.CountRegister(%s)", q.Country)
	if err := access.Check(actor, access.IndicatorRead); err != nil {
		return c, err
	}
	all, err := Registrations(ctx, s.W.DB.Read, q.Country, q.AsOf)
	if err != nil {
		return c, err
	}
	all = slices.DeleteFunc(all, func(r Registration) bool {
		return q.Region != "" && r.Region != q.Region || q.Sex != "" && r.Sex != q.Sex || q.Drug != "" && !within(q.Drug, r.Drug)
	})
	audience, figure := disclosure.AudienceOf(actor), disclosure.Figure{Persons: true, Outside: q.Country != s.Home}
	first, last := q.AsOf.Time().Year(), q.AsOf.Time().Year()-1
	for i := range all {
		c.Synthetic = c.Synthetic || all[i].Synthetic
		first = min(first, all[i].Entered.Time().Year())
	}
	if q.Year == 0 || q.Year > last {
		q.Year = last
	}
	for y := max(first, last-14); y <= last && len(all) > 0; y++ {
		f := register.Count(stays(all), baqylau.NewDate(y, 1, 1), baqylau.NewDate(y, 12, 31), func(register.Registration) []string { return []string{""} })[""]
		if f == nil {
			f = &register.Flow{Entries: map[string]int{}, Exits: map[string]int{}}
		}
		year := shownFlow(y, f, q.Region == "", figure, audience)
		c.Years = append(c.Years, year)
		if y == q.Year {
			c.Year = year
		}
	}
	if c.Twice = -1; access.ScopeOf(actor, access.EpisodeRead) == access.Everything {
		c.Twice = len(register.Twice(stays(all)))
	}
	if q.Sex == "" && q.Drug == "" {
		c.Published, err = s.publishedFlows(ctx, q)
	}
	return c, err
}

// within reports whether a code of the drug list is group or a part of it.
func within(group, code string) bool {
	return code == group || len(code) > len(group) && code[:len(group)+1] == group+"."
}

// shownFlow protects a flow. Start + ΣEntries and End + ΣExits are one number, so each is a line with that sum.
func shownFlow(y int, f *register.Flow, whole bool, fig disclosure.Figure, a disclosure.Audience) YearFlow {
	out := YearFlow{Year: y}
	side := func(stock int, list string, byReason map[string]int) (disclosure.Count, []keyed, disclosure.Count) {
		row := []int{stock}
		var reasons []string
		sum := 0
		for _, reason := range codelist.Codes(list) {
			if whole && reason == register.Moved {
				continue
			}
			reasons, row = append(reasons, reason), append(row, byReason[reason])
			sum += byReason[reason]
		}
		shown := protect([][]int{row}, fig, a)[0]
		list2 := make([]keyed, len(reasons))
		hidden := false
		for i, r := range reasons {
			list2[i] = keyed{r, shown[i+1]}
			hidden = hidden || shown[i+1].Hidden
		}
		total := disclosure.Show(sum, fig, a)
		if hidden || shown[0].Hidden {
			total = disclosure.Count{Hidden: true}
		}
		return shown[0], list2, total
	}
	out.Start, out.Entries, out.In = side(f.Start, "register-entry", f.Entries)
	out.End, out.Exits, out.Out = side(f.End, "register-exit", f.Exits)
	if whole {
		_, _, out.Unmatched = f.Total()
	}
	out.NPS = disclosure.Show(f.NPS, fig, a)
	if disclosure.Hides(f.End-f.NPS, fig, a) || out.End.Hidden {
		out.NPS = disclosure.Count{Hidden: true}
	}
	if !out.NPS.Hidden && f.End >= 20 { // a percentage of fewer says little and gives persons away
		v := 100 * float64(f.NPS) / float64(f.End)
		out.NPSShare = &v
	}
	return out
}

// publishedFlows are the published stocks of the register with the flows around them.
func (s *Service) publishedFlows(ctx context.Context, q RegisterQuestion) ([]PublishedFlow, error) {
	place := q.Country
	if q.Region != "" {
		place = q.Region
	}
	const stock, entries, exits = "registered_drug_users_stock", "registered_drug_users_new", "registered_drug_users_exits"
	found, err := indicator.Find(ctx, s.W.DB.Read, indicator.Question{Indicators: []string{stock, entries, exits}, Country: q.Country, Places: []string{place}, Sexes: []string{indicator.AllSexes}, Ages: []string{indicator.AllAges}, Drugs: []string{indicator.AllDrugs}, AsOf: q.AsOf})
	if err != nil {
		return nil, err
	}
	type key struct {
		indicator, source string
		year              int
	}
	at := map[key]*indicator.Observation{}
	for i, o := range found {
		if o.Breakdown.String() == "" {
			at[key{o.Indicator, o.SourceID + "|" + o.Issuer, o.End.Time().Year()}] = &found[i]
		}
	}
	var out []PublishedFlow
	for _, o := range found {
		if o.Indicator != stock || o.Breakdown.String() != "" {
			continue
		}
		y, source := o.End.Time().Year(), o.SourceID+"|"+o.Issuer
		p := PublishedFlow{Year: y, Issuer: o.Issuer, Stock: at[key{stock, source, y}], New: at[key{entries, source, y}], Exits: at[key{exits, source, y}], Before: at[key{stock, source, y - 1}]}
		if v := numbers(p.Stock, p.Before, p.New, p.Exits); v != nil {
			gap := v[0] - (v[1] + v[2] - v[3])
			p.Gap = &gap
		}
		out = append(out, p)
	}
	return out, nil
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
