package registry

import (
	"context"
	"strings"

	"github.com/baqylau/baqylau/internal/locale"
)

// Told is a source, note or licence in the reader's language: a shipped one is a code of the list citation, what a person typed stays as it is.
func Told(ctx context.Context, text string) string {
	if text != "" && locale.Has("code.citation."+text) {
		return locale.Code(ctx, "citation", text)
	}
	return text
}

// entrySources names the tables that an entry comes from, stored as a|b.
func entrySources(ctx context.Context, piped string) string {
	list := strings.Split(piped, "|")
	for i, x := range list {
		list[i] = Told(ctx, x)
	}
	return strings.Join(list, ", ")
}
