package list

import (
	"context"
	"fmt"
	"iter"
	"runtime/debug"
	"slices"

	"github.com/baqylau/baqylau/internal/web"
	"github.com/uptrace/bun"
)

// An export is read in parts while earlier parts are written, and so are the fillings of several parts: one core reads, another writes. What is held in memory
// is a few parts, however long the list is.
const (
	partRows   = 1000
	partsAhead = 2
)

// part is some rows of an export.
type part[T any] struct {
	rows   []T
	err    error
	filled chan struct{} // closed when rows or err may be used
}

// ahead yields the rows of a list, which are read while earlier ones are used.
func (s *Spec[T]) ahead(c *web.Ctx, db bun.IDB, all condition, r Request) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		ctx, stop := context.WithCancel(c.Context())
		parts := make(chan *part[T], partsAhead)
		defer func() { // nothing of the request is used once it is answered
			stop()
			for p := range parts {
				<-p.filled
			}
		}()
		go func() {
			defer close(parts)
			give := func(p *part[T]) bool {
				select {
				case parts <- p:
					return true
				case <-ctx.Done():
					return false
				}
			}
			last := &part[T]{filled: make(chan struct{})}
			if s.Fill == nil {
				last.do(func() error { return s.stream(ctx, db, all, r, give) })
			} else {
				last.do(func() error { return s.chunks(ctx, c, db, all, r, give) })
			}
			if last.err != nil {
				give(last)
			}
		}()
		for p := range parts {
			<-p.filled
			if p.err != nil {
				yield(none, p.err)
				return
			}
			for _, row := range p.rows {
				if !yield(row, nil) {
					return
				}
			}
		}
		if err := c.Context().Err(); err != nil { // the reading ended for it
			yield(none, err)
		}
	}
}

// do ends p with what f says. A panic beside the request would end the process and not only the request.
func (p *part[T]) do(f func() error) {
	defer close(p.filled)
	defer func() {
		if r := recover(); r != nil {
			p.err = fmt.Errorf("list: reading ahead: %v\n%s", r, debug.Stack())
		}
	}()
	p.err = f()
}

// stream passes on the rows of one query.
func (s *Spec[T]) stream(ctx context.Context, db bun.IDB, all condition, r Request, give func(*part[T]) bool) error {
	from := all.whole()
	if s.column(r.sort).Spelled != nil {
		r.cursor, r.back = cursor{}, false
		list, _, err := s.spelled(ctx, db, from, r, 0)
		p := &part[T]{rows: list, filled: make(chan struct{})}
		close(p.filled)
		give(p)
		return err
	}
	expr, dir := s.column(r.sort).Sort, " ASC"
	if r.desc {
		dir = " DESC"
	}
	rows, err := db.QueryContext(ctx, "SELECT "+expr+", "+s.ID+", "+s.Select+" FROM "+from.SQL+" ORDER BY "+expr+dir+", "+s.ID+dir, slices.Concat(s.Args, from.Args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	filled := make(chan struct{})
	close(filled)
	list := make([]T, 0, partRows)
	for rows.Next() {
		var value any
		var id string
		row, err := s.scan(rows, &value, &id)
		if err != nil {
			return err
		}
		if list = append(list, row); len(list) == partRows {
			if !give(&part[T]{rows: list, filled: filled}) {
				return nil
			}
			list = make([]T, 0, partRows)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	give(&part[T]{rows: list, filled: filled})
	return nil
}

// chunks passes on rows that want to be filled. None holds a connection while it waits for another: eight such exports would wait for each other for ever.
func (s *Spec[T]) chunks(ctx context.Context, c *web.Ctx, db bun.IDB, all condition, r Request, give func(*part[T]) bool) error {
	from := all.whole()
	r.cursor, r.back = cursor{}, false
	for {
		list, marks, err := s.chunk(ctx, db, from, r, partRows, nil)
		if err != nil {
			return err
		}
		p := &part[T]{rows: list, filled: make(chan struct{})}
		go p.do(func() error { return s.Fill(c, db, list) })
		if !give(p) {
			<-p.filled
			return nil
		}
		if len(list) < partRows {
			return nil
		}
		r.cursor = marks[len(marks)-1]
	}
}
