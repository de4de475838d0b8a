package intake

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau/internal/intake/mapping"
)

// columnTargets are what a column of a file may become, in the order of the choice: fields of an occurrence, ways to name substances, and a column
// handed on as it is.
var columnTargets = append(slices.DeleteFunc(slices.Clone(mapping.FieldNames), func(f string) bool { return f == "kind" }),
	"substance.text", "substance.name", "substance.list", "substance.flag", "extra")

// codedTargets are the fields whose values the source may write in its own words, translated by lines "theirs = ours".
var codedTargets = []string{"region", "place_type", "form", "unit", "sex", "outcome", "substance.name", "substance.list"}

// toForm writes a mapping as the values of the form, as far as the form can say it: one column per field and no conditions.
func toForm(m *mapping.Mapping, head []string) url.Values {
	v := url.Values{"name": {m.Name}, "decimal": {m.File.Decimal}, "encoding": {m.File.Encoding}, "delimiter": {m.File.Delimiter}, "sheet": {m.File.Sheet}}
	if p := m.Fields["kind"].Picks; len(p) > 0 {
		v.Set("kind", p[0].Value)
	}
	if p := m.Fields["unit"].Picks; len(p) > 0 {
		v.Set("unit", p[0].Value)
	}
	for i, title := range head {
		name := strings.TrimSpace(title)
		at := strconv.Itoa(i)
		for field, f := range m.Fields {
			for _, p := range f.Picks {
				if p.Column == name && name != "" {
					v.Set("to-"+at, field)
					v.Set("formats-"+at, strings.Join(p.Formats, ", "))
				}
			}
		}
		for _, sub := range m.Substances {
			if sub.Column == name && name != "" {
				v.Set("to-"+at, "substance."+string(sub.As))
				v.Set("separator", sub.Separator)
			}
		}
	}
	return v
}

// fromForm is the mapping that the form says.
func fromForm(v url.Values, head []string, source string) *mapping.Mapping {
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	m := &mapping.Mapping{Name: get("name"), Source: source, Fields: map[string]mapping.Field{}, Codes: map[string]map[string]string{}}
	m.File = mapping.File{Decimal: get("decimal"), Encoding: get("encoding"), Delimiter: v.Get("delimiter"), Sheet: get("sheet")}
	if t, ok := mapping.TargetNamed(get("target")); ok {
		return fromTargetForm(v, t, head, m)
	}
	constant := func(field, value string) {
		if value != "" {
			m.Fields[field] = mapping.Field{Picks: []mapping.Pick{{Value: value}}}
		}
	}
	constant("kind", get("kind"))
	level := mapping.Field{}
	if l := get("level"); l != "" {
		level.Picks = []mapping.Pick{{Value: l}}
	}
	for i, title := range head {
		at := strconv.Itoa(i)
		to := get("to-" + at)
		column := strings.TrimSpace(title)
		if column == "" {
			column = "#" + strconv.Itoa(i+1)
		}
		codes := codeLines(v.Get("codes-" + at))
		if to == "region" || codedLists[to] != "" {
			for word, code := range chosenCodes(v, at) {
				if _, ok := codes[word]; ok || to == "region" && code == "" { // a region that nobody has chosen is looked up by its name
					continue
				}
				if codes == nil {
					codes = map[string]string{}
				}
				codes[word] = code
			}
		}
		as, substance := strings.CutPrefix(to, "substance.")
		switch {
		case to == "" || !slices.Contains(columnTargets, to):
		case to == "extra":
			m.Extra = append(m.Extra, column)
		case substance:
			sub := mapping.Substance{Column: column, As: mapping.As(as), Level: level}
			switch sub.As {
			case mapping.List:
				sub.Separator = cmp.Or(get("separator"), ";")
				sub.Codes = codes
			case mapping.Name:
				sub.Codes = codes
			case mapping.Flag:
				sub.Name, sub.Unknown = column, mapping.AsNote
			}
			if sub.Codes != nil {
				sub.Unknown = mapping.Keep
			}
			m.Substances = append(m.Substances, sub)
		default:
			p := mapping.Pick{Column: column, Codes: codes}
			if codes != nil && to == "region" { // what nobody has chosen a region for is a name, to be looked up
				p.Unknown = mapping.Ignore
			}
			if to == "occurred" || to == "known" {
				p.Formats = formatList(v.Get("formats-" + at))
			}
			f := m.Fields[to]
			f.Picks = append(f.Picks, p)
			if p.Unknown == mapping.Ignore {
				f.Picks = append(f.Picks, mapping.Pick{Column: column})
			}
			f.Required = to == "key" || to == "occurred"
			m.Fields[to] = f
		}
	}
	if _, ok := m.Fields["key"]; !ok { // without a reference of the source's own, the content of the row is one
		m.Fields["key"] = mapping.Field{Picks: []mapping.Pick{{Digest: true}}}
	}
	if _, ok := m.Fields["unit"]; !ok {
		constant("unit", get("unit"))
	}
	if _, ok := m.Fields["known"]; !ok && get("known") == "same_day" {
		days := 0
		m.Fields["known"] = mapping.Field{Picks: []mapping.Pick{{AfterDays: &days}}}
	}
	return m
}

// codeLines reads lines "theirs = ours"; nil when there are none.
func codeLines(s string) map[string]string {
	var codes map[string]string
	for l := range strings.Lines(s) {
		theirs, ours, ok := strings.Cut(l, "=")
		if theirs = strings.TrimSpace(theirs); !ok || theirs == "" {
			continue
		}
		if codes == nil {
			codes = map[string]string{}
		}
		codes[theirs] = strings.TrimSpace(ours)
	}
	return codes
}
