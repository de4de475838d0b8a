package estimate

import (
	"context"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// drugOf is the code of the drug list that a target group is about; the others are about all.
var drugOf = map[string]string{"opioids": "1", "cocaine": "2", "stimulants": "3", "cannabis": "7"}

// fitting are the indicators that an estimate can be a figure of: those in its unit that a study finds or, where there are none, all in its unit.
func fitting(unit string) (out []define.Indicator) {
	var others []define.Indicator
	for _, i := range define.Current().Indicators() {
		switch {
		case i.Unit != unit:
		case i.Span == define.Study:
			out = append(out, i)
		default:
			others = append(others, i)
		}
	}
	if len(out) == 0 {
		return others
	}
	return out
}

// Observe keeps an estimate as a figure of an indicator, beside what other sources state of the same. Where the estimate is rounded for readers outside, so is the figure, which everybody can
// read. Codes: Forbidden, NotFound, Invalid, Conflict when it is one already, when it is not in force, or when it has no figure that may be shown.
func (s *Service) Observe(ctx context.Context, actor access.Actor, id, code string) (err error) {
	defer baqylau.Wrap(&err, "estimate.Observe(%s)", id)
	return s.W.Do(ctx, actor, access.EstimateRun, func(ctx context.Context, tx *change.Tx) error {
		e, err := load(ctx, tx, id)
		if err != nil {
			return err
		}
		i, ok := define.Current().Indicator(code)
		switch {
		case !ok || i.Unit != e.Unit:
			return baqylau.E(baqylau.Invalid, "error.choice").On("indicator")
		case e.ObservationID != "" || e.Later != "" || !e.Withdrawn.IsZero():
			return baqylau.E(baqylau.Conflict, "estimate.error.superseded")
		}
		source, err := s.OwnSource(ctx, tx, actor.OrgID)
		if err != nil {
			return err
		}
		o, err := e.observation(i)
		if err != nil {
			return err
		}
		o.SourceID, o.OrgID, o.AccountID, o.Domain = source, actor.OrgID, actor.ID, e.Domain
		o.Fill()
		if err := o.Check(); err != nil {
			return err
		}
		all := []indicator.Observation{o}
		outcomes, err := indicator.Record(ctx, tx, all)
		if err != nil {
			return err
		}
		tx.Subject("estimate", id, e.OrgID, map[string]any{"observation": all[0].ID, "indicator": code, "outcome": string(outcomes[0])})
		if _, err = tx.NewRaw("UPDATE estimate SET observation_id = ? WHERE id = ?", all[0].ID, id).Exec(ctx); err != nil {
			return err
		}
		return indicator.AskChecks(ctx, tx, all)
	})
}

// observation is an estimate as a figure.
func (e Estimate) observation(i *define.Indicator) (o indicator.Observation, err error) {
	shown := e.For(disclosure.Public)
	if shown.Central == nil {
		return o, baqylau.E(baqylau.Conflict, "estimate.error.no_figure")
	}
	o = indicator.Observation{Indicator: i.Code, Unit: e.Unit, Country: e.Country, Place: e.Place, Start: e.Start, End: e.End, Age: e.Age, Drug: drugOf[e.Target], Value: shown.Central, Low: shown.Low, High: shown.High,
		Published: e.Published, Synthetic: e.Synthetic, Citation: e.Citation, Note: e.Title, Detail: indicator.Detail{Method: e.Method, Interval: interval(e)}, Definition: e.Area}
	if e.Exposure == Rounded {
		o.Qualifier = indicator.About
	}
	if l, ok := shown.Output.Estimate(); ok && shown.Exposure != Rounded {
		o.Detail.Error = number(l.SE)
	}
	if e.Output.Sample >= 0 && e.Exposure != Rounded {
		n := int64(e.Output.Sample)
		o.Sample = &n
	}
	return o, nil
}

// interval is the kind of the limits with their level: "profile 95".
func interval(e Estimate) string {
	if e.Interval == "" {
		return ""
	}
	if l := e.Inputs["level"]; l != "" {
		return e.Interval + " " + l
	}
	return e.Interval
}

// years is a period in years: 2019, or 2019-2020.
func years(e Estimate) string {
	from, to := e.Start.Time().Year(), e.End.Time().Year()
	if from == to {
		return strconv.Itoa(from)
	}
	return strconv.Itoa(from) + "–" + strconv.Itoa(to)
}
