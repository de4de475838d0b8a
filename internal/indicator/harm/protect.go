package harm

import (
	"context"

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

// value is a count for a file: the number, or the word for a hidden one.
func value(c disclosure.Count) any {
	if c.Hidden {
		return "suppressed"
	}
	return c.N
}
