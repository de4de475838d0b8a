package intake

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
	"golang.org/x/text/collate"
)

// reportLine is a row of the list of reports, with what the list shows of it.
type reportLine struct {
	Report
	detail     string    // as it is kept; read when the line is filled
	substances []entered // names of what was found, as people read them, in the order of the reader's dictionary
}

// entered is a name with its place in a dictionary.
type entered struct {
	name string
	key  []byte
}

func (e entered) compare(o entered) int {
	return cmp.Or(bytes.Compare(e.key, o.key), strings.Compare(e.name, o.name))
}

// named writes the substances of a line, one after the other.
func (r reportLine) named(between string) string {
	names := make([]string, len(r.substances))
	for i, x := range r.substances {
		names[i] = x.name
	}
	return strings.Join(names, between)
}

// lineColumns are what a line needs: a million lines are exported, and half of that was reading what nobody is shown.
var lineColumns = `r.id, r.receipt, r.kind, r.state, COALESCE(g.name,''), COALESCE(r.region,''), COALESCE(r.occurred_on,''), r.occurred_precision, r.recorded_at, r.text, r.source_id, r.detail, ` + Standing("r")

func scanLine(row list.Row) (r reportLine, err error) {
	var name, occurred string
	var at int64
	if err = row.Scan(&r.ID, &r.Receipt, &r.Kind, &r.State, &name, &r.Region, &occurred, &r.Precision, &at, &r.Text, &r.SourceID, &r.detail, &r.Standing); err != nil {
		return r, err
	}
	r.OrgName, r.RecordedAt = baqylau.ParseText(name), store.Time(at)
	r.Occurred, _, err = baqylau.ParseDate(occurred)
	return r, err
}

