package overview

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/series"
)

// The counts that order the choice of subjects read a year of every subject. From rankMany counts on they are remembered; once they are older than rankKept they are
// counted anew beside the page that shows them, so that nobody waits for it: an order of a moment ago misleads nobody, and what the page shows of a subject is
// always counted at once. After rankLong the page waits; Warm sees to it that it need not.
const (
	rankMany = 1_000
	rankKept = time.Minute
	rankLong = 24 * time.Hour
	rankMost = 100 // how many are remembered
)

// ranking remembers a year's counts by what they are of.
type ranking struct {
	mu   sync.Mutex
	kept map[rankKey]*ranked
}

// rankKey is a place and a dimension, as they are known today or (past) were known on an earlier day.
type rankKey struct {
	place string
	dim   series.Dim
	past  baqylau.Date
}

type ranked struct {
	asOf   baqylau.Date
	mark   int64
	at     time.Time
	counts map[string]int
	busy   bool // is being counted anew
}

// yearly counts every subject of a dimension in the year that ends with the frame's week.
func (s *Service) yearly(ctx context.Context, f frame, dim series.Dim) (map[string]int, error) {
	key := rankKey{place: f.place, dim: dim}
	if f.asOf.Before(s.Now()) {
		key.past = f.asOf
	}
	old, renew := s.ranks.find(key, f.asOf)
	if renew {
		go func() { // a failure leaves the old order; the next reader tries again
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rankKept)
			defer cancel()
			_, _ = s.guarded(ctx, key, f, old)
		}()
	}
	if old != nil {
		return old.counts, nil
	}
	return s.rank(ctx, key, f, nil)
}

// Warm counts what the first page of the own country needs, once a day and after the start, so that its first reader need not wait.
func (s *Service) Warm(ctx context.Context) {
	f := frame{place: s.Home, asOf: s.Now()}
	f.week = f.asOf.Week()
	for _, dim := range []series.Dim{series.Family, series.Substance} {
		key := rankKey{place: f.place, dim: dim}
		if !s.ranks.has(key, f.asOf) {
			_, _ = s.guarded(ctx, key, f, nil) // a failure leaves it to the first reader
		}
	}
}

// guarded is rank beside a page: a panic there would end the process and not only a request.
func (s *Service) guarded(ctx context.Context, key rankKey, f frame, old *ranked) (counts map[string]int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("overview: counting beside the page: %v\n%s", r, debug.Stack())
			slog.Error("overview", "error", err)
			s.ranks.release(key)
		}
	}()
	return s.rank(ctx, key, f, old)
}

// rank counts and remembers, or remembers longer what has not changed.
func (s *Service) rank(ctx context.Context, key rankKey, f frame, old *ranked) (_ map[string]int, err error) {
	x := &ranked{asOf: f.asOf, at: time.Now()}
	defer func() {
		if err != nil {
			s.ranks.release(key)
		}
	}()
	if x.mark, err = series.Mark(ctx, s.DB.Read, f.place, f.asOf); err != nil {
		return nil, err
	}
	if old != nil && old.mark == x.mark && old.asOf == x.asOf {
		x.counts = old.counts
	} else if x.counts, err = series.BySubject(ctx, s.DB.Read, series.Query{Country: f.place, Subject: series.Subject{Dim: key.dim}, From: f.week - 51, To: f.week, AsOf: f.asOf}); err != nil {
		return nil, err
	}
	s.ranks.keep(key, x)
	return x.counts, nil
}

// find returns what is remembered and whether the caller has to count it anew.
func (r *ranking) find(key rankKey, asOf baqylau.Date) (old *ranked, renew bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old = r.kept[key]
	if old == nil || time.Since(old.at) > rankLong {
		return nil, false
	}
	renew = !old.busy && (old.asOf != asOf || time.Since(old.at) > rankKept)
	old.busy = old.busy || renew
	return old, renew
}

// has reports whether the counts of a day are remembered.
func (r *ranking) has(key rankKey, asOf baqylau.Date) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.kept[key]
	return old != nil && old.asOf == asOf
}

func (r *ranking) release(key rankKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if old := r.kept[key]; old != nil {
		old.busy = false
	}
}

func (r *ranking) keep(key rankKey, x *ranked) {
	total := 0
	for _, n := range x.counts {
		total += n
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil || len(r.kept) >= rankMost {
		r.kept = map[rankKey]*ranked{}
	}
	if delete(r.kept, key); total >= rankMany {
		r.kept[key] = x
	}
}
