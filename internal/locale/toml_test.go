package locale

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/baqylau/baqylau"
)

func TestTOML(t *testing.T) {
	var v any
	err := unmarshalTOML([]byte("\uFEFF# c\r\n\"ui.save\" = \"Сақтау \\\"x\\\" \\u20B8\" # check\nui.bare = 'a \\ b'\n[\"ui.rows\"]\none=\"1\"\nother = \"n\"\n"), &v)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"ui.save": `Сақтау "x" ₸`, "ui.bare": `a \ b`, "ui.rows": map[string]any{"one": "1", "other": "n"}}
	if diff := cmp.Diff(any(want), v); diff != "" {
		t.Error(diff)
	}
}

func TestTOMLRefuses(t *testing.T) {
	for _, bad := range []string{`a = 1`, `a "x"`, `"a" = "x`, `"a" = "x" y`, `= "x"`, `"a" = """x"""`, `["a"`, `["a"] x`, "\"a\" = 'x",
		"\"a\" = \"1\"\n\"a\" = \"2\"", "[\"a\"]\n[\"a\"]", `"a" = "\q"`,
		"[\"a\"]\none = \"1\"\n\"b.c\" = \"x\"", "[\"a\"]\nzero = \"0\""} {
		var v any
		if err := unmarshalTOML([]byte("# one\n"+bad), &v); err == nil || !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzTOML(f *testing.F) {
	f.Add("\"a\" = \"x\"\n[\"b\"]\none = 'y' # c")
	f.Fuzz(func(t *testing.T, s string) {
		var v any
		if unmarshalTOML([]byte(s), &v) == nil && v == nil {
			t.Error("neither a result nor an error")
		}
	})
}

func TestTemplateRefuses(t *testing.T) {
	for _, bad := range []string{"{{", "}}", "{{.A | html}}", "{{if .A}}x{{end}}", "{{A}}", "{{.}}"} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// testCatalogue is a catalogue of messages given as files, one per language.
func testCatalogue(t *testing.T, texts map[string]string) *catalogue {
	t.Helper()
	bundle := i18n.NewBundle(language.Kazakh)
	bundle.RegisterUnmarshalFunc("toml", unmarshalTOML)
	c := &catalogue{
		plain:     maps.Clone(messages.plain),
		plurals:   map[baqylau.Lang]map[string]*i18n.Message{},
		localizer: map[baqylau.Lang]*i18n.Localizer{},
	}
	for _, l := range baqylau.Langs {
		file, err := bundle.ParseMessageFileBytes([]byte(texts[string(l)]), "x."+string(l)+".toml")
		if err != nil {
			t.Fatal(err)
		}
		c.plurals[l] = map[string]*i18n.Message{}
		for _, m := range file.Messages {
			c.plurals[l][m.ID] = m
		}
		c.localizer[l] = i18n.NewLocalizer(bundle, string(l))
	}
	return c
}
