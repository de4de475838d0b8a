package lab

import (
	"context"

	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// amends is the note under a version that corrects a released one.
func amends(ctx context.Context, a Analysis) string {
	if a.AmendsID == "" {
		return ""
	}
	return locale.T(ctx, "lab.version.amends")
}

func purity(f ui.Field) ui.Field {
	f.Unit = "%"
	return f
}
