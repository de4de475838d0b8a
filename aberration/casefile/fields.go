package casefile

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/baqylau/baqylau/aberration"
)

// fields reads a JSON object into a struct over the defaults that it already holds. encoding/json would take a name in any case and pass
// over one that it does not know, which leaves a misspelt setting at its default without a word: so names are compared here, exactly,
// and those that nothing reads are warned of. A null leaves the default, as NULL does in R.
//
// The name of a field is its json tag, or its Go name with a small first letter. At is what stands before it in the file, such as
// "control."; whose is the method that knows it, empty for the case itself.
func (c *Case) fields(raw json.RawMessage, into any, code aberration.Reason, at, whose string, ignored ...string) error {
	if !isNull(raw) && raw[0] != '{' {
		return &Fault{Code: code, Field: strings.TrimSuffix(at, "."), Say: "is " + kindOf(raw) + "; give an object"}
	}
	given := members(raw)
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
			fault = read(value, to.FieldByIndex(f.Index).Addr().Interface(), code, at+name)
		}
	}
	c.names = append(c.names, prefixed(at, names)...)
	for name := range given {
		if !slices.Contains(names, name) && !slices.Contains(ignored, name) {
			c.warn(unknown(name, at, whose, names))
		}
	}
	slices.Sort(c.Warnings) // a map has no order
	return fault
}

// read puts one value into a field.
func read(raw json.RawMessage, to any, code aberration.Reason, field string) error {
	if text, ok := to.(*json.RawMessage); ok {
		*text = raw
		return nil
	}
	if isNull(raw) {
		return nil
	}
	if err := json.Unmarshal(raw, to); err != nil {
		say := explain(raw, reflect.TypeOf(to).Elem(), err)
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

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// settings reads the control object over the defaults that into already holds. Ignored are names that the reference cases have for the
// reader and that change nothing; R's arguments about its own way of working are known to all methods.
func (c *Case) settings(into any, ignored ...string) error {
	return c.fields(c.control, into, aberration.InvalidSettings, "control.", c.Method, append(ignored, "verbose", "plot", "glmWarnings", "fitFun", "dfun")...)
}

// warn notes once what of the case was not used.
func (c *Case) warn(say string) {
	if !slices.Contains(c.Warnings, say) {
		c.Warnings = append(c.Warnings, say)
	}
}

// unknown is the warning about a name that nothing reads.
func unknown(name, at, whose string, names []string) string {
	say := at + short(name) + " is not known"
	if whose != "" {
		say += " to " + whose
	}
	say += " and was not used"
	switch meant := nearest(name, names); {
	case at == "control." && name == "range":
		return say + "; range stands beside control, not in it"
	case at == "control." && name == "hValues":
		return say + "; give its columns as h_table_theta0 and h_table_h"
	case meant != "":
		return say + "; did you mean " + meant + "?"
	}
	return say
}

// nearest is the name that was probably meant: the one with the fewest letters to change, as long as they are at most two in five, or one
// that the written name begins. Capitals and underscores do not count. It is empty where there is none.
func nearest(name string, names []string) (meant string) {
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer("_", "", ".", "", "-", "").Replace(s))
	}
	if len(name) > 64 {
		return ""
	}
	written, least := plain(name), 0
	for _, n := range names {
		p := plain(n)
		d := distance(written, p)
		if 5*d > 2*max(len(written), len(p)) {
			if len(written) < 3 || !strings.HasPrefix(p, written) {
				continue
			}
			d = 64 // only where nothing else is near
		}
		if meant == "" || d < least {
			meant, least = n, d
		}
	}
	return meant
}

// distance is Levenshtein's: the least number of letters to put in, take out or change, by the usual table of which one row is kept.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
