package admin

import (
	"context"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/web"
)

func TestSettings(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(admin)
		if a := as("POST", settingsPath, "en", "Centre of Kazakhstan", "country", "KZ", "budget", "12", "factor", "optional", "contact_ru", "Звоните 123"); a.location != settingsPath {
			t.Fatalf("%+v", a)
		}
		a := as("GET", settingsPath)
		for _, s := range []string{"Centre of Kazakhstan", "mail.test:587", "Asia/Almaty", "http://baqylau.test", "Звоните 123"} {
			if !strings.Contains(a.body, s) {
				t.Errorf("%s is not shown", s)
			}
		}
		if name, err := o.Centre(context.Background()); err != nil || name.EN != "Centre of Kazakhstan" {
			t.Errorf("%v, %v", name, err)
		}
		if a := as("POST", settingsPath, "budget", "", "factor", "required"); a.location != settingsPath || o.count("SELECT count(*) FROM setting WHERE key IN ('signal.budget', 'centre')") != 0 {
			t.Errorf("an emptied setting stays: %+v", a)
		}
		for _, bad := range [][]string{{"budget", "-1", "factor", "required"}, {"country", "Kazakhstan", "factor", "required"}, {"factor", "maybe"},
			{"factor", "required", "zone", "Asia/Nowhere"}, {"factor", "required", "zone", "Local"}, {"factor", "required", "base_url", "ews.example"},
			{"factor", "required", "base_url", "https://ews.example/path"}, {"factor", "required", "base_url", "javascript:alert(1)"}} {
			if a := as("POST", settingsPath, bad...); a.status != 422 {
				t.Errorf("%v: %d", bad, a.status)
			}
		}
	})
}

// Whoever opens the settings and changes the name alone has changed the name alone: what the form shows is what is in force, here of a demonstration, and what is
// sent back as it was shown is not set.
func TestSavingTheNameChangesNothingElse(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.Demo = true
		as := o.as(admin)
		page := as("GET", settingsPath).body
		sent := []string{"budget", "", "rise", "", "contact_kk", "", "contact_ru", "", "contact_en", ""}
		for _, name := range []string{"kk", "en", "base_url", "country", "zone"} {
			tag := regexp.MustCompile(`<input[^>]* name="` + name + `"[^>]*>`).FindString(page)
			_, value, _ := strings.Cut(tag, ` value="`)
			value, _, _ = strings.Cut(value, `"`)
			if value == "" {
				t.Errorf("%s shows nothing in force", name)
			}
			sent = append(sent, name, html.UnescapeString(value))
		}
		if !regexp.MustCompile(`value="optional"[^>]*checked`).MatchString(page) {
			t.Error("the second factor in force is not shown")
		}
		if a := as("POST", settingsPath, append(sent, "ru", "Центр", "factor", "optional")...); a.location != settingsPath {
			t.Fatalf("%+v", a)
		}
		if n, m := o.count("SELECT count(*) FROM setting WHERE key IN ('second_factor', 'country', 'zone', 'base_url')"), o.count("SELECT count(*) FROM setting WHERE key = 'centre'"); n != 0 || m != 1 {
			t.Errorf("%d others were set, the name %d times", n, m)
		}
	})
}

// What a change of settings names in the journal is what has changed; the zone and the address are kept.
func TestSettingsAreNamedInTheJournal(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(admin)
		for _, x := range []struct{ zone, address, want string }{{"Asia/Aqtobe", "https://ews.example/", "base_url,zone"}, {"Asia/Almaty", "https://ews.example", "zone"}} {
			if a := as("POST", settingsPath, "factor", "required", "zone", x.zone, "base_url", x.address); a.location != settingsPath {
				t.Fatalf("%+v", a)
			}
			var detail string
			if err := o.W.DB.Read.NewRaw("SELECT detail FROM audit_entry ORDER BY seq DESC LIMIT 1").Scan(context.Background(), &detail); err != nil || !strings.Contains(strings.ReplaceAll(detail, " ", ""), `"changed":"`+x.want+`"`) {
				t.Errorf("%s %v", detail, err)
			}
		}
		if n := o.count("SELECT count(*) FROM setting WHERE key = 'base_url' AND value = 'https://ews.example' OR key = 'zone' AND value = 'Asia/Almaty'"); n != 2 {
			t.Error(n)
		}
	})
}

// What is missing stands above the form, with what to do about it; nothing stands there on a node that has its backup and its mail server.
func TestAMissingBackupOrMailServerIsAWarning(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		read := func() (above string) {
			above, _, _ = strings.Cut(o.as(admin)("GET", settingsPath).body, "<form")
			return above
		}
		missing := func(a access.Actor) templ.Component { // what stands on the first page, that of the accounts
			n, err := o.Missing(&web.Ctx{Actor: a})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		o.Nightly = true
		if above := read(); strings.Contains(above, "notice") {
			t.Errorf("a node that lacks nothing warns: %s", above)
		}
		if missing(admin) != nil {
			t.Error("a node that lacks nothing warns on the first page")
		}
		o.Nightly, o.Mail = false, MailServer{}
		if missing(admin) == nil || missing(police) != nil {
			t.Error("the administrator is not warned on the first page, or others are")
		}
		above := read()
		for _, s := range []string{"makes no backup at night", "folder on another disk", "BAQYLAU_BACKUP_DIR", "letters reach nobody", "name a mail server", "BAQYLAU_SMTP_HOST"} {
			if !strings.Contains(above, s) {
				t.Errorf("%q does not stand above the form", s)
			}
		}
	})
}

type tray struct{ to, purpose, body string }

func (b *tray) Queue(_ context.Context, _ *change.Tx, purpose, _, address string, _ baqylau.Lang, _, body string) error {
	b.to, b.purpose, b.body = address, purpose, body
	return nil
}

// An administrator tries the mail server with a letter to their own address and to no other.
func TestATestLetter(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		as := o.as(admin)
		if a := as("POST", settingsPath+"/letter"); a.status != 503 || strings.Contains(as("GET", settingsPath).body, settingsPath+"/letter") {
			t.Errorf("without a mail server: %+v", a)
		}
		b := &tray{}
		o.Letters = b
		if a := as("POST", settingsPath+"/letter", "to", "somebody@else.example"); a.location != settingsPath || b.to != "admin@x" || b.purpose != testPurpose || !strings.Contains(b.body, "http://baqylau.test") {
			t.Errorf("%+v %+v", a, b)
		}
		if a := o.as(police)("POST", settingsPath+"/letter"); a.status != 403 {
			t.Errorf("%+v", a)
		}
		o.exec("INSERT INTO delivery (id, purpose, object_id, address, lang, message_id, state, created_at) VALUES ('d', 'test', 'admin', 'admin@x', 'en', 'm', 'accepted', 1)")
		if a := as("GET", settingsPath); !strings.Contains(a.body, "took your test letter") {
			t.Error("what became of it is not said")
		}
	})
}
