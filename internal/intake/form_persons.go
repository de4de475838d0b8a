package intake

import (
	"maps"
	"slices"
	"strings"

	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// withoutPersons is a refused form as it is shown back: the screen may be seen by others, and a page that came back lies in the browser's memory. The number in its
// own field is left out, an IIN in a text is blackened, and each is said at its field.
func (s *Service) withoutPersons(c *web.Ctx, kind Kind, f *web.Form, lines []ui.FieldError) (*web.Form, []ui.FieldError) {
	back, today := &web.Form{Values: map[string][]string{}}, change.Today(c.Now())
	say := func(field, key, otherwise string) {
		for i := range lines {
			if lines[i].Field == field {
				lines[i].Text += " " + c.T(key)
				return
			}
		}
		lines = append(lines, ui.FieldError{Field: field, Text: strings.TrimSpace(otherwise + " " + c.T(key))})
	}
	for _, name := range slices.Sorted(maps.Keys(f.Values)) {
		back.Values[name] = f.Values[name]
		switch text := f.Get(name); {
		case text == "" || name == "sample_ref": // numbers of samples are no numbers of persons
		case name == "person_id":
			back.Values[name] = nil
			say(name, "report.iin.again", "")
		case holdsIIN(text, s.Home, today):
			back.Values[name] = []string{withoutIIN(text, s.Home, today)}
			say(name, "report.iin.blackened", c.T(iinKey(kind)))
		}
	}
	return back, lines
}

// iinKey is what is said of an IIN in a free text: a report about persons has a field for it.
func iinKey(kind Kind) string {
	if kind.AboutPersons() {
		return "report.iin.move"
	}
	return "report.iin.remove"
}
