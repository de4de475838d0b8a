package jobs

import (
	"context"
	"sync"
	"time"

	"github.com/baqylau/baqylau/internal/store"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// A job whose end could not be written down, because the database was away for longer than River tries, stays "running" although nobody works on it: River takes it for
// dead after an hour and a half, and no second job for its letter is let in until then. This node knows what it works on, and gives the others back to the queue.
const (
	orphanLook  = 5 * time.Second
	orphanAfter = 20 * time.Second // as long as River may still be writing an end down
)

// atWork is what this process is working on.
type atWork struct {
	mu   sync.Mutex
	ids  map[int64]bool
	lost map[int64]time.Time // since when a job runs by the table and not by us
}

// middleware notes the begin and end of each job.
func (w *atWork) middleware() rivertype.Middleware {
	return river.WorkerMiddlewareFunc(func(ctx context.Context, j *rivertype.JobRow, work func(context.Context) error) error {
		w.note(j.ID, true)
		defer w.note(j.ID, false)
		return work(ctx)
	})
}

func (w *atWork) note(id int64, at bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if at {
		w.ids[id] = true
	} else {
		delete(w.ids, id)
	}
}

// orphans picks from the jobs that the table calls running those that have been nobody's for long enough.
func (w *atWork) orphans(running []int64, now time.Time) (out []int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	lost := map[int64]time.Time{}
	for _, id := range running {
		if w.ids[id] {
			continue
		}
		since, known := w.lost[id]
		if !known {
			since = now
		}
		if now.Sub(since) >= orphanAfter {
			out = append(out, id)
			continue
		}
		lost[id] = since
	}
	w.lost = lost
	return out
}

// watch gives orphans back until ctx ends. A look that fails is made again.
func (q *Queue) watch(ctx context.Context, id string) {
	tick := time.NewTicker(orphanLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C: // by the monotonic clock
			_ = q.giveBack(ctx, id, now)
		}
	}
}

func (q *Queue) giveBack(ctx context.Context, id string, now time.Time) error {
	query, args := "SELECT id FROM river_job WHERE state = 'running'", []any(nil)
	if q.db.Engine == store.Postgres {
		query, args = query+" AND attempted_by[array_upper(attempted_by, 1)] = ?", []any{id}
	}
	var running []int64
	if err := q.db.Read.NewRaw(query, args...).Scan(ctx, &running); err != nil {
		return err
	}
	for _, job := range q.work.orphans(running, now) {
		if _, err := q.db.Write.NewRaw("UPDATE river_job SET state = 'available' WHERE id = ? AND state = 'running'", job).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
