package harm

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/uptrace/bun"
)

// DeathCounts are the deaths of a country by selection, as an audience may see them. Selections stand side by side and are never added up.
type DeathCounts struct {
	Country   string
	AsOf      baqylau.Date
	Outside   bool // published figures of another country
	Synthetic bool // some records were made up
	Records   int  // in force, in a selection or not
	Years     []int
	Fed       map[death.Selection][]bool             // as Years: whether any record could be in the selection; where none could, a 0 says nothing
	ByYear    map[death.Selection][]disclosure.Count // as Years
	Adults    map[death.Selection][]disclosure.Count // deaths aged 15 to 64
	Rates     map[death.Selection][]*Rate            // per million; nil where it is hidden or the population is not known
	Per       string                                 // "15-64", or "all" where only the whole population is known
	ByRule    map[string]disclosure.Count            // by "selection/rule", of the period
	SexAge    map[death.Selection]grid               // rows: sexes, columns: death.Bands and not known; of the period
	ByDrug    map[death.Selection][]DrugCount        // of the period, most first
	ByRegion  map[death.Selection][]RegionCount
}

// Rate is a rate per million with its exact interval.
type Rate struct{ Value, Low, High float64 }

// DrugCount is in how many deaths of a selection a drug was among the poisons. The counts of several drugs do not add up to deaths.
type DrugCount struct {
	Drug string
	N    disclosure.Count
}

// RegionCount is the deaths of people who lived in a region; "" where it is not known.
type RegionCount struct {
	Region string
	N      disclosure.Count
}

// bandColumns are the columns of SexAge.
var bandColumns = func() (out []string) {
	for _, b := range death.Bands {
		out = append(out, b.Code)
	}
	return append(out, death.OtherBand)
}()

// CountDeaths counts what was known on a day. from and to are years of death, both included; 0 is open.
func (s *Service) CountDeaths(ctx context.Context, actor access.Actor, country string, asOf baqylau.Date, from, to int) (c DeathCounts, err error) {
	defer baqylau.Wrap(&err, "harm.CountDeaths(%s)", country)
	if err := access.Check(actor, access.IndicatorRead); err != nil {
		return c, err
	}
	all, err := Deaths(ctx, s.W.DB.Read, country, asOf)
	if err != nil {
		return c, err
	}
	c = DeathCounts{Country: country, AsOf: asOf, Outside: country != s.Home, Records: len(all), Per: death.Adult.Code}
	all = slices.DeleteFunc(all, func(d Death) bool { y := year(d.Record); return from > 0 && y < from || to > 0 && y > to })
	years := map[int]bool{}
	for i := range all {
		years[year(all[i].Record)] = true
		c.Synthetic = c.Synthetic || all[i].Synthetic
	}
	c.Years = slices.Sorted(maps.Keys(years))
	audience, figure := disclosure.AudienceOf(actor), disclosure.Figure{Persons: true, Outside: c.Outside}
	found := s.judge(all)
	count := func(by func(death.Record, death.Match) []string) map[death.Selection]map[string]int {
		return tally(found, by)
	}
	c.feed(s.Rules, all)
	people, err := s.people(ctx, s.W.DB.Read, &c)
	if err != nil {
		return c, err
	}
	c.byYear(tally(found, func(r death.Record, _ death.Match) []int { return []int{year(r)} }), tally(found, func(r death.Record, _ death.Match) []int {
		if r.IsAdult() {
			return []int{year(r)}
		}
		return nil
	}), apart(found), people, figure, audience)
	c.bySexAge(count(func(r death.Record, _ death.Match) []string { return []string{r.Sex + "|" + r.BandOf()} }), figure, audience)
	c.ByDrug, c.ByRegion, c.ByRule = map[death.Selection][]DrugCount{}, map[death.Selection][]RegionCount{}, map[string]disclosure.Count{}
	for sel, found := range count(func(r death.Record, _ death.Match) []string { return drugs(r) }) {
		for drug, n := range found {
			c.ByDrug[sel] = append(c.ByDrug[sel], DrugCount{drug, disclosure.Show(n, figure, audience)})
		}
		slices.SortFunc(c.ByDrug[sel], func(a, b DrugCount) int { return cmp.Or(cmp.Compare(b.N.N, a.N.N), cmp.Compare(a.Drug, b.Drug)) })
	}
	for sel, found := range count(func(r death.Record, _ death.Match) []string { return []string{r.Residence} }) {
		for _, l := range line(found, figure, audience) {
			c.ByRegion[sel] = append(c.ByRegion[sel], RegionCount{l.key, l.n})
		}
	}
	for sel, found := range count(func(_ death.Record, m death.Match) []string { return []string{m.Rule.Name} }) {
		for _, l := range line(found, figure, audience) {
			c.ByRule[string(sel)+"/"+l.key] = l.n
		}
	}
	return c, nil
}

func year(r death.Record) int { return r.Died.Time().Year() }

// drugs are the codes of what poisoned the person; "" for poisons that the list has no code for.
func drugs(r death.Record) (out []string) {
	for _, s := range r.Substances {
		if s.Poisons() {
			out = append(out, s.Drug)
		}
	}
	return out
}

// apart counts, by year, the deaths that are in one selection and not in another. Where the first lies within the second, such a number is the difference of two that are shown.
func apart(found []judged) map[[2]death.Selection]map[int]int {
	out := map[[2]death.Selection]map[int]int{}
	for _, x := range found {
		for i, a := range death.Selections {
			for j, b := range death.Selections {
				if !x.in[i] || x.in[j] {
					continue
				}
				k := [2]death.Selection{a, b}
				if out[k] == nil {
					out[k] = map[int]int{}
				}
				out[k][year(*x.record)]++
			}
		}
	}
	return out
}

