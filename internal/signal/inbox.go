package signal

import (
	"errors"

	"github.com/a-h/templ"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// inbox is the list at the left of the split page.
type inbox struct {
	count    string
	items    []ui.Item
	newer    string
	older    string
	action   string
	query    string
	label    string
	state    templ.Component   // open, closed or all: always shows
	more     []templ.Component // filters behind "more"
	narrowed bool              // one of those is set
	chosen   bool              // the reader set some condition
	keep     map[string]string
	table    string
	create   bool
	reset    string
}

// showInbox serves /signals: the list and, where there is room, the most urgent signal beside it. An htmx request gets the list alone.
func (s *Service) showInbox(c *web.Ctx) error {
	spec := s.spec(c)
	spec.Path = room
	res, err := spec.Read(c, s.W.DB.Read)
	if err != nil {
		return err
	}
	first := ""
	if len(res.Rows) > 0 {
		first = res.Rows[0].ID
	}
	in := s.inboxOf(c, spec, res, first)
	if c.IsHTMX() {
		return c.Fragment(in.fragment())
	}
	if len(res.Rows) == 0 {
		return c.Render(web.Page{Title: c.T("signal.inbox"), Room: room, Kind: ui.Split, Body: in.page(nil)})
	}
	v, err := s.view(c, res.Rows[0], nil)
	if err != nil {
		return err
	}
	return c.Render(web.Page{Title: c.T("signal.inbox"), Room: room, Kind: ui.Split, Body: in.page(v), AsOf: v.asOf})
}

// showSignal serves /signals/{id}: the signal, with the list beside it where there is room.
func (s *Service) showSignal(c *web.Ctx) error { return s.show(c, c.Path("id"), nil) }

// show renders the page of one signal, after a failed act with what was wrong and what was typed.
func (s *Service) show(c *web.Ctx, id string, f *failed) error {
	sig, err := Get(c.Context(), s.W.DB.Read, c.Actor, id)
	if err != nil {
		return err
	}
	spec := s.spec(c)
	spec.Path = room
	res, err := spec.Read(c, s.W.DB.Read)
	if err != nil {
		return err
	}
	v, err := s.view(c, sig, f)
	if err != nil {
		return err
	}
	p := web.Page{Title: v.title, Room: room, Kind: ui.Split, Open: true, Body: s.inboxOf(c, spec, res, id).page(v), AsOf: v.asOf}
	if f != nil {
		p.Status = web.Status(baqylau.CodeOf(f.err))
	}
	return c.Render(p)
}

// failed is a form that was refused: which, why, and what it held.
type failed struct {
	form string
	err  error
	*web.Form
}

// conflict reports whether somebody else was quicker.
func (f *failed) conflict() bool {
	var e *baqylau.Error
	return f != nil && errors.As(f.err, &e) && e.Code == baqylau.Conflict
}

func (s *Service) inboxOf(c *web.Ctx, spec *list.Spec[Signal], res *list.Result[Signal], current string) inbox {
	in := inbox{newer: res.Newer, older: res.Older, action: room, query: c.Query("q"), label: c.T("signal.search"), keep: map[string]string{},
		table: address(tablePath, c), create: access.May(c.Actor, access.SignalHandle), reset: room}
	in.count = locale.N(c.Context(), "signal.count", res.Count)
	in.chosen = in.query != ""
	for _, f := range spec.Filters {
		value := c.Query(f.Name)
		in.chosen = in.chosen || value != ""
		if f.Options == nil {
			if value != "" {
				in.keep[f.Name] = value
			}
			continue
		}
		name := c.T(f.Label)
		if f.Name == "state" { // its label is the words for open ones
			name = c.T("signal.said.state")
		}
		sel := ui.FilterSelect(f.Name, name, value, append([]ui.Option{{Label: c.T(f.Label)}}, f.Options(c)...))
		if f.Name == "state" {
			in.state = sel
		} else {
			in.more = append(in.more, sel)
			in.narrowed = in.narrowed || value != ""
		}
	}
	book := s.Shelf.Book()
	for _, sig := range res.Rows {
		i := ui.Item{Href: address(room+"/"+sig.ID, c), Title: sig.Title.Say(c.Context(), book), Badge: ui.About(c.T("signal.col.priority"), ui.Severity(sig.Priority)), Current: sig.ID == current,
			Unread: sig.OwnerID == "" && sig.Open(), When: left(c.Context(), c, sig)}
		if i.When != "" {
			i.Said = locale.LeftSaid(c.Context(), sig.DueAt, c.Now())
		} else {
			i.When = locale.Date(c.Context(), sig.RaisedOn)
		}
		i.Note = book.PlaceName(sig.place(), c.Lang()) + " · " + locale.Code(c.Context(), "signal_state", string(sig.State))
		in.items = append(in.items, i)
	}
	return in
}

// oob lets htmx put an element in the place of the one with its id, wherever that stands.
func oob(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"hx-swap-oob": "true"}
	}
	return nil
}
