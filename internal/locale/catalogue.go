package locale

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/baqylau/baqylau"
)

//go:embed messages/*.toml
var files embed.FS

// catalogue is every message of every room, ready to use. go-i18n reads the files and knows the plural rules; plain messages
// are kept parsed in a map besides, since a page asks for hundreds of them.
type catalogue struct {
	plain     map[baqylau.Lang]map[string]*parsed
	plurals   map[baqylau.Lang]map[string]*i18n.Message
	localizer map[baqylau.Lang]*i18n.Localizer
}

var messages, errLoad = load()

// load reads all files. What can be read is served even when a file is faulty; the error lists every fault and fails the
// tests and, through Check, the start of the process.
func load() (*catalogue, error) {
	bundle := i18n.NewBundle(language.Kazakh)
	bundle.RegisterUnmarshalFunc("toml", unmarshalTOML)
	c := &catalogue{
		plain:     map[baqylau.Lang]map[string]*parsed{},
		plurals:   map[baqylau.Lang]map[string]*i18n.Message{},
		localizer: map[baqylau.Lang]*i18n.Localizer{},
	}
	for _, l := range baqylau.Langs {
		c.plain[l], c.plurals[l] = map[string]*parsed{}, map[string]*i18n.Message{}
	}
	names, err := files.ReadDir("messages")
	faults := []error{err}
	for _, f := range names {
		faults = append(faults, c.add(bundle, path.Join("messages", f.Name())))
	}
	for _, l := range baqylau.Langs {
		c.localizer[l] = i18n.NewLocalizer(bundle, string(l))
	}
	return c, errors.Join(faults...)
}

func (c *catalogue) add(bundle *i18n.Bundle, name string) error {
	parts := strings.Split(path.Base(name), ".")
	if len(parts) != 3 {
		return fmt.Errorf("%s: the name must be <room>.<language>.toml", name)
	}
	l, ok := baqylau.ParseLang(parts[1])
	if !ok {
		return fmt.Errorf("%s: unknown language %q", name, parts[1])
	}
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	file, err := bundle.ParseMessageFileBytes(data, name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var faults []error
	for _, m := range file.Messages {
		if c.plain[l][m.ID] != nil || c.plurals[l][m.ID] != nil {
			faults = append(faults, fmt.Errorf("%s: %q is also in another file", name, m.ID))
			continue
		}
		for _, form := range forms(m) {
			if _, err := parse(form.text); err != nil {
				faults = append(faults, fmt.Errorf("%s: %s: %w", name, m.ID, err))
			}
		}
		if m.One != "" || m.Few != "" || m.Many != "" {
			c.plurals[l][m.ID] = m
		} else if p, err := parse(m.Other); err == nil {
			c.plain[l][m.ID] = p
		}
	}
	return errors.Join(faults...)
}

type form struct{ name, text string }

// forms lists the plural forms that a message has; a plain message has only other.
func forms(m *i18n.Message) (fs []form) {
	for _, f := range []form{{"one", m.One}, {"few", m.Few}, {"many", m.Many}, {"other", m.Other}} {
		if f.text != "" {
			fs = append(fs, f)
		}
	}
	return fs
}

// Check tells what is wrong with the embedded message files, nil when nothing is. The process calls it at start.
func Check() error { return errLoad }

// Has reports whether the key exists in every language.
func Has(key string) bool {
	for _, l := range baqylau.Langs {
		if messages.plain[l][key] == nil && messages.plurals[l][key] == nil {
			return false
		}
	}
	return true
}
