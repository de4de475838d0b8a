package admin

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/fields"
	"github.com/riverqueue/river"
)

const retentionPath = "/retention"

// personalLink is the class of data that has a retention date: the link between a report and the pseudonym of a person.
const personalLink = "personal_link"

// Rule says how long a class of data is kept and why.
type Rule struct {
	Class    string
	KeepDays int
	Basis    string // law or order it rests on
	Verified bool   // by a lawyer of the centre
}

// SetRule writes the rule for personal links. It holds for links made from now on; those there are keep the day they were given.
// Code Invalid with the field.
func (s *Service) SetRule(ctx context.Context, actor access.Actor, r Rule) error {
	if r.KeepDays < 1 || r.KeepDays > 36500 {
		return baqylau.E(baqylau.Invalid, "error.range", "Low", 1, "High", 36500).On("days")
	}
	return s.W.Do(ctx, actor, access.RetentionEdit, func(ctx context.Context, tx *change.Tx) error {
		_, err := tx.NewRaw(`INSERT INTO retention_rule (class, keep_days, basis, verified) VALUES (?, ?, ?, ?)
			ON CONFLICT (class) DO UPDATE SET keep_days = excluded.keep_days, basis = excluded.basis, verified = excluded.verified`, r.Class, r.KeepDays, r.Basis, r.Verified).Exec(ctx)
		tx.Subject("retention_rule", r.Class, actor.OrgID, map[string]any{"keep_days": r.KeepDays, "verified": r.Verified})
		return err
	})
}

// Erase deletes every personal link whose day has come, one act for each organisation it belonged to, and overwrites what the database
// file still held of it. The journal keeps how many there were and nothing else. It returns their number.
func (s *Service) Erase(ctx context.Context, actor access.Actor) (erased int64, err error) {
	defer baqylau.Wrap(&err, "admin.Erase")
	if err := access.Check(actor, access.RetentionEdit); err != nil {
		return 0, err
	}
	today := change.Today(s.W.Now()).String()
	var orgs []string
	if err := s.W.DB.Read.NewRaw("SELECT DISTINCT org_id FROM personal_link WHERE erase_on <= ? ORDER BY org_id", today).Scan(ctx, &orgs); err != nil || len(orgs) == 0 {
		return 0, err
	}
	if s.W.DB.Engine == store.SQLite {
		if _, err := s.W.DB.Write.ExecContext(ctx, "PRAGMA secure_delete = ON"); err != nil { // zeroes on the file's pages
			return 0, err
		}
	}
	for _, org := range orgs {
		err := s.W.Do(ctx, actor, access.RetentionEdit, func(ctx context.Context, tx *change.Tx) error {
			res, err := tx.NewRaw("DELETE FROM personal_link WHERE org_id = ? AND erase_on <= ?", org, today).Exec(ctx)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			erased += n
			tx.Subject(personalLink, "", org, map[string]any{"erased": n, "until": today})
			return err
		})
		if err != nil {
			return erased, err
		}
	}
	tidy := "VACUUM personal_link" // PostgreSQL reuses the space; its write-ahead log and backups age by their own rules
	if s.W.DB.Engine == store.SQLite {
		tidy = "PRAGMA wal_checkpoint(TRUNCATE)"
	}
	_, err = s.W.DB.Write.ExecContext(ctx, tidy)
	return erased, err
}

// Sweep removes sessions, links and tokens that ended a while ago. They are worth nothing any more, so it is not an act.
func (s *Service) Sweep(ctx context.Context) (err error) {
	defer baqylau.Wrap(&err, "admin.Sweep")
	now := s.W.Now()
	for _, q := range []struct {
		sql string
		age time.Duration
	}{
		{"DELETE FROM session WHERE expires_at < ?", 0},
		{"DELETE FROM one_time_link WHERE expires_at < ?", 30 * 24 * time.Hour},
		{"DELETE FROM api_token WHERE expires_at < ?", 30 * 24 * time.Hour},
		{"DELETE FROM idempotency WHERE created_at < ?", 7 * 24 * time.Hour},
	} {
		if _, err := s.W.DB.Write.NewRaw(q.sql, now.Add(-q.age).UnixMicro()).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Daily is the job that erases what is due and sweeps.
type Daily struct{}

// Kind names the job.
func (Daily) Kind() string { return "admin_daily" }

// Work registers the room's worker and returns its periodic job.
func (s *Service) Work(workers *river.Workers) []*river.PeriodicJob {
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[Daily]) error {
		_, err := s.Erase(ctx, access.TheSystem())
		return errors.Join(err, s.Sweep(ctx))
	}))
	return []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(24*time.Hour), func() (river.JobArgs, *river.InsertOpts) { return Daily{}, nil },
		&river.PeriodicJobOpts{RunOnStart: true})}
}

// retentionView is the page: the rule, and how many links there are.
type retentionView struct {
	fields.Set
	links, overdue int
	first          baqylau.Date // day of the next erasure
	ruled          bool         // somebody has set a rule
}

func (s *Service) showRetention(c *web.Ctx, sent *web.Form, err error) error {
	ctx, db := c.Context(), s.W.DB.Read
	v := retentionView{}
	r := Rule{Class: personalLink}
	rerr := db.NewRaw("SELECT class, keep_days, basis, verified FROM retention_rule WHERE class = ?", personalLink).Scan(ctx, &r)
	if rerr != nil && !errors.Is(rerr, sql.ErrNoRows) {
		return rerr
	}
	stored := map[string][]string{}
	if v.ruled = rerr == nil; v.ruled {
		stored = map[string][]string{"days": {itoa(r.KeepDays)}, "basis": {r.Basis}}
		if r.Verified {
			stored["verified"] = []string{"1"}
		}
	}
	v.Set = fields.New(c, sent, err, stored)
	var first string
	if err := db.QueryRowContext(ctx, "SELECT count(*), COALESCE(sum(CASE WHEN erase_on <= ? THEN 1 ELSE 0 END), 0), COALESCE(min(erase_on), '') FROM personal_link",
		change.Today(c.Now()).String()).Scan(&v.links, &v.overdue, &first); err != nil {
		return err
	}
	v.first, _, _ = baqylau.ParseDate(first)
	return page(c, "nav.retention", retentionPath, v.Set, web.Page{Body: v.page()})
}

func (s *Service) postRule(c *web.Ctx) error {
	f, err := c.ReadForm(0)
	if err != nil {
		return err
	}
	r := Rule{Class: personalLink, KeepDays: f.Int("days", true, 1, 36500), Basis: f.Text("basis", true, 500), Verified: f.Bool("verified")}
	if err := f.Err(); err != nil {
		return s.showRetention(c, f, err)
	}
	if err := s.SetRule(c.Context(), c.Actor, r); err != nil {
		return err
	}
	return c.Done(retentionPath, "admin.done.rule", "")
}

func (s *Service) postErase(c *web.Ctx) error {
	if _, err := s.Erase(c.Context(), c.Actor); err != nil {
		return err
	}
	return c.Done(retentionPath, "admin.done.erased", "")
}
