package signal

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/riverqueue/river"
)

// Daily is the job that runs the detectors for every country once a day: what waits for room in the budget is raised although
// nothing new came in.
type Daily struct{}

// Kind names the job.
func (Daily) Kind() string { return "signal_daily" }

type movedWorker struct {
	river.WorkerDefaults[series.Moved]
	s *Service
}

func (w *movedWorker) Work(ctx context.Context, job *river.Job[series.Moved]) error {
	country := job.Args.Country
	waiting, err := w.s.W.Queue.Waiting(ctx, job.Kind, "country", country) // before the run reads: it does for all of them
	if err != nil {
		return err
	}
	again, err := w.s.runs.run(country, func() error { return w.s.detectToday(ctx, country) })
	if err != nil {
		return err
	}
	if err := w.s.W.Queue.Spare(ctx, waiting); err != nil || again == 0 {
		return err
	}
	return river.JobSnooze(again) // for itself and those that it took away
}

const (
	pause     = 9                // times as long as a run took: under the heaviest load the detectors have a tenth of a core
	pauseMost = 30 * time.Second // and nobody waits longer for them than that
	busy      = time.Second      // until a job that finds them at work asks again
)

// runs lets one run of the detectors do for all jobs of a country that waited when it began, and rest between two runs: each reads the whole running week. A job is seen after
// its act has committed, so that a run which begins later has read what the act wrote.
type runs struct {
	mu    sync.Mutex // runs come one after the other
	until map[string]time.Time
}

// run does it, or says in how long the caller is to ask again. It never waits: a worker that did would keep letters waiting.
func (r *runs) run(country string, detect func() error) (again time.Duration, err error) {
	if !r.mu.TryLock() {
		return busy, nil
	}
	defer r.mu.Unlock()
	if again := time.Until(r.until[country]); again > 0 {
		return again, nil
	}
	begun := time.Now()
	if err := detect(); err != nil {
		return 0, err
	}
	if r.until == nil {
		r.until = map[string]time.Time{}
	}
	r.until[country] = time.Now().Add(min(pause*time.Since(begun), pauseMost))
	return 0, nil
}

type dailyWorker struct {
	river.WorkerDefaults[Daily]
	s *Service
}

func (w *dailyWorker) Work(ctx context.Context, _ *river.Job[Daily]) error {
	countries, err := series.Countries(ctx, w.s.W.DB.Read)
	if err != nil {
		return err
	}
	for _, c := range countries {
		if err := w.s.detectToday(ctx, c); err != nil {
			return err
		}
	}
	debug.FreeOSMemory() // the first round after a start read the past of years; what that took is not needed until the next start
	return nil
}

func (s *Service) detectToday(ctx context.Context, country string) error {
	if err := s.Shelf.Refresh(ctx); err != nil {
		return err
	}
	_, err := s.Detect(ctx, country, change.Today(s.W.Now()))
	return err
}

// Work registers the room's workers and returns its periodic jobs.
func (s *Service) Work(workers *river.Workers) []*river.PeriodicJob {
	river.AddWorker(workers, &movedWorker{s: s})
	river.AddWorker(workers, &dailyWorker{s: s})
	return []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(24*time.Hour), func() (river.JobArgs, *river.InsertOpts) { return Daily{}, nil },
		&river.PeriodicJobOpts{RunOnStart: true})}
}

// Countries lists the countries whose history can be replayed.
func (s *Service) Countries(ctx context.Context) (list []string, err error) {
	defer baqylau.Wrap(&err, "signal.Countries")
	return series.Countries(ctx, s.W.DB.Read)
}
