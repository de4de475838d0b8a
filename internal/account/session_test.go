package account

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
)

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

// Setting the clock back gives no session a minute more, whether the program goes on or is started anew.
func TestNoSessionLivesLongerByAClockSetBack(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("dina@police.kz", "police", access.Reporter)
		var ran time.Duration
		s.clock.ran = func() time.Duration { return ran }
		pass := func(d time.Duration) { s.now, ran = s.now.Add(d), ran+d }
		b := s.browser()
		b.signIn("dina@police.kz", password)
		s.now = s.now.Add(-30 * time.Hour)
		if pass(idle - time.Second); !b.in() {
			t.Fatal("thrown out because the clock was set back")
		}
		if pass(idle); b.in() {
			t.Error("half an hour without use, and alive because the clock was set back")
		}
		b.signIn("dina@police.kz", password)
		for range int(absolute/(20*time.Minute)) - 1 {
			if pass(20 * time.Minute); !b.in() {
				t.Fatal("ended early")
			}
		}
		if pass(20 * time.Minute); b.in() {
			t.Error("alive after twelve hours, because the clock is set back")
		}

		b.signIn("dina@police.kz", password)
		s.clock.begun, ran = s.now, 0 // started anew, still under the wrong time
		if b.in() {
			t.Error("a session of the future lives on")
		}
		if b.signIn("dina@police.kz", password); !b.in() {
			t.Error("nobody can sign in under the wrong time")
		}
		s.clock.begun = s.now.Add(-skew) // another node, whose clock is a little behind
		s.now = s.now.Add(-skew)
		if !b.in() {
			t.Error("thrown out between two nodes whose clocks differ by a little")
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

// Neither an API token nor a one-time link lives longer by a clock set back, whether the program goes on or is started anew; both are made and work while it is wrong.
func TestNoTokenAndNoLinkLivesLongerByAClockSetBack(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ctx := context.Background()
		dina := s.add("dina@police.kz", "police", access.Reporter)
		var ran time.Duration
		s.clock.ran = func() time.Duration { return ran }
		pass := func(d time.Duration) { s.now, ran = s.now.Add(d), ran+d }
		token := func() string {
			t.Helper()
			token, err := s.NewToken(ctx, dina.Actor(), "script", 2)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		link := func() string {
			t.Helper()
			if err := s.Forgotten(ctx, "dina@police.kz"); err != nil {
				t.Fatal(err)
			}
			return linkShape.FindString(s.mail.sent[len(s.mail.sent)-1].body)
		}
		opens := func(path string) bool { return s.browser().get(path).status == http.StatusOK }

		bearer, path := token(), link()
		s.now = s.now.Add(-30 * time.Hour)
		if pass(life[NewPassword] - time.Second); s.bearerID(bearer) == "" || !opens(path) {
			t.Fatal("ended because the clock was set back")
		}
		if pass(time.Second); opens(path) {
			t.Error("a link is alive after an hour, because the clock was set back")
		}
		if s.browser().post(path, "password", password+"!", "again", password+"!").status != http.StatusNotFound {
			t.Error("a link is followed after an hour, because the clock was set back")
		}
		if pass(47 * time.Hour); s.bearerID(bearer) != "" {
			t.Error("a token is alive after two days, because the clock was set back")
		}
		if bearer, path = token(), link(); s.bearerID(bearer) == "" || !opens(path) {
			t.Fatal("neither token nor link can be had under the wrong time")
		}

		s.clock.begun, ran = s.now, 0 // started anew, still under the wrong time
		if s.bearerID(bearer) != "" || opens(path) {
			t.Error("a token or link of the future lives on")
		}
		if s.browser().post(path, "password", password+"!", "again", password+"!").status != http.StatusNotFound {
			t.Error("a link of the future is followed")
		}
		old := token()
		if pass(24 * time.Hour); s.bearerID(old) == "" {
			t.Fatal("ended early")
		}
		s.now = s.now.Add(-time.Hour)
		s.clock.begun, ran = s.now, 0
		if s.bearerID(old) != "" {
			t.Error("a token that was used in the future lives on")
		}
		bearer, path = token(), link()
		s.clock.begun = s.now.Add(-skew) // another node, whose clock is a little behind
		s.now = s.now.Add(-skew)
		if s.bearerID(bearer) == "" || !opens(path) {
			t.Error("refused between two nodes whose clocks differ by a little")
		}
	})
}

// While people cannot be looked up, whoever is signed in gets a failure, not the page of a stranger, and is signed in again once they can be.
func TestAFailureMakesNobodyAStranger(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("dina@police.kz", "police", access.Reporter)
		b := s.browser()
		if b.signIn("dina@police.kz", password); !b.in() {
			t.Fatal("not signed in")
		}
		rename := func(from, to string) {
			if _, err := s.Writer.DB.Write.ExecContext(context.Background(), "ALTER TABLE "+from+" RENAME TO "+to); err != nil {
				t.Fatal(err)
			}
		}
		rename("account_role", "away")
		if a := b.get("/account"); a.status < http.StatusInternalServerError {
			t.Errorf("status %d, leads to %q", a.status, a.location)
		}
		rename("away", "account_role")
		if !b.in() {
			t.Error("signed out by a failure")
		}
	})
}
