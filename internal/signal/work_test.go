package signal_test

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/jobs"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A report wakes the detectors through the queue, and so does the next one after the first job is done.
func TestAReportWakesTheDetectors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		ctx := context.Background()
		workers := river.NewWorkers()
		q, err := jobs.New(db, jobs.Options{Workers: workers, Periodic: c.s.Work(workers), Work: true})
		c.check(err)
		c.w.Queue = q
		c.check(q.Start(ctx))
		defer func() { c.check(q.Stop(ctx)) }()
		for i, name := range []string{"Metonitazene", "Carfentanil"} {
			c.report(intake.Death, "KZ-75", name, baqylau.ConfirmedID)
			for until := time.Now().Add(30 * time.Second); len(c.all()) <= i; time.Sleep(50 * time.Millisecond) {
				if time.Now().After(until) {
					t.Fatalf("%s raised nothing", name)
				}
			}
			for until := time.Now().Add(30 * time.Second); c.count("SELECT count(*) FROM river_job WHERE state <> 'completed'") > 0; time.Sleep(50 * time.Millisecond) {
				if time.Now().After(until) {
					t.Fatal("the job does not end")
				}
			}
		}
	})
}
