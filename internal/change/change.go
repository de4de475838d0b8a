// Package change is the one write path: authorise, validate, write, audit, enqueue, in one transaction. If the audit entry
// cannot be written, nothing happened. Reads of identities and exports go through it as well, because they leave an entry.
package change

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/jobs"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/riverqueue/river"
)

// Writer is handed to every room that writes.
type Writer struct {
	DB    *store.DB
	Queue *jobs.Queue      // set before the first act that enqueues
	Now   func() time.Time // the clock; tests and replays inject theirs
	// After runs when an act has committed; pages use it to drop what they cached. May be nil.
	After func(act access.Act)
}

// New returns a Writer on db with the wall clock.
func New(db *store.DB) *Writer { return &Writer{DB: db, Now: time.Now} }

// Tx is the transaction of one act.
type Tx struct {
	*store.Tx
	Actor access.Actor
	Now   time.Time
	w     *Writer
	act   access.Act
	entry audit.Entry
	subj  bool
}

// Do performs act as actor: checks the policy, runs fn in a transaction, appends the audit entry that fn describes by
// Subject, and commits. Any error from fn or the audit rolls everything back. Codes: Unauthentic, Forbidden from the policy, else fn's own.
func (w *Writer) Do(ctx context.Context, actor access.Actor, act access.Act, fn func(ctx context.Context, tx *Tx) error) (err error) {
	defer baqylau.Wrap(&err, "change.Do(%s)", act)
	if err := access.Check(actor, act); err != nil {
		return err
	}
	btx, err := w.DB.Begin(ctx)
	if err != nil {
		return err
	}
	defer btx.Release()
	tx := &Tx{Tx: btx, Actor: actor, Now: w.Now(), w: w, act: act}
	if err := fn(ctx, tx); err != nil {
		return err
	}
	if err := tx.finish(ctx); err != nil {
		return err
	}
	if err := w.commit(ctx, btx, []audit.Entry{tx.entered()}); err != nil {
		return err
	}
	if w.After != nil {
		w.After(act)
	}
	return nil
}

// finish does what goes along with the act, and checks that it says what it was about.
func (tx *Tx) finish(ctx context.Context) error {
	if along, ok := ctx.Value(alongKey{}).(func(context.Context, *Tx) error); ok {
		if err := along(ctx, tx); err != nil {
			return err
		}
	}
	if !tx.subj {
		return baqylau.E(baqylau.Internal, "error.internal").Because(errNoSubject)
	}
	return nil
}

// entered is the act's entry of the journal, but for its place in the chain.
func (tx *Tx) entered() audit.Entry {
	e := tx.entry
	e.At, e.ActorID, e.OrgID, e.Act = tx.Now, tx.Actor.ID, tx.Actor.OrgID, string(tx.act)
	return e
}

// commit writes the entries of the journal and makes everything durable.
func (w *Writer) commit(ctx context.Context, tx *store.Tx, entries []audit.Entry) error {
	if err := audit.Append(ctx, tx, w.lock(), entries...); err != nil {
		return baqylau.E(baqylau.Unavailable, "error.audit").Because(err)
	}
	if err := tx.Commit(); err != nil {
		return store.CommitFailed(err)
	}
	return nil
}

type alongKey struct{}

// Along returns a context with which every act does fn as well, in its own transaction and after its own work: what has to be there if and only if the act is.
func Along(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) context.Context {
	return context.WithValue(ctx, alongKey{}, fn)
}

// lock makes writers queue at the chain's head; SQLite has one writer anyway.
func (w *Writer) lock() string {
	if w.DB.Engine == store.Postgres {
		return " FOR UPDATE"
	}
	return ""
}

// Authorise checks the policy for one row. Codes as access.CheckRow.
func (tx *Tx) Authorise(r access.Row) error { return access.CheckRow(tx.Actor, tx.act, r) }

// Subject says what the act is about: it fills the audit entry. detail holds identifiers, states and counts, never names or typed text.
// The last call wins; an act without a subject fails.
func (tx *Tx) Subject(objectType, id, ownerOrg string, detail map[string]any) {
	tx.subj = true
	tx.entry.Type, tx.entry.ObjectID, tx.entry.OwnerOrg, tx.entry.Detail = objectType, id, ownerOrg, detail
}

// Enqueue adds a job that exists if and only if the act commits.
func (tx *Tx) Enqueue(ctx context.Context, args river.JobArgs, opts *river.InsertOpts) error {
	if tx.w.Queue == nil {
		return nil // command-line acts on a stopped node: the node's periodic jobs catch up
	}
	return tx.w.Queue.Enqueue(ctx, tx.Tx.Tx, args, opts)
}

// Writer is the writer this transaction belongs to.
func (tx *Tx) Writer() *Writer { return tx.w }

// Today is the calendar day of Now in the centre's time zone; it is the default known_on.
func (tx *Tx) Today() baqylau.Date { return Today(tx.Now) }

// Zone is the centre's time zone: that of the settings, or Asia/Almaty. It is set once at start, before anything is served.
var Zone = mustZone("Asia/Almaty")

// Today is the calendar day of t in Zone.
func Today(t time.Time) baqylau.Date { return baqylau.DateOf(t.In(Zone)) }
