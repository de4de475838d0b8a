package treatment

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"

	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

// answers are the answers of the last years that were protected, by all that an answer depends on. To find one takes seconds, and a page is asked for again and again; since the counts are in the key,
// nothing has to be forgotten when they change.
type answers struct {
	sync.Mutex
	by    map[answerKey]map[string][]bool
	going map[answerKey]bool // being looked for
}

type answerKey struct {
	dataset string
	counts  [sha256.Size]byte
}

// mostAnswers bounds what is remembered.
const mostAnswers = 400

// key stands for all counts of a system; what they count is always the same.
func (j *joint) key(dataset string) answerKey {
	var b []byte
	for _, n := range j.n {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return answerKey{dataset, sha256.Sum256(b)}
}

func (a *answers) get(k answerKey) (hidden map[string][]bool, known bool) {
	a.Lock()
	defer a.Unlock()
	hidden, known = a.by[k]
	return hidden, known
}

func (a *answers) put(k answerKey, hidden map[string][]bool) {
	a.Lock()
	defer a.Unlock()
	if a.by == nil || len(a.by) >= mostAnswers {
		a.by = map[answerKey]map[string][]bool{}
	}
	a.by[k] = hidden
}

// begin does something for an answer, unless somebody does already. It waits for nobody.
func (a *answers) begin(k answerKey, find func()) {
	a.Lock()
	defer a.Unlock()
	if a.going[k] {
		return
	}
	if a.going == nil {
		a.going = map[answerKey]bool{}
	}
	a.going[k] = true
	go func() {
		find()
		a.Lock()
		defer a.Unlock()
		delete(a.going, k)
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
