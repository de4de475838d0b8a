package jobs_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/jobs"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/riverqueue/river"
)

// After a restart a great many comparisons wait; a letter that was written last goes before them, and so do the detectors.
func TestALetterGoesBeforeComparisons(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var mu sync.Mutex
		var order []int
		all := make(chan struct{})
		const comparisons, detectors, letter = 30, 100, 200
		workers := river.NewWorkers()
		river.AddWorker(workers, river.WorkFunc(func(_ context.Context, j *river.Job[errand]) error {
			mu.Lock()
			defer mu.Unlock()
			if order = append(order, j.Args.N); len(order) == comparisons+2 {
				close(all)
			}
			return nil
		}))
		q, err := jobs.New(db, jobs.Options{Node: "here", Workers: workers, Work: true})
		if err != nil {
			t.Fatal(err)
		}
		tx, err := db.Write.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		put := func(n, priority int) {
			if err := q.Enqueue(ctx, tx, errand{n}, &river.InsertOpts{Priority: priority}); err != nil {
				t.Fatal(err)
			}
		}
		for n := range comparisons {
			put(n, jobs.Compare)
		}
		put(detectors, jobs.Detect)
		put(letter, jobs.Urgent)
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if err := q.Start(ctx); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := q.Stop(context.WithoutCancel(ctx)); err != nil {
				t.Error(err)
			}
		}()
		select {
		case <-all:
		case <-ctx.Done():
			t.Fatal("not all was done")
		}
		first := order[:4] // they are worked side by side, so that the order among them is open
		if !slices.Contains(first, letter) || !slices.Contains(first, detectors) {
			t.Errorf("done first: %v", first)
		}
	})
}
