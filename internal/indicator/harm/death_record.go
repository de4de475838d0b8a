package harm

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

type deathRecordView struct {
	head           ui.Head
	id             string
	matches, facts []ui.Fact
	doubts         []string
	mayWrite       bool
}

func (s *Service) showDeath(c *web.Ctx) error {
	d, err := s.Death(c.Context(), c.Actor, c.Path("id"))
	if err != nil {
		return err
	}
	ctx := c.Context()
	v := deathRecordView{id: d.ID, head: ui.Head{Title: c.T("death.record.title", "Date", locale.DateP(ctx, d.Died, d.Precision)), Sub: []string{s.place(ctx, cmp.Or(d.Residence, d.Record.Place, d.Country))}}}
	if d.Synthetic {
		v.head.Tags = append(v.head.Tags, ui.Tag(c.T("death.synthetic")))
	}
	v.mayWrite = access.MayRow(c.Actor, access.EpisodeWrite, access.Row{OrgID: d.OrgID, OwnerID: d.AccountID, Domain: d.Domain})
	for _, sel := range death.Selections {
		if m, ok := s.Rules.Select(d.Record, sel); ok {
			v.matches = append(v.matches, ui.Fact{Name: selectionName(ctx, sel), Value: ui.Text(why(ctx, m))})
		}
	}
	for _, x := range d.Doubts() {
		v.doubts = append(v.doubts, locale.T(ctx, "check.rule."+x.Rule)+" ("+x.First+", "+x.Second+")")
	}
	fact := func(key, value string) {
		if value != "" {
			v.facts = append(v.facts, ui.Fact{Name: c.T(key), Value: ui.Text(value)})
		}
	}
	fact("death.field.register", label(ctx, "death-register", string(d.Register)))
	fact("death.field.sex", label(ctx, "sex", d.Sex))
	fact("death.field.age", ageSaid(d.Record))
	fact("death.field.manner", label(ctx, "death-manner", string(d.Manner)))
	fact("death.field.underlying", string(d.Underlying))
	fact("death.field.causes", death.Join(d.Causes))
	fact("death.field.autopsy", label(ctx, "known", string(d.Autopsy)))
	fact("death.field.toxicology", label(ctx, "known", string(d.Toxicology)))
	if d.Record.Place != "" {
		fact("death.field.place", s.place(ctx, d.Record.Place))
	}
	for _, role := range codelist.Values("death-substance-role") {
		if names := s.poisons(ctx, d.Substances, role.Code); len(names) > 0 {
			v.facts = append(v.facts, ui.Fact{Name: locale.Capital(role.Name.In(c.Lang())), Value: ui.Text(strings.Join(names, ", "))})
		}
	}
	fact("death.field.note", d.Note)
	return c.Render(web.Page{Title: v.head.Title, Room: deathsPath, Kind: ui.Narrow, Body: deathRecord(v)})
}

