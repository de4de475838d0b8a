package alert

import (
	"context"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/jobs"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/riverqueue/river"
)

// The letters of an issue are sent by the queue without anybody asking; a letter written while no queue ran is found by the sweep, and
// asking for it twice sends it once.
func TestQueueSends(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.subscribe(t, doctor, baqylau.TLPAmber)
		h.issued(t, nil) // no queue yet
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		workers := river.NewWorkers()
		periodic := h.Work(workers)
		q, err := jobs.New(db, jobs.Options{Workers: workers, Periodic: periodic, Work: true})
		if err != nil {
			t.Fatal(err)
		}
		h.W.Queue = q
		for range 2 {
			if err := h.requeue(ctx); err != nil {
				t.Fatal(err)
			}
		}
		h.issued(t, nil)
		if err := q.Start(ctx); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := q.Stop(context.WithoutCancel(ctx)); err != nil {
				t.Error(err)
			}
		}()
		for {
			var left int
			if err := db.Read.NewRaw("SELECT count(*) FROM delivery WHERE state <> 'accepted'").Scan(ctx, &left); err != nil {
				t.Fatal(err)
			}
			if left == 0 {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		if got := h.box.of("doctor@hospital.example"); len(got) != 2 || got[0].id == got[1].id {
			t.Errorf("%+v", got)
		}
	})
}
