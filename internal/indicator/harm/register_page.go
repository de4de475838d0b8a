package harm

import (
	"context"
	"math"
	"slices"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/indicator/register"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const registerPath = "/register"

func (s *Service) registerRoutes(rt *web.Router) {
	rt.Handle("GET /register", access.IndicatorRead, s.registerPage)
	rt.Handle("GET /register/cohort", access.EpisodeRead, s.cohortPage)
	rt.Handle("GET /register/records", access.EpisodeRead, s.registrationList().Handler(s.W))
	rt.Handle("GET /register/new", access.EpisodeWrite, func(c *web.Ctx) error { return s.showRegistrationForm(c, "", nil, nil) })
	rt.Handle("POST /register/new", access.EpisodeWrite, func(c *web.Ctx) error { return s.doRegistration(c, "") })
	rt.Handle("GET /register/records/{id}", access.EpisodeWrite, func(c *web.Ctx) error { return s.showRegistrationForm(c, c.Path("id"), nil, nil) })
	rt.Handle("POST /register/records/{id}/withdraw", access.EpisodeWrite, func(c *web.Ctx) error {
		if err := s.WithdrawRegistration(c.Context(), c.Actor, c.Path("id")); err != nil {
			return err
		}
		return c.Done("/register/records", "death.done.withdrawn", "")
	})
	rt.Handle("POST /register/records/{id}", access.EpisodeWrite, func(c *web.Ctx) error { return s.doRegistration(c, c.Path("id")) })
}

type registerView struct {
	head      ui.Head
	places    []ui.NavItem
	filters   ui.Filters
	flow      []flowStep
	year      YearFlow
	years     ui.Table
	stock     ui.Chart
	share     ui.Chart
	published ui.Table
	asks      []string
	notes     []string
	csv, xlsx string
	cohort    bool // the reader may follow the people on it
}

// flowStep is one line of the flow diagram: a stock, or people who came (+) or left (−). From and To place its bar in percent of the widest.
type flowStep struct {
	Name, Shown string
	Stock       bool
	Drawn       bool
	Left        bool // people who left
	From, Width float64
}

func (s *Service) registerPage(c *web.Ctx) error {
	f, err := s.frame(c, "registration")
	if err != nil {
		return err
	}
	ctx := c.Context()
	q := RegisterQuestion{Country: f.country, AsOf: f.asOf, Year: yearOf(c.Query("year")), Region: c.Query("region"), Sex: c.Query("sex"), Drug: c.Query("drug")}
	if !slices.Contains(register.Sexes, q.Sex) {
		q.Sex = ""
	}
	if !slices.Contains(drugGroups(), q.Drug) {
		q.Drug = ""
	}
	if region, ok := s.Shelf.Book().Region(q.Region); !ok || region.Code != q.Region || region.Country != q.Country {
		q.Region = ""
	}
	counts, err := s.CountRegister(ctx, c.Actor, q)
	if err != nil {
		return err
	}
	narrowed := q.Region != counts.Region || q.Sex != counts.Sex || q.Drug != counts.Drug
	q.Region, q.Sex, q.Drug = counts.Region, counts.Sex, counts.Drug
	if wanted(c) {
		return s.downloadRegister(c, q, counts)
	}
	v := registerView{places: f.places, year: counts.Year, csv: address(c, "format", "csv"), xlsx: address(c, "format", "xlsx")}
	v.head = ui.Head{Title: c.T("register.title"), Sub: registerSub(ctx, s.place(ctx, orElse(q.Region, f.country)), q), AsOf: c.T("death.as_of", "Date", locale.Date(ctx, f.asOf))}
	if access.May(c.Actor, access.EpisodeWrite) && mayKeep(c.Actor) == nil {
		v.head.Act = registerActs()
	}
	v.cohort = disclosure.AudienceOf(c.Actor) == disclosure.Working && access.May(c.Actor, access.EpisodeRead)
	if counts.Synthetic {
		v.head.Tags = append(v.head.Tags, ui.Tag(c.T("death.synthetic")))
	}
	if narrowed || counts.Year.Part {
		v.notes = append(v.notes, c.T("register.one_part"))
	}
	v.filters = s.registerFilters(c, q, counts)
	s.fillRegister(ctx, &v, counts, q)
	return c.Render(web.Page{Title: v.head.Title, Room: registerPath, AsOf: v.head.AsOf, Body: registerPage(v)})
}

// registerSub says which part of a register is shown.
func registerSub(ctx context.Context, place string, q RegisterQuestion) []string {
	out := []string{place}
	if q.Sex != "" {
		out = append(out, label(ctx, "sex", q.Sex))
	}
	if q.Drug != "" {
		out = append(out, drugName(ctx, q.Drug))
	}
	return out
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (s *Service) registerFilters(c *web.Ctx, q RegisterQuestion, counts RegisterCounts) ui.Filters {
	years := []ui.Option{{Label: c.T("death.year")}}
	for _, y := range slices.Backward(counts.Years) {
		years = append(years, ui.Option{Value: itoa(y.Year), Label: itoa(y.Year)})
	}
	sexes := []ui.Option{{Label: c.T("death.field.sex")}}
	for _, sex := range register.Sexes {
		sexes = append(sexes, ui.Option{Value: sex, Label: label(c.Context(), "sex", sex)})
	}
	regions, drugs := s.regions(c), []ui.Option{{Label: c.T("register.field.drug")}}
	regions[0].Label = c.T("register.field.region")
	for _, g := range drugGroups() {
		drugs = append(drugs, ui.Option{Value: g, Label: drugName(c.Context(), g)})
	}
	year := ""
	if q.Year > 0 {
		year = itoa(q.Year)
	}
	keep := map[string]string{}
	for _, name := range []string{"place", "as_of"} {
		if p := c.Query(name); p != "" {
			keep[name] = p
		}
	}
	return ui.Filters{Action: registerPath, Keep: keep, Fields: []templ.Component{ui.FilterSelect("year", c.T("death.year"), year, years), ui.FilterSelect("region", c.T("register.field.region"), q.Region, regions),
		ui.FilterSelect("sex", c.T("death.field.sex"), q.Sex, sexes), ui.FilterSelect("drug", c.T("register.field.drug"), q.Drug, drugs)}}
}

// drugGroups are the lines of the TDI drug list that are no part of another.
func drugGroups() (out []string) {
	for _, code := range tdi.Drugs.Codes {
		if group(code) == code {
			out = append(out, code)
		}
	}
	return out
}

func (s *Service) fillRegister(ctx context.Context, v *registerView, n RegisterCounts, q RegisterQuestion) {
	v.flow = steps(ctx, n.Year)
	caption := ui.Caption{Source: sourceOf(ctx, "register.source", n.Synthetic), AsOf: locale.Date(ctx, q.AsOf), N: -1}
	v.years = ui.Table{ID: "years", Caption: locale.T(ctx, "register.by_year"), Columns: []ui.Column{{Label: locale.T(ctx, "death.year"), Main: true, NoWrap: true}, {Label: locale.T(ctx, "register.start"), Number: true}, {Label: locale.T(ctx, "register.entries"), Number: true},
		{Label: locale.T(ctx, "register.exits"), Number: true}, {Label: locale.T(ctx, "register.end"), Number: true}, {Label: locale.T(ctx, "register.nps_share"), Number: true}}, Empty: ui.Empty{Title: locale.T(ctx, "register.none"), Text: locale.T(ctx, "register.none.text")}}
	v.stock = ui.Chart{ID: "stock", Summary: locale.T(ctx, "register.chart.stock"), Axis: locale.T(ctx, "death.year"), Series: []ui.Series{{Name: locale.T(ctx, "register.end")}}, Caption: caption}
	v.share = ui.Chart{ID: "share", Summary: locale.T(ctx, "register.chart.share"), Axis: locale.T(ctx, "death.year"), Series: []ui.Series{{Name: locale.T(ctx, "register.nps_share")}}, Decimals: 1, Unit: "%", Caption: caption}
	for _, y := range n.Years {
		share, drawnShare := "–", math.NaN()
		if y.NPSShare != nil {
			share, drawnShare = locale.Number(ctx, *y.NPSShare, 1), *y.NPSShare
		}
		in, out := countCell(ctx, y.In), countCell(ctx, y.Out)
		if y.Part {
			in, out = ui.Text("–"), ui.Text("–")
		}
		v.years.Rows = append(v.years.Rows, ui.Row{Cells: []templ.Component{ui.Text(itoa(y.Year)), countCell(ctx, y.Start), in, out, countCell(ctx, y.End), ui.Text(share)}})
		v.stock.Labels, v.share.Labels = append(v.stock.Labels, itoa(y.Year)), append(v.share.Labels, itoa(y.Year))
		v.stock.Series[0].Values, v.share.Series[0].Values = append(v.stock.Series[0].Values, drawn(y.End)), append(v.share.Series[0].Values, drawnShare)
	}
	slices.Reverse(v.years.Rows)
	if n.Year.Unmatched != 0 {
		v.asks = append(v.asks, locale.T(ctx, "register.ask.moved", "Count", locale.Int(ctx, n.Year.Unmatched)))
	}
	v.published = ui.Table{ID: "published", Caption: locale.T(ctx, "register.published"), Columns: []ui.Column{{Label: locale.T(ctx, "death.year"), Main: true}, {Label: locale.T(ctx, "register.issuer")}, {Label: locale.T(ctx, "register.end"), Number: true}, {Label: locale.T(ctx, "register.entries"), Number: true},
		{Label: locale.T(ctx, "register.exits"), Number: true}, {Label: locale.T(ctx, "register.gap"), Number: true}}, Empty: ui.Empty{Title: locale.T(ctx, "register.published.none")}}
	for _, p := range n.Published {
		gap := "–"
		if p.Gap != nil {
			gap = locale.Number(ctx, *p.Gap, 0)
			if *p.Gap != 0 {
				v.asks = append(v.asks, locale.T(ctx, "register.ask.gap", "Year", itoa(p.Year), "Count", gap))
			}
		}
		v.published.Rows = append(v.published.Rows, ui.Row{Cells: []templ.Component{ui.Text(itoa(p.Year)), ui.Text(s.issuer(ctx, p)), ui.Text(stated(ctx, p.Stock)), ui.Text(stated(ctx, p.New)), ui.Text(stated(ctx, p.Exits)), ui.Text(gap)}})
	}
}

func (s *Service) issuer(ctx context.Context, p PublishedFlow) string {
	if p.Issuer != "" {
		return p.Issuer
	}
	if src, ok := s.Shelf.Book().SourceByID(p.Stock.SourceID); ok {
		return src.Name.In(locale.Lang(ctx))
	}
	return "–"
}

// stated is a published figure as it was stated.
func stated(ctx context.Context, o *indicator.Observation) string {
	if o == nil || o.Value == nil {
		return "–"
	}
	return map[indicator.Qualifier]string{indicator.About: "≈ ", indicator.MoreThan: "> ", indicator.AtLeast: "≥ "}[o.Qualifier] + locale.Number(ctx, *o.Value, 0)
}

// steps is the flow of a year from the stock at its start to that at its end. Bars are drawn only where nothing is hidden: their lengths would tell.
func steps(ctx context.Context, y YearFlow) (out []flowStep) {
	if y.Year == 0 || y.Part {
		return nil
	}
	whole := !y.Start.Hidden && !y.End.Hidden && !y.In.Hidden && !y.Out.Hidden
	for _, r := range slices.Concat(y.Entries, y.Exits) {
		whole = whole && !r.N.Hidden
	}
	widest := float64(max(y.Start.N+y.In.N, y.End.N+y.Out.N, 1))
	at := 0
	step := func(name string, c disclosure.Count, stock bool, sign int) {
		s := flowStep{Name: name, Shown: say(ctx, c), Stock: stock, Drawn: whole, Left: sign < 0}
		if !stock && !c.Hidden {
			s.Shown = map[int]string{1: "+", -1: "−"}[sign] + s.Shown
		}
		from, to := 0, c.N
		if !stock {
			from, to = at, at+sign*c.N
		}
		s.From, s.Width = 100*float64(min(from, to))/widest, 100*math.Abs(float64(to-from))/widest
		at = to
		out = append(out, s)
	}
	step(locale.T(ctx, "register.start"), y.Start, true, 0)
	for _, e := range y.Entries {
		step(label(ctx, "register-entry", e.Reason), e.N, false, 1)
	}
	for _, e := range y.Exits {
		step(label(ctx, "register-exit", e.Reason), e.N, false, -1)
	}
	step(locale.T(ctx, "register.end"), y.End, true, 0)
	return out
}

func (s *Service) downloadRegister(c *web.Ctx, q RegisterQuestion, n RegisterCounts) error {
	var rows [][]any
	add := func(y int, part, reason string, v disclosure.Count) {
		rows = append(rows, []any{y, part, reason, value(v), orElse(q.Region, q.Country), orElse(q.Sex, "total"), orElse(q.Drug, "all"), q.AsOf, n.Synthetic})
	}
	for _, y := range n.Years {
		add(y.Year, "stock_start", "", y.Start)
		for _, e := range y.Entries {
			add(y.Year, "entries", e.Reason, e.N)
		}
		for _, e := range y.Exits {
			add(y.Year, "exits", e.Reason, e.N)
		}
		add(y.Year, "stock_end", "", y.End)
		if !y.Part {
			add(y.Year, "stock_end_nps", "", y.NPS)
		}
	}
	return s.download(c, "register", c.T("register.title"), []string{"year", "part", "reason", "persons", "place", "sex", "drug", "as_of", "synthetic"}, rows)
}

type registrationFormView struct {
	head                                  ui.Head
	set                                   fields.Set
	id, action                            string // id "": a new one
	entries, exits, drugs, regions, sexes []ui.Option
}

func (s *Service) showRegistrationForm(c *web.Ctx, id string, sent *web.Form, failed error) error {
	if err := mayKeep(c.Actor); err != nil {
		return err
	}
	v := registrationFormView{head: ui.Head{Title: c.T("register.new"), Sub: []string{c.T("register.new.sub")}}, action: "/register/new", entries: options(c, "register-entry"), exits: options(c, "register-exit"), drugs: drugOptions(c), regions: s.regions(c)}
	v.sexes = []ui.Option{{Label: c.T("death.choose")}}
	for _, sex := range register.Sexes {
		v.sexes = append(v.sexes, ui.Option{Value: sex, Label: label(c.Context(), "sex", sex)})
	}
	var stored map[string][]string
	if id != "" {
		r, err := loadRegistration(c.Context(), s.W.DB.Read, c.Actor, access.EpisodeWrite, id)
		if err != nil {
			return err
		}
		v.id, v.action, v.head = id, "/register/records/"+id, ui.Head{Title: c.T("register.edit"), Sub: []string{c.T("death.edit.sub")}}
		if r.Synthetic {
			v.head.Tags = append(v.head.Tags, ui.Tag(c.T("death.synthetic")))
		}
		stored = map[string][]string{"entered_on": {r.Entered.String()}, "entry_reason": {r.EntryReason}, "exit_on": {r.Exit.String()}, "exit_reason": {r.ExitReason}, "region": {r.Region}, "sex": {r.Sex}, "drug": {r.Drug}, "note": {r.Note}}
		if r.Born != 0 {
			stored["born"] = []string{itoa(r.Born)}
		}
		if r.NPS {
			stored["nps"] = []string{"1"}
		}
	}
	v.set = fields.New(c, sent, failed, stored)
	return c.Render(web.Page{Title: v.head.Title, Room: registerPath, Kind: ui.Narrow, Body: registrationForm(v), Status: v.set.Status()})
}

func (s *Service) doRegistration(c *web.Ctx, id string) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	r := &Registration{Note: f.Text("note", false, 2000)}
	r.Entered, r.Exit = s.day(f, "entered_on", true), s.day(f, "exit_on", false)
	r.EntryReason, r.ExitReason = f.Choice("entry_reason", true, codelist.Codes("register-entry")...), f.Choice("exit_reason", false, codelist.Codes("register-exit")...)
	r.Sex, r.Drug, r.NPS = f.Choice("sex", true, register.Sexes...), f.Choice("drug", false, tdi.Drugs.Codes...), f.Bool("nps")
	if r.Born = f.Int("born", false, 1900, s.today().Time().Year()); r.Born < 1900 {
		r.Born = 0
	}
	if r.Region = f.Get("region"); r.Region == "" {
		f.Bad("region", "error.choose")
	} else if _, ok := s.Shelf.Book().Region(r.Region); !ok {
		f.Bad("region", "error.choice")
	}
	r.Person = s.person(f)
	if err = f.Err(); err == nil {
		err = s.KeepRegistration(c.Context(), c.Actor, id, r)
	}
	switch baqylau.CodeOf(err) {
	case "":
		return c.Done("/register/records", "death.done.kept", "")
	case baqylau.Invalid:
		return s.showRegistrationForm(c, id, f, err)
	}
	return err
}

// day reads a date that must be a day: flows and person-time are counted by days, and a month is no day.
func (s *Service) day(f *web.Form, field string, required bool) baqylau.Date {
	d, precision := f.Date(field, required, s.today())
	if !d.IsZero() && precision != baqylau.Day {
		f.Bad(field, "register.day")
	}
	return d
}

// registrationList is the list of the registrations that the reader may see; pseudonyms are never shown.
func (s *Service) registrationList() *list.Spec[*Registration] {
	type say = func(context.Context, *Registration) string
	cell := func(f say) func(context.Context, *Registration) templ.Component {
		return func(ctx context.Context, r *Registration) templ.Component { return ui.Text(f(ctx, r)) }
	}
	entered := func(ctx context.Context, r *Registration) string { return locale.Date(ctx, r.Entered) }
	left := func(ctx context.Context, r *Registration) string {
		if r.Exit.IsZero() {
			return ""
		}
		return locale.Date(ctx, r.Exit)
	}
	region := func(ctx context.Context, r *Registration) string { return s.place(ctx, r.Region) }
	came := func(ctx context.Context, r *Registration) string { return label(ctx, "register-entry", r.EntryReason) }
	went := func(ctx context.Context, r *Registration) string { return label(ctx, "register-exit", r.ExitReason) }
	drug := func(ctx context.Context, r *Registration) string { return drugName(ctx, r.Drug) }
	sex := func(ctx context.Context, r *Registration) string { return label(ctx, "sex", r.Sex) }
	return &list.Spec[*Registration]{
		Name: "registrations", Path: "/register/records", Room: registerPath, Title: "register.records", Select: registrationSelect, From: "registration r", ID: "r.id", Default: "-entered", Export: true,
		Where: func(c *web.Ctx) (string, []any) {
			scope, args := access.Where(c.Actor, access.EpisodeRead, "r")
			force, more := held.InForce("registration", "r", s.today())
			return scope + " AND " + force, append(args, more...)
		},
		Columns: []list.Column[*Registration]{
			{Key: "entered", Label: "register.field.entered_on", Sort: "r.entered_on", NoWrap: true, Main: true, Text: entered, Cell: func(ctx context.Context, r *Registration) templ.Component {
				return ui.Link("/register/records/"+r.ID, entered(ctx, r), syntheticWord(ctx, r.Synthetic))
			}},
			{Key: "entry_reason", Label: "register.field.entry_reason", Text: came, Cell: cell(came)},
			{Key: "exit", Label: "register.field.exit_on", Sort: "COALESCE(r.exit_on, '')", NoWrap: true, Text: left, Cell: cell(left)},
			{Key: "exit_reason", Label: "register.field.exit_reason", Text: went, Cell: cell(went)},
			{Key: "region", Label: "register.field.region", Sort: "r.region", Text: region, Cell: cell(region)},
			{Key: "drug", Label: "register.field.drug", Sort: "r.drug", Text: drug, Cell: cell(drug)},
			{Key: "sex", Label: "death.field.sex", Sort: "r.sex", Text: sex, Cell: cell(sex)},
			{Key: "synthetic", Label: "death.synthetic", Text: func(_ context.Context, r *Registration) string {
				return map[bool]string{true: "synthetic"}[r.Synthetic]
			}},
		},
		Filters: []list.Filter{
			{Name: "batch", Label: "death.filter.batch", SQL: "r.batch_id = ?", Shown: func(*web.Ctx, string) string { return "" }},
			{Name: "region", Label: "register.field.region", SQL: "r.region = ?", Options: func(c *web.Ctx) []ui.Option { return s.regions(c)[1:] }},
			{Name: "entry_reason", Label: "register.field.entry_reason", SQL: "r.entry_reason = ?", Options: codeOptions("register-entry")},
			{Name: "exit_reason", Label: "register.field.exit_reason", SQL: "r.exit_reason = ?", Options: codeOptions("register-exit")},
		},
		Scan: func(row list.Row) (*Registration, error) {
			r, err := scanRegistration(row)
			return &r, err
		},
		Act: func(c *web.Ctx) templ.Component {
			if mayKeep(c.Actor) != nil || !access.May(c.Actor, access.EpisodeWrite) {
				return nil
			}
			return ui.Submit(ui.Button{Label: c.T("register.new"), Href: "/register/new"})
		},
		Empty: func(c *web.Ctx) ui.Empty {
			return ui.Empty{Title: c.T("register.none"), Text: c.T("register.none.text")}
		},
	}
}
