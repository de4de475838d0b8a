package intake

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// targetOptions offers what the rows of a file may become, reports first: the targets that this node has and the person may fill. nil when there is no choice.
func (s *Service) targetOptions(c *web.Ctx) []ui.Option {
	out := []ui.Option{{Value: "", Label: c.T("mapping.target.report")}}
	for _, t := range mapping.Targets() {
		if room, ok := s.Targets[t.Name]; ok && access.Check(c.Actor, room.Act()) == nil {
			out = append(out, ui.Option{Value: t.Name, Label: locale.Capital(targetName(c.Context(), t.Name))})
		}
	}
	if len(out) == 1 {
		return nil
	}
	return out
}

// targetFields is the fields of a target as a form offers them, after those that every target has.
func targetFields(t mapping.Target) []mapping.TargetField {
	common := []mapping.TargetField{{Name: "key", Kind: mapping.KindText}, {Name: "known", Kind: mapping.KindDate}}
	return append(common, t.Fields...)
}

// columnChoices is what a column may become: parts of a report, or fields of the target.
func columnChoices(ctx context.Context, target string) []ui.Option {
	out := []ui.Option{{Value: "", Label: locale.T(ctx, "mapping.to.none")}}
	t, ok := mapping.TargetNamed(target)
	if !ok {
		for _, name := range columnTargets {
			out = append(out, ui.Option{Value: name, Label: locale.T(ctx, "mapping.to."+name)})
		}
		return out
	}
	for _, f := range targetFields(t) {
		out = append(out, ui.Option{Value: f.Name, Label: fieldName(ctx, t.Name, strings.TrimSuffix(f.Name, ".*"))})
	}
	return out
}

// columnAsks says whether a column that becomes a field asks for formats of dates, and whether its words may be translated by a table.
func columnAsks(target, to string) (dated, coded bool) {
	t, ok := mapping.TargetNamed(target)
	if !ok {
		return to == "occurred" || to == "known", slices.Contains(codedTargets, to)
	}
	f, ok := t.Field(to)
	if !ok { // breakdown.*
		return false, strings.HasSuffix(to, ".*")
	}
	switch f.Kind {
	case mapping.KindDate:
		return true, false
	case mapping.KindPeriod, mapping.KindPerson, mapping.KindNumber, mapping.KindCount, mapping.KindNotes:
		return false, false
	}
	return false, true
}

// suggestFields proposes a field for each column whose title is the field's name in one of the languages, or in files.
func suggestFields(v url.Values, t mapping.Target, head []string) {
	names := map[string]string{}
	for _, f := range targetFields(t) {
		names[locale.Fold(f.Name)] = f.Name
		for _, l := range baqylau.Langs {
			if key := "target." + t.Name + "." + f.Name; locale.Has(key) {
				names[locale.Fold(locale.TIn(l, key))] = f.Name
			}
		}
	}
	taken := map[string]bool{}
	for i, title := range head {
		at := strconv.Itoa(i)
		for _, name := range []string{"to-", "formats-", "codes-", "word-", "code-"} {
			v.Del(name + at)
		}
		if f := names[locale.Fold(title)]; f != "" && !taken[f] {
			v.Set("to-"+at, f)
			taken[f] = true
		}
	}
}

// fromTargetForm is the mapping that the form says for a target: a column for a field, and lines "field = value" for what is the same in all rows.
func fromTargetForm(v url.Values, t mapping.Target, head []string, m *mapping.Mapping) *mapping.Mapping {
	m.Target = t.Name
	for i, title := range head {
		at := strconv.Itoa(i)
		to := strings.TrimSpace(v.Get("to-" + at))
		column := strings.TrimSpace(title)
		if column == "" {
			column = "#" + strconv.Itoa(i+1)
		}
		if family, many := strings.CutSuffix(to, "*"); many {
			to = family + slug(column)
		}
		if _, ok := t.Field(to); !ok {
			continue
		}
		p := mapping.Pick{Column: column}
		if dated, coded := columnAsks(t.Name, to); dated {
			p.Formats = formatList(v.Get("formats-" + at))
		} else if coded {
			if p.Codes = codeLines(v.Get("codes-" + at)); p.Codes != nil {
				p.Unknown = mapping.Keep // what the table lacks may be the target's own word
			}
		}
		f := m.Fields[to]
		f.Picks = append(f.Picks, p)
		m.Fields[to] = f
	}
	for name, value := range codeLines(v.Get("constants")) {
		if _, ok := t.Field(name); ok && value != "" {
			f := m.Fields[name]
			f.Picks = append(f.Picks, mapping.Pick{Value: value})
			m.Fields[name] = f
		}
	}
	return m
}

// slug makes a name of a title: letters and digits, the rest as underscores.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && (r < 0x400 || r >= 0x530) })
	return strings.Join(words, "_")
}

func formatList(s string) (list []string) {
	for f := range strings.SplitSeq(s, ",") {
		if f = strings.TrimSpace(f); f != "" {
			list = append(list, f)
		}
	}
	return list
}

// targetFaults says the faults of a mapping for a target in the words of the form.
func targetFaults(c *web.Ctx, t mapping.Target, es baqylau.Errors) error {
	var out baqylau.Errors
	for _, e := range es {
		name, field := strings.CutPrefix(e.Field, "fields.")
		switch {
		case e.Field == "name":
			out = append(out, baqylau.E(baqylau.Invalid, "error.required").On("name"))
		case field && e.Key == "import.mapping.missing":
			out = append(out, baqylau.E(baqylau.Invalid, "mapping.no_field", "Field", fieldName(c.Context(), t.Name, name)).On("columns"))
		default:
			out = append(out, baqylau.E(baqylau.Invalid, "mapping.part", "Field", e.Field).On("columns"))
		}
	}
	return out
}

// constantHelp names the fields that a line of constants may fill.
func constantHelp(ctx context.Context, target string) string {
	t, _ := mapping.TargetNamed(target)
	var names []string
	for _, f := range t.Fields {
		names = append(names, f.Name)
	}
	return locale.T(ctx, "mapping.constants.help", "Fields", strings.Join(names, ", "))
}

// targetName is what people call the rows of a target.
func targetName(ctx context.Context, target string) string {
	if key := "target." + target; locale.Has(key) {
		return locale.T(ctx, key)
	}
	return target
}
