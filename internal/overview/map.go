package overview

import (
	"math"

	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// regions draws the last weeks per 100,000 people, or counts where the population is not known.
func (s *Service) regions(c *web.Ctx, f frame, v *view) error {
	ctx := c.Context()
	book := s.Shelf.Book()
	counts, err := series.ByRegion(ctx, s.DB.Read, series.Query{Country: f.place, Subject: f.subject, From: f.week - mapWeeks + 1, To: f.week, AsOf: f.asOf})
	if err != nil {
		return err
	}
	fig, aud := disclosure.Figure{Persons: true, Outside: f.outside}, disclosure.AudienceOf(c.Actor)
	m := ui.Map{ID: "regions", Decimals: 1, NoData: locale.T(ctx, "overview.map.none"), Outlines: book.Outlines(f.place), Top: 8}
	n, most := 0, 0.
	for _, r := range book.Regions(f.place) {
		a := ui.Area{ID: r.Code, Name: r.Name.In(locale.Lang(ctx)), Href: "/regions/" + r.Code, Value: math.NaN()}
		shown := disclosure.Show(counts[r.Code], fig, aud)
		if shown.Hidden {
			v.note, a.Instead = locale.T(ctx, "overview.hidden"), locale.T(ctx, "overview.map.hidden")
		} else if p, ok := book.PopulationIn(r.Code, f.asOf.Time().Year()); ok && p.Persons > 0 {
			a.Value = 1e5 * float64(shown.N) / float64(p.Persons)
		}
		n += counts[r.Code]
		if a.Value > most {
			most = a.Value
		}
		m.Areas = append(m.Areas, a)
	}
	if most < 1 {
		m.Decimals = 2
	}
	if v.note != "" {
		n = -1
	}
	m.Summary = locale.T(ctx, "overview.map.summary", "Place", s.placeName(ctx, f.place), "Weeks", mapWeeks)
	m.Caption = ui.Caption{Source: s.sourceOf(ctx, f), Period: locale.WeekYear(ctx, f.week-mapWeeks+1) + " – " + locale.WeekYear(ctx, f.week), AsOf: locale.Date(ctx, f.asOf), N: n}
	v.regions = m
	return nil
}