// judged is a death with the selections it is in, as death.Selections, and why.
type judged struct {
	record *death.Record
	in     [4]bool
	why    [4]death.Match
}

// judge tries every death on every selection once: the tables of a page all count the same matches.
func (s *Service) judge(all []Death) []judged {
	out := make([]judged, len(all))
	for i := range all {
		out[i].record = &all[i].Record
		for j, sel := range death.Selections {
			out[i].why[j], out[i].in[j] = s.Rules.Select(all[i].Record, sel)
		}
	}
	return out
}

// tally counts the deaths of each selection under each key that by gives them; a death counts once under a key. Several keys, such as the drugs of a death, do not add up to deaths.
func tally[K comparable](found []judged, by func(death.Record, death.Match) []K) map[death.Selection]map[K]int {
	out := map[death.Selection]map[K]int{}
	for j, sel := range death.Selections {
		out[sel] = map[K]int{}
		for _, x := range found {
			if !x.in[j] {
				continue
			}
			keys := by(*x.record, x.why[j])
			for i, k := range keys {
				if !slices.Contains(keys[:i], k) {
					out[sel][k]++
				}
			}
		}
	}
	return out
}

// feed notes in which years there are records of a register that a selection takes.
func (c *DeathCounts) feed(rules death.Rules, all []Death) {
	type held struct {
		year     int
		register death.Register
	}
	there := map[held]bool{}
	for i := range all {
		there[held{year(all[i].Record), all[i].Register}] = true
	}
	c.Fed = map[death.Selection][]bool{}
	for _, sel := range death.Selections {
		for _, y := range c.Years {
			c.Fed[sel] = append(c.Fed[sel], slices.ContainsFunc(rules.Of(sel, baqylau.Date{}), func(r death.Rule) bool {
				return slices.ContainsFunc(death.Registers, func(g death.Register) bool {
					return there[held{y, g}] && (len(r.Registers) == 0 || slices.Contains(r.Registers, g))
				})
			}))
		}
	}
}

func (c *DeathCounts) byYear(all, adults map[death.Selection]map[int]int, apart map[[2]death.Selection]map[int]int, people map[int]float64, f disclosure.Figure, a disclosure.Audience) {
	c.ByYear, c.Adults, c.Rates = map[death.Selection][]disclosure.Count{}, map[death.Selection][]disclosure.Count{}, map[death.Selection][]*Rate{}
	for _, sel := range death.Selections {
		for i, y := range c.Years {
			n, grown := all[sel][y], adults[sel][y]
			hide := disclosure.Hides(n, f, a)
			for _, other := range death.Selections { // other lies within sel but for a few
				hide = hide || other != sel && all[other][y] > 0 && apart[[2]death.Selection{other, sel}][y] == 0 && disclosure.Hides(apart[[2]death.Selection{sel, other}][y], f, a)
			}
			shown := disclosure.Count{Hidden: hide}
			ages := disclosure.Count{Hidden: hide || disclosure.Hides(grown, f, a) || disclosure.Hides(n-grown, f, a)}
			if !hide {
				shown.N = n
			}
			if !ages.Hidden {
				ages.N = grown
			}
			c.ByYear[sel], c.Adults[sel] = append(c.ByYear[sel], shown), append(c.Adults[sel], ages)
			counted := ages
			if c.Per != death.Adult.Code {
				counted = shown
			}
			rate := perMillion(counted, people[y])
			if !c.Fed[sel][i] {
				rate = nil
			}
			c.Rates[sel] = append(c.Rates[sel], rate)
		}
	}
}

func perMillion(n disclosure.Count, people float64) *Rate {
	if n.Hidden || people <= 0 {
		return nil
	}
	r, err := epi.CrudeRate(float64(n.N), people, 0.95)
	if err != nil {
		return nil
	}
	r = r.Per(1e6)
	return &Rate{r.Estimate, r.Interval.Lower, r.Interval.Upper}
}

func (c *DeathCounts) bySexAge(found map[death.Selection]map[string]int, f disclosure.Figure, a disclosure.Audience) {
	c.SexAge = map[death.Selection]grid{}
	for sel, counts := range found {
		n := make([][]int, len(death.Sexes))
		for i, sex := range death.Sexes {
			for _, band := range bandColumns {
				n[i] = append(n[i], counts[sex+"|"+band])
			}
		}
		c.SexAge[sel] = protect(n, f, a)
	}
}

// people is the population that rates are of, by year: aged 15 to 64 where an observation gives it, else everyone.
func (s *Service) people(ctx context.Context, db bun.IDB, c *DeathCounts) (map[int]float64, error) {
	out := map[int]float64{}
	found, err := indicator.Find(ctx, db, indicator.Question{Indicators: []string{"population"}, Country: c.Country, Places: []string{c.Country}, Sexes: []string{indicator.AllSexes}, Ages: []string{death.Adult.Code}, AsOf: c.AsOf})
	if err != nil {
		return nil, err
	}
	for _, o := range found {
		if o.Value != nil {
			out[o.Start.Time().Year()] = *o.Value
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	c.Per = indicator.AllAges
	book := s.Shelf.Book()
	for _, y := range c.Years {
		if p, ok := book.PopulationIn(c.Country, y); ok {
			out[y] = float64(p.Persons)
		}
	}
	return out, nil
}
