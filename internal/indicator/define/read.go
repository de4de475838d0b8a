package define

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
)

// folder is where the files lie, in the program and in a node's data folder.
const folder = "indicators"

// Override puts the files in dir in the place of the shipped ones of the same name, if dir exists; a file with a further name that ends in codes.csv adds
// lists. It is called once at start. A damaged file is refused by name, line and column. Code: Invalid.
func Override(dir string) (err error) {
	defer baqylau.Wrap(&err, "define.Override(%s)", dir)
	if _, err := os.Stat(dir); err != nil {
		return nil
	}
	c, err := read(data.FS, os.DirFS(dir))
	if err != nil {
		return err
	}
	current.Store(c)
	return nil
}

// reader turns files into a catalogue.
type reader struct {
	shipped, own fs.FS
	c            *Catalogue
}

func read(shipped, own fs.FS) (*Catalogue, error) {
	sub, err := fs.Sub(shipped, folder)
	if err != nil {
		return nil, err
	}
	r := reader{sub, own, &Catalogue{byCode: map[string]*Indicator{}, lists: map[string][]Code{}, codes: map[string]map[string]*Code{}, words: map[string]map[string]string{},
		units: map[string]baqylau.Text{}, bands: map[string][]Band{}}}
	codes, err := r.named("codes.csv")
	if err != nil {
		return nil, err
	}
	for _, step := range []struct {
		files []string
		take  func(row) error
	}{{[]string{"units.csv"}, r.unit}, {codes, r.code}, {[]string{"indicators.csv"}, r.indicator}, {[]string{"age-bands.csv"}, r.band}, {[]string{"breaks.csv"}, r.breaks},
		{[]string{"rules.csv"}, r.rule}, {[]string{"form-1m.csv"}, r.column}} {
		for _, name := range step.files {
			if err := r.file(name, step.take); err != nil {
				return nil, err
			}
		}
	}
	r.index()
	return r.c, nil
}

