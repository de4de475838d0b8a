package outgoing

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/outgoing/template"
)

// figures answer from the observations of the data collection.
type figures struct {
	s       *Service
	reader  access.Actor
	o       *Obligation
	at      map[string][]*indicator.Observation // by place and what is measured
	hidden  map[string]bool
	choices map[string]indicator.Choice
	regions []string // that make up the country in the year
}

// about is what a figure measures, apart from its period.
func about(place, code, sex, age, drug, breakdown string) string {
	return place + "|" + code + "|" + sex + "|" + age + "|" + drug + "|" + breakdown
}

// figures reads what tables ask of observations.
func (s *Service) figures(ctx context.Context, reader access.Actor, o *Obligation, tables []*template.Table, leaves bool) (*figures, error) {
	f := &figures{s: s, reader: reader, o: o, at: map[string][]*indicator.Observation{}}
	var codes []string
	for _, t := range tables {
		for _, row := range t.Cells {
			for _, q := range row {
				if q.Fact == template.Observation && !slices.Contains(codes, q.Indicator) {
					codes = append(codes, q.Indicator)
				}
			}
		}
	}
	if len(codes) == 0 {
		return f, nil
	}
	end := baqylau.NewDate(o.Year, 12, 31)
	all, err := indicator.Find(ctx, s.W.DB.Read, indicator.Question{Indicators: codes, Country: o.Country, To: end, AsOf: o.AsOf})
	if err != nil {
		return nil, err
	}
	var cells []string
	for i := range all {
		x := &all[i]
		key := about(x.Place, x.Indicator, x.Sex, x.Age, x.Drug, x.Breakdown.String())
		f.at[key] = append(f.at[key], x)
		cells = append(cells, x.Cell())
	}
	slices.Sort(cells)
	if f.choices, err = indicator.Choices(ctx, s.W.DB.Read, slices.Compact(cells), o.AsOf); err != nil {
		return nil, err
	}
	f.regions = s.Figures.Facts(o.AsOf).Parts(o.Country, end)
	if f.hidden, err = s.Hidden(ctx, reader, o.Country, o.AsOf, codes...); err == nil && leaves {
		err = s.Figures.Leave(ctx, reader, o.Country, codes...)
	}
	return f, err
}

func (f *figures) answer(ctx context.Context, q template.Question) (Cell, error) {
	ind, _ := define.Current().Indicator(q.Indicator) // the template was checked
	found, notes := f.find(f.o.Country, q, ind)
	if found == nil && ind.Adds() && !q.Latest && q.Measure == template.Measures[0] {
		if c, ok := f.summed(q, ind); ok {
			return c, nil
		}
	}
	if found == nil {
		return gap(Missing, notes...), nil
	}
	c := f.measured(ctx, q, ind, found)
	c.Notes = append(notes, c.Notes...)
	return c, nil
}

// find is the figure of a place that is used, and what must be said of it.
func (f *figures) find(place string, q template.Question, ind *define.Indicator) (*indicator.Observation, []Note) {
	year := f.o.Year - q.Back
	var fit []*indicator.Observation
	var notes []Note
	for _, x := range f.at[about(place, q.Indicator, q.Sex, q.Age, q.Drug, q.Breakdown)] {
		switch {
		case !of(x, ind, year, q.Latest):
			if x.Start.Time().Year() == year && x.End.Time().Year() == year && !slices.ContainsFunc(notes, func(n Note) bool { return n.Key == "part" }) {
				notes = append(notes, Note{"part", []any{"From", x.Start.String(), "To", x.End.String()}})
			}
		case x.Unit != q.Unit:
			notes = append(notes, Note{"unit", []any{"Unit", x.Unit}})
		default:
			fit = append(fit, x)
		}
	}
	if len(fit) == 0 {
		return nil, notes
	}
	slices.SortStableFunc(fit, func(a, b *indicator.Observation) int { return f.prefer(a, b, ind) })
	best := fit[0]
	notes = nil
	if other := slices.IndexFunc(fit, func(x *indicator.Observation) bool { return x.Cell() == best.Cell() && differ(x, best) }); other >= 0 && f.choices[best.Cell()].ObservationID != best.ID {
		notes = append(notes, Note{"conflict", nil})
	}
	return best, notes
}

// of reports whether a figure is one of the year: a flow of the whole of it, a stock on a day of it, a study that ended in it; the latest ends no later.
func of(x *indicator.Observation, ind *define.Indicator, year int, latest bool) bool {
	end := x.End.Time().Year()
	if latest {
		return end <= year && (ind.Span != define.Flow || wholeYear(x))
	}
	return end == year && (ind.Span != define.Flow || wholeYear(x))
}

