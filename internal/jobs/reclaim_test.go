package jobs_test

import (
	"context"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/jobs"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/riverqueue/river"
)

type errand struct {
	N int `json:"n"`
}

func (errand) Kind() string { return "errand" }

// A job that its node was at when it was killed is done when the node comes back; on PostgreSQL that of another node is left alone.
func TestReclaim(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		done := make(chan int, 2)
		workers := river.NewWorkers()
		river.AddWorker(workers, river.WorkFunc(func(_ context.Context, j *river.Job[errand]) error { done <- j.Args.N; return nil }))
		q, err := jobs.New(db, jobs.Options{Node: "here", Workers: workers, Work: true})
		if err != nil {
			t.Fatal(err)
		}
		for n, by := range []string{"here", "elsewhere"} {
			tx, err := db.Write.BeginTx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := q.Enqueue(ctx, tx, errand{n}, nil); err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
			was := "UPDATE river_job SET state = 'running', attempt = 1, attempted_by = ARRAY['elsewhere', ?] WHERE state = 'available'"
			if db.Engine == store.SQLite {
				was = "UPDATE river_job SET state = 'running', attempt = 1, attempted_by = jsonb_array('elsewhere', ?) WHERE state = 'available'"
			}
			if _, err := db.Write.NewRaw(was, by).Exec(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if err := q.Start(ctx); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := q.Stop(context.WithoutCancel(ctx)); err != nil {
				t.Error(err)
			}
		}()
		want := map[store.Engine]int{store.SQLite: 2, store.Postgres: 1}[db.Engine]
		for range want {
			select {
			case n := <-done:
				if db.Engine == store.Postgres && n != 0 {
					t.Errorf("job %d of another node was taken", n)
				}
			case <-ctx.Done():
				t.Fatal("a job that was left behind is not done")
			}
		}
	})
}
