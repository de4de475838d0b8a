package admin

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/baqylau/baqylau/internal/web/ui"
)

const settingsPath = "/admin/settings"

// The keys of table setting that this page keeps, besides account.FactorSetting and store.KeyCentre. The alert and signal rooms read them.
const (
	keyContact    = "alert.contact"      // whom readers of an alert may ask, baqylau.Text as JSON
	KeyZone       = "zone"               // time zone, IANA name; in force with the next start
	KeyBaseURL    = "base_url"           // address people reach the site at, without a slash at its end; in force with the next start
	keyCountry    = "country"            // ISO 3166-1 alpha-2
	keyBudget     = "signal.budget"      // signals raised per week at most
	keyRiseBudget = "signal.rise_budget" // of these, signals of rising series
)

// readSettings returns every setting.
func (s *Service) readSettings(ctx context.Context) (map[string]string, error) {
	var rows []struct{ Key, Value string }
	if err := s.W.DB.Read.NewRaw("SELECT key, value FROM setting").Scan(ctx, &rows); err != nil {
		return nil, err
	}
	m := map[string]string{}
	for _, r := range rows {
		m[r.Key] = r.Value
	}
	return m, nil
}

// SetSettings writes settings; the empty value takes one away, so that the product's own default holds.
func (s *Service) SetSettings(ctx context.Context, actor access.Actor, set map[string]string) error {
	return s.W.Do(ctx, actor, access.SettingsEdit, func(ctx context.Context, tx *change.Tx) error {
		var changed []string
		for _, k := range slices.Sorted(maps.Keys(set)) {
			v := set[k]
			var old string
			if err := tx.NewRaw("SELECT COALESCE(MAX(value), '') FROM setting WHERE key = ?", k).Scan(ctx, &old); err != nil {
				return err
			}
			if old == v {
				continue
			}
			changed = append(changed, k)
			q, args := "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", []any{k, v}
			if v == "" {
				q, args = "DELETE FROM setting WHERE key = ?", []any{k}
			}
			if _, err := tx.NewRaw(q, args...).Exec(ctx); err != nil {
				return err
			}
		}
		tx.Subject("setting", "centre", actor.OrgID, map[string]any{"changed": strings.Join(changed, ",")})
		return nil
	})
}

// inForce are the values that hold while nobody has set anything.
func (s *Service) inForce() map[string]string {
	issuer := baqylau.Text{}
	for l, to := range map[baqylau.Lang]*string{baqylau.Kazakh: &issuer.KK, baqylau.Russian: &issuer.RU, baqylau.English: &issuer.EN} {
		*to = locale.TIn(l, "alert.issuer")
	}
	factor := "required"
	if s.Demo {
		factor = "optional"
	}
	return map[string]string{store.KeyCentre: issuer.JSON(), keyCountry: s.Home, KeyZone: change.Zone.String(), KeyBaseURL: s.BaseURL(), account.FactorSetting: factor}
}

// Missing is the warning of what the server lacks, for the administrator's first page: who never opens the settings would never read it there. Nil where nothing is missing.
func (s *Service) Missing(c *web.Ctx) (templ.Component, error) {
	if s.Nightly && s.Mail.Host != "" || !access.May(c.Actor, access.SettingsEdit) {
		return nil, nil
	}
	return missingNotice(s), nil
}

type settingsView struct {
	fields.Set
	s      *Service
	letter string // what became of the last test letter
}

func (s *Service) showSettings(c *web.Ctx, sent *web.Form, err error) error {
	m, rerr := s.readSettings(c.Context())
	if rerr != nil {
		return rerr
	}
	for k, v := range s.inForce() {
		if m[k] == "" {
			m[k] = v
		}
	}
	name, contact := baqylau.ParseText(m[store.KeyCentre]), baqylau.ParseText(m[keyContact])
	v := settingsView{s: s, Set: fields.New(c, sent, err, map[string][]string{"kk": {name.KK}, "ru": {name.RU}, "en": {name.EN}, "contact_kk": {contact.KK}, "contact_ru": {contact.RU},
		"contact_en": {contact.EN}, "country": {m[keyCountry]}, "zone": {m[KeyZone]}, "base_url": {m[KeyBaseURL]},
		"budget": {m[keyBudget]}, "rise": {m[keyRiseBudget]}, "factor": {m[account.FactorSetting]}})}
	if v.letter, rerr = s.lastLetter(c.Context(), c.Actor); rerr != nil {
		return rerr
	}
	return page(c, "nav.settings", settingsPath, v.Set, web.Page{Body: v.page()})
}

