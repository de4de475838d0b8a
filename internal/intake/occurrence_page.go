package intake

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

type occurrenceView struct {
	o        Occurrence
	head     ui.Head
	findings ui.Table
	reports  ui.Table
	timeline []ui.Event
	facts    []ui.Fact
	counted  []string
	outline  *ui.Map
	merges   []mergeView
	waiting  int // proposals that wait for a decision
}

type mergeView struct{ id, ref, when string }

func (s *Service) showOccurrence(c *web.Ctx) error {
	ctx := c.Context()
	o, err := ReadOccurrence(ctx, s.W.DB.Read, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	if o.MergedInto != "" {
		if _, err := ReadOccurrence(ctx, s.W.DB.Read, c.Actor, o.MergedInto); err != nil { // nothing of theirs is in it
			return baqylau.E(baqylau.NotFound, "error.not_found")
		}
		return c.Redirect("/occurrences/" + o.MergedInto)
	}
	v := occurrenceView{o: o, findings: s.combinedTable(ctx, o), reports: s.memberTable(ctx, o)}
	v.head = ui.Head{Title: kindTitle(ctx, o), Tags: []templ.Component{ui.Tag(o.Ref)}, Sub: []string{locale.DateP(ctx, o.Occurred, o.Precision), s.placeName(ctx, o.Country, o.Region)}}
	if cf := o.Confidence(); cf != "" {
		v.head.Tags = append(v.head.Tags, ui.Confidence(cf))
	}
	for _, m := range slices.Backward(o.Reports) {
		v.timeline = append(v.timeline, ui.Event{ISO: m.RecordedAt.Format("2006-01-02T15:04:05Z"), When: locale.DateTime(ctx, m.RecordedAt), Act: c.T("occurrence.event.report", "Kind", locale.Code(ctx, "kind", string(m.Kind))),
			Reason: m.Receipt, By: m.OrgName.In(c.Lang())})
	}
	v.facts = []ui.Fact{{Name: c.T("report.col.occurred"), Value: ui.Moment(o.Occurred.Truncated(o.Precision), locale.DateP(ctx, o.Occurred, o.Precision))},
		{Name: c.T("report.col.region"), Value: ui.Text(s.placeName(ctx, o.Country, o.Region))}, {Name: c.T("occurrence.col.reports"), Value: ui.Text(locale.Int(ctx, len(o.Reports)))}}
	if outlines := s.Shelf.Book().Outlines(o.Country); outlines != nil && o.Region != "" {
		v.outline = s.placeMap(ctx, o, outlines)
	}
	if access.May(c.Actor, access.SeriesRead) {
		if v.counted, err = s.countedAs(ctx, o.ID); err != nil {
			return err
		}
	}
	if access.May(c.Actor, access.OccurrenceMrg) {
		if err := s.mergesOf(ctx, &v); err != nil {
			return err
		}
	}
	return c.Render(web.Page{Title: o.Ref, Room: "/occurrences", Body: occurrenceBody(v)})
}

func kindTitle(ctx context.Context, o Occurrence) string {
	w := kindWords(ctx, o)
	r := []rune(w)
	if len(r) == 0 {
		return o.Ref
	}
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// combinedTable lists each substance once with the surest word on it and how many of the reports name it; detections of one occurrence are never summed.
func (s *Service) combinedTable(ctx context.Context, o Occurrence) ui.Table {
	l := locale.Lang(ctx)
	t := ui.Table{Caption: locale.T(ctx, "report.findings"), Empty: ui.Empty{Title: locale.T(ctx, "report.findings.none"), Text: locale.T(ctx, "report.findings.none.text")}, Columns: []ui.Column{
		{Label: locale.T(ctx, "report.finding.what"), Main: true}, {Label: locale.T(ctx, "report.finding.level")}, {Label: locale.T(ctx, "report.finding.confidence"), NoWrap: true}, {Label: locale.T(ctx, "occurrence.named_by"), Number: true}}}
	for _, f := range o.Findings {
		n := 0
		for _, m := range o.Reports {
			if slices.ContainsFunc(m.Findings, f.same) {
				n++
			}
		}
		name := ui.Text(s.findingWords(l, []Finding{f})[0])
		if f.SubstanceID != "" {
			name = ui.Link("/substances/"+f.SubstanceID, s.nameOf(l, f.SubstanceID), "")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{name, ui.Text(levelName(ctx, f)), ui.Confidence(f.Confidence), ui.Text(locale.Int(ctx, n))}})
	}
	return t
}

func (s *Service) memberTable(ctx context.Context, o Occurrence) ui.Table {
	t := ui.Table{Caption: locale.T(ctx, "occurrence.members"), Columns: []ui.Column{{Label: locale.T(ctx, "report.col.receipt"), Main: true, NoWrap: true}, {Label: locale.T(ctx, "report.col.kind")},
		{Label: locale.T(ctx, "report.col.org")}, {Label: locale.T(ctx, "report.col.occurred"), NoWrap: true}, {Label: locale.T(ctx, "report.col.text"), Minor: true}, {Label: locale.T(ctx, "report.col.state"), Bare: true}}}
	for _, m := range o.Reports {
		t.Rows = append(t.Rows, ui.Row{Label: m.Receipt, Cells: []templ.Component{ui.Link("/reports/"+m.ID, m.Receipt, ""), ui.Text(locale.Code(ctx, "kind", string(m.Kind))), ui.Text(m.OrgName.In(locale.Lang(ctx))),
			ui.Moment(m.Occurred.Truncated(m.Precision), locale.DateP(ctx, m.Occurred, m.Precision)), ui.Text(shorten(m.Text, 110)), ui.State(progressOf(m.State), locale.T(ctx, "report.state."+m.State))}})
	}
	return t
}

// placeMap shows where in the country the region lies.
func (s *Service) placeMap(ctx context.Context, o Occurrence, outlines *ui.Outlines) *ui.Map {
	name := s.placeName(ctx, o.Country, o.Region)
	m := &ui.Map{ID: "place", Summary: locale.T(ctx, "occurrence.map", "Region", name), Outlines: outlines, NoData: locale.T(ctx, "occurrence.map.elsewhere"),
		Areas: []ui.Area{{ID: o.Region, Name: name, Value: 1, Href: "/regions/" + o.Region}}, Caption: ui.Caption{Period: locale.DateP(ctx, o.Occurred, o.Precision), N: -1}}
	for _, r := range s.Shelf.Book().Regions(o.Country) {
		if r.Code != o.Region {
			m.Areas = append(m.Areas, ui.Area{ID: r.Code, Name: r.Name.In(locale.Lang(ctx)), Value: math.NaN()})
		}
	}
	m.Top = 1
	return m
}

// countedAs says what the occurrence adds to the weekly series: once for each substance, whatever the number of reports.
func (s *Service) countedAs(ctx context.Context, id string) ([]string, error) {
	counted, err := Contribution(ctx, s.W.DB.Read, s.Shelf.Book(), id)
	if err != nil {
		return nil, err
	}
	kinds := map[string][]string{}
	for k, n := range counted.Cells {
		if k.Kind == series.Overlap || n == 0 || k.Dim == series.Family {
			continue
		}
		name := locale.T(ctx, "occurrence.counted.total")
		if k.Dim == series.Substance {
			name = s.nameOf(locale.Lang(ctx), k.ID)
		}
		name += ": " + locale.WeekYear(ctx, k.Week)
		kinds[name] = append(kinds[name], locale.Code(ctx, "kind", k.Kind))
	}
	var out []string
	for name, list := range kinds {
		slices.Sort(list)
		out = append(out, name+" ("+strings.Join(list, ", ")+")")
	}
	slices.SortFunc(out, locale.Collator(locale.Lang(ctx)).CompareString)
	return out, nil
}

// mergesOf adds what an officer may do: take a merge back, decide on proposals.
func (s *Service) mergesOf(ctx context.Context, v *occurrenceView) error {
	rows, err := s.W.DB.Read.QueryContext(ctx, `SELECT p.id, o.ref, p.decided_at, p.moved FROM match_proposal p JOIN occurrence o ON o.id = p.b_id WHERE p.a_id = ? AND p.state = 'merged' ORDER BY p.decided_at DESC`, v.o.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var m mergeView
		var at int64
		var moved string
		if err := rows.Scan(&m.id, &m.ref, &at, &moved); err != nil {
			return err
		}
		var reports []string
		if err := json.Unmarshal([]byte(moved), &reports); err != nil {
			return err
		}
		when := store.Time(at)
		m.when = locale.DateTime(ctx, when)
		v.merges = append(v.merges, m)
		v.timeline = append(v.timeline, ui.Event{ISO: when.Format("2006-01-02T15:04:05Z"), When: m.when, Act: locale.T(ctx, "occurrence.event.merged", "Ref", m.ref), By: locale.T(ctx, "report.by.centre")})
	}
	if err := rows.Err(); err != nil {
		return err
	}
	slices.SortStableFunc(v.timeline, func(a, b ui.Event) int { return strings.Compare(b.ISO, a.ISO) })
	return s.W.DB.Read.NewRaw("SELECT count(*) FROM match_proposal WHERE (a_id = ? OR b_id = ?) AND state = 'proposed'", v.o.ID, v.o.ID).Scan(ctx, &v.waiting)
}
