//go:build soak

package crash

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Two nodes serve one database, each through a proxy that falls into one bad mood after another.
func TestTwoNodesBehindABadNetwork(t *testing.T) {
	c := newCluster(t, t.TempDir())
	to := "127.0.0.1:" + strconv.Itoa(c.port)
	one, two := centre(t, build(t), c), (*house)(nil)
	two = one.twin(t)
	var proxies []*proxy
	for i, n := range []*house{one, two} {
		p := newProxy(t, to, rand.New(rand.NewPCG(*seed, uint64(i))))
		n.via = c.at(p.port)
		proxies = append(proxies, p)
	}
	x := befall(t, one, two)
	var weather sync.WaitGroup
	for i, p := range proxies {
		rnd := rand.New(rand.NewPCG(*seed, uint64(100+i)))
		weather.Go(func() {
			for n := range 2 * len(moods) {
				p.become(moods[(n+i)%len(moods)])
				time.Sleep(500*time.Millisecond + time.Duration(rnd.IntN(4000))*time.Millisecond)
				p.become(fair)
				time.Sleep(time.Duration(rnd.IntN(2000)) * time.Millisecond)
			}
		})
	}
	weather.Wait()
	x.over()
	for i, p := range proxies {
		fmt.Printf("pieces through proxy %d: %s\n", i+1, p)
	}
}

// twin is a second node on the same database and data folder; it has an address of its own, by which nodes are told apart.
func (h *house) twin(t *testing.T) *house {
	t.Helper()
	n := &house{engine: h.engine, bin: h.bin, dsn: h.dsn, data: h.data, box: h.box, port: freePort(t), mapping: h.mapping, tokens: h.tokens}
	t.Cleanup(func() {
		if n.child != nil {
			n.kill()
		}
	})
	return n
}
