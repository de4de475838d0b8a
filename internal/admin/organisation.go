package admin

import (
	"context"
	"regexp"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/list"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const orgPath = "/admin/organisations"

// Organisation is an agency, institution or NGO that people belong to.
type Organisation struct {
	ID, Code string
	Name     baqylau.Text
	Kind     string // code list agency
	Domain   baqylau.Domain
	Country  string // ISO 3166-1 alpha-2
	Region   string // ISO 3166-2, "" for the whole country
	MaxTLP   baqylau.TLP
	Active   bool
}

// Kinds are the kinds of agencies.
var Kinds = []string{"police", "customs", "border", "prison", "postal", "health", "drug_checking", "laboratory", "other"}

var domains = []string{string(baqylau.NeutralDomain), string(baqylau.HealthDomain), string(baqylau.EnforcementDomain)}

const orgColumns = "o.id, o.code, o.name, o.kind, o.domain, o.country, COALESCE(o.region, ''), o.max_tlp, o.active"

func scanOrg(scan func(dest ...any) error) (o Organisation, err error) {
	var name string
	err = scan(&o.ID, &o.Code, &name, &o.Kind, &o.Domain, &o.Country, &o.Region, &o.MaxTLP, &o.Active)
	o.Name = baqylau.ParseText(name)
	return o, err
}

func (s *Service) organisation(ctx context.Context, id string) (Organisation, error) {
	o, err := scanOrg(s.W.DB.Read.QueryRowContext(ctx, "SELECT "+orgColumns+" FROM organisation o WHERE o.id = ?", id).Scan)
	return o, store.One(err)
}

// SaveOrganisation creates an organisation (empty ID) or changes it. Its side of the wall stays as it is once it has people or reports,
// since they would cross with it. Codes: Conflict for a code in use or such a change, NotFound.
func (s *Service) SaveOrganisation(ctx context.Context, actor access.Actor, o Organisation) (id string, err error) {
	err = s.W.Do(ctx, actor, access.OrgEdit, func(ctx context.Context, tx *change.Tx) error {
		id = o.ID
		if id == "" {
			id = store.NewID()
			_, err = tx.NewRaw("INSERT INTO organisation (id, code, name, kind, domain, country, region, max_tlp, active, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
				id, o.Code, o.Name.JSON(), o.Kind, string(o.Domain), o.Country, store.Null(o.Region), string(o.MaxTLP), o.Active, tx.Now.UnixMicro()).Exec(ctx)
		} else {
			err = alter(ctx, tx, o)
		}
		if store.IsUnique(err) {
			err = baqylau.E(baqylau.Conflict, "admin.error.code_taken").On("code")
		}
		tx.Subject("organisation", id, id, map[string]any{"domain": string(o.Domain), "max_tlp": string(o.MaxTLP), "active": o.Active})
		return err
	})
	return id, err
}

func alter(ctx context.Context, tx *change.Tx, o Organisation) error {
	var domain baqylau.Domain
	if err := tx.NewRaw("SELECT domain FROM organisation WHERE id = ?", o.ID).Scan(ctx, &domain); err != nil {
		return store.One(err)
	}
	if domain != o.Domain {
		var n int
		if err := tx.NewRaw("SELECT (SELECT count(*) FROM account WHERE org_id = ?) + (SELECT count(*) FROM report WHERE org_id = ?)", o.ID, o.ID).Scan(ctx, &n); err != nil {
			return err
		}
		if n > 0 {
			return baqylau.E(baqylau.Conflict, "admin.error.domain").On("domain")
		}
	}
	_, err := tx.NewRaw("UPDATE organisation SET code = ?, name = ?, kind = ?, domain = ?, country = ?, region = ?, max_tlp = ?, active = ? WHERE id = ?",
		o.Code, o.Name.JSON(), o.Kind, string(o.Domain), o.Country, store.Null(o.Region), string(o.MaxTLP), o.Active, o.ID).Exec(ctx)
	return err
}

func (s *Service) organisations() *list.Spec[Organisation] {
	text := func(f func(ctx context.Context, o Organisation) string) func(ctx context.Context, o Organisation) templ.Component {
		return func(ctx context.Context, o Organisation) templ.Component { return ui.Text(f(ctx, o)) }
	}
	name := func(ctx context.Context, o Organisation) string { return o.Name.In(locale.Lang(ctx)) }
	kind := func(ctx context.Context, o Organisation) string { return locale.Code(ctx, "agency", o.Kind) }
	domain := func(ctx context.Context, o Organisation) string { return locale.Code(ctx, "domain", string(o.Domain)) }
	return &list.Spec[Organisation]{Name: "organisations", Path: orgPath, Room: orgPath, Title: "nav.organisations", Default: "code", ID: "o.id", Select: orgColumns, From: "organisation o",
		Where:  func(*web.Ctx) (string, []any) { return "1=1", nil },
		Search: list.Search{Label: "admin.org.search", SQL: `lower(o.code) LIKE ? ESCAPE '\' OR lower(o.name) LIKE ? ESCAPE '\'`},
		Filters: []list.Filter{{Name: "domain", Label: "admin.org.domain", SQL: "o.domain = ?", Options: list.Options("domain", domains...)},
			{Name: "kind", Label: "admin.org.kind", SQL: "o.kind = ?", Options: list.Options("agency", Kinds...)}},
		Columns: []list.Column[Organisation]{
			{Key: "code", Label: "admin.org.name", Spelled: name, Main: true, Cell: func(ctx context.Context, o Organisation) templ.Component {
				return ui.Link(orgPath+"/"+o.ID, name(ctx, o), o.Code)
			}},
			{Key: "kind", Label: "admin.org.kind", Spelled: kind, Cell: text(kind)},
			{Key: "domain", Label: "admin.org.domain", Spelled: domain, Cell: text(domain)},
			{Key: "tlp", Label: "admin.org.max_tlp", Bare: true, NoWrap: true, Cell: func(_ context.Context, o Organisation) templ.Component { return ui.TLP(o.MaxTLP) }},
			{Key: "active", Label: "admin.org.active", Sort: "CASE WHEN o.active THEN 0 ELSE 1 END", Bare: true, Cell: func(ctx context.Context, o Organisation) templ.Component {
				if o.Active {
					return ui.State(ui.Done, locale.T(ctx, "admin.org.in_use"))
				}
				return ui.State(ui.Failed, locale.T(ctx, "admin.org.closed"))
			}},
		},
		Scan: func(row list.Row) (Organisation, error) { return scanOrg(row.Scan) },
		Act: func(c *web.Ctx) templ.Component {
			return ui.Submit(ui.Button{Label: c.T("admin.org.new"), Href: orgPath + "/new"})
		},
	}
}

type orgView struct {
	fields.Set
	action, title string
}

func (s *Service) showNewOrg(c *web.Ctx, sent *web.Form, err error) error {
	v := orgView{fields.New(c, sent, err, map[string][]string{"country": {"KZ"}, "domain": {"neutral"}, "tlp": {string(baqylau.TLPAmber)}, "active": {"1"}}), orgPath + "/new", c.T("admin.org.new")}
	return page(c, "admin.org.new", orgPath, v.Set, web.Page{Body: v.page()})
}

func (s *Service) showOrg(c *web.Ctx, sent *web.Form, err error) error {
	o, rerr := s.organisation(c.Context(), c.Path("id"))
	if rerr != nil {
		return rerr
	}
	stored := map[string][]string{"code": {o.Code}, "kk": {o.Name.KK}, "ru": {o.Name.RU}, "en": {o.Name.EN}, "kind": {o.Kind}, "domain": {string(o.Domain)}, "country": {o.Country},
		"region": {o.Region}, "tlp": {string(o.MaxTLP)}}
	if o.Active {
		stored["active"] = []string{"1"}
	}
	v := orgView{fields.New(c, sent, err, stored), orgPath + "/" + o.ID, o.Name.In(c.Lang())}
	return page(c, "admin.org.one", orgPath, v.Set, web.Page{Body: v.page()})
}

var codeShape = regexp.MustCompile(`^[a-z][a-z0-9_]{1,39}$`)

func (s *Service) sentOrg(c *web.Ctx, id string) (*web.Form, error) {
	f, err := c.ReadForm(0)
	if err != nil {
		return nil, err
	}
	tlps := make([]string, len(baqylau.TLPs))
	for i, t := range baqylau.TLPs {
		tlps[i] = string(t)
	}
	o := Organisation{ID: id, Code: f.Text("code", true, 40), Name: baqylau.Text{KK: f.Text("kk", true, 200), RU: f.Text("ru", true, 200), EN: f.Text("en", true, 200)},
		Kind: f.Choice("kind", true, Kinds...), Domain: baqylau.Domain(f.Choice("domain", true, domains...)), Country: country(f, "country"), Region: f.Text("region", false, 6),
		MaxTLP: baqylau.TLP(f.Choice("tlp", true, tlps...)), Active: f.Bool("active")}
	if o.Code != "" && !codeShape.MatchString(o.Code) {
		f.Bad("code", "admin.error.code")
	}
	if o.Country == "" {
		f.Bad("country", "error.required")
	}
	if err := f.Err(); err != nil {
		return f, err
	}
	_, err = s.SaveOrganisation(c.Context(), c.Actor, o)
	return f, err
}

func (s *Service) postNewOrg(c *web.Ctx) error {
	return savedOrg(c, "", s.sentOrg, s.showNewOrg)
}

func (s *Service) postOrg(c *web.Ctx) error {
	return savedOrg(c, c.Path("id"), s.sentOrg, s.showOrg)
}

func savedOrg(c *web.Ctx, id string, save func(c *web.Ctx, id string) (*web.Form, error), again func(c *web.Ctx, sent *web.Form, err error) error) error {
	f, err := save(c, id)
	if code := baqylau.CodeOf(err); f != nil && (code == baqylau.Invalid || code == baqylau.Conflict) {
		return again(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Done(orgPath, "admin.done.organisation", "")
}

func codes(ctx context.Context, codeList string, values ...string) []ui.Option {
	out := make([]ui.Option, len(values))
	for i, v := range values {
		out[i] = ui.Option{Value: v, Label: locale.Code(ctx, codeList, v)}
	}
	return out
}

func tlpOptions(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(baqylau.TLPs))
	for i, t := range baqylau.TLPs {
		out[i] = ui.Option{Value: string(t), Label: locale.Code(ctx, "tlp", string(t)) + ": " + locale.Code(ctx, "tlp_meaning", string(t))}
	}
	return out
}
