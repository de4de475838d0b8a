package signal

import (
	"context"
	"math"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/baqylau/baqylau/internal/web/ui"
)

func (v *view) chartOf(ctx context.Context, s *Service) error {
	today := change.Today(v.c.Now())
	points, err := Around(ctx, s.W.DB.Read, v.Signal, today)
	if err != nil || len(points) == 0 {
		return err
	}
	sources, err := Sources(ctx, s.W.DB.Read, v.Signal)
	if err != nil {
		return err
	}
	ch := &ui.Chart{ID: "series", Axis: locale.T(ctx, "signal.chart.week"), Height: 180, Explore: true}
	counts := ui.Series{Name: locale.T(ctx, "signal.chart.cases")}
	total, figure, audience := 0, disclosure.Figure{Persons: true, Outside: v.Outside}, disclosure.AudienceOf(v.c.Actor)
	few := false
	for _, p := range points {
		_, n := p.Week.ISO()
		ch.Labels = append(ch.Labels, locale.T(ctx, "signal.chart.label", "Week", n))
		ch.Names = append(ch.Names, locale.WeekYear(ctx, p.Week))
		value := float64(max(0, p.N))
		if disclosure.Hides(p.N, figure, audience) {
			value, few = math.NaN(), true
		}
		counts.Values = append(counts.Values, value)
		total += p.N
		if today.Week()-p.Week < provisional {
			ch.Recent++
		}
	}
	ch.Series = []ui.Series{counts}
	ch.Limit = v.limit(ctx)
	ch.Caption = ui.Caption{Source: v.sources(ctx, sources), Period: period(ctx, points), AsOf: v.asOf, N: total}
	ch.Summary = locale.T(ctx, "signal.chart.summary", "Title", v.title, "Period", ch.Caption.Period, "Total", locale.Int(ctx, total))
	if few { // their number could be told from the sum
		ch.Caption.N = -1
		ch.Summary = locale.T(ctx, "overview.curve.summary", "What", v.title, "Place", v.book.PlaceName(v.place(), v.c.Lang()), "Weeks", len(points)) + " " + locale.T(ctx, "overview.hidden")
	}
	v.chart = ch
	return nil
}

// limit is the threshold of a rise, per week.
func (v *view) limit(ctx context.Context) *ui.Limit {
	e := v.Evidence
	switch {
	case !v.Rise() || e.Weeks == 0:
		return nil
	case rules.Type(v.Rule) == rules.RiseC3 || e.Bound <= 0 || e.Weeks > 1: // the bound is not one of a single week
		perWeek := e.Expected / float64(e.Weeks)
		return &ui.Limit{Value: perWeek, Name: locale.T(ctx, "signal.chart.expected", "Expected", math.Round(perWeek*10)/10)}
	}
	return &ui.Limit{Value: e.Bound, Name: locale.T(ctx, "signal.chart.bound", "Bound", math.Round(e.Bound*10)/10)}
}

func (v *view) sources(ctx context.Context, list []baqylau.Text) string {
	names := make([]string, 0, 2)
	for i, t := range list {
		if i == 2 {
			return strings.Join(names, ", ") + " " + locale.T(ctx, "signal.sources.more", "More", locale.Int(ctx, len(list)-2))
		}
		names = append(names, t.In(v.c.Lang()))
	}
	return strings.Join(names, ", ")
}

func period(ctx context.Context, p []series.Point) string {
	return locale.WeekYear(ctx, p[0].Week) + " – " + locale.WeekYear(ctx, p[len(p)-1].Week)
}
