package treatment

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// line is a row of the list: a case with the name of its organisation.
type line struct {
	Case
	org   baqylau.Text
	asked int
}

func scanLine(row list.Row) (l line, err error) {
	var name string
	l.Case, err = scanCase(func(to ...any) error { return row.Scan(append(to, &name, &l.asked)...) })
	l.org = baqylau.ParseText(name)
	return l, err
}

// item is a column with the answer to an item, for exports.
func item(i tdi.Item) list.Column[line] {
	return list.Column[line]{Key: i.Key(), Label: fieldLabel(i.Key()), Text: func(ctx context.Context, l line) string { return l.answer(ctx, i.Key()) }}
}

// answer is what a field says, in the reader's words; "" where it is not known.
func (c *Case) answer(ctx context.Context, field string) string {
	lang := locale.Lang(ctx)
	switch field {
	case tdi.FieldStart:
		return locale.DateP(ctx, c.Start, c.Precision)
	case tdi.FieldSecond:
		return c.secondary(lang)
	case tdi.Primary.Key():
		return c.primary(lang)
	}
	if i, ok := tdi.ItemOf(field); ok && c.Codes[i] != i.List().NotKnown() {
		return i.In(lang, c.Codes[i])
	} else if ok {
		return ""
	}
	return c.Said(field)
}

// primary names the primary drug: the national leaf if one was said, else the protocol's.
func (c *Case) primary(lang baqylau.Lang) string {
	if c.Leaf != "" {
		return tdi.LeafName(lang, c.Leaf)
	}
	return tdi.Primary.In(lang, c.Codes[tdi.Primary])
}

// aloneDrug reports whether the case says that there is no secondary drug.
func (c *Case) aloneDrug() bool {
	return len(c.Secondary) == 1 && tdi.Primary.List().Codes[c.Secondary[0].Drug] == "none"
}

func (c *Case) secondary(lang baqylau.Lang) string {
	out := ""
	for i, u := range c.Secondary {
		if i > 0 {
			out += ", "
		}
		if u.Leaf != "" {
			out += tdi.LeafName(lang, u.Leaf)
		} else {
			out += tdi.Primary.In(lang, u.Drug)
		}
	}
	return out
}

