// Package release keeps the release ledger: which tables have left, to be held against those that come after. What is hidden in one table must not come out by subtracting another, so
// a table of the same data is answered as the next one of a sequence (package suppress, Next).
package release

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// purpose parts the seals of the ledger from others of the node key.
const purpose = "disclosure.release"

// Service is the ledger.
type Service struct {
	W *change.Writer
	// Seal and Open are those of the node key: a table is kept with its small counts, which nobody may read from a copy of the database.
	Seal func(purpose, value string) string
	Open func(purpose, sealed string) (string, error)

	answered sync.Map // what has been answered, by mark and table; of what has not left, until another table of the dataset leaves
}

// Publication is a table that is to leave. Dataset says whose counts it holds, period and selection included: tables of one dataset count the same persons, and dimensions of one name
// have the same codes in all of them. Mark says which question the table answers.
type Publication struct {
	Dataset, Mark, Title string
	Table                suppress.Table
}

// Entry is a line of the ledger.
type Entry struct {
	ID, Dataset, Mark, Title string
	AccountID                string
	Known                    baqylau.Date
	Recorded                 time.Time
	Shown                    Shown
}

// Shown is what left: the dimensions, and the cells in the order of the table, nil where hidden.
type Shown struct {
	Dimensions []string `json:"dimensions"`
	Cells      []Cell   `json:"cells"`
}

// Cell is a count as it left.
type Cell struct {
	Key []string `json:"key"`
	N   *int     `json:"n"`
}

// kept is the sealed part of a line.
type kept struct {
	Table  suppress.Table  `json:"table"`
	Answer suppress.Answer `json:"answer"`
}

var columns = []string{"id", "dataset", "mark", "title", "content", "answer", "account_id", "known_on", "recorded_at"}

// Publish answers a table so that it is safe together with all that left of the same data, and enters it in the ledger. The same table under the same mark gets the answer that it had, and
// no second line. Codes: Forbidden, Invalid for a table whose sums do not hold or a publication without a name.
func (s *Service) Publish(ctx context.Context, actor access.Actor, p Publication) (Entry, error) {
	return s.Enter(ctx, actor, p, func(earlier []suppress.Release) (suppress.Answer, error) {
		next, err := follow(earlier, p)
		return next.Answer, err
	})
}

// mostTries is how often an answer is looked for while others enter releases of the same data.
const mostTries = 3

// Enter is Publish with a method of the room's own, which is given what left of the same data, in its order. The method may take seconds: nothing is locked meanwhile, and where another release was entered
// it is asked again. Codes: those of Publish; Conflict where it is never done in time.
func (s *Service) Enter(ctx context.Context, actor access.Actor, p Publication, answer func(earlier []suppress.Release) (suppress.Answer, error)) (e Entry, err error) {
	defer baqylau.Wrap(&err, "release.Enter(%s)", p.Dataset)
	if p.Dataset == "" || p.Mark == "" || p.Title == "" {
		return e, baqylau.E(baqylau.Invalid, "error.required").On("title")
	}
	if err := access.Check(actor, access.ReleaseRun); err != nil {
		return e, err
	}
	for range mostTries {
		earlier, ids, err := s.earlier(ctx, s.W.DB.Read, p.Dataset)
		if err != nil {
			return e, err
		}
		if i := out(earlier, p); i >= 0 {
			return s.again(ctx, actor, p, ids[i])
		}
		a, err := answer(earlier)
		if err != nil {
			return e, baqylau.E(baqylau.Invalid, "release.error.table").Because(err)
		}
		e, entered, err := s.enter(ctx, actor, p, a, len(ids))
		if err != nil || entered {
			return e, err
		}
	}
	return e, baqylau.E(baqylau.Conflict, "error.conflict")
}

// out is the place of a publication among what left; −1 where it did not.
func out(earlier []suppress.Release, p Publication) int {
	return slices.IndexFunc(earlier, func(r suppress.Release) bool { return r.Key == p.Mark && r.Table.Signature() == p.Table.Signature() })
}

// again is a line that is there already.
func (s *Service) again(ctx context.Context, actor access.Actor, p Publication, id string) (e Entry, err error) {
	err = s.W.Do(ctx, actor, access.ReleaseRun, func(ctx context.Context, tx *change.Tx) (err error) {
		tx.Subject("release", id, actor.OrgID, map[string]any{"dataset": p.Dataset, "again": true})
		e, err = load(ctx, tx, id)
		return err
	})
	return e, err
}

