package returns

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// State is how far a finding has come.
type State string

// The states.
const (
	Open     State = "open"
	Returned State = "returned" // the sender was asked
	Answered State = "answered" // and answered
	Resolved State = "resolved"
	Gone     State = "gone" // the rule no longer asks
)

// States are in the order of their life.
var States = []State{Open, Returned, Answered, Resolved, Gone}

// waiting are the states in which something is left to do.
const waiting = "('open','returned','answered')"

// Finding is what a check asked, and how far it has come.
type Finding struct {
	check.Finding
	ID      string
	State   State
	OrgName baqylau.Text
	Found   time.Time
}

// Word is what somebody said of a finding.
type Word struct {
	Act            State // returned, answered, resolved, or open where it was taken up again
	Text           string
	OrgID, Account string // Account is a person's name
	At             time.Time
}

const findingSelect = `f.id, f.rule, f.severity, f.subject, f.subject_id, f.mark, f.first_label, f.first_value, f.second_label, f.second_value, f.place, f.period, f.org_id, f.domain, f.state, f.found_at, COALESCE(o.name, '')`

const findingFrom = "check_finding f LEFT JOIN organisation o ON o.id = f.org_id"

func scanFinding(row interface{ Scan(...any) error }) (f Finding, err error) {
	var found int64
	var org string
	err = row.Scan(&f.ID, &f.Rule, &f.Severity, &f.Subject, &f.SubjectID, &f.Mark, &f.First.Label, &f.First.Text, &f.Second.Label, &f.Second.Text, &f.Place, &f.Period, &f.OrgID, &f.Domain, &f.State, &found, &org)
	f.Found, f.OrgName = store.Time(found), baqylau.ParseText(org)
	return f, err
}

// visible is the condition that a finding f belongs to an import that is there, or to none.
func visible(a string) string {
	return "(" + a + ".batch_id IS NULL OR " + a + ".batch_id IN (SELECT id FROM batch WHERE state = 'applied'))"
}

// Scope is the condition that an actor may see a finding f.
func Scope(actor access.Actor) (sql string, args []any) {
	sql, args = access.Where(actor, access.CheckAnswer, "f")
	return sql + " AND " + visible("f"), args
}

// load reads a finding that the actor may do act on. Code: NotFound, also for what is not theirs.
func load(ctx context.Context, db bun.IDB, actor access.Actor, act access.Act, id string) (f Finding, err error) {
	f, err = scanFinding(db.QueryRowContext(ctx, "SELECT "+findingSelect+" FROM "+findingFrom+" WHERE f.id = ? AND "+visible("f"), id))
	if err != nil {
		return f, store.One(err)
	}
	return f, access.CheckRow(actor, act, access.Row{OrgID: f.OrgID, Domain: f.Domain})
}

// Get is a finding with what was said of it, latest first, for its sender and whoever resolves findings. Codes: Forbidden, NotFound.
func (s *Service) Get(ctx context.Context, actor access.Actor, id string) (f Finding, words []Word, err error) {
	defer baqylau.Wrap(&err, "returns.Get(%s)", id)
	if f, err = load(ctx, s.W.DB.Read, actor, access.CheckAnswer, id); err != nil {
		return f, nil, err
	}
	one := []Finding{f}
	if err := forReader(ctx, s.W.DB.Read, actor, one); err != nil {
		return Finding{}, nil, err
	}
	f = one[0]
	rows, err := s.W.DB.Read.QueryContext(ctx, `SELECT w.act, w.words, w.org_id, COALESCE(a.name, ''), w.said_at FROM check_word w LEFT JOIN account a ON a.id = w.account_id
		WHERE w.finding_id = ? ORDER BY w.said_at DESC, w.id DESC`, id)
	if err != nil {
		return f, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var w Word
		var at int64
		if err := rows.Scan(&w.Act, &w.Text, &w.OrgID, &w.Account, &at); err != nil {
			return f, nil, err
		}
		if w.Act == "reopened" {
			w.Act = Open
		}
		w.At = store.Time(at)
		words = append(words, w)
	}
	return f, words, rows.Err()
}

// Counts are the numbers of findings by severity and state that an actor may see.
func (s *Service) Counts(ctx context.Context, actor access.Actor) (by map[check.Severity]map[State]int, err error) {
	defer baqylau.Wrap(&err, "returns.Counts")
	where, args := access.Where(actor, access.CheckAnswer, "f")
	rows, err := s.W.DB.Read.QueryContext(ctx, "SELECT f.severity, f.state, count(*) FROM check_finding f WHERE "+where+" AND "+visible("f")+" GROUP BY f.severity, f.state", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	by = map[check.Severity]map[State]int{}
	for rows.Next() {
		var sev check.Severity
		var st State
		var n int
		if err := rows.Scan(&sev, &st, &n); err != nil {
			return nil, err
		}
		if by[sev] == nil {
			by[sev] = map[State]int{}
		}
		by[sev][st] = n
	}
	return by, rows.Err()
}
