package harm

import (
	"maps"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/register"
	"github.com/baqylau/baqylau/internal/registry/codelist"
)

// The parts of a year's flow. Both sides come to the same number, everyone who was on the register for a day of the year:
// start + (came + moved in) = end + (left + moved out).
const (
	partIn, partOut         = "in", "out"
	partStart, partEnd      = "start", "end"
	partArrived, partGone   = "arrived", "gone"
	partCame, partLeft      = "came", "left"
	partNew, partOld        = "nps", "other" // of the stock at the end
	entryPrefix, exitPrefix = "entry/", "exit/"
)

// flowParts is the dimension of a flow.
func flowParts() suppress.Dimension {
	d := suppress.Dimension{Name: "part", Codes: []string{partIn, partOut}, Parents: map[string]string{}}
	put := func(code, parent string) { d.Codes, d.Parents[code] = append(d.Codes, code), parent }
	put(partStart, partIn)
	put(partArrived, partIn)
	put(partCame, partArrived)
	put(partEnd, partOut)
	put(partGone, partOut)
	put(partLeft, partGone)
	put(partNew, partEnd)
	put(partOld, partEnd)
	for _, side := range []struct{ list, prefix, some, all string }{{"register-entry", entryPrefix, partCame, partArrived}, {"register-exit", exitPrefix, partLeft, partGone}} {
		for _, reason := range codelist.Codes(side.list) {
			if reason == register.Moved {
				put(side.prefix+reason, side.all)
			} else {
				put(side.prefix+reason, side.some)
			}
		}
	}
	return d
}

// registerTables are what leaves the room of a register: the flows of each year, and the stocks at its end by region, by sex and by group of drugs. Whatever is asked for is cut from them, so
// that no two answers can be subtracted from each other.
type registerTables struct {
	years   []string
	by      [3][]string         // codes that occur of region, sex, group of drugs
	tallies []*disclosure.Tally // stocks by region, sex, group of drugs; flows
}

// The tables.
const (
	stockByRegion = iota // year, region
	stockBySex
	stockByDrug
	flowOfYear // year, part
)

// flows counts the years from first to last.
func flows(stays []register.Registration, first, last int) *registerTables {
	type key struct {
		year int
		code string
	}
	var counts [4]map[key]int
	var seen [3]map[string]bool
	for i := range counts {
		counts[i] = map[key]int{}
	}
	for i := range seen {
		seen[i] = map[string]bool{}
	}
	t := &registerTables{}
	var starts []baqylau.Date
	for y := first; y <= last+1; y++ {
		starts = append(starts, baqylau.NewDate(y, 1, 1))
	}
	for y := first; y <= last; y++ {
		t.years = append(t.years, itoa(y))
	}
	for i := range stays {
		r := &stays[i]
		of := [3]string{stockByRegion: r.Region, stockBySex: r.Sex, stockByDrug: group(r.Drug)}
		for d, code := range of {
			seen[d][code] = true
		}
		in, out := entryPrefix+r.EntryReason, exitPrefix+r.ExitReason
		for n := range t.years {
			from, next := starts[n], starts[n+1]
			if !r.Entered.Before(next) || !r.Exit.IsZero() && r.Exit.Before(from) {
				continue
			}
			if r.Entered.Before(from) { // and it had not ended
				counts[flowOfYear][key{n, partStart}]++
			} else {
				counts[flowOfYear][key{n, in}]++
			}
			if !r.Exit.IsZero() && r.Exit.Before(next) {
				counts[flowOfYear][key{n, out}]++
				continue
			}
			if r.NPS {
				counts[flowOfYear][key{n, partNew}]++
			} else {
				counts[flowOfYear][key{n, partOld}]++
			}
			for d, code := range of {
				counts[d][key{n, code}]++
			}
		}
	}
	years := suppress.Dimension{Name: "year", Codes: t.years}
	for d, name := range []string{"region", "sex", "drug"} {
		t.by[d] = slices.Sorted(maps.Keys(seen[d]))
		t.tallies = append(t.tallies, disclosure.NewTally(years, dimension(name, t.by[d])))
	}
	t.tallies = append(t.tallies, disclosure.NewTally(years, flowParts()))
	for table, found := range counts {
		for k, n := range found {
			t.tallies[table].Add(n, t.years[k.year], k.code)
		}
	}
	return t
}

// links say that both sides of a flow come to the same, that a year begins as the one before ended, and that all tables hold the same people.
func (t *registerTables) links() (out []suppress.Link) {
	same := func(part, y string, table int, key ...string) {
		out = append(out, suppress.Link{Total: suppress.Ref{Release: flowOfYear, Key: []string{y, part}}, Parts: []suppress.Ref{{Release: table, Key: key}}})
	}
	for i, y := range t.years {
		same(partIn, y, flowOfYear, y, partOut)
		if i > 0 {
			same(partStart, y, flowOfYear, t.years[i-1], partEnd)
		}
		for _, d := range []int{stockByRegion, stockBySex, stockByDrug} {
			same(partEnd, y, d, y, all)
		}
	}
	return out
}
