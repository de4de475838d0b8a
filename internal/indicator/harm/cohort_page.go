package harm

import (
	"context"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

type cohortView struct {
	head           ui.Head
	filters        ui.Filters
	totals         []ui.Total
	notes          []string
	strata, causes ui.Table
	csv, xlsx      string
}

// cohortPage shows how people on the register die, beside the population. Without years it is the last five that are over.
func (s *Service) cohortPage(c *web.Ctx) error {
	f, err := s.frame(c, "registration")
	if err != nil {
		return err
	}
	ctx := c.Context()
	last := f.asOf.Time().Year() - 1
	from, to := yearOf(c.Query("from")), yearOf(c.Query("to"))
	if to <= 0 {
		to = last
	}
	if from <= 0 {
		from = to - 4
	}
	n, err := s.FollowRegister(ctx, c.Actor, f.country, from, to, f.asOf)
	wrong := ""
	if baqylau.CodeOf(err) == baqylau.Invalid {
		wrong = c.T("register.cohort.period")
		from, to = last-4, last
		n, err = s.FollowRegister(ctx, c.Actor, f.country, from, to, f.asOf)
	}
	if err != nil {
		return err
	}
	if wanted(c) {
		return s.downloadCohort(c, n)
	}
	v := cohortView{csv: address(c, "format", "csv"), xlsx: address(c, "format", "xlsx")}
	v.head = ui.Head{Title: c.T("register.cohort"), Sub: []string{s.place(ctx, f.country), itoa(n.From) + "–" + itoa(n.To)}, AsOf: c.T("death.as_of", "Date", locale.Date(ctx, f.asOf))}
	if n.Synthetic {
		v.head.Tags = append(v.head.Tags, ui.Tag(c.T("death.synthetic")))
	}
	if wrong != "" {
		v.notes = append(v.notes, wrong)
	}
	years := func(label string) []ui.Option {
		out := []ui.Option{{Label: label}}
		for y := f.asOf.Time().Year(); y > last-20; y-- {
			out = append(out, ui.Option{Value: itoa(y), Label: itoa(y)})
		}
		return out
	}
	v.filters = ui.Filters{Action: registerPath + "/cohort", Fields: []templ.Component{ui.FilterSelect("from", c.T("register.cohort.from"), itoa(n.From), years(c.T("register.cohort.from"))), ui.FilterSelect("to", c.T("register.cohort.to"), itoa(n.To), years(c.T("register.cohort.to")))}}
	v.totals = []ui.Total{{Value: locale.Int(ctx, n.Persons), Label: c.T("register.cohort.persons")}, {Value: locale.Number(ctx, n.Years, 0), Label: c.T("register.cohort.years")}, {Value: locale.Int(ctx, n.Deaths), Label: c.T("register.cohort.deaths")}}
	if n.HasCMR {
		v.totals = append(v.totals, ui.Total{Value: withInterval(ctx, n.CMR.Estimate, n.CMR.Interval, 1), Label: c.T("register.cohort.cmr")})
	}
	if n.HasSMR {
		v.totals = append(v.totals, ui.Total{Value: withInterval(ctx, n.SMR.Ratio, n.SMR.Exact, 2), Label: c.T("register.cohort.smr")})
	}
	v.notes = append(v.notes, c.T("register.cohort.inside"))
	if n.LeftOut > 0 {
		v.notes = append(v.notes, locale.N(ctx, "register.cohort.left_out", n.LeftOut))
	}
	if n.Reference == "" && !n.HasSMR {
		v.notes = append(v.notes, c.T("register.cohort.no_reference"))
	} else if n.Reference != "" {
		v.notes = append(v.notes, c.T("register.cohort.reference", "Issuer", n.Reference))
	}
	v.strata = ui.Table{ID: "strata", Caption: c.T("register.cohort.strata"), Columns: []ui.Column{{Label: c.T("death.field.sex"), Main: true}, {Label: c.T("death.field.age"), NoWrap: true}, {Label: c.T("register.cohort.years"), Number: true}, {Label: c.T("register.cohort.deaths"), Number: true},
		{Label: c.T("register.cohort.rate"), Number: true}, {Label: c.T("register.cohort.population"), Number: true}, {Label: c.T("register.cohort.expected"), Number: true}}, Empty: ui.Empty{Title: c.T("register.cohort.none")}}
	for _, x := range n.Strata {
		rate, expected := "–", "–"
		if x.Rate != nil {
			rate, expected = locale.Number(ctx, *x.Rate, 2), locale.Number(ctx, x.Expected, 2)
		}
		own := "–"
		if x.PersonYears > 0 {
			own = locale.Number(ctx, 1000*float64(x.Deaths)/x.PersonYears, 1)
		}
		v.strata.Rows = append(v.strata.Rows, ui.Row{Label: label(ctx, "sex", x.Sex) + " " + x.Band, Cells: []templ.Component{ui.Text(label(ctx, "sex", x.Sex)), ui.Text(x.Band), ui.Text(locale.Number(ctx, x.PersonYears, 1)), ui.Text(locale.Int(ctx, x.Deaths)), ui.Text(own),
			ui.Text(rate), ui.Text(expected)}})
	}
	v.causes = ui.Table{ID: "causes", Caption: c.T("register.cohort.causes"), Columns: []ui.Column{{Label: c.T("register.cohort.cause"), Main: true}, {Label: c.T("register.cohort.deaths"), Number: true}}, Empty: ui.Empty{Title: c.T("register.cohort.no_deaths")}}
	for _, x := range n.Causes {
		v.causes.Rows = append(v.causes.Rows, ui.Row{Cells: []templ.Component{ui.Text(orElse(string(x.Code), c.T("death.unknown"))), ui.Text(locale.Int(ctx, x.N))}})
	}
	return c.Render(web.Page{Title: v.head.Title, Room: registerPath, AsOf: v.head.AsOf, Body: cohortPage(v)})
}

// withInterval is "12,3 (9,8–15,2)".
func withInterval(ctx context.Context, v float64, i epi.Interval, decimals int) string {
	return locale.Number(ctx, v, decimals) + " (" + locale.Number(ctx, i.Lower, decimals) + "–" + locale.Number(ctx, i.Upper, decimals) + ")"
}

func (s *Service) downloadCohort(c *web.Ctx, n Cohort) error {
	var rows [][]any
	for _, x := range n.Strata {
		var rate, expected any
		if x.Rate != nil {
			rate, expected = *x.Rate, x.Expected
		}
		rows = append(rows, []any{n.From, n.To, x.Sex, x.Band, x.PersonYears, x.Deaths, rate, expected, n.Synthetic})
	}
	return s.download(c, "cohort", c.T("register.cohort"), []string{"from", "to", "sex", "age", "person_years", "deaths", "reference_per_1000", "expected", "synthetic"}, rows)
}
