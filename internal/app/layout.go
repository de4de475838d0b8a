package app

import (
	"context"
	"github.com/a-h/templ"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/admin"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// room is an entry of the navigation: shown to whoever may do act.
type room struct {
	path, key string
	act       access.Act
}

// rooms are the entries of the bar, collection the pages of the data collection, to which its catalogue leads, menu those under the person's name, all in page order.
var (
	rooms = []room{
		{"/", "nav.overview", access.SeriesRead},
		{"/signals", "nav.signals", access.SignalRead},
		{"/reports", "nav.reports", access.ReportRead},
		{"/occurrences", "nav.occurrences", access.OccurrenceMrg},
		{"/imports", "nav.imports", access.ImportRun},
		{"/lab", "nav.lab", access.LabWrite},
		{"/indicators", "nav.indicators", access.IndicatorRead},
		{"/substances", "nav.substances", access.RegistryRead},
		{"/alerts", "nav.alerts", access.AlertRead},
		{"/warnings", "nav.warnings", access.CommsReceive},
	}
	collection = []room{
		{"/treatment/tables", "nav.treatment", access.IndicatorRead},
		{"/outgoing", "nav.outgoing", access.IndicatorRead},
		{"/deaths", "nav.deaths", access.IndicatorRead},
		{"/register", "nav.register", access.IndicatorRead},
		{"/infections", "nav.infections", access.IndicatorRead},
		{"/estimates", "nav.estimates", access.IndicatorRead},
		{"/releases", "nav.releases", access.ReleaseRun},
		{"/checks", "nav.checks", access.CheckAnswer},
	}
	menu = []room{
		{"/account", "nav.account", access.SelfEdit},
		{"/due", "nav.due", access.DueRead},
		{"/duty", "nav.duty", access.DutyEdit},
		{"/facilities", "nav.facilities", access.IndicatorRead},
		{"/wastewater", "nav.wastewater", access.IndicatorRead},
		{"/datasets", "nav.datasets", access.IndicatorRead},
		{"/my-data", "nav.my_data", access.CheckAnswer},
		{"/regions", "nav.regions", access.RegistryRead},
		{"/foreign", "nav.foreign", access.ForeignEnter},
		{"/policy", "nav.policy", access.PolicyRead},
		{"/audit", "nav.audit", access.AuditRead},
		{"/admin/accounts", "nav.accounts", access.AccountEdit},
		{"/admin/organisations", "nav.organisations", access.OrgEdit},
		{"/admin/settings", "nav.settings", access.SettingsEdit},
		{"/retention", "nav.retention", access.RetentionEdit},
		{"/breaches", "nav.breaches", access.BreachEdit},
	}
)

// collectionPages are the pages of the data collection, for its catalogue.
func collectionPages() (out []indicator.Page) {
	for _, r := range collection {
		out = append(out, indicator.Page{Path: r.path, Key: r.key, Act: r.act})
	}
	return out
}

// layout wraps a room's page: navigation of what this person may enter, language switch, banner, outcome of the last act.
func (a *App) layout(c *web.Ctx, p web.Page) error {
	u := ui.Page{Title: p.Title, Path: c.R.URL.RequestURI(), Kind: p.Kind, Open: p.Open, AsOf: p.AsOf, Prefs: ui.PreferencesOf(c.R), Flash: p.Flash, Posted: c.R.Method == http.MethodPost}
	if u.Flash == nil {
		u.Flash = c.TakeFlash()
	}
	away := p.Status == http.StatusServiceUnavailable // a page about an outage asks the database nothing
	if !away {
		if name, err := a.Admin.Centre(c.Context()); err == nil { // a page without the name is better than no page
			u.Centre = name.In(c.Lang())
		}
	}
	if c.Demo() {
		u.Demo = c.T("web.demo")
	}
	if c.Actor.SignedIn() {
		var count map[string]int
		var org string
		if !away {
			count, org = a.waiting(c), a.orgName(c)
		}
		current := p.Room
		if slices.ContainsFunc(collection, func(r room) bool { return r.path == current || strings.HasPrefix(r.path, current+"/") }) {
			current = "/indicators"
		}
		u.Nav = items(c, current, rooms, count)
		u.User = &ui.User{Name: c.Actor.Name, Role: roleNames(c), Org: org, Menu: items(c, p.Room, menu, nil), SignOut: "/sign-out"}
		u.Search = "/search"
	} else {
		u.Nav = []ui.NavItem{
			{Label: c.T("nav.public"), Href: "/public", Current: p.Room == "/public"},
			{Label: c.T("nav.tip"), Href: "/tip", Current: p.Room == "/tip" && c.R.URL.Path == "/tip"},
			{Label: c.T("nav.receipt"), Href: "/r", Current: p.Room == "/tip" && c.R.URL.Path != "/tip"},
			{Label: c.T("nav.sign_in"), Href: "/sign-in", Current: p.Room == "/sign-in"},
		}
	}
	u.Foot = []ui.NavItem{{Label: c.T("nav.privacy"), Href: admin.PrivacyPath, Current: p.Room == admin.PrivacyPath}}
	c.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	if c.W.Header().Get("Cache-Control") == "" {
		c.W.Header().Set("Cache-Control", "no-store")
	}
	if p.Status != 0 {
		c.W.WriteHeader(p.Status)
	} else {
		c.W.WriteHeader(http.StatusOK)
	}
	return ui.Layout(u).Render(templ.WithChildren(c.Context(), ui.Named(a.warned(c, body(p.Body)))), c.W)
}

// warned puts what is wrong with the node before the page of whoever may set it up.
func (a *App) warned(c *web.Ctx, page templ.Component) templ.Component {
	texts := a.warnings(c)
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, text := range texts {
			if err := ui.Notice(ui.Warn, text).Render(templ.ClearChildren(ctx), w); err != nil {
				return err
			}
		}
		return page.Render(ctx, w)
	})
}

func body(b templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error { return b.Render(templ.ClearChildren(ctx), w) })
}

func items(c *web.Ctx, current string, list []room, waiting map[string]int) []ui.NavItem {
	var out []ui.NavItem
	for _, r := range list {
		if access.May(c.Actor, r.act) {
			out = append(out, ui.NavItem{Label: c.T(r.key), Href: r.path, Current: r.path == current, Count: waiting[r.path]})
		}
	}
	return out
}

func roleNames(c *web.Ctx) string {
	s := ""
	for i, r := range c.Actor.Roles {
		if i > 0 {
			s += ", "
		}
		s += locale.Code(c.Context(), "role", string(r))
	}
	return s
}
