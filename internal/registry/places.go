package registry

import (
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
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
// for region and city, by an abbreviation, or by a former name. A bare name that a city and a region share ("Алматы") means neither, unless
// column, the title of the column it stands in, says that its values are cities.
func (b *Book) RegionByName(country, name, column string) (*Region, bool) {
	if r, ok := b.byRegion[strings.ToUpper(strings.TrimSpace(name))]; ok && r.Country == country {
		return r, true
	}
	bare, kind := bareName(name)
	if kind == "" {
		if _, k := bareName(column); k == "city" {
			kind = k
		}
	}
	p := b.places[country+":"+bare]
	switch {
	case kind == "city" && p.city != "", kind == "" && p.region == "":
		return b.Region(p.city)
	case kind == "" && p.city != "":
		return nil, false // both
	}
	return b.Region(p.region) // a city lies in the region of its name
}

// SharedName reports whether a city and a region of a country share a name, so that the bare name means neither.
func (b *Book) SharedName(country, name string) bool {
	bare, _ := bareName(name)
	p := b.places[country+":"+bare]
	return p.city != "" && p.region != ""
}

// place holds the codes that share a bare name.
type place struct{ city, region string }

// kindWords are the words for kinds of regions as locale.Fold leaves them.
var kindWords = map[string]string{
	"облысы": "region", "облыс": "region", "область": "region", "области": "region", "обл": "region", "region": "region", "oblast": "region", "obl": "region",
	"province": "region", "облусу": "region", "виляты": "region", "велаяты": "region", "вилояти": "region", "велаят": "region", "уалаяты": "region",
	"oblysy": "region", "oblusu": "region", "viloyati": "region", "vilayat": "region", "velayat": "region", "welayaty": "region", "welayat": "region",
	"республика": "region", "республикасы": "region", "republic": "region", "respublikasi": "region", "respublikasy": "region",
	"каласы": "city", "кала": "city", "город": "city", "города": "city", "г": "city", "гор": "city", "city": "city", "к": "city", "шаары": "city",
	"шахри": "city", "shahri": "city", "qalasy": "city", "qala": "city", "shaary": "city", "gorod": "city", "saheri": "city",
	"округи": "county", "округ": "county", "county": "county",
}

// qualifiers are words that a name may have or lack without being another one.
var qualifiers = map[string]bool{"автономная": true, "автономиялы": true, "autonomous": true, "мухтори": true, "of": true}

// bareName folds a place name and takes off the word for its kind. What stands in brackets tells the kind only: "Osh (city)".
func bareName(name string) (bare, kind string) {
	name, remark, _ := strings.Cut(name, "(")
	var kept []string
	words := strings.Fields(locale.Fold(strings.ReplaceAll(name, ".", ". ")))
	for i, w := range append(words, strings.Fields(locale.Fold(strings.Trim(remark, " )")))...) {
		if k, ok := kindWords[w]; ok {
			kind = k
			continue
		}
		if i < len(words) && !qualifiers[w] {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, ""), kind
}

// indexPlaces fills the index of names: those of the registry, then the spellings that are shipped, then former names.
func (b *Book) indexPlaces() error {
	b.places = map[string]place{}
	add := func(r *Region, name string) {
		bare, _ := bareName(name)
		if bare == "" {
			return
		}
		p := b.places[r.Country+":"+bare]
		slot := &p.region
		if r.Kind == "city" {
			slot = &p.city
		}
		if *slot == "" {
			*slot = r.Code
		}
		b.places[r.Country+":"+bare] = p
	}
	for i := range b.regions {
		r := &b.regions[i]
		for _, name := range []string{r.Name.KK, r.Name.RU, r.Name.EN} {
			add(r, name)
		}
	}
	for _, file := range []struct{ name, column string }{{"geo/regions.csv", "name_local"}, {"geo/region-names.csv", "names"}} {
		lines, err := rows(data.FS, file.name)
		if err != nil {
			return err
		}
		for _, line := range lines {
			r := b.byRegion[line["code"]]
			if r == nil {
				continue // removed by the centre
			}
			for _, name := range line.list(file.column) {
				add(r, name)
			}
		}
	}
	for i := range b.regions {
		for _, p := range b.periods[b.regions[i].Code] {
			for _, name := range []string{p.Name.KK, p.Name.RU, p.Name.EN} {
				add(&b.regions[i], name)
			}
		}
	}
	return nil
}
