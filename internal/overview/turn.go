package overview

import (
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/web"
)

// turn is work that others have passed on to the reader, and where it is done.
type turn struct{ text, href string }

// turns lists what waits for the reader's own act: reviews, clearances, issues, opinions, news from abroad.
func (s *Service) turns(c *web.Ctx) (list []turn, err error) {
	alerts, aargs := alert.Scope(c.Actor)
	signals, sargs := signal.Scope(c.Actor)
	communication := "SELECT count(*) FROM communication c WHERE " + alert.Newest + " AND " + alerts + " AND "
	for _, w := range []struct {
		act       access.Act
		key, href string
		sql       string
		args      []any
	}{
		{access.AlertReview, "overview.turn.review", "/alerts?state=science_review", communication + "c.state = 'science_review' AND c.reviewed_by IS NULL AND c.drafted_by <> ?", append(aargs[:len(aargs):len(aargs)], c.Actor.ID)},
		{access.AlertClear, "overview.turn.clear", "/alerts?state=science_review", communication + "c.state = 'science_review' AND c.reviewed_by IS NOT NULL AND c.drafted_by <> ?", append(aargs[:len(aargs):len(aargs)], c.Actor.ID)},
		{access.AlertIssue, "overview.turn.issue", "/alerts?state=cleared", communication + "c.state = 'cleared'", aargs},
		{access.SignalAssess, "overview.turn.assess", "/signals", "SELECT count(*) FROM signal s WHERE s.state = 'assessing' AND " + signals, sargs},
		{access.ForeignEnter, "overview.turn.foreign", "/foreign?state=new", "SELECT count(*) FROM foreign_alert WHERE state = 'new'", nil},
	} {
		if !access.May(c.Actor, w.act) {
			continue
		}
		var n int
		if err := s.DB.Read.NewRaw(w.sql, w.args...).Scan(c.Context(), &n); err != nil {
			return nil, err
		}
		if n > 0 {
			list = append(list, turn{locale.N(c.Context(), w.key, n), w.href})
		}
	}
	return list, nil
}
