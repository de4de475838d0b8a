package indicator

import (
	"context"
	"math"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
)

// signs are what stands in a drawing or a table where there is no number.
var signs = map[Absence]string{Suppressed: "×", NotCollected: "–", NotKnown: "?", NotApplicable: "∅"}

// hiddenSign stands for a figure that disclosure hides from this reader.
const hiddenSign = "▒"

// dimName is the name of a dimension.
func dimName(ctx context.Context, dim string) string {
	if locale.Has("indicator.dim." + dim) {
		return locale.T(ctx, "indicator.dim."+dim)
	}
	return dim
}

// valueName is the name of a value along a dimension.
func valueName(ctx context.Context, book *registry.Book, dim, v string) string {
	l := locale.Lang(ctx)
	switch dim {
	case "":
		return ""
	case dimPlace:
		return book.PlaceName(v, l)
	case dimSex:
		return locale.T(ctx, "indicator.sex."+v)
	case dimAge:
		if v == AllAges {
			return locale.T(ctx, "indicator.age.all")
		}
		return strings.ReplaceAll(v, "-", "–")
	}
	if v == "" {
		return locale.T(ctx, "indicator.undivided")
	}
	return locale.Capital(define.Current().Label(l, dim, v))
}

// aboutWords says what a figure is about besides its line and period: sex, age, drug and breakdowns that divide.
func (o *Observation) aboutWords(ctx context.Context, book *registry.Book) []string {
	var out []string
	for _, d := range []struct{ dim, v string }{{dimDrug, o.Drug}, {dimSex, o.Sex}, {dimAge, o.Age}} {
		if !isWhole(d.dim, o.Country, d.v) {
			out = append(out, valueName(ctx, book, d.dim, d.v))
		}
	}
	for part := range strings.SplitSeq(o.Breakdown.String(), ";") {
		if k, v, ok := strings.Cut(part, "="); ok {
			out = append(out, valueName(ctx, book, k, v))
		}
	}
	return out
}

// periodWords is a period as people say it: the year, the months, or the days.
func (o *Observation) periodWords(ctx context.Context) string {
	a, b := o.Start.Time(), o.End.Time()
	switch {
	case o.Start == o.End:
		return locale.Date(ctx, o.Start)
	case wholeYears(o) && a.Year() == b.Year():
		return o.End.String()[:4]
	case wholeYears(o):
		return o.Start.String()[:4] + "–" + o.End.String()[:4]
	}
	if a.Day() == 1 && b.AddDate(0, 0, 1).Day() == 1 { // whole months
		from, to := locale.DateP(ctx, o.Start, baqylau.Month), locale.DateP(ctx, o.End, baqylau.Month)
		if from == to {
			return from
		}
		return from + " – " + to
	}
	return locale.Date(ctx, o.Start) + " – " + locale.Date(ctx, o.End)
}

// number is a value of an indicator as people read it, with as many decimals as it has, and a qualifier before it.
func (o *Observation) number(ctx context.Context, v float64) string {
	s := shortest(ctx, v)
	if o.Qualifier != Exact && o.Qualifier != "" {
		return locale.T(ctx, "indicator.qualified."+string(o.Qualifier), "Value", s)
	}
	return s
}

// shortest writes a number with as many decimals as it has, and no more than say something at its size.
func shortest(ctx context.Context, v float64) string {
	switch a := math.Abs(v); {
	case a >= 100:
		return locale.Number(ctx, v, decimalsOf(v, 1))
	case a >= 1:
		return locale.Number(ctx, v, decimalsOf(v, 2))
	}
	return locale.Number(ctx, v, decimalsOf(v, 6))
}

// decimalsOf is how many decimals a value has, most at most.
func decimalsOf(v float64, most int) int {
	for d := range most {
		p := math.Pow(10, float64(d))
		if math.Abs(v*p-math.Round(v*p)) < 1e-9*math.Max(1, math.Abs(v*p)) {
			return d
		}
	}
	return most
}

// valueWords is the value, or why there is none; hidden where disclosure says so.
func (o *Observation) valueWords(ctx context.Context, hidden bool) string {
	switch {
	case hidden:
		return locale.T(ctx, "indicator.hidden")
	case o.Value == nil:
		return locale.T(ctx, "indicator.absence."+string(o.Absence))
	}
	return o.number(ctx, *o.Value)
}

// marks are what must be said of a figure beside its value.
func (o *Observation) marks(ctx context.Context) []string {
	var out []string
	if o.Coverage != "" {
		out = append(out, define.Current().Label(locale.Lang(ctx), "coverage", o.Coverage))
	}
	if o.Cumulative {
		out = append(out, locale.T(ctx, "indicator.cumulative"))
	}
	if o.Provisional {
		out = append(out, locale.T(ctx, "ui.chart.provisional"))
	}
	if o.Definition != "" {
		out = append(out, o.Definition)
	}
	if o.Synthetic {
		out = append(out, locale.T(ctx, "indicator.synthetic"))
	}
	return out
}

// issuer is who states a figure: as the figure says, or the name of its source.
func (o *Observation) issuer(ctx context.Context, book *registry.Book) string {
	if o.Issuer != "" {
		return o.Issuer
	}
	if src, ok := book.SourceByID(o.SourceID); ok {
		return src.Name.In(locale.Lang(ctx))
	}
	return o.Citation
}

// cited parts a citation from the address at its end.
func cited(citation string) (text, address string) {
	for _, scheme := range []string{"https://", "http://"} {
		if i := strings.LastIndex(citation, scheme); i >= 0 && !strings.ContainsAny(citation[i:], " \"<>") {
			return strings.TrimRight(strings.TrimSpace(citation[:i]), ";,"), citation[i:]
		}
	}
	return citation, ""
}
