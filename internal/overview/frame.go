package overview

import (
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/web"
)

// frame is what the page is about: where, what, and as of which day.
type frame struct {
	place   string
	asOf    baqylau.Date
	week    baqylau.Week
	subject series.Subject
	outside bool
	latest  bool
}

func (s *Service) frame(c *web.Ctx) (f frame, places []string, err error) {
	ctx := c.Context()
	if places, err = series.Countries(ctx, s.DB.Read); err != nil {
		return f, nil, err
	}
	counted := len(places)
	if !slices.Contains(places, s.Home) {
		places = append([]string{s.Home}, places...)
	}
	f.place = s.Home
	if p := c.Query("place"); slices.Contains(places, p) {
		f.place = p
	} else if len(places) > 1 && counted == len(places)-1 { // nothing at home yet: show where there is something, home stays one click away
		f.place = places[1]
	}
	f.outside = f.place != s.Home
	today := s.Now()
	f.asOf = today
	if d, p, err := baqylau.ParseDate(c.Query("as_of")); err == nil && p == baqylau.Day && !d.IsZero() && !d.After(today) {
		f.asOf = d
	} else if f.outside { // published records end somewhere: show their last week
		last, err := series.LastKnown(ctx, s.DB.Read, f.place)
		if err != nil {
			return f, nil, err
		}
		if !last.IsZero() {
			f.asOf, f.latest = last, true
		}
	}
	f.week = f.asOf.Week()
	f.subject = series.Subject{Dim: series.Total}
	if q := c.Query("subject"); q != "" {
		if _, ok := s.Shelf.Book().Substance(q); ok {
			f.subject = series.Subject{Dim: series.Substance, ID: q}
		} else if _, ok := s.Shelf.Book().Family(q); ok {
			f.subject = series.Subject{Dim: series.Family, ID: q}
		}
	}
	return f, places, nil
}
