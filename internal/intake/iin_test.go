package intake_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
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
				Occurred: h.day, Region: "KZ-75", Text: "отравление мефедроном"}})
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
		personsInTexts(t, h)
	})
}

// personsInTexts tells that a number that names a person is taken in its own field only, where it is turned into a code; in a text it would be kept and read by everybody who reads the report.
func personsInTexts(t *testing.T, h *house) {
	incoming := func(kind intake.Kind, text string) intake.Submission {
		return intake.Submission{Incoming: intake.Incoming{Kind: kind, Channel: "api", Occurred: h.day, Region: "KZ-75", Text: text}}
	}
	fields := func(err error) (out []string) {
		var es baqylau.Errors
		if errors.As(err, &es) {
			for _, e := range es {
				out = append(out, e.Field+" "+e.Key)
			}
		}
		return out
	}
	for text, person := range map[string]bool{
		"пациент 870101300128, мефедрон":                    true,
		"мефедрон, ИИН870101-300128.":                       true,
		"мефедрон, принят 25 870101 300 12-8":               true,
		"мефедрон, 87 01 01 30 01 28":                       true,
		"мефедрон, дело 870101300127":                       false, // control digit
		"мефедрон, дело 871301300120":                       false, // no such day
		"мефедрон, ЕРДР 215500031000123":                    false, // fifteen digits
		"мефедрон, штрихкод 4870101300128":                  false, // thirteen
		"мефедрон, тел. +7 701 123 45 67, 25.11.2026 12:30": false,
		"мефедрон, 870101 и 300128":                         false,
	} {
		_, err := h.Submit(ctx, h.hospital, incoming(intake.AcuteIntoxication, text))
		if person && (!slices.Equal(fields(err), []string{"text report.iin.move"}) || strings.Contains(err.Error(), "0128")) {
			t.Errorf("%q: %v", text, err)
		}
		if !person && err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	sub := incoming(intake.Seizure, "мефедрон")
	sub.Detail.Packaging, sub.Detail.SampleRef = "пакет на имя 870101300128", "870101300128"
	if _, err := h.Submit(ctx, h.police, sub); !slices.Equal(fields(err), []string{"packaging report.iin.remove"}) {
		t.Errorf("a seizure: %v", err)
	}
	sub = incoming(intake.Tip, "соль у 870101300128")
	if _, err := h.Submit(ctx, access.Anyone(baqylau.Kazakh), sub); !slices.Equal(fields(err), []string{"text report.iin.remove"}) {
		t.Errorf("a tip: %v", err)
	}
	rec, err := h.Submit(ctx, h.hospital, incoming(intake.AcuteIntoxication, "отравление мефедроном"))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Step(ctx, h.officer, rec.ReportID, "ask", "Это 870101300128?"); baqylau.CodeOf(err) != baqylau.Invalid {
		t.Errorf("a question to the sender: %v", err)
	}
	v := h.visitor(t, h.hospital)
	for lang, words := range map[baqylau.Lang]string{baqylau.Kazakh: "адамның ЖСН-і", baqylau.Russian: "записан ИИН человека", baqylau.English: "The personal number (IIN) of somebody"} {
		v.lang = lang
		if page := v.refused("/reports/new/acute_intoxication", url.Values{"occurred_on": {h.day.String()}, "region": {"KZ-75"}, "text": {"мефедрон, 870101300128"}}); !strings.Contains(page, words) {
			t.Errorf("the form does not say in %s what is wrong", lang)
		}
	}
	shownBack(t, h)
	importedPersons(t, h)
	var kept int
	if err := h.W.DB.Read.NewRaw(`SELECT (SELECT count(*) FROM report WHERE text LIKE ?0 OR detail LIKE ?0) + (SELECT count(*) FROM batch_row WHERE record LIKE ?0 OR problems LIKE ?0)
			+ (SELECT count(*) FROM report_event WHERE text LIKE ?0) + (SELECT count(*) FROM audit_entry WHERE detail LIKE ?0)`, "%870101300128%").Scan(ctx, &kept); err != nil || kept != 1 { // the barcode
		t.Errorf("a personal number is kept in %d places, %v", kept, err)
	}
}

// shownBack is a refused form: neither the number in its own field nor one in a text comes back, whatever else is wrong, and each field says so; the number of a sample stays.
func shownBack(t *testing.T, h *house) {
	v := h.visitor(t, h.hospital)
	for lang, words := range map[baqylau.Lang][2]string{baqylau.Kazakh: {"тағы бір рет жазыңыз", "жұлдызшалармен"}, baqylau.Russian: {"впишите его ещё раз", "звёздочками"}, baqylau.English: {"write it again", "Asterisks already stand"}} {
		v.lang = lang
		page := v.refused("/reports/new/acute_intoxication", url.Values{"occurred_on": {""}, "region": {"KZ-75"}, "person_id": {"870101300128"}, "clinical_features": {"кома, ИИН 870101-300128"},
			"text": {"мефедрон"}, "sample_ref": {"650101300121"}})
		for _, s := range []string{words[0], words[1], "кома, ИИН ******-******", "мефедрон", "650101300121"} {
			if !strings.Contains(page, s) {
				t.Errorf("the form in %s does not show %q", lang, s)
			}
		}
		if strings.Contains(page, "300128") {
			t.Errorf("the form in %s shows the number of a person", lang)
		}
	}
	v.lang = baqylau.Russian
	if page := v.refused("/reports/new/acute_intoxication", url.Values{"occurred_on": {h.day.String()}, "region": {"KZ-75"}, "text": {"мефедрон"}, "person_id": {"870101300127"}}); strings.Contains(page, "870101300127") {
		t.Error("a mistyped number comes back")
	}
}

// importedPersons is a table of the police with the number of a person in a text that is kept, and in a column that is not.
func importedPersons(t *testing.T, h *house) {
	file := "Номер;Дата;Область;Масса;Вещество;ИИН\r\nP-1;20.11.2026;г. Алматы;1,5;мефедрон у 870101300128;870101300128\r\nP-2;20.11.2026;г. Алматы;1,5;мефедрон;870101300128\r\nP-3;31.11.2026;г. Алматы;1,5;мефедрон;870101300128\r\n"
	b := h.stage(t, h.police, "persons.csv", seizures, []byte(file))
	if b.Good != 1 || b.Bad != 2 {
		t.Fatalf("%d good, %d bad", b.Good, b.Bad)
	}
	v := h.visitor(t, h.police)
	v.lang = baqylau.Russian
	if page := v.see("/imports/"+b.ID, "Строка 2, столбец «Вещество»: в тексте записан ИИН человека"); strings.Contains(page, "0128") {
		t.Error("the page shows the number")
	}
	if back := v.do(httptestGet("/imports/" + b.ID + "/rejects.csv")).Body.String(); !strings.Contains(back, "мефедрон у ************") || strings.Contains(back, "0128") {
		t.Errorf("what goes back:\n%s", back)
	}
	before := h.count(t, h.police)
	if h.take(t, h.police, b, true); h.count(t, h.police) != before+1 {
		t.Error("the row without a number in its text was not taken alone")
	}
}
