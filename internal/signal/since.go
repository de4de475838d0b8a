package signal

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// Since is what became of the cases behind a signal after they were counted for it.
type Since struct {
	Cases     int    // kept as evidence, at most rules.MaxEvidence
	Withdrawn int    // of them: no longer about this, because reports were withdrawn or corrected or an import undone
	Merged    int    // of them: found to be the same event as another one
	Undecided int    // proposals that one of those that count is the same event as another case, on which nobody has decided
	Decide    string // the page on which the actor decides them; "" for who may not
	Hidden    bool   // the actor is told that there is something, and no number
}

// Left is how many of the cases that were counted for a signal count now.
func (n Since) Left(counted int) int { return max(0, counted-n.Withdrawn-n.Merged) }

// SinceCounted compares the cases behind a signal with what counts now, for an actor who may read the signal.
func SinceCounted(ctx context.Context, db bun.IDB, book *registry.Book, a access.Actor, sig Signal) (n Since, err error) {
	defer baqylau.Wrap(&err, "signal.SinceCounted(%s)", sig.ID)
	n, left, err := sig.since(ctx, db, book)
	if err != nil || n.Cases == 0 {
		return n, err
	}
	n.Hidden = sig.Hidden || sig.hides(a, 1)
	n.Undecided, n.Decide, err = intake.Undecided(ctx, db, a, left)
	return n, err
}

// since tells what became of the cases behind the signal, and which occurrences they are today.
func (s Signal) since(ctx context.Context, db bun.IDB, book *registry.Book) (n Since, left []string, err error) {
	if n.Cases = len(s.behind); n.Cases == 0 {
		return n, nil, nil
	}
	counting, err := s.counting(ctx, db, book)
	if err != nil {
		return n, nil, err
	}
	marks, args := store.In(s.behind)
	var ways []struct{ ID, Now string }
	if err := db.NewRaw(`WITH RECURSIVE way (id, now) AS (SELECT id, id FROM occurrence WHERE id IN (`+marks+`) UNION SELECT w.id, m.merged_into FROM occurrence m JOIN way w ON w.now = m.id WHERE m.merged_into IS NOT NULL)
		SELECT w.id, w.now FROM way w JOIN occurrence o ON o.id = w.now WHERE o.merged_into IS NULL ORDER BY w.id`, args...).Scan(ctx, &ways); err != nil {
		return n, nil, err
	}
	n.Withdrawn = n.Cases
	seen := map[string]bool{}
	for _, w := range ways {
		if !counting[w.Now] {
			continue
		}
		n.Withdrawn--
		if seen[w.Now] {
			n.Merged++
			continue
		}
		seen[w.Now] = true
		left = append(left, w.Now)
	}
	return n, left, nil
}
