package locale

import (
	"context"
	"fmt"
	"time"

	"github.com/baqylau/baqylau"
)

// values are the arguments of one message: name, value pairs, and the context that says how to write them.
type values struct {
	ctx   context.Context
	key   string
	pairs []any
}

func (v values) get(name string) string {
	for i := 0; i+1 < len(v.pairs); i += 2 {
		if s, ok := v.pairs[i].(string); ok && upperFirst(s) == name {
			return show(v.ctx, v.pairs[i+1])
		}
	}
	return missing(v.key + " {{." + name + "}}")
}

// show writes one argument as the reader's language does. A whole number is written plainly, since it may be a year or a
// code; use Int for a quantity, and N for a count.
func show(ctx context.Context, v any) string {
	switch v := v.(type) {
	case string:
		return v
	case baqylau.Text:
		return v.In(Lang(ctx))
	case baqylau.Date:
		return Date(ctx, v)
	case baqylau.Week:
		return Week(ctx, v)
	case time.Time:
		return DateTime(ctx, v)
	case float64:
		return Shortest(ctx, v)
	}
	return fmt.Sprint(v)
}
