package rules_test

import (
	"fmt"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/signal/rules"
)

// A substance marked new is news on the first day of data; an ordinary one is remembered quietly.
func Example() {
	state := rules.New(rules.Options{})
	day := baqylau.MustDate("2026-11-25")
	step, err := state.Advance(day.Week().Sunday(), []rules.Event{
		{OccurrenceID: "1", KnownOn: day, Country: "KZ", Region: "KZ-75", Substance: rules.Substance{Name: "Protonitazene", New: true}, Fatal: true},
		{OccurrenceID: "2", KnownOn: day, Country: "KZ", Region: "KZ-75", Substance: rules.Substance{Name: "Heroin"}, Fatal: true},
	})
	for _, c := range step.Raised {
		fmt.Println(c.RaisedOn, c.Type, c.Substance.Name, c.Explanation[0].Key, err)
	}
	// Output: 2026-11-29 first_country Protonitazene rules.first_country <nil>
}
