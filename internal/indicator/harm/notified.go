package harm

import (
	"slices"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// notifiedYears is how many years the table of notifications shows.
const notifiedYears = 8

// notifications are the figures of infections that are no study's: notified cases, people under observation, and the shares of people who inject among them, for the whole country by year. Where several state a figure, the
// one that was known last is shown; the page of the indicator has all. What is hidden is decided there.
func (s *Service) notifications(c *web.Ctx, f frame) (t ui.Table, err error) {
	ctx := c.Context()
	if s.Figures == nil {
		return t, nil
	}
	var codes []string
	for _, i := range define.Current().Indicators() {
		if i.Area == "infections" && i.Span != define.Study {
			codes = append(codes, i.Code)
		}
	}
	found, hidden, err := s.Figures.Shown(ctx, c.Actor, indicator.Question{Indicators: codes, Country: f.country, Places: []string{f.country}, Sexes: []string{indicator.AllSexes}, Ages: []string{indicator.AllAges}, Drugs: []string{indicator.AllDrugs}, AsOf: f.asOf})
	if err != nil {
		return t, err
	}
	type cell struct {
		code string
		year int
	}
	at := map[cell]indicator.Observation{}
	var years []int
	for _, o := range found {
		whole := o.Start == o.End || o.Start.Time().Month() == 1 && o.End.Time().Month() == 12
		k := cell{o.Indicator, o.End.Time().Year()}
		if o.Breakdown.String() != "" || o.Cumulative || !whole {
			continue
		}
		if before, ok := at[k]; ok && !o.Known.After(before.Known) {
			continue
		}
		if at[k] = o; !slices.Contains(years, k.year) {
			years = append(years, k.year)
		}
	}
	slices.Sort(years)
	years = years[max(0, len(years)-notifiedYears):]
	t = ui.Table{ID: "notified", Caption: c.T("infection.notified"), Columns: []ui.Column{{Label: c.T("infection.figure"), Main: true}}}
	for _, y := range years {
		t.Columns = append(t.Columns, ui.Column{Label: itoa(y), Number: true})
	}
	for _, code := range codes {
		name, any := define.Current().Name(c.Lang(), code), false
		row := ui.Row{Label: name, Cells: []templ.Component{ui.Link("/indicators/"+code, name, "")}}
		for _, y := range years {
			o, ok := at[cell{code, y}]
			any = any || ok
			switch {
			case !ok || o.Value == nil:
				row.Cells = append(row.Cells, ui.Text("–"))
			case hidden[o.ID]:
				row.Cells = append(row.Cells, ui.Text(c.T("death.hidden")))
			default:
				decimals := 0
				if o.Unit == "percent" {
					decimals = 1
				}
				row.Cells = append(row.Cells, ui.Text(locale.Number(ctx, *o.Value, decimals)))
			}
		}
		if any {
			t.Rows = append(t.Rows, row)
		}
	}
	return t, nil
}
