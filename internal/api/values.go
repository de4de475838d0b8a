package api

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/baqylau/baqylau"
)

// orEmpty keeps an empty list a list in JSON.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// instant is t, or nil for the zero time, which JSON leaves out.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// asMap is v as JSON has it, empty fields left out.
func asMap(v any) (m map[string]any, err error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return m, json.Unmarshal(b, &m)
}

// readable refuses control characters other than line breaks and tabs, as forms do.
func readable(field, v string) error {
	if !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return r < 0x20 && r != '\n' && r != '\r' && r != '\t' || r == 0x7f }) {
		return baqylau.E(baqylau.Invalid, "error.characters").On(field)
	}
	return nil
}
