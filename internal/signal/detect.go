package signal

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/baqylau/baqylau/internal/store"
)

// Run tells what a detection run did.
type Run struct {
	Candidates int // proposed by the rules, known ones included
	Raised     int // new signals
	Grown      int // open signals whose evidence grew
	Held       int // found no room in the week's budget
}

// Detect judges what is known of a country up to day asOf and raises what is new. It may run as often as wanted: the same facts
// raise nothing twice. Findings known more than 13 weeks ago raise nothing, since an imported history is no news; Replay tells it.
// Codes: Unavailable, Invalid for a damaged setting.
func (s *Service) Detect(ctx context.Context, country string, asOf baqylau.Date) (run Run, err error) {
	defer baqylau.Wrap(&err, "signal.Detect(%s)", country)
	s.mu.Lock()
	defer s.mu.Unlock()
	book := s.Shelf.Book()
	known, err := readTold(ctx, s.W.DB.Read, country)
	if err != nil {
		return run, err
	}
	b, err := s.baseFor(ctx, book, country, asOf.Week().Monday().AddDays(-1), asOf, known.thisWeek)
	if err != nil {
		return run, err
	}
	events, err := Events(ctx, s.W.DB.Read, book, country, asOf, b.on)
	if err != nil {
		return run, err
	}
	week := b.state.Clone()
	week.Told(known.thisWeek)
	step, err := week.Advance(asOf, events)
	if err != nil {
		return run, err
	}
	found := append(b.recent[:len(b.recent):len(b.recent)], step.Raised...)
	run = Run{Candidates: len(found), Held: len(step.Held)}
	lost, err := gone(ctx, s.W.DB.Read, book, country)
	if err != nil {
		return run, err
	}
	personal, err := newlyPersonal(ctx, s.W.DB.Read, country)
	if err != nil {
		return run, err
	}
	missed, err := unheard(ctx, s.W.DB.Read, book, country)
	if err != nil {
		return run, err
	}
	if len(lost) == 0 && len(personal) == 0 && len(missed) == 0 && !anything(known, found) {
		return run, nil
	}
	return run, s.raise(ctx, country, asOf, found, &run)
}

// anything reports whether a candidate is new, or has more evidence than the signal that tells of it.
func anything(known told, found []rules.Candidate) bool {
	for _, c := range found {
		if r, ok := known.same(c); !ok || grows(r, c) || revives(r) {
			return true
		}
	}
	return false
}

// grows reports whether the candidate brings more evidence to a signal that is still open and was raised in the same week.
func grows(r row, c rules.Candidate) bool {
	return r.State.Open() && c.Events > r.Events && r.RaisedOn.Week() == c.RaisedOn.Week()
}

// revives reports whether a candidate gives a signal evidence again that had lost it. What people have ended stays ended.
func revives(r row) bool { return !r.Withdrawn.IsZero() && (r.State.Open() || r.Withdrawn.Closed) }

