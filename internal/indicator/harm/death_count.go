package harm

import (
	"cmp"
	"context"
	"slices"
	"strconv"

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
	Year      int  // of the tables by sex, age, drug, region and rule; 0: all years
	Outside   bool // published figures of another country
	Synthetic bool // some records were made up
	Years     []int
	Fed       map[death.Selection][]bool               // as Years: whether any record could be in the selection; where none could, a 0 says nothing
	ByYear    map[death.Selection][]disclosure.Count   // as Years
	Adults    map[death.Selection][]disclosure.Count   // deaths aged 15 to 64
	Rates     map[death.Selection][]*Rate              // per million; nil where it is hidden or the population is not known
	Per       string                                   // "15-64", or "all" where only the whole population is known
	ByRule    map[string]disclosure.Count              // by "selection/rule"
	SexAge    map[death.Selection][][]disclosure.Count // rows: death.Sexes and their sum; columns: bandColumns and their sum
	ByDrug    map[death.Selection][]DrugCount          // most first
	ByRegion  map[death.Selection][]RegionCount        // by code
}

// Rate is a rate per million with its exact interval.
type Rate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

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
	return append(out, otherAdult, death.OtherBand)
}()

// CountDeaths counts what was known on a day. year is that of the tables by sex, age, drug, region and rule, 0 all years; from whom small counts are hidden, they are always of all years: protected
// with the tables of all single years the answer took half a minute.
func (s *Service) CountDeaths(ctx context.Context, actor access.Actor, country string, asOf baqylau.Date, year int) (c DeathCounts, err error) {
	defer baqylau.Wrap(&err, "harm.CountDeaths(%s)", country)
	if err := access.Check(actor, access.IndicatorRead); err != nil {
		return c, err
	}
	asOf = s.DayFor(actor, country, asOf)
	facts, err := s.facts(ctx, s.W.DB.Read, country, asOf)
	if err != nil {
		return c, err
	}
	c = DeathCounts{Country: country, AsOf: asOf, Year: year, Outside: country != s.Home, Per: death.Adult.Code}
	c.Synthetic = slices.ContainsFunc(facts, func(f fact) bool { return f.synthetic })
	audience := disclosure.AudienceOf(actor)
	if audience != disclosure.Working && !c.Outside {
		c.Year = 0
	}
	t := tabulate(facts, s.Rules, c.Year)
	for _, y := range t.years {
		n, _ := strconv.Atoi(y) // made of a number
		c.Years = append(c.Years, n)
	}
	c.feed(s.Rules, facts)
	shown, err := s.protected.deaths.Show(disclosure.Figure{Persons: true, Outside: c.Outside}, audience, t.links, t.tallies...)
	if err != nil {
		return c, err
	}
	people, err := s.people(ctx, s.W.DB.Read, &c)
	if err != nil {
		return c, err
	}
	c.byYear(shown, people)
	c.ofYear(t, shown)
	return c, nil
}

// EachSexAge gives the table by sex and age of a selection, cell by cell; "all" is a sum.
func (c *DeathCounts) EachSexAge(sel death.Selection, cell func(sex, age string, n disclosure.Count)) {
	for i, row := range c.SexAge[sel] {
		for j, n := range row {
			sex, age := all, all
			if i < len(death.Sexes) {
				sex = death.Sexes[i]
			}
			if j < len(bandColumns) {
				age = bandColumns[j]
			}
			cell(sex, age, n)
		}
	}
}

// feed notes in which years there are records of a register that a selection takes.
func (c *DeathCounts) feed(rules death.Rules, facts []fact) {
	type held struct {
		year     int
		register death.Register
	}
	there := map[held]bool{}
	for i := range facts {
		there[held{facts[i].year, facts[i].register}] = true
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

func (c *DeathCounts) byYear(shown []*disclosure.Shown, people map[int]float64) {
	c.ByYear, c.Adults, c.Rates = map[death.Selection][]disclosure.Count{}, map[death.Selection][]disclosure.Count{}, map[death.Selection][]*Rate{}
	for _, sel := range death.Selections {
		for i, y := range c.Years {
			n, adults := shown[byAdult].At(itoa(y), string(sel), all), shown[byAdult].At(itoa(y), string(sel), death.Adult.Code)
			c.ByYear[sel], c.Adults[sel] = append(c.ByYear[sel], n), append(c.Adults[sel], adults)
			counted := adults
			if c.Per != death.Adult.Code {
				counted = n
			}
			rate := perMillion(counted, people[y])
			if !c.Fed[sel][i] || c.AsOf.Before(baqylau.NewDate(y, 12, 31)) { // a rate of part of a year would stand beside those of whole ones
				rate = nil
			}
			c.Rates[sel] = append(c.Rates[sel], rate)
		}
	}
}

// ofYear cuts the tables of the year that is asked for.
func (c *DeathCounts) ofYear(t *deathTables, shown []*disclosure.Shown) {
	c.ByRule, c.SexAge, c.ByDrug, c.ByRegion = map[string]disclosure.Count{}, map[death.Selection][][]disclosure.Count{}, map[death.Selection][]DrugCount{}, map[death.Selection][]RegionCount{}
	for _, r := range t.rules {
		c.ByRule[r] = shown[byRule].At(r)
	}
	for _, sel := range death.Selections {
		s := string(sel)
		for _, sex := range append(slices.Clone(death.Sexes), all) {
			var row []disclosure.Count
			for _, age := range append(slices.Clone(bandColumns), all) {
				row = append(row, shown[bySexAge].At(s, sex, age))
			}
			c.SexAge[sel] = append(c.SexAge[sel], row)
		}
		for _, d := range t.drugs {
			if n := shown[byDrug].At(s, d, "yes"); n.Hidden || n.N > 0 {
				c.ByDrug[sel] = append(c.ByDrug[sel], DrugCount{d, n})
			}
		}
		slices.SortStableFunc(c.ByDrug[sel], func(a, b DrugCount) int { return cmp.Compare(b.N.N, a.N.N) })
		for _, r := range t.regions {
			if n := shown[byRegion].At(s, r); n.Hidden || n.N > 0 {
				c.ByRegion[sel] = append(c.ByRegion[sel], RegionCount{r, n})
			}
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

// people is the population that rates are of, by year: aged 15 to 64 where an observation gives it, else everyone. A year without a figure of its own has no rate.
func (s *Service) people(ctx context.Context, db bun.IDB, c *DeathCounts) (map[int]float64, error) {
	out := map[int]float64{}
	found, err := indicator.Find(ctx, db, indicator.Question{Indicators: []string{"population"}, Country: c.Country, Places: []string{c.Country}, Sexes: []string{indicator.AllSexes}, Ages: []string{death.Adult.Code}, Breakdowns: []string{""}, AsOf: c.AsOf})
	if err != nil {
		return nil, err
	}
	for _, o := range found {
		if o.Value != nil && o.FacilityID == "" {
			out[o.Start.Time().Year()] = *o.Value
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	c.Per = indicator.AllAges
	for _, p := range s.Shelf.Book().Population(c.Country) {
		out[p.Year] = float64(p.Persons)
	}
	return out, nil
}
