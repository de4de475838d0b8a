package signal

import (
	"context"

	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/web"
)

// withReason reads the form of an act that takes a reason and nothing else.
func (s *Service) withReason(do func(ctx context.Context, actor access.Actor, id string, token int64, reason string) (Done, error)) func(c *web.Ctx, f *web.Form, id string, token int64) (Done, error) {
	return func(c *web.Ctx, f *web.Form, id string, token int64) (Done, error) {
		reason := f.Text("reason", false, maxReason)
		if f.Err() != nil {
			return Done{}, f.Err()
		}
		return do(c.Context(), c.Actor, id, token, reason)
	}
}

// refuteUnchecked refutes a signal before or after validation, without the answers.
func (s *Service) refuteUnchecked(ctx context.Context, actor access.Actor, id string, token int64, reason string) (Done, error) {
	return s.Refute(ctx, actor, id, token, nil, reason)
}
