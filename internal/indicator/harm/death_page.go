package harm

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const deathsPath = "/deaths"

func (s *Service) deathRoutes(rt *web.Router) {
	rt.Handle("GET /deaths", access.IndicatorRead, s.deathsPage)
	rt.Handle("GET /deaths/records", access.EpisodeRead, s.deathList().Handler(s.W))
	rt.Handle("GET /deaths/new", access.EpisodeWrite, func(c *web.Ctx) error { return s.showDeathForm(c, "", nil, nil) })
	rt.Handle("POST /deaths/new", access.EpisodeWrite, func(c *web.Ctx) error { return s.doDeath(c, "") })
	rt.Handle("GET /deaths/records/{id}", access.EpisodeRead, s.showDeath)
	rt.Handle("GET /deaths/records/{id}/edit", access.EpisodeWrite, func(c *web.Ctx) error { return s.showDeathForm(c, c.Path("id"), nil, nil) })
	rt.Handle("POST /deaths/records/{id}/edit", access.EpisodeWrite, func(c *web.Ctx) error { return s.doDeath(c, c.Path("id")) })
	rt.Handle("POST /deaths/records/{id}/withdraw", access.EpisodeWrite, func(c *web.Ctx) error {
		if err := s.WithdrawDeath(c.Context(), c.Actor, c.Path("id")); err != nil {
			return err
		}
		return c.Done("/deaths/records", "death.done.withdrawn", "")
	})
}

type deathsView struct {
	head      ui.Head
	places    []ui.NavItem
	counts    DeathCounts
	selection death.Selection
	choices   []ui.NavItem
	years     ui.Table
	chart     ui.Chart
	filters   ui.Filters
	pyramid   ui.Pyramid
	sexAge    ui.Table
	drugs     []ui.Ranked
	regions   []ui.Ranked
	rules     ui.Table
	csv, xlsx string
	notes     []string
	mayRead   bool
}

func (s *Service) deathsPage(c *web.Ctx) error {
	f, err := s.frame(c, "death")
	if err != nil {
		return err
	}
	counts, err := s.CountDeaths(c.Context(), c.Actor, f.country, f.asOf, yearOf(c.Query("year")))
	if err != nil {
		return err
	}
	if wanted(c) {
		return s.downloadDeaths(c, counts)
	}
	ctx := c.Context()
	v := deathsView{places: f.places, counts: counts, selection: chosenSelection(c, counts), csv: address(c, "format", "csv"), xlsx: address(c, "format", "xlsx"), mayRead: access.May(c.Actor, access.EpisodeRead)}
	v.head = ui.Head{Title: c.T("death.title"), Sub: []string{s.place(ctx, f.country)}, AsOf: c.T("death.as_of", "Date", locale.Date(ctx, f.asOf))}
	if access.May(c.Actor, access.EpisodeWrite) && mayKeep(c.Actor) == nil {
		v.head.Act = deathActs()
	}
	if counts.Synthetic {
		v.head.Tags = append(v.head.Tags, ui.Tag(c.T("death.synthetic")))
	}
	if counts.Outside {
		v.notes = append(v.notes, c.T("death.outside"))
		if !slices.Contains(counts.Fed[death.B], true) {
			v.notes = append(v.notes, c.T("death.no_codes"))
		}
	}
	for _, sel := range death.Selections {
		v.choices = append(v.choices, ui.NavItem{Label: selectionName(ctx, sel), Href: address(c, "selection", string(sel)), Current: sel == v.selection})
	}
	v.filters = deathFilters(c, counts)
	s.fillDeaths(ctx, &v)
	return c.Render(web.Page{Title: v.head.Title, Room: deathsPath, AsOf: v.head.AsOf, Body: deathsPage(v)})
}

func yearOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1900 || n > 2200 {
		return 0
	}
	return n
}

// chosenSelection is the one asked for, else the first that holds deaths.
func chosenSelection(c *web.Ctx, n DeathCounts) death.Selection {
	if sel := death.Selection(c.Query("selection")); slices.Contains(death.Selections, sel) {
		return sel
	}
	for _, sel := range death.Selections {
		if slices.ContainsFunc(n.ByYear[sel], func(x disclosure.Count) bool { return x.Hidden || x.N > 0 }) {
			return sel
		}
	}
	return death.B
}

func selectionName(ctx context.Context, s death.Selection) string {
	return locale.T(ctx, "death.selection."+string(s))
}

