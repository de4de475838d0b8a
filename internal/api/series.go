package api

import (
	"context"
	"net/http"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/series"
)

// Series is a series of weekly counts of occurrences.
type Series struct {
	Country string     `json:"country"`
	Region  string     `json:"region,omitempty"`
	Subject string     `json:"subject" enum:"substance,family,total"`
	ID      string     `json:"id,omitempty" doc:"Substance identifier or family code."`
	Kind    string     `json:"kind,omitempty" doc:"Kind of report; absent: all, each occurrence once."`
	AsOf    string     `json:"as_of,omitempty" doc:"Counts as they were known on that day."`
	Weeks   []Count    `json:"weeks"`
	Total   ShownCount `json:"total"`
}

// Count is the count of one ISO week.
type Count struct {
	Week   string `json:"week" doc:"ISO 8601, 2026-W48"`
	Monday string `json:"monday"`
	ShownCount
}

// ShownCount is a count, or the fact that it is too small to show.
type ShownCount struct {
	N      *int `json:"n,omitempty"`
	Hidden bool `json:"hidden,omitempty" doc:"A count of 1 to 4 persons, or one from which such a count could be computed."`
}

type seriesQuery struct {
	Common
	Country   string `query:"country" maxLength:"6" doc:"ISO 3166-1 alpha-2; the centre's own when absent."`
	Region    string `query:"region" maxLength:"12" doc:"ISO 3166-2; the whole country when absent."`
	Substance string `query:"substance" maxLength:"64" doc:"Identifier; either this or family, or neither for all occurrences."`
	Family    string `query:"family" maxLength:"80" doc:"Code of a family or effect group."`
	Kind      string `query:"kind" enum:"seizure,collected_sample,biological_sample,acute_intoxication,death,market_info"`
	From      string `query:"from" maxLength:"8" doc:"First week, 2026-W01."`
	To        string `query:"to" maxLength:"8" doc:"Last week."`
	AsOf      string `query:"as_of" maxLength:"10" doc:"Count only what was known on this day."`
}

// maxWeeks bounds one answer: forty years.
const maxWeeks = 40 * 53

func (s *server) series() {
	register(s, operation{id: "getSeries", method: http.MethodGet, path: "/series", act: access.SeriesRead, tag: "series"}, s.weekly)
}

func (s *server) weekly(ctx context.Context, a access.Actor, in *seriesQuery) (out Series, err error) {
	q, err := s.seriesOf(in)
	if err != nil {
		return out, err
	}
	points, err := series.Weekly(ctx, s.W.DB.Read, q)
	if err != nil {
		return out, err
	}
	if len(points) > maxWeeks {
		return out, baqylau.E(baqylau.Invalid, "api.error.weeks").On("from")
	}
	figure := disclosure.Figure{Persons: q.Kind == "" || intake.Kind(q.Kind).AboutPersons(), Outside: q.Country != s.Intake.Home}
	ns := make([]int, len(points))
	for i, p := range points {
		ns[i] = p.N
	}
	cells, total := disclosure.ShowAll(ns, figure, disclosure.AudienceOf(a))
	out = Series{Country: q.Country, Region: q.Region, Subject: string(q.Subject.Dim), ID: q.Subject.ID, Kind: q.Kind, AsOf: q.AsOf.String(), Weeks: make([]Count, len(points)), Total: figureOf(total)}
	for i, p := range points {
		out.Weeks[i] = Count{p.Week.String(), p.Week.Monday().String(), figureOf(cells[i])}
	}
	return out, nil
}

func figureOf(c disclosure.Count) ShownCount {
	if c.Hidden {
		return ShownCount{Hidden: true}
	}
	return ShownCount{N: &c.N}
}

// seriesOf reads the question.
func (s *server) seriesOf(in *seriesQuery) (q series.Query, err error) {
	var c checker
	book := s.Shelf.Book()
	q = series.Query{Country: in.Country, Region: in.Region, Kind: in.Kind, Subject: series.Subject{Dim: series.Total}}
	if q.Country == "" {
		q.Country = s.Intake.Home
	}
	if r, ok := book.Region(in.Region); in.Region != "" && (!ok || r.Country != q.Country) {
		c.bad("region", "error.choice")
	}
	switch {
	case in.Substance != "" && in.Family != "":
		c.bad("family", "api.error.one_subject")
	case in.Substance != "":
		if _, ok := book.Substance(in.Substance); !ok {
			c.bad("substance", "error.choice")
		}
		q.Subject = series.Subject{Dim: series.Substance, ID: in.Substance}
	case in.Family != "":
		if _, ok := book.Family(in.Family); !ok {
			c.bad("family", "error.choice")
		}
		q.Subject = series.Subject{Dim: series.Family, ID: in.Family}
	}
	for _, w := range []struct {
		name, value string
		into        *baqylau.Week
	}{{"from", in.From, &q.From}, {"to", in.To, &q.To}} {
		if w.value == "" {
			continue
		}
		if *w.into, err = baqylau.ParseWeek(w.value); err != nil {
			c.bad(w.name, "api.error.week")
		}
	}
	if q.From != 0 && q.To-q.From >= maxWeeks && q.To != 0 {
		c.bad("from", "api.error.weeks")
	}
	d, p, err := baqylau.ParseDate(in.AsOf)
	if err != nil || p != baqylau.Day {
		c.bad("as_of", "api.error.day")
	}
	q.AsOf = d
	return q, c.es.OrNil()
}
