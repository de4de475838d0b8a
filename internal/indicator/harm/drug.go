package harm

import (
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/registry"
)

// drugOf gives the TDI code of a substance of the registry, by its preferred name, or of a family.
var drugOf = struct{ substance, family map[string]string }{map[string]string{}, map[string]string{}}

func init() {
	f, err := data.FS.Open("indicators/drug-of.csv")
	if err != nil {
		panic(err) // compiled in and tested
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(fmt.Errorf("drug-of.csv: %w", err))
	}
	for _, line := range lines[1:] {
		if line[0] != "" {
			drugOf.substance[line[0]] = line[2]
		} else {
			drugOf.family[line[1]] = line[2]
		}
	}
}

// drugOfFamily is the code of the closest family that has one, "" if none has.
func drugOfFamily(book *registry.Book, code string) string {
	for _, f := range book.Ancestors(code) {
		if d := drugOf.family[f]; d != "" {
			return d
		}
	}
	return ""
}

// drugOfSubstance is the code of the TDI drug list for a substance of the registry, "" if the list has none for it.
func drugOfSubstance(book *registry.Book, s *registry.Substance) string {
	if d := drugOf.substance[s.Name]; d != "" {
		return d
	}
	for _, f := range s.Families {
		if d := drugOfFamily(book, f); d != "" {
			return d
		}
	}
	return ""
}

// Recognise turns what a certificate or a toxicologist names into substances of one role. What is not recognised is kept as it is written; a name that may mean several things too, for it is not
// guessed which.
func Recognise(book *registry.Book, text string, role death.Role) []death.Substance {
	var out []death.Substance
	seen := map[string]bool{}
	add := func(s death.Substance) {
		if key := s.ID + "/" + s.Name; !seen[key] {
			seen[key] = true
			s.Role = role
			out = append(out, s)
		}
	}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ';' || r == '|' }) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if s, ok := book.ByName(part); ok {
			add(death.Substance{ID: s.ID, Name: part, Drug: drugOfSubstance(book, s), NPS: s.Watch && s.WatchReason == "new_psychoactive"})
			continue
		}
		res := book.Recognise(part)
		for _, f := range res.Findings {
			if s, ok := book.Substance(f.Key); ok {
				add(death.Substance{ID: s.ID, Name: f.Matched, Drug: drugOfSubstance(book, s), NPS: s.Watch && s.WatchReason == "new_psychoactive"})
			} else {
				add(death.Substance{Name: f.Matched, Drug: drugOfFamily(book, f.Key)})
			}
		}
		for _, u := range res.Unidentified {
			add(death.Substance{Name: u.Matched})
		}
		for _, q := range res.Questions {
			add(death.Substance{Name: q.Matched})
		}
		if len(res.Findings)+len(res.Unidentified)+len(res.Questions) == 0 {
			add(death.Substance{Name: part})
		}
	}
	return out
}
