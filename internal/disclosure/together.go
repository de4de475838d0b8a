package disclosure

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"hash"
	"sync"

	"github.com/baqylau/baqylau/internal/disclosure/suppress"
)

// Together shows tables that overlap, such as the parts of a total by region and by sex, so that none gives away what another hides. It remembers its last answers: the same counts
// get the same answer, and a page need not wait for it twice. The zero value is ready, and safe for many callers at once.
type Together struct {
	mu    sync.Mutex
	kept  map[[sha256.Size]byte]*remembered
	order [][sha256.Size]byte
}

type remembered struct {
	once    sync.Once
	answers []suppress.Answer
	err     error
}

// keptAnswers is how many answers are remembered: one for each country and day that readers look at.
const keptAnswers = 32

// Show applies the rule to all tallies at once. links says which cells are sums of cells of other tallies, numbered from 0 as given; it is asked only where something is hidden, and what it
// returns must depend on the dimensions alone. The error is a *suppress.Fault.
func (g *Together) Show(f Figure, a Audience, links func() []suppress.Link, tallies ...*Tally) ([]*Shown, error) {
	out := make([]*Shown, len(tallies))
	small := false
	for i, t := range tallies {
		out[i] = &Shown{tally: t, counts: make([]Count, len(t.counts))}
		for j, n := range t.counts {
			out[i].counts[j] = Count{N: n}
			small = small || Hides(n, f, a)
		}
	}
	if !small {
		return out, nil
	}
	r := g.find(tallies)
	r.once.Do(func() {
		all := suppress.Releases{Links: links()}
		for _, t := range tallies {
			all.Tables = append(all.Tables, t.Table())
		}
		r.answers, r.err = suppress.ProtectAll(all, suppress.Page)
	})
	if r.err != nil {
		return nil, r.err
	}
	for i, answer := range r.answers {
		for j, o := range answer {
			out[i].counts[j] = Count{N: o.N, Hidden: o.Why != suppress.Shown}
		}
	}
	return out, nil
}

// find is the place of the answer for some tallies; the oldest gives way to a new one.
func (g *Together) find(tallies []*Tally) *remembered {
	h := sha256.New()
	for _, t := range tallies {
		t.sign(h)
	}
	key := [sha256.Size]byte(h.Sum(nil))
	g.mu.Lock()
	defer g.mu.Unlock()
	if r := g.kept[key]; r != nil {
		return r
	}
	if g.kept == nil {
		g.kept = map[[sha256.Size]byte]*remembered{}
	}
	if len(g.order) == keptAnswers {
		delete(g.kept, g.order[0])
		g.order = g.order[1:]
	}
	r := &remembered{}
	g.kept[key], g.order = r, append(g.order, key)
	return r
}

// sign writes the dimensions and counts.
func (t *Tally) sign(h hash.Hash) {
	enc := json.NewEncoder(h)
	for _, d := range t.dims {
		if err := enc.Encode(d.Dimension); err != nil {
			panic("disclosure: a dimension is texts: " + err.Error())
		}
	}
	b := make([]byte, 0, 8*len(t.counts))
	for _, n := range t.counts {
		b = binary.LittleEndian.AppendUint64(b, uint64(n)) //nolint:gosec // only compared
	}
	_, _ = h.Write(b)
}
