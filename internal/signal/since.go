package signal

import (
	"context"
	"maps"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
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
	all, err := counting(ctx, db, book, []Signal{s})
	if err != nil {
		return n, nil, err
	}
	n, left = s.compare(all[s.ID])
	return n, left, nil
}

// compare tells what became of the cases behind the signal; now is what counting says of them.
func (s Signal) compare(now map[string]string) (n Since, left []string) {
	n.Cases = len(s.behind)
	n.Withdrawn = n.Cases - len(now)
	left = slices.Compact(slices.Sorted(maps.Values(now)))
	n.Merged = len(now) - len(left)
	return n, left
}