// caseList is the list of the cases that a person may see: their organisation's, or all. Persons are in none of its columns.
func (s *Service) caseList() *list.Spec[line] {
	spec := &list.Spec[line]{
		Name: "treatment", Path: room, Room: room, Title: "tdi.list", Select: caseSelect + ", COALESCE(g.name,''), e.asked",
		From: "episode e LEFT JOIN organisation g ON g.id = e.org_id", ID: "e.id", Default: "-recorded", Export: true,
		Where: func(c *web.Ctx) (string, []any) {
			force, args := inForce("e", change.Today(c.Now()))
			scope, more := access.Where(c.Actor, access.EpisodeRead, "e")
			return force + " AND " + scope, append(args, more...)
		},
		Scan:  scanLine,
		RowID: func(l line) string { return l.ID },
		Search: list.Search{Label: "tdi.search", Find: func(_ *web.Ctx, _ bun.IDB, q string) (list.Found, error) {
			return list.Found{SQL: "(e.ref = ? OR e.facility = ?)", Args: []any{q, q}}, nil
		}},
		Filters: []list.Filter{
			{Name: "year", Label: "tdi.year", SQL: "e.year = ?", Options: s.yearOptions, Map: func(v string) (any, bool) { n, err := strconv.Atoi(v); return int64(n), err == nil }},
			{Name: "centre", Label: fieldLabel(tdi.Centre.Key()), SQL: "e.centre_type = ?", Options: itemOptions(tdi.Centre)},
			{Name: "region", Label: fieldLabel(tdi.FieldRegion), SQL: "e.region = ?", Options: s.regionOptions},
			{Name: "drug", Label: fieldLabel(tdi.Primary.Key()), SQL: "e.primary_drug = ?", Options: itemOptions(tdi.Primary)},
			{Name: "asked", Label: "tdi.asked.filter", SQL: "(CASE WHEN e.asked > 0 AND e.confirmed = '' THEN 'yes' ELSE 'no' END) = ?", Options: func(c *web.Ctx) []ui.Option {
				return []ui.Option{{Value: "yes", Label: c.T("tdi.asked.open")}}
			}},
			{Name: "batch", Label: "tdi.batch", SQL: "e.batch_id = ?", Narrow: true, Shown: func(_ *web.Ctx, id string) string { return "…" + id[max(0, len(id)-8):] }},
		},
		Act: func(c *web.Ctx) templ.Component {
			if !access.May(c.Actor, access.EpisodeWrite) {
				return listActs(false)
			}
			return listActs(true)
		},
		Above: func(c *web.Ctx) (templ.Component, error) {
			made, err := s.hasSynthetic(c.Context())
			return listNote(made), err
		},
		Empty: func(c *web.Ctx) ui.Empty { return ui.Empty{Title: c.T("tdi.none"), Text: c.T("tdi.none.text")} },
	}
	spec.Columns = []list.Column[line]{
		{Key: "start", Label: fieldLabel(tdi.FieldStart), Sort: "e.start_on", NoWrap: true, Main: true,
			Cell: func(ctx context.Context, l line) templ.Component {
				return ui.Link(room+"/"+l.ID, locale.DateP(ctx, l.Start, l.Precision), l.Ref)
			},
			Text: func(_ context.Context, l line) string { return l.Start.Truncated(l.Precision) }},
		{Key: "ref", Label: "tdi.ref", Text: func(_ context.Context, l line) string { return l.Ref }},
		{Key: "centre", Label: fieldLabel(tdi.Centre.Key()), Sort: "e.centre_type",
			Cell: func(ctx context.Context, l line) templ.Component {
				return ui.Lines(l.answer(ctx, tdi.Centre.Key()), l.Facility)
			},
			Text: func(ctx context.Context, l line) string { return l.answer(ctx, tdi.Centre.Key()) }},
		{Key: "facility", Label: fieldLabel(tdi.FieldFacility), Text: func(_ context.Context, l line) string { return l.Facility }},
		{Key: "region", Label: fieldLabel(tdi.FieldRegion), Cell: func(ctx context.Context, l line) templ.Component { return ui.Text(s.regionName(ctx, l.Region)) },
			Text: func(ctx context.Context, l line) string { return s.regionName(ctx, l.Region) }},
		{Key: "sex", Label: fieldLabel(tdi.Sex.Key()), Cell: func(ctx context.Context, l line) templ.Component { return ui.Text(l.answer(ctx, tdi.Sex.Key())) },
			Text: func(ctx context.Context, l line) string { return l.answer(ctx, tdi.Sex.Key()) }},
		{Key: "age", Label: fieldLabel(tdi.FieldAge), Number: true, Sort: "COALESCE(e.age,-1)", Cell: func(_ context.Context, l line) templ.Component { return ui.Text(l.Said(tdi.FieldAge)) },
			Text: func(_ context.Context, l line) string { return l.Said(tdi.FieldAge) }},
		{Key: "drug", Label: fieldLabel(tdi.Primary.Key()), Sort: "e.primary_drug",
			Cell: func(ctx context.Context, l line) templ.Component {
				also := ""
				if s := l.secondary(locale.Lang(ctx)); s != "" && !l.aloneDrug() {
					also = "+ " + s
				}
				return ui.Lines(l.primary(locale.Lang(ctx)), also)
			},
			Text: func(ctx context.Context, l line) string {
				return l.Get(tdi.Primary) + " " + l.primary(locale.Lang(ctx))
			}},
		{Key: "secondary", Label: fieldLabel(tdi.FieldSecond), Text: func(ctx context.Context, l line) string { return l.secondary(locale.Lang(ctx)) }},
		{Key: "org", Label: "tdi.org", Minor: true, Cell: func(ctx context.Context, l line) templ.Component { return ui.Clamp(l.org.In(locale.Lang(ctx))) },
			Text: func(ctx context.Context, l line) string { return l.org.In(locale.Lang(ctx)) }},
		{Key: "marks", Label: "tdi.marks", Bare: true, Cell: func(_ context.Context, l line) templ.Component { return marks(l) },
			Text: func(ctx context.Context, l line) string {
				if l.Synthetic {
					return locale.T(ctx, "tdi.synthetic")
				}
				return ""
			}},
		{Key: "recorded", Label: "tdi.recorded", Sort: "e.recorded_at", NoWrap: true, Minor: true,
			Cell: func(ctx context.Context, l line) templ.Component {
				return ui.Moment(l.Recorded.Format("2006-01-02T15:04Z"), locale.DateTime(ctx, l.Recorded))
			},
			Text: func(ctx context.Context, l line) string { return locale.Stamp(ctx, l.Recorded) }},
	}
	for _, i := range []tdi.Item{tdi.Status, tdi.Referral, tdi.LivingWith, tdi.LivingChildren, tdi.LivingWhere, tdi.Education, tdi.Labour, tdi.Route, tdi.Frequency, tdi.Polydrug, tdi.Injecting,
		tdi.InjectingYears, tdi.HIV, tdi.HCV, tdi.Sharing, tdi.OAT, tdi.OATYears} {
		spec.Columns = append(spec.Columns, item(i))
	}
	return spec
}

