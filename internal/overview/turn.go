package overview

import (
	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/intake"
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

// desk lists what waits for everybody who may act on it: reports that nobody has received, pairs of occurrences that may be one.
func (s *Service) desk(c *web.Ctx) (list []turn, err error) {
	d, err := intake.DeskOf(c.Context(), s.DB.Read, c.Actor)
	for _, w := range []struct {
		n         int
		key, href string
	}{{d.Reports, "overview.desk.reports", "/reports?state=submitted"}, {d.Matches, "overview.desk.matches", "/matches"}} {
		text := locale.N(c.Context(), w.key, w.n)
		switch w.n {
		case 0:
			continue
		case intake.DeskLimit: // and perhaps more
			text = c.T("overview.desk.least", "What", text)
		}
		list = append(list, turn{text, w.href})
	}
	return list, err
}
