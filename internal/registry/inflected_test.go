package registry

import (
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
)

// The street names of mephedrone are recognised in every case; its page shows each word once, in the form a dictionary has, and no word goes with another one.
func TestEachStreetNameStandsOnce(t *testing.T) {
	var names []Name
	for lang, list := range map[baqylau.Lang]string{
		baqylau.Russian: "мел меф мефедроша мефка мука мяу мяу-мяу солевой солей соли соли_для_ванн соль соль_для_ванн солью соляга",
		baqylau.Kazakh:  "тұз тұзбен тұзда тұздан тұздар тұзды тұздың тұзын тұзға ұнтақ",
	} {
		for _, w := range strings.Fields(list) {
			names = append(names, Name{Lang: lang, Text: strings.ReplaceAll(w, "_", " ")})
		}
	}
	names = append(names, Name{Lang: baqylau.Russian, Region: "KZ-75", Text: "соли"}) // which is said there; elsewhere it may be another's word
	var got []string
	for _, w := range asWords(names) {
		line := w.Text
		for _, f := range w.forms {
			line += " " + f.Text
		}
		got = append(got, line)
	}
	slices.Sort(got)
	want := []string{"мел", "меф", "мефедроша", "мефка", "мука", "мяу", "мяу-мяу", "соли", "солевой", "соль солей соли солью", "соль для ванн соли для ванн", "соляга", "тұз тұзбен тұзда тұздан тұздар тұзды тұздың тұзын тұзға", "ұнтақ"}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}
