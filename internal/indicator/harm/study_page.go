package harm

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator/infection"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const (
	infectionsPath = "/infections"
	formCounts     = 8 // lines of counts in the entry form, at least
	mostCounts     = 200
)

func (s *Service) infectionRoutes(rt *web.Router) {
	rt.Handle("GET /infections", access.IndicatorRead, s.infectionsPage)
	rt.Handle("GET /infections/new", access.IndicatorWrite, func(c *web.Ctx) error { return s.showStudyForm(c, "", nil, nil) })
	rt.Handle("POST /infections/new", access.IndicatorWrite, func(c *web.Ctx) error { return s.doStudy(c, "") })
	rt.Handle("GET /infections/studies/{id}", access.IndicatorWrite, func(c *web.Ctx) error { return s.showStudyForm(c, c.Path("id"), nil, nil) })
	rt.Handle("POST /infections/studies/{id}", access.IndicatorWrite, func(c *web.Ctx) error { return s.doStudy(c, c.Path("id")) })
	rt.Handle("POST /infections/studies/{id}/withdraw", access.IndicatorWrite, func(c *web.Ctx) error {
		if err := s.WithdrawStudy(c.Context(), c.Actor, c.Path("id")); err != nil {
			return err
		}
		return c.Done(infectionsPath, "death.done.withdrawn", "")
	})
}

// PrevalenceRow is one line of a study as an audience may see it.
type PrevalenceRow struct {
	Study            *Study
	Count            infection.Count
	Tested, Positive disclosure.Count
	Share            *infection.Prevalence // nil where it is hidden or cannot be
}

// Prevalences are the counts of a country's studies as an audience may see them: no small count, of positive or of negative people, is shown or can be computed from what is, and a share of fewer than 20 persons is
// withheld. What is published hides nothing.
func (s *Service) Prevalences(ctx context.Context, actor access.Actor, country string, day baqylau.Date) (out []PrevalenceRow, err error) {
	defer baqylau.Wrap(&err, "harm.Prevalences(%s)", country)
	if err := access.Check(actor, access.IndicatorRead); err != nil {
		return nil, err
	}
	studies, err := Studies(ctx, s.W.DB.Read, country, s.DayFor(actor, country, day))
	if err != nil {
		return nil, err
	}
	audience := disclosure.AudienceOf(actor)
	open := func(x *Study) bool { return audience == disclosure.Working || x.Published || country != s.Home }
	t := studyTables{table: map[studyKey]int{}}
	for i := range studies {
		if !open(&studies[i]) {
			t.add(&studies[i])
		}
	}
	if t.shown, err = s.protected.infections.Show(disclosure.Figure{Persons: true}, audience, func() []suppress.Link { return t.links }, t.tallies...); err != nil {
		return nil, err
	}
	for i := range studies {
		x := &studies[i]
		for _, c := range x.Counts {
			row := PrevalenceRow{Study: x, Count: c, Tested: disclosure.Count{N: c.Tested}, Positive: disclosure.Count{N: c.Positive}}
			shows := true
			if !open(x) {
				row.Tested, row.Positive = t.at(x, c)
				_, shows = disclosure.Percentage(row.Positive, row.Tested)
			}
			if p, ok := c.Prevalence(0.95); ok && shows {
				row.Share = &p
			}
			out = append(out, row)
		}
	}
	return out, nil
}

type infectionsView struct {
	head      ui.Head
	places    []ui.NavItem
	table     ui.Table
	notified  ui.Table
	csv, xlsx string
}

