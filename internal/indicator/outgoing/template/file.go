package template

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"gopkg.in/yaml.v3"
)

// folder is where the files lie, in the program and in a node's data folder.
const folder = "outgoing"

// The parts of a file, as they are written.
type (
	file struct {
		Code     string    `yaml:"code"`
		Version  string    `yaml:"version"`
		From     int       `yaml:"from"`
		To       int       `yaml:"to"`
		Body     text      `yaml:"body"`
		Title    text      `yaml:"title"`
		Source   string    `yaml:"source"`
		Verified bool      `yaml:"verified"`
		Sheets   []rawPage `yaml:"sheets"`
	}
	rawPage struct {
		Name      string     `yaml:"name"`
		Title     text       `yaml:"title"`
		Treatment []int      `yaml:"treatment"` // sections of the treatment demand indicator: all their tables
		Tables    []rawTable `yaml:"tables"`
	}
	rawTable struct {
		ID       string `yaml:"id"`
		Title    text   `yaml:"title"`
		Note     text   `yaml:"note"`
		Verified bool   `yaml:"verified"`
		Text     bool   `yaml:"text"`
		Ask      ask    `yaml:"ask"`
		Rows     []axis `yaml:"rows"`
		Columns  []axis `yaml:"columns"`
	}
	// axis is one line, or the short form of several: exactly one of Code, Drugs, Sexes, Ages, Years is given.
	axis struct {
		Code  string   `yaml:"code"`
		Title text     `yaml:"title"`
		Ask   ask      `yaml:"ask"`
		Drugs []string `yaml:"drugs"`
		Sexes []string `yaml:"sexes"`
		Ages  []string `yaml:"ages"`
		Years int      `yaml:"years"` // the reporting year and those before, so many in all
	}
	ask  map[string]string
	text struct {
		KK string `yaml:"kk"`
		RU string `yaml:"ru"`
		EN string `yaml:"en"`
	}
)

func (t text) text() baqylau.Text { return baqylau.Text{KK: t.KK, RU: t.RU, EN: t.EN} }

// Load reads the shipped templates and those in dir, which take the place of shipped ones of the same file name, in order of their names. A damaged file is refused
// with its name and place. Code: Invalid.
func Load(dir string) (all []*Template, err error) {
	defer baqylau.Wrap(&err, "template.Load(%s)", dir)
	files := map[string][]byte{}
	sub, err := fs.Sub(data.FS, folder)
	if err != nil {
		return nil, err
	}
	if err := collect(sub, files); err != nil {
		return nil, err
	}
	if dir != "" {
		if err := collect(os.DirFS(dir), files); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	var names []string
	for n := range files {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		t, err := Parse(n, files[n])
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

func collect(from fs.FS, files map[string][]byte) error {
	names, err := fs.Glob(from, "*.yaml")
	if err != nil {
		return err
	}
	for _, n := range names {
		if files[n], err = fs.ReadFile(from, n); err != nil {
			return err
		}
	}
	return nil
}

// Parse reads one file; its name without the ending must be the template's code. Code: Invalid.
func Parse(name string, raw []byte) (*Template, error) {
	var f file
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, baqylau.E(baqylau.Invalid, "outgoing.template.read", "File", path.Join(folder, name)).Because(err)
	}
	r := reader{name: name}
	if f.Code == "" || f.Code+".yaml" != name || strings.ContainsAny(f.Code, "/ ") {
		return nil, r.bad("code", f.Code)
	}
	return r.template(&f)
}
