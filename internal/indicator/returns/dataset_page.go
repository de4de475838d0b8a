package returns

import (
	"context"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const datasetsPath = "/datasets"

// yearsShown is how many years the matrix shows.
const yearsShown = 6

func (s *Service) datasetRoutes(rt *web.Router) {
	rt.Handle("GET "+datasetsPath, access.IndicatorRead, s.datasetsPage)
	rt.Handle("GET "+datasetsPath+"/new", access.CatalogueEdit, func(c *web.Ctx) error { return s.showDatasetForm(c, "", nil, nil) })
	rt.Handle("POST "+datasetsPath+"/new", access.CatalogueEdit, func(c *web.Ctx) error { return s.doDataset(c, "") })
	rt.Handle("GET "+datasetsPath+"/{code}", access.IndicatorRead, s.datasetPage)
	rt.Handle("GET "+datasetsPath+"/{code}/edit", access.CatalogueEdit, func(c *web.Ctx) error { return s.showDatasetForm(c, c.Path("code"), nil, nil) })
	rt.Handle("POST "+datasetsPath+"/{code}/edit", access.CatalogueEdit, func(c *web.Ctx) error { return s.doDataset(c, c.Path("code")) })
	rt.Handle("GET "+minePath, access.CheckAnswer, s.minePage)
}

// asOf is the day of which a page speaks.
func (s *Service) asOf(c *web.Ctx) baqylau.Date {
	if d, p, err := baqylau.ParseDate(c.Query("as_of")); err == nil && p == baqylau.Day && !d.IsZero() && !d.After(s.today()) {
		return d
	}
	return s.today()
}

// datasetsPage is the catalogue as a matrix: datasets by years.
func (s *Service) datasetsPage(c *web.Ctx) error {
	ctx, asOf := c.Context(), s.asOf(c)
	all, err := Datasets(ctx, s.W.DB.Read, asOf)
	if err != nil {
		return err
	}
	now, audience := asOf.Time().Year(), disclosure.AudienceOf(c.Actor)
	t := ui.Table{ID: "datasets", Caption: c.T("dataset.title"), Columns: []ui.Column{{Label: c.T("dataset.col.name"), Main: true}, {Label: c.T("dataset.col.every")}}, Empty: ui.Empty{Title: c.T("dataset.none")}}
	for year := now - yearsShown + 1; year <= now; year++ {
		t.Columns = append(t.Columns, ui.Column{Label: strconv.Itoa(year)})
	}
	for i := range all {
		d := &all[i]
		standings, err := s.Standings(ctx, d, now-yearsShown+1, now, asOf)
		if err != nil {
			return err
		}
		row := ui.Row{Label: d.Name.In(c.Lang()), Cells: []templ.Component{ui.Link(datasetsPath+"/"+d.Code, d.Name.In(c.Lang()), d.Owner.In(c.Lang())), ui.Text(c.T("dataset.every." + string(d.Every)))}}
		for year := now - yearsShown + 1; year <= now; year++ {
			row.Cells = append(row.Cells, yearCell(ctx, d, standings, year, d.tells(audience)))
		}
		t.Rows = append(t.Rows, row)
	}
	head := ui.Head{Title: c.T("dataset.title"), Sub: []string{s.placeName(ctx, s.Home)}, AsOf: c.T("dataset.as_of", "Date", locale.Date(ctx, asOf))}
	if access.May(c.Actor, access.CatalogueEdit) {
		head.Act = ui.Submit(ui.Button{Label: c.T("dataset.new"), Href: datasetsPath + "/new"})
	}
	return c.Render(web.Page{Title: head.Title, Room: datasetsPath, AsOf: head.AsOf, Body: datasetsView(head, t)})
}

// yearCell says how a dataset stands in a year; how much is missing in it only where that may be told.
func yearCell(ctx context.Context, d *Dataset, all []Standing, year int, tells bool) templ.Component {
	var arrived, ended, overdue, late, units, expected int
	var missing float64
	for _, x := range all {
		if x.Period.End.Time().Year() != year {
			continue
		}
		if x.Ended && x.Owed {
			ended++
		}
		if x.Overdue() {
			overdue++
		}
		if x.Arrival != nil {
			arrived++
			if units, expected = units+x.Arrival.Units, expected+x.Expected; tells {
				missing = math.Max(missing, x.Arrival.Missing)
			}
			if x.Late > 0 {
				late++
			}
		}
	}
	var parts []string
	if arrived > 0 && len(d.Every.periods(year)) > 1 {
		parts = append(parts, locale.T(ctx, "dataset.cell.periods", "N", arrived, "Of", len(d.Every.periods(year))))
	}
	if expected > 0 {
		parts = append(parts, locale.T(ctx, "dataset.cell.units", "Percent", percent(ctx, math.Min(1, float64(units)/float64(expected)))))
	}
	if missing >= warnMissing {
		parts = append(parts, locale.T(ctx, "dataset.cell.missing", "Percent", percent(ctx, missing)))
	}
	note := strings.Join(parts, ", ")
	switch {
	case overdue > 0:
		return said(ui.Failed, locale.T(ctx, "dataset.cell.overdue"), note)
	case arrived > 0 && late > 0:
		return said(ui.Busy, locale.T(ctx, "dataset.cell.late"), note)
	case arrived > 0 && (missing >= badMissing || expected > 0 && units < expected || arrived < ended):
		return said(ui.Busy, locale.T(ctx, "dataset.cell.part"), note)
	case arrived > 0:
		return said(ui.Done, locale.T(ctx, "dataset.cell.there"), note)
	case d.Subject == "" || ended == 0:
		return ui.Text("–")
	}
	return said(ui.NotBegun, locale.T(ctx, "dataset.cell.nothing"), "")
}

func said(p ui.Progress, label, note string) templ.Component {
	if note == "" {
		return ui.State(p, label)
	}
	return stateLines(p, label, note)
}

func percent(ctx context.Context, share float64) string {
	return locale.Number(ctx, 100*share, 0)
}

type datasetView struct {
	head    ui.Head
	facts   []ui.Fact
	periods ui.Table
	missing ui.Table
	notes   []string
	form    string // address of the form of its figures, for whoever enters them
}

// datasetPage is one entry: who, what, by which law; how each period arrived; what the last one lacks.
func (s *Service) datasetPage(c *web.Ctx) error {
	ctx, asOf := c.Context(), s.asOf(c)
	d, err := DatasetOf(ctx, s.W.DB.Read, c.Path("code"), asOf)
	if err != nil {
		return err
	}
	now := asOf.Time().Year()
	standings, err := s.Standings(ctx, &d, now-yearsShown+1, now, asOf)
	if err != nil {
		return err
	}
	v := datasetView{head: ui.Head{Title: d.Name.In(c.Lang()), Sub: []string{d.Owner.In(c.Lang())}, AsOf: c.T("dataset.as_of", "Date", locale.Date(ctx, asOf))}}
	if !d.Verified {
		v.head.Tags = append(v.head.Tags, ui.Tag(c.T("dataset.unverified")))
	}
	if access.May(c.Actor, access.CatalogueEdit) {
		v.head.Act = ui.Submit(ui.Button{Label: c.T("dataset.edit"), Href: datasetsPath + "/" + d.Code + "/edit", Look: ui.Quiet})
	}
	if d.Subject == "observation" && len(d.Indicators) > 0 && access.May(c.Actor, access.IndicatorWrite) {
		v.form = "/observations/grid?" + url.Values{"indicator": d.Indicators, "rows": {"place"}}.Encode()
	}
	if d.Subject == "" {
		v.notes = append(v.notes, c.T("dataset.no_rows"))
	}
	if v.facts, err = s.datasetFacts(c, &d); err != nil {
		return err
	}
	tells := d.tells(disclosure.AudienceOf(c.Actor))
	v.periods = ui.Table{ID: "periods", Caption: c.T("dataset.periods"), Empty: ui.Empty{Title: c.T("dataset.periods.none")}, Columns: []ui.Column{{Label: c.T("dataset.col.period"), Main: true, NoWrap: true}, {Label: c.T("dataset.col.due"), NoWrap: true},
		{Label: c.T("dataset.col.arrived"), NoWrap: true}, {Label: c.T("dataset.col.late"), Number: true}, {Label: c.T("dataset.col.units"), Number: true}, {Label: c.T("dataset.col.rows"), Number: true}, {Label: c.T("dataset.col.missing"), Number: true}}}
	last := ""
	for _, x := range slices.Backward(standings) {
		if x.Arrival == nil && (!x.Ended || !x.Owed) {
			continue
		}
		if x.Arrival != nil && last == "" {
			last = x.Period.Key
		}
		v.periods.Rows = append(v.periods.Rows, periodRow(ctx, &x, tells))
	}
	if last != "" {
		if v.missing, err = s.missingTable(c, &d, last, asOf, tells); err != nil {
			return err
		}
	}
	return c.Render(web.Page{Title: v.head.Title, Room: datasetsPath, AsOf: v.head.AsOf, Body: datasetBody(v)})
}

// tells reports whether an audience may know how many rows a dataset has, and in how many something is missing. Where the rows are records of persons only those who work on them may: the pages that count these
// persons count them otherwise (in a selection of deaths, each person once), and what two such counts differ by may be small.
func (d *Dataset) tells(a disclosure.Audience) bool {
	return a == disclosure.Working || !slices.Contains([]string{"episode", "death", "registration", "report"}, d.Subject)
}

func periodRow(ctx context.Context, x *Standing, tells bool) ui.Row {
	dash := ui.Text("–")
	row := ui.Row{Label: x.Period.Key, Cells: []templ.Component{ui.Text(x.Period.Key), dash, dash, dash, dash, dash, dash}}
	if x.HasDue {
		row.Cells[1] = ui.Text(locale.Date(ctx, x.Due))
	}
	if x.Late > 0 && (x.Owed || x.Arrival != nil) {
		row.Cells[3] = ui.Text(locale.N(ctx, "dataset.days", x.Late))
	}
	switch {
	case x.Arrival == nil && x.Overdue():
		row.Cells[2] = ui.State(ui.Failed, locale.T(ctx, "dataset.cell.overdue"))
	case x.Arrival == nil:
		row.Cells[2] = ui.State(ui.NotBegun, locale.T(ctx, "dataset.cell.nothing"))
	default:
		row.Cells[2] = ui.Text(locale.Date(ctx, change.Today(x.Arrival.First)))
		if row.Cells[4] = ui.Text(locale.Int(ctx, x.Arrival.Units)); x.Expected > 0 {
			row.Cells[4] = ui.Text(locale.Int(ctx, x.Arrival.Units) + " / " + locale.Int(ctx, x.Expected))
		}
		if row.Cells[5] = ui.Text(locale.T(ctx, "dataset.hidden")); tells {
			row.Cells[5] = ui.Text(locale.Int(ctx, x.Arrival.Rows))
		}
		row.Cells[6] = missingCell(ctx, x.Arrival.Missing, tells)
	}
	return row
}

// missingCell is a share of missing answers with how bad that is.
func missingCell(ctx context.Context, share float64, tells bool) templ.Component {
	if !tells {
		return ui.Text(locale.T(ctx, "dataset.hidden"))
	}
	text := locale.Number(ctx, 100*share, 1) + "\u00a0%"
	switch {
	case share > badMissing:
		return ui.State(ui.Failed, text)
	case share > warnMissing:
		return ui.State(ui.Waiting, text)
	}
	return ui.Text(text)
}

func (s *Service) missingTable(c *web.Ctx, d *Dataset, period string, asOf baqylau.Date, tells bool) (t ui.Table, err error) {
	list, err := s.MissingOf(c.Context(), d, period, asOf)
	if err != nil {
		return t, err
	}
	t = ui.Table{ID: "missing", Caption: c.T("dataset.missing", "Period", period), Columns: []ui.Column{{Label: c.T("dataset.col.item"), Main: true}, {Label: c.T("dataset.col.missing"), Number: true}}}
	for _, m := range list {
		t.Rows = append(t.Rows, ui.Row{Label: c.T(m.Item), Cells: []templ.Component{ui.Text(c.T(m.Item)), missingCell(c.Context(), m.Share, tells)}})
	}
	return t, nil
}

func (s *Service) datasetFacts(c *web.Ctx, d *Dataset) (facts []ui.Fact, err error) {
	add := func(key, text string) {
		if text != "" {
			facts = append(facts, ui.Fact{Name: c.T(key), Value: ui.Text(text)})
		}
	}
	names, err := organisations(c.Context(), s.W.DB.Read)
	if err != nil {
		return nil, err
	}
	add("dataset.field.owner", d.Owner.In(c.Lang()))
	if sender := c.T("dataset.sender.none"); d.OrgID == "" {
		add("dataset.field.org", sender)
	} else {
		add("dataset.field.org", nameOf(names, d.OrgID).In(c.Lang()))
	}
	add("dataset.field.form", d.Form.In(c.Lang()))
	add("dataset.field.law", d.Law.In(c.Lang()))
	add("dataset.field.every", c.T("dataset.every."+string(d.Every)))
	if d.DueDays != nil {
		add("dataset.field.due_days", locale.N(c.Context(), "dataset.days", *d.DueDays))
	} else {
		add("dataset.field.due_days", c.T("dataset.due.unknown"))
	}
	if d.Units != "" {
		add("dataset.field.units", c.T("dataset.units."+d.Units))
	}
	from, _ := day(d.From)
	to, _ := day(d.To)
	if !from.IsZero() || !to.IsZero() {
		add("dataset.field.valid", locale.Date(c.Context(), from)+" – "+locale.Date(c.Context(), to))
	}
	add("dataset.field.gaps", d.Gaps.In(c.Lang()))
	return facts, nil
}
