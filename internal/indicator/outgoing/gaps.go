package outgoing

import (
	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/indicator/outgoing/template"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// mostGaps is how many cells the page of gaps lists; the files have all.
const mostGaps = 500

type gapsView struct {
	head          ui.Head
	notes         []string
	totals        []ui.Total
	tables, cells ui.Table
	more          int
}

// gapLine counts what a table lacks.
type gapLine struct {
	place Place
	n     map[Gap]int
	all   int
}

// lines counts the gaps of every table.
func (o *Obligation) lines() (out []*gapLine) {
	by := map[*template.Table]*gapLine{}
	for p := range o.Each {
		l := by[p.Table]
		if l == nil {
			l = &gapLine{place: p, n: map[Gap]int{}}
			by[p.Table] = l
			out = append(out, l)
		}
		l.n[p.Gap]++
		l.all++
	}
	return out
}

// empty reports whether a table has no figure at all, so that its cells need no naming.
func (l *gapLine) empty() bool { return l.n[Missing] == l.all }

func (s *Service) showGaps(c *web.Ctx) error {
	a, _, err := s.asked(c)
	if err != nil {
		return err
	}
	a.Sheet = ""
	o, err := s.Fill(c.Context(), c.Actor, a)
	if err != nil {
		return err
	}
	ctx := c.Context()
	v := gapsView{head: s.headOf(c, o), notes: notesOf(ctx, o)}
	count := func(n int) templ.Component { return ui.Text(locale.Int(ctx, n)) }
	v.tables = ui.Table{ID: "by-table", Caption: c.T("outgoing.gaps"), Columns: []ui.Column{{Label: c.T("outgoing.table"), Main: true}, {Label: c.T("outgoing.filled"), Number: true}}}
	v.cells = ui.Table{ID: "by-cell", Caption: c.T("outgoing.gaps.cells"), Columns: []ui.Column{{Label: c.T("outgoing.cell"), Main: true}, {Label: c.T("outgoing.row")}, {Label: c.T("outgoing.column")}, {Label: c.T("outgoing.why")}, {Label: c.T("outgoing.remark")}},
		Empty: ui.Empty{Title: c.T("outgoing.gaps.none")}}
	total := o.Tally()
	v.totals = []ui.Total{{Label: c.T("outgoing.filled"), Value: locale.Int(ctx, total[Filled])}}
	for _, g := range Gaps {
		v.tables.Columns = append(v.tables.Columns, ui.Column{Label: c.T("outgoing.gap." + string(g)), Number: true})
		v.totals = append(v.totals, ui.Total{Label: c.T("outgoing.gap." + string(g)), Value: locale.Int(ctx, total[g])})
	}
	empty := map[*template.Table]bool{}
	for _, l := range o.lines() {
		t := l.place.Table
		empty[t] = l.empty()
		row := ui.Row{Label: t.ID, Cells: []templ.Component{ui.Lines(t.ID+" "+s.titleOf(ctx, t), l.place.Sheet.Name), count(l.n[Filled])}}
		for _, g := range Gaps {
			row.Cells = append(row.Cells, count(l.n[g]))
		}
		v.tables.Rows = append(v.tables.Rows, row)
	}
	for p := range o.Each {
		switch {
		case p.Gap == Filled || empty[p.Table]:
		case len(v.cells.Rows) == mostGaps:
			v.more++
		default:
			v.cells.Rows = append(v.cells.Rows, ui.Row{Cells: []templ.Component{ui.Lines(p.Sheet.Name+"!"+p.Table.Address(p.Row, p.Col), p.Table.ID), ui.Text(p.Table.Rows[p.Row].Label(c.Lang(), o.Year)),
				ui.Text(p.Table.Columns[p.Col].Label(c.Lang(), o.Year)), ui.Text(c.T("outgoing.gap." + string(p.Gap))), ui.Text(Remark(ctx, p.Notes))}})
		}
	}
	return c.Render(web.Page{Title: v.head.Title, Room: room, Body: gapsPage(v), AsOf: v.head.AsOf})
}
