package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// What the page of an import shows before one asks for more.
const (
	previewRows  = 12
	shownFaults  = 2000 // refused rows that are read to be grouped
	faultsPerKey = 4    // messages of one group
)

// importView is the page of one import.
type importView struct {
	b        Batch
	head     ui.Head
	same     bool // the same file had been sent before
	totals   []ui.Total
	faults   []faultGroup
	unplaced []string // one line for each value
	lost     int      // rows without a region
	preview  ui.Table
	progress progressView
	mapping  string
	rows     string // address at which the rows of the applied import are seen
}

// faultGroup is the same fault in many rows: one thing to do.
type faultGroup struct {
	remedy   string
	messages []string
	more     int
}

type progressView struct {
	id, label   string
	done, total int
}

func (s *Service) showImport(c *web.Ctx) error {
	ctx := c.Context()
	b, err := s.BatchByID(ctx, s.W.DB.Read, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	v := importView{b: b, same: c.Query("same") != "", progress: progressOfBatch(ctx, b)}
	var source string
	if err := s.W.DB.Read.NewRaw("SELECT name FROM source WHERE id = ?", b.SourceID).Scan(ctx, &source); err != nil {
		return err
	}
	if m, err := mapping.Parse([]byte(b.MappingYAML)); err == nil {
		v.mapping = m.Name
		v.rows = rowsPage(m.Target, b.ID)
	}
	v.head = ui.Head{Title: b.FileName, Tags: []templ.Component{ui.Tag(b.Ref), ui.State(batchProgress(b.State), c.T("import.state."+b.State))},
		Sub: []string{baqylau.ParseText(source).In(c.Lang()), v.mapping, locale.DateTime(ctx, b.CreatedAt)}}
	v.totals = []ui.Total{{Value: locale.Int(ctx, b.Total), Label: locale.N(ctx, "import.total.rows", int(b.Total))}, {Value: locale.Int(ctx, b.Good), Label: c.T("import.total.good")},
		{Value: locale.Int(ctx, b.Bad), Label: c.T("import.total.bad")}}
	if b.State == "applied" {
		v.totals = append(v.totals, ui.Total{Value: locale.Int(ctx, b.SameRows), Label: c.T("import.total.same")})
	}
	if b.Bad > 0 {
		rows, err := Problems(ctx, s.W.DB.Read, b.ID, shownFaults)
		if err != nil {
			return err
		}
		v.faults = groupFaults(ctx, rows, false)
	}
	list, err := UnplacedOf(ctx, s.W.DB.Read, b.ID)
	if err != nil {
		return err
	}
	for _, u := range list {
		v.lost += u.Rows
		line := locale.N(ctx, "import.unplaced.value", u.Rows, "Value", u.Value, "Column", u.Column, "Row", u.Row)
		if u.Value == "" {
			line = locale.N(ctx, "import.unplaced.others", u.Rows)
		}
		v.unplaced = append(v.unplaced, line)
	}
	if b.State == "staged" {
		if v.preview, err = s.previewBatch(ctx, b); err != nil {
			return err
		}
	}
	return c.Render(web.Page{Title: b.Ref + " " + b.FileName, Room: "/imports", Body: importBody(v)})
}

// rowsPage is the address at which the rows of an import are seen; "" when the target has none.
func rowsPage(target, batchID string) string {
	if target == "" {
		return "/reports?batch=" + batchID
	}
	if t, ok := mapping.TargetNamed(target); ok && t.Page != "" {
		return t.Page + batchID
	}
	return ""
}

// groupFaults gathers faults by message and column, those with the same remedy together, the most frequent first.
func groupFaults(ctx context.Context, rows []RowProblem, warnings bool) []faultGroup {
	type key struct{ remedy, key, column string }
	at := map[key]int{}
	var groups []faultGroup
	for _, r := range rows {
		for _, f := range r.Faults {
			if f.Warning != warnings {
				continue
			}
			k := key{f.Remedy, f.Key, f.Column}
			i, ok := at[k]
			if !ok {
				i = len(groups)
				at[k] = i
				groups = append(groups, faultGroup{remedy: locale.T(ctx, f.Remedy)})
			}
			if len(groups[i].messages) < faultsPerKey {
				groups[i].messages = append(groups[i].messages, locale.Err(ctx, f.Err()))
			} else {
				groups[i].more++
			}
		}
	}
	slices.SortStableFunc(groups, func(a, b faultGroup) int {
		return cmp.Or(cmp.Compare(a.remedy, b.remedy), cmp.Compare(len(b.messages)+b.more, len(a.messages)+a.more))
	})
	return groups
}

func progressOfBatch(ctx context.Context, b Batch) progressView {
	p := progressView{id: b.ID, done: int(b.Done), total: max(int(b.Total), 1), label: locale.T(ctx, "import.progress.applying", "Done", locale.Int(ctx, b.Done), "Total", locale.Int(ctx, b.Total))}
	if b.State == "staging" {
		p.done, p.total, p.label = 0, 0, locale.N(ctx, "import.progress.staging", int(b.Total))
	}
	return p
}

// showProgress answers the polling of the page; when the state has changed the whole page is asked for again.
func (s *Service) showProgress(c *web.Ctx) error {
	b, err := s.BatchByID(c.Context(), s.W.DB.Read, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	if b.State != c.Query("state") || !c.IsHTMX() {
		return c.Redirect("/imports/" + b.ID)
	}
	return c.Fragment(importProgress(progressOfBatch(c.Context(), b), b.State))
}

// previewBatch shows the first occurrences of a staged file as they will be written.
func (s *Service) previewBatch(ctx context.Context, b Batch) (ui.Table, error) {
	conv, err := s.converter(ctx, b)
	if err != nil {
		return ui.Table{}, err
	}
	rd, err := s.openBatch(b, change.Today(b.CreatedAt))
	if err != nil {
		return ui.Table{}, err
	}
	p, err := s.previewOf(ctx, rd.Reader, conv, previewRows)
	return p.table, errors.Join(err, rd.Close())
}

// firstReports converts up to n good records, and gathers the faulty rows on the way.
func firstReports(rd *mapping.Reader, conv *converter, n int) (in []Incoming, bad []RowProblem, err error) {
	for len(in) < n && len(bad) < n {
		rec, err := conv.next(rd)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return in, bad, err
		}
		if len(rec.Problems) > 0 {
			bad = append(bad, RowProblem{Row: rec.Row, Faults: rec.Problems, Warning: !rec.Faulty()})
		}
		if !rec.Faulty() {
			in = append(in, conv.incoming(&rec))
		}
	}
	return in, bad, nil
}

func (s *Service) previewTable(ctx context.Context, in []Incoming) ui.Table {
	l := locale.Lang(ctx)
	t := ui.Table{Caption: locale.T(ctx, "import.preview"), Empty: ui.Empty{Title: locale.T(ctx, "import.preview.none"), Text: locale.T(ctx, "import.preview.none.text")}, Columns: []ui.Column{
		{Label: locale.T(ctx, "import.preview.key"), NoWrap: true, Minor: true}, {Label: locale.T(ctx, "report.col.kind"), Main: true}, {Label: locale.T(ctx, "report.col.occurred"), NoWrap: true},
		{Label: locale.T(ctx, "report.col.region")}, {Label: locale.T(ctx, "mapping.to.place_type")}, {Label: locale.T(ctx, "report.findings")}, {Label: locale.T(ctx, "import.preview.quantity"), Number: true}, {Label: locale.T(ctx, "import.preview.questions")}}}
	for i := range in {
		r := &in[i]
		quantity := ""
		if r.Detail.Quantity.Value != "" {
			quantity = localDecimal(ctx, r.Detail.Quantity.Value) + " " + codelist.Label(l, "unit", r.Detail.Quantity.Unit)
		}
		place := s.placeName(ctx, r.Country, r.Region)
		if written := r.Detail.SourceFields["region"]; written != "" {
			place = locale.T(ctx, "import.preview.region_unknown", "Value", written)
		}
		var asks []string
		for _, q := range r.Questions {
			asks = append(asks, locale.T(ctx, "import.preview.question", "Matched", q.Matched))
		}
		t.Rows = append(t.Rows, ui.Row{Label: r.SourceRef, Cells: []templ.Component{ui.Code(shorten(r.SourceRef, 14)), ui.Text(locale.Code(ctx, "kind", string(r.Kind))),
			ui.Moment(r.Occurred.Truncated(r.Precision), locale.DateP(ctx, r.Occurred, r.Precision)), ui.Text(place), ui.Text(placeType(ctx, r.PlaceType)), findingList(s.findingWords(l, r.Findings)), ui.Text(quantity), findingList(asks)}})
	}
	return t
}

// placeType is the name of a kind of place, "" where none is stated.
func placeType(ctx context.Context, code string) string {
	if code == "" || code == "unknown" {
		return ""
	}
	return locale.Code(ctx, "place_type", code)
}

// localDecimal writes an exact decimal with the decimal sign of the language.
func localDecimal(ctx context.Context, v string) string {
	if f, err := strconv.ParseFloat(v, 64); err == nil {
		return locale.Shortest(ctx, f)
	}
	return v
}

// placeName is the region, or the country where only that is known.
func (s *Service) placeName(ctx context.Context, country, region string) string {
	if region != "" {
		return s.regionName(ctx, region)
	}
	if country != "" {
		return s.Shelf.Book().PlaceName(country, locale.Lang(ctx))
	}
	return s.regionName(ctx, "")
}

// findingWords names findings as people read them.
func (s *Service) findingWords(l baqylau.Lang, fs []Finding) []string {
	var out []string
	for _, f := range fs {
		out = append(out, s.findingWord(l, f))
	}
	return out
}

func (s *Service) findingWord(l baqylau.Lang, f Finding) string {
	switch {
	case f.SubstanceID != "":
		return s.nameOf(l, f.SubstanceID)
	case f.Family != "":
		return s.nameOf(l, f.Family) + " (" + locale.TIn(l, "report.finding.class") + ")"
	}
	return "«" + f.Unidentified + "» (" + locale.TIn(l, "report.finding.unidentified") + ")"
}

// sendRejects gives the refused rows back with the reasons in the person's language, as an audited export.
func (s *Service) sendRejects(c *web.Ctx) error {
	ctx := c.Context()
	b, err := s.BatchByID(ctx, s.W.DB.Read, c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	if b.Bad == 0 || b.State == "staging" {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	if err := s.W.Do(ctx, c.Actor, access.ExportRun, func(_ context.Context, tx *change.Tx) error {
		tx.Subject("batch", b.ID, b.OrgID, map[string]any{"rejects": b.Bad})
		return nil
	}); err != nil {
		return err
	}
	var header []string
	var kept string
	if err := s.W.DB.Read.NewRaw("SELECT header FROM batch WHERE id = ?", b.ID).Scan(ctx, &kept); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(kept), &header); err != nil {
		return err
	}
	problems, err := Problems(ctx, s.W.DB.Read, b.ID, 0)
	if err != nil {
		return err
	}
	rows := make([]mapping.Rejected, len(problems))
	for i, p := range problems {
		rows[i] = mapping.Rejected{Row: p.Row, Sheet: p.Sheet, Cells: p.Cells}
		for _, f := range p.Faults {
			if !f.Warning {
				rows[i].Reasons = append(rows[i].Reasons, locale.Err(ctx, f.Err()))
			}
		}
	}
	style := mapping.RejectStyle{RowTitle: c.T("import.reject.row"), ReasonTitle: c.T("import.reject.reason")}
	if c.Lang() != baqylau.English {
		style.Comma = ';'
	}
	c.Download("text/csv; charset=utf-8", b.Ref+"-rejects.csv")
	return mapping.WriteRejects(c.W, header, rows, style)
}