func (s *Service) fillDeaths(ctx context.Context, v *deathsView) {
	n := v.counts
	caption := ui.Caption{Source: sourceOf(ctx, "death.source", n.Synthetic), AsOf: locale.Date(ctx, n.AsOf), N: -1}
	v.years = ui.Table{ID: "years", Caption: locale.T(ctx, "death.by_year"), Columns: []ui.Column{{Label: locale.T(ctx, "death.year"), Main: true, NoWrap: true}}, Empty: ui.Empty{Title: locale.T(ctx, "death.none"), Text: locale.T(ctx, "death.none.text")}}
	v.chart = ui.Chart{ID: "deaths", Summary: locale.T(ctx, "death.chart"), Axis: locale.T(ctx, "death.year"), Caption: caption}
	var fed []death.Selection // those that some year could fill
	for _, sel := range death.Selections {
		if !slices.Contains(n.Fed[sel], true) {
			continue
		}
		fed = append(fed, sel)
		v.years.Columns = append(v.years.Columns, ui.Column{Label: selectionName(ctx, sel), Number: true})
		if sel != death.Possible {
			v.chart.Series = append(v.chart.Series, ui.Series{Name: selectionName(ctx, sel)})
		}
	}
	v.years.Columns = append(v.years.Columns, ui.Column{Label: locale.T(ctx, "death.adults", "Selection", selectionName(ctx, v.selection)), Number: true}, ui.Column{Label: locale.T(ctx, rateKey(n.Per)), Number: true, Minor: true})
	for i, year := range n.Years {
		v.chart.Labels = append(v.chart.Labels, itoa(year))
		row := ui.Row{Label: itoa(year), Cells: []templ.Component{ui.Text(itoa(year))}}
		for j, sel := range fed {
			x := n.ByYear[sel][i]
			cell, height := countCell(ctx, x), drawn(x)
			if !n.Fed[sel][i] {
				cell, height = ui.Text("–"), math.NaN()
			}
			row.Cells = append(row.Cells, cell)
			if sel != death.Possible {
				v.chart.Series[j].Values = append(v.chart.Series[j].Values, height)
			}
		}
		row.Cells = append(row.Cells, countCell(ctx, n.Adults[v.selection][i]), rateCell(ctx, n.Rates[v.selection][i]))
		v.years.Rows = append(v.years.Rows, row)
	}
	slices.Reverse(v.years.Rows)
	v.fillSexAge(ctx)
	for _, d := range n.ByDrug[v.selection] {
		v.drugs = append(v.drugs, ui.Ranked{Name: drugName(ctx, d.Drug), Value: drawn(d.N), Shown: say(ctx, d.N)})
	}
	for _, r := range n.ByRegion[v.selection] {
		if r.Region == "" && len(n.ByRegion[v.selection]) == 1 {
			continue // a single bar of deaths whose region nobody wrote down says nothing
		}
		v.regions = append(v.regions, ui.Ranked{Name: s.place(ctx, r.Region), Value: drawn(r.N), Shown: say(ctx, r.N)})
	}
	slices.SortStableFunc(v.regions, func(a, b ui.Ranked) int { return cmp.Compare(order(b.Value), order(a.Value)) })
	v.rules = rulesTable(ctx, s.Rules, n)
}

// period is the years that the tables below the first are of.
func (n DeathCounts) period() string {
	switch {
	case n.Year != 0:
		return itoa(n.Year)
	case len(n.Years) == 0:
		return ""
	}
	return spanOf(n.Years[0], n.Years[len(n.Years)-1])
}

// spanOf writes two years, or one.
func spanOf(from, to int) string {
	if from == to {
		return itoa(from)
	}
	return itoa(from) + "–" + itoa(to)
}

