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
