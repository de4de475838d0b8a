package outgoing

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/outgoing/template"
	"github.com/baqylau/baqylau/internal/locale"
)

// deaths answer from the records of deaths, counted by selection.
type deaths struct {
	s      *Service
	reader access.Actor
	o      *Obligation
	leaves bool
	read   bool
	years  map[int]*deathYear
}

// deathYear is what is counted of a year.
type deathYear struct {
	records   []death.Record
	synthetic bool
	counts    *disclosure.Shown // in each selection or not, sex, age
	drugs     map[death.Selection]map[string]disclosure.Count
}

// selections are those that tables may ask for. They overlap, so all are counted in one table: what one has beyond another is a count that a reader of both can compute.
var selections = []death.Selection{death.B, death.D, death.National}

// The codes of the dimension of a selection.
const (
	both = "total"
	in   = "in"
	out  = "out"
)

func (d *deaths) load(ctx context.Context) error {
	d.read, d.years = true, map[int]*deathYear{}
	all, err := harm.Deaths(ctx, d.s.W.DB.Read, d.o.Country, d.o.AsOf)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].Died.IsZero() {
			continue
		}
		y := d.years[all[i].Died.Time().Year()]
		if y == nil {
			y = &deathYear{}
			d.years[all[i].Died.Time().Year()] = y
		}
		y.records = append(y.records, all[i].Record)
		y.synthetic = y.synthetic || all[i].Synthetic
	}
	return nil
}

func (d *deaths) answer(ctx context.Context, q template.Question) (Cell, error) {
	if !d.read {
		if err := d.load(ctx); err != nil {
			return Cell{}, err
		}
	}
	year := d.o.Year - q.Back
	y := d.years[year]
	if y == nil { // a year of which nobody sent a death is not one without deaths
		return gap(Missing), nil
	}
	if y.drugs == nil {
		if err := d.count(ctx, y, year); err != nil {
			return Cell{}, err
		}
	}
	if !y.fed(d.s.Harm.Rules, death.Selection(q.Selection)) {
		return gap(NotCollected), nil
	}
	n := y.at(q)
	if d.o.AsOf.Before(change.Today(d.s.W.Now())) && disclosure.AudienceOf(d.reader) != disclosure.Working {
		n = disclosure.Count{Hidden: true} // between that day and today stands whoever became known in the meantime; what left then is in the release ledger
	}
	c := gap(Suppressed)
	if !n.Hidden {
		c = number(float64(n.N), 0)
	}
	c.Synthetic, c.Records = y.synthetic, true
	c.Href = "/deaths/records?" + behind(q, year).Encode()
	return c, nil
}

// behind are the filters of the list of deaths that leave those which a question counts.
func behind(q template.Question, year int) url.Values {
	v := url.Values{"year": {strconv.Itoa(year)}, "selection": {q.Selection}}
	if q.Sex != "" && q.Sex != "total" {
		v.Set("sex", q.Sex)
	}
	if q.Age != "" && q.Age != define.AllAges {
		v.Set("age", q.Age)
	}
	if q.Drug != "all" {
		v.Set("drug", q.Drug)
	}
	return v
}

// at is the count that a question asks for.
func (y *deathYear) at(q template.Question) disclosure.Count {
	if q.Drug != "all" {
		return y.drugs[death.Selection(q.Selection)][q.Drug]
	}
	var key []string
	for _, s := range selections {
		if string(s) == q.Selection {
			key = append(key, in)
		} else {
			key = append(key, both)
		}
	}
	age := q.Age
	if age == define.AllAges {
		age = "total"
	}
	return y.counts.At(append(key, q.Sex, age)...)
}

// The dimensions of the counts. The adults of 15 to 64 are a sum of bands.
func sexes() suppress.Dimension {
	return suppress.Dimension{Name: "sex", Codes: append([]string{"total"}, death.Sexes...), Total: "total"}
}

