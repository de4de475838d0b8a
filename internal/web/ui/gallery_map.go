package ui

import (
	"context"
	"encoding/json"
	"math"
	"sync"

	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/locale"
)

// sampleCountry is the real outline and the real names of Kazakhstan's regions; the figures on it are invented.
var sampleCountry = sync.OnceValues(func() (*Outlines, []map[string]any) {
	raw, err := data.FS.ReadFile("geo/kz-regions-lowres.geojson")
	if err != nil {
		panic(err) // embedded
	}
	var fc struct {
		Features []struct {
			Properties map[string]any `json:"properties"`
		} `json:"features"`
	}
	outlines, err := ParseOutlines(raw, "iso_3166_2", nil)
	if err == nil {
		err = json.Unmarshal(raw, &fc)
	}
	if err != nil {
		panic(err) // embedded and tested
	}
	props := make([]map[string]any, len(fc.Features))
	for i, f := range fc.Features {
		props[i] = f.Properties
	}
	return outlines, props
})

func sampleMap(ctx context.Context) Map {
	outlines, regions := sampleCountry()
	m := Map{
		ID: "regions", Outlines: outlines, Decimals: 1, Top: 8, Zoom: true,
		Summary: say(ctx, "Өңірлер бойынша 100 000 адамға шаққандағы жағдайлар, ең көбі Қарағандыда", "Случаи на 100 000 по регионам, больше всего в Карагандинской области", "Cases per 100,000 by region, most in Karaganda"),
		NoData:  say(ctx, "дерек жоқ", "нет данных", "no data"),
		Caption: Caption{Source: say(ctx, "14 аурухана", "14 больниц", "14 hospitals"), Period: say(ctx, "4 апта", "4 недели", "4 weeks"), AsOf: "25.11.2026", N: 219},
	}
	invented := []float64{0.4, 0.7, math.NaN(), 1.1, 0.3, 0.5, 0.8, 0.6, 3.1, 0.9, math.NaN(), 0.2, 0.9, 0.4, 1.3, 1.5, 0.7, 1.7, 2.4, 1.2}
	for i, p := range regions {
		name, _ := p["name_"+string(locale.Lang(ctx))].(string)
		id, _ := p["iso_3166_2"].(string)
		m.Areas = append(m.Areas, Area{ID: id, Name: name, Href: "#", Value: invented[i%len(invented)]})
	}
	return m
}
