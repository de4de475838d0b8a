package change

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/store"
)

const (
	company  = 64               // acts that share a transaction at most: whoever comes next does not wait long
	patience = 20 * time.Second // for a database that does not answer
)

// Together writes acts of one kind that arrive while others are being written in one transaction, with one entry of the journal for each: the disk, the chain's
// head and the counters are asked once for all of them (group commit). Nobody waits for company: who finds the writer idle is written alone. The acts of
// a group are tried at once; when that fails, each is done again behind a savepoint of its own, so that one that cannot be done harms no other. Every caller is
// answered when the group is durable. The zero value is ready for use.
type Together[T any] struct {
	mu      sync.Mutex
	waiting []*Part[T]
	busy    bool
}

// Part is one act of a group. All share the store's transaction; Actor, Subject and Enqueue are its own.
type Part[T any] struct {
	*Tx
	In   T // what is to be written; the act may be tried twice, so that writing must not change it
	ctx  context.Context
	act  access.Act
	who  access.Actor
	err  error
	done chan struct{}
}

// Refuse ends the act of p with err and leaves the others alone. Nothing of p may have been written by then.
func (p *Part[T]) Refuse(err error) { p.err = err }

// Write is how the acts of a group are written: as fn of Do, for many. It sets the Subject of every part that it does not refuse.
type Write[T any] func(ctx context.Context, parts []*Part[T]) error

// Do performs act as actor, as Writer.Do does, in the company of those that wait; all calls pass the same write. A caller who gives up while waiting is not
// written; one whose act has begun learns how it ended. Codes: as Writer.Do.
func (g *Together[T]) Do(ctx context.Context, w *Writer, actor access.Actor, act access.Act, in T, write Write[T]) (err error) {
	defer baqylau.Wrap(&err, "change.Together(%s)", act)
	if err := access.Check(actor, act); err != nil {
		return err
	}
	p := &Part[T]{In: in, ctx: ctx, act: act, who: actor, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, p)
	if !g.busy {
		g.busy = true
		go g.lead(w, write)
	}
	g.mu.Unlock()
	select {
	case <-p.done:
	case <-ctx.Done():
		if g.leave(p) {
			return ctx.Err()
		}
		<-p.done
	}
	var c crash
	if errors.As(p.err, &c) {
		panic(c.value) // where it would have been without company
	}
	if p.err == nil && w.After != nil {
		w.After(act)
	}
	return p.err
}

// leave takes p out of those that wait; false when its turn has come.
func (g *Together[T]) leave(p *Part[T]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, p)
	if i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
	return i >= 0
}

// lead writes group after group until nobody waits.
func (g *Together[T]) lead(w *Writer, write Write[T]) {
	for {
		g.mu.Lock()
		n := min(len(g.waiting), company)
		parts := slices.Clone(g.waiting[:n])
		g.waiting = slices.Delete(g.waiting, 0, n)
		g.busy = n > 0
		g.mu.Unlock()
		if n == 0 {
			return
		}
		ctx, end := context.WithTimeout(context.Background(), patience)
		if err := together(ctx, w, parts, write); err != nil { // nobody's act is durable
			for _, p := range parts {
				if p.err == nil {
					p.err = err
				}
			}
		}
		end()
		for _, p := range parts {
			close(p.done)
		}
	}
}

func together[T any](ctx context.Context, w *Writer, parts []*Part[T], write Write[T]) error {
	btx, err := w.DB.Begin(ctx)
	if err != nil {
		return err
	}
	defer btx.Release()
	if len(parts) == 1 {
		parts[0].err = try(ctx, w, btx, parts, write)
	} else if all := inSavepoint(ctx, btx, func() error { return try(ctx, w, btx, parts, write) }); all != nil {
		for i := range parts {
			one := parts[i : i+1]
			if errors.Is(all, errLost) {
				return all
			}
			all = inSavepoint(ctx, btx, func() error { return try(ctx, w, btx, one, write) })
			one[0].err = all
		}
	}
	var entries []audit.Entry
	for _, p := range parts {
		if p.err == nil {
			entries = append(entries, p.entered())
		}
	}
	if len(entries) == 0 {
		return nil
	}
	return w.commit(ctx, btx, entries)
}

// try does the acts of parts. An error that it returns means that none was done; an act that was refused by itself has its error.
func try[T any](ctx context.Context, w *Writer, btx *store.Tx, parts []*Part[T], write Write[T]) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = crash{v}
		}
	}()
	now := w.Now()
	for _, p := range parts {
		p.err, p.Tx = nil, &Tx{Tx: btx, Actor: p.who, Now: now, w: w, act: p.act}
	}
	if err := write(ctx, parts); err != nil {
		return err
	}
	for _, p := range parts {
		if p.err != nil {
			continue
		}
		if err := p.finish(context.WithoutCancel(p.ctx)); err != nil {
			return err
		}
	}
	if len(parts) == 1 {
		return parts[0].err
	}
	return nil
}

// inSavepoint runs fn so that, when it fails, what it did is undone and what was done before stays. Where the engine has ended the transaction itself
// (disk full, connection cut) it says errLost: nothing more may be written then, for a savepoint without a transaction would be one.
func inSavepoint(ctx context.Context, tx *store.Tx, fn func() error) error {
	lost := func(err error) error {
		return errors.Join(errLost, baqylau.E(baqylau.Unavailable, "error.db").Because(err))
	}
	if _, err := tx.ExecContext(ctx, "SAVEPOINT act"); err != nil {
		return lost(err)
	}
	err := fn()
	if err != nil {
		if _, back := tx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT act"); back != nil {
			return lost(errors.Join(err, back))
		}
	}
	if _, rel := tx.ExecContext(ctx, "RELEASE SAVEPOINT act"); rel != nil {
		return lost(errors.Join(err, rel))
	}
	return err
}

var errLost = errors.New("the transaction is lost")

// crash is a panic in the work of an act, on its way to the caller.
type crash struct{ value any }

func (crash) Error() string { return "panic while writing a group" }
