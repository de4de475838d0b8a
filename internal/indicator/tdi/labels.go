package tdi

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
)

// The files of the node's data folder, or of data/indicators where it has none.
const (
	codesFile  = "tdi-codes.csv"
	leavesFile = "tdi-leaves.csv"
)

// words are what the lists say in three languages, and the national leaves.
type words struct {
	labels map[string]baqylau.Text // "list/code"
	leaves []Leaf
	byName map[string][]int // folded names of leaves
}

var loaded atomic.Pointer[words]

func init() {
	sub, err := fs.Sub(data.FS, "indicators")
	if err == nil {
		err = load(sub, sub)
	}
	if err != nil {
		panic(err) // the files are compiled in and tested
	}
}

// Override reads the files of the same name in dir instead of the shipped ones, where they are there. It is called once at start; a damaged file is refused by name.
func Override(dir string) (err error) {
	defer baqylau.Wrap(&err, "tdi.Override(%s)", dir)
	sub, err := fs.Sub(data.FS, "indicators")
	if err != nil {
		return err
	}
	return load(os.DirFS(dir), sub)
}

func load(own, shipped fs.FS) error {
	w := &words{labels: map[string]baqylau.Text{}, byName: map[string][]int{}}
	if err := each(own, shipped, codesFile, func(at func(string) string) error {
		w.labels[at("list")+"/"+at("code")] = baqylau.Text{KK: at("kk"), RU: at("ru"), EN: at("en")}
		return nil
	}); err != nil {
		return err
	}
	if err := each(own, shipped, leavesFile, w.leaf); err != nil {
		return err
	}
	loaded.Store(w)
	return nil
}

// each reads the rows of a CSV file with a header line.
func each(own, shipped fs.FS, name string, row func(at func(column string) string) error) error {
	f, err := own.Open(name)
	if os.IsNotExist(err) {
		f, err = shipped.Open(name)
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 {
		return fmt.Errorf("%s: no table: %w", name, err)
	}
	for i, r := range rows[1:] {
		at := func(column string) string {
			for j, h := range rows[0] {
				if h == column {
					return strings.TrimSpace(r[j])
				}
			}
			return ""
		}
		if err := row(at); err != nil {
			return fmt.Errorf("%s line %d: %w", name, i+2, err)
		}
	}
	return nil
}

// Label is what a code of a list is called in l, or the code itself where nobody named it.
func Label(l baqylau.Lang, list, code string) string {
	if t, ok := loaded.Load().labels[list+"/"+code]; ok {
		return t.In(l)
	}
	return code
}

// In is the name of an answer to item i.
func (i Item) In(l baqylau.Lang, c Code) string { return Label(l, i.List().Name, i.List().String(c)) }

// In is the name of a line: drugs carry their number, as in the template.
func (l Line) In(lang baqylau.Lang) string {
	name := Label(lang, l.List, l.Code)
	if l.List == Drugs.Name && l.Code != "99" {
		return l.Code + " " + name
	}
	return name
}

func year(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	return strconv.Atoi(s)
}
