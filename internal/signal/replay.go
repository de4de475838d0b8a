package signal

import (
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/uptrace/bun"
)

// Line is one replayed signal as `baqylau replay` prints it. Fields are only ever added, at the end.
type Line struct {
	RaisedOn    baqylau.Date       `json:"raised_on"`
	Type        rules.Type         `json:"type"`
	Substance   string             `json:"substance"` // international name; of a rising class, the class's name
	InChIKey    string             `json:"inchikey"`
	Region      string             `json:"region"` // code; "" is the whole country
	FirstEvent  baqylau.Date       `json:"first_event"`
	Events      int                `json:"events"`
	Score       float64            `json:"score"` // rank within the week's budget, 0..1
	Explanation string             `json:"explanation"`
	Country     string             `json:"country"`
	Family      string             `json:"family,omitempty"`
	Confidence  baqylau.Confidence `json:"confidence,omitempty"`
	Observed    float64            `json:"observed,omitempty"`
	Expected    float64            `json:"expected,omitempty"`
	PValue      float64            `json:"p_value,omitempty"`
}

// Replay runs the history of a country forward, week by week, with only what was known in each week, and gives every signal that would
// have been raised from day from to day to, always on a Sunday. Zero days mean the first and the last week in which something became
// known. What came before from is history that the rules know. Explanations are in the language of ctx. It writes nothing.
func (s *Service) Replay(ctx context.Context, country string, from, to baqylau.Date, emit func(Line) error) (err error) {
	defer baqylau.Wrap(&err, "signal.Replay(%s)", country)
	book := s.Shelf.Book()
	return s.replay(ctx, book, country, to, func(c rules.Candidate) error {
		if c.RaisedOn.Before(from) {
			return nil
		}
		return emit(lineOf(ctx, book, c))
	})
}

func lineOf(ctx context.Context, book *registry.Book, c rules.Candidate) Line {
	l := Line{RaisedOn: c.RaisedOn, Type: c.Type, Substance: c.Substance.Name, InChIKey: c.Substance.InChIKey, Region: c.Region, FirstEvent: c.FirstEvent,
		Events: c.Events, Score: c.Score, Explanation: SayAll(ctx, book, sentences(c)), Country: c.Country, Family: c.Family, Confidence: c.Confidence,
		Observed: c.Observed, Expected: c.Expected, PValue: c.PValue}
	if c.Family != "" {
		l.Substance = familyName(book, c.Family, locale.Lang(ctx))
	}
	return l
}

// replay gives every raised candidate of a country up to day to (zero: the last known week) to fn.
func (s *Service) replay(ctx context.Context, book *registry.Book, country string, to baqylau.Date, fn func(rules.Candidate) error) error {
	opt, err := s.options(ctx)
	if err != nil {
		return err
	}
	if to.IsZero() {
		if _, to, err = span(ctx, s.W.DB.Read, country); err != nil || to.IsZero() {
			return err
		}
		to = to.Week().Sunday()
	}
	turned, err := turns(ctx, s.W.DB.Read, country, to)
	if err != nil {
		return err
	}
	st, known := rules.New(opt), told{}
	// forward takes in the weeks up to day up, each with what counted at its end or, where asOf says so, on that day.
	forward := func(up, asOf baqylau.Date, raise func(rules.Candidate) error) error {
		return weeks(ctx, s.W.DB.Read, book, country, st.On(), up, func(sunday baqylau.Date, s standing) bool {
			return s.on(sunday) && asOf.IsZero() || !asOf.IsZero() && s.on(asOf)
		}, func(sunday baqylau.Date, events []rules.Event) error {
			step, err := st.Advance(sunday, events)
			for _, c := range step.Raised {
				if err == nil {
					err = raise(c)
				}
			}
			return err
		})
	}
	raise := func(c rules.Candidate) error {
		if _, ok := known.same(c); ok { // raised before the past was read again
			return nil
		}
		known.add(row{Type: c.Type, RaisedOn: c.RaisedOn, FirstEvent: c.FirstEvent, State: state.Detected}, c)
		return fn(c)
	}
	for _, sunday := range turned {
		before := sunday.AddDays(-7)
		if err := forward(before, baqylau.Date{}, raise); err != nil {
			return err
		}
		st = rules.New(opt) // something known earlier counts otherwise from this week on: the past is read again, as the detectors do
		st.Told(known.thisWeek)
		if err := forward(before, sunday, func(rules.Candidate) error { return nil }); err != nil {
			return err
		}
		if err := forward(sunday, baqylau.Date{}, raise); err != nil {
			return err
		}
	}
	return forward(to, baqylau.Date{}, raise)
}

