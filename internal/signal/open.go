package signal

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/baqylau/baqylau/internal/signal/score"
)

// Clock is a deadline for people: the panel's look at a signal, or another look at a decision.
type Clock struct {
	SignalID string
	Title    baqylau.Text
	Path     string
	Owner    string // account, "" for every officer
	At       time.Time
}

// Clocks runs deadlines with reminders and escalation; package due does.
type Clocks interface {
	// Start opens the clock, or moves the one that runs for the signal.
	Start(ctx context.Context, tx *change.Tx, c Clock) error
	// Stop ends the clock of a signal, if one runs: done, or no longer needed.
	Stop(ctx context.Context, tx *change.Tx, signalID string, done bool) error
	// Look asks who decided, c.Owner, to look at the signal again, and Looked ends that.
	Look(ctx context.Context, tx *change.Tx, c Clock) error
	Looked(ctx context.Context, tx *change.Tx, signalID string) error
}

// open writes a signal that the rules propose: the row, its first event, its clock and the letters if it is red.
func (s *Service) open(ctx context.Context, tx *change.Tx, sig Signal) error {
	sig.DueAt = deadline(sig.Priority, tx.Now)
	c := rules.Candidate{Type: rules.Type(sig.Type), Country: sig.Country, Region: sig.Region, Substance: rules.Substance{Key: sig.SubstanceID}, Family: sig.Family,
		RaisedOn: sig.RaisedOn, FirstEvent: sig.FirstEvent}
	if err := s.insert(ctx, tx, &sig, dedup(c)); err != nil {
		return err
	}
	if err := note(ctx, tx, sig.ID, Event{Act: "detect", To: sig.State, Detail: map[string]any{"rule": sig.Rule, "events": sig.Events}}); err != nil {
		return err
	}
	return s.alarm(ctx, tx, &sig, "")
}

// deadline is by when a panel should have looked; zero for green.
func deadline(p baqylau.Severity, now time.Time) time.Time {
	if d := score.Clock(p); d > 0 {
		return now.Add(d)
	}
	return time.Time{}
}

// alarm makes clock and letters follow the signal's priority: it starts, moves or stops the clock, and tells of a signal that
// has become red.
func (s *Service) alarm(ctx context.Context, tx *change.Tx, sig *Signal, before baqylau.Severity) error {
	if s.Clocks != nil {
		if sig.DueAt.IsZero() {
			if err := s.Clocks.Stop(ctx, tx, sig.ID, true); err != nil {
				return err
			}
		} else if err := s.Clocks.Start(ctx, tx, Clock{SignalID: sig.ID, Title: s.title(*sig), Path: "/signals/" + sig.ID, Owner: sig.OwnerID, At: sig.DueAt}); err != nil {
			return err
		}
	}
	if sig.Priority == baqylau.Red && before != baqylau.Red {
		return s.tellRed(ctx, tx, *sig)
	}
	return nil
}