// named lists the files whose name ends so, the node's own and the shipped ones.
func (r *reader) named(end string) ([]string, error) {
	var out []string
	for _, f := range []fs.FS{r.shipped, r.own} {
		if f == nil {
			continue
		}
		found, err := fs.Glob(f, "*"+end)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// row is a line of a file.
type row struct {
	file string
	line int
	head map[string]int
	cell []string
}

func (r row) at(column string) string {
	if i, ok := r.head[column]; ok {
		return strings.TrimSpace(r.cell[i])
	}
	return ""
}

func (r row) text(prefix string) baqylau.Text {
	return baqylau.Text{KK: r.at(prefix + "kk"), RU: r.at(prefix + "ru"), EN: r.at(prefix + "en")}
}

func (r row) yes(column string) bool { return r.at(column) == "yes" }

func (r row) bad(column string) error {
	return baqylau.E(baqylau.Invalid, "indicator.error.catalogue", "File", path.Join(folder, r.file), "Row", r.line, "Column", column, "Value", r.at(column)).On(fmt.Sprintf("%s:%d:%s", r.file, r.line, column))
}

// day reads a column that may be empty.
func (r row) day(column string) (baqylau.Date, error) {
	d, _, err := baqylau.ParseDate(r.at(column))
	if err != nil {
		return d, r.bad(column)
	}
	return d, nil
}

func (r *reader) file(name string, take func(row) error) error {
	raw, err := []byte(nil), fs.ErrNotExist
	if r.own != nil {
		raw, err = fs.ReadFile(r.own, name)
	}
	if err != nil {
		if raw, err = fs.ReadFile(r.shipped, name); err != nil {
			return err
		}
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		return baqylau.E(baqylau.Invalid, "indicator.error.catalogue_file", "File", path.Join(folder, name)).Because(fmt.Errorf("%s: %w", name, err))
	}
	if len(rows) == 0 {
		return baqylau.E(baqylau.Invalid, "indicator.error.catalogue_file", "File", path.Join(folder, name))
	}
	head := map[string]int{}
	for i, h := range rows[0] {
		head[strings.TrimSpace(h)] = i
	}
	for i, cells := range rows[1:] {
		if err := take(row{name, i + 2, head, cells}); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) unit(l row) error {
	if l.at("code") == "" || r.c.HasUnit(l.at("code")) {
		return l.bad("code")
	}
	r.c.units[l.at("code")] = l.text("")
	return nil
}

func (r *reader) code(l row) (err error) {
	c := Code{List: l.at("list"), Code: l.at("code"), Parent: l.at("parent"), Name: l.text(""), Verified: l.yes("verified"),
		Words: strings.FieldsFunc(l.at("words"), func(c rune) bool { return c == '|' })}
	if c.Code == "" || strings.ContainsAny(c.Code, "|;") {
		return l.bad("code")
	}
	if c.List == "" {
		return l.bad("list")
	}
	if c.Position, err = strconv.Atoi(l.at("position")); err != nil {
		return l.bad("position")
	}
	if c.From, err = l.day("valid_from"); err != nil {
		return err
	}
	if c.To, err = l.day("valid_to"); err != nil {
		return err
	}
	r.c.lists[c.List] = append(r.c.lists[c.List], c)
	return nil
}

func (r *reader) indicator(l row) (err error) {
	i := Indicator{Code: l.at("code"), Area: l.at("area"), Kind: Kind(l.at("kind")), Unit: l.at("unit"), Span: Span(l.at("time")), Persons: l.yes("persons"), Name: l.text(""),
		Meaning: l.text("text_"), Verified: l.yes("verified")}
	switch {
	case i.Code == "" || strings.ContainsAny(i.Code, "|;=/") || r.c.byCode[i.Code] != nil:
		return l.bad("code")
	case !slices.Contains(Kinds, i.Kind):
		return l.bad("kind")
	case i.Span != Flow && i.Span != Stock && i.Span != Study:
		return l.bad("time")
	case !r.c.HasUnit(i.Unit):
		return l.bad("unit")
	case !slices.ContainsFunc(r.c.lists["area"], func(c Code) bool { return c.Code == i.Area }):
		return l.bad("area")
	}
	if i.From, err = l.day("valid_from"); err != nil {
		return err
	}
	if i.To, err = l.day("valid_to"); err != nil {
		return err
	}
	r.c.indicators = append(r.c.indicators, i)
	r.c.byCode[i.Code] = &i
	return nil
}

func (r *reader) band(l row) error {
	b, ok := ParseAge(l.at("code"))
	if !ok {
		return l.bad("code")
	}
	b.Verified = l.yes("verified")
	r.c.bands[l.at("scheme")] = append(r.c.bands[l.at("scheme")], b)
	return nil
}

func (r *reader) breaks(l row) (err error) {
	b := Break{Indicator: l.at("indicator"), Place: l.at("place"), Reason: l.text(""), Source: l.at("source"), Verified: l.yes("verified")}
	if b.On, err = l.day("on"); err != nil || b.On.IsZero() {
		return l.bad("on")
	}
	if b.Indicator != "*" && r.c.byCode[b.Indicator] == nil {
		return l.bad("indicator")
	}
	r.c.breaks = append(r.c.breaks, b)
	return nil
}

func (r *reader) rule(l row) (err error) {
	u := Rule{Name: l.at("rule"), First: l.at("first"), Second: l.at("second"), Whole: l.at("whole")}
	if !slices.Contains([]string{"order", "part", "sums", "needs", "share", "rate", "balance"}, u.Name) {
		return l.bad("rule")
	}
	for _, c := range [][2]string{{"first", u.First}, {"second", u.Second}} {
		if r.c.byCode[c[1]] == nil {
			return l.bad(c[0])
		}
	}
	if u.Name == "share" || u.Name == "rate" || u.Name == "balance" {
		if r.c.byCode[u.Whole] == nil {
			return l.bad("whole")
		}
	}
	if u.Name == "share" || u.Name == "rate" {
		if u.Base, err = strconv.ParseFloat(l.at("base"), 64); err != nil || u.Base <= 0 {
			return l.bad("base")
		}
	}
	r.c.rules = append(r.c.rules, u)
	return nil
}

func (r *reader) column(l row) (err error) {
	f := FormColumn{Section: l.at("section"), Indicator: l.at("indicator"), Breakdown: l.at("breakdown"), Sex: l.at("sex"), Age: l.at("age"), Title: l.at("title_ru")}
	if f.Column, err = strconv.Atoi(l.at("column")); err != nil {
		return l.bad("column")
	}
	if r.c.byCode[f.Indicator] == nil {
		return l.bad("indicator")
	}
	r.c.form = append(r.c.form, f)
	return nil
}

// index makes what is asked for by code and by word.
func (r *reader) index() {
	c := r.c
	for name, list := range c.lists {
		slices.SortStableFunc(list, func(a, b Code) int { return a.Position - b.Position })
		codes, words := map[string]*Code{}, map[string]string{}
		for i := range list {
			e := &list[i]
			codes[e.Code] = e
			for _, w := range append([]string{e.Name.KK, e.Name.RU, e.Name.EN}, e.Words...) {
				if w = strings.ToLower(strings.TrimSpace(w)); w != "" && words[w] == "" {
					words[w] = e.Code
				}
			}
		}
		for code := range codes { // a code means itself, whatever another entry is called
			words[strings.ToLower(code)] = code
		}
		c.codes[name], c.words[name] = codes, words
	}
	c.unitWords = map[string]string{}
	for code, name := range c.units {
		for _, w := range []string{code, name.KK, name.RU, name.EN} {
			c.unitWords[strings.ToLower(w)] = code
		}
	}
	slices.SortStableFunc(c.breaks, func(a, b Break) int { return strings.Compare(a.On.String(), b.On.String()) })
}