// turns are the Sundays up to day to by which something known in an earlier week had begun or ceased to count.
func turns(ctx context.Context, db bun.IDB, country string, to baqylau.Date) (out []baqylau.Date, err error) {
	var days []struct{ KnownOn, Day string }
	if err := db.NewRaw(`SELECT f.known_on, p.until_on AS day FROM finding_past p JOIN finding f ON f.id = p.finding_id WHERE p.country = ?
		UNION SELECT f.known_on, f.since_on FROM finding f JOIN occurrence o ON o.id = f.occurrence_id WHERE f.since_on IS NOT NULL AND o.country = ?
		UNION SELECT f.known_on, p.from_on FROM finding_past p JOIN finding f ON f.id = p.finding_id WHERE p.country = ? AND p.from_on > f.known_on`, country, country, country).Scan(ctx, &days); err != nil {
		return nil, err
	}
	for _, d := range days {
		day, _, err := baqylau.ParseDate(d.Day)
		if err != nil {
			return nil, err
		}
		known, _, err := baqylau.ParseDate(d.KnownOn)
		if err != nil {
			return nil, err
		}
		if day.Week() > known.Week() && !day.Week().Sunday().After(to) {
			out = append(out, day.Week().Sunday())
		}
	}
	slices.SortFunc(out, func(a, b baqylau.Date) int { return a.Sub(b) })
	return slices.Compact(out), nil
}

// settled is how many days before the last known day a replayed signal is history and not work.
const settled = 28

// ReplayInto writes the signals of a country's history as if they had been raised in their weeks, for a demonstration. Those older than
// 28 days before the last known day are closed by the system, so that the inbox shows the recent ones and the archive all. It
// raises nothing that is there already, and returns how many it wrote.
func (s *Service) ReplayInto(ctx context.Context, country string) (written int, err error) {
	defer baqylau.Wrap(&err, "signal.ReplayInto(%s)", country)
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []rules.Candidate
	if err := s.replay(ctx, s.Shelf.Book(), country, baqylau.Date{}, func(c rules.Candidate) error { found = append(found, c); return nil }); err != nil || len(found) == 0 {
		return 0, err
	}
	_, last, err := span(ctx, s.W.DB.Read, country)
	if err != nil {
		return 0, err
	}
	delete(s.bases, country) // what is told changes
	err = s.W.Do(ctx, access.TheSystem(), Detect, func(ctx context.Context, tx *change.Tx) error {
		written = 0
		known, err := readTold(ctx, tx, country)
		if err != nil {
			return err
		}
		for _, c := range found {
			if _, ok := known.same(c); ok {
				continue
			}
			sig, err := s.propose(ctx, tx, c)
			if err != nil {
				return err
			}
			if c.RaisedOn.AddDays(settled).Before(last) {
				err = s.archive(ctx, tx, sig)
			} else {
				err = s.open(ctx, tx, sig)
			}
			if err != nil {
				return err
			}
			written++
		}
		tx.Subject("detect_run", country, "", map[string]any{"replayed": written})
		return nil
	})
	return written, err
}

// archive writes a signal of history, closed: no clock, no letters.
func (s *Service) archive(ctx context.Context, tx *change.Tx, sig Signal) error {
	sig.State = state.Closed
	c := rules.Candidate{Type: rules.Type(sig.Type), Country: sig.Country, Region: sig.Region, Substance: rules.Substance{Key: sig.SubstanceID}, Family: sig.Family,
		RaisedOn: sig.RaisedOn, FirstEvent: sig.FirstEvent}
	if err := s.insert(ctx, tx, &sig, dedup(c)); err != nil {
		return err
	}
	if err := note(ctx, tx, sig.ID, Event{Act: "detect", To: state.Detected, Detail: map[string]any{"rule": sig.Rule, "events": sig.Events}}); err != nil {
		return err
	}
	return note(ctx, tx, sig.ID, Event{Act: "archive", From: state.Detected, To: state.Closed})
}
