package treatment

import (
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const coveragePath = room + "/coverage"

type coverageView struct {
	year      int
	lines     []ui.FieldError
	filters   ui.Filters
	table     ui.Table
	missing   *ui.Table     // nil for who sees no single episodes
	rows      []coverageRow // of the form
	mayEdit   bool
	rule      string
	reason    string
	keep      ui.Field
	level     ui.Field
	low       ui.Field
	why       ui.Field
	keeps     []ui.Option
	levels    []ui.Option
	note      ui.Field
	synthetic bool
}

type coverageRow struct {
	name           string
	units, clients ui.Field
}

// showCoverage is the page of what the figures of a year cover, and of the rule by which a person counts.
func (s *Service) showCoverage(c *web.Ctx, f *web.Form, failed error) error {
	year := c.Now().Year()
	if years := s.years(c.Context()); len(years) > 0 {
		year = years[0]
	}
	if n, err := strconv.Atoi(c.Query("year")); err == nil && n >= 1970 && n <= c.Now().Year() {
		year = n
	}
	today := change.Today(c.Now())
	cs, err := s.CoverageOf(c.Context(), s.Home, year, today)
	if err != nil {
		return err
	}
	rule, reason, err := s.RuleOf(c.Context(), s.Home, today)
	if err != nil {
		return err
	}
	stored := map[string][]string{"keep": {string(rule.Keep)}, "level": {string(rule.Level)}}
	if rule.LowThreshold {
		stored["low_threshold"] = []string{"1"}
	}
	for _, x := range cs {
		if x.Units != nil {
			stored["units_"+x.Centre] = []string{strconv.FormatInt(*x.Units, 10)}
		}
		if x.Clients != nil {
			stored["clients_"+x.Centre] = []string{strconv.FormatFloat(*x.Clients, 'f', -1, 64)}
		}
		if x.Note != "" {
			stored["note"] = []string{x.Note}
		}
	}
	set := fields.New(c, f, failed, stored)
	v := coverageView{year: year, lines: set.Lines, mayEdit: access.May(c.Actor, access.CatalogueEdit), rule: ruleText(c.Context(), rule), reason: reason}
	if v.synthetic, err = s.hasSynthetic(c.Context()); err != nil {
		return err
	}
	v.filters = ui.Filters{Action: coveragePath}
	v.filters.Fields = append(v.filters.Fields, ui.FilterSelect("year", c.T("tdi.year"), strconv.Itoa(year), s.yearOptions(c)))
	v.table = s.coverageTable(c, cs)
	if v.missing, err = s.missingTable(c, year, today); err != nil {
		return err
	}
	for _, x := range cs[:len(cs)-1] {
		row := coverageRow{name: tdi.Label(c.Lang(), tdi.Centres.Name, x.Centre), units: set.Optional("units_"+x.Centre, "tdi.coverage.units", ""), clients: set.Optional("clients_"+x.Centre, "tdi.coverage.clients", "")}
		row.clients.Unit = "%"
		v.rows = append(v.rows, row)
	}
	v.note = set.Optional("note", "tdi.coverage.note", "")
	v.note.MaxLength = 500
	v.keep, v.level, v.low, v.why = set.Of("keep", "tdi.keep", ""), set.Of("level", "tdi.level", "tdi.level.help"), set.Tick("low_threshold", "tdi.low_threshold", ""), set.Of("reason", "tdi.reason", "")
	for _, k := range []tdi.Keep{tdi.First, tdi.Last} {
		v.keeps = append(v.keeps, ui.Option{Value: string(k), Label: c.T("tdi.keep." + string(k))})
	}
	for _, l := range tdi.Levels {
		v.levels = append(v.levels, ui.Option{Value: string(l), Label: c.T("tdi.level." + string(l))})
	}
	return c.Render(web.Page{Title: c.T("tdi.coverage"), Room: tablesPath, Body: coveragePage(v), Status: set.Status()})
}

// coverageTable is the coverage block of the template: units reporting, units existing, estimated share of entrants.
func (s *Service) coverageTable(c *web.Ctx, cs []Coverage) ui.Table {
	t := ui.Table{Caption: c.T("tdi.coverage"), Columns: []ui.Column{{Label: c.T(fieldLabel(tdi.Centre.Key())), Main: true}, {Label: c.T("tdi.coverage.reporting"), Number: true},
		{Label: c.T("tdi.coverage.units"), Number: true}, {Label: c.T("tdi.coverage.clients"), Number: true}}}
	for _, x := range cs {
		units, clients := c.T("tdi.unknown"), c.T("tdi.unknown")
		if x.Units != nil {
			units = locale.Int(c.Context(), *x.Units)
			if int64(x.Reporting) > *x.Units {
				units += " " + c.T("tdi.coverage.more")
			}
		}
		if x.Clients != nil {
			clients = locale.Shortest(c.Context(), *x.Clients) + "\u00a0%"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: row(ui.Text(tdi.Label(c.Lang(), tdi.Centres.Name, x.Centre)), ui.Text(locale.Int(c.Context(), x.Reporting)), ui.Text(units), ui.Text(clients))})
	}
	return t
}

func (s *Service) postCoverage(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	year := f.Int("year", true, 1970, c.Now().Year())
	note := f.Text("note", false, 500)
	var cs []Coverage
	for _, code := range tdi.Centres.Codes[:len(tdi.Centres.Codes)-1] {
		x := Coverage{Centre: code, Note: note}
		if n := f.Int("units_"+code, false, 0, 100_000); n >= 0 {
			units := int64(n)
			x.Units = &units
		}
		if v := f.Decimal("clients_"+code, false); v != "" {
			if share, err := strconv.ParseFloat(v, 64); err == nil {
				x.Clients = &share
			}
		}
		cs = append(cs, x)
	}
	if f.Err() != nil {
		return s.showCoverage(c, f, f.Err())
	}
	if err := s.SetCoverage(c.Context(), c.Actor, s.Home, year, cs); baqylau.CodeOf(err) == baqylau.Invalid {
		return s.showCoverage(c, f, err)
	} else if err != nil {
		return err
	}
	return c.Done(coveragePath+"?year="+strconv.Itoa(year), "tdi.done.coverage", "")
}

func (s *Service) postRule(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	r := tdi.Rule{Keep: tdi.Keep(f.Choice("keep", true, string(tdi.First), string(tdi.Last))), LowThreshold: f.Bool("low_threshold")}
	r.Level = tdi.Level(f.Choice("level", true, string(tdi.None), string(tdi.ByCentre), string(tdi.Regional), string(tdi.National)))
	reason := f.Text("reason", true, 500)
	if f.Err() != nil {
		return s.showCoverage(c, f, f.Err())
	}
	if err := s.SetRule(c.Context(), c.Actor, s.Home, r, reason); baqylau.CodeOf(err) == baqylau.Invalid {
		return s.showCoverage(c, f, err)
	} else if err != nil {
		return err
	}
	return c.Done(coveragePath, "tdi.done.rule", "")
}
