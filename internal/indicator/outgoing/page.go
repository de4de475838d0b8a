package outgoing

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/outgoing/template"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// room is the entry of the navigation.
const room = "/outgoing"

// Routes registers the pages and files of the room.
func Routes(rt *web.Router, s *Service) {
	rt.Handle("GET /outgoing", access.IndicatorRead, s.showTemplates)
	rt.Handle("GET /outgoing/exchange", access.IndicatorRead, s.showExchange)
	rt.Handle("GET /outgoing/exchange/file", access.ExportRun, s.sendExchange)
	rt.Handle("GET /outgoing/{template}/{year}", access.IndicatorRead, s.showObligation)
	rt.Handle("GET /outgoing/{template}/{year}/gaps", access.IndicatorRead, s.showGaps)
	rt.Handle("GET /outgoing/{template}/{year}/{file}", access.ExportRun, s.download)
}

// yearsBack is how many reporting years pages offer.
const yearsBack = 6

// years are the reporting years that are offered, the last whole one first.
func years(today baqylau.Date) (out []int) {
	for n := range yearsBack {
		out = append(out, today.Time().Year()-1-n)
	}
	return out
}

func (s *Service) showTemplates(c *web.Ctx) error {
	t := ui.Table{ID: "templates", Caption: c.T("outgoing.title"), Columns: []ui.Column{{Label: c.T("outgoing.template"), Main: true}, {Label: c.T("outgoing.years")},
		{Label: c.T("outgoing.tables"), Number: true}, {Label: c.T("outgoing.cells"), Number: true}, {Label: c.T("outgoing.checked"), Bare: true}}}
	offered := years(change.Today(c.Now()))
	for _, x := range s.Templates {
		var links []ui.NavItem
		for _, y := range offered {
			if x.For(y) {
				links = append(links, ui.NavItem{Label: strconv.Itoa(y), Href: address(x.Code, y)})
			}
		}
		tables := 0
		for _, sheet := range x.Sheets {
			tables += len(sheet.Tables)
		}
		t.Rows = append(t.Rows, ui.Row{Label: x.Title.In(c.Lang()), Cells: []templ.Component{ui.Lines(x.Title.In(c.Lang()), x.Body.In(c.Lang())+" · "+c.T("outgoing.version", "Version", x.Version)), yearLinks(links),
			ui.Text(locale.Int(c.Context(), tables)), ui.Text(locale.Int(c.Context(), x.Cells())), ui.Tag(checked(c.Context(), x.Verified))}})
	}
	return c.Render(web.Page{Title: c.T("outgoing.title"), Room: room, Body: templatesPage(t)})
}

func checked(ctx context.Context, yes bool) string {
	if yes {
		return locale.T(ctx, "outgoing.verified")
	}
	return locale.T(ctx, "outgoing.unverified")
}

func address(template string, year int) string {
	return room + "/" + template + "/" + strconv.Itoa(year)
}

