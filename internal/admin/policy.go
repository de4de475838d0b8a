package admin

import (
	"context"
	"strings"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const policyPath = "/policy"

// scopes are the columns of the page, widest first.
var scopes = []struct {
	scope access.Scope
	name  string
}{{access.Everything, "everything"}, {access.Addressed, "addressed"}, {access.Organisation, "organisation"}, {access.Own, "own"}}

func showPolicy(c *web.Ctx) error {
	return c.Render(web.Page{Title: c.T("nav.policy"), Room: policyPath, Body: policyPage(c.Actor)})
}

// actName is the label of an act.
func actName(ctx context.Context, act string) string { return locale.T(ctx, "act."+act) }

// policyTable is the policy as declared: each act with the roles that have it, by how far it reaches, and what the reader has.
func policyTable(ctx context.Context, a access.Actor) ui.Table {
	t := ui.Table{Caption: locale.T(ctx, "nav.policy"), Columns: []ui.Column{{Label: locale.T(ctx, "admin.policy.act"), Main: true}}}
	for _, s := range scopes {
		t.Columns = append(t.Columns, ui.Column{Label: locale.T(ctx, "admin.policy."+s.name)})
	}
	t.Columns = append(t.Columns, ui.Column{Label: locale.T(ctx, "admin.policy.you"), Bare: true, NoWrap: true})
	for _, act := range access.Acts() {
		r := ui.Row{ID: string(act), Cells: []templ.Component{actCell(actName(ctx, string(act)), string(act), "", "")}}
		for _, s := range scopes {
			var roles []string
			for _, g := range access.Grants(act) {
				if g.Scope == s.scope {
					roles = append(roles, locale.Code(ctx, "role", string(g.Role)))
				}
			}
			r.Cells = append(r.Cells, ui.Text(short(ctx, roles)))
		}
		if access.May(a, act) {
			r.Cells = append(r.Cells, ui.State(ui.Done, locale.T(ctx, "admin.policy.may")))
		} else {
			r.Cells = append(r.Cells, ui.State(ui.NotBegun, locale.T(ctx, "admin.policy.may_not")))
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

// short says "everyone with an account" instead of naming every role.
func short(ctx context.Context, roles []string) string {
	switch n := len(roles) - len(access.Roles); {
	case n == 0:
		return locale.T(ctx, "admin.policy.all")
	case n > 0:
		return locale.T(ctx, "admin.policy.all_public")
	}
	return strings.Join(roles, ", ")
}
