package web

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

// Status is the HTTP status of each code of the vocabulary; there is no other place where one is chosen.
func Status(code baqylau.Code) int {
	switch code {
	case baqylau.Invalid:
		return http.StatusUnprocessableEntity
	case baqylau.Forbidden:
		return http.StatusForbidden
	case baqylau.NotFound:
		return http.StatusNotFound
	case baqylau.Conflict:
		return http.StatusConflict
	case baqylau.Unauthentic:
		return http.StatusUnauthorized
	case baqylau.TooMany:
		return http.StatusTooManyRequests
	case baqylau.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Problem is an RFC 9457 answer of the API.
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Code   baqylau.Code   `json:"code"`
	Detail string         `json:"detail,omitempty"`
	Errors []ProblemField `json:"errors,omitempty"`
	Ref    string         `json:"reference,omitempty"`
}

// ProblemField is one wrong field.
type ProblemField struct {
	Field  string `json:"field"`
	Key    string `json:"key"`
	Detail string `json:"detail"`
}

// fail answers with err: as problem+json to the API, by the sign-in page to the public, else as an error page.
func (c *Ctx) fail(err error) {
	err = store.Outage(err)
	code := baqylau.CodeOf(err)
	if code == baqylau.Unauthentic && !c.api() && c.rt.o.SignInPath != "" && c.R.Method == http.MethodGet {
		http.Redirect(c.W, c.R, c.rt.o.SignInPath+"?next="+url.QueryEscape(c.R.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	c.status(Status(code), err)
}

// Fail answers r with err outside of a route, in the words of its pages and to nobody in particular.
func (rt *Router) Fail(w http.ResponseWriter, r *http.Request, err error) {
	l := locale.Negotiate(r)
	(&Ctx{W: w, R: r.WithContext(locale.With(r.Context(), l)), Actor: access.Anyone(l), rt: rt}).fail(err)
}

// retryAfter is when a program asks again after an outage, in seconds: what is mended by itself is mended by then.
const retryAfter = "30"

func (c *Ctx) api() bool {
	return strings.HasPrefix(c.R.URL.Path, "/api/") || strings.Contains(c.R.Header.Get("Accept"), "application/json")
}

func (c *Ctx) status(status int, err error) {
	ref := ""
	switch gone := c.R.Context().Err(); {
	case gone != nil && errors.Is(err, gone): // the browser gave up, and nobody reads the answer
		c.rt.o.Log.Debug("request given up", "method", c.R.Method, "route", c.R.Pattern)
		return
	case status >= 500:
		ref = rand.Text()[:8]
		c.rt.o.Log.Error("request failed", "reference", ref, "method", c.R.Method, "route", c.R.Pattern, "code", baqylau.CodeOf(err), "error", err.Error())
	}
	c.rt.Refused(c.R, c.Actor, baqylau.CodeOf(err))
	ctx := locale.WithReference(c.Context(), ref)
	c.R = c.R.WithContext(ctx)
	c.W.Header().Set("Cache-Control", "no-store")
	c.W.Header().Del("Content-Disposition") // of a file that does not come
	if status == http.StatusServiceUnavailable {
		c.W.Header().Set("Retry-After", retryAfter)
	}
	if c.api() {
		c.W.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
		c.W.WriteHeader(status)
		_ = json.NewEncoder(c.W).Encode(c.Problem(status, err, ref)) // the client is gone if this fails
		return
	}
	page := ErrorPage(status, locale.Err(ctx, err), ref)
	page.Status = status
	if rerr := c.rt.o.Layout(c, page); rerr != nil {
		c.rt.o.Log.Error("error page failed", "error", rerr.Error())
	}
}

// Refused logs an act that the policy or a limit forbade: who tried, on which route, from where. Nothing that was sent stands in it.
func (rt *Router) Refused(r *http.Request, actor access.Actor, code baqylau.Code) {
	if code == baqylau.Forbidden || code == baqylau.TooMany {
		rt.o.Log.Warn("refused", "code", code, "method", r.Method, "route", r.Pattern, "account", actor.ID, "visitor", Visitor(r))
	}
}

// Problem describes err for the API, in the language of the request.
func (c *Ctx) Problem(status int, err error, ref string) Problem {
	p := Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: baqylau.CodeOf(err), Detail: locale.Err(c.Context(), err), Ref: ref}
	var es baqylau.Errors
	var e *baqylau.Error
	if !errors.As(err, &es) && errors.As(err, &e) && e.Field != "" {
		es = baqylau.Errors{e}
	}
	for _, e := range es {
		p.Errors = append(p.Errors, ProblemField{Field: e.Field, Key: e.Key, Detail: locale.Err(c.Context(), e)})
	}
	return p
}
