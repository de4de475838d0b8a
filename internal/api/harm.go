package api

import (
	"context"
	"net/http"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/harm"
)

// Persons is a count of people that may be hidden.
type Persons struct {
	N      *int `json:"n,omitempty"`
	Hidden bool `json:"hidden,omitempty" doc:"A count of 1 to 4 persons, or one from which such a count could be computed."`
}

func personsOf(c disclosure.Count) Persons {
	if c.Hidden {
		return Persons{Hidden: true}
	}
	return Persons{N: &c.N}
}

// DeathYear is a year of a selection.
type DeathYear struct {
	Year      int        `json:"year"`
	Collected bool       `json:"collected" doc:"Whether a register that feeds the selection is there; where none is, the counts say nothing."`
	Deaths    Persons    `json:"deaths"`
	Adults    Persons    `json:"aged_15_64"`
	Rate      *harm.Rate `json:"rate_per_million,omitempty" doc:"With its exact 95% interval."`
}

// DeathCell is a count of the table by sex and age.
type DeathCell struct {
	Sex string `json:"sex"`
	Age string `json:"age" doc:"Band, 'all' or 'unknown'."`
	Persons
}

// CodedCount is a count under a code.
type CodedCount struct {
	Code string `json:"code,omitempty" doc:"Absent: not known, or a drug that the list has no code for."`
	Persons
}

// DeathSelection is what one selection counts. Selections overlap and are never added up.
type DeathSelection struct {
	Selection string       `json:"selection" enum:"B,D,national,possible"`
	Years     []DeathYear  `json:"years"`
	SexAge    []DeathCell  `json:"by_sex_and_age"`
	Drugs     []CodedCount `json:"by_drug" doc:"A death by several drugs stands under each."`
	Regions   []CodedCount `json:"by_region" doc:"ISO 3166-2, of residence."`
	Rules     []CodedCount `json:"by_rule"`
}

// DeathCounts are drug-related deaths of a country.
type DeathCounts struct {
	Place      string           `json:"place"`
	AsOf       string           `json:"as_of"`
	Year       int              `json:"year,omitempty" doc:"Of the tables that are not by year; absent: all years together, as always where small counts are hidden."`
	RateOf     string           `json:"rate_of" doc:"The ages that rates are of: '15-64' or 'all'."`
	Synthetic  bool             `json:"synthetic" doc:"Some of the records are made up for a demonstration."`
	Selections []DeathSelection `json:"selections"`
}

// RecordBody is a record of a person as a program sends it.
type RecordBody struct {
	Values         map[string]string `json:"values" doc:"Fields of the target of the same name in docs/mapping.md, as codes; regions in ISO 3166-2; several substances or causes parted by semicolons."`
	PersonalNumber string            `json:"personal_number,omitempty" maxLength:"40" doc:"Becomes a pseudonym and is not kept."`
}

// SentRecord is the identifier of what was taken.
type SentRecord struct {
	ID string `json:"id"`
}

type countQuery struct {
	Common
	Place string `query:"place" maxLength:"12" doc:"Country, ISO 3166-1 alpha-2; the centre's own when absent."`
	Year  int    `query:"year" minimum:"1900" maximum:"2200"`
	AsOf  string `query:"as_of" maxLength:"10" doc:"Count only what was known on this day; today for whom small counts are hidden from."`
}

// of are the country that a query asks for and the day as of which the actor may read it.
func (q countQuery) of(s *server, a access.Actor) (place string, day baqylau.Date, err error) {
	if place = q.Place; place == "" {
		place = s.Harm.Home
	}
	day = change.Today(s.W.Now())
	if q.AsOf != "" {
		asked, _, err := baqylau.ParseDate(q.AsOf)
		if err != nil || asked.IsZero() || asked.After(day) {
			return "", day, baqylau.E(baqylau.Invalid, "api.error.date").On("as_of")
		}
		day = asked
	}
	return place, s.Harm.DayFor(a, place, day), nil
}

func (s *server) harm() {
	if s.Harm == nil {
		return
	}
	register(s, operation{id: "getDeathCounts", method: http.MethodGet, path: "/deaths/counts", act: access.IndicatorRead, tag: "deaths"}, s.deathCounts)
	registerOnce(s, operation{id: "sendDeath", method: http.MethodPost, path: "/deaths", act: access.EpisodeWrite, tag: "deaths", status: http.StatusCreated},
		func(ctx context.Context, a access.Actor, in *struct {
			Common
			Once
			Body RecordBody
		}) (SentRecord, error) {
			d, err := s.Harm.ReadDeath(in.Body.Values, in.Body.PersonalNumber)
			if err != nil {
				return SentRecord{}, err
			}
			remember(ctx, func() any { return SentRecord{d.ID} })
			err = s.Harm.KeepDeath(ctx, a, "", d)
			return SentRecord{d.ID}, err
		}, nil)
	register(s, operation{id: "getRegisterFlow", method: http.MethodGet, path: "/register/flow", act: access.IndicatorRead, tag: "register"}, s.registerFlow)
	registerOnce(s, operation{id: "sendRegistration", method: http.MethodPost, path: "/register/registrations", act: access.EpisodeWrite, tag: "register", status: http.StatusCreated},
		func(ctx context.Context, a access.Actor, in *struct {
			Common
			Once
			Body RecordBody
		}) (SentRecord, error) {
			r, err := s.Harm.ReadRegistration(in.Body.Values, in.Body.PersonalNumber)
			if err != nil {
				return SentRecord{}, err
			}
			remember(ctx, func() any { return SentRecord{r.ID} })
			err = s.Harm.KeepRegistration(ctx, a, "", r)
			return SentRecord{r.ID}, err
		}, nil)
	s.infections()
}

func (s *server) deathCounts(ctx context.Context, a access.Actor, in *countQuery) (out DeathCounts, err error) {
	place, day, err := in.of(s, a)
	if err != nil {
		return out, err
	}
	n, err := s.Harm.CountDeaths(ctx, a, place, day, in.Year)
	if err != nil {
		return out, err
	}
	out = DeathCounts{Place: place, AsOf: day.String(), Year: n.Year, RateOf: n.Per, Synthetic: n.Synthetic, Selections: []DeathSelection{}}
	for _, sel := range death.Selections {
		x := DeathSelection{Selection: string(sel), Years: []DeathYear{}, SexAge: []DeathCell{}, Drugs: []CodedCount{}, Regions: []CodedCount{}, Rules: []CodedCount{}}
		for i, y := range n.Years {
			x.Years = append(x.Years, DeathYear{Year: y, Collected: n.Fed[sel][i], Deaths: personsOf(n.ByYear[sel][i]), Adults: personsOf(n.Adults[sel][i]), Rate: n.Rates[sel][i]})
		}
		n.EachSexAge(sel, func(sex, age string, c disclosure.Count) {
			x.SexAge = append(x.SexAge, DeathCell{sex, age, personsOf(c)})
		})
		for _, d := range n.ByDrug[sel] {
			x.Drugs = append(x.Drugs, CodedCount{d.Drug, personsOf(d.N)})
		}
		for _, r := range n.ByRegion[sel] {
			x.Regions = append(x.Regions, CodedCount{r.Region, personsOf(r.N)})
		}
		for _, r := range s.Harm.Rules.Of(sel, baqylau.Date{}) {
			x.Rules = append(x.Rules, CodedCount{r.Name, personsOf(n.ByRule[string(sel)+"/"+r.Name])})
		}
		out.Selections = append(out.Selections, x)
	}
	return out, nil
}