// poisons names substances, each once; those of one role, or of all with "".
func (s *Service) poisons(ctx context.Context, list []death.Substance, role string) (names []string) {
	for _, x := range list {
		if name := s.substanceName(ctx, x); (role == "" || string(x.Role) == role) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// substanceName is what the registry calls a substance, else what the source wrote.
func (s *Service) substanceName(ctx context.Context, x death.Substance) string {
	if sub, ok := s.Shelf.Book().Substance(x.ID); ok {
		return sub.Label.In(locale.Lang(ctx))
	}
	return x.Name
}

func ageText(r death.Record) string {
	if r.Age >= 0 {
		return itoa(r.Age)
	}
	return r.Band
}

// ageSaid is ageText with the dash of a span.
func ageSaid(r death.Record) string { return strings.ReplaceAll(ageText(r), "-", "–") }

// why tells by which rule a death is in a selection, and what in it fulfilled the rule.
func why(ctx context.Context, m death.Match) string {
	parts := []string{ruleName(ctx, m.Rule.Name)}
	if m.Underlying != "" {
		parts = append(parts, string(m.Underlying))
	}
	for _, c := range m.With {
		if !slices.Contains(parts, string(c)) {
			parts = append(parts, string(c))
		}
	}
	for _, d := range m.Drugs {
		if d == death.NPS {
			parts = append(parts, locale.T(ctx, "death.nps"))
		} else {
			parts = append(parts, drugName(ctx, d))
		}
	}
	text := parts[0]
	if len(parts) > 1 {
		text += ": " + strings.Join(parts[1:], ", ")
	}
	if !m.Rule.Verified {
		text += " (" + locale.T(ctx, "death.rule.unverified") + ")"
	}
	return text
}

// deathList is the list of the records that the reader may see.
func (s *Service) deathList() *list.Spec[*Death] {
	text := func(f func(context.Context, *Death) string) func(context.Context, *Death) templ.Component {
		return func(ctx context.Context, d *Death) templ.Component { return ui.Text(f(ctx, d)) }
	}
	died := func(ctx context.Context, d *Death) string { return locale.DateP(ctx, d.Died, d.Precision) }
	region := func(ctx context.Context, d *Death) string { return s.place(ctx, d.Residence) }
	codes := func(_ context.Context, d *Death) string { return death.Join(d.Codes()) }
	poisons := func(ctx context.Context, d *Death) string {
		return strings.Join(s.poisons(ctx, d.Substances, ""), ", ")
	}
	selections := func(ctx context.Context, d *Death) string {
		var names []string
		for _, sel := range death.Selections {
			if _, ok := s.Rules.Select(d.Record, sel); ok {
				names = append(names, selectionName(ctx, sel))
			}
		}
		return strings.Join(names, ", ")
	}
	coded := func(list string, get func(*Death) string) func(context.Context, *Death) string {
		return func(ctx context.Context, d *Death) string { return label(ctx, list, get(d)) }
	}
	sex, manner, register := coded("sex", func(d *Death) string { return d.Sex }), coded("death-manner", func(d *Death) string { return string(d.Manner) }), coded("death-register", func(d *Death) string { return string(d.Register) })
	return &list.Spec[*Death]{
		Name: "deaths", Path: "/deaths/records", Room: deathsPath, Title: "death.records", Select: deathSelect, From: "death r", ID: "r.id", Default: "-died", Export: true,
		Where: func(c *web.Ctx) (string, []any) {
			scope, args := access.Where(c.Actor, access.EpisodeRead, "r")
			force, more := held.InForce("death", "r", s.today())
			return scope + " AND " + force, append(args, more...)
		},
		Columns: []list.Column[*Death]{
			{Key: "died", Label: "death.field.died_on", Sort: "r.died_on", NoWrap: true, Main: true, Text: died, Cell: func(ctx context.Context, d *Death) templ.Component {
				return ui.Link("/deaths/records/"+d.ID, died(ctx, d), syntheticWord(ctx, d.Synthetic))
			}},
			{Key: "region", Label: "death.field.region", Sort: "r.region", Text: region, Cell: func(ctx context.Context, d *Death) templ.Component {
				where := ""
				if d.Residence == "" && d.Record.Place != "" { // what is known of the place all the same
					where = locale.T(ctx, "death.field.place") + ": " + s.place(ctx, d.Record.Place)
				}
				return ui.Lines(region(ctx, d), where)
			}},
			{Key: "sex", Label: "death.field.sex", Sort: "r.sex", Text: sex, Cell: text(sex)},
			{Key: "age", Label: "death.field.age", Sort: "COALESCE(r.age, -1)", Number: true, Text: func(_ context.Context, d *Death) string { return ageText(d.Record) }, Cell: text(func(_ context.Context, d *Death) string { return ageSaid(d.Record) })},
			{Key: "codes", Label: "death.codes", Sort: "r.underlying", Text: codes, Cell: text(codes)},
			{Key: "substances", Label: "death.substances", Text: poisons, Cell: text(poisons)},
			{Key: "selections", Label: "death.counts_in", Text: selections, Cell: text(selections)},
			{Key: "manner", Label: "death.field.manner", Text: manner},
			{Key: "register", Label: "death.field.register", Text: register},
			{Key: "synthetic", Label: "death.synthetic", Text: func(_ context.Context, d *Death) string { return map[bool]string{true: "synthetic"}[d.Synthetic] }},
		},
		Filters: []list.Filter{
			{Name: "batch", Label: "death.filter.batch", SQL: "r.batch_id = ?", Shown: func(*web.Ctx, string) string { return "" }},
			{Name: "region", Label: "death.field.region", SQL: "r.region = ?", Options: func(c *web.Ctx) []ui.Option { return s.regions(c)[1:] }},
			{Name: "register", Label: "death.field.register", SQL: "r.register = ?", Options: codeOptions("death-register")},
			{Name: "manner", Label: "death.field.manner", SQL: "r.manner = ?", Options: codeOptions("death-manner")},
			{Name: "year", Label: "death.year", SQL: "substr(r.died_on, 1, 4) = ?"},
			{Name: "sex", Label: "death.field.sex", SQL: "r.sex = ?", Options: codeOptions("sex")},
			{Name: "selection", Label: "death.counts_in", Options: selectionOptions, Find: s.which(func(d *Death, v string) bool { _, ok := s.Rules.Select(d.Record, death.Selection(v)); return ok })},
			{Name: "age", Label: "death.field.age", Find: s.which(func(d *Death, v string) bool { return v == d.BandOf() || v == death.Adult.Code && d.IsAdult() })},
			{Name: "drug", Label: "death.substances", Shown: func(c *web.Ctx, v string) string { return define.Current().Label(c.Lang(), "drug", v) }, Find: s.which(func(d *Death, v string) bool {
				return slices.ContainsFunc(d.Substances, func(x death.Substance) bool {
					return x.Poisons() && define.Current().Within("drug", x.Drug, v)
				})
			})},
		},
		Scan: func(row list.Row) (*Death, error) {
			d, err := scanDeath(row)
			return &d, err
		},
		Fill: s.fillSubstances,
		Act: func(c *web.Ctx) templ.Component {
			if mayKeep(c.Actor) != nil || !access.May(c.Actor, access.EpisodeWrite) {
				return nil
			}
			return ui.Submit(ui.Button{Label: c.T("death.new"), Href: "/deaths/new"})
		},
		Empty: func(c *web.Ctx) ui.Empty { return ui.Empty{Title: c.T("death.none"), Text: c.T("death.none.text")} },
	}
}

func selectionOptions(c *web.Ctx) (out []ui.Option) {
	for _, sel := range death.Selections {
		out = append(out, ui.Option{Value: string(sel), Label: selectionName(c.Context(), sel)})
	}
	return out
}

// which makes a filter of what only the rules know of a death: it judges all that the reader may see.
func (s *Service) which(is func(d *Death, value string) bool) func(c *web.Ctx, db bun.IDB, value string) (list.Found, error) {
	return func(c *web.Ctx, db bun.IDB, value string) (list.Found, error) {
		scope, args := access.Where(c.Actor, access.EpisodeRead, "r")
		force, more := held.InForce("death", "r", s.today())
		all, err := readDeaths(c.Context(), db, []condition{{scope + " AND " + force, append(args, more...)}})
		if err != nil {
			return list.Found{}, err
		}
		var ids []string
		for i := range all {
			if is(&all[i], value) {
				ids = append(ids, all[i].ID)
			}
		}
		in, found := store.In(ids)
		return list.Found{SQL: "r.id IN (" + in + ")", Args: found}, nil
	}
}

func codeOptions(list string) func(c *web.Ctx) []ui.Option {
	return func(c *web.Ctx) []ui.Option { return options(c, list)[1:] }
}
