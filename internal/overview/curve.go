package overview

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// curve is the weekly count of the chosen subject.
func (s *Service) curve(c *web.Ctx, f frame, v *view) error {
	ctx := c.Context()
	pts, err := series.Weekly(ctx, s.DB.Read, series.Query{Country: f.place, Subject: f.subject, From: f.week - curveWeeks + 1, To: f.week, AsOf: f.asOf})
	if err != nil {
		return err
	}
	fig, aud := disclosure.Figure{Persons: true, Outside: f.outside}, disclosure.AudienceOf(c.Actor)
	name := s.subjectName(ctx, f.subject)
	ch := ui.Chart{ID: "curve", Axis: locale.T(ctx, "overview.week"), Series: []ui.Series{{Name: name}}, Recent: recentWeeks, Height: 220, Explore: true}
	n := 0
	for _, p := range pts {
		val := float64(p.N)
		if shown := disclosure.Show(p.N, fig, aud); shown.Hidden {
			val = math.NaN()
			v.note = locale.T(ctx, "overview.hidden")
		}
		n += p.N
		ch.Labels = append(ch.Labels, locale.Week(ctx, p.Week))
		ch.Names = append(ch.Names, locale.WeekYear(ctx, p.Week))
		ch.Series[0].Values = append(ch.Series[0].Values, val)
	}
	if v.note != "" {
		n = -1
	}
	ch.Summary = locale.T(ctx, "overview.curve.summary", "What", name, "Place", s.placeName(ctx, f.place), "Weeks", curveWeeks)
	ch.Caption = ui.Caption{Source: s.sourceOf(ctx, f), Period: locale.WeekYear(ctx, f.week-curveWeeks+1) + " – " + locale.WeekYear(ctx, f.week), AsOf: locale.Date(ctx, f.asOf), N: n}
	v.curve = ch
	v.subjects, err = s.subjects(c, f)
	return err
}

// mostSubjects is how many of each kind are offered, most counted first.
const mostSubjects = 15

// subjects offers the families and the substances most counted in the last year. From whom counts are hidden it offers all that were counted, by name: their
// order, and the cut, would tell of counts.
func (s *Service) subjects(c *web.Ctx, f frame) ([]ui.Option, error) {
	ctx := c.Context()
	out := []ui.Option{{Value: "", Label: c.T("overview.all")}}
	byName, order := disclosure.Hides(1, disclosure.Figure{Persons: true, Outside: f.outside}, disclosure.AudienceOf(c.Actor)), locale.Collator(c.Lang())
	for _, dim := range []series.Dim{series.Family, series.Substance} {
		counts, err := s.yearly(ctx, f, dim)
		if err != nil {
			return nil, err
		}
		ids := make([]string, 0, len(counts))
		for id := range counts {
			ids = append(ids, id)
		}
		name := func(id string) string { return s.subjectName(ctx, series.Subject{Dim: dim, ID: id}) }
		slices.SortFunc(ids, func(a, b string) int {
			if byName {
				return cmp.Or(order.CompareString(name(a), name(b)), cmp.Compare(a, b))
			}
			return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b))
		})
		if !byName {
			ids = ids[:min(len(ids), mostSubjects)]
		}
		for _, id := range ids {
			out = append(out, ui.Option{Value: id, Label: name(id)})
		}
	}
	return out, nil
}

func (s *Service) subjectName(ctx context.Context, sub series.Subject) string {
	book, l := s.Shelf.Book(), locale.Lang(ctx)
	switch sub.Dim {
	case series.Substance:
		if x, ok := book.Substance(sub.ID); ok {
			return x.Label.In(l)
		}
	case series.Family:
		if x, ok := book.Family(sub.ID); ok {
			return x.Name.In(l)
		}
	}
	return locale.T(ctx, "overview.all")
}

// sourceOf names where the figures of a place come from.
func (s *Service) sourceOf(ctx context.Context, f frame) string {
	if f.outside {
		for _, src := range s.Shelf.Book().Sources() {
			if src.Country == f.place {
				return src.Name.In(locale.Lang(ctx))
			}
		}
	}
	return locale.T(ctx, "overview.source.reports")
}