// enter writes a line, unless others came in between.
func (s *Service) enter(ctx context.Context, actor access.Actor, p Publication, a suppress.Answer, known int) (e Entry, entered bool, err error) {
	err = s.W.Do(ctx, actor, access.ReleaseRun, func(ctx context.Context, tx *change.Tx) error {
		if _, err := tx.Count(ctx, "release:"+p.Dataset, 1); err != nil { // one at a time for a dataset: its row is locked until the act is done
			return err
		}
		var now int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM disclosure_release WHERE dataset = ?", p.Dataset).Scan(&now); err != nil {
			return err
		}
		if entered = now == known; !entered {
			tx.Subject("release", "", actor.OrgID, map[string]any{"dataset": p.Dataset, "again": true})
			return nil
		}
		e = Entry{ID: store.NewID(), Dataset: p.Dataset, Mark: p.Mark, Title: p.Title, AccountID: actor.ID, Known: tx.Today(), Recorded: tx.Now, Shown: shown(suppress.Release{Table: p.Table, Answer: a})}
		tx.Subject("release", e.ID, actor.OrgID, map[string]any{"dataset": p.Dataset, "cells": len(p.Table.Cells), "hidden": a.Hidden()})
		return tx.Insert(ctx, "disclosure_release", columns, []any{e.ID, e.Dataset, e.Mark, e.Title, s.Seal(purpose, text(kept{p.Table, a})), text(e.Shown), e.AccountID, e.Known.String(), store.Micros(e.Recorded)})
	})
	return e, entered, err
}

// Answer is what may leave of a table, for what leaves by being asked for. leaves says that it leaves now: then the ledger has it from now on; else it is the answer that it would get, so that a page and the file that
// is taken from it are the same. Codes: as Publish.
func (s *Service) Answer(ctx context.Context, p Publication, leaves bool) (a suppress.Answer, err error) {
	defer baqylau.Wrap(&err, "release.Answer(%s)", p.Dataset)
	var left int64
	if err := s.W.DB.Read.NewRaw("SELECT value FROM counter WHERE name = ?", "release:"+p.Dataset).Scan(ctx, &left); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	key := answerKey{p.Dataset, p.Mark, p.Table.Signature(), left}
	if kept, ok := s.answered.Load(key); ok && (!leaves || kept.(answer).left) { //nolint:forcetypeassert // nothing else is stored
		return kept.(answer).cells, nil //nolint:forcetypeassert // nothing else is stored
	}
	earlier, _, err := s.earlier(ctx, s.W.DB.Read, p.Dataset)
	if err != nil {
		return nil, err
	}
	there := out(earlier, p) >= 0
	if !there && leaves {
		_, err := s.Publish(ctx, access.TheSystem(), p)
		if err != nil {
			return nil, err
		}
		return s.Answer(ctx, p, false)
	}
	next, err := follow(earlier, p)
	if err != nil {
		return nil, baqylau.E(baqylau.Invalid, "release.error.table").Because(err)
	}
	s.answered.Store(key, answer{next.Answer, there})
	return next.Answer, nil
}

// answerKey is a question to the ledger at a time when so many tables of the dataset had been asked to leave.
type answerKey struct {
	dataset, mark, signature string
	left                     int64
}

type answer struct {
	cells suppress.Answer
	left  bool
}

// follow answers a table after those that are out. What a count was revised by is a count too: it stands among the earlier ones, all of it hidden, so that a revision by few persons does not follow from two releases.
func follow(earlier []suppress.Release, p Publication) (suppress.Release, error) {
	same, revised := links(earlier, p.Table)
	before := earlier
	if len(revised.Table.Cells) > 0 {
		at := len(earlier)
		before = append(slices.Clip(earlier), revised.Release)
		for _, l := range same {
			l.Parts[0].Release = at + 1
		}
		for i, r := range revised.changes {
			delta, now := suppress.Ref{Release: at, Key: revised.Table.Cells[i].Key}, suppress.Ref{Release: at + 1, Key: r.key}
			if r.grew {
				same = append(same, suppress.Link{Total: now, Parts: []suppress.Ref{r.old, delta}})
			} else {
				same = append(same, suppress.Link{Total: r.old, Parts: []suppress.Ref{now, delta}})
			}
		}
	}
	return suppress.Next(before, p.Mark, p.Table, same, suppress.Publication)
}

// revision is the table of what counts were revised by since they last left.
type revision struct {
	suppress.Release
	changes []changed
}

type changed struct {
	old  suppress.Ref
	key  []string // of the cell as it is now
	grew bool
}

