package account

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/baqylau/baqylau/internal/access"
)

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
