package dhis2

import (
	"strings"

	"github.com/baqylau/baqylau/internal/interchange"
)

// fields are the columns of a data value, in the order of DHIS2's own CSV, with created as in its JSON and XML.
var fields = [...]string{"dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo", "value", "storedBy", "created",
	"lastUpdated", "comment", "followup", "deleted"}

// Indices of the fields that the reader itself looks at.
const (
	dataElement, period, orgUnit = 0, 1, 2
	value                        = 5
	comment, deleted             = 9, 11
)

// record is one data value as it stands in the file.
type record [len(fields)]string

// envelope is what stands once for all data values: the first three become columns, the rest fills the fields that a data value leaves empty.
type envelope struct {
	own      [3]string // dataSet, completeDate, attributeCategoryOptions
	defaults record
}

var ownFields = [...]string{"dataSet", "completeDate", "attributeCategoryOptions"}

// aliases are other names that editions of DHIS2 have written.
var aliases = map[string]string{"timestamp": "lastUpdated", "followUp": "followup"}

func indexOf(list []string, name string) int {
	if a, ok := aliases[name]; ok {
		name = a
	}
	for i, f := range list {
		if f == name {
			return i
		}
	}
	return -1
}

// put sets a field by its name; a name that it does not know is passed over, as DHIS2 does.
func (r *record) put(name, text string) {
	if i := indexOf(fields[:], name); i >= 0 && text != "" {
		r[i] = text
	}
}

// put sets a field of the envelope.
func (e *envelope) put(name, text string) {
	switch name {
	case "period", "orgUnit", "attributeOptionCombo":
		e.defaults.put(name, text)
	default:
		if i := indexOf(ownFields[:], name); i >= 0 {
			e.own[i] = text
		}
	}
}

// fill takes from the envelope what a data value leaves open.
func (r *record) fill(e *envelope) {
	for i, text := range e.defaults {
		if r[i] == "" {
			r[i] = text
		}
	}
}

// judge reads what a data value means, and says what is wrong with it; at tells the cell of a field.
func (r *record) judge(row *interchange.Row, at func(field int) int) (computed []string) {
	for _, f := range []int{dataElement, period, orgUnit} {
		if strings.TrimSpace(r[f]) == "" {
			row.Fault(at(f), "import.value.missing", "")
		}
	}
	p, ok := ParsePeriod(strings.TrimSpace(r[period]))
	if !ok && strings.TrimSpace(r[period]) != "" {
		row.Fault(at(period), "interchange.period", r[period])
	}
	figure, note := interchange.ParseNote(r[comment])
	if figure.Absence != "" && strings.TrimSpace(r[value]) != "" {
		row.Fault(at(value), "interchange.both", r[value])
	}
	if strings.EqualFold(strings.TrimSpace(r[deleted]), "true") {
		row.Fault(at(deleted), "interchange.deleted", r[deleted])
	}
	return interchange.Compute(p, figure, note)
}
