package registry

import (
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

// readNames gathers every name; of two equal ones the first counts, so the files come in the order of their trust.
func (s *seeder) readNames(sh *shipped, known map[string]string) error {
	add := func(substance, family, text string, lang baqylau.Lang, t NameType, edit func(*nameRow)) {
		if text = strings.TrimSpace(text); text == "" {
			return
		}
		n := nameRow{Family: family, Text: text, Fold: locale.Fold(text), Lang: string(lang), Type: string(t),
			Confidence: string(baqylau.Confirmed), Shipped: true}
		if substance != "" {
			id, ok := known[substance]
			if !ok {
				n.Family = firstOf(sh.classes[substance], other) // a class among the candidates of a street name
			} else {
				n.SubstanceID = id
			}
		}
		if edit != nil {
			edit(&n)
		}
		n.ID = shippedID("name:" + n.SubstanceID + n.Family + ":" + n.Lang + ":" + text)
		sh.names = append(sh.names, n)
	}
	from := func(source string) func(*nameRow) { return func(n *nameRow) { n.Source = source } }
	for _, name := range sh.order {
		add(name, "", name, "", Common, from(sh.rows[name].Source))
	}
	if err := s.streetNames(add); err != nil {
		return err
	}
	if err := s.translatedNames(add); err != nil {
		return err
	}
	return s.otherNames(sh, add)
}

type addName func(substance, family, text string, lang baqylau.Lang, t NameType, edit func(*nameRow))

// confidences reads the words of the street-name files.
var confidences = map[string]baqylau.Confidence{"low": baqylau.Suspected, "medium": baqylau.Probable, "high": baqylau.Confirmed}

func (s *seeder) streetNames(add addName) error {
	lines, err := rows(s.fsys, "substances/street-names.csv")
	if err != nil {
		return err
	}
	for _, r := range lines {
		add(r["substance"], r["family"], r["name"], baqylau.Lang(r["lang"]), Street, func(n *nameRow) {
			n.Region, n.Ambiguous, n.Source = r["region"], r["ambiguous"] == "yes", r["source"]
			n.FromOn, n.Confidence = isoDay(r["seen"]), string(confidences[r["confidence"]])
		})
	}
	if lines, err = rows(s.fsys, "substances/recognition/questions.csv"); err != nil {
		return err
	}
	for _, r := range lines {
		for _, candidate := range r.list("candidates") {
			add(candidate, "", r["name"], baqylau.Lang(r["lang"]), Street, func(n *nameRow) {
				n.Region, n.Ambiguous, n.Source = r["region"], true, "recognition-questions"
				n.FromOn, n.Confidence = isoDay(r["date"]), string(confidences[r["confidence"]])
			})
		}
	}
	return nil
}

func (s *seeder) translatedNames(add addName) error {
	lines, err := rows(s.fsys, "substances/names-kk-ru.csv")
	if err != nil {
		return err
	}
	for _, r := range lines {
		source := func(n *nameRow) { n.Source = "names-kk-ru.csv: " + r["status"] }
		add(r["preferred_name"], "", r["name_kk"], baqylau.Kazakh, Common, source)
		add(r["preferred_name"], "", r["name_ru"], baqylau.Russian, Common, source)
		for _, n := range r.list("synonyms_ru") {
			add(r["preferred_name"], "", n, baqylau.Russian, Common, source)
		}
	}
	return nil
}

// otherNames reads the spellings collected for recognition, and the synonyms of the sources.
func (s *seeder) otherNames(sh *shipped, add addName) error {
	lines, err := rows(s.fsys, "substances/recognition/names.csv")
	if err != nil {
		return err
	}
	for _, r := range lines {
		if strings.Contains(r["substance"], "|") {
			continue // several substances at once: known to recognition only
		}
		t := Common
		switch r["kind"] {
		case "abbreviation":
			t = guessType(r["name"])
		case "street":
			t = Street
		}
		add(r["substance"], "", r["name"], baqylau.Lang(r["lang"]), t, func(n *nameRow) { n.Source = "recognition-names" })
	}
	shared, err := columns(s.fsys, "substances/substances-ambiguous-names.csv", "name", "substances")
	if err != nil {
		return err
	}
	for _, file := range []string{"substances.csv", "additions.csv", "recognition/substances.csv"} {
		lines, err := rows(s.fsys, "substances/"+file)
		if err != nil {
			return err
		}
		for _, r := range lines {
			if sh.rows[r["preferred_name"]] == nil {
				continue // stands for a class
			}
			for _, n := range append(r.list("synonyms"), r.list("names")...) {
				add(r["preferred_name"], "", n, scriptLang(n), guessType(n), func(x *nameRow) { x.Ambiguous, x.Source = shared[n] != "", r["sources"] })
			}
		}
	}
	return nil
}

// isoDay is a day, month or year as a stored day.
func isoDay(s string) string {
	d, _, err := baqylau.ParseDate(s)
	if err != nil {
		return ""
	}
	return d.String()
}

// scriptLang is the language of a name from a source that does not tell it: Cyrillic names there are Russian.
func scriptLang(s string) baqylau.Lang {
	for _, r := range s {
		if r >= 'А' && r <= 'я' {
			return baqylau.Russian
		}
	}
	return ""
}
