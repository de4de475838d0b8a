//go:build soak

package crash

import (
	"bytes"
	"crypto/tls"
	"io"
	"math/rand/v2"
	"net"
	netmail "net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// mailbox is a mail server that outlives the process it serves and counts how often each letter came.
type mailbox struct {
	port  int
	trust string // file of the authority that its certificate comes from; "": it speaks without TLS

	mu    sync.Mutex
	came  map[string]int    // by Message-ID
	texts map[string]string // of the first time
	kills int               // so far
	last  map[string]int    // kills before a letter came last
	soon  int               // letters that came again without a kill in between
	other int               // letters that came again with another text
	open  int               // letters being taken right now
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	return serveMail(t, nil)
}

func (b *mailbox) tls() string {
	if b.trust == "" {
		return "none"
	}
	return "starttls"
}

func serveMail(t *testing.T, secure *tls.Config) *mailbox {
	t.Helper()
	b := &mailbox{came: map[string]int{}, texts: map[string]string{}, last: map[string]int{}}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return session{b}, nil }))
	server.Domain, server.TLSConfig = "localhost", secure
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.port = l.Addr().(*net.TCPAddr).Port
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		_ = l.Close()
		_ = server.Close()
		<-done
	})
	return b
}

// killed notes a kill and tells whether a letter was on its way.
func (b *mailbox) killed() bool {
	open := func() int {
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.open
	}
	way := open() > 0
	for range 200 { // what the dead process had sent still belongs to the time before
		if open() == 0 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kills++
	return way
}

// times is how often each letter came so far.
func (b *mailbox) times() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make(map[string]int, len(b.came))
	for id, n := range b.came {
		out[id] = n
	}
	return out
}

type session struct{ box *mailbox }

func (session) Reset()                               {}
func (session) Logout() error                        { return nil }
func (session) Mail(string, *smtp.MailOptions) error { return nil }
func (session) Rcpt(string, *smtp.RcptOptions) error { return nil }

// Data takes a letter and lets the sender wait a little for the answer, so that many kills fall in between.
func (s session) Data(r io.Reader) error {
	s.box.count(+1)
	defer s.box.count(-1)
	var text bytes.Buffer
	if _, err := text.ReadFrom(r); err != nil {
		return err
	}
	m, err := netmail.ReadMessage(bytes.NewReader(text.Bytes()))
	if err != nil {
		return err
	}
	s.box.take(m.Header.Get("Message-ID"), text.String())
	time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
	return nil
}

func (b *mailbox) count(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open += n
}

func (b *mailbox) take(id, text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.came[id] > 0 {
		if b.last[id] == b.kills {
			b.soon++
		}
		if b.texts[id] != text {
			b.other++
		}
	} else {
		b.texts[id] = text
	}
	b.came[id]++
	b.last[id] = b.kills
}
