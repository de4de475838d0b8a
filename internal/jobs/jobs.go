// Package jobs runs work that must survive a crash: River on the same database, enqueued in the writing transaction,
// worked by the same process or by another node.
package jobs

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"
	"github.com/uptrace/bun"
)

// Queue enqueues and, once started, works jobs.
type Queue struct {
	insert interface {
		InsertTx(ctx context.Context, tx *sql.Tx, args river.JobArgs, opts *river.InsertOpts) (*rivertype.JobInsertResult, error)
	}
	db    *store.DB
	node  string
	start func(context.Context) error
	stop  func(context.Context) error
	work  *atWork
}

// Options are what rooms bring: workers and periodic jobs. Work is false on a node that only serves pages. Node names this node among those that share a
// database and stays the same when it is started again; without a name it finds no jobs of its own left behind on PostgreSQL.
type Options struct {
	Node     string
	Workers  *river.Workers
	Periodic []*river.PeriodicJob
	Work     bool
	Log      *slog.Logger
}

// New prepares the queue on db. Start it after every worker is registered.
func New(db *store.DB, o Options) (_ *Queue, err error) {
	defer baqylau.Wrap(&err, "jobs.New")
	work := &atWork{ids: map[int64]bool{}}
	cfg := &river.Config{Middleware: []rivertype.Middleware{work.middleware()}, Logger: quiet(o.Log), MaxAttempts: 10, JobTimeout: 30 * time.Minute, ID: o.Node}
	if o.Work {
		cfg.Workers = o.Workers
		cfg.PeriodicJobs = o.Periodic
		cfg.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}}
	}
	if db.Engine == store.SQLite {
		cfg.FetchPollInterval = 500 * time.Millisecond
		c, err := river.NewClient(riversqlite.New(db.Write.DB), cfg)
		if err != nil {
			return nil, err
		}
		q := &Queue{insert: c, db: db, node: o.Node, work: work}
		q.run(c.ID(), c.Start, c.StopAndCancel)
		return q, nil
	}
	ins, err := river.NewClient(riverdatabasesql.New(db.Write.DB), &river.Config{Logger: cfg.Logger, MaxAttempts: cfg.MaxAttempts})
	if err != nil {
		return nil, err
	}
	q := &Queue{insert: ins, db: db, node: o.Node, work: work}
	if o.Work {
		c, err := river.NewClient[pgx.Tx](riverpgxv5.New(db.Pool), cfg)
		if err != nil {
			return nil, err
		}
		q.run(c.ID(), c.Start, c.StopAndCancel)
	}
	return q, nil
}

// run sets how the client named id is started and stopped, with the watch over its orphans beside it.
func (q *Queue) run(id string, start, stop func(context.Context) error) {
	var end context.CancelFunc
	q.start = func(ctx context.Context) error {
		if err := start(ctx); err != nil {
			return err
		}
		ctx, end = context.WithCancel(ctx) //nolint:gosec // stop calls it
		go q.watch(ctx, id)
		return nil
	}
	q.stop = func(ctx context.Context) error {
		if end != nil {
			end()
		}
		return stop(ctx)
	}
}

// Enqueue adds a job inside tx: it exists if and only if tx commits.
func (q *Queue) Enqueue(ctx context.Context, tx bun.Tx, args river.JobArgs, opts *river.InsertOpts) error {
	_, err := q.insert.InsertTx(ctx, tx.Tx, args, opts)
	return err
}

// Start begins working; a queue that only inserts has nothing to start.
func (q *Queue) Start(ctx context.Context) (err error) {
	defer baqylau.Wrap(&err, "jobs.Start")
	if q.start == nil {
		return nil
	}
	if err := q.reclaim(ctx); err != nil {
		return err
	}
	return q.start(ctx)
}

// Stop lets running jobs be cancelled and waits for them.
func (q *Queue) Stop(ctx context.Context) error {
	if q.stop == nil {
		return nil
	}
	return q.stop(ctx)
}

// quiet keeps River's own chatter below warnings out of the log.
func quiet(l *slog.Logger) *slog.Logger {
	if l == nil {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(levelled{l.Handler()})
}

type levelled struct{ slog.Handler }

func (levelled) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }
func (h levelled) WithAttrs(a []slog.Attr) slog.Handler       { return levelled{h.Handler.WithAttrs(a)} }
func (h levelled) WithGroup(n string) slog.Handler            { return levelled{h.Handler.WithGroup(n)} }
