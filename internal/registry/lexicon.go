package registry

import (
	"io/fs"
	"log/slog"
	"slices"

	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/registry/recognise"
)

// reader is the lexicon with the meaning of its keys.
type reader struct {
	lexicon *recognise.Lexicon
	family  map[string]string // class → family code
}

// newReader merges the names that are shipped for recognition, with the care taken over them (where a name may be recognised,
// which ones are ordinary words), with those that people of the centre have added.
func (b *Book) newReader() (*reader, error) {
	sub, err := fs.Sub(data.FS, "substances")
	if err != nil {
		return nil, err
	}
	entries, ambiguous, err := recognise.Read(sub)
	if err != nil {
		return nil, err
	}
	r := &reader{}
	if r.family, err = classFamilies(data.FS); err != nil {
		return nil, err
	}
	ids := make(map[string]string, len(entries)) // shipped name → key
	kept := entries[:0]
	for _, e := range entries {
		switch s, ok := b.shipped(e.Preferred); {
		case e.Class:
			ids[e.Key] = e.Key
			r.family[e.Key] = firstOf(r.family[e.Key], other)
		case ok:
			ids[e.Key], e.Key, e.Preferred = s.ID, s.ID, s.Name
			e.Names = append(slices.Clip(e.Names), recognise.Name{Text: s.Label.RU}, recognise.Name{Text: s.Label.KK}) // what pages show
		default:
			continue // not in this database: removed, or not yet seeded
		}
		kept = append(kept, e)
	}
	for i, a := range ambiguous {
		var keys []string
		for _, c := range a.Candidates {
			if id, ok := ids[c]; ok {
				keys = append(keys, id)
			}
		}
		ambiguous[i].Candidates = keys
	}
	kept, added := b.addNames(kept, r.family)
	r.lexicon = recognise.New(kept, append(ambiguous, added...)...)
	return r, nil
}

// shipped finds a substance by the name it was shipped under, even if it was renamed since.
func (b *Book) shipped(name string) (*Substance, bool) {
	if s, ok := b.byID[shippedID("substance:"+name)]; ok {
		return s, true
	}
	return b.ByName(name)
}

// addNames adds the names of people: to their substance, or as a question when they are marked ambiguous or claimed by several.
func (b *Book) addNames(entries []recognise.Entry, family map[string]string) ([]recognise.Entry, []recognise.Ambiguous) {
	at := make(map[string]int, len(entries))
	for i, e := range entries {
		at[e.Key] = i
	}
	for i := range b.substances {
		s := &b.substances[i]
		if _, ok := at[s.ID]; !ok {
			at[s.ID] = len(entries)
			entries = append(entries, recognise.Entry{Key: s.ID, Preferred: s.Name, InChIKey: s.InChIKey})
		}
	}
	var questions []recognise.Ambiguous
	asked := map[string]bool{}
	put := func(key string, n Name) {
		if n.Shipped {
			return
		}
		if !n.Ambiguous {
			e := &entries[at[key]]
			e.Names = append(e.Names, recognise.Name{Text: n.Text, Curated: true})
			return
		}
		if c := compact(n.Text); !asked[c] {
			asked[c] = true
			questions = append(questions, recognise.Ambiguous{Name: n.Text, Candidates: b.candidates(c)})
		}
	}
	for id, names := range b.names {
		for _, n := range names {
			put(id, n)
		}
	}
	for code, names := range b.familyNames {
		if _, ok := at[code]; !ok {
			at[code] = len(entries)
			family[code] = code
			entries = append(entries, recognise.Entry{Key: code, Preferred: b.byCode[code].Name.EN, Class: true})
		}
		for _, n := range names {
			put(code, n)
		}
	}
	return entries, questions
}

// candidates lists the substances that bear a name.
func (b *Book) candidates(folded string) []string {
	var keys []string
	for _, c := range b.byName[folded] {
		keys = append(keys, c.substance.ID)
	}
	return keys
}

// reader returns the lexicon, built once per Book. The shipped files are part of the program and tested with it, so a failure
// can only be a damaged build: it is logged and nothing is recognised, and every text becomes a question to a person.
func (b *Book) reader() *reader {
	r, err := b.lexicon()
	if err != nil {
		slog.Error("lexicon", "error", err.Error())
		return &reader{lexicon: recognise.New(nil)}
	}
	return r
}

func (r *reader) recognise(text string) recognise.Result {
	res := r.lexicon.Recognise(text)
	for i, f := range res.Findings {
		if code, ok := r.family[f.Key]; ok {
			res.Findings[i].Key = code
		}
	}
	for _, q := range res.Questions {
		for i, k := range q.Keys {
			if code, ok := r.family[k]; ok {
				q.Keys[i] = code
			}
		}
	}
	return res
}
