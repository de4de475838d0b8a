package tdi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
)

// Leaf is a drug that the country counts by itself and the protocol does not: mephedrone among the synthetic cathinones, pregabalin among the other sedatives. In the
// tables it counts under its protocol code; which one may change from year to year.
type Leaf struct {
	Code      string // "mephedrone"
	Protocol  Code
	From, To  int    // years of treatment, inclusive; 0: open
	Substance string // preferred name in the registry, if it has one
	Name      baqylau.Text
	Verified  bool
	words     []string
}

func (w *words) leaf(at func(string) string) (err error) {
	l := Leaf{Code: at("leaf"), Substance: at("substance"), Name: baqylau.Text{KK: at("kk"), RU: at("ru"), EN: at("en")}, Verified: at("verified") == "yes",
		words: strings.FieldsFunc(at("words"), func(r rune) bool { return r == '|' })}
	var ok bool
	if l.Protocol, ok = Drugs.Parse(at("code")); !ok || l.Code == "" || at("code") == "" || strings.ContainsAny(l.Code, "/:;|") {
		return fmt.Errorf("leaf %q with code %q", l.Code, at("code"))
	}
	if l.From, err = year(at("from_year")); err != nil {
		return err
	}
	if l.To, err = year(at("to_year")); err != nil {
		return err
	}
	n := len(w.leaves)
	w.leaves = append(w.leaves, l)
	for _, name := range append([]string{l.Code, l.Substance, l.Name.KK, l.Name.RU, l.Name.EN}, l.words...) {
		if name = fold(name); name != "" && !slices.Contains(w.byName[name], n) {
			w.byName[name] = append(w.byName[name], n)
		}
	}
	return nil
}

// In reports whether the leaf's code holds in a year.
func (l *Leaf) In(year int) bool {
	return (l.From == 0 || year >= l.From) && (l.To == 0 || year <= l.To)
}

// Leaves are the national leaves of a year.
func Leaves(year int) (ls []Leaf) {
	for _, l := range loaded.Load().leaves {
		if l.In(year) {
			ls = append(ls, l)
		}
	}
	return ls
}

// LeafName is what a leaf is called, or its code.
func LeafName(lang baqylau.Lang, code string) string {
	for _, l := range loaded.Load().leaves {
		if l.Code == code {
			return l.Name.In(lang)
		}
	}
	return code
}

// Drug reads what a case file or a form says for a drug: a code of the list, a national leaf, or one of its names. The leaf's code is that of the year of
// treatment.
func Drug(s string, year int) (c Code, leaf string, ok bool) {
	if c, ok := Drugs.Parse(strings.TrimSpace(s)); ok {
		return c, "", true
	}
	w := loaded.Load()
	for _, i := range w.byName[fold(s)] {
		if l := &w.leaves[i]; l.In(year) {
			return l.Protocol, l.Code, true
		}
	}
	return 0, "", false
}

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
