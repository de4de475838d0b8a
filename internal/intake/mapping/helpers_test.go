package mapping

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data/mappings"
)

var today = Today(baqylau.MustDate("2026-11-25"))

func mustParse(t testing.TB, yaml string) *Mapping {
	t.Helper()
	m, err := Parse([]byte(yaml))
	if err != nil {
		t.Fatalf("mapping: %v", err)
	}
	return m
}

func shipped(t testing.TB, name string) *Mapping {
	t.Helper()
	b, err := mappings.FS.ReadFile(name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return mustParse(t, string(b))
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// readAll opens a table and returns its records and the error that ended it, nil for the end of the file.
func readAll(m *Mapping, data []byte, name string, opts ...Option) ([]Record, error) {
	r, err := m.Open(bytes.NewReader(data), name, append([]Option{today}, opts...)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	var list []Record
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		list = append(list, rec)
	}
}

func mustRead(t testing.TB, m *Mapping, data []byte, name string, opts ...Option) []Record {
	t.Helper()
	list, err := readAll(m, data, name, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// names writes the mentions of a record shortly: a name as it is, a class in brackets, free text in quotes.
func names(r Record) string {
	var list []string
	for _, m := range r.Substances {
		switch {
		case m.IsFreeText:
			list = append(list, `"`+m.Text+`"`)
		case m.Class != "":
			list = append(list, "["+m.Class+"]")
		default:
			list = append(list, m.Name)
		}
	}
	return strings.Join(list, " ")
}

func keyIn(err error) string {
	var e *baqylau.Error
	var es baqylau.Errors
	switch {
	case errors.As(err, &e):
		return e.Key
	case errors.As(err, &es):
		return es[0].Key
	}
	return ""
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
