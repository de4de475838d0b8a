package estimate

import (
	"context"
	"math"

	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
	"github.com/baqylau/baqylau/internal/locale"
)

// decimals are how many a figure of a unit is shown with. Persons are whole: a fraction of one would be false precision.
func decimals(unit string) int {
	switch unit {
	case "persons":
		return 0
	case "percent", "mg_1000_day":
		return 1
	}
	return 2
}

// say writes a figure, or what it is where it is none.
func say(ctx context.Context, v compute.Value, decimals int) string {
	switch f := float64(v); {
	case math.IsInf(f, 1):
		return locale.T(ctx, "estimate.unlimited")
	case math.IsNaN(f):
		return "–"
	default:
		return locale.Number(ctx, f, decimals)
	}
}

func sayLimits(ctx context.Context, l compute.Limits, decimals int) string {
	if math.IsNaN(float64(l.Low)) && math.IsNaN(float64(l.High)) {
		return "–"
	}
	return say(ctx, l.Low, decimals) + " – " + say(ctx, l.High, decimals)
}

// central writes the estimate of a row with its unit; without one it says why.
func (e *Estimate) central(ctx context.Context) string {
	switch {
	case e.Central != nil && e.Exposure == Rounded && !e.Full:
		return locale.T(ctx, "estimate.about", "Value", locale.Shortest(ctx, *e.Central))
	case e.Central != nil:
		return locale.Number(ctx, *e.Central, decimals(e.Unit))
	case e.Exposure == Withheld && !e.Full:
		return locale.T(ctx, "estimate.withheld")
	}
	return locale.T(ctx, "estimate.undefined")
}

// limits writes the interval of a row.
func (e *Estimate) limits(ctx context.Context) string {
	show := func(v *float64) string {
		if e.Exposure == Rounded && !e.Full {
			return locale.Shortest(ctx, *v)
		}
		return locale.Number(ctx, *v, decimals(e.Unit))
	}
	switch {
	case e.Low == nil && e.High == nil:
		return "–"
	case e.High == nil:
		return show(e.Low) + " – " + locale.T(ctx, "estimate.unlimited")
	case e.Low == nil:
		return "– " + show(e.High)
	}
	return show(e.Low) + " – " + show(e.High)
}

func unitName(ctx context.Context, unit string) string {
	return define.Current().Unit(locale.Lang(ctx), unit)
}

func targetName(ctx context.Context, code string) string {
	return define.Current().Label(locale.Lang(ctx), targets, code)
}

func methodName(ctx context.Context, code string) string {
	return locale.T(ctx, "estimate.method."+code)
}

func intervalName(ctx context.Context, kind string) string {
	if kind == "" {
		return ""
	}
	return locale.T(ctx, "estimate.interval."+kind)
}

// lineName names an estimate among others: a model by its dependences.
func lineName(ctx context.Context, l compute.Line) string {
	switch {
	case !l.Model:
		return locale.T(ctx, "estimate.line."+l.Name)
	case l.Name == "independent":
		return locale.T(ctx, "estimate.line.independent")
	}
	return l.Name
}

// lesson says in plain words how far the estimates lie apart, and whether the interval of the one that is used holds the others.
func lesson(ctx context.Context, e *Estimate) []string {
	p, all := e.Output.Plausible, e.Output.All
	if p == nil || all == nil || all.Estimates == 0 {
		return nil
	}
	d := decimals(e.Unit)
	out := []string{locale.N(ctx, "estimate.lesson.all", all.Estimates, "Lowest", say(ctx, all.Lowest, d), "Highest", say(ctx, all.Highest, d), "Times", say(ctx, all.Highest/all.Lowest, 1))}
	if p.Estimates < all.Estimates {
		out = append(out, locale.N(ctx, "estimate.lesson.plausible", p.Estimates, "Within", say(ctx, e.Output.Within, 0), "Lowest", say(ctx, p.Lowest, d), "Highest", say(ctx, p.Highest, d)))
	}
	switch {
	case e.Low == nil || e.High == nil:
		out = append(out, locale.T(ctx, "estimate.lesson.unlimited"))
	case float64(all.Lowest) < *e.Low || float64(all.Highest) > *e.High:
		out = append(out, locale.T(ctx, "estimate.lesson.model"))
	default:
		out = append(out, locale.T(ctx, "estimate.lesson.chance"))
	}
	return out
}
