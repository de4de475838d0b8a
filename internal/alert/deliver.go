package alert

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/alert/mail"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/riverqueue/river"
)

// Send is the job that hands one letter to the mail server.
type Send struct {
	DeliveryID string `json:"delivery_id"`
}

// Kind names the job.
func (Send) Kind() string { return "alert_send" }

// tries is how often a letter is offered; with the queue's growing pauses (n⁴ seconds) that is about a day and a half.
const tries = 15

// InsertOpts makes a letter have one living job only, so that the sweep may ask again without harm.
func (Send) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: tries, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// noServerPause is how long a letter waits when no mail server is configured.
const noServerPause = 10 * time.Minute

type sendWorker struct {
	river.WorkerDefaults[Send]
	s *Service
}

func (w *sendWorker) Timeout(*river.Job[Send]) time.Duration { return 3 * time.Minute }

func (w *sendWorker) Work(ctx context.Context, job *river.Job[Send]) error {
	if w.s.Mail == nil {
		return river.JobSnooze(noServerPause)
	}
	if w.s.away.lately() {
		return river.JobSnooze(awayPause)
	}
	away, err := w.s.deliver(ctx, job.Args.DeliveryID, job.Attempt >= job.MaxAttempts)
	switch {
	case away && ctx.Err() == nil && mail.SignInRefused(err):
		return river.JobSnooze(refusedPause)
	case away:
		return river.JobSnooze(awayPause)
	}
	return err
}

// awayPause is how long letters wait for a server that was not reached: they go out within half a minute of its coming back, and its absence, of whatever length, uses up
// none of their tries.
const awayPause = 15 * time.Second

// refusedPause is how long letters wait for a server that refuses the centre's own sign-in: who tries it every few seconds is shut out.
const refusedPause = 5 * time.Minute

// away remembers until when the mail server is left alone, so that of many letters one tries it.
type away struct {
	mu    sync.Mutex
	until time.Time
	is    bool
}

func (a *away) lately() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return time.Now().Before(a.until)
}

// note keeps what the last letter met, and reports whether the server was reached until now.
func (a *away) note(is bool, pause time.Duration) (began bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	began, a.is = is && !a.is, is
	if a.until = (time.Time{}); is {
		a.until = time.Now().Add(pause - 5*time.Second)
	}
	return began
}

// deliverAct is the act of the sender in the journal; only the system does it.
const deliverAct access.Act = "alert.deliver"

// Deliver offers a queued letter to the mail server and records what became of it. The Message-ID was fixed when the letter was written:
// should the process end between the server's answer and the record, the letter goes out again under the same identifier, by which receiving
// servers and mail programs know it. What has been accepted, has failed for good or was withdrawn is never offered. A server that is not reached and a temporary failure are
// Unavailable errors, upon which the queue tries again, a temporary failure unless it was the last try.
func (s *Service) Deliver(ctx context.Context, id string, last bool) error {
	_, err := s.deliver(ctx, id, last)
	return err
}

func (s *Service) deliver(ctx context.Context, id string, last bool) (away bool, err error) {
	defer baqylau.Wrap(&err, "alert.Deliver(%s)", id)
	if s.Mail == nil {
		return false, baqylau.E(baqylau.Unavailable, "alert.error.no_mail")
	}
	var l mail.Letter
	var state string
	var created int64
	err = s.W.DB.Read.NewRaw("SELECT message_id, in_reply_to, created_at, address, subject, body, lang, state FROM delivery WHERE id = ?", id).
		Scan(ctx, &l.MessageID, &l.InReplyTo, &created, &l.To, &l.Subject, &l.Text, &l.Lang, &state)
	if err != nil {
		return false, store.One(err)
	}
	if state != "queued" {
		return false, nil
	}
	l.MessageID, l.InReplyTo, l.Date = strings.Trim(l.MessageID, "<>"), strings.Trim(l.InReplyTo, "<>"), store.Time(created).In(change.Zone)
	result, failure := s.Mail.Send(ctx, l)
	if result == mail.Away && ctx.Err() != nil {
		return true, failure // this process is being stopped; it says nothing of the server
	}
	pause := awayPause
	if mail.SignInRefused(failure) {
		pause = refusedPause
	}
	if s.away.note(result == mail.Away, pause) {
		slog.WarnContext(ctx, "letters wait for the mail server", "error", failure.Error())
	}
	// the server has answered: a process that is being stopped still writes that down
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if result == mail.Away {
		return true, errors.Join(failure, s.waits(ctx, failure))
	}
	if err := s.record(ctx, id, result, failure, last); err != nil {
		return false, err
	}
	if result == mail.Temporary && !last {
		return false, failure
	}
	return false, nil
}

