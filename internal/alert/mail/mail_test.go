package mail

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/baqylau/baqylau"
)

// mailbox is a real SMTP server that keeps what it takes. Recipients named "later" and "never" are refused with 450 and 550.
type mailbox struct {
	mu       sync.Mutex
	letters  [][]byte
	from, to []string
	users    []string
	dataErr  error
}

func (b *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{box: b}, nil }

type session struct {
	box      *mailbox
	from, to string
	user     string
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch {
	case strings.HasPrefix(to, "later@"):
		return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "greylisted"}
	case strings.HasPrefix(to, "never@"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	s.to = to
	return nil
}
func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if err != nil {
		return err
	}
	if s.box.dataErr != nil {
		return s.box.dataErr // as it is, since the server reads its code
	}
	s.box.letters = append(s.box.letters, data)
	s.box.from, s.box.to, s.box.users = append(s.box.from, s.from), append(s.box.to, s.to), append(s.box.users, s.user)
	return nil
}
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "ews" || password != "secret" {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}), nil
}

// serve starts the server, with TLS by a certificate of its own, and gives the settings that reach and trust it.
func serve(t *testing.T, box *mailbox, mode TLS) Config {
	t.Helper()
	certificate, roots := certify(t)
	server := smtp.NewServer(box)
	server.Domain = "localhost"
	if mode != None {
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if mode == Implicit {
		l = tls.NewListener(l, server.TLSConfig)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		_ = l.Close() // the server may not know its listener yet
		_ = server.Close()
		<-done
	})
	return Config{Host: "127.0.0.1", Port: port, From: "Мониторинг орталығы <ews@example.org>", TLS: mode, Hello: "localhost",
		Timeout: 10 * time.Second, Roots: &tls.Config{RootCAs: roots}}
}

func certify(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

func letter() Letter {
	return Letter{
		MessageID: "0190a0a0.1@ews.example.org", Date: time.Date(2026, 11, 25, 12, 30, 0, 0, time.FixedZone("", 5*60*60)),
		To: "Дәрігер <doctor@example.org>", Subject: "Ескерту: карфентанил табылды", Text: "Алматыда карфентанил табылды.\n.\nНүктеден кейін.\n",
		HTML: "<p>Алматыда <b>карфентанил</b> табылды.</p>", Lang: baqylau.Kazakh, InReplyTo: "0190a0a0.0@ews.example.org",
		Attachments: []Attachment{{"KZ-EWS.xml", "application/cap+xml", []byte("<alert/>\x00\xff")}},
	}
}

func send(t *testing.T, c Config, l Letter) (Result, error) {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s.Send(context.Background(), l)
}

func TestLetterArrivesWhole(t *testing.T) {
	for _, mode := range []TLS{Implicit, Required, Opportunistic, None} {
		t.Run(string(mode), func(t *testing.T) {
			box := &mailbox{}
			c := serve(t, box, mode)
			if mode != None {
				c.Username, c.Password = "ews", "secret"
			}
			if r, err := send(t, c, letter()); r != Accepted || err != nil {
				t.Fatal(r, err)
			}
			if len(box.letters) != 1 || box.from[0] != "ews@example.org" || box.to[0] != "doctor@example.org" || box.users[0] != c.Username {
				t.Fatal(box.from, box.to, box.users)
			}
			compare(t, box.letters[0], letter())
		})
	}
}

// compare reads a letter as a mail program does.
func compare(t *testing.T, raw []byte, want Letter) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != want.Subject {
		t.Error(subject, err)
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != "Дәрігер" {
		t.Error(to, err)
	}
	date, err := m.Header.Date()
	if err != nil || !date.Equal(want.Date) {
		t.Error(date, err)
	}
	for name, value := range map[string]string{
		"Message-ID": "<" + want.MessageID + ">", "In-Reply-To": "<" + want.InReplyTo + ">", "References": "<" + want.InReplyTo + ">",
		"Content-Language": "kk", "Auto-Submitted": "auto-generated", "User-Agent": "", "X-Mailer": "",
	} {
		if got := m.Header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	parts := map[string]string{}
	collect(t, m.Header.Get("Content-Type"), m.Body, parts)
	if got := strings.ReplaceAll(parts["text/plain"], "\r\n", "\n"); got != want.Text {
		t.Errorf("text %q", got)
	}
	if parts["text/html"] != want.HTML || parts["application/cap+xml"] != string(want.Attachments[0].Data) {
		t.Errorf("%q", parts)
	}
}

func collect(t *testing.T, contentType string, body io.Reader, parts map[string]string) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		b, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		parts[kind] = string(b)
		return
	}
	r := multipart.NewReader(body, params["boundary"])
	for {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		collect(t, p.Header.Get("Content-Type"), decoded(p.Header.Get("Content-Transfer-Encoding"), p), parts)
	}
}

