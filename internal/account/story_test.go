package account

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/pquerna/otp/totp"
)

func each(t *testing.T, fn func(t *testing.T, s *site)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { fn(t, newSite(t, db)); noMissing(t) })
}

func TestAReporterSignsInAndOut(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("dina@police.kz", "police", access.Reporter)
		b := s.browser()
		if a := b.get("/reports?x=1"); a.status != http.StatusSeeOther || !strings.Contains(a.location, "next=%2Freports%3Fx%3D1") {
			t.Fatalf("a closed page: %+v", a)
		}
		if a := b.post(signInPath, "login", " Dina@Police.kz ", "password", password, "next", "/reports?x=1"); a.location != "/reports?x=1" {
			t.Fatalf("sign-in: %+v", a)
		}
		if !b.in() {
			t.Fatal("not signed in")
		}
		if a := b.post("/sign-out"); a.location != signInPath || b.in() {
			t.Errorf("still signed in: %+v", a)
		}
		if a := s.browser().post(signInPath, "login", "dina@police.kz", "password", password, "next", "//evil.example"); a.location != "/" {
			t.Errorf("led away to %q", a.location)
		}
	})
}

func TestWrongUnknownAndDisabledLookAlike(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ctx := context.Background()
		s.add("dina@police.kz", "police", access.Reporter)
		s.add("gone@police.kz", "police", access.Reporter)
		if err := Disable(ctx, s.Writer, "gone@police.kz"); err != nil {
			t.Fatal(err)
		}
		b := s.browser()
		strip := func(a answer, login string) string { return strings.ReplaceAll(a.body, login, "") }
		want := b.signIn("dina@police.kz", "wrong password")
		if want.status != http.StatusUnauthorized || strings.Contains(want.body, "wrong password") {
			t.Fatalf("%+v", want)
		}
		for _, login := range []string{"nobody@police.kz", "gone@police.kz"} {
			for _, pw := range []string{password, "wrong password"} {
				if a := b.signIn(login, pw); a.status != want.status || strip(a, login) != strip(want, "dina@police.kz") {
					t.Errorf("%s answers differently: %d", login, a.status)
				}
			}
		}
		var entries int
		if err := s.db().NewRaw("SELECT count(*) FROM audit_entry WHERE act = 'account.sign_in'").Scan(ctx, &entries); err != nil || entries != 5 {
			t.Errorf("%d tries journalled, want 5; %v", entries, err)
		}
	})
}

func TestAnAccountPausesLongerAndLonger(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("dina@police.kz", "police", access.Reporter)
		b := s.browser()
		for range freeFailures {
			b.signIn("dina@police.kz", "wrong password")
		}
		if b.signIn("dina@police.kz", password); b.in() {
			t.Fatal("a paused account let the right password in")
		}
		s.now = s.now.Add(firstPause)
		b.signIn("dina@police.kz", "wrong password")
		s.now = s.now.Add(firstPause)
		if b.signIn("dina@police.kz", password); b.in() {
			t.Fatal("the second pause is no longer than the first")
		}
		s.now = s.now.Add(firstPause)
		if b.signIn("dina@police.kz", password); !b.in() {
			t.Fatal("the pause does not end")
		}
		for range freeFailures - 1 {
			s.browser().signIn("dina@police.kz", "wrong password")
		}
		c := s.browser()
		if c.signIn("dina@police.kz", password); !c.in() {
			t.Error("success did not forget earlier failures")
		}
	})
}

func TestTheCookieChangesAtSignIn(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("officer@centre.kz", "centre", access.Officer)
		b := s.browser()
		b.signIn("officer@centre.kz", password)
		planted := b.cookie()
		if planted == "" {
			t.Fatal("no session between the factors")
		}
		enrol(t, b, s)
		if b.cookie() == planted || !b.in() {
			t.Error("the cookie from before signing in stays good")
		}
		var stored int
		if err := s.db().NewRaw("SELECT count(*) FROM session WHERE token_hash = ? OR data LIKE ?", b.cookie(), "%"+b.cookie()+"%").Scan(context.Background(), &stored); err == nil && stored != 0 {
			t.Error("the cookie itself is in the database")
		}
	})
}

// enrol sets up the second factor that the session holds and returns its secret.
func enrol(t *testing.T, b *browser, s *site) string {
	t.Helper()
	page := b.get(factorPath)
	if page.status != http.StatusOK {
		t.Fatalf("enrolment: %+v", page)
	}
	i := strings.LastIndex(page.body, `<span class="code">`) + len(`<span class="code">`)
	x := strings.ReplaceAll(page.body[i:i+strings.Index(page.body[i:], "<")], " ", "")
	if png := b.get(factorPath + "/qr.png"); png.status != http.StatusOK || !strings.HasPrefix(png.body, "\x89PNG") {
		t.Fatalf("QR code: %d", png.status)
	}
	if a := b.post(factorPath, "code", "000000"); a.status != http.StatusUnprocessableEntity {
		t.Fatalf("a wrong code enrolled: %+v", a.status)
	}
	if a := b.post(factorPath, "code", code(t, x, s.now)); a.status != http.StatusSeeOther {
		t.Fatalf("enrolment: %+v", a)
	}
	return x
}

