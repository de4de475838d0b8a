package api

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/web"
)

// problem is web.Problem (RFC 9457) as the library wants an error. It never repeats a value that was sent: an answer may be logged where
// the request may not.
type problem struct{ web.Problem }

// GetStatus is the HTTP status.
func (p *problem) GetStatus() int { return p.Status }

// Error is for logs.
func (p *problem) Error() string { return string(p.Code) }

// ContentType is the media type of a problem.
func (p *problem) ContentType(string) string { return "application/problem+json" }

// The library keeps these as variables of its package, so they are set once, before anything is registered.
func init() {
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		return refusal(context.Background(), status, errs)
	}
	huma.NewErrorWithContext = func(hc huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return refusal(hc.Context(), status, errs)
	}
	huma.ValidateStrictCasing = true // "Kind" is an unknown field
}

// problem describes err in the language of ctx. What is not the sender's fault is logged under a reference and not shown.
func (s *server) problem(ctx context.Context, op operation, err error) *problem {
	err = store.Outage(err)
	status, ref := web.Status(baqylau.CodeOf(err)), ""
	if status >= http.StatusInternalServerError {
		ref = rand.Text()[:8]
		s.Log.Error("request failed", "reference", ref, "operation", op.id, "code", baqylau.CodeOf(err), "error", err.Error())
	}
	return described(locale.WithReference(ctx, ref), status, err, ref)
}

func described(ctx context.Context, status int, err error, ref string) *problem {
	c := web.Ctx{R: new(http.Request).WithContext(ctx)}
	return &problem{c.Problem(status, unechoed(err), ref)}
}

// unechoed leaves out the arguments that hold what was sent.
func unechoed(err error) error {
	strip := func(e *baqylau.Error) *baqylau.Error {
		if key, ok := plainer[e.Key]; ok {
			return &baqylau.Error{Code: e.Code, Key: key, Field: e.Field}
		}
		return e
	}
	var es baqylau.Errors
	var e *baqylau.Error
	switch {
	case errors.As(err, &es):
		out := make(baqylau.Errors, len(es))
		for i := range es {
			out[i] = strip(es[i])
		}
		return out
	case errors.As(err, &e):
		return strip(e)
	}
	return err
}

// plainer are the messages without the value for those that quote it.
var plainer = map[string]string{"error.date": "api.error.date", "error.week": "api.error.week"}

// mostFaults bounds the list of faults in one answer.
const mostFaults = 50

// refusal turns what the library found wrong with a request into a problem in our words.
func refusal(ctx context.Context, status int, errs []error) *problem {
	var es baqylau.Errors
	for _, err := range errs {
		var d huma.ErrorDetailer
		if errors.As(err, &d) && len(es) < mostFaults {
			es = append(es, fault(d.ErrorDetail()))
		}
	}
	var err error = es
	switch {
	case status == http.StatusRequestEntityTooLarge:
		err = baqylau.E(baqylau.TooMany, "api.error.body_size")
	case status == http.StatusUnsupportedMediaType:
		err = baqylau.E(baqylau.Invalid, "api.error.media_type")
	case status == http.StatusBadRequest:
		err = baqylau.E(baqylau.Invalid, "api.error.json")
	case status == http.StatusRequestTimeout:
		err = baqylau.E(baqylau.Unavailable, "error.unavailable")
	case status >= http.StatusInternalServerError:
		err = baqylau.E(baqylau.Internal, "error.internal")
	case len(es) == 0:
		err = baqylau.E(baqylau.Invalid, "error.invalid")
	}
	return described(ctx, status, err, "")
}

// faults are the library's messages, by how they begin, with ours. What is not here is of the wrong type or form.
var faults = []struct{ begins, key string }{
	{"unexpected property", "api.error.unknown"},
	{"unknown query parameter", "api.error.unknown"},
	{"expected required property", "error.required"},
	{"required ", "error.required"},
	{"expected value to be one of", "error.choice"},
	{"expected length <= ", "error.too_long"},
	{"expected array length <= ", "api.error.many"},
}

func fault(d *huma.ErrorDetail) *baqylau.Error {
	field := strings.TrimPrefix(d.Location, "body")
	for _, in := range []string{"query.", "path.", "header.", "."} {
		field = strings.TrimPrefix(field, in)
	}
	e := baqylau.E(baqylau.Invalid, "api.error.form")
	for _, f := range faults {
		rest, ok := strings.CutPrefix(d.Message, f.begins)
		if !ok {
			continue
		}
		e = baqylau.E(baqylau.Invalid, f.key, "Max", rest)
		if name, ok := strings.CutSuffix(strings.TrimSpace(rest), " to be present"); ok { // the location is that of the object
			field = strings.TrimPrefix(field+"."+name, ".")
		}
		break
	}
	return e.On(clip(field))
}

// clip bounds a name of a field, which the sender chose when it is unknown.
func clip(name string) string {
	if utf8.RuneCountInString(name) > 80 {
		return string([]rune(name)[:79]) + "…"
	}
	return name
}
