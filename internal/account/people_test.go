package account

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/audit"
)

func TestAdministratorsDoNotReadReportsAndReportersDoNotAdminister(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("admin@centre.kz", "centre", access.Administrator)
		s.add("dina@police.kz", "police", access.Reporter)
		b := s.browser()
		b.signIn("admin@centre.kz", password)
		enrol(t, b, s)
		if a := b.get("/reports"); a.status != http.StatusForbidden {
			t.Errorf("administrator reads reports: %d", a.status)
		}
		if a := b.get(accountsPath + "?q=DINA"); a.status != http.StatusOK || !strings.Contains(a.body, "dina@police.kz") {
			t.Errorf("list of accounts: %d", a.status)
		}
		c := s.browser()
		c.signIn("dina@police.kz", password)
		for _, path := range []string{accountsPath, accountsPath + "/new", accountsPath + "/x"} {
			if a := c.get(path); a.status != http.StatusForbidden {
				t.Errorf("reporter at %s: %d", path, a.status)
			}
		}
		if a := c.post(accountsPath+"/new", "login", "x@y.kz"); a.status != http.StatusForbidden {
			t.Errorf("reporter invites: %d", a.status)
		}
	})
}

func TestRolesChangeAndEndTheSessions(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		admin := s.add("admin@centre.kz", "centre", access.Administrator)
		dina := s.add("dina@police.kz", "police", access.Reporter)
		b := s.browser()
		b.signIn("admin@centre.kz", password)
		enrol(t, b, s)
		c := s.browser()
		c.signIn("dina@police.kz", password)
		if a := b.get(accountsPath + "/" + dina.ID); a.status != http.StatusOK {
			t.Fatalf("%+v", a)
		}
		if a := b.post(accountsPath+"/"+dina.ID, "name", "Dina", "org", "centre", "roles", "ews_officer"); a.status != http.StatusSeeOther {
			t.Fatalf("%+v", a)
		}
		if c.in() {
			t.Error("a session kept the old roles")
		}
		if a := c.signIn("dina@police.kz", password); a.location != factorPath {
			t.Errorf("the new role came without a second factor: %+v", a)
		}
		if a := b.post(accountsPath+"/"+admin.ID, "name", "A", "org", "centre", "roles", "ews_officer"); a.status != http.StatusForbidden {
			t.Errorf("an administrator changed their own roles: %d", a.status)
		}
	})
}

func TestPeopleLookAfterThemselves(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("dina@police.kz", "police", access.Reporter)
		b, c := s.browser(), s.browser()
		b.signIn("dina@police.kz", password)
		c.signIn("dina@police.kz", password)
		if a := b.get("/account"); a.status != http.StatusOK || strings.Count(a.body, "last used") != 2 {
			t.Errorf("own sessions: %d", a.status)
		}
		if a := b.post("/account/password", "old", "wrong password", "password", "another good password", "again", "another good password"); a.status != http.StatusUnprocessableEntity {
			t.Errorf("changed without the old password: %d", a.status)
		}
		if a := b.post("/account/password", "old", password, "password", "another good password", "again", "another good password"); a.status != http.StatusSeeOther {
			t.Fatalf("%+v", a)
		}
		if !b.in() || c.in() {
			t.Error("the other session should end, this one stay")
		}
		c.signIn("dina@police.kz", "another good password")
		if b.post("/account/sessions/end"); c.in() || !b.in() {
			t.Error("signing out everywhere else")
		}
		if a := b.post("/account/language", "lang", "ru"); a.status != http.StatusSeeOther || !strings.Contains(b.get("/account").body, "Моя учётная запись") {
			t.Errorf("language: %+v", a.status)
		}
		if r, err := audit.Verify(context.Background(), s.db()); err != nil || !r.OK {
			t.Errorf("journal: %+v, %v", r, err)
		}
	})
}

// Who signs in on a page in Russian reads on in Russian, unless a language was chosen for or by this person.
func TestTheLanguageOfTheSignInPageStays(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("aigul@police.kz", "police", access.Reporter)
		words := map[string]string{"ru": "Моя учётная запись", "kk": "Менің есептік жазбам", "en": "My account"}
		reads := func(browser, want string) {
			t.Helper()
			b := s.browser()
			b.lang = browser
			b.signIn("aigul@police.kz", password)
			b.lang = "de" // what is read comes from the account alone
			if page := b.get("/account").body; !strings.Contains(page, words[want]) {
				t.Errorf("signed in on a page in %s, and does not read %s", browser, want)
			}
		}
		reads("ru", "ru")
		reads("kk", "kk")
		a, err := one(context.Background(), s.db(), "a.login = 'aigul@police.kz'")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.ChangeLang(context.Background(), a.Actor(), baqylau.Kazakh); err != nil {
			t.Fatal(err)
		}
		reads("ru", "kk")
		guest, _, err := s.Invite(context.Background(), access.Actor{ID: "admin", OrgID: "centre", Roles: []access.Role{access.Administrator}}, NewAccount{Login: "guest@police.kz", Name: "Guest", Org: "police",
			Roles: []access.Role{access.Reporter}, Lang: baqylau.Russian})
		if err != nil {
			t.Fatal(err)
		}
		b := s.browser() // in English
		b.post(linkShape.FindString(s.mail.sent[len(s.mail.sent)-1].body), "username", guest.Login, "password", password, "again", password)
		b.signIn(guest.Login, password)
		if page := b.get("/account").body; !strings.Contains(page, words["ru"]) {
			t.Error("the language that the invitation chose does not hold")
		}
	})
}

func TestDemoHasEveryRole(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ctx := context.Background()
		seen := map[access.Role]bool{}
		for _, d := range DemoAccounts {
			_, _ = s.Writer.DB.Write.NewRaw("INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES (?, ?, '{}', 'other', 'neutral', 'KZ', 0)", d.Org, d.Org).Exec(ctx) // once per code
			for _, r := range d.Roles {
				seen[r] = true
			}
		}
		for _, r := range access.Roles {
			if !seen[r] {
				t.Errorf("no demonstration sign-in for %s", r)
			}
		}
		for range 2 {
			if _, err := Demo(ctx, s.Writer, baqylau.Russian, password); err != nil {
				t.Fatal(err)
			}
		}
		if all, err := List(ctx, s.db()); err != nil || len(all) != len(DemoAccounts) {
			t.Errorf("%d accounts, %v", len(all), err)
		}
		s.Demo = true
		b := s.browser()
		if b.signIn("officer@demo.baqylau", password); !b.in() {
			t.Error("a demonstration sign-in asks for more than the password")
		}
	})
}
