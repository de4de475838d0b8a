package ui

import (
	"context"
	"errors"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

// Field is one field of a form. The label stands above it, the help below, the mistake at it.
type Field struct {
	Name, Label  string
	Value        string
	Help         string
	Mistake      string // what is wrong and what to do; "" when nothing is
	Type         string // of an Input; "text" when empty
	Optional     bool   // marked in words; fields are required unless it is set
	Sparse       bool   // of a form where nearly everything is optional: what is required is marked instead
	Disabled     bool
	Checked      bool   // of a Checkbox
	Autocomplete string // as HTML names it, e.g. "username"
	Placeholder  string // an example, never the label
	Unit         string // after a Number: g, %, years
	Min, Max     string
	MaxLength    int
	Rows         int    // of a Textarea
	Key          string // tells apart fields of one name in several forms of a page
}

// Option is a choice in a Select or Radios.
type Option struct {
	Value, Label string
	Help         string // below a radio button
	Disabled     bool
}

// ID is the id of the field's control, which error summaries link to.
func (f Field) ID() string {
	if f.Key != "" {
		return "f-" + f.Name + "-" + f.Key
	}
	return "f-" + f.Name
}

// ticked tells the boxes of one name apart by their values, so that each label ticks its own.
func ticked(f Field) Field {
	if f.Key == "" {
		f.Key = f.Value
	}
	return f
}

// described lists the ids of help and mistake for aria-describedby.
func (f Field) described() string {
	switch {
	case f.Help != "" && f.Mistake != "":
		return f.ID() + "-help " + f.ID() + "-mistake"
	case f.Help != "":
		return f.ID() + "-help"
	case f.Mistake != "":
		return f.ID() + "-mistake"
	}
	return ""
}

// attributes are those that every control shares.
func (f Field) attributes() templ.Attributes {
	a := templ.Attributes{"id": f.ID(), "name": f.Name, "required": !f.Optional, "disabled": f.Disabled}
	for name, value := range map[string]string{
		"aria-describedby": f.described(), "autocomplete": f.Autocomplete, "placeholder": f.Placeholder, "min": f.Min, "max": f.Max,
	} {
		if value != "" {
			a[name] = value
		}
	}
	if f.MaxLength > 0 {
		a["maxlength"] = itoa(f.MaxLength)
	}
	if f.Mistake != "" {
		a["aria-invalid"] = "true"
	} else if !f.Optional { // what is still empty is no mistake yet, whatever the browser says of it
		a["aria-invalid"] = "false"
	}
	return a
}

// Button is an act. Href makes it a link, else it sends the form it stands in with Name and Value.
type Button struct {
	Label       string
	Look        Look
	Href        string
	Name, Value string
	Key         string // single-key shortcut, shown beside the label
	Disabled    bool
}

// Look is the weight of a button: one Main per page, the rest quiet.
type Look string

// The looks.
const (
	Main  Look = ""
	Quiet Look = "quiet"
	Bare  Look = "plain"
	Grave Look = "grave" // irreversible or outward; use Confirm around it
)

// FieldError is a line of the error summary; Field is the name of the field it links to, "" for the form as a whole, Key that of the field.
type FieldError struct{ Field, Text, Key string }

// FieldErrors turns an error of the vocabulary into lines for ErrorSummary, in the reader's language.
func FieldErrors(ctx context.Context, err error) []FieldError {
	var many baqylau.Errors
	var one *baqylau.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		lines := make([]FieldError, len(many))
		for i, e := range many {
			lines[i] = FieldError{Field: e.Field, Text: locale.Err(ctx, e)}
		}
		return lines
	case errors.As(err, &one):
		return []FieldError{{Field: one.Field, Text: locale.Err(ctx, one)}}
	}
	return []FieldError{{Text: locale.Err(ctx, err)}}
}

// MistakeOf is the text for one field among the lines, or "".
func MistakeOf(lines []FieldError, field string) string {
	for _, l := range lines {
		if l.Field == field {
			return l.Text
		}
	}
	return ""
}

// FormData is a form that sends by POST.
type FormData struct {
	Action    string
	Multipart bool   // it carries files
	Saved     string // "draft saved 23:38"
}

// Files is a field for files that may also be dropped onto it.
type Files struct {
	Field
	Accept   string // as HTML names types: ".csv,.xlsx"
	Multiple bool
}

// Lookup is a text field that offers matches from the server while one types. The server answers Source?q=… with Suggestions.
// The chosen value is sent under Name, the text under Name + "_text", so that a form without scripts still carries the words.
type Lookup struct {
	Field
	Source string
	Text   string // shown text of the current Value
}

// Suggestion is one match for a Lookup.
type Suggestion struct{ Value, Label, Note string }

// ByName puts options into the order of the reader's alphabet.
func ByName(ctx context.Context, options []Option) []Option {
	locale.Sort(locale.Lang(ctx), options, func(o Option) string { return o.Label })
	return options
}

// mark is the key of the word after a field's label.
func (f Field) mark() string {
	switch {
	case f.Optional && !f.Sparse:
		return "ui.optional"
	case f.Sparse && !f.Optional:
		return "ui.required"
	}
	return ""
}