// asked reads what a page or file of a template is asked for. Codes: NotFound, Invalid.
func (s *Service) asked(c *web.Ctx) (a Asked, t *template.Template, err error) {
	today := change.Today(c.Now())
	a = Asked{Template: c.Path("template"), AsOf: today, Sheet: c.Query("sheet"), Inside: c.Query("view") == "inside" && mayLookInside(c.Actor)}
	if a.Year, err = strconv.Atoi(c.Path("year")); err != nil || a.Year < 1970 || a.Year > today.Time().Year() {
		return a, nil, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	if v := c.Query("as_of"); v != "" {
		d, p, err := baqylau.ParseDate(v)
		if err != nil || p != baqylau.Day || d.After(today) {
			return a, nil, baqylau.E(baqylau.Invalid, "error.date", "value", v).On("as_of")
		}
		a.AsOf = d
	}
	t, err = s.find(a.Template, a.Year)
	return a, t, err
}

// obligationView is a sheet of a filled template.
type obligationView struct {
	*Obligation
	head          ui.Head
	sheet         *template.Sheet
	sheets, years []ui.NavItem
	tables        []tableView
	totals        []ui.Total
	notes         []string
	gaps, toggle  string
	toggleLabel   string
}

// tableView is a table with its words.
type tableView struct {
	id, title, note string
	unverified      bool
	text            bool
	columns         []string
	rows            []rowView
	remarks         []string
}

type rowView struct {
	label string
	cells []cellView
}

type cellView struct {
	text, href, address string
	remark              int // number of the remark below the table; 0 none
	gap                 bool
}

func (s *Service) showObligation(c *web.Ctx) error {
	a, t, err := s.asked(c)
	if err != nil {
		return err
	}
	if a.Sheet == "" {
		a.Sheet = t.Sheets[0].Name
		for i := range t.Sheets { // the first that holds figures
			if !t.Sheets[i].Tables[0].Text {
				a.Sheet = t.Sheets[i].Name
				break
			}
		}
	}
	at := slices.IndexFunc(t.Sheets, func(x template.Sheet) bool { return x.Name == a.Sheet })
	if at < 0 {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	o, err := s.Fill(c.Context(), c.Actor, a)
	if err != nil {
		return err
	}
	v := obligationView{Obligation: o, sheet: &t.Sheets[at], head: s.headOf(c, o)}
	keep := url.Values{}
	if c.Query("as_of") != "" {
		keep.Set("as_of", a.AsOf.String())
	}
	if a.Inside {
		keep.Set("view", "inside")
	}
	link := func(year int, sheet string) string {
		q := url.Values{"sheet": {sheet}}
		for k := range keep {
			q.Set(k, keep.Get(k))
		}
		return address(t.Code, year) + "?" + q.Encode()
	}
	for _, y := range years(change.Today(c.Now())) {
		if t.For(y) {
			v.years = append(v.years, ui.NavItem{Label: strconv.Itoa(y), Href: link(y, a.Sheet), Current: y == a.Year})
		}
	}
	for i := range t.Sheets {
		v.sheets = append(v.sheets, ui.NavItem{Label: sheetLabel(t.Sheets[i].Name, t.Sheets[i].Title.In(c.Lang())), Href: link(a.Year, t.Sheets[i].Name), Current: i == at})
	}
	v.gaps = address(t.Code, a.Year) + "/gaps"
	if len(keep) > 0 {
		v.gaps += "?" + keep.Encode()
	}
	if mayLookInside(c.Actor) {
		v.toggle, v.toggleLabel = address(t.Code, a.Year)+"?"+url.Values{"sheet": {a.Sheet}, "view": {"inside"}}.Encode(), c.T("outgoing.look_inside")
		if a.Inside {
			v.toggle, v.toggleLabel = address(t.Code, a.Year)+"?"+url.Values{"sheet": {a.Sheet}}.Encode(), c.T("outgoing.look_outside")
		}
	}
	v.notes = notesOf(c.Context(), o)
	n := map[Gap]int{}
	for p := range o.Each {
		if p.Sheet.Name == a.Sheet {
			n[p.Gap]++
		}
	}
	v.totals = append(v.totals, ui.Total{Label: c.T("outgoing.filled"), Value: locale.Int(c.Context(), n[Filled])})
	for _, g := range Gaps {
		if n[g] > 0 {
			v.totals = append(v.totals, ui.Total{Label: c.T("outgoing.gap." + string(g)), Value: locale.Int(c.Context(), n[g])})
		}
	}
	for i := range v.sheet.Tables {
		v.tables = append(v.tables, s.tableView(c, o, &v.sheet.Tables[i]))
	}
	return c.Render(web.Page{Title: v.head.Title, Room: room, Body: obligationPage(v), AsOf: v.head.AsOf})
}

// headOf is the head of every page of an obligation.
func (s *Service) headOf(c *web.Ctx, o *Obligation) ui.Head {
	ctx := c.Context()
	h := ui.Head{Title: o.Template.Title.In(c.Lang()), Sub: []string{o.Template.Body.In(c.Lang()), strconv.Itoa(o.Year), s.Shelf.Book().PlaceName(o.Country, c.Lang()), c.T("outgoing.version", "Version", o.Template.Version)},
		AsOf: c.T("ui.chart.as_of", "date", locale.Date(ctx, o.AsOf)), Tags: []templ.Component{ui.Tag(checked(ctx, o.Template.Verified))}}
	if o.Synthetic {
		h.Tags = append(h.Tags, ui.Tag(c.T("outgoing.synthetic")))
	}
	if access.May(c.Actor, access.ExportRun) {
		as := ""
		if c.Query("as_of") != "" {
			as = "?as_of=" + o.AsOf.String()
		}
		h.Act = fileActs(address(o.Template.Code, o.Year), as)
	}
	return h
}

// notesOf is what must be known of all of an obligation.
func notesOf(ctx context.Context, o *Obligation) (out []string) {
	if o.Synthetic {
		out = append(out, locale.T(ctx, "outgoing.synthetic.note"))
	}
	if o.Inside {
		out = append(out, locale.T(ctx, "outgoing.inside.note"))
	}
	return out
}

// titleOf is the title of a table: its own, or that of the treatment demand indicator.
func (s *Service) titleOf(ctx context.Context, t *template.Table) string {
	if t.Treatment != nil {
		return s.TreatmentTitle(ctx, t.Treatment)
	}
	return named(ctx, t.Title)
}

func (s *Service) tableView(c *web.Ctx, o *Obligation, t *template.Table) tableView {
	ctx := c.Context()
	v := tableView{id: t.ID, title: s.titleOf(ctx, t), note: named(ctx, t.Note), unverified: !t.Verified, text: t.Text}
	numbers := map[string]int{}
	for _, l := range t.Columns {
		v.columns = append(v.columns, l.Label(c.Lang(), o.Year))
	}
	for i, l := range t.Rows {
		r := rowView{label: l.Label(c.Lang(), o.Year)}
		for j := range t.Columns {
			x := &o.Cells[t.ID][i][j]
			w := cellView{text: x.Shown(ctx), address: t.Address(i, j), gap: x.Gap != Filled}
			if x.Href != "" && (!x.Records || mayOpenRecords(c.Actor)) {
				w.href = x.Href
			}
			if said := Remark(ctx, x.Notes); said != "" {
				if numbers[said] == 0 {
					v.remarks = append(v.remarks, said)
					numbers[said] = len(v.remarks)
				}
				w.remark = numbers[said]
			}
			r.cells = append(r.cells, w)
		}
		v.rows = append(v.rows, r)
	}
	return v
}

// mayOpenRecords reports whether an actor reads case records at all; which ones, the page of the records decides.
func mayOpenRecords(a access.Actor) bool {
	return access.May(a, access.EpisodeRead) && a.Domain != baqylau.EnforcementDomain
}

// Remark writes the notes of a cell in the reader's language.
func Remark(ctx context.Context, notes []Note) (s string) {
	for i, n := range notes {
		if i > 0 {
			s += "; "
		}
		s += n.Say(ctx)
	}
	return s
}

// sheetLabel is the name and the title of a sheet; a title that begins with the name is not told twice.
func sheetLabel(name, title string) string {
	if strings.HasPrefix(title, name) {
		return title
	}
	return name + " " + title
}