// add takes in a cell that was n when it last left, and is now c.
func (r *revision) add(old suppress.Ref, n int, c suppress.Cell, threshold int) {
	delta := suppress.Cell{Key: []string{strconv.Itoa(len(r.changes))}, N: c.N - n}
	if delta.N < 0 {
		delta.N = -delta.N
	}
	if r.Table.Dimensions == nil {
		r.Table = suppress.Table{Dimensions: []suppress.Dimension{{Name: "revised"}}, Rule: suppress.Rule{Threshold: threshold}}
	}
	r.Table.Dimensions[0].Codes = append(r.Table.Dimensions[0].Codes, delta.Key[0])
	r.Table.Cells, r.Answer = append(r.Table.Cells, delta), append(r.Answer, suppress.Outcome{Why: suppress.Primary})
	r.changes = append(r.changes, changed{old, c.Key, c.N > n})
}

// earlier are the releases of a dataset in their order.
func (s *Service) earlier(ctx context.Context, db bun.IDB, dataset string) (out []suppress.Release, ids []string, err error) {
	rows, err := db.QueryContext(ctx, "SELECT id, mark, content FROM disclosure_release WHERE dataset = ? ORDER BY recorded_at, id", dataset)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, sealed string
		var r suppress.Release
		if err := rows.Scan(&id, &r.Key, &sealed); err != nil {
			return nil, nil, err
		}
		content, err := s.Open(purpose, sealed)
		if err != nil {
			return nil, nil, err
		}
		var k kept
		if err := json.Unmarshal([]byte(content), &k); err != nil {
			return nil, nil, err
		}
		r.Table, r.Answer = k.Table, k.Answer
		out, ids = append(out, r), append(ids, id)
	}
	return out, ids, rows.Err()
}

// links say which cells of a table are cells of earlier ones: those with the same codes, totals left out, since a total divides nothing; and which have been revised since they last left.
func links(earlier []suppress.Release, t suppress.Table) (out []suppress.Link, revised revision) {
	type at struct {
		ref suppress.Ref
		n   int
	}
	known := map[string]at{}
	for i, r := range earlier {
		for _, c := range r.Table.Cells {
			if k := meaning(r.Table, c.Key); known[k].ref.Key == nil || known[k].n != c.N { // of several the last; the first of those that are the same
				known[k] = at{suppress.Ref{Release: i, Key: c.Key}, c.N}
			}
		}
	}
	for _, c := range t.Cells {
		switch k, ok := known[meaning(t, c.Key)]; {
		case !ok:
		case k.n == c.N:
			out = append(out, suppress.Link{Total: k.ref, Parts: []suppress.Ref{{Release: len(earlier), Key: c.Key}}})
		default:
			revised.add(k.ref, k.n, c, t.Rule.Threshold)
		}
	}
	return out, revised
}

// meaning is what a cell counts: name=code of each dimension that is not at its total.
func meaning(t suppress.Table, key []string) string {
	var parts []string
	for i, d := range t.Dimensions {
		if i < len(key) && key[i] != d.Total {
			parts = append(parts, d.Name+"="+key[i])
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ";")
}

func shown(r suppress.Release) (out Shown) {
	for _, d := range r.Table.Dimensions {
		out.Dimensions = append(out.Dimensions, d.Name)
	}
	for i, c := range r.Table.Cells {
		cell := Cell{Key: c.Key}
		if o := r.Answer[i]; o.Why == suppress.Shown {
			cell.N = &o.N
		}
		out.Cells = append(out.Cells, cell)
	}
	return out
}

const selected = "r.id, r.dataset, r.mark, r.title, r.answer, r.account_id, r.known_on, r.recorded_at"

// Get is one line of the ledger. Codes: Forbidden, NotFound.
func (s *Service) Get(ctx context.Context, actor access.Actor, id string) (e Entry, err error) {
	defer baqylau.Wrap(&err, "release.Get(%s)", id)
	if err := access.Check(actor, access.ReleaseRun); err != nil {
		return e, err
	}
	return load(ctx, s.W.DB.Read, id)
}

func load(ctx context.Context, db bun.IDB, id string) (Entry, error) {
	e, err := scan(db.QueryRowContext(ctx, "SELECT "+selected+" FROM disclosure_release r WHERE r.id = ?", id))
	return e, store.One(err)
}

func scan(row interface{ Scan(...any) error }) (e Entry, err error) {
	var answer, known string
	var recorded int64
	if err := row.Scan(&e.ID, &e.Dataset, &e.Mark, &e.Title, &answer, &e.AccountID, &known, &recorded); err != nil {
		return e, err
	}
	e.Recorded = store.Time(recorded)
	if e.Known, _, err = baqylau.ParseDate(known); err != nil {
		return e, err
	}
	return e, json.Unmarshal([]byte(answer), &e.Shown)
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and numbers
	}
	return string(b)
}
