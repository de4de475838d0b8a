package treatment

import (
	"context"
	"iter"
	"math"
	"strconv"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/export"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const tablesPath = room + "/tables"

// firstTable is the one that opens: primary drug by treatment centre, all entrants.
const firstTable = "9.1.1"

type tablesView struct {
	title, id, asOf string
	filters         ui.Filters
	t               Tables
	spec            *tdi.Spec
	head            string // of the first column
	cols            []string
	rows            []rowView
	facts           []ui.Total
	note            string // how a person counts
	hidden          bool
	chart           *ui.Chart
	differences     []string
	csv, xlsx       string
	all, allXLSX    string
	prev, next      string
	mayList         bool
}

type rowView struct {
	label       string
	member, sum bool
	cells       []string
}

// asked is the set that an address asks for, with its table.
func (s *Service) asked(c *web.Ctx) (q Set, id string, err error) {
	q = Set{AsOf: change.Today(c.Now()), Centre: c.Query("centre"), Region: c.Query("region")}
	if v := c.Query("as_of"); v != "" {
		d, _, err := baqylau.ParseDate(v)
		if err != nil || d.After(q.AsOf) {
			return q, "", baqylau.E(baqylau.Invalid, "error.date", "value", v).On("as_of")
		}
		q.AsOf = d
	}
	years := s.years(c.Context())
	q.From, q.To = c.Now().Year(), c.Now().Year()
	if len(years) > 0 {
		q.From, q.To = years[0], years[0]
	}
	switch v := c.Query("year"); {
	case v == "all" && len(years) > 0:
		q.From = years[len(years)-1]
	case v != "" && v != "all":
		n, err := strconv.Atoi(v)
		if err != nil || n < 1970 || n > c.Now().Year() {
			return q, "", baqylau.E(baqylau.Invalid, "error.range", "Low", 1970, "High", c.Now().Year()).On("year")
		}
		q.From, q.To = n, n
	}
	if id = c.Query("table"); id == "" {
		id = firstTable
	}
	q.Own = ownsCases(c.Actor) && c.Query("scope") != "country"
	return q, id, nil
}

// showTables is the page of the 70 tables, and their export.
func (s *Service) showTables(c *web.Ctx) error {
	q, id, err := s.asked(c)
	if err != nil {
		return err
	}
	t, err := s.TablesOf(c.Context(), c.Actor, q)
	if err != nil {
		return err
	}
	format := c.Query("format")
	if format == "" && !t.ready() {
		c.W.Header().Set("Refresh", "3")
		title := c.T("tdi.tables")
		return c.Render(web.Page{Title: title, Room: tablesPath, Body: ui.EmptyState(ui.Empty{Title: title, Text: c.T("tdi.preparing")})})
	}
	spec, figures, err := t.Table(id)
	if err != nil {
		return err
	}
	switch format {
	case "csv", "xlsx":
		return s.exportTables(c, &t, []*tdi.Spec{spec}, "tdi-"+id+"-"+yearsText(q), format)
	case "all", "all-xlsx":
		return s.exportTables(c, &t, tdi.Specs, "tdi-"+yearsText(q), map[string]string{"all": "csv", "all-xlsx": "xlsx"}[format])
	}
	v := tablesView{title: c.T("tdi.tables"), id: id, t: t, spec: spec, asOf: locale.Date(c.Context(), t.Set.AsOf), filters: s.tableFilters(c, q, id), head: rowHead(c.Context(), spec),
		mayList: access.May(c.Actor, access.EpisodeRead) && c.Actor.Domain != baqylau.EnforcementDomain}
	for _, l := range spec.Cols.Lines {
		v.cols = append(v.cols, l.In(c.Lang()))
	}
	for i, l := range spec.Rows.Lines {
		r := rowView{label: rowLabel(l.In(c.Lang()), l.Group != ""), member: l.Group != "", sum: l.Total || l.Group == "" && spec.Rows.Name != "age"}
		for _, f := range figures[i] {
			v.hidden = v.hidden || f.Hidden
			r.cells = append(r.cells, cellText(c.Context(), spec, f))
		}
		v.rows = append(v.rows, r)
	}
	v.chart = drugChart(c.Context(), &t, spec, figures, q)
	v.about(c)
	for _, d := range t.differences() {
		v.differences = append(v.differences, c.T("tdi.between."+d.Rule, "AtA", d.AtA, "A", d.A, "AtB", d.AtB, "B", d.B))
	}
	address := func(set ...string) string {
		u := c.R.URL.Query()
		for i := 0; i+1 < len(set); i += 2 {
			u.Set(set[i], set[i+1])
		}
		u.Del("lang")
		return tablesPath + "?" + u.Encode()
	}
	v.csv, v.xlsx, v.all, v.allXLSX = address("format", "csv"), address("format", "xlsx"), address("format", "all"), address("format", "all-xlsx")
	for i, sp := range tdi.Specs {
		if sp == spec && i > 0 {
			v.prev = address("table", tdi.Specs[i-1].ID())
		}
		if sp == spec && i+1 < len(tdi.Specs) {
			v.next = address("table", tdi.Specs[i+1].ID())
		}
	}
	return c.Render(web.Page{Title: v.title, Room: tablesPath, Body: tablesPage(v), AsOf: v.asOf})
}

// about says what the figures rest on.
func (v *tablesView) about(c *web.Ctx) {
	v.note = ruleText(c.Context(), v.t.Rule)
	if v.t.audience != disclosure.Working {
		return
	}
	for _, f := range []struct {
		key string
		n   int
	}{{"tdi.fact.people", v.t.People}, {"tdi.fact.episodes", v.t.Episodes}, {"tdi.fact.repeated", v.t.Repeated}, {"tdi.fact.excluded", v.t.Excluded}, {"tdi.fact.anonymous", v.t.Anonymous}} {
		v.facts = append(v.facts, ui.Total{Label: c.T(f.key), Value: locale.Int(c.Context(), f.n)})
	}
}

// ruleText says how a person counts.
func ruleText(ctx context.Context, r tdi.Rule) string {
	text := locale.T(ctx, "tdi.level."+string(r.Level)) + " " + locale.T(ctx, "tdi.keep."+string(r.Keep))
	if r.LowThreshold {
		return text + " " + locale.T(ctx, "tdi.low_threshold.in")
	}
	return text + " " + locale.T(ctx, "tdi.low_threshold.out")
}

// rowLabel writes the name of a row: those that are no part of another begin with a capital.
func rowLabel(name string, part bool) string {
	if part {
		return name
	}
	return locale.Capital(name)
}

// rowHead names the rows of a table.
func rowHead(ctx context.Context, s *tdi.Spec) string {
	return locale.T(ctx, "tdi.rows."+s.Rows.Name)
}

// cellText is a figure in the reader's numbers.
func cellText(ctx context.Context, s *tdi.Spec, f Figure) string {
	switch {
	case f.Hidden:
		return "*"
	case f.Text == "":
		return "–"
	}
	if x, err := strconv.ParseFloat(f.Text, 64); err == nil && s.Means && len(f.Text) > 3 && f.Text[len(f.Text)-3] == '.' {
		return locale.Number(ctx, x, 2)
	}
	n, _ := strconv.Atoi(f.Text)
	return locale.Int(ctx, n)
}

func (s *Service) tableFilters(c *web.Ctx, q Set, id string) ui.Filters {
	year := strconv.Itoa(q.To)
	if q.From != q.To {
		year = "all"
	}
	var tables []ui.Option
	for _, spec := range tdi.Specs {
		tables = append(tables, ui.Option{Value: spec.ID(), Label: spec.ID() + " " + Title(c.Context(), spec)})
	}
	first := func(label string, options []ui.Option) []ui.Option {
		return append([]ui.Option{{Value: "", Label: label}}, options...)
	}
	years := s.yearOptions(c)
	outside := disclosure.AudienceOf(c.Actor) != disclosure.Working && !q.Own
	if !outside {
		years = append(years, ui.Option{Value: "all", Label: c.T("tdi.year.all")})
	}
	f := ui.Filters{Action: tablesPath, Fields: []templ.Component{ui.FilterSelect("table", c.T("tdi.table"), id, tables), ui.FilterSelect("year", c.T("tdi.year"), year, years)}}
	if !outside { // see Set.release
		f.Fields = append(f.Fields,
			ui.FilterSelect("centre", c.T(fieldLabel(tdi.Centre.Key())), q.Centre, first(c.T("tdi.centre.all"), itemOptions(tdi.Centre)(c))),
			ui.FilterSelect("region", c.T(fieldLabel(tdi.FieldRegion)), q.Region, first(c.T("tdi.region.all"), s.regionOptions(c))))
	}
	if ownsCases(c.Actor) {
		scope := "country"
		if q.Own {
			scope = ""
		}
		f.Fields = append(f.Fields, ui.FilterSelect("scope", c.T("tdi.scope"), scope, []ui.Option{{Value: "", Label: c.T("tdi.scope.own")}, {Value: "country", Label: c.T("tdi.scope.country")}}))
	}
	return f
}

func yearsText(q Set) string {
	if q.From == q.To {
		return strconv.Itoa(q.To)
	}
	return strconv.Itoa(q.From) + "-" + strconv.Itoa(q.To)
}

// drugChart draws the totals of the groups of drugs, where drugs are the rows.
func drugChart(ctx context.Context, t *Tables, spec *tdi.Spec, figures [][]Figure, q Set) *ui.Chart {
	if spec.Rows.Name != "drug" && spec.Rows.Name != "drug_group" {
		return nil
	}
	last := len(spec.Cols.Lines) - 1
	if spec.Means {
		last = 0
	}
	ch := &ui.Chart{ID: "tdi-drugs", Axis: rowHead(ctx, spec), Series: []ui.Series{{Name: Title(ctx, spec)}}, Caption: ui.Caption{Source: locale.T(ctx, "tdi.source"), Period: yearsText(q), AsOf: locale.Date(ctx, q.AsOf), N: -1}}
	if spec.Means {
		ch.Decimals = 2
	}
	for i, l := range spec.Rows.Lines {
		if l.Group != "" || l.Total {
			continue
		}
		v, err := strconv.ParseFloat(figures[i][last].Text, 64)
		if err != nil {
			v = math.NaN()
		}
		ch.Labels = append(ch.Labels, l.Code)
		ch.Names = append(ch.Names, l.In(locale.Lang(ctx)))
		ch.Series[0].Values = append(ch.Series[0].Values, v)
	}
	ch.Summary = locale.T(ctx, "tdi.chart", "Title", Title(ctx, spec))
	if t.Synthetic {
		ch.Summary += " " + locale.T(ctx, "tdi.synthetic")
		ch.Caption.Source += " – " + locale.T(ctx, "tdi.synthetic")
	}
	return ch
}

// exportTables writes tables as one long table: a line for every figure, under the numbers by which the template knows it. It is an audited act.
func (s *Service) exportTables(c *web.Ctx, t *Tables, specs []*tdi.Spec, name, format string) error {
	if err := s.W.Do(c.Context(), c.Actor, access.ExportRun, func(_ context.Context, tx *change.Tx) error {
		tx.Subject("export", "tdi", c.Actor.OrgID, map[string]any{"format": format, "tdi_tables": len(specs), "from": t.Set.From, "to": t.Set.To})
		return nil
	}); err != nil {
		return err
	}
	var head []string
	for _, k := range []string{"table", "title", "year", "row", "row_name", "column", "column_name", "value", "hidden", "data"} {
		head = append(head, c.T("tdi.export."+k))
	}
	if format == "csv" {
		c.Download("text/csv; charset=utf-8", name+".csv")
		_, err := export.CSV(c.Context(), c.W, head, t.rows(c.Context(), specs), export.Options{BOM: true, Semicolon: c.Lang() != baqylau.English, DecimalComma: c.Lang() != baqylau.English})
		return err
	}
	c.Download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name+".xlsx")
	_, err := export.XLSX(c.Context(), c.W, c.T("tdi.tables"), head, t.rows(c.Context(), specs))
	return err
}

// rows are the figures of tables one after the other.
func (t *Tables) rows(ctx context.Context, specs []*tdi.Spec) iter.Seq2[[]any, error] {
	lang := locale.Lang(ctx)
	made := ""
	if t.Synthetic {
		made = locale.T(ctx, "tdi.synthetic")
	}
	return func(yield func([]any, error) bool) {
		for _, spec := range specs {
			s, err := t.hide.protect(spec)
			if err != nil {
				yield(nil, err)
				return
			}
			title := Title(ctx, spec)
			for i, row := range spec.Rows.Lines {
				for j, col := range spec.Cols.Lines {
					f := t.at(&s, i, j)
					var value any
					if x, err := strconv.ParseFloat(f.Text, 64); err == nil {
						value = x
					}
					hidden := ""
					if f.Hidden {
						hidden = locale.T(ctx, "tdi.hidden")
					}
					if !yield([]any{spec.ID(), title, yearsText(t.Set), row.Code, row.In(lang), col.Code, col.In(lang), value, hidden, made}, nil) {
						return
					}
				}
			}
		}
	}
}
