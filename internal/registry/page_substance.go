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
	"github.com/baqylau/baqylau/internal/web/ui"
)

// substanceView is what the page of a substance shows.
type substanceView struct {
	*Substance
	s        *Service
	may      bool // this person may edit
	today    baqylau.Date
	names    []Name // without street names
	streets  []Name
	statuses []Status
	seen     []Sighting
	sections []templ.Component
}

func (s *Service) showSubstance(c *web.Ctx) error {
	x, err := s.find(c.Path("id"))
	if err != nil {
		return err
	}
	b := s.Shelf.Book()
	v := substanceView{Substance: x, s: s, may: access.May(c.Actor, access.RegistryEdit), today: change.Today(c.Now()), statuses: b.Statuses(x.ID)}
	for _, n := range b.Names(x.ID) {
		if n.Type == Street {
			v.streets = append(v.streets, n)
		} else {
			v.add(n)
		}
	}
	slices.SortStableFunc(v.statuses, func(x, y Status) int { return homeFirst(s.Home, x, y) })
	if s.FirstSeen != nil {
		if v.seen, err = s.FirstSeen(c.Context(), c.Actor, x.ID); err != nil {
			return err
		}
	}
	for _, section := range s.Sections {
		part, err := section(c.Context(), c.Actor, x.ID)
		if err != nil {
			return err
		}
		if part != nil {
			v.sections = append(v.sections, part)
		}
	}
	return c.Render(web.Page{Title: x.Label.In(c.Lang()), Room: substancesRoom, Body: v.page(), AsOf: locale.DateLong(c.Context(), v.today)})
}

func homeFirst(home string, x, y Status) int {
	switch {
	case x.Jurisdiction == y.Jurisdiction:
		return 0
	case x.Jurisdiction == home:
		return -1
	case y.Jurisdiction == home:
		return 1
	}
	return strings.Compare(x.Jurisdiction, y.Jurisdiction)
}

func (v substanceView) head(ctx context.Context) ui.Head {
	h := ui.Head{Title: locale.Capital(v.Label.In(locale.Lang(ctx)))}
	if v.Watch {
		h.Tags = append(h.Tags, watchCell(ctx, v.Substance))
	}
	if v.State != "identified" {
		h.Tags = append(h.Tags, ui.Tag(locale.Code(ctx, "substance_state", v.State)))
	}
	if compact(h.Title) != compact(v.Name) {
		h.Sub = append(h.Sub, v.Name)
	}
	for _, effect := range []bool{false, true} {
		if f := v.s.familyNames(ctx, v.Substance, effect); f != "" {
			h.Sub = append(h.Sub, f)
		}
	}
	return h
}

// facts are the identifiers and the place in the registry.
func (v substanceView) facts(ctx context.Context) []ui.Fact {
	var list []ui.Fact
	add := func(key string, c templ.Component) { list = append(list, ui.Fact{Name: locale.T(ctx, key), Value: c}) }
	add("registry.name_international", ui.Text(v.Name))
	for _, l := range baqylau.Langs[:2] {
		if t := v.Label.Exact(l); t != "" {
			list = append(list, ui.Fact{Name: locale.Code(ctx, "lang", string(l)), Value: ui.Text(t)})
		}
	}
	add("registry.family", v.familyLinks(false))
	if v.s.familyNames(ctx, v.Substance, true) != "" {
		add("registry.effect", v.familyLinks(true))
	}
	if v.InChIKey != "" {
		add("registry.inchikey", ui.Code(v.InChIKey))
	}
	if len(v.CAS) > 0 {
		add("registry.cas", ui.Code(strings.Join(v.CAS, ", ")))
	}
	if p, ok := v.s.Shelf.Book().Substance(v.ParentID); ok {
		add("registry.parent", ui.Link("/substances/"+p.ID, p.Label.In(locale.Lang(ctx)), ""))
	}
	add("registry.state", ui.Text(locale.Code(ctx, "substance_state", v.State)))
	if v.Source != "" {
		add("registry.sources_of_entry", ui.Text(entrySources(ctx, v.Source)))
	}
	return list
}

// line is a family with those above it, nearest last: "opioids → fentanyls".
func (v substanceView) line(ctx context.Context, code string) string {
	b := v.s.Shelf.Book()
	var names []string
	for _, a := range b.Ancestors(code) {
		if f, ok := b.Family(a); ok {
			names = append([]string{f.Name.In(locale.Lang(ctx))}, names...)
		}
	}
	return strings.Join(names, " → ")
}

// nameGroup is the names of one kind.
type nameGroup struct {
	Type  NameType
	Names []Name
}

// add keeps a name; one that several languages write alike stands once, and of no language.
func (v *substanceView) add(n Name) {
	for i := range v.names {
		if x := &v.names[i]; strings.EqualFold(x.Text, n.Text) {
			if x.Lang != n.Lang {
				x.Lang = ""
			}
			return
		}
	}
	v.names = append(v.names, n)
}

// grouped gathers names by kind.
func (v substanceView) grouped() []nameGroup {
	var groups []nameGroup
	for _, n := range v.names {
		if len(groups) == 0 || groups[len(groups)-1].Type != n.Type {
			groups = append(groups, nameGroup{Type: n.Type})
		}
		g := &groups[len(groups)-1]
		g.Names = append(g.Names, n)
	}
	return groups
}

// place names where a name is used.
func (v substanceView) place(ctx context.Context, code string) string {
	if code == "" {
		return ""
	}
	return v.s.Shelf.Book().PlaceName(code, locale.Lang(ctx))
}

// scope is the place of a first detection.
func (v substanceView) scope(ctx context.Context, code string) string {
	if code == "" {
		return locale.T(ctx, "registry.world")
	}
	return v.place(ctx, code)
}

func (s *Service) jurisdiction(ctx context.Context, code string) string {
	if slices.Contains(Unions, code) {
		return locale.Code(ctx, "jurisdiction", code)
	}
	return s.Shelf.Book().PlaceName(code, locale.Lang(ctx))
}

// statusState is the shape beside a status: in force, ended, or not begun.
func statusState(x Status, today baqylau.Date) (ui.Progress, string) {
	switch {
	case x.InForce(today):
		return ui.Done, "registry.status.in_force"
	case !x.To.IsZero() && x.To.Before(today):
		return ui.NotBegun, "registry.status.ended"
	}
	return ui.Waiting, "registry.status.to_come"
}

// span is the period of a status.
func span(ctx context.Context, from, to baqylau.Date) string {
	switch {
	case from.IsZero() && to.IsZero():
		return locale.T(ctx, "registry.since_unknown")
	case to.IsZero():
		return locale.T(ctx, "registry.since", "date", locale.Date(ctx, from))
	case from.IsZero():
		return locale.T(ctx, "registry.until", "date", locale.Date(ctx, to))
	}
	return locale.Date(ctx, from) + " – " + locale.Date(ctx, to)
}