// waits notes why letters cannot be offered, at all of them: there is one server. The journal has no entry for it: nothing happened to the letters, and a server may be away
// for days.
func (s *Service) waits(ctx context.Context, failure error) error {
	_, err := s.W.DB.Write.NewRaw("UPDATE delivery SET last_error = ? WHERE state = 'queued' AND last_error <> ?", reasonOf(failure), reasonOf(failure)).Exec(ctx)
	return err
}

// reasonOf is the catalogue key of a failure: the page says it in the reader's language; the server's own words stay in the log.
func reasonOf(failure error) string {
	var e *baqylau.Error
	if errors.As(failure, &e) {
		return e.Key
	}
	return ""
}

// Waiting is the catalogue key of why letters wait although there is a mail server; "" when none does.
func (s *Service) Waiting(ctx context.Context) (key string, err error) {
	err = s.W.DB.Read.NewRaw("SELECT COALESCE(MAX(last_error), '') FROM delivery WHERE state = 'queued'").Scan(ctx, &key)
	return key, err
}

func (s *Service) record(ctx context.Context, id string, result mail.Result, failure error, last bool) error {
	next := "queued"
	var accepted int64
	switch {
	case result == mail.Accepted:
		next, accepted = "accepted", s.W.Now().UnixMicro()
	case result == mail.Permanent || last:
		next = "failed"
	}
	return s.W.Do(ctx, access.TheSystem(), deliverAct, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("delivery", id, "", map[string]any{"result": result})
		_, err := tx.NewRaw(`UPDATE delivery SET state = ?, tries = tries + 1, last_error = ?, accepted_at = ?, body = CASE WHEN communication_id IS NULL AND ? = 'accepted' THEN '' ELSE body END
			WHERE id = ? AND (state = 'queued' OR state = 'withdrawn' AND ? = 'accepted')`, next, reasonOf(failure), accepted, next, id, next).Exec(ctx)
		return err
	})
}

// Sweep gives every waiting letter a job, in case it has none: it was written by a command on a stopped node, or its job was lost.
type Sweep struct{}

// Kind names the job.
func (Sweep) Kind() string { return "alert_sweep" }

type sweepWorker struct {
	river.WorkerDefaults[Sweep]
	s *Service
}

func (w *sweepWorker) Work(ctx context.Context, _ *river.Job[Sweep]) error {
	if _, err := w.s.Expire(ctx); err != nil {
		return err
	}
	return w.s.requeue(ctx)
}

func (s *Service) requeue(ctx context.Context) error {
	var ids []string
	if err := s.W.DB.Read.NewRaw("SELECT id FROM delivery WHERE state = 'queued' ORDER BY created_at LIMIT 1000").Scan(ctx, &ids); err != nil || len(ids) == 0 || s.W.Queue == nil {
		return err
	}
	tx, err := s.W.DB.Write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	for _, id := range ids {
		if err := s.W.Queue.Enqueue(ctx, tx, Send{DeliveryID: id}, nil); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Work registers the room's workers and returns its periodic jobs: every five minutes what has expired and what still waits, every
// quarter of an hour the foreign feeds, if there are any.
func (s *Service) Work(workers *river.Workers) []*river.PeriodicJob {
	river.AddWorker(workers, &sendWorker{s: s})
	river.AddWorker(workers, &sweepWorker{s: s})
	river.AddWorker(workers, &fetchWorker{s: s})
	periodic := []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(5*time.Minute), func() (river.JobArgs, *river.InsertOpts) { return Sweep{}, nil },
		&river.PeriodicJobOpts{RunOnStart: true})}
	if len(s.Feeds) > 0 {
		periodic = append(periodic, river.NewPeriodicJob(river.PeriodicInterval(15*time.Minute), func() (river.JobArgs, *river.InsertOpts) { return Fetch{}, nil },
			&river.PeriodicJobOpts{RunOnStart: true}))
	}
	return periodic
}
