package adx

import (
	"bufio"
	"encoding/xml"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

// Value is one figure to be written.
type Value struct {
	DataElement, OrgUnit string // required
	DataSet              string
	Period               interchange.Period
	By                   map[string]string // disaggregations: attribute → code, as {"SEX": "F"}; the names are those of the receiver's categories
	interchange.Figure
	Note string // free text; it stands in the annotation, behind what the figure says beside its value
}

// sameGroup reports whether two values may stand in one group.
func (v Value) sameGroup(o Value) bool {
	return v.DataSet == o.DataSet && v.OrgUnit == o.OrgUnit && v.Period == o.Period
}

// check refuses what the format cannot say.
func (v Value) check() error {
	if err := v.Check(); err != nil {
		return err
	}
	if !v.Period.Valid() {
		return baqylau.E(baqylau.Invalid, "interchange.write.period", "value", v.Period.Start.String()+"/"+v.Period.End.String())
	}
	if v.DataElement == "" || v.OrgUnit == "" {
		return baqylau.E(baqylau.Invalid, "interchange.write.code", "value", v.DataElement+" "+v.OrgUnit)
	}
	texts := []string{v.DataElement, v.OrgUnit, v.DataSet, v.Note}
	for name, code := range v.By {
		if !isName(name) || code == "" || slices.Contains(slices.Concat(first, last, interchange.Computed), name) {
			return baqylau.E(baqylau.Invalid, "interchange.write.code", "value", interchange.Clip(name+" "+code))
		}
		texts = append(texts, code)
	}
	return interchange.Plain(texts...)
}

// isName reports whether a text can be the name of an attribute: letters, digits, point, hyphen and underline, not beginning with one of the
// signs or with "xml".
func isName(s string) bool {
	if s == "" || strings.HasPrefix(strings.ToLower(s), "xml") {
		return false
	}
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r >= 0xC0 && r != 0xD7 && r != 0xF7 && r < 0x300
		if !letter && (i == 0 || !(r >= '0' && r <= '9') && r != '-' && r != '.') {
			return false
		}
	}
	return true
}

// Write writes a document. Values of one data set, place and period that follow one another share a group. The output is the same for the
// same values. A document of absences alone has no group, which the schema asks for.
//
// Errors are Invalid with the number of the value, from 1, as "row": a figure that contradicts itself, a code that is missing, an attribute
// that cannot be named so, a text that no format carries; or those of w. What has been written until then is no document.
func Write(w io.Writer, exported time.Time, values iter.Seq[Value]) error {
	out := writer{bufio.NewWriter(w)}
	out.text(xml.Header + `<adx xmlns="` + namespace + `"`)
	out.attribute("exported", exported.UTC().Format("2006-01-02T15:04:05Z"))
	out.text(">\n")
	var group *Value
	n := 0
	for v := range values {
		n++
		if err := v.check(); err != nil {
			return interchange.AtRow(err, n)
		}
		switch {
		case v.Absence != "":
			out.absent(v)
			continue
		case group == nil || !v.sameGroup(*group):
			out.end(group)
			out.text("  <group")
			out.group(v)
			out.text(">\n")
			group = &v
		}
		out.value(v)
	}
	out.end(group)
	out.text("</adx>\n")
	return out.Flush()
}

// writer keeps its first error until Flush.
type writer struct{ *bufio.Writer }

func (w writer) text(s string) { _, _ = w.WriteString(s) }

func (w writer) attribute(name, text string) {
	if text != "" {
		w.text(" " + name + `="`)
		_ = xml.EscapeText(w, []byte(text))
		w.text(`"`)
	}
}

func (w writer) end(group *Value) {
	if group != nil {
		w.text("  </group>\n")
	}
}

func (w writer) group(v Value) {
	w.attribute("dataSet", v.DataSet)
	w.attribute("period", v.Period.Interval())
	w.attribute("orgUnit", v.OrgUnit)
}

func (w writer) by(v Value) {
	w.attribute("dataElement", v.DataElement)
	for _, name := range slices.Sorted(maps.Keys(v.By)) {
		w.attribute(name, v.By[name])
	}
}

func (w writer) value(v Value) {
	w.text("    <dataValue")
	w.by(v)
	w.attribute("value", v.Value)
	note := interchange.Note(v.Figure, v.Note)
	if note == "" {
		w.text("/>\n")
		return
	}
	w.text("><annotation>")
	_ = xml.EscapeText(w, []byte(note))
	w.text("</annotation></dataValue>\n")
}

func (w writer) absent(v Value) {
	w.text("    <?" + absent)
	w.group(v)
	w.by(v)
	w.attribute("annotation", interchange.Note(v.Figure, v.Note))
	w.text("?>\n")
}
