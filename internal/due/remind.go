package due

import (
	"context"
	"errors"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/riverqueue/river"
)

// Tick is the job that sends reminders and escalations, once a minute.
type Tick struct{}

// Kind names the job.
func (Tick) Kind() string { return "due_tick" }

// Work registers the room's worker and returns its periodic job.
func (s *Service) Work(workers *river.Workers) []*river.PeriodicJob {
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[Tick]) error { return s.Remind(ctx) }))
	return []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(time.Minute), func() (river.JobArgs, *river.InsertOpts) {
		return Tick{}, &river.InsertOpts{MaxAttempts: 1} // the next minute tries again
	}, &river.PeriodicJobOpts{RunOnStart: true})}
}

// step is a reminder or an escalation: its name and the columns that say when and whether.
type step struct{ purpose, at, done string }

var steps = []step{{"reminder", "remind_at", "reminded_at"}, {"escalation", "escalate_at", "escalated_at"}}

// Remind sends what has become due for sending. Each reminder and escalation happens once, also when several nodes run it at the same
// moment: the letters are queued in the transaction that marks the item.
func (s *Service) Remind(ctx context.Context) (err error) {
	defer baqylau.Wrap(&err, "due.Remind")
	var all error
	for _, st := range steps {
		var ids []string
		if err := s.W.DB.Read.NewRaw("SELECT id FROM due_item WHERE state = 'open' AND "+st.at+" > 0 AND "+st.at+" <= ? AND "+st.done+" = 0 ORDER BY "+st.at+" LIMIT 200",
			s.W.Now().UnixMicro()).Scan(ctx, &ids); err != nil {
			return err
		}
		for _, id := range ids {
			all = errors.Join(all, s.send(ctx, st, id))
		}
	}
	return all
}

var errTaken = errors.New("due: another node was faster")

// send marks one item and queues its letters, in one act.
func (s *Service) send(ctx context.Context, st step, id string) error {
	err := s.W.Do(ctx, access.TheSystem(), access.DueRemind, func(ctx context.Context, tx *change.Tx) error {
		res, err := tx.NewRaw("UPDATE due_item SET "+st.done+" = ? WHERE id = ? AND state = 'open' AND "+st.done+" = 0", tx.Now.UnixMicro(), id).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errTaken)
		}
		var x struct {
			Title, Path, Role, AccountID, OrgID string
			DueAt                               int64
		}
		if err := tx.NewRaw("SELECT title, path, role, COALESCE(account_id, '') AS account_id, COALESCE(org_id, '') AS org_id, due_at FROM due_item WHERE id = ?", id).Scan(ctx, &x); err != nil {
			return err
		}
		to, err := responsible(ctx, tx, x.AccountID, x.Role, x.OrgID, tx.Today())
		if err == nil && st.purpose == "escalation" {
			to, err = superiors(ctx, tx, to, x.Role, x.OrgID)
		}
		if err != nil {
			return err
		}
		tx.Subject("due_item", id, x.OrgID, map[string]any{"sent": st.purpose, "letters": len(to)})
		for _, p := range to {
			if s.Mail == nil {
				break
			}
			in, title := locale.With(ctx, p.Lang), baqylau.ParseText(x.Title)
			subject := locale.T(in, "due.mail."+st.purpose+".subject", "Title", title)
			body := locale.T(in, "due.mail."+st.purpose+".body", "Name", p.Name, "Title", title, "Due", store.Time(x.DueAt), "Address", s.BaseURL()+x.Path)
			if err := s.Mail.Queue(ctx, tx, st.purpose, id, p.Login, p.Lang, subject, body); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, errTaken) {
		return nil
	}
	return err
}
