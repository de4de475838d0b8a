package signal

import (
	"context"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// catchUp is how many weeks a finding may have been known before it reached the node and still be raised: monthly returns and a
// node that stood still are caught up with; an imported history of years is not news and stays for Replay.
const catchUp = 13

// base is what the rules know of a country up to the last Sunday; the running week is judged on a copy of its State each time.
type base struct {
	state   *rules.State
	on      baqylau.Date // the Sunday up to which it knows
	asOf    baqylau.Date // the day on which what it knows counted
	options rules.Options
	version int64 // of the registry
	mark    int64 // of the facts, see series.Mark
	recent  []rules.Candidate
}

// baseFor returns the rules' knowledge up to Sunday on, of what counted on day asOf: the one in memory, moved forward, or a new one when the past has changed.
func (s *Service) baseFor(ctx context.Context, book *registry.Book, country string, on, asOf baqylau.Date, told func(rules.Candidate) bool) (*base, error) {
	opt, err := s.options(ctx)
	if err != nil {
		return nil, err
	}
	b := s.bases[country]
	if b != nil {
		mark, err := series.Mark(ctx, s.W.DB.Read, country, b.on)
		if err != nil {
			return nil, err
		}
		if mark != b.mark || b.version != book.Version || b.options != opt || b.on.After(on) || b.asOf.After(asOf) {
			b = nil
		}
	}
	if b == nil {
		b = &base{state: rules.New(opt), options: opt, version: book.Version}
	}
	b.state.Told(told)
	delete(s.bases, country)                                                  // an error below leaves it half moved
	if b.mark, err = series.Mark(ctx, s.W.DB.Read, country, on); err != nil { // before the facts are read: what comes between is read again
		return nil, err
	}
	if err := b.forward(ctx, s.W.DB.Read, book, country, on, asOf); err != nil {
		return nil, err
	}
	b.on, b.asOf = on, asOf
	if s.bases == nil {
		s.bases = map[string]*base{}
	}
	s.bases[country] = b
	return b, nil
}

// forward moves the state week by week to Sunday on, with what counts on day asOf, and keeps what the latest weeks raised.
func (b *base) forward(ctx context.Context, db bun.IDB, book *registry.Book, country string, on, asOf baqylau.Date) error {
	keep := on.AddDays(-7 * catchUp)
	step := func(sunday baqylau.Date, events []rules.Event) error {
		st, err := b.state.Advance(sunday, events)
		for _, c := range st.Raised {
			if c.RaisedOn.After(keep) {
				b.recent = append(b.recent, c)
			}
		}
		return err
	}
	old := b.recent
	b.recent = nil
	for _, c := range old {
		if c.RaisedOn.After(keep) {
			b.recent = append(b.recent, c)
		}
	}
	return weeks(ctx, db, book, country, b.state.On(), on, func(_ baqylau.Date, s standing) bool { return s.on(asOf) }, step)
}

// weeks gives the events known after since to step, week by week up to Sunday on, weeks without events included. An event is left
// out unless holds is true for its week's Sunday and the days on which it counted.
func weeks(ctx context.Context, db bun.IDB, book *registry.Book, country string, since, on baqylau.Date, holds func(sunday baqylau.Date, s standing) bool,
	step func(sunday baqylau.Date, events []rules.Event) error) error {
	var batch []rules.Event
	var sunday baqylau.Date
	if !since.IsZero() {
		sunday = since.Week().Sunday()
		if sunday == since {
			sunday = sunday.AddDays(7)
		}
	}
	upTo := func(known baqylau.Date) error {
		if sunday.IsZero() {
			sunday = known.Week().Sunday()
		}
		for sunday.Before(known) {
			if err := step(sunday, batch); err != nil {
				return err
			}
			batch, sunday = nil, sunday.AddDays(7)
		}
		return nil
	}
	err := stream(ctx, db, book, country, since, on, func(e rules.Event, s standing) error {
		if err := upTo(e.KnownOn); err != nil {
			return err
		}
		if holds(sunday, s) {
			batch = append(batch, e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return upTo(on.AddDays(1))
}

// options are the rules' thresholds with what the centre has set: signal.budget and signal.rise_budget, candidates per week.
func (s *Service) options(ctx context.Context) (o rules.Options, err error) {
	for key, to := range map[string]*int{"signal.budget": &o.Budget, "signal.rise_budget": &o.RiseBudget} {
		var v string
		err := s.W.DB.Read.NewRaw("SELECT value FROM setting WHERE key = ?", key).Scan(ctx, &v)
		if baqylau.CodeOf(store.One(err)) == baqylau.NotFound {
			continue
		}
		if err != nil {
			return o, err
		}
		if *to, err = strconv.Atoi(v); err != nil || *to < 0 {
			return o, baqylau.E(baqylau.Invalid, "signal.error.budget", "Key", key).Because(err)
		}
	}
	return o, nil
}
