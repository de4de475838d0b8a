package registry

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// Answers to "is it controlled here today".
const (
	byName      = "named"
	byFamily    = "generic"
	notRecorded = "unrecorded"
)

// substanceList is the list of substances. The database finds and sorts; what is shown comes from the Book.
func (s *Service) substanceList() *list.Spec[*Substance] {
	return &list.Spec[*Substance]{
		Name: "substances", Path: substancesRoom, Room: substancesRoom, Title: "registry.substances",
		Select: "s.id, s.name", From: "substance s", ID: "s.id", Default: "name", Export: true,
		Where: func(*web.Ctx) (string, []any) { return "s.state NOT IN ('merged','retracted')", nil },
		Scan:  s.scan,
		Search: list.Search{Label: "registry.search", SQL: `s.id IN (SELECT n.substance_id FROM substance_name n WHERE n.fold LIKE ? ESCAPE '\')
			OR replace(s.cas, '-', '') LIKE ? ESCAPE '\' OR lower(replace(coalesce(s.inchikey, ''), '-', '')) LIKE ? ESCAPE '\'`},
		Columns: s.columns(),
		Filters: s.filters(),
		Act:     s.enterButton,
		Above:   s.nearest,
		Empty: func(c *web.Ctx) ui.Empty {
			return ui.Empty{Title: c.T("registry.none"), Text: c.T("registry.none.text")}
		},
	}
}

func (s *Service) scan(r list.Row) (*Substance, error) {
	var id, name string
	if err := r.Scan(&id, &name); err != nil {
		return nil, err
	}
	if x, ok := s.Shelf.Book().Substance(id); ok {
		return x, nil
	}
	return &Substance{Name: name, Label: baqylau.Same(name)}, nil // entered by another node a moment ago
}

func (s *Service) columns() []list.Column[*Substance] {
	text := func(f func(context.Context, *Substance) string) func(context.Context, *Substance) templ.Component {
		return func(ctx context.Context, x *Substance) templ.Component { return ui.Text(f(ctx, x)) }
	}
	label := func(ctx context.Context, x *Substance) string { return x.Label.In(locale.Lang(ctx)) }
	family := func(ctx context.Context, x *Substance) string { return s.familyNames(ctx, x, false) }
	effect := func(ctx context.Context, x *Substance) string { return s.familyNames(ctx, x, true) }
	return []list.Column[*Substance]{
		{Key: "name", Label: "registry.substance", Main: true, Cell: nameCell, Spelled: label, Text: label},
		{Key: "family", Label: "registry.family", Cell: text(family), Spelled: family, Text: family},
		{Key: "effect", Label: "registry.effect", Minor: true, Cell: text(effect), Text: effect},
		{Key: "law", Label: "registry.law_today", Cell: text(s.lawToday), Text: s.lawToday},
		{Key: "watch", Label: "registry.watch", Sort: "CASE WHEN s.watch THEN 0 ELSE 1 END", Bare: true, NoWrap: true, Cell: watchCell, Text: watchWord},
	}
}

func nameCell(ctx context.Context, x *Substance) templ.Component {
	label, note := x.Label.In(locale.Lang(ctx)), ""
	if compact(label) != compact(x.Name) {
		note = x.Name
	}
	return ui.Link("/substances/"+x.ID, label, note)
}

func watchWord(ctx context.Context, x *Substance) string {
	if !x.Watch {
		return ""
	}
	return locale.Code(ctx, "watch_reason", x.WatchReason)
}

func watchCell(ctx context.Context, x *Substance) templ.Component {
	if !x.Watch {
		return nil
	}
	return ui.Tag(watchWord(ctx, x))
}

// familyNames joins the names of a substance's chemical families or of its effect groups.
func (s *Service) familyNames(ctx context.Context, x *Substance, effect bool) string {
	var names []string
	b := s.Shelf.Book()
	for _, code := range x.Families {
		if f, ok := b.Family(code); ok && f.Effect == effect {
			names = append(names, f.Name.In(locale.Lang(ctx)))
		}
	}
	return strings.Join(names, ", ")
}

