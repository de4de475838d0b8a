package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// ObservationBody is a figure as a program sends it.
type ObservationBody struct {
	Indicator   string   `json:"indicator" maxLength:"80" doc:"Code of the catalogue."`
	Place       string   `json:"place,omitempty" maxLength:"12" doc:"Region (ISO 3166-2) or country; the centre's own country when absent."`
	Start       string   `json:"start" maxLength:"10" doc:"First day."`
	End         string   `json:"end" maxLength:"10" doc:"Last day; the first for what is counted on a day."`
	Cumulative  bool     `json:"cumulative,omitempty" doc:"Counted from 1 January on."`
	Sex         string   `json:"sex,omitempty" enum:"total,male,female,unknown"`
	Age         string   `json:"age,omitempty" maxLength:"12" doc:"15-64, <18, 65+; all when absent."`
	Drug        string   `json:"drug,omitempty" maxLength:"60" doc:"Code of the drug list; all when absent."`
	Breakdown   string   `json:"breakdown,omitempty" maxLength:"400" doc:"name=code;name=code"`
	Coverage    string   `json:"coverage,omitempty" maxLength:"60" doc:"The one agency that it covers."`
	Definition  string   `json:"definition,omitempty" maxLength:"200" doc:"How it departs from the catalogue."`
	Unit        string   `json:"unit,omitempty" maxLength:"40" doc:"The indicator's usual unit when absent."`
	Value       *float64 `json:"value,omitempty" doc:"Zero is a value."`
	Low         *float64 `json:"low,omitempty"`
	High        *float64 `json:"high,omitempty"`
	N           *int64   `json:"n,omitempty" minimum:"0"`
	Absence     string   `json:"absence,omitempty" enum:"suppressed,not_collected,not_known,not_applicable" doc:"Why there is no value."`
	Qualifier   string   `json:"qualifier,omitempty" enum:"exact,about,more_than,at_least"`
	Provisional bool     `json:"provisional,omitempty"`
	Issuer      string   `json:"issuer,omitempty" maxLength:"200" doc:"Who states it, where that is not the sender."`
	Citation    string   `json:"citation,omitempty" maxLength:"500"`
	Note        string   `json:"note,omitempty" maxLength:"1000"`
}

// Observation is a figure with its source and days.
type Observation struct {
	ID string `json:"id"`
	ObservationBody
	Country   string `json:"country"`
	Source    string `json:"source" doc:"Code of the source."`
	Hidden    bool   `json:"hidden,omitempty" doc:"A count of 1 to 4 persons, or one from which such a count could be computed."`
	Synthetic bool   `json:"synthetic,omitempty" doc:"Made up for a demonstration."`
	Published bool   `json:"published,omitempty"`
	KnownOn   string `json:"known_on"`
}

// SentObservations are the identifiers of figures that were taken, in the order sent.
type SentObservations struct {
	IDs      []string            `json:"ids"`
	Outcomes []indicator.Outcome `json:"outcomes" doc:"new, same (said before, nothing written) or amended"`
}

// Indicator is an entry of the catalogue.
type Indicator struct {
	Code    string       `json:"code"`
	Area    string       `json:"area"`
	Kind    define.Kind  `json:"kind"`
	Unit    string       `json:"unit"`
	Span    define.Span  `json:"span"`
	Persons bool         `json:"persons"`
	Name    baqylau.Text `json:"name"`
	Meaning baqylau.Text `json:"meaning"`
}

type observationQuery struct {
	Listing
	Indicator string `query:"indicator" maxLength:"80" required:"true" doc:"Code of the catalogue."`
	Country   string `query:"country" maxLength:"6" doc:"ISO 3166-1 alpha-2; the centre's own when absent."`
	Place     string `query:"place" maxLength:"12"`
	Drug      string `query:"drug" maxLength:"60"`
	Sex       string `query:"sex" enum:"total,male,female,unknown"`
	Age       string `query:"age" maxLength:"12"`
	From      string `query:"from" maxLength:"10" doc:"Periods that end on that day or later."`
	To        string `query:"to" maxLength:"10" doc:"Periods that end by that day."`
	AsOf      string `query:"as_of" maxLength:"10" doc:"What was known on that day."`
}

func (s *server) observations() {
	if s.Figures == nil {
		return
	}
	register(s, operation{id: "listIndicators", method: http.MethodGet, path: "/indicators", act: access.IndicatorRead, tag: "indicators"},
		func(_ context.Context, _ access.Actor, in *struct{ Listing }) (Page[Indicator], error) {
			return cut(define.Current().Indicators(), in.Listing, func(i define.Indicator) string { return i.Code },
				func(i define.Indicator) Indicator {
					return Indicator{i.Code, i.Area, i.Kind, i.Unit, i.Span, i.Persons, i.Name, i.Meaning}
				})
		})
	register(s, operation{id: "listObservations", method: http.MethodGet, path: "/observations", act: access.IndicatorRead, tag: "indicators"}, s.listObservations)
	registerOnce(s, operation{id: "sendObservations", method: http.MethodPost, path: "/observations", act: access.IndicatorWrite, tag: "indicators", status: http.StatusCreated, maxBody: 1 << 20}, s.sendObservations, nil)
}

