package jobs

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

const waits = "state IN ('available', 'scheduled', 'retryable')"

// spareAtOnce is how many jobs a statement takes away.
const spareAtOnce = 2_000

// Waiting lists the jobs of a kind that wait and whose argument arg is value. What their acts wrote is committed: one run that begins to read after this call does
// for all of them, see Spare.
func (q *Queue) Waiting(ctx context.Context, kind, arg, value string) (ids []int64, err error) {
	defer baqylau.Wrap(&err, "jobs.Waiting(%s)", kind)
	err = q.db.Read.NewRaw("SELECT j.id FROM river_job j WHERE j.kind = ? AND j."+waits+" AND "+argument(q.db.Engine, arg)+" = ?", kind, value).Scan(ctx, &ids)
	return ids, err
}

// Spare takes jobs away that still wait; another has done what they ask for. One that was taken up meanwhile is worked.
func (q *Queue) Spare(ctx context.Context, ids []int64) (err error) {
	defer baqylau.Wrap(&err, "jobs.Spare(%d)", len(ids))
	for some := range slices.Chunk(ids, spareAtOnce) {
		if _, err := q.db.Write.NewRaw("DELETE FROM river_job WHERE id IN (?) AND "+waits, bun.List(some)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
