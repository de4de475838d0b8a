package harm

import (
	"context"
	"iter"
	"net/url"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/export"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Routes registers the pages of the room.
func Routes(rt *web.Router, s *Service) {
	s.deathRoutes(rt)
	s.registerRoutes(rt)
	s.infectionRoutes(rt)
}

// frame is what a page of counts is about: which country, and as of which day.
type frame struct {
	country string
	asOf    baqylau.Date
	places  []ui.NavItem // the countries that there are records of; nil where there is one
}

// frame reads the question of a page over the records of a table. Home is what is meant; where it has none, the first country that has.
func (s *Service) frame(c *web.Ctx, table string) (f frame, err error) {
	f = frame{country: s.Home, asOf: s.today()}
	if d, p, err := baqylau.ParseDate(c.Query("as_of")); err == nil && p == baqylau.Day && !d.IsZero() && !d.After(f.asOf) {
		f.asOf = d
	}
	list, err := countries(c.Context(), s.W.DB.Read, table, f.asOf)
	if err != nil {
		return f, err
	}
	switch chosen := c.Query("place"); {
	case slices.Contains(list, chosen):
		f.country = chosen
	case !slices.Contains(list, s.Home) && len(list) > 0:
		f.country = list[0]
	}
	f.asOf = s.DayFor(c.Actor, f.country, f.asOf)
	if len(list) < 2 {
		return f, nil
	}
	for _, code := range list {
		f.places = append(f.places, ui.NavItem{Label: s.place(c.Context(), code), Href: address(c, "place", code), Current: code == f.country})
	}
	return f, nil
}

// address is the page's own address with a parameter changed.
func address(c *web.Ctx, name, value string) string {
	q := url.Values{}
	for k, v := range c.R.URL.Query() {
		if k != "lang" && k != "format" && len(v) > 0 && v[0] != "" {
			q.Set(k, v[0])
		}
	}
	if q.Del(name); value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return c.R.URL.Path
	}
	return c.R.URL.Path + "?" + q.Encode()
}

// place names a region or a country; "" is "not known".
func (s *Service) place(ctx context.Context, code string) string {
	if code == "" {
		return locale.T(ctx, "death.unknown")
	}
	return s.Shelf.Book().PlaceName(code, locale.Lang(ctx))
}

// sourceOf names the source of a chart, and says where its figures are made up.
func sourceOf(ctx context.Context, key string, synthetic bool) string {
	s := locale.T(ctx, key)
	if synthetic {
		s += " – " + locale.T(ctx, "death.synthetic")
	}
	return s
}

// syntheticWord marks a made-up record in a list.
func syntheticWord(ctx context.Context, synthetic bool) string {
	if synthetic {
		return locale.T(ctx, "death.synthetic")
	}
	return ""
}

// drugName names a code of the TDI drug list; "" is a drug that it has no code for.
func drugName(ctx context.Context, code string) string {
	if code == "" {
		return locale.T(ctx, "death.drug.none")
	}
	return tdi.Label(locale.Lang(ctx), "tdi_drug", code)
}

// label names a code of a list; "" stays empty.
func label(ctx context.Context, list, code string) string {
	if code == "" {
		return ""
	}
	return codelist.Label(locale.Lang(ctx), list, code)
}

// options are the codes of a list, with an empty one in front.
func options(c *web.Ctx, list string) []ui.Option {
	out := []ui.Option{{Label: c.T("death.choose")}}
	for _, code := range codelist.Values(list) {
		out = append(out, ui.Option{Value: code.Code, Label: code.Name.In(c.Lang())})
	}
	return out
}

// regions are those of the centre's own country, with an empty one in front.
func (s *Service) regions(c *web.Ctx) []ui.Option {
	out := []ui.Option{{Label: c.T("death.choose")}}
	for _, r := range s.Shelf.Book().Regions(s.Home) {
		out = append(out, ui.Option{Value: r.Code, Label: r.Name.In(c.Lang())})
	}
	ui.ByName(c.Context(), out[1:])
	return out
}

// drugOptions are the lines of the TDI drug list, with an empty one in front.
func drugOptions(c *web.Ctx) []ui.Option {
	out := []ui.Option{{Label: c.T("death.choose")}}
	for _, code := range tdi.Drugs.Codes {
		if code != "99" && code != "none" {
			out = append(out, ui.Option{Value: code, Label: code + " " + drugName(c.Context(), code)})
		}
	}
	return out
}

// download writes a protected table as a file. It is an act of its own, so that the journal knows what left.
func (s *Service) download(c *web.Ctx, name, title string, header []string, rows [][]any) error {
	format := c.Query("format")
	err := s.W.Do(c.Context(), c.Actor, access.IndicatorRead, func(_ context.Context, tx *change.Tx) error {
		tx.Subject("export", name, c.Actor.OrgID, map[string]any{"format": format, "rows": len(rows)})
		return nil
	})
	if err != nil {
		return err
	}
	all := iter.Seq2[[]any, error](func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	})
	name += "-" + s.today().String() + "." + format
	foreign := c.Lang() != baqylau.English
	if format == "xlsx" {
		c.Download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name)
		_, err = export.XLSX(c.Context(), c.W, title, header, all)
	} else {
		c.Download("text/csv; charset=utf-8", name)
		_, err = export.CSV(c.Context(), c.W, header, all, export.Options{BOM: true, Semicolon: foreign, DecimalComma: foreign})
	}
	if err != nil {
		c.Abort(err)
	}
	return nil
}

// wanted reports whether the page is asked for as a file.
func wanted(c *web.Ctx) bool { return c.Query("format") == "csv" || c.Query("format") == "xlsx" }

func itoa(n int) string { return strconv.Itoa(n) }

// percent is a share as SVG writes it.
func percent(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) + "%" }