func (s *server) listObservations(ctx context.Context, a access.Actor, in *observationQuery) (out Page[Observation], err error) {
	out.Items = []Observation{}
	var c checker
	if _, ok := define.Current().Indicator(in.Indicator); !ok {
		c.bad("indicator", "error.choice")
	}
	q := indicator.Question{Indicators: []string{in.Indicator}, Country: in.Country, AsOf: change.Today(s.W.Now()), Newest: true, Most: in.Limit + 1}
	if q.Country == "" {
		q.Country = s.Figures.Home
	}
	for _, p := range []struct {
		v    string
		into *[]string
	}{{in.Place, &q.Places}, {in.Drug, &q.Drugs}, {in.Sex, &q.Sexes}, {in.Age, &q.Ages}} {
		if p.v != "" {
			*p.into = []string{p.v}
		}
	}
	for _, d := range []struct {
		name, v string
		into    *baqylau.Date
	}{{"from", in.From, &q.EndFrom}, {"to", in.To, &q.To}, {"as_of", in.AsOf, &q.AsOf}} {
		if d.v == "" {
			continue
		}
		day, p, err := baqylau.ParseDate(d.v)
		if err != nil || p != baqylau.Day {
			c.bad(d.name, "api.error.day")
		}
		*d.into = day
	}
	if err := c.es.OrNil(); err != nil {
		return out, err
	}
	if q.After, err = in.after(); err != nil {
		return out, err
	}
	found, hidden, err := s.Figures.Shown(ctx, a, q)
	if err != nil {
		return out, err
	}
	for i, o := range found {
		if i == in.Limit {
			out.Next = cursorOf(found[i-1].ID)
			break
		}
		out.Items = append(out.Items, s.observationOf(o, hidden[o.ID]))
	}
	return out, nil
}

func (s *server) observationOf(o indicator.Observation, hidden bool) Observation {
	out := Observation{ID: o.ID, Country: o.Country, Hidden: hidden, Synthetic: o.Synthetic, Published: o.Published, KnownOn: o.Known.String(),
		ObservationBody: ObservationBody{Indicator: o.Indicator, Place: o.Place, Start: o.Start.String(), End: o.End.String(), Cumulative: o.Cumulative, Sex: o.Sex, Age: o.Age, Drug: o.Drug,
			Breakdown: o.Breakdown.String(), Coverage: o.Coverage, Definition: o.Definition, Unit: o.Unit, Absence: string(o.Absence), Qualifier: string(o.Qualifier), Provisional: o.Provisional,
			Issuer: o.Issuer, Citation: o.Citation, Note: o.Note}}
	if src, ok := s.Shelf.Book().SourceByID(o.SourceID); ok {
		out.Source = src.Code
	}
	if !hidden {
		out.Value, out.Low, out.High, out.N = o.Value, o.Low, o.High, o.Sample
	}
	return out
}

func (s *server) sendObservations(ctx context.Context, a access.Actor, in *struct {
	Common
	Once
	Body struct {
		Items []ObservationBody `json:"items" minItems:"1" maxItems:"1000"`
	}
}) (out SentObservations, err error) {
	all := make([]indicator.Observation, len(in.Body.Items))
	var c checker
	for i, b := range in.Body.Items {
		item := "items[" + strconv.Itoa(i) + "]."
		o := indicator.Observation{Indicator: b.Indicator, Place: b.Place, Cumulative: b.Cumulative, Sex: b.Sex, Age: b.Age, Drug: b.Drug, Coverage: b.Coverage, Definition: b.Definition, Unit: b.Unit,
			Value: b.Value, Low: b.Low, High: b.High, Sample: b.N, Absence: indicator.Absence(b.Absence), Qualifier: indicator.Qualifier(b.Qualifier), Provisional: b.Provisional, Issuer: b.Issuer,
			Citation: b.Citation, Note: b.Note}
		for name, d := range map[string]struct {
			v    string
			into *baqylau.Date
		}{"start": {b.Start, &o.Start}, "end": {b.End, &o.End}} {
			day, p, err := baqylau.ParseDate(d.v)
			if err != nil || p != baqylau.Day {
				c.bad(item+name, "api.error.day")
			}
			*d.into = day
		}
		if o.Breakdown, err = indicator.ParseBreakdown(b.Breakdown); err != nil {
			c.bad(item+"breakdown", "indicator.error.breakdown", "Value", b.Breakdown)
		}
		all[i] = o
	}
	if err := c.es.OrNil(); err != nil {
		return out, err
	}
	remember(ctx, func() any { return out })
	_, err = s.Figures.Enter(ctx, a, all, func(e indicator.Entered) { out = SentObservations{e.IDs, e.Outcomes} })
	return out, err
}
