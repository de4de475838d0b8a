package registry

import (
	"encoding/json"
	"log/slog"
	"sync"

	"github.com/baqylau/baqylau/internal/web/ui"
)

// Outlines are the borders of a country's regions ready to be drawn, made once per Book; nil when none are known.
func (b *Book) Outlines(country string) *ui.Outlines {
	if f, ok := b.outlines[country]; ok {
		return f()
	}
	return nil
}

func (b *Book) prepareOutlines() {
	b.outlines = map[string]func() *ui.Outlines{}
	for _, r := range b.regions {
		if r.Outline != "" && b.outlines[r.Country] == nil {
			b.outlines[r.Country] = sync.OnceValue(func() *ui.Outlines { return b.parseOutlines(r.Country) })
		}
	}
}

type feature struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties"`
	Geometry   json.RawMessage   `json:"geometry"`
}

func (b *Book) parseOutlines(country string) *ui.Outlines {
	var list []feature
	for _, r := range b.Regions(country) {
		if r.Outline != "" {
			list = append(list, feature{"Feature", map[string]string{"code": r.Code}, json.RawMessage(r.Outline)})
		}
	}
	raw, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": list})
	if err == nil {
		var o *ui.Outlines
		if o, err = ui.ParseOutlines(raw, "code", nil); err == nil {
			return o
		}
	}
	slog.Error("outlines", "country", country, "error", err.Error()) // pages then come without a map
	return nil
}
