package overview

import (
	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/web"
)

// turn is work that others have passed on to the reader, and where it is done.
type turn struct{ text, href string }

// turns lists what waits for the reader's own act: reviews, clearances, issues, opinions, news from abroad.
func (s *Service) turns(c *web.Ctx) (list []turn, err error) {
	alerts, err := alert.TurnsOf(c.Context(), s.DB.Read, c.Actor)
	if err != nil {
		return nil, err
	}
	opinions, err := signal.AwaitingOpinion(c.Context(), s.DB.Read, c.Actor)
	if err != nil {
		return nil, err
	}
	for _, w := range []struct {
		n         int
		key, href string
	}{
		{alerts.Review, "overview.turn.review", "/alerts?state=science_review"},
		{alerts.Clear, "overview.turn.clear", "/alerts?state=science_review"},
		{alerts.Issue, "overview.turn.issue", "/alerts?state=cleared"},
		{opinions, "overview.turn.assess", "/signals"},
		{alerts.Foreign, "overview.turn.foreign", "/foreign?state=new"},
	} {
		if w.n > 0 {
			list = append(list, turn{locale.N(c.Context(), w.key, w.n), w.href})
		}
	}
	return list, nil
}