func wholeYear(x *indicator.Observation) bool {
	y := x.End.Time().Year()
	return x.Start == baqylau.NewDate(y, 1, 1) && x.End == baqylau.NewDate(y, 12, 31)
}

// prefer orders figures: the later period, the one that somebody chose, one that is there, of all agencies, by the indicator's own definition, final, known last.
func (f *figures) prefer(a, b *indicator.Observation, ind *define.Indicator) int {
	first := func(a, b bool) int {
		switch {
		case a == b:
			return 0
		case a:
			return -1
		}
		return 1
	}
	chosen := func(x *indicator.Observation) bool { return f.choices[x.Cell()].ObservationID == x.ID }
	return cmp.Or(cmp.Compare(b.End.Time().Year(), a.End.Time().Year()), first(chosen(a), chosen(b)), first(a.Value != nil, b.Value != nil), first(a.Coverage == "", b.Coverage == ""),
		first(a.Definition == "", b.Definition == ""), first(!a.Provisional, !b.Provisional), b.End.Sub(a.End), b.Known.Sub(a.Known), cmp.Compare(a.ID, b.ID))
}

func differ(a, b *indicator.Observation) bool {
	return a.Value != nil && b.Value != nil && *a.Value != *b.Value && a.Unit == b.Unit
}

// measured is what a cell shows of a figure.
func (f *figures) measured(ctx context.Context, q template.Question, ind *define.Indicator, x *indicator.Observation) Cell {
	var c Cell
	switch q.Measure {
	case "year":
		c = year(x.End.Time().Year())
	case "source":
		c = text(f.s.issuer(ctx, x))
	case "method":
		c = text(x.Detail.Method)
	default:
		c = f.numeric(q.Measure, x)
	}
	if c.Gap == Filled {
		c.Notes = append(c.Notes, remarks(x)...)
	}
	c.Synthetic, c.Source = x.Synthetic, f.s.issuer(ctx, x)
	c.Href = "/indicators/" + x.Indicator + "/figure?" + url.Values{"cell": {x.Cell()}}.Encode()
	return c
}

func text(s string) Cell {
	if s == "" {
		return gap(Missing)
	}
	return Cell{Text: s}
}

// numeric is a number of a figure, unless it may not leave.
func (f *figures) numeric(measure string, x *indicator.Observation) Cell {
	v := map[string]*float64{"value": x.Value, "low": x.Low, "high": x.High, "mean": x.Detail.Mean, "median": x.Detail.Median, "mode": x.Detail.Mode}[measure]
	if measure == "n" && x.Sample != nil {
		n := float64(*x.Sample)
		v = &n
	}
	switch {
	case f.hidden[x.ID]:
		return gap(Suppressed)
	case v == nil && measure == template.Measures[0]:
		return gap(Gap(x.Absence))
	case v == nil:
		return gap(Missing)
	}
	return number(*v, -1)
}

// remarks are what must be known of a figure to read it.
func remarks(x *indicator.Observation) (out []Note) {
	if x.Qualifier != indicator.Exact && x.Qualifier != "" {
		out = append(out, Note{string(x.Qualifier), nil})
	}
	if x.Provisional {
		out = append(out, Note{"provisional", nil})
	}
	if x.Coverage != "" {
		out = append(out, Note{"coverage", []any{"Coverage", x.Coverage}})
	}
	if x.Definition != "" {
		out = append(out, Note{"definition", []any{"Definition", x.Definition}})
	}
	return out
}

// summed adds up the regions where the country itself has no figure: every region must have one.
func (f *figures) summed(q template.Question, ind *define.Indicator) (Cell, bool) {
	if len(f.regions) == 0 {
		return Cell{}, false
	}
	sum, notes := Cell{Decimals: -1, Notes: []Note{{"summed", []any{"N", len(f.regions)}}}}, map[string]bool{}
	total := 0.0
	for _, r := range f.regions {
		x, _ := f.find(r, q, ind)
		if x == nil || x.Value == nil {
			return Cell{}, false
		}
		if f.hidden[x.ID] {
			return gap(Suppressed), true
		}
		total += *x.Value
		sum.Synthetic = sum.Synthetic || x.Synthetic
		for _, n := range remarks(x) {
			if !notes[n.Key] {
				notes[n.Key] = true
				sum.Notes = append(sum.Notes, n)
			}
		}
	}
	sum.Number = &total
	sum.Href = "/indicators/" + q.Indicator
	return sum, true
}

// issuer is who states a figure.
func (s *Service) issuer(ctx context.Context, x *indicator.Observation) string {
	if x.Issuer != "" {
		return x.Issuer
	}
	if src, ok := s.Shelf.Book().SourceByID(x.SourceID); ok {
		return named(ctx, src.Name)
	}
	return x.Citation
}
