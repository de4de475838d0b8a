package intake

import (
	"slices"

	"github.com/baqylau/baqylau/internal/web/ui"
)

func contains(list []string, v string) bool { return slices.Contains(list, v) }

func firstValue(s []ui.Suggestion) string {
	if len(s) == 0 {
		return ""
	}
	return s[0].Value
}

func firstLabel(s []ui.Suggestion) string {
	if len(s) == 0 {
		return ""
	}
	return s[0].Label
}
