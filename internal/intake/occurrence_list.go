package intake

import (
	"context"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// occurrenceLine is a row of the list: the occurrence as the reader may know it.
type occurrenceLine struct{ id, Ref string }

// listOccurrences serves the list; what it says of each occurrence depends on who reads, so it is declared for each request.
func (s *Service) listOccurrences(c *web.Ctx) error {
	actor, read := c.Actor, map[string]Occurrence{}
	of := func(ctx context.Context, l occurrenceLine) Occurrence {
		o, ok := read[l.id]
		if !ok {
			o, _ = ReadOccurrence(ctx, s.W.DB.Read, actor, l.id) // one that went away meanwhile shows empty cells
			read[l.id] = o
		}
		return o
	}
	spec := &list.Spec[occurrenceLine]{
		Name: "occurrences", Path: "/occurrences", Room: "/occurrences", Title: "occurrence.list",
		Select: "o.id, o.ref", From: "occurrence o", ID: "o.id", Default: "-occurred", Export: true,
		Where: func(c *web.Ctx) (string, []any) {
			where, args := memberWhere(actor)
			if v := c.Query("region"); v != "" { // filters look at the reader's own reports only, or they would tell what others reported
				where, args = where+" AND r.region = ?", append(args, v)
			}
			if v := c.Query("q"); v != "" {
				where, args = where+` AND r.text_fold LIKE ? ESCAPE '\'`, append(args, list.Pattern(v))
			}
			if v := c.Query("substance"); v != "" {
				where, args = where+" AND EXISTS (SELECT 1 FROM finding f WHERE f.report_id = r.id AND f.superseded_on IS NULL AND f.substance_id = ?)", append(args, v)
			}
			return Visible("o") + " AND o.merged_into IS NULL AND EXISTS (SELECT 1 FROM report r WHERE r.occurrence_id = o.id AND " + where + ")", args
		},
		Scan: func(row list.Row) (l occurrenceLine, err error) {
			err = row.Scan(&l.id, &l.Ref)
			return l, err
		},
		RowID:  func(l occurrenceLine) string { return l.id },
		Search: list.Search{Label: "report.search", SQL: "? <> ''"},
		Filters: []list.Filter{
			{Name: "region", Label: "report.filter.region", SQL: "? <> ''", Options: s.regionOptions},
			{Name: "several", Label: "occurrence.filter.several", SQL: "? = 'yes' AND EXISTS (SELECT 1 FROM occurrence x WHERE x.merged_into = o.id)", Options: func(c *web.Ctx) []ui.Option {
				if !access.May(c.Actor, access.OccurrenceMrg) {
					return nil
				}
				return []ui.Option{{Value: "yes", Label: c.T("occurrence.filter.merged")}}
			}},
			{Name: "substance", Label: "report.filter.substance", SQL: "? <> ''"},
		},
		Columns: []list.Column[occurrenceLine]{
			{Key: "ref", Label: "occurrence.col.ref", Sort: "o.ref", NoWrap: true, Main: true,
				Cell: func(_ context.Context, l occurrenceLine) templ.Component {
					return ui.Link("/occurrences/"+l.id, l.Ref, "")
				},
				Text: func(_ context.Context, l occurrenceLine) string { return l.Ref }},
			{Key: "occurred", Label: "report.col.occurred", Sort: "COALESCE(o.occurred_on,'')", NoWrap: true,
				Cell: func(ctx context.Context, l occurrenceLine) templ.Component {
					o := of(ctx, l)
					return ui.Moment(o.Occurred.Truncated(o.Precision), locale.DateP(ctx, o.Occurred, o.Precision))
				},
				Text: func(ctx context.Context, l occurrenceLine) string {
					o := of(ctx, l)
					return o.Occurred.Truncated(o.Precision)
				}},
			{Key: "region", Label: "report.col.region", Cell: func(ctx context.Context, l occurrenceLine) templ.Component {
				o := of(ctx, l)
				return ui.Text(s.placeName(ctx, o.Country, o.Region))
			}, Text: func(ctx context.Context, l occurrenceLine) string {
				o := of(ctx, l)
				return s.placeName(ctx, o.Country, o.Region)
			}},
			{Key: "kinds", Label: "report.col.kind", Cell: func(ctx context.Context, l occurrenceLine) templ.Component {
				return ui.Text(kindWords(ctx, of(ctx, l)))
			},
				Text: func(ctx context.Context, l occurrenceLine) string { return kindWords(ctx, of(ctx, l)) }},
			{Key: "substances", Label: "report.findings", Cell: func(ctx context.Context, l occurrenceLine) templ.Component {
				return ui.Text(strings.Join(s.findingWords(locale.Lang(ctx), of(ctx, l).Findings), ", "))
			}, Text: func(ctx context.Context, l occurrenceLine) string {
				return strings.Join(s.findingWords(locale.Lang(ctx), of(ctx, l).Findings), "; ")
			}},
			{Key: "confidence", Label: "report.finding.confidence", Bare: true, NoWrap: true, Cell: func(ctx context.Context, l occurrenceLine) templ.Component {
				o := of(ctx, l)
				if o.Confidence() == "" {
					return ui.Text("")
				}
				return ui.Confidence(o.Confidence())
			}, Text: func(ctx context.Context, l occurrenceLine) string {
				o := of(ctx, l)
				return locale.Code(ctx, "confidence", string(o.Confidence()))
			}},
			{Key: "reports", Label: "occurrence.col.reports", Number: true, Minor: true, Cell: func(ctx context.Context, l occurrenceLine) templ.Component {
				return ui.Text(locale.Int(ctx, len(of(ctx, l).Reports)))
			}, Text: func(ctx context.Context, l occurrenceLine) string { return locale.Int(ctx, len(of(ctx, l).Reports)) }},
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
	return spec.Handler(s.W)(c)
}

func kindWords(ctx context.Context, o Occurrence) string {
	var out []string
	for _, k := range o.Kinds() {
		out = append(out, locale.Code(ctx, "kind", k))
	}
	return strings.Join(out, ", ")
}
