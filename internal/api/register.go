package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-chi/httprate"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/web"
)

// operation is one line of the API. Its summary is the message "api.op.<id>".
type operation struct {
	id, method, path string
	act              access.Act // asked of the policy before anything of the request is read
	tag              string
	status           int                   // of success; 200 when 0
	maxBody          int64                 // bytes; defaultBody when 0
	perIP            *httprate.RateLimiter // nil: no limit
}

// defaultBody bounds a request body. The longest report has some 15,000 characters of text.
const defaultBody = 256 << 10

// Common is what every operation takes.
type Common struct {
	Lang string `query:"lang" enum:"kk,ru,en" json:"-" doc:"Language of messages; otherwise that of Accept-Language, then that of the account."`
}

// answer wraps a body as the library wants it.
type answer[O any] struct{ Body O }

// register adds an operation: h runs only when the policy allows act, with a request that fits its description.
func register[I, O any](s *server, op operation, h func(ctx context.Context, actor access.Actor, in *I) (O, error)) {
	if op.status == 0 {
		op.status = http.StatusOK
	}
	if op.maxBody == 0 {
		op.maxBody = defaultBody
	}
	s.rt.Note(op.method, Prefix+op.path, op.act)
	s.table = append(s.table, op)
	huma.Register(s.api, s.describe(op), func(ctx context.Context, in *I) (*answer[O], error) {
		out, err := h(ctx, actorOf(ctx), in)
		if err != nil {
			return nil, s.problem(ctx, op, err)
		}
		return &answer[O]{Body: out}, nil
	})
}

// describe is the operation as OpenAPI has it.
func (s *server) describe(op operation) huma.Operation {
	security := []map[string][]string{{"token": {}}, {"session": {}}}
	codes := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if access.May(access.Anyone(baqylau.English), op.act) {
		security = append([]map[string][]string{{}}, security...) // none is enough
		codes = codes[2:]
	}
	if strings.Contains(op.path, "{") {
		codes = append(codes, http.StatusNotFound)
	}
	if op.method == http.MethodPost {
		codes = append(codes, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
		if op.id != "recognise" { // which writes nothing
			codes = append(codes, http.StatusConflict)
		}
	}
	if op.perIP != nil {
		codes = append(codes, http.StatusTooManyRequests)
	}
	return huma.Operation{OperationID: op.id, Method: op.method, Path: op.path, Summary: locale.TIn(baqylau.English, "api.op."+op.id), Tags: []string{op.tag},
		Security: security, DefaultStatus: op.status, MaxBodyBytes: op.maxBody + 1, Errors: codes, Middlewares: huma.Middlewares{s.guard(op)}}
}

type actorKey struct{}

func actorOf(ctx context.Context) access.Actor {
	a, _ := ctx.Value(actorKey{}).(access.Actor)
	return a
}

// guard finds out who asks and in which language, and refuses whoever the policy does not allow before the body is read.
func (s *server) guard(op operation) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(hc)
		w.Header().Set("Cache-Control", "no-store")
		actor := s.rt.Actor(r)
		if r.Header.Get("Accept-Language") != "" { // a program says what it wants; a person's own choice is for pages
			actor.Lang = locale.Negotiate(r)
		}
		ctx := context.WithValue(locale.With(hc.Context(), actor.Lang), actorKey{}, actor)
		hc = huma.WithContext(hc, ctx)
		err := access.Check(actor, op.act)
		if err == nil && op.perIP != nil && op.perIP.OnLimit(w, r, web.Visitor(r)) {
			err = baqylau.E(baqylau.TooMany, "error.too_many")
		}
		if err != nil {
			s.rt.Refused(r, actor, baqylau.CodeOf(err))
			s.refuse(hc, s.problem(ctx, op, err))
			return
		}
		next(hc)
	}
}

// refuse writes a problem outside a handler.
func (s *server) refuse(hc huma.Context, p *problem) {
	if p.Status == http.StatusUnauthorized {
		hc.SetHeader("WWW-Authenticate", "Bearer")
	}
	hc.SetHeader("Content-Type", p.ContentType("application/json"))
	hc.SetStatus(p.Status)
	_ = s.api.Marshal(hc.BodyWriter(), "application/json", p) // the client is gone if this fails
}
