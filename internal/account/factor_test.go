package account

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/pquerna/otp/totp"
)

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

// The clock is set back: what was used or could have been seen before opens nothing a second time, whoever is in stays in, and when it is right again the next code opens.
func TestACodeCountsOnceAlsoWhenTheClockIsSetBack(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add("officer@centre.kz", "centre", access.Officer)
		b := s.browser()
		b.signIn("officer@centre.kz", password)
		x := enrol(t, b, s)
		right := s.now
		used := code(t, x, right)
		s.now = right.Add(-3 * time.Hour)
		if !b.in() {
			t.Error("whoever is in is thrown out")
		}
		for name, code := range map[string]string{"used": used, "of the wrong hour": code(t, x, s.now)} {
			c := s.browser()
			c.signIn("officer@centre.kz", password)
			if a := c.post(codePath, "code", code); a.status != http.StatusUnauthorized || c.in() {
				t.Errorf("a code that was %s was taken: %d", name, a.status)
			}
		}
		s.now = right.Add(period)
		c := s.browser()
		c.signIn("officer@centre.kz", password)
		if a := c.post(codePath, "code", code(t, x, s.now)); a.location != "/" || !c.in() {
			t.Errorf("the next code was refused: %+v", a)
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
