package signal

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// columns are what scan reads, of table signal s and, for the owner's name, account a.
const columns = `s.id, s.ref, s.type, s.rule, s.country, COALESCE(s.region,''), COALESCE(s.substance_id,''), COALESCE(s.family,''), s.raised_on,
	COALESCE(s.first_event_on,''), s.events, s.persons, s.title, s.explanation, s.evidence, s.rank, s.scores, s.priority, s.priority_reason, s.confidence,
	s.state, s.outside, s.tlp, s.checks, s.decision, s.due_at, COALESCE(s.owner_id,''), COALESCE(a.name,''), s.created_at, s.updated_at`

// tables are where columns come from.
const tables = "signal s LEFT JOIN account a ON a.id = s.owner_id"

type scanner interface{ Scan(dest ...any) error }

func scan(rows scanner) (s Signal, err error) {
	var raised, first, title, explanation, evidence, scores, checks string
	var due, created int64
	if err := rows.Scan(&s.ID, &s.Ref, &s.Type, &s.Rule, &s.Country, &s.Region, &s.SubstanceID, &s.Family, &raised, &first, &s.Events, &s.Persons, &title, &explanation,
		&evidence, &s.Rank, &scores, &s.Priority, &s.PriorityReason, &s.Confidence, &s.State, &s.Outside, &s.TLP, &checks, &s.Decision, &due, &s.OwnerID,
		&s.OwnerName, &created, &s.Token); err != nil {
		return s, err
	}
	if s.RaisedOn, _, err = baqylau.ParseDate(raised); err != nil {
		return s, err
	}
	if s.FirstEvent, _, err = baqylau.ParseDate(first); err != nil {
		return s, err
	}
	for _, doc := range []struct {
		text string
		into any
	}{{title, &s.Title}, {explanation, &s.Explanation}, {evidence, &s.Evidence}, {checks, &s.Checks}} {
		if err := json.Unmarshal([]byte(doc.text), doc.into); err != nil {
			return s, err
		}
	}
	s.Scores, s.behind = readScores(scores), s.Evidence.Occurrences
	s.DueAt, s.CreatedAt = store.Time(due), store.Time(created)
	return s, nil
}

func readScores(text string) (s Scores) {
	if json.Unmarshal([]byte(text), &s) != nil {
		return Scores{}
	}
	return s
}

// query reads signals; where and what follows it are SQL over columns.
func query(ctx context.Context, db bun.IDB, rest string, args ...any) (list []Signal, err error) {
	rows, err := db.QueryContext(ctx, "SELECT "+columns+" FROM "+tables+" WHERE "+rest, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		s, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// read returns one signal; NotFound when there is none.
func read(ctx context.Context, db bun.IDB, id string) (Signal, error) {
	list, err := query(ctx, db, "s.id = ?", id)
	if err == nil && len(list) == 0 {
		err = store.One(sql.ErrNoRows)
	}
	if err != nil {
		return Signal{}, err
	}
	return list[0], nil
}

// insert writes a new signal. A second one of the same candidate is a Conflict.
func (s *Service) insert(ctx context.Context, tx *change.Tx, sig *Signal, key string) error {
	sig.CreatedAt, sig.Token = tx.Now, tx.Now.UnixMicro()
	_, err := tx.NewRaw(`INSERT INTO signal (id, ref, dedup_key, type, rule, country, region, substance_id, family, raised_on, first_event_on, events, persons, title,
		explanation, evidence, rank, scores, priority, priority_reason, confidence, state, outside, tlp, checks, decision, due_at, text_fold, owner_id, created_at,
		updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		sig.ID, sig.Ref, key, sig.Type, sig.Rule, sig.Country, store.Null(sig.Region), store.Null(sig.SubstanceID), store.Null(sig.Family), sig.RaisedOn.String(),
		store.NullDate(sig.FirstEvent), sig.Events, sig.Persons, toJSON(sig.Title), toJSON(sig.Explanation), toJSON(sig.Evidence), sig.Rank, toJSON(sig.Scores),
		string(sig.Priority), sig.PriorityReason, string(sig.Confidence), string(sig.State), sig.Outside, string(sig.TLP), toJSON(sig.Checks), string(sig.Decision),
		store.Micros(sig.DueAt), s.fold(*sig), store.Null(sig.OwnerID), sig.Token, sig.Token).Exec(ctx)
	if store.IsUnique(err) {
		return baqylau.E(baqylau.Conflict, "signal.error.twice").Because(err)
	}
	return err
}

// save writes what an act changed. Somebody who was quicker makes it a Conflict.
func (s *Service) save(ctx context.Context, tx *change.Tx, sig *Signal) error {
	next := max(tx.Now.UnixMicro(), sig.Token+1)
	res, err := tx.NewRaw(`UPDATE signal SET first_event_on = ?, events = ?, persons = ?, explanation = ?, evidence = ?, scores = ?, priority = ?, priority_reason = ?,
		confidence = ?, state = ?, outside = ?, tlp = ?, checks = ?, decision = ?, due_at = ?, text_fold = ?, owner_id = ?, updated_at = ? WHERE id = ? AND updated_at = ?`,
		store.NullDate(sig.FirstEvent), sig.Events, sig.Persons, toJSON(sig.Explanation), toJSON(sig.Evidence), toJSON(sig.Scores), string(sig.Priority), sig.PriorityReason,
		string(sig.Confidence), string(sig.State), sig.Outside, string(sig.TLP), toJSON(sig.Checks), string(sig.Decision), store.Micros(sig.DueAt),
		s.fold(*sig), store.Null(sig.OwnerID), next, sig.ID, sig.Token).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return baqylau.E(baqylau.Conflict, "error.conflict").Because(err)
	}
	sig.Token = next
	return nil
}

// fold is what search finds a signal by: its number, and its title and place in every language.
func (s *Service) fold(sig Signal) string {
	book := s.Shelf.Book()
	parts := []string{sig.Ref}
	for _, l := range baqylau.Langs {
		ctx := locale.With(context.Background(), l)
		parts = append(parts, sig.Title.Say(ctx, book), book.PlaceName(sig.place(), l))
	}
	if sub, ok := book.Substance(sig.SubstanceID); ok {
		parts = append(parts, sub.Name)
	}
	return locale.Fold(strings.Join(parts, " "))
}

// place is the code of the region, or of the country when there is none.
func (s Signal) place() string {
	if s.Region != "" {
		return s.Region
	}
	return s.Country
}

// Rise reports whether the signal comes from counts and not from a single event.
func (s Signal) Rise() bool { return rules.Type(s.Rule).Rise() }

// Open reports whether somebody still has to do something.
func (s Signal) Open() bool { return s.State.Open() }

// openStates is the SQL list of the states in which a signal is open, undecidedStates of those before its decision.
var (
	openStates      = statesWhere(state.State.Open)
	undecidedStates = statesWhere(func(s state.State) bool { return s.Open() && s != state.Decided && s != state.FollowingUp })
)

func statesWhere(is func(state.State) bool) string {
	var list []string
	for _, s := range state.States {
		if is(s) {
			list = append(list, "'"+string(s)+"'")
		}
	}
	return strings.Join(list, ",")
}
