// Package compute runs the estimators of package epi on what a person enters: it reads the fields of a method, refuses what makes no sense with the field and the row, and
// returns all that is to be shown side by side. Pure: the same inputs give the same output, byte for byte, on every machine.
package compute

import (
	"slices"
	"strings"
)

// Engine names what computed an output. It is raised with every change of package epi or of this package that moves a figure; TestExamplesStayAsTheyAre fails until then.
const Engine = "epi/1"

// Kind is how a field is asked for.
type Kind string

// The kinds.
const (
	Number  Kind = "number" // a decimal number; Count demands whole ones of its own
	Text    Kind = "text"
	Rows    Kind = "rows" // lines of figures, pasted or from a file
	Choice  Kind = "choice"
	Tick    Kind = "tick"
	Percent Kind = "percent"
)

// Field is one thing that a method asks for; its label is the message estimate.field.<Name>.
type Field struct {
	Name     string
	Kind     Kind
	Optional bool
	Default  string
	Choices  []string
}

// Inputs are what was entered, by the name of the field.
type Inputs map[string]string

// Method is one way to estimate.
type Method struct {
	Code   string
	Fields []Field
	// Size says that the method estimates how many persons there are.
	Size bool
	// arguments are the fields by the names that package epi has for them.
	arguments map[string]string
	run       func(*reader) (Output, error)
}

// methods in the order of the page. Each has a file of its own.
var methods = []*Method{&logLinear, &twoLists, &multiplier, &scaleUp, &respondentDriven, &proportion, &rate, &mortality, &coverage, &wastewater}

// Methods lists all methods.
func Methods() []*Method { return slices.Clone(methods) }

// Of is the method with a code.
func Of(code string) (*Method, bool) {
	i := slices.IndexFunc(methods, func(m *Method) bool { return m.Code == code })
	if i < 0 {
		return nil, false
	}
	return methods[i], true
}

// Clean keeps the fields of the method, with line ends and spaces as they are stored, and puts in what an empty field means.
func (m *Method) Clean(in Inputs) Inputs {
	out := Inputs{}
	for _, f := range m.Fields {
		v := strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(in[f.Name], "\r\n", "\n"), "\r", "\n"))
		if v == "" {
			v = f.Default
		}
		if v != "" {
			out[f.Name] = v
		}
	}
	return out
}

// Run estimates. Code: Invalid, with the field and, for rows, the row.
func (m *Method) Run(in Inputs) (Output, error) {
	r := &reader{in: m.Clean(in)}
	for _, f := range m.Fields {
		if !f.Optional && f.Kind != Tick && r.in[f.Name] == "" {
			r.bad(f.Name, "error.required")
		}
		if v := r.in[f.Name]; f.Kind == Choice && v != "" && !slices.Contains(f.Choices, v) {
			r.bad(f.Name, "error.choice")
		}
	}
	if err := r.errs.OrNil(); err != nil {
		return Output{}, err
	}
	out, err := m.run(r)
	if es := r.errs.OrNil(); es != nil {
		return Output{}, es
	}
	if err != nil {
		return Output{}, refused(err, m.arguments)
	}
	return out, nil
}

// Seeded reports whether the method draws at random.
func (m *Method) Seeded() bool {
	return slices.ContainsFunc(m.Fields, func(f Field) bool { return f.Name == "seed" })
}

// level is the last field of methods that have intervals.
var level = Field{Name: "level", Kind: Percent, Default: "95"}

// draws and seed are those of methods that draw at random.
func random(draws string) []Field {
	return []Field{{Name: "draws", Kind: Number, Default: draws}, {Name: "seed", Kind: Number, Default: "1"}}
}

// always are arguments of package epi that all methods name alike.
var always = map[string]string{"level": "level", "draws": "draws"}

func field(argument string, of map[string]string) string {
	for _, m := range []map[string]string{of, always} {
		if f := m[argument]; f != "" {
			return f
		}
	}
	return ""
}
