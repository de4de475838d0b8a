// Package fields fills the fields of a form: with what was sent, when the form is shown again with its mistakes, else with what is
// stored. A room names each field once, by its name and the catalogue keys of its label and help.
package fields

import (
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/web"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Set is one showing of a form.
type Set struct {
	Lines  []ui.FieldError // mistakes, for ui.ErrorSummary
	c      *web.Ctx
	sent   *web.Form
	stored map[string][]string
	status int
}

// New begins a form. sent is nil at its first showing; err is what was wrong with it; stored are the present values.
func New(c *web.Ctx, sent *web.Form, err error, stored map[string][]string) Set {
	s := Set{c: c, sent: sent, stored: stored, Lines: ui.FieldErrors(c.Context(), err)}
	if err != nil {
		s.status = web.Status(baqylau.CodeOf(err))
	}
	return s
}

// Status is the HTTP status of the page: 0 at the first showing, else that of the error.
func (s Set) Status() int { return s.status }

// All are the values of a field.
func (s Set) All(name string) []string {
	if s.sent != nil {
		return s.sent.All(name)
	}
	return s.stored[name]
}

// Value is the first value of a field, "" if there is none.
func (s Set) Value(name string) string {
	if v := s.All(name); len(v) > 0 {
		return v[0]
	}
	return ""
}

// Has reports whether value is among those of a field with several, such as ticked boxes.
func (s Set) Has(name, value string) bool { return slices.Contains(s.All(name), value) }

// Of is a required field. help may be "".
func (s Set) Of(name, label, help string) ui.Field {
	f := ui.Field{Name: name, Label: s.c.T(label), Value: s.Value(name), Mistake: ui.MistakeOf(s.Lines, name)}
	if help != "" {
		f.Help = s.c.T(help)
	}
	return f
}

// Optional is a field that may stay empty.
func (s Set) Optional(name, label, help string) ui.Field {
	f := s.Of(name, label, help)
	f.Optional = true
	return f
}

// Secret is a password field, which never shows what was sent. autocomplete is "current-password", "new-password" or "one-time-code".
func (s Set) Secret(name, label, help, autocomplete string) ui.Field {
	f := s.Of(name, label, help)
	f.Type, f.Value, f.Autocomplete = "password", "", autocomplete
	return f
}

// Typed is a required field of an HTML type such as "email".
func (s Set) Typed(name, label, help, kind, autocomplete string) ui.Field {
	f := s.Of(name, label, help)
	f.Type, f.Autocomplete = kind, autocomplete
	return f
}

// Tick is a checkbox.
func (s Set) Tick(name, label, help string) ui.Field {
	f := s.Of(name, label, help)
	f.Value, f.Checked = "1", s.Value(name) != ""
	return f
}