// fillSexAge makes the table by sex and age and the pyramid that shows the same.
func (v *deathsView) fillSexAge(ctx context.Context) {
	n, rows := v.counts, v.counts.SexAge[v.selection]
	v.sexAge = ui.Table{ID: "sex-age", Caption: locale.T(ctx, "death.sex_age"), Columns: []ui.Column{{Label: locale.T(ctx, "death.sex"), Main: true}}, Empty: ui.Empty{Title: locale.T(ctx, "death.none")}}
	v.pyramid = ui.Pyramid{ID: "pyramid", Summary: locale.T(ctx, "death.pyramid"), Axis: locale.T(ctx, "death.field.age"), Left: label(ctx, "sex", "male"), Right: label(ctx, "sex", "female"),
		Caption: ui.Caption{Source: sourceOf(ctx, "death.source", n.Synthetic), AsOf: locale.Date(ctx, n.AsOf), N: -1}}
	if len(rows) == 0 {
		return
	}
	some := func(row []disclosure.Count) bool {
		return slices.ContainsFunc(row, func(x disclosure.Count) bool { return x.Hidden || x.N > 0 })
	}
	male, female := slices.Index(death.Sexes, "male"), slices.Index(death.Sexes, "female")
	words := func(x disclosure.Count) string {
		if x.Hidden {
			return say(ctx, x)
		}
		return ""
	}
	var shown []int // columns
	for j := range rows[0] {
		if j >= len(death.Bands) && j < len(bandColumns) && !slices.ContainsFunc(rows, func(row []disclosure.Count) bool { return some(row[j : j+1]) }) {
			continue // nobody whose age is not known
		}
		shown = append(shown, j)
		name := locale.T(ctx, "death.total")
		if j < len(bandColumns) {
			name = bandName(ctx, bandColumns[j])
			m, f := rows[male][j], rows[female][j]
			v.pyramid.Bands = append(v.pyramid.Bands, ui.PyramidBand{Name: name, Left: drawn(m), Right: drawn(f), LeftWords: words(m), RightWords: words(f)})
		}
		v.sexAge.Columns = append(v.sexAge.Columns, ui.Column{Label: name, Number: true})
	}
	for i, line := range rows {
		name := locale.T(ctx, "death.total")
		if i < len(death.Sexes) {
			if name = label(ctx, "sex", death.Sexes[i]); death.Sexes[i] == "unknown" && !some(line) {
				continue
			}
		}
		row := ui.Row{Cells: []templ.Component{ui.Text(name)}}
		for _, j := range shown {
			row.Cells = append(row.Cells, countCell(ctx, line[j]))
		}
		v.sexAge.Rows = append(v.sexAge.Rows, row)
	}
}

func deathFilters(c *web.Ctx, n DeathCounts) ui.Filters {
	years, chosen := []ui.Option{{Label: c.T("death.year.all")}}, ""
	for _, y := range slices.Backward(n.Years) {
		years = append(years, ui.Option{Value: itoa(y), Label: itoa(y)})
	}
	if n.Year != 0 {
		chosen = itoa(n.Year)
	}
	keep := map[string]string{}
	for _, name := range []string{"place", "selection", "as_of"} {
		if v := c.Query(name); v != "" {
			keep[name] = v
		}
	}
	if n.Year == 0 && disclosure.AudienceOf(c.Actor) != disclosure.Working && !n.Outside { // to them the tables are of all years
		return ui.Filters{}
	}
	return ui.Filters{Action: deathsPath, Keep: keep, Fields: []templ.Component{ui.FilterSelect("year", c.T("death.year"), chosen, years)}}
}

func order(v float64) float64 {
	if math.IsNaN(v) {
		return -1
	}
	return v
}

func rateKey(per string) string {
	if per == death.Adult.Code {
		return "death.rate.adults"
	}
	return "death.rate.all"
}

// drawn is a count for a chart: no figure where it is hidden.
func drawn(c disclosure.Count) float64 {
	if c.Hidden {
		return math.NaN()
	}
	return float64(c.N)
}

func countCell(ctx context.Context, c disclosure.Count) templ.Component {
	if c.Hidden {
		return ui.Text(say(ctx, c))
	}
	return ui.Figure(itoa(c.N), say(ctx, c))
}

func rateCell(ctx context.Context, r *Rate) templ.Component {
	if r == nil {
		return ui.Text("–")
	}
	return ui.Text(locale.Number(ctx, r.Value, 1) + " (" + locale.Number(ctx, r.Low, 1) + "–" + locale.Number(ctx, r.High, 1) + ")")
}

func bandName(ctx context.Context, band string) string {
	switch band {
	case death.OtherBand:
		return locale.T(ctx, "death.unknown")
	case otherAdult:
		return locale.T(ctx, "death.adult_unknown")
	}
	return strings.ReplaceAll(band, "-", "–")
}