// lawToday says in a word what is recorded of a substance in the home country's law on the present day.
func (s *Service) lawToday(ctx context.Context, x *Substance) string {
	var words []string
	for _, st := range s.Shelf.Book().StatusOn(x.ID, s.Home, change.Today(s.Write.Now())) {
		w := locale.Code(ctx, "legal_basis", st.Basis)
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

func (s *Service) filters() []list.Filter {
	return []list.Filter{
		{Name: "family", Label: "registry.all_families", SQL: memberOf, Map: s.descendants,
			Options: func(c *web.Ctx) []ui.Option { return s.familyOptions(c.Context(), false) }},
		{Name: "effect", Label: "registry.all_effects", SQL: memberOf, Map: s.descendants,
			Options: func(c *web.Ctx) []ui.Option { return s.familyOptions(c.Context(), true) }},
		{Name: "watch", Label: "registry.watched_or_not", SQL: "s.watch = ?", Map: func(v string) (any, bool) { return v == "yes", v == "yes" || v == "no" },
			Options: func(c *web.Ctx) []ui.Option {
				return []ui.Option{{Value: "yes", Label: c.T("registry.watched")}, {Value: "no", Label: c.T("registry.not_watched")}}
			}},
		{Name: "law", Label: "registry.any_law", SQL: "s.id IN (?)", Map: s.byLaw,
			Options: func(c *web.Ctx) []ui.Option {
				return []ui.Option{{Value: byName, Label: c.T("registry.law.named")}, {Value: byFamily, Label: c.T("registry.law.generic")}, {Value: notRecorded, Label: c.T("registry.law.unrecorded")}}
			}},
	}
}

const memberOf = "s.id IN (SELECT f.substance_id FROM substance_family f WHERE f.family IN (?))"

// descendants turns a family into itself and all families below it.
func (s *Service) descendants(code string) (any, bool) {
	b := s.Shelf.Book()
	var codes []string
	for _, f := range b.AllFamilies() {
		if slices.Contains(b.Ancestors(f.Code), code) {
			codes = append(codes, f.Code)
		}
	}
	return bun.List(codes), len(codes) > 0
}

// byLaw lists the substances whose status in the home country today is of a kind.
func (s *Service) byLaw(kind string) (any, bool) {
	b, today := s.Shelf.Book(), change.Today(s.Write.Now())
	ids := []string{""} // an IN list must not be empty
	for _, x := range b.Substances() {
		got := notRecorded
		if list := b.StatusOn(x.ID, s.Home, today); len(list) > 0 {
			got = byName
			if list[0].Family != "" {
				got = byFamily
			}
		}
		if got == kind {
			ids = append(ids, x.ID)
		}
	}
	return bun.List(ids), kind == byName || kind == byFamily || kind == notRecorded
}

// familyOptions lists families as choices, children indented below their parent, or the effect groups.
func (s *Service) familyOptions(ctx context.Context, effect bool) []ui.Option {
	b := s.Shelf.Book()
	var list []ui.Option
	for _, f := range b.AllFamilies() {
		if f.Effect == effect {
			list = append(list, ui.Option{Value: f.Code, Label: strings.Repeat("\u2003", len(b.Ancestors(f.Code))-1) + f.Name.In(locale.Lang(ctx))})
		}
	}
	return list
}

func (s *Service) enterButton(c *web.Ctx) templ.Component {
	if !access.May(c.Actor, access.RegistryEdit) {
		return nil
	}
	return ui.Submit(ui.Button{Label: c.T("registry.enter"), Href: "/substances/new"})
}

// nearest offers what a misspelt search may have meant.
func (s *Service) nearest(c *web.Ctx) (templ.Component, error) {
	found := s.Shelf.Book().Search(c.Query("q"), 3)
	if len(found) == 0 || !found[0].Mended() {
		return nil, nil
	}
	return didYouMean(found), nil
}
