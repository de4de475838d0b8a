package registry

import (
	"context"
	"sync/atomic"

	"github.com/baqylau/baqylau/internal/store"
)

// Shelf holds the current Book. Every room asks it and keeps no Book longer than one act.
type Shelf struct {
	db   *store.DB
	book atomic.Pointer[Book]
}

// NewShelf returns a shelf with the registry as it is now.
func NewShelf(ctx context.Context, db *store.DB) (*Shelf, error) {
	s := &Shelf{db: db}
	return s, s.Reload(ctx)
}

// Book is the current snapshot.
func (s *Shelf) Book() *Book { return s.book.Load() }

// Reload reads the registry again.
func (s *Shelf) Reload(ctx context.Context) error {
	b, err := Load(ctx, s.db)
	if err != nil {
		return err
	}
	s.book.Store(b)
	return nil
}

// Refresh reloads if another process has changed the registry since; one small query otherwise.
func (s *Shelf) Refresh(ctx context.Context) error {
	n, err := version(ctx, s.db.Read)
	if err != nil || n == s.Book().Version {
		return err
	}
	return s.Reload(ctx)
}
