package treatment

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"

	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

// answered are the answers of the last tables that were protected, by all that an answer depends on. To protect one takes up to seconds, and a page is asked for
// again and again; since the counts are in the key, nothing has to be forgotten when they change.
var answered answers

// mostAnswers bounds what is remembered: some ten years of all cross tables.
const mostAnswers = 400

type answers struct {
	sync.Mutex
	by    map[[sha256.Size]byte]map[string][]bool
	going map[[sha256.Size]byte]bool // being looked for
}

// mark stands for all counts of a system; what they count is always the same.
func (j *joint) mark() [sha256.Size]byte {
	var b []byte
	for _, n := range j.n {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return sha256.Sum256(b)
}

func (a *answers) get(mark [sha256.Size]byte) (hidden map[string][]bool, known bool) {
	a.Lock()
	defer a.Unlock()
	hidden, known = a.by[mark]
	return hidden, known
}

func (a *answers) put(mark [sha256.Size]byte, hidden map[string][]bool) {
	a.Lock()
	defer a.Unlock()
	if a.by == nil || len(a.by) >= mostAnswers {
		a.by = map[[sha256.Size]byte]map[string][]bool{}
	}
	a.by[mark] = hidden
}

// ready reports whether the answer of the counted people is remembered.
func (p *protector) ready() bool {
	_, known := answered.get(newJoint(p.counts).mark())
	return known
}

// begin looks for the answer, unless somebody does already. It waits for nobody.
func (p *protector) begin() {
	mark := newJoint(p.counts).mark()
	answered.Lock()
	defer answered.Unlock()
	if answered.going[mark] {
		return
	}
	if answered.going == nil {
		answered.going = map[[sha256.Size]byte]bool{}
	}
	answered.going[mark] = true
	go func() {
		hide(p.counts)
		answered.Lock()
		defer answered.Unlock()
		delete(answered.going, mark)
	}()
}

// crosses are the cross tables that a table is read from.
func crosses(spec *tdi.Spec) (names []string) {
	if !spec.Means {
		return []string{spec.Name}
	}
	for _, of := range number {
		names = append(names, spec.Name+"/"+of)
	}
	return names
}
