package overview

import (
	"context"
	"math"
	"slices"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// detections is what the page of a substance shows of one country: a curve and its places.
type detections struct {
	place   string
	curve   ui.Chart
	regions []ui.Ranked
	hidden  bool
}

// sectionWeeks is how many weeks the curve on a substance's page spans, ending with the last detection.
const sectionWeeks = 104

// SubstanceSection is the part of a substance's page that shows detections over time and place, country by country, own country first. People
// who may not see series see nothing of it.
func SubstanceSection(db *store.DB, shelf *registry.Shelf, home string, today func() baqylau.Date) func(context.Context, access.Actor, string) (templ.Component, error) {
	s := &Service{DB: db, Shelf: shelf, Home: home, Now: today}
	return func(ctx context.Context, a access.Actor, id string) (templ.Component, error) {
		if !access.May(a, access.SeriesRead) {
			return nil, nil
		}
		var list []detections
		places, err := series.Countries(ctx, db.Read)
		if err != nil {
			return nil, err
		}
		for i, p := range places {
			if p == home {
				places[0], places[i] = places[i], places[0]
			}
		}
		for _, p := range places {
			d, ok, err := s.detections(ctx, a, p, id)
			if err != nil {
				return nil, err
			}
			if ok {
				list = append(list, d)
			}
		}
		if len(list) == 0 {
			return nil, nil
		}
		return detectionParts(list), nil
	}
}

func (s *Service) detections(ctx context.Context, a access.Actor, place, id string) (d detections, ok bool, err error) {
	sub := series.Subject{Dim: series.Substance, ID: id}
	first, last, err := series.Span(ctx, s.DB.Read, series.Query{Country: place, Subject: sub})
	if err != nil || last == 0 {
		return d, false, err
	}
	first = min(max(first, last-sectionWeeks+1), last-curveWeeks+1) // a half-year at least, so that two weeks do not fill the page
	pts, err := series.Weekly(ctx, s.DB.Read, series.Query{Country: place, Subject: sub, From: first, To: last})
	if err != nil || !slices.ContainsFunc(pts, func(p series.Point) bool { return p.N != 0 }) {
		return d, false, err
	}
	f := frame{place: place, outside: place != s.Home, asOf: s.Now()}
	fig, aud := disclosure.Figure{Persons: true, Outside: f.outside}, disclosure.AudienceOf(a)
	name := s.subjectName(ctx, sub)
	d.place = s.placeName(ctx, place)
	d.curve = ui.Chart{ID: "detections-" + place, Axis: locale.T(ctx, "overview.week"), Series: []ui.Series{{Name: name}}, Height: 180,
		Summary: locale.T(ctx, "overview.curve.summary", "What", name, "Place", d.place, "Weeks", len(pts))}
	n := 0
	for _, p := range pts {
		v := float64(p.N)
		if disclosure.Hides(p.N, fig, aud) {
			v, d.hidden = math.NaN(), true
		}
		n += p.N
		d.curve.Labels = append(d.curve.Labels, locale.Week(ctx, p.Week))
		d.curve.Names = append(d.curve.Names, locale.WeekYear(ctx, p.Week))
		d.curve.Series[0].Values = append(d.curve.Series[0].Values, v)
	}
	if d.hidden {
		n = -1
	}
	d.curve.Caption = ui.Caption{Source: s.sourceOf(ctx, f), Period: locale.WeekYear(ctx, pts[0].Week) + " – " + locale.WeekYear(ctx, pts[len(pts)-1].Week),
		AsOf: locale.Date(ctx, f.asOf), N: n}
	counts, err := series.ByRegion(ctx, s.DB.Read, series.Query{Country: place, Subject: sub, From: first, To: last})
	if err != nil {
		return d, false, err
	}
	for _, r := range s.Shelf.Book().Regions(place) {
		c := counts[r.Code]
		if c == 0 {
			continue
		}
		row := ui.Ranked{Name: r.Name.In(locale.Lang(ctx)), Href: "/regions/" + r.Code, Value: float64(c), Shown: locale.Int(ctx, c)}
		if disclosure.Hides(c, fig, aud) {
			row.Value, row.Shown, d.hidden = math.NaN(), locale.T(ctx, "overview.few"), true
		}
		d.regions = append(d.regions, row)
	}
	return d, true, nil
}