func code(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnOfficerNeedsASecondFactorAndEachCodeCountsOnce(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("officer@centre.kz", "centre", access.Officer)
		b := s.browser()
		if a := b.signIn("officer@centre.kz", password); a.location != factorPath || b.in() {
			t.Fatalf("in without a second factor: %+v", a)
		}
		x := enrol(t, b, s)
		used := code(t, x, s.now)
		c := s.browser()
		if a := c.signIn("officer@centre.kz", password); a.location != codePath || c.in() {
			t.Fatalf("%+v", a)
		}
		if a := c.get(factorPath); a.status != http.StatusConflict {
			t.Errorf("a second enrolment opened: %d", a.status)
		}
		if a := c.post(codePath, "code", used); a.status != http.StatusUnauthorized || c.in() {
			t.Errorf("a used code was taken: %d", a.status)
		}
		if a := c.post(codePath, "code", code(t, x, s.now.Add(2*period))); a.status != http.StatusUnauthorized {
			t.Errorf("a code two steps ahead was taken: %d", a.status)
		}
		if a := c.post(codePath, "code", code(t, x, s.now.Add(period))); a.location != "/" || !c.in() {
			t.Errorf("the next code was refused: %+v", a)
		}
		var sealed string
		if err := s.db().NewRaw("SELECT totp_secret FROM account WHERE login = 'officer@centre.kz'").Scan(context.Background(), &sealed); err != nil || sealed == "" || strings.Contains(sealed, x) {
			t.Errorf("stored secret %q, %v", sealed, err)
		}
	})
}

func TestALostSecondFactorIsSetUpAnew(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.Mail = nil
		admin := s.add("admin@centre.kz", "centre", access.Administrator)
		officer := s.add("officer@centre.kz", "centre", access.Officer)
		b := s.browser()
		b.signIn("officer@centre.kz", password)
		enrol(t, b, s)
		link, err := s.Link(context.Background(), admin.Actor(), officer.ID, SecondFactor)
		if err != nil {
			t.Fatal(err)
		}
		path := linkShape.FindString(link)
		c := s.browser()
		if a := c.post(path, "password", "wrong password"); a.status != http.StatusUnauthorized {
			t.Fatalf("wrong password: %d", a.status)
		}
		if a := c.post(path, "password", password); a.location != signInPath {
			t.Fatalf("%+v", a)
		}
		if b.in() {
			t.Error("the session of the lost device lives on")
		}
		if a := c.signIn("officer@centre.kz", password); a.location != factorPath {
			t.Errorf("%+v", a)
		}
		if a := c.get(path); a.status != http.StatusNotFound {
			t.Errorf("the link works twice: %d", a.status)
		}
	})
}

func TestSessionsEndIdleAndAfterTwelveHours(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("dina@police.kz", "police", access.Reporter)
		b := s.browser()
		b.signIn("dina@police.kz", password)
		s.now = s.now.Add(idle - time.Second)
		if !b.in() {
			t.Fatal("ended early")
		}
		s.now = s.now.Add(idle - time.Second)
		if !b.in() {
			t.Fatal("use did not keep it alive")
		}
		s.now = s.now.Add(idle)
		if b.in() {
			t.Fatal("alive after half an hour without use")
		}
		b.signIn("dina@police.kz", password)
		for end := s.now.Add(absolute); s.now.Before(end); s.now = s.now.Add(20 * time.Minute) {
			if !b.in() {
				t.Fatal("ended early")
			}
		}
		if b.in() {
			t.Error("alive after twelve hours")
		}
	})
}

func TestADisabledAccountIsOutAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		admin := s.add("admin@centre.kz", "centre", access.Administrator)
		dina := s.add("dina@police.kz", "police", access.Reporter)
		b := s.browser()
		b.signIn("dina@police.kz", password)
		token, err := s.NewToken(context.Background(), dina.Actor(), "script", 30)
		if err != nil {
			t.Fatal(err)
		}
		if who := s.bearerID(token); who != dina.ID {
			t.Fatalf("the token is %q", who)
		}
		if err := s.SetDisabled(context.Background(), admin.Actor(), dina.ID, true); err != nil {
			t.Fatal(err)
		}
		if b.in() || s.bearerID(token) != "" {
			t.Error("session or token outlived the account")
		}
		if err := s.SetDisabled(context.Background(), admin.Actor(), admin.ID, true); baqylau.CodeOf(err) != baqylau.Forbidden {
			t.Errorf("own account: %v", err)
		}
		if err := Disable(context.Background(), s.Writer, "admin@centre.kz"); baqylau.CodeOf(err) != baqylau.Conflict {
			t.Errorf("last administrator: %v", err)
		}
	})
}

