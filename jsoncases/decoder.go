package jsoncases

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Decoder reads the objects of one case and keeps what is to be said of them.
type Decoder struct {
	// Warnings are what of the case was not used, such as a misspelt setting, one sentence each. They stop nothing.
	Warnings []string
	// Form is the name of the form of the cases, for example "epi-golden/1".
	Form string
	// Code is the Fault.Code of a case that is no case at all.
	Code string
	// Hint says more on a name that is not known, what stands before it being at; empty for what there is to say of any name. It may be nil.
	Hint func(at, name string) string
	// Known are the names that the case has been read for, such as "design.ids".
	Known []string
}

// Head is what every case has. It is embedded in the struct that a case is read into.
type Head struct {
	ID     string `json:"id"`
	Schema string
}

// Case reads a case into a struct that embeds head. The error is a *Fault; head then still has the id where it could be read. Ignored are names that are there for
// the reader of the file and that change nothing.
func (d *Decoder) Case(raw []byte, head *Head, into any, ignored ...string) error {
	raw = bytes.TrimSpace(raw)
	if !json.Valid(raw) {
		head.ID = idOf(raw)
		var whole json.RawMessage
		return d.fault("case", explain(raw, reflect.TypeOf(whole), json.Unmarshal(raw, &whole), d.Form))
	}
	if raw[0] != '{' {
		return d.fault("case", "is "+KindOf(raw)+", not a case; give one JSON object a case")
	}
	if err := d.Object(raw, into, d.Code, "", "", ignored...); err != nil {
		return err
	}
	if head.Schema != "" && head.Schema != d.Form {
		return d.fault("schema", fmt.Sprintf("is %q; give %q", head.Schema, d.Form))
	}
	return nil
}

func (d *Decoder) fault(field, say string) error {
	return &Fault{Code: d.Code, Field: field, Say: say}
}

// Object reads a JSON object into a struct over the defaults that it already holds. encoding/json would take a name in any case and pass
// over one that it does not know, which leaves a misspelt setting at its default without a word: so names are compared here, exactly,
// and those that nothing reads are warned of. A null leaves the default, as NULL does in R.
//
// The name of a field is its json tag, or its Go name with a small first letter. At is what stands before it in the file, such as
// "control."; whose is the method that knows it, empty for the case itself.
func (d *Decoder) Object(raw json.RawMessage, into any, code, at, whose string, ignored ...string) error {
	if !IsNull(raw) && raw[0] != '{' {
		return &Fault{Code: code, Field: strings.TrimSuffix(at, "."), Say: "is " + KindOf(raw) + "; give an object"}
	}
	given := Members(raw)
	to := reflect.ValueOf(into).Elem()
	var names []string
	var fault error
	for _, f := range reflect.VisibleFields(to.Type()) {
		if f.Anonymous {
			continue
		}
		name := nameOf(f)
		names = append(names, name)
		if value := given[name]; fault == nil && len(value) > 0 {
			fault = d.Value(value, to.FieldByIndex(f.Index).Addr().Interface(), code, at+name)
		}
	}
	d.Known = append(d.Known, prefixed(at, names)...)
	for name := range given {
		if !slices.Contains(names, name) && !slices.Contains(ignored, name) {
			d.Warn(d.unknown(name, at, whose, names))
		}
	}
	slices.Sort(d.Warnings) // a map has no order
	return fault
}

// Value reads one value, which stands in the file under the name that field says. A null leaves what is there.
func (d *Decoder) Value(raw json.RawMessage, to any, code, field string) error {
	if text, ok := to.(*json.RawMessage); ok {
		*text = raw
		return nil
	}
	if IsNull(raw) {
		return nil
	}
	if err := json.Unmarshal(raw, to); err != nil {
		say := explain(raw, reflect.TypeOf(to).Elem(), err, d.Form)
		return &Fault{Code: code, Field: field, Say: say}
	}
	return nil
}

func nameOf(f reflect.StructField) string {
	if tag := f.Tag.Get("json"); tag != "" {
		return tag
	}
	return strings.ToLower(f.Name[:1]) + f.Name[1:]
}

func prefixed(at string, names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = at + name
	}
	return out
}

// IsNull reports that a value is null or not there.
func IsNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// Warn notes once what of the case was not used.
func (d *Decoder) Warn(say string) {
	if !slices.Contains(d.Warnings, say) {
		d.Warnings = append(d.Warnings, say)
	}
}

// unknown is the warning about a name that nothing reads.
func (d *Decoder) unknown(name, at, whose string, names []string) string {
	say := at + Short(name) + " is not known"
	if whose != "" {
		say += " to " + whose
	}
	say += " and was not used"
	if d.Hint != nil {
		if hint := d.Hint(at, name); hint != "" {
			return say + "; " + hint
		}
	}
	if meant := Nearest(name, names); meant != "" {
		return say + "; did you mean " + meant + "?"
	}
	return say
}
