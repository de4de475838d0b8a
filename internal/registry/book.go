package registry

import (
	"slices"
	"strings"
	"sync"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry/recognise"
	"github.com/baqylau/baqylau/internal/web/ui"
)

// Book is an immutable snapshot of the registry, safe for concurrent use. Nothing it returns may be changed by the caller.
type Book struct {
	Version int64 // of the registry's change counter when it was read

	substances  []Substance // by name
	byID        map[string]*Substance
	byKey       map[string][]*Substance // InChIKey
	names       map[string][]Name       // of a substance, in page order
	familyNames map[string][]Name
	byName      map[string][]claim // compact fold of a name
	index       []entry            // every name, for search
	families    []Family
	byCode      map[string]*Family
	lines       map[string][]string // substance → its families, their ancestors and its effect groups
	statuses    map[string][]Status // substance
	generic     map[string][]Status // family
	regions     []Region
	byRegion    map[string]*Region
	places      map[string]place // country and bare name → codes
	periods     map[string][]Period
	countries   []Country
	sources     []Source
	population  map[string][]Population // by year
	outlines    map[string]func() *ui.Outlines
	lexicon     func() (*reader, error)
	searched    sync.Map // substance id or family code → SearchWords
}

// SearchWords is what a text is found by that names a substance (by id) or a family (by code): its names in every language, folded as locale.Fold does; "" for neither.
func (b *Book) SearchWords(key string) string {
	if key == "" {
		return ""
	}
	if v, ok := b.searched.Load(key); ok {
		return v.(string)
	}
	var names []string
	if s, ok := b.byID[key]; ok {
		names = []string{s.Name, s.Label.KK, s.Label.RU, s.Label.EN}
	} else if f, ok := b.byCode[key]; ok {
		names = []string{f.Name.KK, f.Name.RU, f.Name.EN}
	}
	words := locale.Fold(strings.Join(names, " "))
	b.searched.Store(key, words)
	return words
}

// claim is a substance's claim to a name.
type claim struct {
	substance *Substance
	preferred bool
	ambiguous bool
}

// Substances lists every substance in order of its preferred name.
func (b *Book) Substances() []Substance { return b.substances }

// Substance returns the substance with identifier id.
func (b *Book) Substance(id string) (*Substance, bool) {
	s, ok := b.byID[id]
	return s, ok
}

// ByInChIKey returns the substance with that standard InChIKey, if exactly one has it.
func (b *Book) ByInChIKey(key string) (*Substance, bool) {
	list := b.byKey[strings.ToUpper(strings.TrimSpace(key))]
	if len(list) != 1 {
		return nil, false
	}
	return list[0], true
}

// ByName returns the substance that name means without doubt: the one that has it as preferred name, else the only one that has
// it at all, in any language and script. A name that means several things gives none; Recognise asks then.
func (b *Book) ByName(name string) (*Substance, bool) {
	var found *Substance
	for _, c := range b.byName[compact(name)] {
		if c.preferred {
			return c.substance, true
		}
		if c.ambiguous || found != nil && found != c.substance {
			return nil, false
		}
		found = c.substance
	}
	return found, found != nil
}

// Names lists the names of a substance in page order: by kind, then language.
func (b *Book) Names(substanceID string) []Name { return b.names[substanceID] }

// AllFamilies lists families and effect groups in page order.
func (b *Book) AllFamilies() []Family { return b.families }

// Family returns the family or effect group with that code.
func (b *Book) Family(code string) (*Family, bool) {
	f, ok := b.byCode[code]
	return f, ok
}

// Families lists the codes of a substance's families, all their ancestors and its effect groups, without repetition.
func (b *Book) Families(substanceID string) []string { return b.lines[substanceID] }

// Ancestors lists a family's own code and those of the families above it.
func (b *Book) Ancestors(code string) []string {
	var list []string
	for f, ok := b.byCode[code]; ok && !slices.Contains(list, f.Code); f, ok = b.byCode[f.Parent] {
		list = append(list, f.Code)
	}
	return list
}

// InFamily reports whether a substance belongs to a family, directly or through its descendants.
func (b *Book) InFamily(substanceID, code string) bool {
	return slices.Contains(b.lines[substanceID], code)
}

// Statuses lists what laws say of a substance: by name first, then by the generic definitions of its families.
func (b *Book) Statuses(substanceID string) []Status {
	list := slices.Clone(b.statuses[substanceID])
	for _, f := range b.lines[substanceID] {
		list = append(list, b.generic[f]...)
	}
	return list
}

// StatusOn lists the statuses in force in a jurisdiction on a day, those by name first.
func (b *Book) StatusOn(substanceID, jurisdiction string, day baqylau.Date) []Status {
	var list []Status
	for _, s := range b.Statuses(substanceID) {
		if s.Jurisdiction == jurisdiction && s.InForce(day) {
			list = append(list, s)
		}
	}
	return list
}

// Source returns the source with that code.
func (b *Book) Source(code string) (*Source, bool) {
	i := slices.IndexFunc(b.sources, func(s Source) bool { return s.Code == code })
	if i < 0 {
		return nil, false
	}
	return &b.sources[i], true
}

// SourceByID returns the source with that identifier.
func (b *Book) SourceByID(id string) (*Source, bool) {
	i := slices.IndexFunc(b.sources, func(s Source) bool { return s.ID == id })
	if i < 0 {
		return nil, false
	}
	return &b.sources[i], true
}

// Sources lists every source in order of its code.
func (b *Book) Sources() []Source { return b.sources }

// Recognise reads a text. Keys of findings and questions are substance identifiers or, for classes, family codes.
func (b *Book) Recognise(text string) recognise.Result { return b.reader().recognise(text) }

// compact is the form in which names are compared: folded, without spaces.
func compact(s string) string { return strings.ReplaceAll(locale.Fold(s), " ", "") }
