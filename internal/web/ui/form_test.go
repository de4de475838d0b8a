package ui

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

func TestFieldErrors(t *testing.T) {
	ctx := locale.With(context.Background(), baqylau.English)
	lines := FieldErrors(ctx, baqylau.Errors{
		baqylau.E(baqylau.Invalid, "error.date", "value", "31.11.2026").On("day"),
		baqylau.E(baqylau.Invalid, "error.invalid"),
	})
	if len(lines) != 2 || lines[0].Field != "day" || lines[0].Text == "" || lines[1].Field != "" {
		t.Fatalf("%+v", lines)
	}
	if MistakeOf(lines, "day") != lines[0].Text || MistakeOf(lines, "region") != "" {
		t.Error("mistakes do not reach their fields")
	}
	if n := len(FieldErrors(ctx, nil)); n != 0 {
		t.Errorf("%d lines for no error", n)
	}
	if l := FieldErrors(ctx, errors.New("secret detail")); len(l) != 1 || strings.Contains(l[0].Text, "secret") {
		t.Errorf("%+v", l)
	}
}

func TestFieldTellsScreenReaders(t *testing.T) {
	ctx := locale.With(context.Background(), baqylau.English)
	var b strings.Builder
	if err := Input(Field{Name: "n", Label: "Number", Help: "h", Mistake: "m", Value: `"><script>`}).Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	html := b.String()
	for _, part := range []string{`<label for="f-n">`, `aria-invalid="true"`, `aria-describedby="f-n-help f-n-mistake"`, `id="f-n-help"`, `id="f-n-mistake"`, " required"} {
		if !strings.Contains(html, part) {
			t.Errorf("no %s in %s", part, html)
		}
	}
	if strings.Contains(html, "<script>") {
		t.Error("a value escapes its attribute")
	}
}

func TestSelectedOption(t *testing.T) {
	var b strings.Builder
	if err := Select(Field{Name: "r", Value: "2"}, []Option{{Value: "1"}, {Value: "2"}}).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if strings.Count(b.String(), "selected") != 1 || !strings.Contains(b.String(), `value="2" selected`) {
		t.Error(b.String())
	}
}

// A summary stands above the fields and still calls each by its label; a text that says the label itself is left alone.
func TestErrorSummaryNamesTheFields(t *testing.T) {
	lines := []FieldError{{Field: "region", Text: "Choose one."}, {Field: "file", Text: "The file is empty."}, {Field: "who", Key: "2", Text: "ID is wrong."}, {Text: "The whole is wrong."}}
	page := templ.Join(ErrorSummary(lines), Select(Field{Name: "region", Label: "Region of the event"}, nil), FileDrop(Files{Field: Field{Name: "file", Label: "File"}}), Radios(Field{Name: "who", Key: "2", Label: "Sender"}, nil))
	var b strings.Builder
	if err := Named(page).Render(locale.With(context.Background(), baqylau.English), &b); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`<a href="#f-region">Region of the event: choose one.</a>`, `<a href="#f-file">The file is empty.</a>`, `<a href="#f-who-2">Sender: ID is wrong.</a>`, "The whole is wrong."} {
		if strings.Count(b.String(), part) != 1 {
			t.Errorf("not once %s in %s", part, b.String())
		}
	}
}
