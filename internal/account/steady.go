package account

import "time"

// skew is how far ahead of this node's clock a session, a token or a link may have been begun or used: nodes that share a database differ by a little.
const skew = 2 * time.Minute

// steady is the clock of what ends by itself, sessions, API tokens and one-time links: the clock of the process, but never behind what it showed when the node started and what a clock that nobody can set has run since. They would
// otherwise live on by as much as somebody sets the clock back.
type steady struct {
	wall  func() time.Time
	begun time.Time            // by the wall
	ran   func() time.Duration // since then
}

func newSteady(wall func() time.Time) *steady {
	since := time.Now()
	return &steady{wall: wall, begun: wall().Round(0), ran: func() time.Duration { return time.Since(since) }}
}

func (s *steady) now() time.Time {
	now, least := s.wall().Round(0), s.begun.Add(s.ran())
	if now.Before(least) {
		return least
	}
	return now
}
