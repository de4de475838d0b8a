package harm

import (
	"maps"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/death"
)

// all is the code of a sum in the tables of the room.
const all = "all"

// otherAdult is the age of those who were surely between 15 and 64, and no more is known.
const otherAdult = "15-64 unknown"

// ageCodes are the ages of the tables: the bands, and above those between 15 and 64 their sum.
var ageCodes = func() []string {
	out := []string{all, death.Adult.Code}
	for _, b := range death.Bands {
		out = append(out, b.Code)
	}
	return append(out, otherAdult, death.OtherBand)
}()

// deathTables are all counts of deaths that leave the room: what a page, a file or a program is given is cut from them, whatever it asks for, so that no two questions can be subtracted from each other.
type deathTables struct {
	years, regions, drugs, rules []string // codes that occur; rules as selection/rule
	tallies                      []*disclosure.Tally
}

// The tables. The first counts in which selections a death is together: that is published nowhere, but it bounds what the differences of selections tell. The last three are of one year, or of all.
const (
	byPattern = iota // year, pattern
	byAdult          // year, selection, "15-64" or "other"
	byRule           // selection and rule
	bySexAge         // selection, sex, age
	byRegion         // selection, region
	byDrug           // selection, drug, found or not
	deathTableCount
)

const otherAge = "other" // not surely between 15 and 64

func selections() (out []string) {
	for _, s := range death.Selections {
		out = append(out, string(s))
	}
	return out
}

// patterns are the sixteen ways to be in four selections or not.
func patterns() (out []string) {
	for i := range 1 << len(death.Selections) {
		p := strconv.FormatInt(int64(i), 2)
		out = append(out, "0000"[len(p):]+p)
	}
	return out
}

func dimension(name string, codes []string) suppress.Dimension {
	return suppress.Dimension{Name: name, Codes: append([]string{all}, codes...), Total: all}
}

// tabulate counts facts; year is that of the last tables, 0 for all years.
func tabulate(facts []fact, rules death.Rules, year int) *deathTables {
	t := &deathTables{drugs: []string{""}}
	years, regions := map[int]bool{}, map[string]bool{}
	for i := range facts {
		f := &facts[i]
		years[f.year], regions[f.region] = true, true
		for _, d := range f.drugs {
			if !slices.Contains(t.drugs, d) {
				t.drugs = append(t.drugs, d)
			}
		}
	}
	slices.Sort(t.drugs)
	t.regions = slices.Sorted(maps.Keys(regions))
	for _, y := range slices.Sorted(maps.Keys(years)) {
		t.years = append(t.years, itoa(y))
	}
	parents := map[string]string{}
	for _, r := range rules {
		code := ruleCode(r.Selection, r.Name)
		t.rules, parents[code] = append(t.rules, code), string(r.Selection)
	}
	yearly, selection := dimension("year", t.years), suppress.Dimension{Name: "selection", Codes: selections()}
	age := suppress.Dimension{Name: "age", Codes: ageCodes, Total: all, Parents: map[string]string{otherAdult: death.Adult.Code}}
	for _, b := range death.Bands {
		if b.Low >= death.Adult.Low && b.High >= 0 && b.High <= death.Adult.High {
			age.Parents[b.Code] = death.Adult.Code
		}
	}
	t.tallies = []*disclosure.Tally{
		byPattern: disclosure.NewTally(yearly, suppress.Dimension{Name: "pattern", Codes: patterns()}),
		byAdult:   disclosure.NewTally(yearly, selection, dimension("age", []string{death.Adult.Code, otherAge})),
		byRule:    disclosure.NewTally(suppress.Dimension{Name: "rule", Codes: append(selections(), t.rules...), Parents: parents}),
		bySexAge:  disclosure.NewTally(selection, dimension("sex", death.Sexes), age),
		byRegion:  disclosure.NewTally(selection, dimension("region", t.regions)),
		byDrug:    disclosure.NewTally(selection, suppress.Dimension{Name: "drug", Codes: t.drugs}, dimension("found", []string{"yes", "no"})),
	}
	t.add(facts, year)
	return t
}

func ruleCode(s death.Selection, name string) string { return string(s) + "/" + name }

// add counts facts; those that are alike are added to a tally at once.
func (t *deathTables) add(facts []fact, year int) {
	type alike struct {
		of   int // selection
		a, b string
	}
	var counts [deathTableCount]map[alike]int
	for i := range counts {
		counts[i] = map[alike]int{}
	}
	deaths := map[string]int{} // by selection, of the year
	for i := range facts {
		f := &facts[i]
		y, adult := itoa(f.year), otherAge
		if f.age == otherAdult || bandIsAdult[f.age] {
			adult = death.Adult.Code
		}
		counts[byPattern][alike{0, y, f.pattern}]++
		for j := range death.Selections {
			if !f.in[j] {
				continue
			}
			counts[byAdult][alike{j, y, adult}]++
			if year != 0 && f.year != year {
				continue
			}
			deaths[string(death.Selections[j])]++
			counts[byRule][alike{j, f.rule[j], ""}]++
			counts[bySexAge][alike{j, f.sex, f.age}]++
			counts[byRegion][alike{j, f.region, ""}]++
			for _, d := range f.drugs {
				counts[byDrug][alike{j, d, ""}]++
			}
		}
	}
	for table, found := range counts {
		for k, n := range found {
			s := string(death.Selections[k.of])
			switch table {
			case byPattern:
				t.tallies[table].Add(n, k.a, k.b)
			case byAdult:
				t.tallies[table].Add(n, k.a, s, k.b)
			case byRule:
				t.tallies[table].Add(n, ruleCode(death.Selections[k.of], k.a))
			case bySexAge:
				t.tallies[table].Add(n, s, k.a, k.b)
			case byRegion:
				t.tallies[table].Add(n, s, k.a)
			case byDrug:
				t.tallies[table].Add(n, s, k.a, "yes")
			}
		}
	}
	for j, sel := range death.Selections { // the deaths without a drug are a count too, and must not follow from the rest
		for _, d := range t.drugs {
			t.tallies[byDrug].Add(deaths[string(sel)]-counts[byDrug][alike{j, d, ""}], string(sel), d, "no")
		}
	}
}

// bandIsAdult are the bands that lie between 15 and 64.
var bandIsAdult = func() map[string]bool {
	out := map[string]bool{}
	for _, b := range death.Bands {
		out[b.Code] = b.Low >= death.Adult.Low && b.High >= 0 && b.High <= death.Adult.High
	}
	return out
}()

// links say that all tables hold the same deaths. They hold for tables of all years; whoever sees those of one year has nothing hidden from them.
func (t *deathTables) links() (out []suppress.Link) {
	for j, s := range selections() {
		for _, y := range append([]string{all}, t.years...) {
			of := suppress.Link{Total: suppress.Ref{Release: byAdult, Key: []string{y, s, all}}}
			for _, p := range patterns() {
				if p[j] == '1' {
					of.Parts = append(of.Parts, suppress.Ref{Release: byPattern, Key: []string{y, p}})
				}
			}
			out = append(out, of)
		}
		same := func(total []string, table int, key ...string) {
			out = append(out, suppress.Link{Total: suppress.Ref{Release: byAdult, Key: total}, Parts: []suppress.Ref{{Release: table, Key: key}}})
		}
		total := []string{all, s, all}
		same(total, byRule, s)
		same(total, bySexAge, s, all, all)
		same([]string{all, s, death.Adult.Code}, bySexAge, s, all, death.Adult.Code)
		same(total, byRegion, s, all)
		for _, d := range t.drugs {
			same(total, byDrug, s, d, all)
		}
	}
	return out
}
