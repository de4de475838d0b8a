package intake

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// occurrenceLine is a row of the list: the occurrence as the reader may know it; one that went away meanwhile shows empty cells.
type occurrenceLine struct {
	id, Ref string
	Occurrence
}

// occurrenceList is the list; what it says of each occurrence depends on who reads. Search and filters look at the reader's own reports only, or they would tell
// what others reported; those that are asked together have to fit one report.
func (s *Service) occurrenceList() *list.Spec[*occurrenceLine] {
	return &list.Spec[*occurrenceLine]{
		Name: "occurrences", Path: "/occurrences", Room: "/occurrences", Title: "occurrence.list",
		Select: "o.id, o.ref", From: "occurrence o", ID: "o.id", Default: "-occurred", Export: true,
		Where: func(c *web.Ctx) (string, []any) {
			where, args := memberWhere(c.Actor)
			return Visible("o") + " AND o.merged_into IS NULL AND EXISTS (SELECT 1 FROM report r WHERE r.occurrence_id = o.id AND " + where + ")", args
		},
		Few: owned("occurrence_id"),
		Scan: func(row list.Row) (*occurrenceLine, error) {
			l := &occurrenceLine{}
			return l, row.Scan(&l.id, &l.Ref)
		},
		Fill: func(c *web.Ctx, db bun.IDB, lines []*occurrenceLine) error {
			ids := make([]string, len(lines))
			for i, l := range lines {
				ids[i] = l.id
			}
			found, err := readOccurrences(c.Context(), db, c.Actor, ids)
			for _, l := range lines {
				l.Occurrence = found[l.id]
			}
			return err
		},
		RowID:  func(l *occurrenceLine) string { return l.id },
		Search: list.Search{Label: "report.search", Find: s.findMember("q")},
		Filters: []list.Filter{
			{Name: "region", Label: "report.filter.region", Find: s.findMember("region"), Options: s.regionOptions},
			{Name: "several", Label: "occurrence.filter.several", SQL: "? = 'yes' AND EXISTS (SELECT 1 FROM occurrence x WHERE x.merged_into = o.id)", Options: func(c *web.Ctx) []ui.Option {
				if !access.May(c.Actor, access.OccurrenceMrg) {
					return nil
				}
				return []ui.Option{{Value: "yes", Label: c.T("occurrence.filter.merged")}}
			}},
			{Name: "substance", Label: "report.filter.substance", Find: s.findMember("substance"), Shown: s.substanceShown},
		},
		Columns: []list.Column[*occurrenceLine]{
			{Key: "ref", Label: "occurrence.col.ref", Sort: "o.ref", NoWrap: true, Main: true,
				Cell: func(_ context.Context, l *occurrenceLine) templ.Component {
					return ui.Link("/occurrences/"+l.id, l.Ref, "")
				},
				Text: func(_ context.Context, l *occurrenceLine) string { return l.Ref }},
			{Key: "occurred", Label: "report.col.occurred", Sort: "COALESCE(o.occurred_on,'')", NoWrap: true,
				Cell: func(ctx context.Context, l *occurrenceLine) templ.Component {
					return ui.Moment(l.Occurred.Truncated(l.Precision), locale.DateP(ctx, l.Occurred, l.Precision))
				},
				Text: func(_ context.Context, l *occurrenceLine) string { return l.Occurred.Truncated(l.Precision) }},
			{Key: "region", Label: "report.col.region", Cell: func(ctx context.Context, l *occurrenceLine) templ.Component {
				return ui.Text(s.placeName(ctx, l.Country, l.Region))
			}, Text: func(ctx context.Context, l *occurrenceLine) string {
				return s.placeName(ctx, l.Country, l.Region)
			}},
			{Key: "kinds", Label: "report.col.kind", Cell: func(ctx context.Context, l *occurrenceLine) templ.Component {
				return ui.Text(kindWords(ctx, l.Occurrence))
			},
				Text: func(ctx context.Context, l *occurrenceLine) string { return kindWords(ctx, l.Occurrence) }},
			{Key: "substances", Label: "report.findings", Cell: func(ctx context.Context, l *occurrenceLine) templ.Component {
				return ui.Text(strings.Join(s.findingWords(locale.Lang(ctx), l.Findings), ", "))
			}, Text: func(ctx context.Context, l *occurrenceLine) string {
				return strings.Join(s.findingWords(locale.Lang(ctx), l.Findings), "; ")
			}},
			{Key: "confidence", Label: "report.finding.confidence", Bare: true, NoWrap: true, Cell: func(ctx context.Context, l *occurrenceLine) templ.Component {
				if l.Confidence() == "" {
					return ui.Text("")
				}
				return ui.Confidence(l.Confidence())
			}, Text: func(ctx context.Context, l *occurrenceLine) string {
				return locale.Code(ctx, "confidence", string(l.Confidence()))
			}},
			{Key: "reports", Label: "occurrence.col.reports", Number: true, Minor: true, Cell: func(ctx context.Context, l *occurrenceLine) templ.Component {
				return ui.Text(locale.Int(ctx, len(l.Reports)))
			}, Text: func(ctx context.Context, l *occurrenceLine) string { return locale.Int(ctx, len(l.Reports)) }},
		},
		Act: func(c *web.Ctx) templ.Component {
			if !access.May(c.Actor, access.OccurrenceMrg) {
				return nil
			}
			return ui.Submit(ui.Button{Label: c.T("match.list"), Href: "/matches"})
		},
		Empty: func(c *web.Ctx) ui.Empty {
			return ui.Empty{Title: c.T("occurrence.none"), Text: c.T("occurrence.none.text")}
		},
	}
}

