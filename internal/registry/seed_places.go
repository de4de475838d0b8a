package registry

import (
	"context"
	"encoding/json"
	"io/fs"
	"strconv"

	"github.com/baqylau/baqylau"
)

// connecticut is the outside territory of the demonstration.
const connecticut = "US-CT"

// places loads countries, regions with outlines, their history and population, and the counties of the demonstration.
func (s *seeder) places(ctx context.Context) error {
	for _, load := range []func(context.Context) error{s.countries, s.regions, s.counties, s.periods, s.population} {
		if err := load(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) countries(ctx context.Context) error {
	lines, err := rows(s.fsys, "geo/countries.csv")
	if err != nil {
		return err
	}
	list := []countryRow{{Code: connecticut, Name: baqylau.Text{KK: "Коннектикут (АҚШ)", RU: "Коннектикут (США)", EN: "Connecticut (USA)"}.JSON()}}
	for _, r := range lines {
		list = append(list, countryRow{Code: r["code"], Name: text(r).JSON()})
	}
	return insert(ctx, s, list)
}

func (s *seeder) regions(ctx context.Context) error {
	lines, err := rows(s.fsys, "geo/regions.csv")
	if err != nil {
		return err
	}
	outlines, err := outlines(s.fsys, "geo/central-asia-regions.geojson")
	if err != nil {
		return err
	}
	var list []regionRow
	for _, r := range lines {
		list = append(list, regionRow{Code: r["code"], Country: r["country"], Kind: r["type"], Name: text(r).JSON(),
			FormerCode: r["code_before_2022"], ValidFrom: r["valid_from"], ValidTo: r["valid_to"], Outline: outlines[r["code"]]})
	}
	return insert(ctx, s, list)
}

func (s *seeder) counties(ctx context.Context) error {
	lines, err := rows(s.fsys, "demo/connecticut-counties.csv")
	if err != nil {
		return err
	}
	outlines, err := outlines(s.fsys, "demo/connecticut-counties.geojson")
	if err != nil {
		return err
	}
	var list []regionRow
	var people []populationRow
	for _, r := range lines {
		list = append(list, regionRow{Code: r["code"], Country: connecticut, Kind: "county", Name: text(r).JSON(), Outside: true,
			ValidFrom: r["valid_from"], ValidTo: r["valid_to"], Outline: outlines[r["code"]]})
		n, err := strconv.ParseInt(r["population_2020"], 10, 64)
		if err != nil {
			return err
		}
		people = append(people, populationRow{Region: r["code"], Year: 2020, Persons: n, Source: r["source"]})
	}
	total := populationRow{Region: connecticut, Year: 2020, Source: "sum_of_counties"}
	for _, p := range people {
		total.Persons += p.Persons
	}
	if err := insert(ctx, s, list); err != nil {
		return err
	}
	return renew(ctx, s, append(people, total), "region, year", "source")
}

func (s *seeder) periods(ctx context.Context) error {
	lines, err := rows(s.fsys, "geo/region-history.csv")
	if err != nil {
		return err
	}
	var list []periodRow
	for _, r := range lines {
		list = append(list, periodRow{ID: shippedID("period:" + r["code"] + ":" + r["valid_from"]), Region: r["code"], FromOn: r["valid_from"],
			ToOn: r["valid_to"], Name: text(r).JSON(), Territory: r["territory"], Event: r["event"], Verified: r["verified"] == "yes", Source: r["source"]})
	}
	return renew(ctx, s, list, "id", "source")
}

func (s *seeder) population(ctx context.Context) error {
	lines, err := rows(s.fsys, "geo/kz-population.csv")
	if err != nil {
		return err
	}
	var list []populationRow
	for _, r := range lines {
		year, err := strconv.Atoi(r["year"])
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(r["population_1jan"], 10, 64)
		if err != nil {
			return err
		}
		list = append(list, populationRow{Region: r["iso_3166_2"], Year: year, Persons: n, Source: "national_statistics"})
	}
	return renew(ctx, s, list, "region, year", "source")
}

// outlines reads the geometries of a GeoJSON collection by feature id.
func outlines(fsys fs.FS, name string) (map[string]string, error) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	var c struct {
		Features []struct {
			ID       string          `json:"id"`
			Geometry json.RawMessage `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, err
	}
	out := make(map[string]string, len(c.Features))
	for _, f := range c.Features {
		out[f.ID] = string(f.Geometry)
	}
	return out, nil
}