// rulesTable says by what deaths get into each selection, whether that was checked, and how many did.
func rulesTable(ctx context.Context, rules death.Rules, n DeathCounts) ui.Table {
	t := ui.Table{ID: "rules", Caption: locale.T(ctx, "death.rules"), Columns: []ui.Column{{Label: locale.T(ctx, "death.rule.name"), Main: true}, {Label: locale.T(ctx, "death.rule.says")}, {Label: locale.T(ctx, "death.rule.checked"), Bare: true}, {Label: locale.T(ctx, "death.rule.deaths"), Number: true}}}
	for _, r := range rules {
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.Lines(selectionName(ctx, r.Selection), ruleName(ctx, r.Name)), ui.Text(ruleSays(ctx, r)), verifiedTag(ctx, r.Verified), countCell(ctx, n.ByRule[string(r.Selection)+"/"+r.Name])}})
	}
	return t
}

// ruleName is the name of a shipped rule; a node's own rule is called as its file calls it.
func ruleName(ctx context.Context, name string) string {
	if key := "death.rule.is." + name; locale.Has(key) {
		return locale.T(ctx, key)
	}
	return name
}

// ruleSays tells the conditions of a rule.
func ruleSays(ctx context.Context, r death.Rule) string {
	var parts []string
	spans := func(list []death.Span) string {
		words := make([]string, len(list))
		for i, s := range list {
			words[i] = strings.ReplaceAll(s.String(), "-", "–")
		}
		return strings.Join(words, ", ")
	}
	if len(r.Underlying) > 0 {
		parts = append(parts, locale.T(ctx, "death.rule.underlying", "Codes", spans(r.Underlying)))
	}
	if len(r.With) > 0 {
		parts = append(parts, locale.T(ctx, "death.rule.with", "Codes", spans(r.With)))
	}
	if len(r.Drugs) > 0 {
		words := make([]string, len(r.Drugs))
		for i, d := range r.Drugs {
			if words[i] = locale.T(ctx, "death.nps"); d != death.NPS {
				words[i] = drugName(ctx, d)
			}
		}
		parts = append(parts, locale.T(ctx, "death.rule.drugs", "Drugs", strings.Join(words, ", ")))
	}
	if !r.From.IsZero() || !r.To.IsZero() {
		parts = append(parts, locale.Date(ctx, r.From)+" – "+locale.Date(ctx, r.To))
	}
	return strings.Join(parts, "; ")
}

func verifiedTag(ctx context.Context, yes bool) templ.Component {
	if yes {
		return ui.Tag(locale.T(ctx, "death.rule.verified"))
	}
	return ui.Tag(locale.T(ctx, "death.rule.unverified"))
}

// downloadDeaths writes the counts as the page shows them: by year, then those of the year asked for by sex and age, by region and by drug.
func (s *Service) downloadDeaths(c *web.Ctx, n DeathCounts) error {
	var rows [][]any
	marks := func() []any { return []any{n.Country, n.AsOf, n.Synthetic} }
	for i, year := range n.Years {
		for _, sel := range death.Selections {
			var rate, low, high any
			if r := n.Rates[sel][i]; r != nil {
				rate, low, high = r.Value, r.Low, r.High
			}
			deaths, adults := value(n.ByYear[sel][i]), value(n.Adults[sel][i])
			if !n.Fed[sel][i] {
				deaths, adults = "not_collected", "not_collected"
			}
			rows = append(rows, append([]any{string(sel), year, "total", "all", "", "", deaths, adults, rate, low, high, n.Per}, marks()...))
		}
	}
	var period any
	if n.Year != 0 {
		period = n.Year
	}
	add := func(sel death.Selection, sex, age, region, drug string, x disclosure.Count) {
		rows = append(rows, append([]any{string(sel), period, sex, age, region, drug, value(x), nil, nil, nil, nil, nil}, marks()...))
	}
	for _, sel := range death.Selections {
		for i, row := range n.SexAge[sel] {
			for j, x := range row {
				if i < len(death.Sexes) && j < len(bandColumns) {
					add(sel, death.Sexes[i], bandColumns[j], "", "", x)
				}
			}
		}
		for _, r := range n.ByRegion[sel] {
			add(sel, "total", "all", orElse(r.Region, "unknown"), "", r.N)
		}
		for _, d := range n.ByDrug[sel] {
			add(sel, "total", "all", "", orElse(d.Drug, "none"), d.N)
		}
	}
	return s.download(c, "deaths", c.T("death.title"), []string{"selection", "year", "sex", "age", "region", "drug", "deaths", "deaths_15_64", "rate_per_million", "low", "high", "rate_of_ages", "place", "as_of", "synthetic"}, rows)
}
