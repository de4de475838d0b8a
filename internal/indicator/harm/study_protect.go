package harm

import (
	"slices"

	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/infection"
)

// The codes of the tables of a measure: group by result.
const (
	everybody = "total"
	inNoGroup = "rest" // of whom the study does not say the group
	positive  = "yes"
	negative  = "no"
)

// studyTables are the counts of studies that are not published. A measure of a study has a table for each dimension that it is divided by, and those who are in no group of it are counted too: they could be computed.
// Everybody is the same in all tables of a measure, and groups of the same people are tested for several markers, so the tables are answered together.
type studyTables struct {
	tallies []*disclosure.Tally
	links   []suppress.Link
	table   map[studyKey]int // place of the table; −1: its counts fit no table
	shown   []*disclosure.Shown
}

type studyKey struct{ study, measure, dimension string }

// add takes a study in.
func (t *studyTables) add(x *Study) {
	type tested struct {
		group string
		n     int
	}
	known := map[tested]suppress.Ref{}
	for _, measure := range measuresOf(x.Counts) {
		whole, dims := divided(x.Counts, measure)
		first := -1
		for _, d := range dims {
			key := studyKey{x.ID, measure, d}
			var lines []infection.Count
			rest := infection.Count{Breakdown: inNoGroup}
			if whole != nil {
				rest.Tested, rest.Positive = whole.Tested, whole.Positive
			}
			for _, c := range x.Counts {
				if c.Measure == measure && c.Breakdown != "" && c.Dimension() == d {
					lines = append(lines, c)
					if whole != nil {
						rest.Tested, rest.Positive = rest.Tested-c.Tested, rest.Positive-c.Positive
					}
				}
			}
			lines = append(lines, rest)
			if slices.ContainsFunc(lines, func(c infection.Count) bool { return c.Positive < 0 || c.Tested < c.Positive }) {
				t.table[key] = -1
				continue
			}
			group := suppress.Dimension{Name: "group", Codes: []string{everybody}, Total: everybody}
			for _, c := range lines {
				group.Codes = append(group.Codes, c.Breakdown)
			}
			tally, at := disclosure.NewTally(group, suppress.Dimension{Name: "result", Codes: []string{everybody, positive, negative}, Total: everybody}), len(t.tallies)
			for _, c := range lines {
				tally.Add(c.Positive, c.Breakdown, positive)
				tally.Add(c.Tested-c.Positive, c.Breakdown, negative)
				if c.Breakdown == inNoGroup {
					continue
				}
				here, same := suppress.Ref{Release: at, Key: []string{c.Breakdown, everybody}}, tested{c.Breakdown, c.Tested}
				if before, ok := known[same]; ok {
					t.links = append(t.links, suppress.Link{Total: before, Parts: []suppress.Ref{here}})
				} else {
					known[same] = here
				}
			}
			t.tallies, t.table[key] = append(t.tallies, tally), at
			if first < 0 {
				first = at
			} else if whole != nil {
				for _, result := range []string{positive, negative} {
					t.links = append(t.links, suppress.Link{Total: suppress.Ref{Release: first, Key: []string{everybody, result}}, Parts: []suppress.Ref{{Release: at, Key: []string{everybody, result}}}})
				}
			}
		}
		if first >= 0 {
			t.table[studyKey{x.ID, measure, ""}] = first
		}
	}
}

func measuresOf(counts []infection.Count) (out []string) {
	for _, c := range counts {
		if !slices.Contains(out, c.Measure) {
			out = append(out, c.Measure)
		}
	}
	return out
}

// divided is the line of everybody, nil where a study has none, and the dimensions of the others; "" where there are no others.
func divided(counts []infection.Count, measure string) (whole *infection.Count, dims []string) {
	for i := range counts {
		switch c := &counts[i]; {
		case c.Measure != measure:
		case c.Breakdown == "":
			whole = c
		case !slices.Contains(dims, c.Dimension()):
			dims = append(dims, c.Dimension())
		}
	}
	if len(dims) == 0 {
		dims = []string{""}
	}
	return whole, dims
}

// at is what may be seen of a line: how many were tested, and how many of them positive.
func (t *studyTables) at(x *Study, c infection.Count) (tested, found disclosure.Count) {
	table, ok := t.table[studyKey{x.ID, c.Measure, c.Dimension()}]
	if !ok || table < 0 {
		return disclosure.Count{Hidden: true}, disclosure.Count{Hidden: true}
	}
	group := c.Breakdown
	if group == "" {
		group = everybody
	}
	return t.shown[table].At(group, everybody), t.shown[table].At(group, positive)
}
