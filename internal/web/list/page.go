package list

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// Serve reads and shows the list as a page, or as the table alone for an htmx request.
func (s *Spec[T]) Serve(c *web.Ctx, db bun.IDB) error {
	res, err := s.Read(c, db)
	if err != nil {
		return err
	}
	views, err := savedViews(c, db, s.Name, s.Path)
	if err != nil {
		return err
	}
	v := view{head: ui.Head{Title: c.T(s.Title)}, filters: s.filters(c, res, views), table: s.table(c, res)}
	if s.Act != nil {
		v.head.Act = s.Act(c)
	}
	if s.Above != nil {
		if v.above, err = s.Above(c); err != nil {
			return err
		}
	}
	if s.Export && len(res.Rows) > 0 {
		v.csv, v.xlsx = s.address(res.request, map[string]string{"format": "csv", "after": "", "before": ""}), s.address(res.request, map[string]string{"format": "xlsx", "after": "", "before": ""})
	}
	if c.IsHTMX() {
		return c.Fragment(v.body())
	}
	return c.Render(web.Page{Title: v.head.Title, Room: s.Room, Kind: s.Kind, Body: v.page()})
}

type view struct {
	head      ui.Head
	above     templ.Component
	filters   ui.Filters
	table     ui.Table
	csv, xlsx string
}

func (s *Spec[T]) filters(c *web.Ctx, res *Result[T], views []ui.NavItem) ui.Filters {
	r := res.request
	f := ui.Filters{Action: s.Path, Query: r.q.Get("q"), Views: views, Keep: map[string]string{}, Target: "#list"}
	if s.Search.Label != "" {
		f.Label = c.T(s.Search.Label)
	}
	if v := r.q.Get("sort"); v != "" {
		f.Keep["sort"] = v
	}
	for _, fl := range s.Filters {
		value := r.q.Get(fl.Name)
		if fl.Options == nil {
			if value != "" {
				f.Keep[fl.Name] = value
				shown := value
				if fl.Shown != nil {
					shown = fl.Shown(c, value)
				}
				f.Chips = append(f.Chips, ui.Chip{Name: c.T(fl.Label), Value: shown, Remove: s.address(r, map[string]string{fl.Name: "", "after": "", "before": ""})})
			}
			continue
		}
		options := append([]ui.Option{{Value: "", Label: c.T(fl.Label)}}, fl.Options(c)...)
		f.Fields = append(f.Fields, ui.FilterSelect(fl.Name, c.T(fl.Label), value, options))
	}
	if res.Capped {
		f.Count = c.T("list.count.more", "Count", locale.Int(c.Context(), res.Count))
	} else {
		f.Count = locale.N(c.Context(), "list.count", res.Count)
	}
	if c.Actor.SignedIn() && len(strip(r.q)) > 0 {
		f.Save = "/views/new?" + url.Values{"page": {s.Name}, "path": {s.Path}, "query": {strip(r.q).Encode()}}.Encode()
	}
	return f
}

// strip leaves what a saved view keeps: filters, search and sorting.
func strip(q url.Values) url.Values {
	out := url.Values{}
	for k, v := range q {
		if k != "after" && k != "before" && k != "lang" && k != "format" && k != "view" && len(v) > 0 && v[0] != "" {
			out.Set(k, v[0])
		}
	}
	return out
}

func (s *Spec[T]) table(c *web.Ctx, res *Result[T]) ui.Table {
	r := res.request
	t := ui.Table{ID: "list", Caption: c.T(s.Title)}
	for _, col := range s.Columns {
		if col.Cell == nil {
			continue
		}
		u := ui.Column{Label: c.T(col.Label), Number: col.Number, NoWrap: col.NoWrap, Main: col.Main, Bare: col.Bare, Minor: col.Minor}
		if col.sorts() {
			next := col.Key
			if r.sort == col.Key {
				u.Sorted = ui.Ascending
				if r.desc {
					u.Sorted = ui.Descending
				} else {
					next = "-" + col.Key
				}
			}
			u.Sort = s.address(r, map[string]string{"sort": next, "after": "", "before": ""})
		}
		t.Columns = append(t.Columns, u)
	}
	if s.Bulk != nil {
		t.Bulk = s.Bulk(c)
	}
	for _, row := range res.Rows {
		u := ui.Row{}
		if s.RowID != nil {
			u.ID = s.RowID(row)
		}
		if s.States != nil {
			u.States = s.States(row)
		}
		for _, col := range s.Columns {
			if col.Cell != nil {
				u.Cells = append(u.Cells, col.Cell(c.Context(), row))
			}
			if col.Main && col.Text != nil {
				u.Label = col.Text(c.Context(), row)
			}
		}
		t.Rows = append(t.Rows, u)
	}
	if res.Newer != "" || res.Older != "" {
		t.Pager = &ui.Pager{Newer: res.Newer, Older: res.Older}
	}
	switch {
	case len(strip(r.q)) > 0:
		t.Empty = ui.Empty{Title: c.T("list.none_match"), Text: c.T("list.none_match.text"), Act: ui.Submit(ui.Button{Label: c.T("list.reset"), Look: ui.Quiet, Href: s.Path})}
	case s.Empty != nil:
		t.Empty = s.Empty(c)
	default:
		t.Empty = ui.Empty{Title: c.T("list.empty")}
	}
	return t
}

// Options turns codes into filter options labelled "code.<list>.<value>".
func Options(codeList string, values ...string) func(c *web.Ctx) []ui.Option {
	return func(c *web.Ctx) []ui.Option {
		out := make([]ui.Option, len(values))
		for i, v := range values {
			out[i] = ui.Option{Value: v, Label: strings.ToUpper(v)}
			if codeList != "" {
				out[i].Label = locale.Code(c.Context(), codeList, v)
			}
		}
		return out
	}
}
