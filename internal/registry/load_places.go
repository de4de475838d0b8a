package registry

import (
	"context"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

func (b *Book) loadPlaces(ctx context.Context, db bun.IDB) error {
	countries, err := all[countryRow](ctx, db, "code")
	if err != nil {
		return err
	}
	for _, r := range countries {
		b.countries = append(b.countries, Country{Code: r.Code, Name: baqylau.ParseText(r.Name)})
	}
	regions, err := all[regionRow](ctx, db, "code")
	if err != nil {
		return err
	}
	b.regions, b.byRegion = make([]Region, len(regions)), make(map[string]*Region, 2*len(regions))
	for i, r := range regions {
		b.regions[i] = Region{Code: r.Code, Country: r.Country, Kind: r.Kind, Name: baqylau.ParseText(r.Name), FormerCode: r.FormerCode,
			Outside: r.Outside, From: day(r.ValidFrom), To: day(r.ValidTo), Outline: r.Outline}
		b.byRegion[r.Code] = &b.regions[i]
	}
	for i := range b.regions { // after all present codes, which win
		if r := &b.regions[i]; r.FormerCode != "" && b.byRegion[r.FormerCode] == nil {
			b.byRegion[r.FormerCode] = r
		}
	}
	periods, err := all[periodRow](ctx, db, "region, from_on IS NOT NULL, from_on")
	if err != nil {
		return err
	}
	b.periods = map[string][]Period{}
	for _, r := range periods {
		b.periods[r.Region] = append(b.periods[r.Region], Period{Region: r.Region, From: day(r.FromOn), To: day(r.ToOn), Name: baqylau.ParseText(r.Name),
			Territory: strings.Split(r.Territory, "|"), Event: r.Event, Verified: r.Verified, Source: r.Source})
	}
	people, err := all[populationRow](ctx, db, "region, year")
	if err != nil {
		return err
	}
	b.population = map[string][]Population{}
	for _, r := range people {
		b.population[r.Region] = append(b.population[r.Region], Population{Year: r.Year, Persons: r.Persons, Source: r.Source})
	}
	if err := b.indexPlaces(); err != nil {
		return err
	}
	b.prepareOutlines()
	return nil
}
