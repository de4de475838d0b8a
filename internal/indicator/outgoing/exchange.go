package outgoing

import (
	"bytes"
	"context"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/interchange"
	"github.com/baqylau/baqylau/internal/interchange/adx"
	"github.com/baqylau/baqylau/internal/interchange/dhis2"
	"github.com/baqylau/baqylau/internal/interchange/sdmxcsv"
)

// Wanted says which figures are to be written for another system.
type Wanted struct {
	Indicators []string // codes; none: all
	From, To   int      // years that periods lie within; 0: open
	AsOf       baqylau.Date
	Format     string // one of Formats
}

// Formats are the formats of files of national statistics that figures are written in.
var Formats = []string{"dhis2-json", "dhis2-xml", "dhis2-csv", "adx", "sdmx-csv-1", "sdmx-csv-2", "sdmx-structure"}

// Exchange is a written file.
type Exchange struct {
	Name, Type string
	Body       []byte
	Figures    int
	LeftOut    int // the format has no word for their period or what divides them
	Synthetic  bool

	indicators []string // that it has figures of
}

// divisions are the further dimensions that files have a place for; the shipped mappings that read the files back name the same.
var divisions = []string{"article", "citizenship", "cohort", "day", "decision", "ground", "measure", "population_group", "procedure", "residue", "status"}

// Exchange writes figures of the centre's country as they may leave it: of each figure the statement that is used, what is hidden as suppressed. Codes: Forbidden, Invalid.
func (s *Service) Exchange(ctx context.Context, actor access.Actor, w Wanted) (x *Exchange, err error) {
	defer baqylau.Wrap(&err, "outgoing.Exchange(%s)", w.Format)
	if err := access.Check(actor, access.IndicatorRead); err != nil {
		return nil, err
	}
	if !slices.Contains(Formats, w.Format) {
		return nil, baqylau.E(baqylau.Invalid, "error.choice").On("format")
	}
	for _, code := range w.Indicators {
		if _, ok := define.Current().Indicator(code); !ok {
			return nil, baqylau.E(baqylau.Invalid, "error.choice").On("indicator")
		}
	}
	all, err := s.used(ctx, outward(actor), w)
	if err != nil {
		return nil, err
	}
	x = &Exchange{Name: "figures-" + s.Home + "-" + w.AsOf.String()}
	var fit []indicator.Observation
	for i := range all {
		if !sayable(&all[i], w.Format) {
			x.LeftOut++
			continue
		}
		x.Synthetic = x.Synthetic || all[i].Synthetic
		if code := all[i].Indicator; !slices.Contains(x.indicators, code) {
			x.indicators = append(x.indicators, code)
		}
		fit = append(fit, all[i])
	}
	x.Figures = len(fit)
	if x.Synthetic {
		x.Name += "-synthetic"
	}
	return x, s.write(x, w, fit)
}

// used reads the figures, one of each cell, in order. What the reader may not see has no number any more.
func (s *Service) used(ctx context.Context, reader access.Actor, w Wanted) ([]indicator.Observation, error) {
	q := indicator.Question{Indicators: w.Indicators, Country: s.Home, AsOf: w.AsOf}
	if w.From > 0 {
		q.From = baqylau.NewDate(w.From, 1, 1)
	}
	if w.To > 0 {
		q.To = baqylau.NewDate(w.To, 12, 31)
	}
	all, err := indicator.Find(ctx, s.W.DB.Read, q)
	if err != nil {
		return nil, err
	}
	f := &figures{s: s, reader: reader, o: &Obligation{Country: s.Home, AsOf: w.AsOf}}
	best, codes := map[string]*indicator.Observation{}, map[string]bool{}
	for i := range all {
		codes[all[i].Indicator] = true
		best[all[i].Cell()] = nil
	}
	if f.choices, err = indicator.Choices(ctx, s.W.DB.Read, slices.Sorted(maps.Keys(best)), w.AsOf); err != nil {
		return nil, err
	}
	if f.hidden, err = s.Hidden(ctx, reader, s.Home, w.AsOf, slices.Sorted(maps.Keys(codes))...); err != nil {
		return nil, err
	}
	for i := range all {
		o := &all[i]
		ind, ok := define.Current().Indicator(o.Indicator)
		if b := best[o.Cell()]; ok && (b == nil || f.prefer(o, b, ind) < 0) {
			best[o.Cell()] = o
		}
	}
	out := make([]indicator.Observation, 0, len(best))
	for _, cell := range slices.Sorted(maps.Keys(best)) {
		o := best[cell]
		if o == nil {
			continue
		}
		shown := *o
		if f.hidden[o.ID] {
			shown.Value, shown.Absence, shown.Qualifier, shown.Note = nil, indicator.Suppressed, indicator.Exact, ""
		}
		out = append(out, shown)
	}
	return out, nil
}

