// Command generate writes records at the size of a country to standard output, and the mapping that reads them to a file. See package national.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/baqylau/baqylau/bench/national"
)

func main() {
	rows := flag.Int("rows", 1_000_000, "number of occurrences")
	seed := flag.Uint64("seed", 1, "the same seed gives the same records")
	mapping := flag.String("mapping", "", "where to write the mapping; nowhere if empty")
	flag.Parse()
	if *mapping != "" {
		if err := os.WriteFile(*mapping, []byte(national.Mapping), 0o600); err != nil {
			log.Fatal(err)
		}
	}
	if err := national.Write(os.Stdout, *rows, *seed); err != nil {
		log.Fatal(err)
	}
}
