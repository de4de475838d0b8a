package indicator

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// keeper holds what was computed from all figures of an indicator in a country until another of them comes into force: pages ask for it again and again.
type keeper struct {
	mu      sync.Mutex
	entries map[string]*keptEntry
}

type keptEntry struct {
	mu      sync.Mutex // the next reader waits for the work of the first instead of doing it again
	filled  bool
	version int64
	value   any
}

// mostKept bounds what is held; then all is forgotten.
const mostKept = 500

// keep returns what is held under a key, or makes it where the figures have changed since.
func keep[T any](ctx context.Context, s *Service, what, code, country, day string, made func() (T, error)) (value T, err error) {
	version, err := s.version(ctx, code, country)
	if err != nil {
		return value, err
	}
	key := what + "|" + code + "|" + country + "|" + day
	s.kept.mu.Lock()
	if s.kept.entries == nil || len(s.kept.entries) >= mostKept && s.kept.entries[key] == nil {
		s.kept.entries = map[string]*keptEntry{}
	}
	e := s.kept.entries[key]
	if e == nil {
		e = &keptEntry{}
		s.kept.entries[key] = e
	}
	s.kept.mu.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.filled && e.version == version {
		return e.value.(T), nil //nolint:forcetypeassert // what is one type
	}
	if value, err = made(); err != nil {
		return value, err
	}
	e.filled, e.version, e.value = true, version, value
	return value, nil
}

// counterOf names the counter of changes of an indicator in a country.
func counterOf(code, country string) string { return "figures|" + code + "|" + country }

// version counts the changes of what is in force of an indicator in a country, or of several whose codes are joined by "+".
func (s *Service) version(ctx context.Context, code, country string) (n int64, err error) {
	var names []string
	for c := range strings.SplitSeq(code, "+") {
		names = append(names, counterOf(c, country))
	}
	in, args := store.In(names)
	err = s.W.DB.Read.NewRaw("SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM counter WHERE name IN ("+in+")", args...).Scan(ctx, &n)
	return n, err
}

// moved counts a change of what is in force, within the act that makes it. The order of the counters is fixed, so that two acts never wait for one another.
func moved(ctx context.Context, tx *change.Tx, names []string) error {
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if _, err := tx.Count(ctx, name, 1); err != nil {
			return err
		}
	}
	return nil
}
