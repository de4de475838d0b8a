package locale

import (
	"context"
	"slices"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"github.com/baqylau/baqylau"
)

// T is the message with the given key in the language of ctx; args are name, value pairs for its placeholders. Values of the
// vocabulary (Text, Date, Week), times and fractions are written in that language; strings and whole numbers as they are.
// An unknown key shows as ⟦key⟧ and is listed by Missing.
func T(ctx context.Context, key string, args ...any) string {
	p := messages.plain[Lang(ctx)][key]
	if p == nil {
		return missing(key)
	}
	s, _ := p.Execute(values{ctx, key, args}) // filling never fails
	return s
}

// TIn is T in language l, for letters to several people and for documents.
func TIn(l baqylau.Lang, key string, args ...any) string {
	return T(With(context.Background(), l), key, args...)
}

// N is the message with the given key in the plural form that count needs; {{.Count}} is count with its digits grouped.
func N(ctx context.Context, key string, count int, args ...any) string {
	l := Lang(ctx)
	if messages.plurals[l][key] == nil {
		return missing(key)
	}
	s, err := messages.localizer[l].Localize(&i18n.LocalizeConfig{
		MessageID:      key,
		PluralCount:    max(count, -count), // the rules speak of absolute values
		TemplateData:   values{ctx, key, append([]any{"Count", Int(ctx, count)}, args...)},
		TemplateParser: cached{},
	})
	if err != nil {
		return missing(key)
	}
	return s
}

// Code is the name of a value of a code list, the message "code.<list>.<value>"; "" has the empty name.
func Code(ctx context.Context, list, value string) string {
	if value == "" {
		return ""
	}
	return T(ctx, "code."+list+"."+value)
}

var asked struct {
	sync.Mutex
	keys []string
}

// mostMissing bounds the list, since a key may be made from what a person sent.
const mostMissing = 1000

func missing(key string) string {
	asked.Lock()
	defer asked.Unlock()
	if len(asked.keys) < mostMissing && !slices.Contains(asked.keys, key) {
		asked.keys = append(asked.keys, key)
	}
	return "⟦" + key + "⟧"
}

// Missing lists the unknown keys and forgotten placeholders met since the process began, in the order of their first use.
// A test that walks pages fails when it is not empty.
func Missing() []string {
	asked.Lock()
	defer asked.Unlock()
	return slices.Clone(asked.keys)
}
