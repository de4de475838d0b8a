package app_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/account"
	"github.com/baqylau/baqylau/internal/app"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/emersion/go-smtp"
)

var ctx = context.Background()

// house is the running process with its mail server, an account for every role and the facts of facts_test.go.
type house struct {
	*app.App
	box     *mailbox
	people  map[string]*person // by login before the @; "public" has no account
	asked   statements
	counted string // address at which statements are counted
	log     logBook
	facts
}

// TestProcess starts the whole process once for each engine and tells every story in it, one after the other; the engines go side by side.
func TestProcess(t *testing.T) {
	t.Parallel()
	for _, e := range storetest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			h := start(t, storetest.DSN(t, e))
			h.plant(t)
			t.Run("wall", h.wall)
			t.Run("disclosure", h.disclosure)
			t.Run("attack", h.attack)
			t.Run("story", h.story)
			t.Run("keyboard", h.keyboard)
			t.Run("every field", h.everyField)
			t.Run("words", h.inWords)
			t.Run("log", h.logged)
		})
	}
}

func start(t *testing.T, dsn string) *house {
	t.Helper()
	h := &house{box: &mailbox{}, people: map[string]*person{}}
	proxies, err := web.ParseProxies([]string{"127.0.0.1"}) // every test comes through this proxy; what a stranger's headers are worth is told in package web
	if err != nil {
		t.Fatal(err)
	}
	c := app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir(), DB: dsn, Demo: true, Proxies: proxies,
		Log:  slog.New(slog.NewTextHandler(&h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		SMTP: app.SMTP{Host: "127.0.0.1", Port: h.box.serve(t), From: "ews@ews.example", TLS: "none"}}
	a, err := app.Open(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	h.asked.watch(a.DB)
	if err := a.Serve(ctx); err != nil {
		t.Fatal(err)
	}
	counted := httptest.NewServer(h.asked.around(a.Site()))
	t.Cleanup(counted.Close)
	h.App, h.counted = a, counted.URL
	if _, err := account.Demo(ctx, a.Writer, baqylau.English, app.DemoPassword); err != nil {
		t.Fatal(err)
	}
	// Forensic medicine sends deaths, a nurse works beside the hospital's reporter, a second laboratory sees only what is addressed to it.
	for _, n := range []account.NewAccount{
		{Login: "forensic@demo.baqylau", Name: "Судебный медик", Org: "forensic_medicine", Roles: []access.Role{access.Reporter}, Lang: baqylau.English, Password: app.DemoPassword, Demo: true},
		{Login: "nurse@demo.baqylau", Name: "Медсестра", Org: "hospital", Roles: []access.Role{access.Reporter}, Lang: baqylau.English, Password: app.DemoPassword, Demo: true},
		{Login: "otherlab@demo.baqylau", Name: "Вторая лаборатория", Org: "mental_health_centre", Roles: []access.Role{access.LabAnalyst, access.LabReviewer}, Lang: baqylau.English, Password: app.DemoPassword, Demo: true},
	} {
		if _, err := account.Add(ctx, a.Writer, n); err != nil {
			t.Fatal(err)
		}
	}
	all, err := account.List(ctx, a.DB.Read)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		token, err := a.Accounts.NewToken(ctx, x.Actor(), stem, 2)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(x.Login, "@")
		h.people[name] = &person{name: name, Actor: x.Actor(), token: token, site: counted.URL, asked: &h.asked, client: plainClient()}
	}
	h.people["public"] = &person{name: "public", Actor: access.Anyone(baqylau.English), site: counted.URL, asked: &h.asked, client: plainClient()}
	return h
}

// everyone lists the people in order of name.
func (h *house) everyone() []*person {
	var out []*person
	for _, p := range h.people {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *person) int { return cmp.Compare(a.name, b.name) })
	return out
}

// person asks the site as an account with its API token, or without any.
type person struct {
	access.Actor
	name, token, site string
	asked             *statements // counts what a request asks of the database; may be nil
	session           bool        // signed in with a browser's cookie instead of the token
	client            *http.Client
}

// answer is what came back.
type answer struct {
	status int
	body   string
	header http.Header
	asked  int // statements
}

func (a answer) location() string { return a.header.Get("Location") }

// everything is whatever of an answer a reader could look at.
func (a answer) everything() string {
	var b strings.Builder
	b.WriteString(a.body)
	_ = a.header.Write(&b) // a Builder takes everything
	return b.String()
}

func plainClient() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: time.Minute}
}

func (p *person) do(t *testing.T, method, path string, body io.Reader, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, p.site+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	r.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	end := func() int { return 0 }
	if p.asked != nil {
		end = p.asked.begin(r)
	}
	res, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, string(b), res.Header, end()}
}

func (p *person) get(t *testing.T, path string) answer {
	t.Helper()
	return p.do(t, http.MethodGet, path, nil)
}

func (p *person) post(t *testing.T, path string, pairs ...string) answer {
	t.Helper()
	f := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Add(pairs[i], pairs[i+1])
	}
	return p.do(t, http.MethodPost, path, strings.NewReader(f.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}

// send uploads a file by a form.
func (p *person) send(t *testing.T, path, name, content string) answer {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	w, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(w, content)
	}
	if err := errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	return p.do(t, http.MethodPost, path, &b, "Content-Type", form.FormDataContentType())
}

// visitor is somebody with a browser's cookies instead of a token.
func (h *house) visitor(t *testing.T) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := plainClient()
	c.Jar = jar
	return &person{name: "visitor", site: h.counted, asked: &h.asked, client: c}
}

// count runs a query that gives one number.
func (h *house) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := h.DB.Read.NewRaw(query, args...).Scan(ctx, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// list runs a query that gives one text column.
func (h *house) list(t *testing.T, query string, args ...any) (out []string) {
	t.Helper()
	if err := h.DB.Read.NewRaw(query, args...).Scan(ctx, &out); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

// logBook is what the process has logged so far.
type logBook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// mailbox is a real SMTP server that keeps what it takes.
type mailbox struct {
	mu      sync.Mutex
	letters []letter
}

type letter struct{ to, text string }

func (b *mailbox) of(address string) []letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.letters), func(l letter) bool { return l.to != address })
}

func (b *mailbox) serve(t *testing.T) (port int) {
	t.Helper()
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{box: b}, nil }))
	server.Domain = "localhost"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		_ = l.Close() // the server may not know its listener yet
		_ = server.Close()
		<-done
	})
	return l.Addr().(*net.TCPAddr).Port
}

type mailSession struct {
	box *mailbox
	to  string
}

func (s *mailSession) Reset()                               {}
func (s *mailSession) Logout() error                        { return nil }
func (s *mailSession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		return err
	}
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.letters = append(s.box.letters, letter{s.to, b.String()})
	return nil
}
