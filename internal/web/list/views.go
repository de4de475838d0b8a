package list

import (
	"context"
	"net/url"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
	"github.com/uptrace/bun"
)

// savedViews lists a person's views of a list, with "all" first; nothing for a person without any.
func savedViews(c *web.Ctx, db bun.IDB, name, path string) (_ []ui.NavItem, err error) {
	if !c.Actor.SignedIn() {
		return nil, nil
	}
	var views []struct{ ID, Name, Query string }
	if err := db.NewRaw("SELECT id, name, query FROM saved_view WHERE account_id = ? AND page = ?", c.Actor.ID, name).Scan(c.Context(), &views); err != nil {
		return nil, err
	}
	if len(views) == 0 {
		return nil, nil
	}
	locale.Sort(c.Lang(), views, func(v struct{ ID, Name, Query string }) string { return v.Name })
	now := strip(c.R.URL.Query()).Encode()
	items := []ui.NavItem{{Label: c.T("list.view.all"), Href: path, Current: now == ""}}
	for _, v := range views {
		items = append(items, ui.NavItem{Label: v.Name, Href: path + "?" + v.Query, Current: v.Query == now})
	}
	return items, nil
}

// Routes registers the pages that save and forget views.
func Routes(rt *web.Router, w *change.Writer) {
	rt.Handle("GET /views/new", access.ViewEdit, func(c *web.Ctx) error { return showSave(c, nil, "") })
	rt.Handle("POST /views/new", access.ViewEdit, func(c *web.Ctx) error {
		f, err := c.ReadForm(0)
		if err != nil {
			return err
		}
		name := f.Text("name", true, 60)
		if f.Err() != nil {
			return showSave(c, f.Err(), name)
		}
		page, path, query := c.Query("page"), web.Local(c.Query("path")), cleanQuery(c.Query("query"))
		err = w.Do(c.Context(), c.Actor, access.ViewEdit, func(ctx context.Context, tx *change.Tx) error {
			id := store.NewID()
			_, err := tx.NewRaw(`INSERT INTO saved_view (id, account_id, page, name, query) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (account_id, page, name) DO UPDATE SET query = excluded.query`, id, c.Actor.ID, page, name, query).Exec(ctx)
			tx.Subject("saved_view", id, c.Actor.OrgID, nil)
			return err
		})
		if err != nil {
			return err
		}
		return c.Done(path+"?"+query, "list.view.saved", "")
	})
	rt.Handle("POST /views/delete", access.ViewEdit, func(c *web.Ctx) error {
		f, err := c.ReadForm(0)
		if err != nil {
			return err
		}
		page, name, path := f.Get("page"), f.Get("name"), web.Local(f.Get("path"))
		err = w.Do(c.Context(), c.Actor, access.ViewEdit, func(ctx context.Context, tx *change.Tx) error {
			var id string
			if err := tx.NewRaw("SELECT id FROM saved_view WHERE account_id = ? AND page = ? AND name = ?", c.Actor.ID, page, name).Scan(ctx, &id); err != nil {
				return store.One(err)
			}
			tx.Subject("saved_view", id, c.Actor.OrgID, nil)
			_, err := tx.NewRaw("DELETE FROM saved_view WHERE id = ?", id).Exec(ctx)
			return err
		})
		if err != nil {
			return err
		}
		return c.Done(path, "list.view.deleted", "")
	})
}

func cleanQuery(q string) string {
	v, err := url.ParseQuery(strings.TrimPrefix(q, "?"))
	if err != nil {
		return ""
	}
	return strip(v).Encode()
}

func showSave(c *web.Ctx, err error, name string) error {
	lines := ui.FieldErrors(c.Context(), err)
	status := 0
	if err != nil {
		status = web.Status(baqylau.CodeOf(err))
	}
	return c.Render(web.Page{Title: c.T("list.view.save"), Kind: ui.Narrow, Status: status, Body: saveForm(lines, name, c.R.URL.RequestURI())})
}