func (s *Service) infectionsPage(c *web.Ctx) error {
	f, err := s.frame(c, "infection_study")
	if err != nil {
		return err
	}
	ctx := c.Context()
	rows, err := s.Prevalences(ctx, c.Actor, f.country, f.asOf)
	if err != nil {
		return err
	}
	if wanted(c) {
		return s.downloadPrevalences(c, rows)
	}
	v := infectionsView{places: f.places, csv: address(c, "format", "csv"), xlsx: address(c, "format", "xlsx")}
	v.head = ui.Head{Title: c.T("infection.title"), Sub: []string{s.place(ctx, f.country)}, AsOf: c.T("death.as_of", "Date", locale.Date(ctx, f.asOf))}
	if access.May(c.Actor, access.IndicatorWrite) && mayKeep(c.Actor) == nil {
		v.head.Act = ui.Submit(ui.Button{Label: c.T("infection.new"), Href: "/infections/new"})
	}
	v.table = ui.Table{ID: "prevalence", Caption: c.T("infection.prevalence"), Columns: []ui.Column{{Label: c.T("infection.measure"), Main: true}, {Label: c.T("infection.study")}, {Label: c.T("infection.period"), NoWrap: true}, {Label: c.T("infection.tested"), Number: true},
		{Label: c.T("infection.positive"), Number: true}, {Label: c.T("infection.share")}}, Empty: ui.Empty{Title: c.T("infection.none"), Text: c.T("infection.none.text")}}
	for _, r := range rows {
		if r.Study.Synthetic && len(v.head.Tags) == 0 {
			v.head.Tags = append(v.head.Tags, ui.Tag(c.T("death.synthetic")))
		}
		v.table.Rows = append(v.table.Rows, ui.Row{Cells: []templ.Component{ui.Lines(label(ctx, "infection-measure", r.Count.Measure), label(ctx, "infection-group", r.Count.Breakdown)), s.studyCell(c, r.Study),
			ui.Text(period(r.Study)), countCell(ctx, r.Tested), countCell(ctx, r.Positive), ui.Text(shareText(ctx, r.Share))}})
	}
	if v.notified, err = s.notifications(c, f); err != nil {
		return err
	}
	return c.Render(web.Page{Title: v.head.Title, Room: infectionsPath, AsOf: v.head.AsOf, Body: infectionsPage(v)})
}

// studyCell names a study, for whoever may correct it with the way there.
func (s *Service) studyCell(c *web.Ctx, x *Study) templ.Component {
	ctx := c.Context()
	title, note := orElse(x.Title, label(ctx, "study-kind", x.Kind)), studyNote(ctx, s, x)
	if mayKeep(c.Actor) == nil && access.MayRow(c.Actor, access.IndicatorWrite, access.Row{OrgID: x.OrgID, OwnerID: x.AccountID, Domain: x.Domain}) {
		return ui.Link(infectionsPath+"/studies/"+x.ID, title, note)
	}
	return ui.Lines(title, note)
}

// period is the years of a study.
func period(x *Study) string {
	from, to := itoa(x.Start.Time().Year()), itoa(x.End.Time().Year())
	if from == to {
		return from
	}
	return from + "–" + to
}

func studyNote(ctx context.Context, s *Service, x *Study) string {
	note := orElse(x.Area, s.place(ctx, x.Place))
	for _, part := range []string{label(ctx, "study-setting", x.Setting), label(ctx, "study-recruitment", x.Recruitment)} {
		if part != "" {
			note += " · " + part
		}
	}
	return note
}

// shareText is "64,0 % (53,8–73,4)".
func shareText(ctx context.Context, p *infection.Prevalence) string {
	if p == nil {
		return "–"
	}
	n := func(v float64) string { return locale.Number(ctx, 100*v, 1) }
	return n(p.Share) + "\u00a0% (" + n(p.Interval.Lower) + "–" + n(p.Interval.Upper) + ")"
}

func (s *Service) downloadPrevalences(c *web.Ctx, all []PrevalenceRow) error {
	var rows [][]any
	for _, r := range all {
		var share, low, high any
		if r.Share != nil {
			share, low, high = r.Share.Share, r.Share.Interval.Lower, r.Share.Interval.Upper
		}
		x := r.Study
		rows = append(rows, []any{x.Kind, x.Title, x.Place, x.Area, x.Start, x.End, x.Setting, x.Recruitment, x.People, x.Specimen, r.Count.Measure, r.Count.Breakdown, value(r.Tested), value(r.Positive), share, low, high, x.Citation, x.Synthetic})
	}
	return s.download(c, "infections", c.T("infection.title"), []string{"kind", "title", "place", "area", "start", "end", "setting", "recruitment", "people", "specimen", "measure", "group", "tested", "positive", "share", "low", "high", "citation", "synthetic"}, rows)
}

type studyFormView struct {
	id, action                                                                  string // id "": a new one
	head                                                                        ui.Head
	set                                                                         fields.Set
	kinds, settings, regions, recruitments, people, specimens, measures, groups []ui.Option
	lines                                                                       []string
}