// fillLines reads the substances and quantities of many lines. It reads of findings what is shown and no more: a million lines have three million of them.
func (s *Service) fillLines(c *web.Ctx, db bun.IDB, lines []reportLine) (err error) {
	ids, at, words := make([]string, len(lines)), make(map[string]int, len(lines)), map[string]entered{}
	for i := range lines {
		l := &lines[i]
		ids[i], at[l.ID] = l.ID, i
		if strings.Contains(l.detail, `"quantity":`) { // most have none
			if err := json.Unmarshal([]byte(l.detail), &l.Detail); err != nil {
				return err
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := db.QueryContext(c.Context(), "SELECT report_id, COALESCE(substance_id, family, '!' || unidentified) FROM finding WHERE report_id IN (?) AND superseded_on IS NULL", bun.List(ids))
	if err != nil {
		return err
	}
	defer rows.Close()
	dictionary, room := locale.Collator(c.Lang()), &collate.Buffer{}
	for rows.Next() {
		var report, what string
		if err := rows.Scan(&report, &what); err != nil {
			return err
		}
		word, ok := words[what]
		if !ok {
			f := Finding{SubstanceID: what}
			if _, known := s.Shelf.Book().Substance(what); !known {
				f = Finding{Family: what}
			}
			if text, unknown := strings.CutPrefix(what, "!"); unknown {
				f = Finding{Unidentified: text}
			}
			word.name = s.findingWord(c.Lang(), f)
			word.key = dictionary.KeyFromString(room, word.name)
			words[what] = word
		}
		l := &lines[at[report]]
		if i, ok := slices.BinarySearchFunc(l.substances, word, entered.compare); !ok {
			l.substances = slices.Insert(l.substances, i, word)
		}
	}
	return rows.Err()
}

// reportList is the list of reports a person may see: their organisation's, or all on their side of the wall.
func (s *Service) reportList() *list.Spec[reportLine] {
	kinds := append(append([]Kind{}, Kinds...), Tip)
	kindCodes := make([]string, len(kinds))
	for i, k := range kinds {
		kindCodes[i] = string(k)
	}
	return &list.Spec[reportLine]{
		Name: "reports", Path: "/reports", Room: "/reports", Title: "report.list",
		Select: lineColumns, From: reportFrom, ID: "r.id", Default: "-recorded", Export: true,
		Where: func(c *web.Ctx) (string, []any) {
			scope, args := access.Where(c.Actor, access.ReportRead, "r")
			return Visible("r") + " AND r.superseded_on IS NULL AND " + scope, args
		},
		Few:   owned("id"),
		Scan:  scanLine,
		Fill:  s.fillLines,
		RowID: func(r reportLine) string { return r.ID },
		States: func(r reportLine) []ui.RowState {
			if r.State == "submitted" {
				return []ui.RowState{ui.Unread}
			}
			if r.State == "retracted" || r.State == "duplicate" || r.State == "out_of_scope" {
				return []ui.RowState{ui.Removed}
			}
			return nil
		},
		Search: list.Search{Label: "report.search", Find: s.find},
		Filters: []list.Filter{
			{Name: "kind", Label: "report.filter.kind", SQL: "r.kind = ?", Options: list.Options("kind", kindCodes...)},
			{Name: "state", Label: "report.filter.state", Find: findStanding, Options: func(c *web.Ctx) []ui.Option {
				var out []ui.Option
				for _, st := range Standings {
					out = append(out, ui.Option{Value: st, Label: c.T("report.state." + st)})
				}
				return out
			}},
			{Name: "region", Label: "report.filter.region", SQL: "r.region = ?", Options: s.regionOptions},
			{Name: "substance", Label: "report.filter.substance", Find: func(c *web.Ctx, db bun.IDB, id string) (list.Found, error) {
				return withSubstance(c.Context(), db, id)
			}, Shown: s.substanceShown},
			{Name: "occurrence", Label: "report.filter.occurrence", SQL: "r.occurrence_id = ?", Narrow: true, Shown: s.occurrenceShown},
			{Name: "batch", Label: "report.filter.batch", SQL: "r.batch_id = ?", Narrow: true, Shown: s.batchShown},
		},
		Columns: []list.Column[reportLine]{
			{Key: "receipt", Label: "report.col.receipt", Sort: "r.receipt", NoWrap: true, Main: true,
				Cell: func(ctx context.Context, r reportLine) templ.Component {
					return ui.Link("/reports/"+r.ID, r.Receipt, locale.Code(ctx, "kind", string(r.Kind)))
				},
				Text: func(_ context.Context, r reportLine) string { return r.Receipt }},
			{Key: "kind", Label: "report.col.kind",
				Text: func(ctx context.Context, r reportLine) string { return locale.Code(ctx, "kind", string(r.Kind)) }},
			{Key: "occurred", Label: "report.col.occurred", Sort: "COALESCE(r.occurred_on,'')", NoWrap: true,
				Cell: func(ctx context.Context, r reportLine) templ.Component {
					return ui.Moment(r.Occurred.Truncated(r.Precision), locale.DateP(ctx, r.Occurred, r.Precision))
				},
				Text: func(_ context.Context, r reportLine) string { return r.Occurred.Truncated(r.Precision) }},
			{Key: "region", Label: "report.col.region", Cell: func(ctx context.Context, r reportLine) templ.Component { return ui.Text(s.regionName(ctx, r.Region)) },
				Text: func(ctx context.Context, r reportLine) string { return s.regionName(ctx, r.Region) }},
			{Key: "substances", Label: "report.findings", Cell: func(_ context.Context, r reportLine) templ.Component {
				return ui.Clamp(r.named(", "))
			}, Text: func(_ context.Context, r reportLine) string { return r.named("; ") }},
			{Key: "quantity", Label: "report.field.quantity", Text: func(ctx context.Context, r reportLine) string {
				if locale.Lang(ctx) == baqylau.English {
					return r.Detail.Quantity.Value
				}
				return strings.Replace(r.Detail.Quantity.Value, ".", ",", 1) // without spaces between thousands, which a spreadsheet program does not read
			}},
			{Key: "unit", Label: "report.field.unit", Text: func(ctx context.Context, r reportLine) string {
				return codelist.Label(locale.Lang(ctx), "unit", r.Detail.Quantity.Unit)
			}},
			{Key: "org", Label: "report.col.org", Minor: true, Cell: func(ctx context.Context, r reportLine) templ.Component {
				return ui.Clamp(s.sender(ctx, r.Report))
			},
				Text: func(ctx context.Context, r reportLine) string { return s.sender(ctx, r.Report) }},
			{Key: "text", Label: "report.col.text", Cell: func(_ context.Context, r reportLine) templ.Component { return ui.Clamp(shorten(r.Text, 110)) },
				Text: func(_ context.Context, r reportLine) string { return r.Text }},
			{Key: "state", Label: "report.col.state", Bare: true,
				Cell: func(ctx context.Context, r reportLine) templ.Component {
					return ui.State(progressOf(r.Standing), locale.T(ctx, "report.state."+r.Standing))
				},
				Text: func(ctx context.Context, r reportLine) string { return locale.T(ctx, "report.state."+r.Standing) }},
			{Key: "recorded", Label: "report.col.recorded", Sort: "r.recorded_at", NoWrap: true, Minor: true,
				Cell: func(ctx context.Context, r reportLine) templ.Component {
					return ui.Moment(r.RecordedAt.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, r.RecordedAt))
				},
				Text: func(ctx context.Context, r reportLine) string { return locale.Stamp(ctx, r.RecordedAt) }},
		},
		Above: func(c *web.Ctx) (templ.Component, error) {
			n, err := s.asked(c)
			return reportsNote(n), err
		},
		Act: func(c *web.Ctx) templ.Component {
			if !access.May(c.Actor, access.ReportCreate) {
				return nil
			}
			return ui.Submit(ui.Button{Label: c.T("report.new"), Href: "/reports/new"})
		},
		Empty: func(c *web.Ctx) ui.Empty {
			e := ui.Empty{Title: c.T("report.none"), Text: c.T("report.none.text")}
			if access.May(c.Actor, access.ReportCreate) {
				e.Act = ui.Submit(ui.Button{Label: c.T("report.new"), Look: ui.Quiet, Href: "/reports/new"})
			}
			return e
		},
	}
}

// Owned is the query of a column of the reports that the organisation of a reader who does not see all has sent, or got as a laboratory: what list.Counts.Few takes.
func Owned(a access.Actor, column string) (f list.Found) {
	columns, org := access.Owned(a, access.ReportRead)
	for i, col := range columns {
		if i > 0 {
			f.SQL += " UNION ALL "
		}
		f.SQL += "SELECT x." + column + " AS id FROM report x WHERE x." + col + " = ?"
		f.Args = append(f.Args, org)
	}
	return f
}

// owned is Owned for the lists.
func owned(column string) func(c *web.Ctx) list.Found {
	return func(c *web.Ctx) list.Found { return Owned(c.Actor, column) }
}

// findStanding is the filter by what has become of a report. The states that a laboratory brings are few among all.
func findStanding(_ *web.Ctx, _ bun.IDB, v string) (list.Found, error) {
	f := list.Found{SQL: Standing("r") + " = ?", Args: []any{v}, Narrow: true}
	switch v {
	case "lab_confirmed":
		f.SQL += " AND r.id IN (SELECT n.report_id FROM finding n WHERE n.lab_result_id IS NOT NULL)"
	case "in_lab", "lab_released":
		f.SQL += " AND r.id IN (SELECT n.report_id FROM lab_result n)"
	default:
		f.SQL, f.Args, f.Narrow = "r.state = ? AND "+f.SQL, []any{v, v}, v != "accepted" // which most are
	}
	return f, nil
}

// asked is how many reports of the reader's organisation wait for its answer, 0 for who asks.
func (s *Service) asked(c *web.Ctx) (n int, err error) {
	if access.May(c.Actor, access.ReportHandle) {
		return 0, nil // asks
	}
	scope, args := access.Where(c.Actor, access.ReportAmend, "r")
	err = s.W.DB.Read.NewRaw("SELECT count(*) FROM report r WHERE r.state = 'clarification' AND "+Current("r")+" AND "+scope, args...).Scan(c.Context(), &n)
	return n, err
}

// sender names who sent a report: its organisation, or the source of an import by the system.
func (s *Service) sender(ctx context.Context, r Report) string {
	if name := r.OrgName.In(locale.Lang(ctx)); name != "" {
		return name
	}
	if src, ok := s.Shelf.Book().SourceByID(r.SourceID); ok {
		return src.Name.In(locale.Lang(ctx))
	}
	return ""
}

func (s *Service) regionName(ctx context.Context, code string) string {
	if code == "" {
		return locale.T(ctx, "report.region.unknown")
	}
	if r, ok := s.Shelf.Book().Region(code); ok {
		return r.Name.In(locale.Lang(ctx))
	}
	return code
}

func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

func progressOf(standing string) ui.Progress {
	switch standing {
	case "submitted":
		return ui.NotBegun
	case "received", "in_lab":
		return ui.Busy
	case "clarification":
		return ui.Waiting
	case "accepted", "linked", "lab_released", "lab_confirmed":
		return ui.Done
	}
	return ui.Failed
}

// substanceShown names the substance or family that a list is narrowed to.
func (s *Service) substanceShown(c *web.Ctx, key string) string { return s.nameOf(c.Lang(), key) }

// occurrenceShown and batchShown are the numbers that people know records by; the identifier in an address says nothing to anybody.
func (s *Service) occurrenceShown(c *web.Ctx, id string) string {
	scope, args := access.Where(c.Actor, access.ReportRead, "x")
	return s.ref(c, id, "SELECT o.ref FROM occurrence o WHERE o.id = ? AND EXISTS (SELECT 1 FROM report x WHERE x.occurrence_id = o.id AND "+scope+")", args)
}

func (s *Service) batchShown(c *web.Ctx, id string) string {
	scope, args := access.Where(c.Actor, access.ImportRun, "b")
	return s.ref(c, id, "SELECT b.ref FROM batch b WHERE b.id = ? AND "+scope, args)
}

// ref is a number for who may see the record, and the end of the identifier for the others.
func (s *Service) ref(c *web.Ctx, id, query string, args []any) (ref string) {
	if err := s.W.DB.Read.NewRaw(query, append([]any{id}, args...)...).Scan(c.Context(), &ref); err != nil {
		return "…" + id[max(0, len(id)-8):]
	}
	return ref
}
