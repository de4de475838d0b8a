// Package codelist reads the shipped code lists (data/codelists): dated, trilingual, in the order in which forms offer them. Lists
// whose source could not be read carry verified=no there; a node may replace a list by a file of the same name in its data folder.
package codelist

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
)

// Code is one entry of a list.
type Code struct {
	Code     string
	Name     baqylau.Text
	From, To baqylau.Date // zero: open
	Verified bool
	Words    []string // what files say for it besides its names: column words, separated by |
}

var lists atomic.Pointer[map[string][]Code]

func init() {
	m, err := read(data.FS, "codelists")
	if err != nil {
		panic(err) // the lists are compiled in and tested
	}
	lists.Store(&m)
}

// Override replaces shipped lists by the files in dir, if it exists. It is called once at start. A damaged file is refused by name.
func Override(dir string) (err error) {
	defer baqylau.Wrap(&err, "codelist.Override(%s)", dir)
	if _, err := os.Stat(dir); err != nil {
		return nil
	}
	own, err := read(os.DirFS(filepath.Dir(dir)), filepath.Base(dir))
	if err != nil {
		return err
	}
	m := *lists.Load()
	next := make(map[string][]Code, len(m))
	for k, v := range m {
		next[k] = v
	}
	for k, v := range own {
		next[k] = v
	}
	lists.Store(&next)
	return nil
}

// Values returns the entries of a list ("place-type") in order; nil for an unknown list.
func Values(list string) []Code { return (*lists.Load())[list] }

// Codes returns the bare codes of a list.
func Codes(list string) []string {
	vs := Values(list)
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = v.Code
	}
	return out
}

// Words is what people write for the codes of a list: their names in three languages and other words, in lower case, and the code that each means.
func Words(list string) map[string]string {
	out := map[string]string{}
	for _, c := range Values(list) {
		for _, l := range baqylau.Langs {
			out[strings.ToLower(c.Name.In(l))] = c.Code
		}
		for _, w := range c.Words {
			out[strings.ToLower(w)] = c.Code
		}
	}
	return out
}

// Has reports whether code is in the list.
func Has(list, code string) bool {
	return slices.ContainsFunc(Values(list), func(c Code) bool { return c.Code == code })
}

// Label is the name of a code in language l, or the code itself when the list does not know it.
func Label(l baqylau.Lang, list, code string) string {
	for _, c := range Values(list) {
		if c.Code == code {
			return c.Name.In(l)
		}
	}
	return code
}

func read(fsys fs.FS, dir string) (map[string][]Code, error) {
	files, err := fs.Glob(fsys, dir+"/*.csv")
	if err != nil {
		return nil, err
	}
	m := map[string][]Code{}
	for _, name := range files {
		f, err := fsys.Open(name)
		if err != nil {
			return nil, err
		}
		rows, err := csv.NewReader(f).ReadAll()
		_ = f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		codes, err := parse(rows)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		m[strings.TrimSuffix(filepath.Base(name), ".csv")] = codes
	}
	return m, nil
}

func parse(rows [][]string) ([]Code, error) {
	if len(rows) == 0 || !slices.Contains(rows[0], "code") {
		return nil, nil // a table of another shape, such as family-of-class
	}
	at := func(row []string, column string) string {
		if i := slices.Index(rows[0], column); i >= 0 && i < len(row) {
			return row[i]
		}
		return ""
	}
	var codes []Code
	for _, r := range rows[1:] {
		c := Code{Code: at(r, "code"), Name: baqylau.Text{KK: at(r, "name_kk"), RU: at(r, "name_ru"), EN: at(r, "name_en")}, Verified: at(r, "verified") == "yes",
			Words: strings.FieldsFunc(at(r, "words"), func(c rune) bool { return c == '|' })}
		var err error
		if c.From, _, err = baqylau.ParseDate(at(r, "valid_from")); err != nil {
			return nil, err
		}
		if c.To, _, err = baqylau.ParseDate(at(r, "valid_to")); err != nil {
			return nil, err
		}
		codes = append(codes, c)
	}
	return codes, nil
}
