package check

import (
	"math"

	"github.com/baqylau/baqylau/internal/indicator/define"
)

// Single checks what one figure says by itself: limits around the value, shares of 0 to 100, nothing below zero, no future.
func Single(figures []Figure, facts Facts) (out []Finding) {
	for i := range figures {
		f := &figures[i]
		if f.Low != nil && *f.Low > f.Value {
			out = append(out, f.finding("limits", Error, Value{"check.label.low", number(*f.Low)}, Value{"check.label.value", number(f.Value)}, "low"))
		}
		if f.High != nil && *f.High < f.Value {
			out = append(out, f.finding("limits", Error, Value{"check.label.high", number(*f.High)}, Value{"check.label.value", number(f.Value)}, "high"))
		}
		if ind, ok := facts.Catalogue.Indicator(f.Indicator); ok {
			switch {
			case f.Value < 0:
				out = append(out, f.finding("negative", Error, Value{"check.label.value", number(f.Value)}, Value{"check.label.least", "0"}))
			case ind.Kind == define.Share && f.Value > 100:
				out = append(out, f.finding("share_range", Error, Value{"check.label.value", number(f.Value)}, Value{"check.label.most", "100"}))
			case ind.Kind == define.Count && f.Exact && f.Value != math.Trunc(f.Value):
				out = append(out, f.finding("whole_number", Question, Value{"check.label.value", number(f.Value)}, Value{"check.label.nearest", number(math.Round(f.Value))}))
			}
		}
		if !facts.Today.IsZero() && f.End.After(facts.Today) && !f.Provisional {
			out = append(out, f.finding("future", Error, Value{"check.label.last_day", f.End.String()}, Value{"check.label.today", facts.Today.String()}))
		}
	}
	return out
}

// round takes off what adding decimals leaves behind.
func round(v float64) float64 {
	const places = 1e6
	return math.Round(v*places) / places
}
