package treatment

import (
	"context"
	"fmt"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/release"
)

// tablesMark is the mark of a year's tables in the release ledger.
const tablesMark = "70 tables"

// hide gives the answer for a year of a country: the one that it had, if the numbers have left before, else one that is safe together with all that have, which the ledger then keeps. A number that has not
// changed since is the same number: shown once it is known, hidden once it stays hidden. One that has is another number.
func (s *Service) hide(ctx context.Context, country string, year int, j *joint) (hides map[string][]bool, err error) {
	dataset := datasetOf(country, year)
	key := j.key(dataset)
	if hides, known := s.answered.get(key); known {
		return hides, nil
	}
	if s.Ledger == nil {
		hides = j.cross(j.hide(nil))
	} else if hides, err = s.release(ctx, dataset, j); err != nil {
		return nil, err
	}
	s.answered.put(key, hides)
	return hides, nil
}

// datasetOf is whose counts a year's tables hold, in the words of the ledger.
func datasetOf(country string, year int) string { return fmt.Sprintf("TDI %s %d", country, year) }

// release finds and keeps an answer by the ledger.
func (s *Service) release(ctx context.Context, dataset string, j *joint) (map[string][]bool, error) {
	p := release.Publication{Dataset: dataset, Mark: tablesMark, Title: dataset}
	var at []int // the number of each cell
	p.Table, at = j.table()
	e, err := s.Ledger.Enter(ctx, access.TheSystem(), p, func(earlier []suppress.Release) (suppress.Answer, error) {
		why := j.hide(j.out(earlier))
		answer := make(suppress.Answer, len(at))
		for k, number := range at {
			if answer[k].Why = why[number]; answer[k].Why == suppress.Shown {
				answer[k].N = j.n[number]
			}
		}
		return answer, nil
	})
	if err != nil {
		return nil, err
	}
	why := make([]suppress.Why, len(j.n))
	for k, number := range at {
		if e.Shown.Cells[k].N == nil {
			why[number] = suppress.Secondary
		}
	}
	return j.cross(why), nil
}

// table is all numbers that are not zero as a table, by what they count, and which number each cell is.
func (j *joint) table() (t suppress.Table, at []int) {
	whats := make([]string, len(j.n))
	for what, number := range j.numbers {
		whats[number] = what
	}
	d := suppress.Dimension{Name: "counted"}
	for number, n := range j.n {
		if n > 0 {
			at = append(at, number)
			d.Codes = append(d.Codes, whats[number])
			t.Cells = append(t.Cells, suppress.Cell{Key: []string{whats[number]}, N: n})
		}
	}
	t.Dimensions, t.Rule.Threshold = []suppress.Dimension{d}, disclosure.Threshold
	return t, at
}

// out is what earlier releases told of each number; nil where there are none.
func (j *joint) out(earlier []suppress.Release) []suppress.Out {
	if len(earlier) == 0 {
		return nil
	}
	out := make([]suppress.Out, len(j.n))
	for _, r := range earlier {
		for k, c := range r.Table.Cells {
			number, ok := j.numbers[c.Key[0]]
			switch {
			case !ok || j.n[number] != c.N || out[number] == suppress.WasShown:
			case r.Answer[k].Why == suppress.Shown:
				out[number] = suppress.WasShown
			default:
				out[number] = suppress.WasWithheld
			}
		}
	}
	return out
}
