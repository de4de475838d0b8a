package dhis2

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

// Set is what is said once of all data values. Everything may be empty.
type Set struct {
	DataSet      string
	CompleteDate baqylau.Date
}

// Value is one figure to be written. Codes are those of the receiving DHIS2, in whatever scheme it was told to expect.
type Value struct {
	DataElement, OrgUnit                      string // required
	Period                                    interchange.Period
	CategoryOptionCombo, AttributeOptionCombo string
	interchange.Figure
	Note     string // free text; it stands in the comment, behind what the figure says beside its value
	StoredBy string
	Created  string // ISO 8601, as DHIS2 is to show it
	Updated  string
	Followup bool
}

// record is the value in DHIS2's words.
//
// Errors are Invalid: a figure that contradicts itself, a text that no format carries, a code that is missing, a period that DHIS2 has no name
// for; "row" is the number of the value, from 1.
func (v Value) record(n int) (r record, err error) {
	if err := v.Check(); err != nil {
		return r, interchange.AtRow(err, n)
	}
	named, ok := FormatPeriod(v.Period)
	if !ok {
		return r, interchange.AtRow(baqylau.E(baqylau.Invalid, "interchange.write.period", "value", v.Period.Interval()), n)
	}
	if v.DataElement == "" || v.OrgUnit == "" {
		return r, interchange.AtRow(baqylau.E(baqylau.Invalid, "interchange.write.code", "value", v.DataElement+" "+v.OrgUnit), n)
	}
	r = record{v.DataElement, named, v.OrgUnit, v.CategoryOptionCombo, v.AttributeOptionCombo, v.Value, v.StoredBy, v.Created, v.Updated,
		interchange.Note(v.Figure, v.Note)}
	if v.Followup {
		r[slices.Index(fields[:], "followup")] = "true"
	}
	return r, interchange.AtRow(interchange.Plain(r[:]...), n)
}

// WriteJSON writes a data value set as JSON, one data value a line. Fields without content are left out. The output is the same for the same
// values.
func WriteJSON(w io.Writer, set Set, values iter.Seq[Value]) error {
	out := bufio.NewWriter(w)
	member := func(name, text string) string {
		return quote(name) + ":" + quote(text)
	}
	_, _ = out.WriteString("{") // a bufio.Writer keeps its first error until Flush
	for i, text := range []string{set.DataSet, set.CompleteDate.String()} {
		if err := interchange.AtRow(interchange.Plain(text), 0); err != nil {
			return err
		}
		if text != "" {
			_, _ = out.WriteString(member(ownFields[i], text) + ",")
		}
	}
	_, _ = out.WriteString(`"dataValues":[`)
	err := each(values, func(n int, r record) {
		var members []string
		for i, text := range r {
			switch {
			case text == "":
			case fields[i] == "followup":
				members = append(members, `"followup":true`)
			default:
				members = append(members, member(fields[i], text))
			}
		}
		if n > 1 {
			_, _ = out.WriteString(",")
		}
		_, _ = out.WriteString("\n{" + strings.Join(members, ",") + "}")
	})
	if err != nil {
		return err
	}
	_, _ = out.WriteString("\n]}\n")
	return out.Flush()
}

func quote(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// WriteXML writes a data value set as XML of dxf 2.0.
func WriteXML(w io.Writer, set Set, values iter.Seq[Value]) error {
	out := bufio.NewWriter(w)
	attribute := func(name, text string) {
		if text != "" {
			_, _ = out.WriteString(" " + name + `="`)
			_ = xml.EscapeText(out, []byte(text)) // out keeps the error until Flush
			_, _ = out.WriteString(`"`)
		}
	}
	if err := interchange.AtRow(interchange.Plain(set.DataSet), 0); err != nil {
		return err
	}
	_, _ = out.WriteString(xml.Header + `<dataValueSet xmlns="` + namespace + `"`)
	attribute("dataSet", set.DataSet)
	attribute("completeDate", set.CompleteDate.String())
	_, _ = out.WriteString(">\n")
	err := each(values, func(_ int, r record) {
		_, _ = out.WriteString("  <dataValue")
		for i, text := range r {
			attribute(fields[i], text)
		}
		_, _ = out.WriteString("/>\n")
	})
	if err != nil {
		return err
	}
	_, _ = out.WriteString("</dataValueSet>\n")
	return out.Flush()
}

// WriteCSV writes a data value set as CSV with DHIS2's header. CSV has no place for what is said of the set as a whole, nor for Created.
func WriteCSV(w io.Writer, values iter.Seq[Value]) error {
	out := csv.NewWriter(w)
	header := make([]string, len(positions))
	for i, f := range positions {
		header[i] = strings.ToLower(f)
	}
	if err := out.Write(header); err != nil {
		return err
	}
	var failed error
	err := each(values, func(_ int, r record) {
		line := make([]string, len(positions))
		for i, f := range positions {
			line[i] = r[slices.Index(fields[:], f)]
		}
		if failed == nil {
			failed = out.Write(line)
		}
	})
	if err != nil {
		return err
	}
	out.Flush()
	if failed == nil {
		failed = out.Error()
	}
	return failed
}

// each turns the values into records one by one.
func each(values iter.Seq[Value], do func(n int, r record)) error {
	n := 0
	for v := range values {
		n++
		r, err := v.record(n)
		if err != nil {
			return err
		}
		do(n, r)
	}
	return nil
}
