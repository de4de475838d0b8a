package api

import (
	"context"
	"net/http"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/estimate"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
)

// EstimateBody is an estimate to be made.
type EstimateBody struct {
	Method     string            `json:"method" enum:"log_linear,two_lists,multiplier,scale_up,respondent_driven,proportion,rate,mortality,coverage,wastewater"`
	Title      string            `json:"title" maxLength:"200"`
	Target     string            `json:"target" maxLength:"40" doc:"Code of the target group."`
	Place      string            `json:"place" maxLength:"12" doc:"ISO 3166-1 alpha-2 or ISO 3166-2."`
	Area       string            `json:"area,omitempty" maxLength:"200"`
	From       int               `json:"from" minimum:"1900" maximum:"2200" doc:"First year."`
	To         int               `json:"to,omitempty" minimum:"1900" maximum:"2200" doc:"Last year; the first when absent."`
	Age        string            `json:"age,omitempty" maxLength:"20" doc:"Band such as 15-64; absent: all ages."`
	Base       *float64          `json:"base,omitempty" doc:"Inhabitants of the same place and ages, for the rate per 1,000."`
	Inputs     map[string]string `json:"inputs" doc:"Data and settings by the name of the field of the method, as the form has them; docs/methods/epi-population.md names them."`
	Citation   string            `json:"citation" maxLength:"2000" doc:"Where the data come from."`
	Note       string            `json:"note,omitempty" maxLength:"4000"`
	Published  bool              `json:"published,omitempty" doc:"All data are published: nothing is hidden."`
	Synthetic  bool              `json:"synthetic,omitempty" doc:"Made up."`
	Supersedes string            `json:"supersedes,omitempty" maxLength:"64" doc:"Identifier of the estimate that it takes the place of."`
}

// Estimate is an estimate as the reader may see it.
type Estimate struct {
	ID         string            `json:"id"`
	Method     string            `json:"method"`
	Title      string            `json:"title"`
	Target     string            `json:"target"`
	Country    string            `json:"country"`
	Place      string            `json:"place"`
	Area       string            `json:"area,omitempty"`
	From       int               `json:"from"`
	To         int               `json:"to"`
	Age        string            `json:"age,omitempty"`
	Central    *float64          `json:"central,omitempty" doc:"Absent: the data do not determine it, or it is withheld."`
	Low        *float64          `json:"low,omitempty"`
	High       *float64          `json:"high,omitempty" doc:"Absent with low: no upper limit."`
	Interval   string            `json:"interval,omitempty" doc:"Kind of low and high."`
	Unit       string            `json:"unit"`
	Exposure   string            `json:"exposure" enum:"whole,rounded,withheld" doc:"What readers outside the work see: all estimates, one rounded to two digits, or none."`
	Output     *compute.Output   `json:"output,omitempty" doc:"All estimates from these data side by side; an undefined figure is null, one without limit is Inf."`
	Inputs     map[string]string `json:"inputs,omitempty" doc:"For those who work on it."`
	Citation   string            `json:"citation"`
	Engine     string            `json:"engine" doc:"What computed it; the same engine gives the same figures from the same inputs."`
	Synthetic  bool              `json:"synthetic"`
	Published  bool              `json:"published"`
	KnownOn    string            `json:"known_on"`
	Withdrawn  string            `json:"withdrawn_on,omitempty"`
	Supersedes string            `json:"supersedes,omitempty"`
	Superseded string            `json:"superseded_by,omitempty"`
}

// RunAgain says whether an estimate came out the same.
type RunAgain struct {
	Equal  bool   `json:"equal" doc:"Every figure is the same."`
	Engine string `json:"engine"`
}

type estimateID struct {
	Common
	ID string `path:"id" maxLength:"64"`
}