func (s *Service) postSettings(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	set := map[string]string{store.KeyCentre: texts(f, "", 200), keyContact: texts(f, "contact_", 500), keyCountry: country(f, "country"), KeyZone: zone(f, "zone"), KeyBaseURL: address(f, "base_url"),
		keyBudget: number(f, "budget"), keyRiseBudget: number(f, "rise"),
		account.FactorSetting: f.Choice("factor", true, "required", "optional")}
	if err := f.Err(); err != nil {
		return s.showSettings(c, f, err)
	}
	m, err := s.readSettings(c.Context())
	if err != nil {
		return err
	}
	for k, v := range s.inForce() { // shown, and sent back as it was: nobody has set it
		if m[k] == "" && set[k] == v {
			delete(set, k)
		}
	}
	if err := s.SetSettings(c.Context(), c.Actor, set); err != nil {
		return err
	}
	return c.Done(settingsPath, "admin.done.settings", "")
}

// texts are the three fields of a text as JSON, "" when all are empty.
func texts(f *web.Form, prefix string, max int) string {
	t := baqylau.Text{KK: f.Text(prefix+"kk", false, max), RU: f.Text(prefix+"ru", false, max), EN: f.Text(prefix+"en", false, max)}
	if t == (baqylau.Text{}) {
		return ""
	}
	return t.JSON()
}

// Centre is the name of the centre as the settings give it; the zero Text when they do not.
func (s *Service) Centre(ctx context.Context) (baqylau.Text, error) {
	return store.Centre(ctx, s.W.DB.Read)
}

// number is a field from 0 to 100 as text, "" when empty.
func number(f *web.Form, name string) string {
	if f.Get(name) == "" {
		return ""
	}
	return strconv.Itoa(f.Int(name, false, 0, 100))
}

// country is a field with a code of two capital letters, "" when empty.
func country(f *web.Form, name string) string {
	v := f.Get(name)
	if v != "" && (len(v) != 2 || v[0] < 'A' || v[0] > 'Z' || v[1] < 'A' || v[1] > 'Z') {
		f.Bad(name, "admin.error.country")
	}
	return v
}

// zone is a field with the IANA name of a time zone, "" when empty.
func zone(f *web.Form, name string) string {
	v := f.Get(name)
	if _, err := time.LoadLocation(v); err != nil || v == "Local" {
		f.Bad(name, "admin.error.zone")
	}
	return v
}

// address is a field with the address of a site, without what stands behind the host.
func address(f *web.Form, name string) string {
	v := strings.TrimRight(f.Get(name), "/")
	if u, err := url.Parse(v); v != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil) {
		f.Bad(name, "admin.error.base_url")
	}
	return v
}

// facts are what is in force, and what the operator set at start.
func (v settingsView) facts(ctx context.Context) []ui.Fact {
	mail := locale.T(ctx, "admin.mail.none")
	if m := v.s.Mail; m.Host != "" {
		mail = m.Host + ":" + strconv.Itoa(m.Port) + ", " + m.TLS + ", " + m.From
		if m.User != "" {
			mail += ", " + m.User
		}
	}
	nightly := locale.T(ctx, "admin.nightly.none")
	if v.s.Nightly {
		nightly = locale.T(ctx, "admin.nightly.on")
	}
	return []ui.Fact{
		{Name: locale.T(ctx, "admin.base_url"), Value: ui.Text(v.s.BaseURL())},
		{Name: locale.T(ctx, "admin.mail"), Value: ui.Text(mail)},
		{Name: locale.T(ctx, "admin.zone"), Value: ui.Text(change.Zone.String())},
		{Name: locale.T(ctx, "admin.database"), Value: ui.Text(string(v.s.W.DB.Engine))},
		{Name: locale.T(ctx, "admin.nightly"), Value: ui.Text(nightly)},
	}
}
