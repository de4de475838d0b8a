package indicator

import (
	"context"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// room is the entry of the navigation.
const room = "/indicators"

// exploreView is the page of one indicator.
type exploreView struct {
	Picture
	book    *registry.Book
	query   url.Values
	today   baqylau.Date
	actor   access.Actor
	with    *Picture // another indicator beside it
	pyramid *ui.Pyramid
	breaks  []define.Break
	options []ui.NavItem // countries that have figures
}

func (s *Service) showIndicator(c *web.Ctx) error {
	ind, ok := define.Current().Indicator(c.Path("code"))
	if !ok {
		return baqylau.E(baqylau.NotFound, "error.not_found")
	}
	ctx, q := c.Context(), c.R.URL.Query()
	v := exploreView{book: s.Shelf.Book(), query: q, today: change.Today(c.Now()), actor: c.Actor}
	day := dayAsked(q.Get("as_of"), v.today)
	country := q.Get("country")
	if _, known := v.book.Country(country); !known {
		country = s.Home
	}
	codes := []string{ind.Code}
	other, both := define.Current().Indicator(q.Get("with"))
	if both && other.Code != ind.Code {
		codes = append(codes, other.Code)
	}
	hidden, err := s.protected(ctx, c.Actor, country, day, codes...)
	if err != nil {
		return err
	}
	if v.Picture, err = s.picture(ctx, ind, country, q, day, hidden); err != nil {
		return err
	}
	if format := c.Query("format"); format == "csv" || format == "xlsx" {
		return s.export(c, &v.Picture, format)
	}
	if len(codes) > 1 {
		p, err := s.picture(ctx, other, country, q, day, hidden)
		if err != nil {
			return err
		}
		v.with = &p
	}
	if v.pyramid, err = s.pyramidOf(ctx, &v.Picture, hidden); err != nil {
		return err
	}
	if v.options, err = s.countries(ctx, ind.Code, country, q); err != nil {
		return err
	}
	v.breaks = v.breaksOf()
	return c.Render(web.Page{Title: ind.Name.In(c.Lang()), Room: room, Body: v.page(), AsOf: c.T("ui.chart.as_of", "date", locale.Date(ctx, day))})
}

// dayAsked reads the day of an "as of", today where none is asked or it lies ahead.
func dayAsked(s string, today baqylau.Date) baqylau.Date {
	d, p, err := baqylau.ParseDate(s)
	if err != nil || p != baqylau.Day || d.IsZero() || d.After(today) {
		return today
	}
	return d
}

// picture reads what a question asks of an indicator.
func (s *Service) picture(ctx context.Context, ind *define.Indicator, country string, q url.Values, day baqylau.Date, hidden map[string]bool) (Picture, error) {
	all, err := keep(ctx, s, "facets", ind.Code, country, day.String(), func() ([]facet, error) { return facets(ctx, s.W.DB.Read, ind.Code, country, day) })
	if err != nil {
		return Picture{}, err
	}
	sel := selected(ind, country, all, q, day)
	if len(all) == 0 {
		return Picture{Selection: sel}, nil
	}
	found, err := Find(ctx, s.W.DB.Read, sel.question())
	if err != nil {
		return Picture{}, err
	}
	choices, err := Choices(ctx, s.W.DB.Read, cellsOf(found), day)
	if err != nil {
		return Picture{}, err
	}
	p := arrange(sel, found, choices, hidden)
	if p.PerPeople {
		p.perPeople(s.Shelf.Book().PopulationIn)
	}
	return p, nil
}

// cellsOf are the cells of figures, each once.
func cellsOf(found []Observation) []string {
	seen := map[string]bool{}
	for i := range found {
		seen[found[i].Cell()] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// perPeople turns counts into rates per 100,000 inhabitants of the place, or of the regions that were added up, by the population of the year or the nearest known one before it. Counts of one
// sex or age band have no rate: the registry knows all inhabitants only.
func (p *Picture) perPeople(population func(place string, year int) (registry.Population, bool)) {
	const base = 100_000
	for i := range p.Lines {
		for j := range p.Lines[i].Points {
			pt := &p.Lines[i].Points[j]
			if pt.Shown == nil {
				continue
			}
			places := pt.places
			if pt.Summed == 0 {
				places = []string{pt.Shown.Place}
			}
			people, year := 0.0, pt.Shown.End.Time().Year()
			for _, place := range places {
				n, ok := population(place, year)
				if !ok || n.Persons <= 0 || n.Year > year {
					people = math.NaN()
				}
				people += float64(n.Persons)
			}
			if pt.Shown.Sex != AllSexes || pt.Shown.Age != AllAges {
				people = math.NaN()
			}
			rate := base / people
			pt.Value, pt.Low, pt.High = pt.Value*rate, pt.Low*rate, pt.High*rate
		}
	}
}

// countries are those that have figures of an indicator.
func (s *Service) countries(ctx context.Context, code, country string, q url.Values) ([]ui.NavItem, error) {
	book := s.Shelf.Book()
	found, err := s.countriesWith(ctx, "o.indicator = ? AND ", code)
	if err != nil {
		return nil, err
	}
	if len(found) < 2 {
		return nil, nil
	}
	locale.Sort(locale.Lang(ctx), found, func(k string) string { return book.PlaceName(k, locale.Lang(ctx)) })
	var out []ui.NavItem
	for _, k := range found {
		keep := url.Values{"country": {k}}
		for _, n := range []string{"per", "as_of", "with"} {
			if q.Get(n) != "" {
				keep.Set(n, q.Get(n))
			}
		}
		item := ui.NavItem{Label: book.PlaceName(k, locale.Lang(ctx)), Href: room + "/" + code + "?" + keep.Encode(), Current: k == country}
		if k == s.Home {
			out = slices.Insert(out, 0, item)
		} else {
			out = append(out, item)
		}
	}
	return out, nil
}

// countriesWith are the codes of the countries that have a visible figure which fulfils a condition, in the order of the registry. One question asks for all: on PostgreSQL the way there costs
// more than the answer.
func (s *Service) countriesWith(ctx context.Context, condition string, args ...any) (out []string, err error) {
	defer baqylau.Wrap(&err, "indicator.countriesWith")
	countries := s.Shelf.Book().Countries()
	if len(countries) == 0 {
		return nil, nil
	}
	var asked []any
	for _, k := range countries {
		asked = append(asked, k.Code)
	}
	var has []string
	values := strings.TrimSuffix(strings.Repeat("(?), ", len(countries)), ", ")
	if err := s.W.DB.Read.NewRaw("SELECT column1 FROM (VALUES "+values+") v WHERE EXISTS (SELECT 1 FROM observation o WHERE "+condition+"o.country = column1 AND "+revealed("o")+")", append(asked, args...)...).Scan(ctx, &has); err != nil {
		return nil, err
	}
	for _, k := range countries {
		if slices.Contains(has, k.Code) {
			out = append(out, k.Code)
		}
	}
	return out, nil
}

// breaksOf are the days within the picture on which its series do not go on: those of the catalogue, and changes of the territory of a place that is shown.
func (v *exploreView) breaksOf() []define.Break {
	out := slices.Clone(define.Current().Breaks(v.Indicator.Code, v.Country, v.Country))
	if place := v.Dim(dimPlace); place != nil && !v.Summed {
		for _, code := range place.Chosen {
			for _, p := range v.book.Periods(code) {
				if !p.From.IsZero() {
					out = append(out, define.Break{Place: code, On: p.From})
				}
			}
		}
	}
	return out
}

// marksOf are the breaks of the chart, each at the first period behind it; what breaks on one day is told at once.
func (v exploreView) marksOf(ctx context.Context, p *Picture) []ui.Break {
	places := map[int][]string{}
	var out []ui.Break
	for _, b := range v.breaks {
		at := slices.IndexFunc(p.Periods, func(period string) bool { return period >= b.On.String()[:len(period)] })
		if at <= 0 {
			continue
		}
		if b.Reason.In(locale.Lang(ctx)) != "" {
			if p.Indicator.Code == v.Indicator.Code {
				out = append(out, ui.Break{Before: at, Reason: b.Reason.In(locale.Lang(ctx))})
			}
			continue
		}
		places[at] = append(places[at], v.book.PlaceName(b.Place, locale.Lang(ctx)))
	}
	for at, names := range places {
		slices.Sort(names)
		out = append(out, ui.Break{Before: at, Reason: locale.T(ctx, "indicator.break.territory", "Places", joined(slices.Compact(names)))})
	}
	slices.SortFunc(out, func(a, b ui.Break) int { return a.Before - b.Before })
	return out
}

func joined(names []string) string {
	s := ""
	for i, n := range names {
		if i > 0 {
			s += ", "
		}
		s += n
	}
	return s
}

// address is this page with parameters changed.
func (v exploreView) address(set ...string) string {
	q := url.Values{}
	for k, list := range v.query {
		if k != "lang" && k != "format" {
			q[k] = slices.Clone(list)
		}
	}
	for i := 0; i+1 < len(set); i += 2 {
		if q.Del(set[i]); set[i+1] != "" {
			q.Set(set[i], set[i+1])
		}
	}
	a := room + "/" + v.Indicator.Code
	if len(q) > 0 {
		a += "?" + q.Encode()
	}
	return a
}

// cellHref leads to everything said about one cell.
func (v exploreView) cellHref(o *Observation) string {
	if v.Day != v.today {
		return o.href() + "&as_of=" + v.Day.String()
	}
	return o.href()
}

// href is the page of everything said about a figure's cell.
func (o *Observation) href() string {
	return room + "/" + o.Indicator + "/figure?" + url.Values{"cell": {o.Cell()}}.Encode()
}

// pyramidOf draws ages and sexes of the latest year that has both; nil where there are none.
func (s *Service) pyramidOf(ctx context.Context, p *Picture, hidden map[string]bool) (*ui.Pyramid, error) {
	sex, age := p.Dim(dimSex), p.Dim(dimAge)
	if sex == nil || !slices.Contains(sex.Options, "male") || !slices.Contains(sex.Options, "female") {
		return nil, nil
	}
	bands := parts(dimAge, p.Country, age.Options)
	if len(bands) < 3 || p.Split == dimPlace || p.Summed {
		return nil, nil
	}
	q := p.question()
	q.Sexes, q.Ages = []string{"male", "female"}, bands
	q.Drugs = p.Dim(dimDrug).Chosen[:1]
	found, err := Find(ctx, s.W.DB.Read, q)
	if err != nil {
		return nil, err
	}
	year := 0
	for i := range found {
		year = max(year, found[i].End.Time().Year())
	}
	if year == 0 {
		return nil, nil
	}
	choices, err := Choices(ctx, s.W.DB.Read, cellsOf(found), p.Day)
	if err != nil {
		return nil, err
	}
	said := map[[2]string][]Observation{}
	for _, o := range found {
		if o.End.Time().Year() == year {
			said[[2]string{o.Sex, o.Age}] = append(said[[2]string{o.Sex, o.Age}], o)
		}
	}
	side := func(sex, age string) (float64, string) {
		pt := point(said[[2]string{sex, age}], p.Indicator, years, choices, hidden)
		if pt.Shown == nil || !math.IsNaN(pt.Value) {
			return pt.Value, ""
		}
		return pt.Value, pt.Shown.valueWords(ctx, pt.Hidden)
	}
	out := &ui.Pyramid{ID: "pyramid", Axis: dimName(ctx, dimAge), Left: locale.T(ctx, "indicator.sex.male"), Right: locale.T(ctx, "indicator.sex.female"), Decimals: p.Indicator.Decimals(),
		Summary: locale.T(ctx, "indicator.pyramid.summary", "What", p.Indicator.Name.In(locale.Lang(ctx)), "Year", strconv.Itoa(year)), Caption: ui.Caption{Period: strconv.Itoa(year), N: -1}}
	for _, b := range bands {
		band := ui.PyramidBand{Name: valueName(ctx, nil, dimAge, b)}
		band.Left, band.LeftWords = side("male", b)
		band.Right, band.RightWords = side("female", b)
		out.Bands = append(out.Bands, band)
	}
	return out, nil
}

// noFigures says that there is nothing to show, and why.
func (v exploreView) noFigures(ctx context.Context) ui.Empty {
	e := ui.Empty{Title: locale.T(ctx, "indicator.none"), Text: locale.T(ctx, "indicator.none.text", "Place", v.book.PlaceName(v.Country, locale.Lang(ctx)))}
	if access.May(v.actor, access.IndicatorWrite) {
		e.Act = ui.Submit(ui.Button{Label: locale.T(ctx, "indicator.enter"), Href: "/observations/new?indicator=" + v.Indicator.Code})
	}
	return e
}
