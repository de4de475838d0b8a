package locale

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// placeholder is the only action a message may hold: no conditions, no functions, so that a translator cannot break a page.
var placeholder = regexp.MustCompile(`\{\{\s*\.([A-Za-z][A-Za-z0-9_]*)\s*\}\}`)

// parsed is a message cut once into texts and placeholder names: texts[0] names[0] texts[1] … texts[len(names)].
type parsed struct{ texts, names []string }

func parse(src string) (*parsed, error) {
	p := &parsed{}
	at := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(src, -1) {
		p.texts = append(p.texts, src[at:m[0]])
		p.names = append(p.names, upperFirst(src[m[2]:m[3]]))
		at = m[1]
	}
	p.texts = append(p.texts, src[at:])
	for _, t := range p.texts {
		if strings.Contains(t, "{{") || strings.Contains(t, "}}") {
			return nil, fmt.Errorf("only {{.Name}} may stand between double braces: %q", src)
		}
	}
	return p, nil
}

// Execute fills the placeholders from a values; it makes parsed a go-i18n template. An argument that the code forgot shows
// as ⟦Name⟧ and is recorded like an unknown key.
func (p *parsed) Execute(data any) (string, error) {
	if len(p.names) == 0 {
		return p.texts[0], nil
	}
	v := data.(values)
	var b strings.Builder
	for i, name := range p.names {
		b.WriteString(p.texts[i])
		b.WriteString(v.get(name))
	}
	b.WriteString(p.texts[len(p.names)])
	return b.String(), nil
}

// cached lets go-i18n use parse and keep its result.
type cached struct{}

func (cached) Cacheable() bool { return true }
func (cached) Parse(src, _, _ string) (template.ParsedTemplate, error) {
	return parse(src)
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || unicode.IsUpper(r) {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// Capital begins a heading or a sentence with a capital letter, unless it begins with a prefix that chemistry writes small ("n-", "α-"):
// names of substances and codes are written small in Kazakh and Russian.
func Capital(s string) string {
	if r := []rune(s); len(r) < 2 || !unicode.IsLower(r[1]) || unicode.Is(unicode.Greek, r[0]) {
		return s
	}
	return upperFirst(s)
}
