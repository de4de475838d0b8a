package signal_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
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

// An act that commits after the job of an earlier act of the same seconds has run wakes the detectors itself.
func TestASlowActIsNotMissed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		ctx := context.Background()
		q, err := jobs.New(db, jobs.Options{})
		c.check(err)
		c.w.Queue = q
		c.report(intake.Death, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		c.report(intake.Death, "KZ-75", "Carfentanil", baqylau.ConfirmedID)
		if n := c.count("SELECT count(*) FROM river_job WHERE kind = 'series_moved'"); n != 2 {
			t.Fatalf("%d jobs for two acts", n)
		}
		c.exec("DELETE FROM river_job")
		if db.Engine == store.SQLite { // one writer: no act is slower than another
			return
		}
		begun, proceed, done := make(chan bool), make(chan bool), make(chan error)
		go func() {
			done <- c.w.Do(ctx, access.TheSystem(), access.ReportCreate, func(ctx context.Context, tx *change.Tx) error {
				tx.Subject("report", "", "", nil)
				if err := intake.Moved(ctx, tx, "KZ"); err != nil {
					return err
				}
				close(begun)
				<-proceed
				return nil
			})
		}()
		<-begun
		c.check(c.w.Do(ctx, access.TheSystem(), access.ReportCreate, func(ctx context.Context, tx *change.Tx) error {
			tx.Subject("report", "", "", nil)
			return intake.Moved(ctx, tx, "KZ")
		}))
		c.exec("DELETE FROM river_job WHERE kind = 'series_moved'") // the quick act's job has run
		close(proceed)
		c.check(<-done)
		if n := c.count("SELECT count(*) FROM river_job WHERE kind = 'series_moved'"); n != 1 {
			t.Errorf("the slow act left %d jobs", n)
		}
	})
}

// Hundreds of reports leave hundreds of jobs, for which a few runs of the detectors do; each report is looked at. What is taken up meanwhile, and what comes
// meanwhile, is worked for itself.
func TestOneRunDoesForAllThatWait(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := open(t, db)
		ctx := context.Background()
		workers := river.NewWorkers()
		q, err := jobs.New(db, jobs.Options{Workers: workers, Periodic: c.s.Work(workers), Work: true})
		c.check(err)
		c.w.Queue = q
		moved := func(n int) {
			t.Helper()
			c.check(c.w.Do(ctx, access.TheSystem(), access.ReportCreate, func(ctx context.Context, tx *change.Tx) error {
				tx.Subject("report", "", "", nil)
				for range n {
					if err := intake.Moved(ctx, tx, "KZ"); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		moved(2)
		c.check(c.w.Do(ctx, access.TheSystem(), access.ReportCreate, func(ctx context.Context, tx *change.Tx) error {
			tx.Subject("report", "", "", nil)
			return intake.Moved(ctx, tx, "US")
		}))
		waiting, err := q.Waiting(ctx, "series_moved", "country", "KZ")
		c.check(err)
		moved(1)
		c.exec("UPDATE river_job SET state = 'running' WHERE id = " + strconv.FormatInt(waiting[0], 10))
		c.check(q.Spare(ctx, waiting))
		if n := c.count("SELECT count(*) FROM river_job WHERE kind = 'series_moved'"); len(waiting) != 2 || n != 3 {
			t.Fatalf("%d waited; of those, of what was taken up, what came later and another country's %d are left", len(waiting), n)
		}
		c.exec("DELETE FROM river_job")

		c.report(intake.Death, "KZ-75", "Metonitazene", baqylau.ConfirmedID)
		moved(400)
		c.report(intake.Death, "KZ-75", "Carfentanil", baqylau.ConfirmedID)
		c.check(q.Start(ctx))
		defer func() { c.check(q.Stop(ctx)) }()
		for until := time.Now().Add(time.Minute); c.count("SELECT count(*) FROM river_job WHERE kind = 'series_moved' AND state <> 'completed'") > 0; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(until) {
				t.Fatal("jobs still wait")
			}
		}
		if n := c.count("SELECT count(*) FROM river_job WHERE kind = 'series_moved'"); n == 0 || n > 40 {
			t.Errorf("%d of 402 jobs were worked", n)
		}
		if n := len(c.all()); n != 2 {
			t.Errorf("%d signals of two reports", n)
		}
	})
}
