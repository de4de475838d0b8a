//go:build soak

package crash

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// mood is how a proxy treats what passes through it.
type mood string

const (
	fair   mood = "fair"   // passes everything on
	slow   mood = "slow"   // holds each piece up for a while, in the order in which it came
	silent mood = "silent" // passes nothing on, either way, and says nothing
	deaf   mood = "deaf"   // passes on what the node says and swallows what the database answers: commits come through and nobody hears of it
	cut    mood = "cut"    // ends every connection, also in the middle of a message, and takes no new one
	shaky  mood = "shaky"  // ends each connection at a random piece
)

var moods = []mood{slow, silent, deaf, cut, shaky}

// proxy stands between one node and the database.
type proxy struct {
	port int
	to   string

	mu    sync.Mutex
	mood  mood
	turn  chan struct{} // closed when the mood changes
	conns map[net.Conn]net.Conn
	rnd   *rand.Rand
	count map[mood]int // pieces that met a mood, connections for cut
}

func newProxy(t *testing.T, to string, rnd *rand.Rand) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{port: l.Addr().(*net.TCPAddr).Port, to: to, mood: fair, turn: make(chan struct{}), conns: map[net.Conn]net.Conn{}, rnd: rnd, count: map[mood]int{}}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				all.Go(func() { p.join(c) })
			}
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		p.become(cut)
		all.Wait()
	})
	return p
}

// become changes the mood. What was swallowed leaves holes in its streams, so that those connections end when it is over, as they do when a firewall has forgotten them.
func (p *proxy) become(m mood) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m == cut || p.mood == deaf {
		for a, b := range p.conns {
			_, _ = a.Close(), b.Close()
			p.count[cut]++
		}
	}
	p.mood = m
	close(p.turn)
	p.turn = make(chan struct{})
}

func (p *proxy) now() (mood, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mood, p.turn
}

func (p *proxy) met(m mood) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count[m]++
}

// chance draws from the seeded source.
func (p *proxy) chance(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rnd.IntN(n)
}

func (p *proxy) join(c net.Conn) {
	defer c.Close()
	if m, _ := p.now(); m == cut {
		return
	}
	s, err := net.DialTimeout("tcp", p.to, 5*time.Second)
	if err != nil {
		return
	}
	defer s.Close()
	p.mu.Lock()
	p.conns[c] = s
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.conns, c)
	}()
	var both sync.WaitGroup
	both.Go(func() { defer c.Close(); defer s.Close(); p.pass(s, c, false) })
	both.Go(func() { defer c.Close(); defer s.Close(); p.pass(c, s, true) })
	both.Wait()
}

// pass moves pieces from one side to the other as the mood has it, until one side ends.
func (p *proxy) pass(to io.Writer, from io.Reader, answers bool) {
	piece := make([]byte, 4096)
	for {
		n, err := from.Read(piece)
		if n > 0 {
			m, turn := p.now()
			p.met(m)
			for ; m == silent; m, turn = p.now() {
				<-turn
			}
			switch {
			case m == cut:
				return
			case m == deaf && answers:
				continue
			case m == slow:
				time.Sleep(time.Duration(p.chance(40)) * time.Millisecond)
			case m == shaky && p.chance(40) == 0:
				_, _ = to.Write(piece[:p.chance(n)])
				return
			}
			if _, err := to.Write(piece[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// String says what passed in which mood.
func (p *proxy) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, m := range moods {
		out = append(out, fmt.Sprintf("%s %d", m, p.count[m]))
	}
	return strings.Join(out, ", ")
}
