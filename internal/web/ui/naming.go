package ui

import (
	"bytes"
	"context"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"
)

type labelsKey struct{}

// labels are the names of a page's fields by the ids of their controls, gathered while the page is drawn.
type labels struct {
	of    map[string]string
	asked bool // by a summary that stands above the fields
}

// Named draws a page so that its error summaries name the fields below them: once to learn the labels, and again where a summary asked
// for them. Pages are drawn from plain data, so drawing one twice changes nothing.
func Named(page templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		l := &labels{of: map[string]string{}}
		ctx = context.WithValue(ctx, labelsKey{}, l)
		var b bytes.Buffer
		err := page.Render(ctx, &b)
		if err == nil && l.asked {
			b.Reset()
			err = page.Render(ctx, &b)
		}
		if err != nil {
			return err
		}
		_, err = b.WriteTo(w)
		return err
	})
}

// remember notes the label of a field.
func remember(ctx context.Context, f Field) {
	if l, ok := ctx.Value(labelsKey{}).(*labels); ok {
		l.of[f.ID()] = f.Label
	}
}

// named is the text of a mistake with the label of its field before it, unless the text has that word itself.
func (e FieldError) named(ctx context.Context) string {
	l, ok := ctx.Value(labelsKey{}).(*labels)
	if !ok {
		return e.Text
	}
	l.asked = true
	label := l.of[Field{Name: e.Field, Key: e.Key}.ID()]
	if label == "" || strings.Contains(strings.ToLower(e.Text), strings.ToLower(label)) {
		return e.Text
	}
	first, n := utf8.DecodeRuneInString(e.Text)
	if second, _ := utf8.DecodeRuneInString(e.Text[n:]); unicode.IsLower(second) { // no abbreviation
		first = unicode.ToLower(first)
	}
	return label + ": " + string(first) + e.Text[n:]
}