func (s *server) estimates() {
	if s.Estimates == nil {
		return
	}
	register(s, operation{id: "listEstimates", method: http.MethodGet, path: "/estimates", act: access.IndicatorRead, tag: "estimates"},
		func(ctx context.Context, a access.Actor, in *struct {
			Listing
			Target string `query:"target" maxLength:"40"`
			Place  string `query:"place" maxLength:"12"`
		}) (Page[Estimate], error) {
			all, err := s.Estimates.About(ctx, a, in.Target, in.Place)
			if err != nil {
				return Page[Estimate]{}, err
			}
			return cut(all, in.Listing, func(e estimate.Estimate) string { return e.ID }, func(e estimate.Estimate) Estimate { return estimateOf(e, false) })
		})
	register(s, operation{id: "getEstimate", method: http.MethodGet, path: "/estimates/{id}", act: access.IndicatorRead, tag: "estimates"},
		func(ctx context.Context, a access.Actor, in *estimateID) (Estimate, error) {
			e, err := s.Estimates.Get(ctx, a, in.ID)
			if err != nil {
				return Estimate{}, err
			}
			return estimateOf(e, true), nil
		})
	registerOnce(s, operation{id: "runEstimate", method: http.MethodPost, path: "/estimates", act: access.EstimateRun, tag: "estimates", status: http.StatusCreated, maxBody: 1 << 20}, s.runEstimate, nil)
	register(s, operation{id: "runEstimateAgain", method: http.MethodPost, path: "/estimates/{id}/again", act: access.EstimateRun, tag: "estimates"},
		func(ctx context.Context, a access.Actor, in *estimateID) (RunAgain, error) {
			equal, err := s.Estimates.Again(ctx, a, in.ID)
			return RunAgain{equal, compute.Engine}, err
		})
}

// runEstimate makes an estimate and answers with its identifier.
func (s *server) runEstimate(ctx context.Context, a access.Actor, in *struct {
	Common
	Once
	Body EstimateBody
}) (out SentEstimate, err error) {
	b := in.Body
	if b.To == 0 {
		b.To = b.From
	}
	for field, v := range map[string]string{"title": b.Title, "area": b.Area, "citation": b.Citation, "note": b.Note} {
		if err := readable(field, v); err != nil {
			return out, err
		}
	}
	for field, v := range b.Inputs {
		if err := readable("inputs."+field, v); err != nil {
			return out, err
		}
	}
	e := &estimate.Estimate{Method: b.Method, Title: b.Title, Target: b.Target, Place: b.Place, Area: b.Area, Start: baqylau.NewDate(b.From, 1, 1), End: baqylau.NewDate(b.To, 12, 31), Age: b.Age, Base: b.Base, Inputs: b.Inputs,
		Citation: b.Citation, Note: b.Note, Published: b.Published, Synthetic: b.Synthetic, SupersedesID: b.Supersedes}
	if e.Age == "" {
		e.Age = define.AllAges
	}
	remember(ctx, func() any { return SentEstimate{e.ID} })
	err = s.Estimates.Run(ctx, a, e)
	return SentEstimate{e.ID}, err
}

// SentEstimate is the identifier of an estimate that was kept.
type SentEstimate struct {
	ID string `json:"id"`
}

func estimateOf(e estimate.Estimate, whole bool) Estimate {
	out := Estimate{ID: e.ID, Method: e.Method, Title: e.Title, Target: e.Target, Country: e.Country, Place: e.Place, Area: e.Area, From: e.Start.Time().Year(), To: e.End.Time().Year(), Age: e.Age, Central: e.Central, Low: e.Low, High: e.High,
		Interval: e.Interval, Unit: e.Unit, Exposure: string(e.Exposure), Citation: e.Citation, Engine: e.Engine, Synthetic: e.Synthetic, Published: e.Published, KnownOn: e.Known.String(), Supersedes: e.SupersedesID, Superseded: e.Later}
	if !e.Withdrawn.IsZero() {
		out.Withdrawn = e.Withdrawn.String()
	}
	if out.Age == define.AllAges {
		out.Age = ""
	}
	if whole {
		out.Output, out.Inputs = &e.Output, e.Inputs
	}
	return out
}
