package recognise

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Load builds the lexicon of the shipped data. fsys is rooted at data/substances of the project.
func Load(fsys fs.FS) (*Lexicon, error) {
	entries, ambiguous, err := Read(fsys)
	if err != nil {
		return nil, err
	}
	return New(entries, ambiguous...), nil
}

// Read returns the shipped names as entries, for callers that merge them with names of their own. Keys are preferred names.
func Read(fsys fs.FS) ([]Entry, []Ambiguous, error) {
	r := reader{fsys: fsys, at: map[string]int{}}
	r.each("substances.csv", r.substance)
	r.each("additions.csv", r.substance)
	r.each("recognition/substances.csv", r.extra)
	r.each("recognition/classes.csv", r.class)
	r.each("substances-ru.csv", r.russian)
	r.each("names-kk-ru.csv", r.translated)
	r.each("recognition/names.csv", r.name)
	r.each("recognition/antidotes.csv", r.antidote)
	r.each("substances-ambiguous-names.csv", r.shared)
	r.each("recognition/questions.csv", r.question)
	if r.err != nil {
		return nil, nil, r.err
	}
	kept := r.entries[:0]
	for _, e := range r.entries {
		if !r.dropped[e.Key] {
			kept = append(kept, e)
		}
	}
	return kept, r.ambiguous, nil
}

type reader struct {
	fsys      fs.FS
	entries   []Entry
	ambiguous []Ambiguous
	at        map[string]int
	dropped   map[string]bool
	err       error
}

// row is a CSV line by column name.
type row map[string]string

// each calls f for every line of the file.
func (r *reader) each(name string, f func(row) error) {
	if r.err != nil {
		return
	}
	file, err := r.fsys.Open(name)
	if err != nil {
		r.err = fmt.Errorf("recognise: %w", err)
		return
	}
	defer file.Close()
	in := csv.NewReader(file)

	head, err := in.Read()
	for err == nil {
		var line []string
		if line, err = in.Read(); err != nil {
			break
		}
		x := row{}
		for i, h := range head {
			x[h] = line[i]
		}
		if e := f(x); e != nil {
			n, _ := in.FieldPos(0)
			err = fmt.Errorf("line %d: %w", n, e)
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = fmt.Errorf("recognise: %s: %w", name, err)
	}
}

func (r *reader) put(e Entry) error {
	if _, ok := r.at[e.Key]; ok {
		return fmt.Errorf("%q is listed twice", e.Key)
	}
	r.at[e.Key] = len(r.entries)
	r.entries = append(r.entries, e)
	return nil
}

func (r *reader) substance(x row) error {
	e := Entry{Key: x["preferred_name"], Preferred: x["preferred_name"], InChIKey: x["inchikey"]}
	for _, n := range split(x["synonyms"]) {
		e.Names = append(e.Names, Name{Text: n})
	}
	return r.put(e)
}

func (r *reader) extra(x row) error {
	e := Entry{Key: x["preferred_name"], Preferred: x["preferred_name"], InChIKey: x["inchikey"]}
	for _, n := range split(x["names"]) {
		e.Names = append(e.Names, Name{Text: n, Curated: true})
	}
	return r.put(e)
}

// class adds a class; the rows of substances.csv that stand for it are dropped, since a class is not a substance.
func (r *reader) class(x row) error {
	e := Entry{Key: x["class"], Preferred: x["class"], Class: true}
	for _, col := range []string{"en", "ru", "kk"} {
		for _, n := range split(x[col]) {
			e.Names = append(e.Names, Name{Text: n, Use: Prose, Curated: true})
		}
	}
	for _, n := range split(x["replaces"]) {
		if _, ok := r.at[n]; !ok {
			return fmt.Errorf("replaces %q, which is not listed", n)
		}
		if r.dropped == nil {
			r.dropped = map[string]bool{}
		}
		r.dropped[n] = true
	}
	return r.put(e)
}

func (r *reader) russian(x row) error {
	for _, n := range split(x["names_ru"]) {
		n, _, slang := strings.Cut(n, " (")
		if slang {
			continue // slang is listed with its confidence in names.csv and questions.csv
		}
		if err := r.give(x["preferred_name"], Name{Text: n, Curated: true}); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) translated(x row) error {
	for _, n := range append([]string{x["name_kk"], x["name_ru"]}, split(x["synonyms_ru"])...) {
		if n == "" {
			continue
		}
		if err := r.give(x["preferred_name"], Name{Text: n, Curated: true}); err != nil {
			return err
		}
	}
	return nil
}

var uses = map[string]Use{"": Auto, "prose": Prose, "exact": Exact, "cases": Cases, "upper": Upper, "alone": Alone, "never": Never}

// name adds a spelling to a substance or class, or to several at once when it names them together.
func (r *reader) name(x row) error {
	use, ok := uses[x["use"]]
	if !ok {
		return fmt.Errorf("unknown use %q", x["use"])
	}
	if strings.Contains(x["substance"], "|") {
		return r.together(x["name"], use, split(x["substance"]))
	}
	return r.give(x["substance"], Name{Text: x["name"], Use: use, Curated: true})
}

func (r *reader) give(key string, n Name) error {
	i, ok := r.at[key]
	if !ok {
		return fmt.Errorf("no substance or class %q", key)
	}
	names := r.entries[i].Names
	for j := range names {
		if names[j].Text == n.Text {
			names[j] = n
			return nil
		}
	}
	r.entries[i].Names = append(names, n)
	return nil
}

func (r *reader) antidote(x row) error {
	i, ok := r.at[x["substance"]]
	if !ok {
		return fmt.Errorf("no substance %q", x["substance"])
	}
	r.entries[i].Antidote = true
	return nil
}

func (r *reader) together(name string, use Use, keys []string) error {
	for _, k := range keys {
		if _, ok := r.at[k]; !ok {
			return fmt.Errorf("no substance or class %q", k)
		}
	}
	r.ambiguous = append(r.ambiguous, Ambiguous{Name: name, Use: use, Candidates: keys, All: true})
	return nil
}

// shared reads names that sources give to several substances. They do not outrank a preferred name of the same spelling.
func (r *reader) shared(x row) error {
	for _, k := range split(x["substances"]) {
		if i, ok := r.at[k]; ok {
			r.entries[i].Names = append(r.entries[i].Names, Name{Text: x["name"]})
		}
	}
	return nil
}

func (r *reader) question(x row) error {
	use, ok := uses[x["use"]]
	if !ok {
		return fmt.Errorf("unknown use %q", x["use"])
	}
	for _, k := range split(x["candidates"]) {
		if _, ok := r.at[k]; !ok {
			return fmt.Errorf("no substance or class %q", k)
		}
	}
	r.ambiguous = append(r.ambiguous, Ambiguous{Name: x["name"], Use: use, Candidates: split(x["candidates"])})
	return nil
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}
