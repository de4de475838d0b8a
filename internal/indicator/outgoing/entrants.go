package outgoing

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/outgoing/template"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

// entrants answer from the tables of the treatment demand indicator, a year at a time.
type entrants struct {
	s      *Service
	reader access.Actor
	o      *Obligation
	years  map[int]Entrants
	tables map[string][][]Count // by year and table
}

func (e *entrants) answer(ctx context.Context, q template.Question) (Cell, error) {
	year := e.o.Year - q.Back
	y, known := e.years[year]
	if !known {
		var err error
		if y, err = e.s.Treatment(ctx, e.reader, e.o.Country, year, e.o.AsOf); err != nil {
			return Cell{}, err
		}
		if e.years == nil {
			e.years, e.tables = map[int]Entrants{}, map[string][][]Count{}
		}
		e.years[year] = y
	}
	if y.None {
		return gap(Missing), nil
	}
	key := strconv.Itoa(year) + "/" + q.Table
	table, known := e.tables[key]
	if !known {
		var err error
		if table, err = y.Table(q.Table); err != nil {
			return Cell{}, err
		}
		e.tables[key] = table
	}
	spec, _ := tdi.SpecOf(q.Table) // the template was checked
	c := counted(table[at(spec.Rows, q.Row)][at(spec.Cols, q.Column)])
	c.Synthetic = y.Synthetic
	c.Href = "/treatment/tables?" + url.Values{"table": {q.Table}, "year": {strconv.Itoa(year)}}.Encode()
	return c, nil
}

func at(a *tdi.Axis, code string) int {
	for i, l := range a.Lines {
		if l.Code == code {
			return i
		}
	}
	return 0
}

// counted is a figure of a table as a cell; the mean of nobody is not applicable.
func counted(n Count) Cell {
	if n.Hidden {
		return gap(Suppressed)
	}
	v, err := strconv.ParseFloat(n.Text, 64)
	if err != nil {
		return gap(NotApplicable)
	}
	_, decimals, _ := strings.Cut(n.Text, ".")
	return number(v, len(decimals))
}