func (s *Service) showStudyForm(c *web.Ctx, id string, sent *web.Form, failed error) error {
	if err := mayKeep(c.Actor); err != nil {
		return err
	}
	var stored map[string][]string
	lines := formCounts
	if id != "" {
		x, err := loadStudy(c.Context(), s.W.DB.Read, c.Actor, access.IndicatorWrite, id)
		if err != nil {
			return err
		}
		stored, lines = x.stored(), max(lines, len(x.Counts))
	}
	v := studyFormView{head: ui.Head{Title: c.T("infection.new"), Sub: []string{c.T("infection.new.sub")}}, set: fields.New(c, sent, failed, stored), action: infectionsPath + "/new", kinds: options(c, "study-kind"), settings: options(c, "study-setting"), recruitments: options(c, "study-recruitment"),
		people: options(c, "injector"), specimens: options(c, "specimen"), measures: options(c, "infection-measure"), groups: options(c, "infection-group")}
	v.groups[0].Label = c.T("infection.all")
	v.regions = append([]ui.Option{{Value: s.Home, Label: s.place(c.Context(), s.Home)}}, s.regions(c)[1:]...)
	for i := range lines {
		v.lines = append(v.lines, strconv.Itoa(i))
	}
	if id != "" {
		v.id, v.action, v.head = id, infectionsPath+"/studies/"+id, ui.Head{Title: c.T("infection.edit")}
	}
	return c.Render(web.Page{Title: v.head.Title, Room: infectionsPath, Kind: ui.Narrow, Body: studyForm(v), Status: v.set.Status()})
}

// stored are the fields of the form that hold a study.
func (x *Study) stored() map[string][]string {
	out := map[string][]string{}
	for name, v := range map[string]string{"kind": x.Kind, "title": x.Title, "citation": x.Citation, "start_on": x.Start.String(), "end_on": x.End.String(), "place": x.Place, "area": x.Area, "setting": x.Setting, "recruitment": x.Recruitment,
		"people": x.People, "specimen": x.Specimen, "note": x.Note} {
		out[name] = []string{v}
	}
	if x.Published {
		out["published"] = []string{"1"}
	}
	for i, c := range x.Counts {
		n := strconv.Itoa(i)
		out["measure-"+n], out["group-"+n], out["tested-"+n], out["positive-"+n] = []string{c.Measure}, []string{c.Breakdown}, []string{itoa(c.Tested)}, []string{itoa(c.Positive)}
	}
	return out
}

func (s *Service) doStudy(c *web.Ctx, id string) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	l := studyLists()
	x := &Study{Note: f.Text("note", false, 2000), Published: f.Bool("published")}
	x.Kind, x.Title, x.Citation, x.Setting = f.Choice("kind", true, l.Kinds...), f.Text("title", false, 300), f.Text("citation", false, 500), f.Choice("setting", false, l.Settings...)
	x.Area, x.Recruitment, x.People, x.Specimen = f.Text("area", false, 100), f.Choice("recruitment", false, l.Recruitments...), f.Choice("people", false, l.People...), f.Choice("specimen", false, l.Specimens...)
	x.Start, _ = f.Date("start_on", true, s.today())
	x.End, _ = f.Date("end_on", true, s.today())
	if x.Place = f.Get("place"); x.Place != s.Home {
		if _, ok := s.Shelf.Book().Region(x.Place); !ok {
			f.Bad("place", "error.choose")
		}
	}
	for i := range mostCounts {
		n := strconv.Itoa(i)
		if f.Get("measure-"+n) == "" && f.Get("tested-"+n) == "" {
			continue
		}
		x.Counts = append(x.Counts, infection.Count{Measure: f.Choice("measure-"+n, true, l.Measures...), Breakdown: f.Choice("group-"+n, false, l.Groups...), Tested: f.Int("tested-"+n, true, 0, 10_000_000), Positive: f.Int("positive-"+n, true, 0, 10_000_000)})
	}
	if err = f.Err(); err == nil {
		err = s.KeepStudy(c.Context(), c.Actor, id, x)
	}
	switch baqylau.CodeOf(err) {
	case "":
		return c.Done(infectionsPath, "death.done.kept", "")
	case baqylau.Invalid:
		return s.showStudyForm(c, id, f, err)
	}
	return err
}
