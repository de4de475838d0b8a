package check

import (
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/define"
)

// Balance checks stocks against the flows between them: that at the end of a year is that at the end of the year before, and who came, without who left. All four are of one statement. It asks, since an issuer may count as
// new only who comes for the first time.
func Balance(figures []Figure, facts Facts) (out []Finding) {
	for _, r := range facts.Catalogue.Rules() {
		if r.Name == "balance" {
			out = append(out, balanced(figures, r)...)
		}
	}
	return out
}

func balanced(figures []Figure, r define.Rule) (out []Finding) {
	at := map[string]*Figure{}
	key := func(f *Figure, indicator string, year int) string {
		return strings.Join([]string{indicator, strconv.Itoa(year), f.Place, f.Sex, f.Age, f.Drug, breakdown(f.Breakdown, ""), f.Statement, f.Unit}, "\x00")
	}
	for i := range figures {
		f := &figures[i]
		year := f.End.Time().Year()
		whole := f.Start == baqylau.NewDate(year, 1, 1) && f.End == baqylau.NewDate(year, 12, 31)
		if f.Indicator == r.First || whole && (f.Indicator == r.Second || f.Indicator == r.Whole) {
			at[key(f, f.Indicator, year)] = f
		}
	}
	for i := range figures {
		f := &figures[i]
		if f.Indicator != r.First {
			continue
		}
		year := f.End.Time().Year()
		before, came, left := at[key(f, r.First, year-1)], at[key(f, r.Second, year)], at[key(f, r.Whole, year)]
		if at[key(f, r.First, year)] != f || before == nil || came == nil || left == nil {
			continue
		}
		if expected := before.Value + came.Value - left.Value; expected != f.Value {
			out = append(out, f.finding("balance", asks(Question, f, before, came, left), Value{r.First, number(f.Value)}, Value{"check.label.computed", number(round(expected))}))
		}
	}
	return out
}
