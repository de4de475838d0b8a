// Package baqylau is the vocabulary every room of the system speaks: identifiers, languages, dates with precision,
// weeks, handling codes, degrees of certainty, severities and the closed set of errors. It imports the standard library only,
// holds no behaviour that touches disk, network or clock, and changes rarely.
package baqylau

import (
	"encoding/json"
	"slices"
)

// Lang is one of the three languages of the product, as an ISO 639-1 code.
type Lang string

// The languages are equals; the order is that of the language switch on every page.
const (
	Kazakh  Lang = "kk"
	Russian Lang = "ru"
	English Lang = "en"
)

// Langs lists every language of the product in page order.
var Langs = []Lang{Kazakh, Russian, English}

// ParseLang returns the language with code s; ok is false for any other string.
func ParseLang(s string) (l Lang, ok bool) {
	l = Lang(s)
	return l, slices.Contains(Langs, l)
}

// Text is a text in the three languages. An empty field means "not translated yet".
type Text struct {
	KK string `json:"kk,omitempty"`
	RU string `json:"ru,omitempty"`
	EN string `json:"en,omitempty"`
}

// In returns the text in l, falling back to the other languages (ru, en, kk) rather than showing nothing.
func (t Text) In(l Lang) string {
	for _, s := range []string{t.Exact(l), t.RU, t.EN, t.KK} {
		if s != "" {
			return s
		}
	}
	return ""
}

// Exact returns the text in l or "" when that translation is missing.
func (t Text) Exact(l Lang) string {
	switch l {
	case Kazakh:
		return t.KK
	case Russian:
		return t.RU
	case English:
		return t.EN
	}
	return ""
}

// Complete reports whether all three translations are present.
func (t Text) Complete() bool { return t.KK != "" && t.RU != "" && t.EN != "" }

// Same is a Text that reads alike in every language (codes, proper names).
func Same(s string) Text { return Text{KK: s, RU: s, EN: s} }

// String is the English text, for logs and tests; pages use In.
func (t Text) String() string { return t.In(English) }

// JSON returns the text as stored in a database column.
func (t Text) JSON() string {
	b, _ := json.Marshal(t) // three strings always marshal
	return string(b)
}

// ParseText reads what JSON wrote; an empty or damaged string gives the zero Text.
func ParseText(s string) Text {
	var t Text
	if s == "" || json.Unmarshal([]byte(s), &t) != nil {
		return Text{}
	}
	return t
}