// findMember is the part of the search, the filter by region or that by substance in the condition that they make together: a report of the occurrence, which the
// reader may read, fits all that are set. The first of them makes it.
func (s *Service) findMember(name string) func(c *web.Ctx, db bun.IDB, value string) (list.Found, error) {
	return func(c *web.Ctx, db bun.IDB, _ string) (f list.Found, err error) {
		set := slices.DeleteFunc([]string{"q", "substance", "region"}, func(n string) bool { return strings.TrimSpace(c.Query(n)) == "" })
		if set[0] != name {
			return list.Found{SQL: "1=1"}, nil
		}
		f.SQL, f.Args = memberWhere(c.Actor)
		for _, n := range set {
			v := strings.TrimSpace(c.Query(n))
			part := list.Found{SQL: "r.region = ?", Args: []any{v}}
			switch n {
			case "q":
				part, err = s.Found(c.Context(), db, v)
			case "substance":
				part, err = withSubstance(c.Context(), db, v)
			}
			if err != nil {
				return f, err
			}
			f.SQL, f.Args, f.Narrow, f.Few = f.SQL+" AND "+part.SQL, append(f.Args, part.Args...), f.Narrow || part.Narrow, f.Few || part.Few
		}
		if f.Narrow { // the few are named: given a question in their place, SQLite asked it of all occurrences in the order of the list
			var ids []string
			if err := db.NewRaw("SELECT DISTINCT r.occurrence_id FROM report r WHERE r.occurrence_id IS NOT NULL AND "+f.SQL, f.Args...).Scan(c.Context(), &ids); err != nil {
				return f, err
			}
			f.SQL, f.Args = "o.id IN (?)", []any{bun.List(ids)}
		} else { // looks at the reports of each occurrence
			f.SQL = "EXISTS (SELECT 1 FROM report r WHERE r.occurrence_id = o.id AND " + f.SQL + ")"
		}
		return f, nil
	}
}

func kindWords(ctx context.Context, o Occurrence) string {
	var out []string
	for _, k := range o.Kinds() {
		out = append(out, locale.Code(ctx, "kind", k))
	}
	return strings.Join(out, ", ")
}