func span(o *indicator.Observation) interchange.Period {
	return interchange.Period{Start: o.Start, End: o.End}
}

// sayable reports whether a format has words for the period of a figure and for what divides it.
func sayable(o *indicator.Observation, format string) bool {
	known := divisions
	if strings.HasPrefix(format, "sdmx") {
		known = []string{"status"}
	}
	for name := range o.Breakdown {
		if !slices.Contains(known, name) {
			return false
		}
	}
	if strings.HasPrefix(format, "dhis2") {
		_, ok := dhis2.FormatPeriod(span(o))
		return ok
	}
	return true
}

func figureOf(o *indicator.Observation) interchange.Figure {
	f := interchange.Figure{Absence: interchange.Absence(o.Absence), Provisional: o.Provisional}
	if o.Value != nil {
		f.Value = strconv.FormatFloat(*o.Value, 'f', -1, 64)
		if o.Qualifier != indicator.Exact {
			f.Qualifier = interchange.Qualifier(o.Qualifier)
		}
	}
	return f
}

// remark is the free text beside a figure; what was made up says so first.
func remark(o *indicator.Observation) string {
	if o.Synthetic {
		return strings.TrimSpace("synthetic data. " + o.Note)
	}
	return o.Note
}

// by is what divides a figure: only the dimensions that do, and its unit where it is not the indicator's usual one.
func by(o *indicator.Observation) map[string]string {
	out := map[string]string{}
	for name, d := range map[string][2]string{"sex": {o.Sex, indicator.AllSexes}, "age": {o.Age, indicator.AllAges}, "drug": {o.Drug, indicator.AllDrugs}} {
		if d[0] != d[1] {
			out[name] = d[0]
		}
	}
	maps.Copy(out, o.Breakdown)
	if i, ok := define.Current().Indicator(o.Indicator); ok && o.Unit != i.Unit {
		out["unit"] = o.Unit
	}
	return out
}

func (s *Service) write(x *Exchange, w Wanted, all []indicator.Observation) error {
	var b bytes.Buffer
	var err error
	kind, version, _ := strings.Cut(w.Format, "-")
	switch {
	case kind == "dhis2":
		x.Type, x.Name = map[string]string{"json": "application/json", "xml": "application/xml", "csv": "text/csv; charset=utf-8"}[version], x.Name+"-dhis2."+version
		switch version {
		case "json":
			err = dhis2.WriteJSON(&b, dhis2.Set{}, dhis2Values(all))
		case "xml":
			err = dhis2.WriteXML(&b, dhis2.Set{}, dhis2Values(all))
		default:
			err = dhis2.WriteCSV(&b, dhis2Values(all))
		}
	case kind == "adx":
		x.Type, x.Name = "application/xml", x.Name+"-adx.xml"
		err = adx.Write(&b, s.W.Now(), adxValues(all))
	case w.Format == "sdmx-structure" && len(all) == 0: // code lists without a code are none
		return baqylau.E(baqylau.Invalid, "outgoing.exchange.nothing")
	case w.Format == "sdmx-structure":
		x.Type, x.Name = "application/xml", x.Name+"-structure.xml"
		err = s.structure(all).Write(&b)
	default:
		v := sdmxcsv.V1
		if w.Format == "sdmx-csv-2" {
			v = sdmxcsv.V2
		}
		x.Type, x.Name = "text/csv; charset=utf-8", x.Name+"-"+w.Format+".csv"
		err = sdmxcsv.Write(&b, v, s.flow(), sdmxValues(all))
	}
	x.Body = b.Bytes()
	return err
}

func dhis2Values(all []indicator.Observation) iter.Seq[dhis2.Value] {
	return func(yield func(dhis2.Value) bool) {
		for i := range all {
			o := &all[i]
			if !yield(dhis2.Value{DataElement: o.Indicator, OrgUnit: o.Place, Period: span(o), CategoryOptionCombo: indicator.Breakdown(by(o)).String(), Figure: figureOf(o), Note: remark(o)}) {
				return
			}
		}
	}
}

func adxValues(all []indicator.Observation) iter.Seq[adx.Value] {
	return func(yield func(adx.Value) bool) {
		for i := range all {
			o := &all[i]
			if !yield(adx.Value{DataElement: o.Indicator, OrgUnit: o.Place, Period: span(o), By: by(o), Figure: figureOf(o), Note: remark(o)}) {
				return
			}
		}
	}
}
