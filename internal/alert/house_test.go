package alert

import (
	"context"
	"io"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/alert/mail"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/emersion/go-smtp"
)

// house is a centre with people, a hospital, a police department, a substance, a mail server and a clock that the test moves.
type house struct {
	*Service
	db   *store.DB
	now  time.Time
	box  *mailbox
	due  map[string]time.Time
	from string // country of the signal
	rung []Foreign
	lost Ground // what has become of the cases behind the signal
}

var (
	officer  = access.Actor{ID: "officer", Name: "Officer", OrgID: "centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Officer}, Lang: baqylau.English, MaxTLP: baqylau.TLPRed}
	assessor = access.Actor{ID: "assessor", Name: "Assessor", OrgID: "centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Assessor}, Lang: baqylau.Russian, MaxTLP: baqylau.TLPRed}
	approver = access.Actor{ID: "approver", Name: "Approver", OrgID: "centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Approver, access.Officer}, Lang: baqylau.Kazakh, MaxTLP: baqylau.TLPRed}
	doctor   = access.Actor{ID: "doctor", Name: "Doctor", OrgID: "hospital", Domain: baqylau.HealthDomain, Roles: []access.Role{access.Reporter}, Lang: baqylau.Kazakh, MaxTLP: baqylau.TLPAmber}
	police   = access.Actor{ID: "police", Name: "Police officer", OrgID: "police", Domain: baqylau.EnforcementDomain, Roles: []access.Role{access.Reporter}, Lang: baqylau.Russian, MaxTLP: baqylau.TLPGreen}
)

func build(t *testing.T, db *store.DB) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{db: db, now: time.Date(2026, 11, 25, 12, 0, 0, 0, change.Zone), due: map[string]time.Time{}}
	exec := func(q string, args ...any) {
		t.Helper()
		if _, err := db.Write.NewRaw(q, args...).Exec(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range []struct{ id, domain, tlp string }{{"centre", "neutral", "RED"}, {"hospital", "health", "AMBER"}, {"police", "enforcement", "GREEN"}} {
		exec("INSERT INTO organisation (id, code, name, kind, domain, country, max_tlp, created_at) VALUES (?, ?, ?, 'other', ?, 'KZ', ?, 1)", o.id, o.id, baqylau.Same(o.id).JSON(), o.domain, o.tlp)
	}
	for _, a := range []access.Actor{officer, assessor, approver, doctor, police} {
		exec("INSERT INTO account (id, login, name, org_id, lang, state, created_at) VALUES (?, ?, ?, ?, ?, 'active', 1)", a.ID, a.ID+"@"+a.OrgID+".example", a.Name, a.OrgID, string(a.Lang))
	}
	exec("INSERT INTO country (code, name) VALUES ('KZ', ?)", baqylau.Text{KK: "Қазақстан", RU: "Казахстан", EN: "Kazakhstan"}.JSON())
	exec("INSERT INTO region (code, country, kind, name) VALUES ('KZ-35', 'KZ', 'region', ?)", baqylau.Text{KK: "Қарағанды облысы", RU: "Карагандинская область", EN: "Karaganda region"}.JSON())
	exec("INSERT INTO family (code, kind, name) VALUES ('effect.opioid', 'effect', ?)", baqylau.Same("opioid").JSON())
	exec("INSERT INTO substance (id, name, fold, label, inchikey, updated_at) VALUES ('carfentanil', 'Carfentanil', 'carfentanil', ?, 'YDSDEBIZUNNPOB-UHFFFAOYSA-N', 1)", baqylau.Text{KK: "Карфентанил", RU: "Карфентанил", EN: "Carfentanil"}.JSON())
	exec("INSERT INTO substance_family (substance_id, family) VALUES ('carfentanil', 'effect.opioid')")
	exec(`INSERT INTO signal (id, ref, dedup_key, type, rule, country, raised_on, events, title, explanation, evidence, rank, confidence, state, created_at, updated_at)
		VALUES ('sig', 'S-2026-0001', 'x', 'first_detection', 'first_country', 'KZ', '2026-11-20', 3, '{}', '[]', '{}', 1, 'confirmed', 'decided', 1, 1)`)
	shelf, err := registry.NewShelf(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	w := change.New(db)
	w.Now = func() time.Time { return h.now }
	h.box = &mailbox{}
	h.Service = &Service{W: w, Shelf: shelf, BaseURL: "https://ews.example", Mail: h.box.serve(t), Clocks: h, Signals: h, Raise: h}
	return h
}

// Start and Stop make the house its own clocks.
func (h *house) Start(_ context.Context, _ *change.Tx, c Clock) error {
	h.due[c.CommunicationID] = c.At
	return nil
}

func (h *house) Stop(_ context.Context, _ *change.Tx, id, _ string, _ bool) error {
	delete(h.due, id)
	return nil
}

// Facts is the one signal of the house.
func (h *house) Facts(_ context.Context, a access.Actor, id string) (Facts, error) {
	if err := access.Check(a, access.SignalRead); err != nil {
		return Facts{}, err
	}
	if id != "sig" {
		return Facts{}, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	if h.from != "" {
		return Facts{ID: "sig", Ref: "S-2026-0001", SubstanceID: "carfentanil", Country: h.from, Severity: baqylau.Amber, Confidence: baqylau.Suspected, TLP: baqylau.TLPClear}, nil
	}
	return Facts{ID: "sig", Ref: "S-2026-0001", Title: baqylau.Same("Carfentanil"), SubstanceID: "carfentanil", Country: "KZ", Regions: []string{"KZ-35"}, Severity: baqylau.Red,
		Confidence: baqylau.Confirmed, TLP: baqylau.TLPAmber, Events: 3, First: baqylau.MustDate("2026-11-18"), Last: baqylau.MustDate("2026-11-20"), Fatal: true}, nil
}

func (h *house) Ground(_ context.Context, a access.Actor, _ string) (Ground, error) {
	return h.lost, access.Check(a, access.SignalRead)
}

func (h *house) RaiseForeign(_ context.Context, _ access.Actor, f Foreign) (string, error) {
	h.rung = append(h.rung, f)
	return "sig", nil
}

// must does one act or fails the test.
func (h *house) must(t *testing.T, a access.Actor, id, step string, reason ...string) string {
	t.Helper()
	var r baqylau.Text
	if len(reason) > 0 {
		r = baqylau.Same(reason[0])
	}
	next, err := h.Step(context.Background(), a, id, 0, step, r)
	if err != nil {
		t.Fatalf("%s by %s: %v", step, a.ID, err)
	}
	return next
}

// drafted saves a complete draft of the signal, changed by f.
func (h *house) drafted(t *testing.T, f func(d *Draft)) string {
	t.Helper()
	d, err := h.Prefill(context.Background(), officer, "sig")
	if err != nil {
		t.Fatal(err)
	}
	d.Expires = baqylau.MustDate("2026-12-31")
	if f != nil {
		f(&d)
	}
	id, err := h.Save(context.Background(), officer, "", 0, d)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// issued takes a draft through review and clearance.
func (h *house) issued(t *testing.T, f func(d *Draft)) Communication {
	t.Helper()
	id := h.drafted(t, f)
	return h.out(t, id)
}

func (h *house) out(t *testing.T, id string) Communication {
	t.Helper()
	h.must(t, officer, id, Submit)
	h.must(t, assessor, id, Review)
	h.must(t, approver, id, Clear)
	h.must(t, officer, id, Issue)
	return h.get(t, id)
}

func (h *house) get(t *testing.T, id string) Communication {
	t.Helper()
	c, err := Get(context.Background(), h.db.Read, officer, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (h *house) subscribe(t *testing.T, a access.Actor, most baqylau.TLP) {
	t.Helper()
	if err := h.Subscribe(context.Background(), a, Subscription{Lang: a.Lang, MaxTLP: most, MinSeverity: baqylau.Green}); err != nil {
		t.Fatal(err)
	}
}

// post offers every waiting letter to the mail server.
func (h *house) post(t *testing.T) {
	t.Helper()
	var ids []string
	if err := h.db.Read.NewRaw("SELECT id FROM delivery WHERE state = 'queued' ORDER BY id").Scan(context.Background(), &ids); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if err := h.Deliver(context.Background(), id, false); err != nil {
			t.Fatal(err)
		}
	}
}

// mailbox is a real SMTP server that keeps what it takes.
type mailbox struct {
	mu      sync.Mutex
	letters []received
	refuse  *smtp.SMTPError
}

type received struct {
	to, id, subject, inReplyTo string
}

// of lists the letters to an address, oldest first.
func (b *mailbox) of(address string) []received {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.letters), func(r received) bool { return r.to != address })
}

func (b *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{box: b}, nil }

type session struct {
	box *mailbox
	to  string
}

func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if s.box.refuse != nil {
		return s.box.refuse
	}
	s.box.letters = append(s.box.letters, received{to: s.to, id: m.Header.Get("Message-ID"), subject: m.Header.Get("Subject"), inReplyTo: m.Header.Get("In-Reply-To")})
	return nil
}

func (b *mailbox) serve(t *testing.T) Sender {
	t.Helper()
	server := smtp.NewServer(b)
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
	s, err := mail.New(mail.Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, From: "ews@ews.example", TLS: mail.None, Hello: "localhost", Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func wantCode(t *testing.T, err error, code baqylau.Code, key string) {
	t.Helper()
	if baqylau.CodeOf(err) != code || !strings.Contains(err.Error(), key) {
		t.Errorf("%v, want %s %s", err, code, key)
	}
}