func TestResults(t *testing.T) {
	box := &mailbox{}
	c := serve(t, box, None)
	for to, want := range map[string]Result{"later@example.org": Temporary, "never@example.org": Permanent} {
		l := letter()
		l.To = to
		r, err := send(t, c, l)
		if r != want || err == nil || strings.Contains(err.Error(), "@example.org") {
			t.Errorf("%s: %s %v", to, r, err)
		}
	}
	for code, want := range map[int]Result{451: Temporary, 554: Permanent} {
		box.dataErr = &smtp.SMTPError{Code: code, Message: "content"}
		if r, err := send(t, c, letter()); r != want || err == nil {
			t.Errorf("%d: %s %v", code, r, err)
		}
	}
	if len(box.letters) != 0 {
		t.Error("a refused letter was kept")
	}
}

func TestUnreachableIsAway(t *testing.T) {
	good := serve(t, &mailbox{}, Required)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nowhere := good
	nowhere.Port = closed.Addr().(*net.TCPAddr).Port
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	distrusted, wrong, plain, ended := good, good, serve(t, &mailbox{}, None), good
	ended.Roots = ended.Roots.Clone()
	ended.Roots.Time = func() time.Time { return time.Now().Add(2 * time.Hour) } // the certificate holds for one
	distrusted.Roots = &tls.Config{RootCAs: x509.NewCertPool()}
	wrong.Username, wrong.Password = "ews", "guess"
	plain.TLS = Required
	for name, x := range map[string]struct {
		Config
		key string
	}{
		"nobody listens": {nowhere, "error.mail_server"}, "wrong password": {wrong, "error.mail_sign_in"}, "no STARTTLS": {plain, "error.mail_server"},
		"unknown certificate": {distrusted, "error.mail_certificate"}, "ended certificate": {ended, "error.mail_certificate_ended"},
	} {
		r, err := send(t, x.Config, letter())
		var e *baqylau.Error
		if r != Away || baqylau.CodeOf(err) != baqylau.Unavailable || !errors.As(err, &e) || e.Key != x.key {
			t.Errorf("%s: %s %v, want %s", name, r, err, x.key)
		}
	}
	s, err := New(good)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := s.Send(ctx, letter()); r != Away || err == nil {
		t.Error(r, err)
	}
}

func TestPasswordNeedsTLS(t *testing.T) {
	box := &mailbox{}
	c := serve(t, box, None)
	c.Username, c.Password = "ews", "secret"
	if r, err := send(t, c, letter()); r != Away || err == nil || len(box.letters) != 0 {
		t.Error(r, err)
	}
}

// What could forge a header never leaves.
func TestForgeryIsRefused(t *testing.T) {
	box := &mailbox{}
	c := serve(t, box, None)
	for field, spoil := range map[string]func(*Letter){
		"to":          func(l *Letter) { l.To = "a@example.org\r\nBcc: b@example.org" },
		"subject":     func(l *Letter) { l.Subject = "x\r\nBcc: b@example.org" },
		"message_id":  func(l *Letter) { l.MessageID = "x@y>\r\nX: <z" },
		"in_reply_to": func(l *Letter) { l.InReplyTo = "a b@c" },
		"attachment":  func(l *Letter) { l.Attachments[0].Name = "a\"\r\nX: y" },
		"date":        func(l *Letter) { l.Date = time.Time{} },
		"text":        func(l *Letter) { l.Text = "" },
		"lang":        func(l *Letter) { l.Lang = "kk\r\nX: y" },
	} {
		l := letter()
		spoil(&l)
		r, err := send(t, c, l)
		var e *baqylau.Error
		if r != Permanent || !errors.As(err, &e) || e.Field != field {
			t.Errorf("%s: %s %v", field, r, err)
		}
	}
	two := letter()
	two.To = "a@example.org, b@example.org"
	if r, err := send(t, c, two); r != Permanent || err == nil {
		t.Error(r, err)
	}
	if len(box.letters) != 0 {
		t.Error("a forged letter was sent")
	}
}

func TestSettings(t *testing.T) {
	for field, c := range map[string]Config{
		"from": {Host: "mail.example.org", From: "nobody"}, "tls": {Host: "mail.example.org", From: "a@example.org", TLS: "maybe"},
		"host": {From: "a@example.org"},
	} {
		var e *baqylau.Error
		if _, err := New(c); !errors.As(err, &e) || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := New(Config{Host: "mail.example.org", From: "a@example.org"}); err != nil {
		t.Error(err)
	}
}

// decoded undoes the transfer encoding of a part.
func decoded(encoding string, r io.Reader) io.Reader {
	switch encoding {
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	}
	return r
}