func ages() suppress.Dimension {
	d := suppress.Dimension{Name: "age", Codes: []string{"total", death.Adult.Code}, Total: "total", Parents: map[string]string{}}
	for _, b := range death.Bands {
		d.Codes = append(d.Codes, b.Code)
		if b.Low >= death.Adult.Low && b.High >= 0 && b.High <= death.Adult.High {
			d.Parents[b.Code] = death.Adult.Code
		}
	}
	d.Codes = append(d.Codes, death.OtherBand)
	return d
}

// count counts a year for the reader. What may leave is what the release ledger answers.
func (d *deaths) count(ctx context.Context, y *deathYear, year int) (err error) {
	rules, audience := d.s.Harm.Rules, disclosure.AudienceOf(d.reader)
	var dims []suppress.Dimension
	for _, s := range selections {
		dims = append(dims, suppress.Dimension{Name: string(s), Codes: []string{both, in, out}, Total: both})
	}
	tally := disclosure.NewTally(append(dims, sexes(), ages())...)
	for _, r := range y.records {
		key, some := make([]string, len(selections), len(selections)+2), false
		for i, s := range selections {
			key[i] = out
			if _, ok := rules.Select(r, s); ok {
				key[i], some = in, true
			}
		}
		if some {
			tally.Add(1, append(key, r.Sex, r.BandOf())...)
		}
	}
	if audience == disclosure.Working {
		y.counts, err = tally.Show(disclosure.Figure{Persons: true}, audience)
	} else {
		dataset := "deaths " + d.o.Country + " " + strconv.Itoa(year)
		y.counts, err = d.s.Release(ctx, dataset, "by selection, sex and age", locale.T(ctx, "outgoing.release.deaths", "Country", d.o.Country, "Year", strconv.Itoa(year)), tally, d.leaves)
	}
	if err != nil {
		return err
	}
	y.countDrugs(rules, audience)
	return nil
}

// countDrugs counts in how many deaths of a selection a drug, or any drug of a group, was among the poisons. The counts overlap, so none is the sum of others; but what a
// group has beyond one of its drugs is a count too, and a small one hides the drug.
func (y *deathYear) countDrugs(rules death.Rules, a disclosure.Audience) {
	figure := disclosure.Figure{Persons: true}
	y.drugs = map[death.Selection]map[string]disclosure.Count{}
	c := define.Current()
	for _, sel := range selections {
		found := map[string]int{}
		for _, r := range y.records {
			if _, ok := rules.Select(r, sel); ok {
				for code := range poisons(r, c) {
					found[code]++
				}
			}
		}
		y.drugs[sel] = map[string]disclosure.Count{}
		for code, n := range found {
			shown := disclosure.Show(n, figure, a)
			if e, ok := c.Code("drug", code); ok && found[e.Parent] > 0 && disclosure.Hides(found[e.Parent]-n, figure, a) {
				shown = disclosure.Count{Hidden: true}
			}
			y.drugs[sel][code] = shown
		}
	}
}

// poisons are the drugs that killed a person, with the groups that they belong to.
func poisons(r death.Record, c *define.Catalogue) map[string]bool {
	out := map[string]bool{}
	for _, s := range r.Substances {
		code := s.Drug
		if !s.Poisons() || code == "" {
			continue
		}
		for range 10 { // no list is so deep
			out[code] = true
			e, ok := c.Code("drug", code)
			if !ok || e.Parent == "" {
				break
			}
			code = e.Parent
		}
	}
	return out
}

// fed reports whether the year has records of a register that a selection takes: without them nobody counted.
func (y *deathYear) fed(rules death.Rules, sel death.Selection) bool {
	return slices.ContainsFunc(rules.Of(sel, baqylau.Date{}), func(rule death.Rule) bool {
		return slices.ContainsFunc(y.records, func(r death.Record) bool {
			return len(rule.Registers) == 0 || slices.Contains(rule.Registers, r.Register)
		})
	})
}
