package intake_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// A slip in an IIN would make a pseudonym of nobody, so an impossible one is refused; the number of a foreign document is taken as it is.
func TestAnImpossiblePersonalNumberIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		h.Pseudonym = func(_ baqylau.Domain, n string) string { return "p" + n }
		send := func(number string) error {
			_, err := h.Submit(ctx, h.hospital, intake.Submission{PersonID: number, Incoming: intake.Incoming{Kind: intake.AcuteIntoxication, Channel: "api",
				Occurred: h.day, Region: "KZ-75", Text: "отравление мефедроном " + number}})
			return err
		}
		for number, story := range map[string]string{
			"870101300128":    "a man born in 1987",
			"870101-300 128":  "written with a hyphen and a space",
			"870230300127":    "", // no such day
			"040229501242":    "", // control digit
			"870101300182":    "", // two digits swapped
			"123456789012":    "", // what the stranger typed
			"000000000000":    "", // every digit weighs nothing
			"450101500123":    "", // not born yet
			"870101700120":    "", // no such century
			"AB1234567":       "a foreign passport",
			"4510 123456":     "a passport of ten digits",
			"30101876543210":  "a foreign number of fourteen digits",
			"N12345678901":    "twelve characters that are not all digits",
			"870101 300 12-8": "many gaps",
		} {
			err := send(number)
			if story != "" && err != nil {
				t.Errorf("%s, %s: %v", number, story, err)
			}
			if story == "" && (baqylau.CodeOf(err) != baqylau.Invalid || strings.Contains(err.Error(), number)) {
				t.Errorf("%s: %v", number, err)
			}
		}
		before := h.count(t, h.hospital)
		v := h.visitor(t, h.hospital)
		form := url.Values{"occurred_on": {h.day.String()}, "region": {"KZ-75"}, "text": {"отравление мефедроном"}, "person_id": {"123456789012"}}
		for lang, words := range map[baqylau.Lang]string{baqylau.Kazakh: "Мұндай ЖСН", baqylau.Russian: "Такого ИИН", baqylau.English: "No IIN is like this"} {
			v.lang = lang
			if page := v.refused("/reports/new/acute_intoxication", form); !strings.Contains(page, words) {
				t.Errorf("the form does not say in %s what is wrong", lang)
			}
		}
		if h.count(t, h.hospital) != before {
			t.Error("a refused report was kept")
		}
		abroad := &intake.Service{W: h.W, Shelf: h.Shelf, Home: "UZ", Pseudonym: h.Pseudonym}
		if _, err := abroad.Submit(ctx, h.hospital, intake.Submission{PersonID: "123456789012", Incoming: intake.Incoming{Kind: intake.AcuteIntoxication, Channel: "api", Occurred: h.day, Text: "x, мефедрон"}}); err != nil {
			t.Errorf("a centre of another country has its own numbers: %v", err)
		}
	})
}
