package harm

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/locale"
)

// say writes a count, or that it is hidden.
func say(ctx context.Context, c disclosure.Count) string {
	if c.Hidden {
		return locale.T(ctx, "death.hidden")
	}
	return locale.Int(ctx, c.N)
}

// DayFor is the day as of which an actor may read counts of a country. Earlier days are told to those alone from whom nothing is hidden: between two days stands whoever became known in the meantime, and that may be one
// person. Others read today's.
func (s *Service) DayFor(a access.Actor, country string, asked baqylau.Date) baqylau.Date {
	if country == s.Home && disclosure.AudienceOf(a) != disclosure.Working {
		return s.today()
	}
	return asked
}

// value is a count for a file: the number, or the word for a hidden one.
func value(c disclosure.Count) any {
	if c.Hidden {
		return "suppressed"
	}
	return c.N
}
