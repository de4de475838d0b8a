package treatment

import (
	"crypto/sha256"
	"encoding/json"
	"sync"
)

// answered are the answers of the last tables that were protected, by all that an answer depends on: codes and counts. To protect one takes up to seconds, and a page is asked for
// again and again; since the counts are in the key, nothing has to be forgotten when they change.
var answered answers

// mostAnswers bounds what is remembered: some ten years of all cross tables.
const mostAnswers = 400

type answers struct {
	sync.Mutex
	by map[[sha256.Size]byte][]bool
}

func markOf(q *cube) [sha256.Size]byte {
	b, err := json.Marshal([]any{q.dims, q.n})
	if err != nil {
		panic(err) // texts and numbers always marshal
	}
	return sha256.Sum256(b)
}

func (a *answers) get(mark [sha256.Size]byte) (hidden []bool, known bool) {
	a.Lock()
	defer a.Unlock()
	hidden, known = a.by[mark]
	return hidden, known
}

func (a *answers) put(mark [sha256.Size]byte, hidden []bool) {
	a.Lock()
	defer a.Unlock()
	if a.by == nil || len(a.by) >= mostAnswers {
		a.by = map[[sha256.Size]byte][]bool{}
	}
	a.by[mark] = hidden
}
