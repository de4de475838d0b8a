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
