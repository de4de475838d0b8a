package intake

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/jobs"
	"github.com/riverqueue/river"
)

// StageArgs is the job that validates a large file after its upload.
type StageArgs struct {
	BatchID string `json:"batch_id"`
}

// Kind names the job.
func (StageArgs) Kind() string { return "import_stage" }

// ApplyArgs is the job that applies a batch.
type ApplyArgs struct {
	BatchID string `json:"batch_id"`
}

// Kind names the job.
func (ApplyArgs) Kind() string { return "import_apply" }

// SweepArgs is the job that resumes what a crash left behind and removes files that no batch needs.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "import_sweep" }

// sweepEvery is the time between two sweeps, cutOffAfter how long a validation may be silent, orphanAge how old a file must be to count as left behind: people come back to a mapping they were making.
const (
	sweepEvery  = time.Hour
	orphanAge   = 24 * time.Hour
	cutOffAfter = time.Hour // a validation at work is in the journal every few seconds
)

// Work registers the workers of imports and matching, and returns what runs by the clock.
func (s *Service) Work(workers *river.Workers) []*river.PeriodicJob {
	river.AddWorker(workers, &stageWorker{s: s})
	river.AddWorker(workers, &applyWorker{s: s})
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, j *river.Job[MatchArgs]) error { return s.Match(ctx, j.Args) }))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[SweepArgs]) error { return s.Sweep(ctx) }))
	return []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(sweepEvery), func() (river.JobArgs, *river.InsertOpts) { return SweepArgs{}, nil },
		&river.PeriodicJobOpts{RunOnStart: true})}
}

type stageWorker struct {
	river.WorkerDefaults[StageArgs]
	s *Service
}

// Timeout is none: a file may be of any size.
func (*stageWorker) Timeout(*river.Job[StageArgs]) time.Duration { return -1 }

// Work validates the file from its beginning.
func (w *stageWorker) Work(ctx context.Context, j *river.Job[StageArgs]) error {
	return w.s.attempt(ctx, j.Args.BatchID, j.Attempt >= j.MaxAttempts, w.s.restage)
}

type applyWorker struct {
	river.WorkerDefaults[ApplyArgs]
	s *Service
}

// Timeout is none: a file may be of any size, and each of its transactions is short.
func (*applyWorker) Timeout(*river.Job[ApplyArgs]) time.Duration { return -1 }

// Work applies the batch from where it stands.
func (w *applyWorker) Work(ctx context.Context, j *river.Job[ApplyArgs]) error {
	return w.s.attempt(ctx, j.Args.BatchID, j.Attempt >= j.MaxAttempts, w.s.Apply)
}

// attempt runs a step of an import. What no repetition can mend, and the last failure of others, ends the batch with its reason; a process that is
// stopping leaves it for the next one.
func (s *Service) attempt(ctx context.Context, id string, last bool, step func(context.Context, string) error) error {
	err := step(ctx, id)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if code := baqylau.CodeOf(err); !last && code != baqylau.Invalid && code != baqylau.NotFound {
		return err
	}
	b, err2 := s.BatchByID(ctx, s.W.DB.Read, access.TheSystem(), id)
	if err2 == nil && (b.State == "staging" || b.State == "applying") {
		err2 = s.fail(ctx, b, err, "")
	}
	return river.JobCancel(errors.Join(err, err2))
}

// restage validates a batch again from the beginning of its file.
func (s *Service) restage(ctx context.Context, id string) error {
	b, err := s.BatchByID(ctx, s.W.DB.Read, access.TheSystem(), id)
	if err != nil || b.State != "staging" {
		return err
	}
	b.Total, b.Good, b.Bad = 0, 0, 0
	if err := s.W.Do(ctx, system(b), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
		if err := hold(ctx, tx, b.ID, "staging", "rows_total = 0, rows_good = 0, rows_bad = 0"); err != nil {
			return err
		}
		tx.Subject("batch", b.ID, b.OrgID, map[string]any{"state": "staging"})
		_, err := tx.NewRaw("DELETE FROM batch_row WHERE batch_id = ?", b.ID).Exec(ctx)
		return err
	}); err != nil {
		return err
	}
	b, err = s.validate(ctx, b)
	if b.State == "failed" { // and its page says why
		return nil
	}
	return err
}

// Sweep resumes imports that were being applied when the process died, and removes files in the import folder that no batch needs. It runs at the start of
// the process, so that nobody waits for the queue to find out that a worker is dead.
func (s *Service) Sweep(ctx context.Context) (err error) {
	defer baqylau.Wrap(&err, "intake.Sweep")
	var live []struct{ ID, FilePath, State string }
	if err := s.W.DB.Read.NewRaw("SELECT id, file_path, state FROM batch WHERE state IN ('staging','staged','applying')").Scan(ctx, &live); err != nil {
		return err
	}
	if err := s.endCutOff(ctx); err != nil {
		return err
	}
	var applying, needed []string
	for _, b := range live {
		needed = append(needed, filepath.Base(b.FilePath))
		if b.State == "applying" {
			applying = append(applying, b.ID)
		}
	}
	if len(applying) > 0 {
		if err := s.W.Do(ctx, access.TheSystem(), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
			for _, id := range applying {
				if err := tx.Enqueue(ctx, ApplyArgs{id}, nil); err != nil {
					return err
				}
			}
			tx.Subject("batch", "", "", map[string]any{"resumed": len(applying)})
			return nil
		}); err != nil {
			return err
		}
	}
	return s.clean(needed)
}

// endCutOff ends imports whose validation gave no sign of life in the journal for cutOffAfter and that no job will take up: the process died in it. Their sender reads why.
func (s *Service) endCutOff(ctx context.Context) error {
	quiet := s.W.Now().Add(-cutOffAfter).UnixMicro()
	var ids []string
	if err := s.W.DB.Read.NewRaw(`SELECT b.id FROM batch b WHERE b.state = 'staging' AND b.created_at < ? AND NOT EXISTS (SELECT 1 FROM audit_entry a
		WHERE a.object_type = 'batch' AND a.object_id = b.id AND a.at >= ?) AND b.id NOT IN (`+jobs.Open(s.W.DB.Engine, StageArgs{}.Kind(), "batch_id")+`)`, quiet, quiet).Scan(ctx, &ids); err != nil {
		return err
	}
	for _, id := range ids {
		b, err := s.BatchByID(ctx, s.W.DB.Read, access.TheSystem(), id)
		if err == nil {
			err = s.fail(ctx, b, baqylau.E(baqylau.Invalid, "import.cut_off"), "staging")
		}
		if err != nil && baqylau.CodeOf(err) != baqylau.Conflict { // validated or cancelled meanwhile
			return err
		}
	}
	return nil
}

// clean removes files that are older than orphanAge and not needed; a younger one may be an upload whose batch is just being recorded.
func (s *Service) clean(needed []string) error {
	files, err := os.ReadDir(s.ImportDir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || slices.Contains(needed, strings.TrimSuffix(f.Name(), joinSuffix)) || time.Since(info.ModTime()) < orphanAge {
			continue
		}
		if err := os.Remove(filepath.Join(s.ImportDir, f.Name())); err != nil {
			return baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
		}
	}
	return nil
}