// hasSynthetic tells whether the register holds made-up cases.
func (s *Service) hasSynthetic(ctx context.Context) (made bool, err error) {
	var n int
	err = s.W.DB.Read.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM episode e WHERE e.synthetic LIMIT 1) x").Scan(&n)
	return n > 0, err
}

func (s *Service) regionName(ctx context.Context, code string) string {
	if r, ok := s.Shelf.Book().Region(code); ok {
		return r.Name.In(locale.Lang(ctx))
	}
	return code
}

func (s *Service) regionOptions(c *web.Ctx) []ui.Option {
	var out []ui.Option
	for _, r := range s.Shelf.Book().Regions(s.Home) {
		out = append(out, ui.Option{Value: r.Code, Label: r.Name.In(c.Lang())})
	}
	return ui.ByName(c.Context(), out)
}

// itemOptions are the answers to an item in the order of the protocol.
func itemOptions(i tdi.Item) func(c *web.Ctx) []ui.Option {
	return func(c *web.Ctx) []ui.Option {
		var out []ui.Option
		for n, code := range i.List().Codes {
			if i == tdi.Primary && (code == "8" || code == "none") {
				continue
			}
			label := i.In(c.Lang(), tdi.Code(n))
			if i == tdi.Primary && code != "99" {
				label = code + " " + label
			}
			out = append(out, ui.Option{Value: code, Label: label})
		}
		return out
	}
}

// yearOptions are the years of the register, newest first.
func (s *Service) yearOptions(c *web.Ctx) []ui.Option {
	var out []ui.Option
	for _, y := range s.years(c.Context()) {
		out = append(out, ui.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
	return out
}

// years are the years of the register, newest first; none where the database does not answer, which the page itself will say.
func (s *Service) years(ctx context.Context) (out []int) {
	var low, high int
	if err := s.W.DB.Read.QueryRowContext(ctx, "SELECT COALESCE(min(year), 0), COALESCE(max(year), -1) FROM episode WHERE country = ?", s.Home).Scan(&low, &high); err != nil {
		return nil
	}
	for y := high; y >= low && len(out) < 60; y-- {
		out = append(out, y)
	}
	return out
}

// fieldLabel is the catalogue key of a field's name.
func fieldLabel(field string) string { return "tdi.field." + field }
