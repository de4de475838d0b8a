package outgoing

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/outgoing/template"
)

// Obligation is a template filled for a year as of a day.
type Obligation struct {
	Template  *template.Template
	Country   string
	Year      int
	AsOf      baqylau.Date
	Inside    bool                // as those who work on the cases see it: nothing is hidden, and it must not leave
	Synthetic bool                // some of the facts were made up
	Cells     map[string][][]Cell // by table
}

// Asked says which table is wanted and how.
type Asked struct {
	Template string
	Year     int
	AsOf     baqylau.Date
	Inside   bool
	Sheet    string // only this sheet; "" all
	leaves   bool   // it is sent: the release ledger keeps what was in it
}

// answers are the facts of one kind that a template asks for.
type answers interface {
	answer(ctx context.Context, q template.Question) (Cell, error)
}

// Fill finds the answer to every cell. Codes: NotFound, Forbidden.
func (s *Service) Fill(ctx context.Context, actor access.Actor, a Asked) (o *Obligation, err error) {
	defer baqylau.Wrap(&err, "outgoing.Fill(%s, %d)", a.Template, a.Year)
	if err := access.Check(actor, access.IndicatorRead); err != nil {
		return nil, err
	}
	t, err := s.find(a.Template, a.Year)
	if err != nil {
		return nil, err
	}
	if a.Inside && !mayLookInside(actor) {
		return nil, baqylau.E(baqylau.Forbidden, "error.forbidden")
	}
	reader := actor
	if !a.Inside {
		reader = outward(actor)
	}
	o = &Obligation{Template: t, Country: s.Home, Year: a.Year, AsOf: a.AsOf, Inside: a.Inside, Cells: map[string][][]Cell{}}
	var tables []*template.Table
	for i := range t.Sheets {
		for j := range t.Sheets[i].Tables {
			if a.Sheet == "" || t.Sheets[i].Name == a.Sheet {
				tables = append(tables, &t.Sheets[i].Tables[j])
			}
		}
	}
	figures, err := s.figures(ctx, reader, o, tables, a.leaves)
	if err != nil {
		return nil, err
	}
	by := map[template.Fact]answers{template.Observation: figures, template.Treatment: &entrants{s: s, reader: reader, o: o}, template.Death: &deaths{s: s, reader: reader, o: o, leaves: a.leaves}}
	for _, x := range tables {
		cells := make([][]Cell, len(x.Cells))
		for i, row := range x.Cells {
			for _, q := range row {
				c, err := by[q.Fact].answer(ctx, q)
				if err != nil {
					return nil, err
				}
				o.Synthetic = o.Synthetic || c.Synthetic
				cells[i] = append(cells[i], c)
			}
		}
		o.Cells[x.ID] = cells
	}
	return o, nil
}

// Place is a cell with where it stands.
type Place struct {
	Sheet    *template.Sheet
	Table    *template.Table
	Row, Col int
	*Cell    // a gap of its own for a text that nobody has written
}

// Each gives every cell of an obligation in the order of the template; texts that are asked for are missing cells at row and column 0.
func (o *Obligation) Each(yield func(Place) bool) {
	for i := range o.Template.Sheets {
		s := &o.Template.Sheets[i]
		for j := range s.Tables {
			t := &s.Tables[j]
			if t.Text && !yield(Place{Sheet: s, Table: t, Cell: &Cell{Gap: Missing, Notes: []Note{{Key: "text"}}}}) {
				return
			}
			for r, row := range o.Cells[t.ID] {
				for c := range row {
					if !yield(Place{Sheet: s, Table: t, Row: r, Col: c, Cell: &row[c]}) {
						return
					}
				}
			}
		}
	}
}

// Tally counts the cells by what they hold.
func (o *Obligation) Tally() map[Gap]int {
	n := map[Gap]int{}
	for p := range o.Each {
		n[p.Gap]++
	}
	return n
}
