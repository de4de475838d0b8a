package account

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
)

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

// A question that the database does not answer is a failure: who holds a good link must not be told that it has ended.
func TestALinkIsNotEndedByAFailure(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ctx, cancel := context.WithCancel(context.Background())
		if _, _, err := s.linked(ctx, "no such link"); baqylau.CodeOf(err) != baqylau.NotFound {
			t.Errorf("no such link: %v", err)
		}
		cancel()
		if _, _, err := s.linked(ctx, "no such link"); err == nil || baqylau.CodeOf(err) == baqylau.NotFound {
			t.Errorf("no answer: %v", err)
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
