package jobs

import (
	"context"
	"errors"

	"github.com/baqylau/baqylau/internal/store"
)

// reclaim gives the jobs that this node was working on when it died back to the queue, and its leadership, by which jobs that run by the clock are placed.
// River by itself waits more than an hour before it takes a job for dead, for it cannot know; until then a letter would stay unsent, and no second job
// for it would be let in. On SQLite there is one process, so every running job is a dead one's. A node of PostgreSQL that never comes back leaves its
// jobs to River.
func (q *Queue) reclaim(ctx context.Context) error {
	own, leads, args := "", "", []any(nil)
	if q.db.Engine == store.Postgres {
		if q.node == "" {
			return nil
		}
		own, leads, args = " AND attempted_by[array_upper(attempted_by, 1)] = ?", " WHERE leader_id = ?", []any{q.node}
	}
	_, err := q.db.Write.NewRaw("UPDATE river_job SET state = 'available' WHERE state = 'running'"+own, args...).Exec(ctx)
	_, err2 := q.db.Write.NewRaw("DELETE FROM river_leader"+leads, args...).Exec(ctx)
	return errors.Join(err, err2)
}
