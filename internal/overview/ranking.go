package overview

import (
	"context"
	"sync"
	"time"

	"github.com/baqylau/baqylau/internal/series"
)

// rankKept is how long the counts that order the choice of subjects are remembered. They read a whole year of every subject, and an order that is a minute
// old misleads nobody; what the page shows of a subject is always counted anew.
const rankKept = time.Minute

// rankMany is from how many counts on a year is worth remembering.
const rankMany = 20_000

// ranking remembers the year's counts by place and dimension as they are known today.
type ranking struct {
	mu   sync.Mutex
	kept map[rankKey]ranked
}

type rankKey struct {
	place string
	dim   series.Dim
}

type ranked struct {
	of     frame
	at     time.Time
	counts map[string]int
}

// yearly counts every subject of a dimension in the year that ends with the frame's week.
func (s *Service) yearly(ctx context.Context, f frame, dim series.Dim) (map[string]int, error) {
	key := rankKey{f.place, dim}
	s.ranks.mu.Lock()
	old, ok := s.ranks.kept[key]
	s.ranks.mu.Unlock()
	if ok && old.of.week == f.week && old.of.asOf == f.asOf && time.Since(old.at) < rankKept {
		return old.counts, nil
	}
	counts, err := series.BySubject(ctx, s.DB.Read, series.Query{Country: f.place, Subject: series.Subject{Dim: dim}, From: f.week - 51, To: f.week, AsOf: f.asOf})
	if err != nil {
		return nil, err
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	if total < rankMany {
		return counts, nil
	}
	s.ranks.mu.Lock()
	defer s.ranks.mu.Unlock()
	if s.ranks.kept == nil {
		s.ranks.kept = map[rankKey]ranked{}
	}
	s.ranks.kept[key] = ranked{f, time.Now(), counts}
	return counts, nil
}