func (s *site) bearerID(token string) string {
	r, _ := http.NewRequest(http.MethodGet, s.url+"/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return s.Authenticate(r).ID
}

func TestTokensEndByThemselves(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("dina@police.kz", "police", access.Reporter)
		b := s.browser()
		b.signIn("dina@police.kz", password)
		a := b.post("/account/tokens", "name", "script", "days", "2")
		i := strings.Index(a.body, "bq_")
		if a.status != http.StatusOK || i < 0 {
			t.Fatalf("no token shown: %d", a.status)
		}
		token := a.body[i : i+29]
		if strings.Contains(b.get("/account").body, token) {
			t.Error("the token is shown again")
		}
		s.now = s.now.AddDate(0, 0, 2).Add(-time.Second)
		if s.bearerID(token) == "" {
			t.Error("ended early")
		}
		if s.now = s.now.Add(time.Second); s.bearerID(token) != "" {
			t.Error("lives on")
		}
	})
}

func TestAnInvitationWorksOnce(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("admin@centre.kz", "centre", access.Administrator)
		b := s.browser()
		b.signIn("admin@centre.kz", password)
		enrol(t, b, s)
		invite := []string{"login", "New@Police.kz", "name", "Новый", "org", "police", "roles", "reporter", "lang", "ru"}
		if a := b.post("/admin/accounts/new", invite...); a.location != accountsPath || len(s.mail.sent) != 1 || s.mail.sent[0].to != "new@police.kz" {
			t.Fatalf("%+v, letters %+v", a, s.mail.sent)
		}
		if a := b.post("/admin/accounts/new", invite...); a.status != http.StatusConflict {
			t.Errorf("a second account of the same login: %d", a.status)
		}
		path := linkShape.FindString(s.mail.sent[0].body)
		c := s.browser()
		if a := c.get(path); a.status != http.StatusOK {
			t.Fatalf("%+v", a)
		}
		if a := c.post(path, "password", "short", "again", "short"); a.status != http.StatusUnprocessableEntity {
			t.Errorf("a short password: %d", a.status)
		}
		if a := c.post(path, "password", password, "again", password); a.location != signInPath {
			t.Fatalf("%+v", a)
		}
		if a := s.browser().post(path, "password", password+"!", "again", password+"!"); a.status != http.StatusNotFound {
			t.Errorf("the invitation works twice: %d", a.status)
		}
		if c.signIn("new@police.kz", password); !c.in() {
			t.Error("the invited person cannot sign in")
		}
	})
}

func TestAnInvitationEndsAfterSevenDaysAndIsShownOnceWithoutMail(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.Mail = nil
		s.add("admin@centre.kz", "centre", access.Administrator)
		b := s.browser()
		b.signIn("admin@centre.kz", password)
		enrol(t, b, s)
		a := b.post("/admin/accounts/new", "login", "new@police.kz", "name", "New", "org", "police", "roles", "reporter", "lang", "en")
		path := linkShape.FindString(a.body)
		if path == "" {
			t.Fatalf("no link shown: %d", a.status)
		}
		s.now = s.now.Add(life[Invitation] - time.Second)
		if a := s.browser().get(path); a.status != http.StatusOK {
			t.Errorf("ended early: %d", a.status)
		}
		if s.now = s.now.Add(time.Second); s.browser().get(path).status != http.StatusNotFound {
			t.Error("lives on")
		}
	})
}

func TestForgottenPasswordsAnswerAlike(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("dina@police.kz", "police", access.Reporter)
		b := s.browser()
		b.signIn("dina@police.kz", password)
		known, unknown := s.browser().post("/forgotten", "login", "dina@police.kz"), s.browser().post("/forgotten", "login", "nobody@police.kz")
		if known != unknown || known.status != http.StatusOK {
			t.Errorf("answers differ: %d, %d", known.status, unknown.status)
		}
		if len(s.mail.sent) != 1 {
			t.Fatalf("letters %+v", s.mail.sent)
		}
		path := linkShape.FindString(s.mail.sent[0].body)
		if a := s.browser().post(path, "password", "жаңа құпия сөз тіркесі", "again", "жаңа құпия сөз тіркесі"); a.location != signInPath {
			t.Fatalf("%+v", a)
		}
		if b.in() {
			t.Error("the old session lives on")
		}
		c := s.browser()
		if c.signIn("dina@police.kz", password); c.in() {
			t.Error("the old password still works")
		}
		s.browser().post("/forgotten", "login", "dina@police.kz")
		s.now = s.now.Add(life[NewPassword])
		if a := s.browser().get(linkShape.FindString(s.mail.sent[1].body)); a.status != http.StatusNotFound {
			t.Errorf("an old link works: %d", a.status)
		}
	})
}

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

func TestTooManyTriesAreRefused(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		fresh := New(s.Options)
		s.perIP, s.perLogin = fresh.perIP, fresh.perLogin
		b := s.browser()
		status := 0
		for range 2*attemptsPerLogin + 2 { // a minute may turn in between
			status = b.signIn("nobody@police.kz", "wrong password").status
		}
		if status != http.StatusTooManyRequests {
			t.Errorf("status %d", status)
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
