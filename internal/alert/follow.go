package alert

import (
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
)

// follow lets what the system wrote itself about a place follow the regions that are chosen now: a text that is still, to the letter, the one written for the places before
// becomes the one for these. What a person has changed stays.
func (s *Service) follow(c *web.Ctx, d *Draft) error {
	if d.SignalID == "" || s.Signals == nil {
		return nil
	}
	ctx := c.Context()
	f, err := s.Signals.Facts(ctx, c.Actor, d.SignalID)
	if baqylau.CodeOf(err) == baqylau.NotFound {
		return nil // the reader of the draft may not read the signal: nothing of it is written
	} else if err != nil {
		return err
	}
	before := [][]string{f.Regions}
	if id := c.Path("id"); id != "" {
		m, err := Get(ctx, s.W.DB.Read, c.Actor, id)
		if err != nil {
			return err
		}
		before = append(before, m.Regions)
	}
	now := f
	now.Regions = d.Regions
	for _, b := range []Block{Title, Summary, Confirmed} {
		text := d.Content[b]
		for l, at := range map[baqylau.Lang]*string{baqylau.Kazakh: &text.KK, baqylau.Russian: &text.RU, baqylau.English: &text.EN} {
			in := locale.With(ctx, l)
			if slices.ContainsFunc(before, func(places []string) bool {
				old := f
				old.Regions = places
				return *at != "" && *at == s.prefilled(in, b, old)
			}) {
				*at = s.prefilled(in, b, now)
			}
		}
		if text != (baqylau.Text{}) {
			d.Content[b] = text
		}
	}
	return nil
}
