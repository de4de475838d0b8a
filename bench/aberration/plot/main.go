// Command plot draws what each detector of package aberration says about salmonella.agona, the weekly counts of England and Wales from
// 1990 to 1995: one SVG for each, for docs/methods/aberration.md. It is readable without colour: counts are bars, the expected count is
// dashed, the bound is a line, alarms are triangles.
//
//	go run ./bench/aberration/plot -series aberration/casefile/testdata/ears_agona_c1.json -to docs/methods/aberration
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/aberration/casefile"
)

func main() {
	series := flag.String("series", "aberration/casefile/testdata/ears_agona_c1.json", "a case that holds the series")
	to := flag.String("to", "docs/methods/aberration", "folder for the drawings")
	flag.Parse()
	if err := draw(*series, *to); err != nil {
		log.Fatal(err)
	}
}

func draw(series, to string) error {
	raw, err := os.ReadFile(series)
	if err != nil {
		return err
	}
	c, err := casefile.Decode(raw)
	if err != nil {
		return err
	}
	c.Series.Population = make([]float64, len(c.Series.Counts)) // for the chart of positives among those tested; the others do not look at it
	for i := range c.Series.Population {
		c.Series.Population[i] = 100
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	for _, p := range panels(c.Series.Counts) {
		rs := aberration.Range(nil, p.detector, &c.Series, p.first, len(c.Series.Counts)-1, nil)
		if err := os.WriteFile(filepath.Join(to, p.file+".svg"), p.svg(c.Series.Counts, rs), 0o600); err != nil {
			return err
		}
	}
	return nil
}