// raise writes what is new and what has lost its ground, as one act of the system.
func (s *Service) raise(ctx context.Context, country string, asOf baqylau.Date, found []rules.Candidate, run *Run) error {
	return s.W.Do(ctx, access.TheSystem(), Detect, func(ctx context.Context, tx *change.Tx) error {
		run.Raised, run.Grown = 0, 0
		if _, err := tx.Count(ctx, "signal.detect", 1); err != nil { // its row makes the detectors of several nodes queue
			return err
		}
		known, err := readTold(ctx, tx, country)
		if err != nil {
			return err
		}
		revived := map[string]bool{}
		lost, err := gone(ctx, tx, s.Shelf.Book(), country)
		if err != nil {
			return err
		}
		for _, c := range found {
			r, ok := known.same(c)
			switch {
			case !ok:
				sig, err := s.propose(ctx, tx, c)
				if err != nil {
					return err
				}
				if err := s.open(ctx, tx, sig); err != nil {
					return err
				}
				known.add(row{ID: sig.ID, Type: c.Type, RaisedOn: c.RaisedOn, FirstEvent: c.FirstEvent, State: sig.State, Events: c.Events}, c)
				run.Raised++
			case revives(r) && !revived[r.ID]:
				if err := s.revive(ctx, tx, r, c); err != nil {
					return err
				}
				revived[r.ID] = true
				run.Grown++
			case lost[r.ID], grows(r, c):
				delete(lost, r.ID)
				if err := s.grow(ctx, tx, r, c); err != nil {
					return err
				}
				run.Grown++
			}
		}
		for _, id := range slices.Sorted(maps.Keys(lost)) {
			if err := s.withdraw(ctx, tx, id); err != nil {
				return err
			}
		}
		missed, err := unheard(ctx, tx, s.Shelf.Book(), country)
		if err != nil {
			return err
		}
		for _, id := range missed {
			if err := s.lost(ctx, tx, id); err != nil {
				return err
			}
		}
		personal, err := newlyPersonal(ctx, tx, country)
		if err != nil {
			return err
		}
		if err := makePersonal(ctx, tx, personal); err != nil {
			return err
		}
		tx.Subject("detect_run", country, "", map[string]any{"as_of": asOf.String(), "candidates": run.Candidates, "raised": run.Raised, "grown": run.Grown, "withdrawn": len(lost), "unheard": len(missed), "personal": len(personal)})
		_, err = tx.NewRaw("INSERT INTO detect_run (id, country, as_of, at, candidates, raised) VALUES (?, ?, ?, ?, ?, ?)",
			store.NewID(), country, asOf.String(), tx.Now.UnixMicro(), run.Candidates, run.Raised).Exec(ctx)
		return err
	})
}

// propose makes a signal of a candidate, with a first scoring by what is on record.
func (s *Service) propose(ctx context.Context, tx *change.Tx, c rules.Candidate) (Signal, error) {
	sig := Signal{ID: store.NewID(), Type: string(c.Type), Rule: string(c.Type), Country: c.Country, Region: c.Region, SubstanceID: c.Substance.Key, Family: c.Family,
		RaisedOn: c.RaisedOn, FirstEvent: c.FirstEvent, Events: c.Events, Title: titleOf(c), Explanation: sentences(c), Evidence: evidenceOf(c), Rank: c.Score,
		Confidence: cmp.Or(c.Confidence, baqylau.Suspected), State: state.Detected}
	f, err := readFacts(ctx, tx, c.Evidence)
	if err != nil {
		return sig, err
	}
	sig.Persons = f.persons
	s.firstScoring(&sig, f)
	sig.Ref, err = tx.Ref(ctx, "S", 4)
	return sig, err
}

func evidenceOf(c rules.Candidate) Evidence {
	e := Evidence{Occurrences: c.Evidence, LastEvent: c.LastEvent, Observed: c.Observed, Expected: c.Expected, Bound: c.Bound, PValue: c.PValue, Fatal: c.Fatal}
	switch c.Type {
	case rules.RiseExact:
		e.Weeks = 4
	case rules.RiseC1, rules.RiseC2, rules.RiseC3:
		e.Weeks = 1
	}
	return e
}

// grow brings an open signal's evidence up to date, and its first scoring if no person has scored it yet.
func (s *Service) grow(ctx context.Context, tx *change.Tx, r row, c rules.Candidate) error {
	sig, err := read(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	before := sig.Priority
	if err := s.renew(ctx, tx, &sig, r, c); err != nil {
		return err
	}
	if err := s.save(ctx, tx, &sig); err != nil {
		return err
	}
	if err := note(ctx, tx, sig.ID, Event{Act: "grow", From: sig.State, To: sig.State, Detail: map[string]any{"events": c.Events}}); err != nil {
		return err
	}
	if sig.Priority == before {
		return nil
	}
	return s.alarm(ctx, tx, &sig, before)
}

// renew gives a signal the evidence of a candidate, and a first scoring if no person has scored it yet.
func (s *Service) renew(ctx context.Context, tx *change.Tx, sig *Signal, r row, c rules.Candidate) error {
	sig.Events, sig.Evidence, sig.Explanation, sig.FirstEvent = c.Events, evidenceOf(c), sentences(c), c.FirstEvent
	sig.Confidence = cmp.Or(c.Confidence, baqylau.Suspected) // less than before when the surest case was withdrawn
	f, err := readFacts(ctx, tx, c.Evidence)
	if err != nil {
		return err
	}
	sig.Persons = sig.Persons || f.persons
	if !r.Scored {
		s.firstScoring(sig, f)
	}
	return nil
}
