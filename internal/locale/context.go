package locale

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
)

type contextKey int

const (
	langKey contextKey = iota
	zoneKey
	referenceKey
)

// With returns a context whose reader speaks l.
func With(ctx context.Context, l baqylau.Lang) context.Context {
	return context.WithValue(ctx, langKey, l)
}

// Lang is the language of the reader: Kazakh unless With said otherwise.
func Lang(ctx context.Context) baqylau.Lang {
	if l, ok := ctx.Value(langKey).(baqylau.Lang); ok {
		return l
	}
	return baqylau.Kazakh
}

// home is the zone of readers for whom WithZone said nothing.
var home = almaty

// SetHome makes z the centre's zone. It is set once at start, before anything is served.
func SetHome(z *time.Location) { home = z }

// almaty is UTC+5 all year since 1 March 2024 (Government of Kazakhstan); a fixed zone serves where no zone database is installed.
var almaty = func() *time.Location {
	if z, err := time.LoadLocation("Asia/Almaty"); err == nil {
		return z
	}
	return time.FixedZone("Asia/Almaty", 5*60*60)
}()

// WithZone returns a context in which times are shown in z.
func WithZone(ctx context.Context, z *time.Location) context.Context {
	return context.WithValue(ctx, zoneKey, z)
}

// Zone is the time zone in which the reader sees times: that of the centre unless WithZone said otherwise.
func Zone(ctx context.Context) *time.Location {
	if z, ok := ctx.Value(zoneKey).(*time.Location); ok && z != nil {
		return z
	}
	return home
}

// WithReference returns a context that carries the reference under which a failure of this request is logged.
func WithReference(ctx context.Context, ref string) context.Context {
	return context.WithValue(ctx, referenceKey, ref)
}

// Reference is what WithReference set, or "".
func Reference(ctx context.Context) string {
	s, _ := ctx.Value(referenceKey).(string)
	return s
}
