package signal

import (
	"context"
	"runtime/debug"
	"sync"
	"sync/atomic"
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
	return w.s.runs.once(job.Args.Country, func() error {
		waiting, err := w.s.W.Queue.Waiting(ctx, job.Kind, "country", job.Args.Country)
		if err != nil {
			return err
		}
		if err := w.s.detectToday(ctx, job.Args.Country); err != nil {
			return err
		}
		return w.s.W.Queue.Spare(ctx, waiting)
	})
}

// runs lets one run of the detectors do for all jobs of a country that waited when it began: a job is seen after its act has committed, so such a run
// has read what the act wrote. Those in the queue it takes away, those that workers of this node had taken up end at once: worked one by one they piled up under load.
type runs struct {
	mu    sync.Mutex // runs come one after the other
	clock atomic.Int64
	began map[string]int64
}

func (r *runs) once(country string, run func() error) error {
	came := r.clock.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.began[country] > came {
		return nil
	}
	at := r.clock.Add(1)
	if err := run(); err != nil {
		return err
	}
	if r.began == nil {
		r.began = map[string]int64{}
	}
	r.began[country] = at
	return nil
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
