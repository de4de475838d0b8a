package returns

import (
	"context"
	"errors"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/riverqueue/river"
)

// RunArgs is the job that runs the checks of every room.
type RunArgs struct{}

// Kind names the job.
func (RunArgs) Kind() string { return "checks_run" }

// Run runs the checks of every room over what is there now. One that fails does not keep the others from running.
func (s *Service) Run(ctx context.Context) (err error) {
	defer baqylau.Wrap(&err, "returns.Run")
	for _, run := range append([]func(context.Context) error{s.Look}, s.Checks...) {
		err = errors.Join(err, run(ctx))
	}
	return err
}

// RunLater asks for the checks to be run. Code: Forbidden.
func (s *Service) RunLater(ctx context.Context, actor access.Actor) (err error) {
	defer baqylau.Wrap(&err, "returns.RunLater")
	return s.W.Do(ctx, actor, access.CheckResolve, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("check", "all", "", nil)
		if s.W.Queue == nil { // a command line without workers
			return nil
		}
		return tx.Enqueue(ctx, RunArgs{}, nil)
	})
}

// Work registers the workers of the room; what is owed is looked at every day.
func (s *Service) Work(workers *river.Workers) []*river.PeriodicJob {
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[RunArgs]) error { return s.Run(ctx) }))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[Daily]) error { return s.Look(ctx) }))
	return []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(24*time.Hour), func() (river.JobArgs, *river.InsertOpts) { return Daily{}, nil }, nil)}
}
