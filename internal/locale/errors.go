package locale

import (
	"context"
	"errors"
	"strings"

	"github.com/baqylau/baqylau"
)

// Err is what to tell a person about err, "" for nil. An Error speaks through its key and arguments, Errors one after
// another. Code Internal and errors without a code give one general sentence with the reference of the context, if it has
// one: their details are for the log.
func Err(ctx context.Context, err error) string {
	var several baqylau.Errors
	var one *baqylau.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &several):
		parts := make([]string, len(several))
		for i, e := range several {
			parts[i] = Err(ctx, e)
		}
		return strings.Join(parts, " ")
	case errors.As(err, &one) && one.Code != baqylau.Internal:
		args := make([]any, 0, 2*len(one.Args))
		for name, v := range one.Args {
			args = append(args, name, v)
		}
		if !Has(one.Key) {
			missing(one.Key)
			return T(ctx, "error."+string(one.Code))
		}
		return T(ctx, one.Key, args...)
	}
	if ref := Reference(ctx); ref != "" {
		return T(ctx, "error.internal_reference", "Reference", ref)
	}
	return T(ctx, "error.internal")
}
