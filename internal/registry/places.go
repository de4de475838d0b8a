package registry

import (
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

// Region returns the region with that code, present or former (KZ-ALM).
func (b *Book) Region(code string) (*Region, bool) {
	r, ok := b.byRegion[code]
	return r, ok
}

// Regions lists the regions of a country in order of their code.
func (b *Book) Regions(country string) []Region {
	var list []Region
	for _, r := range b.regions {
		if r.Country == country {
			list = append(list, r)
		}
	}
	return list
}

// Countries lists the countries and outside territories that facts refer to.
func (b *Book) Countries() []Country { return b.countries }

// Country returns the country with that code.
func (b *Book) Country(code string) (*Country, bool) {
	i := slices.IndexFunc(b.countries, func(c Country) bool { return c.Code == code })
	if i < 0 {
		return nil, false
	}
	return &b.countries[i], true
}

// PlaceName is the name of a region or country code in a language; an unknown code is returned as it is.
func (b *Book) PlaceName(code string, l baqylau.Lang) string {
	if r, ok := b.byRegion[code]; ok {
		return r.Name.In(l)
	}
	if c, ok := b.Country(code); ok {
		return c.Name.In(l)
	}
	return code
}

// Periods lists the times in which a region had another name or territory, oldest first.
func (b *Book) Periods(code string) []Period { return b.periods[code] }

// Predecessors lists the regions whose territory a region was cut from, with the day.
func (b *Book) Predecessors(code string) map[string]baqylau.Date {
	found := map[string]baqylau.Date{}
	for region, list := range b.periods {
		for _, p := range list {
			if region != code && slices.Contains(p.Territory, code) && !p.To.IsZero() {
				found[region] = p.To.AddDays(1)
			}
		}
	}
	return found
}

// Population lists the yearly figures of a region or country code, oldest first.
func (b *Book) Population(code string) []Population { return b.population[code] }

// PopulationIn returns the figure for a year, else the latest before it, else the first after it; ok is false when there is none.
func (b *Book) PopulationIn(code string, year int) (p Population, ok bool) {
	list := b.population[code]
	if len(list) == 0 {
		return p, false
	}
	i, exact := slices.BinarySearchFunc(list, year, func(p Population, y int) int { return p.Year - y })
	if !exact && i > 0 {
		i--
	}
	return list[i], true
}

// RegionByName finds the region of a country that a text names by code, by its name in any language, with or without the words
// for region and city, or by a former name. A bare name that a city and a region share means the city.
func (b *Book) RegionByName(country, name string) (*Region, bool) {
	if r, ok := b.byRegion[strings.ToUpper(strings.TrimSpace(name))]; ok && r.Country == country {
		return r, true
	}
	bare, kind := bareName(name)
	p, ok := b.places[country+":"+bare]
	if !ok {
		return nil, false
	}
	code := p.city
	if kind == "region" && p.region != "" || code == "" {
		code = p.region
	}
	r, ok := b.byRegion[code]
	return r, ok
}

// place holds the codes that share a bare name.
type place struct{ city, region string }

// kindWords are the words for kinds of regions as locale.Fold leaves them.
var kindWords = map[string]string{
	"облысы": "region", "облыс": "region", "область": "region", "области": "region", "обл": "region", "region": "region", "oblast": "region",
	"province": "region", "облусу": "region", "виляты": "region", "велаяты": "region", "вилояти": "region", "велаят": "region",
	"каласы": "city", "кала": "city", "город": "city", "г": "city", "гор": "city", "city": "city", "к": "city", "шаары": "city",
	"округи": "county", "округ": "county", "county": "county",
}

// bareName folds a place name and takes off the word for its kind.
func bareName(name string) (bare, kind string) {
	name, _, _ = strings.Cut(name, "(")
	var kept []string
	for _, w := range strings.Fields(locale.Fold(strings.ReplaceAll(name, ".", ". "))) {
		if k, ok := kindWords[w]; ok {
			kind = k
			continue
		}
		kept = append(kept, w)
	}
	return strings.Join(kept, ""), kind
}

// indexPlaces fills the index of names.
func (b *Book) indexPlaces() {
	b.places = map[string]place{}
	add := func(r *Region, t baqylau.Text, former bool) {
		for _, name := range []string{t.KK, t.RU, t.EN} {
			bare, _ := bareName(name)
			if bare == "" {
				continue
			}
			p := b.places[r.Country+":"+bare]
			slot := &p.region
			if r.Kind == "city" {
				slot = &p.city
			}
			if *slot == "" || !former {
				*slot = r.Code
			}
			b.places[r.Country+":"+bare] = p
		}
	}
	for i := range b.regions {
		add(&b.regions[i], b.regions[i].Name, false)
	}
	for i := range b.regions {
		for _, p := range b.periods[b.regions[i].Code] {
			add(&b.regions[i], p.Name, true)
		}
	}
}
