// Package export writes the rows of any list as CSV or XLSX while they are read, so that a download may be larger than
// memory. What may leave is decided before, by access and disclosure; a cell here is only a value.
//
// A value is nil, a string, a bool, a whole number, a fraction, a Date, Week, Text or Text-like Stringer of the vocabulary, or a
// time. Texts are written in the reader's language and times in his zone.
package export

import (
	"context"
	"fmt"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

// flatten reduces a value to what both formats know: nil, string, bool, int64, float64, baqylau.Date or time.Time in the
// reader's zone. Unknown dates and times are nil.
func flatten(ctx context.Context, v any) any {
	switch v := v.(type) {
	case nil, string, bool, int64, float64, Head, Fixed:
		return v
	case int:
		return int64(v)
	case int32:
		return int64(v)
	case float32:
		return float64(v)
	case baqylau.Text:
		return v.In(locale.Lang(ctx))
	case baqylau.Date:
		if v.IsZero() {
			return nil
		}
		return v
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return v.In(locale.Zone(ctx))
	}
	return fmt.Sprint(v)
}
