package admin

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/locale"
)

// What the journal says of a sign-in, the most frequent entry, is in the reader's words in every language.
func TestASignInIsSaidInWords(t *testing.T) {
	for _, l := range baqylau.Langs {
		for _, factor := range []string{"password", "code", "link", "enrolled"} {
			said, codes := line{Entry: audit.Entry{Detail: map[string]any{"factor": factor, "outcome": "accepted"}}}.detail(locale.With(context.Background(), l))
			if said == "" || codes != "" {
				t.Errorf("%s, %s: %q, and %q as a code", l, factor, said, codes)
			}
		}
	}
}

// What was loaded at the first start and what an administrator sets has a name of its own in every language, not the word of the code.
func TestPartsOfTheRegistryHaveNames(t *testing.T) {
	for _, l := range baqylau.Langs {
		for _, e := range []audit.Entry{{Type: "registry", ObjectID: "law"}, {Type: "setting", ObjectID: "centre"}} {
			ctx := locale.With(context.Background(), l)
			if got := (line{Entry: e}).called(ctx); got == e.ObjectID {
				t.Errorf("%s: %q", l, got)
			}
		}
	}
}
