package treatment

import (
	"context"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Missing is in how many episodes of a year an item is not known.
type Missing struct {
	Field string
	N     int
}

// MissingOf looks at all episodes of a year that were in force on a day, counted or not, in the order of the protocol.
func (s *Service) MissingOf(ctx context.Context, country string, year int, day baqylau.Date) (out []Missing, episodes int, err error) {
	defer baqylau.Wrap(&err, "treatment.MissingOf(%s, %d)", country, year)
	years, _, err := s.records(ctx, Question{Country: country, From: year, To: year, AsOf: day}, nil)
	if err != nil {
		return nil, 0, err
	}
	rs := years[year]
	count := func(field string, missing func(*tdi.Record) bool) {
		m := Missing{Field: field}
		for i := range rs {
			if missing(&rs[i]) {
				m.N++
			}
		}
		out = append(out, m)
	}
	count(tdi.FieldPerson, func(r *tdi.Record) bool { return r.Person == 0 })
	count(tdi.FieldRegion, func(r *tdi.Record) bool { return r.Region == 0 })
	count(tdi.FieldAge, func(r *tdi.Record) bool { return r.Age < 0 })
	count(tdi.FieldFirstUse, func(r *tdi.Record) bool { return r.FirstUse < 0 })
	for _, item := range tdi.Items() {
		count(item.Key(), func(r *tdi.Record) bool { return r.Codes[item] == item.List().NotKnown() })
	}
	return out, len(rs), nil
}

// missingTable shows it to those who see every episode: shares are counts in other words.
func (s *Service) missingTable(c *web.Ctx, year int, day baqylau.Date) (*ui.Table, error) {
	if disclosure.AudienceOf(c.Actor) != disclosure.Working {
		return nil, nil
	}
	missing, n, err := s.MissingOf(c.Context(), s.Home, year, day)
	if err != nil || n == 0 {
		return nil, err
	}
	t := &ui.Table{ID: "missing", Caption: c.T("tdi.missing") + ". " + c.T("tdi.missing.note", "N", locale.Int(c.Context(), n)),
		Columns: []ui.Column{{Label: c.T("tdi.missing.item"), Main: true}, {Label: c.T("tdi.missing.share"), Number: true}}}
	for _, m := range missing {
		t.Rows = append(t.Rows, ui.Row{Cells: row(ui.Text(c.T(fieldLabel(m.Field))), ui.Text(locale.Number(c.Context(), 100*float64(m.N)/float64(n), 1)+"\u00a0%"))})
	}
	return t, nil
}
