package dhis2

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

func drawFigure(t *rapid.T) interchange.Figure {
	f := interchange.Figure{Provisional: rapid.Bool().Draw(t, "provisional")}
	if rapid.IntRange(0, 2).Draw(t, "absent") == 0 {
		f.Absence = rapid.SampledFrom(interchange.Absences).Draw(t, "absence")
		return f
	}
	f.Value = rapid.StringMatching(`-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?`).Draw(t, "value")
	f.Qualifier = rapid.SampledFrom(append([]interchange.Qualifier{""}, interchange.Qualifiers...)).Draw(t, "qualifier")
	return f
}

const textPattern = `(\[(about|suppressed|)\] ?)?[ a-zәқ"'<>&;,=\t\n\[\]]{0,12}`

func drawValue(t *rapid.T) Value {
	start := baqylau.NewDate(rapid.IntRange(2000, 2030).Draw(t, "year"), 1, 1)
	return Value{DataElement: rapid.StringMatching(`[A-Za-z][A-Za-z0-9]{1,10}`).Draw(t, "element"), OrgUnit: rapid.StringMatching(`[A-ZҚ][ -~а-яәқ]{0,6}[A-Z]`).Draw(t, "unit"),
		Period:              interchange.Months(start.Time().Year(), 1, rapid.SampledFrom([]int{1, 2, 3, 6, 12}).Draw(t, "months")),
		CategoryOptionCombo: rapid.SampledFrom([]string{"", "male 15-24", `"<&>"`}).Draw(t, "combo"),
		Figure:              drawFigure(t), Note: rapid.StringMatching(textPattern).Draw(t, "note"),
		StoredBy: rapid.SampledFrom([]string{"", "centre"}).Draw(t, "by"), Updated: rapid.SampledFrom([]string{"", "2026-11-30"}).Draw(t, "updated"),
		Followup: rapid.Bool().Draw(t, "followup")}
}

// expected is the row that a written value must give.
func expected(v Value) line {
	named, _ := FormatPeriod(v.Period)
	l := line{"dataElement": v.DataElement, "period": named, "orgUnit": v.OrgUnit, "categoryOptionCombo": v.CategoryOptionCombo,
		"attributeOptionCombo": v.AttributeOptionCombo, "value": v.Value, "storedBy": v.StoredBy, "created": v.Created, "lastUpdated": v.Updated,
		"comment": interchange.Note(v.Figure, v.Note), "note": v.Note, "absence": string(v.Absence), "qualifier": string(v.Qualifier),
		"period_start": v.Period.Start.String(), "period_end": v.Period.End.String()}
	if v.Provisional {
		l["provisional"] = "true"
	}
	if v.Followup {
		l["followup"] = "true"
	}
	maps.DeleteFunc(l, func(_, text string) bool { return text == "" })
	return l
}

// TestWhatIsWrittenIsRead: all three forms give back every value, absence, qualifier and note, character for character.
func TestWhatIsWrittenIsRead(t *testing.T) {
	forms := map[string]func(io.Writer, iter.Seq[Value]) error{
		"JSON": func(w io.Writer, v iter.Seq[Value]) error { return WriteJSON(w, Set{}, v) },
		"XML":  func(w io.Writer, v iter.Seq[Value]) error { return WriteXML(w, Set{}, v) },
		"CSV":  WriteCSV,
	}
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(drawValue), 0, 5).Draw(t, "values")
		var want []line
		for _, v := range values {
			want = append(want, expected(v))
		}
		for name, write := range forms {
			var b, again bytes.Buffer
			if err := write(&b, slices.Values(values)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			_ = write(&again, slices.Values(values))
			read := document
			if name == "CSV" {
				read = table
			}
			got, faults, err := read(b.String())
			if d := cmp.Diff(want, got); err != nil || len(faults) > 0 || d != "" || b.String() != again.String() {
				t.Fatalf("%s: %v %v %s\n%s", name, err, faults, d, b.String())
			}
		}
	})
}

// TestTheFiveValues: zero and the four absences as they stand in a file. Zero is a value; an absent figure has a remark and no value.
func TestTheFiveValues(t *testing.T) {
	var values []Value
	for _, f := range []interchange.Figure{{Value: "0"}, {Absence: interchange.Suppressed}, {Absence: interchange.NotCollected}, {Absence: interchange.NotKnown},
		{Absence: interchange.NotApplicable}, {Value: "18000", Qualifier: interchange.MoreThan, Provisional: true}} {
		values = append(values, Value{DataElement: "REG", OrgUnit: "KZ", Period: interchange.Months(2025, 1, 3), Figure: f})
	}
	var b bytes.Buffer
	if err := WriteJSON(&b, Set{DataSet: "REGISTER", CompleteDate: baqylau.MustDate("2025-04-10")}, slices.Values(values)); err != nil {
		t.Fatal(err)
	}
	want := `{"dataSet":"REGISTER","completeDate":"2025-04-10","dataValues":[
{"dataElement":"REG","period":"2025Q1","orgUnit":"KZ","value":"0"},
{"dataElement":"REG","period":"2025Q1","orgUnit":"KZ","comment":"[suppressed]"},
{"dataElement":"REG","period":"2025Q1","orgUnit":"KZ","comment":"[not collected]"},
{"dataElement":"REG","period":"2025Q1","orgUnit":"KZ","comment":"[not known]"},
{"dataElement":"REG","period":"2025Q1","orgUnit":"KZ","comment":"[not applicable]"},
{"dataElement":"REG","period":"2025Q1","orgUnit":"KZ","value":"18000","comment":"[more than] [provisional]"}
]}
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
	b.Reset()
	if err := WriteXML(&b, Set{DataSet: "REGISTER"}, slices.Values(values[:2])); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `<dataValueSet xmlns="http://dhis2.org/schema/dxf/2.0" dataSet="REGISTER">`) ||
		!strings.Contains(b.String(), `<dataValue dataElement="REG" period="2025Q1" orgUnit="KZ" comment="[suppressed]"/>`) {
		t.Error(b.String())
	}
	b.Reset()
	if err := WriteCSV(&b, slices.Values(values[:1])); err != nil {
		t.Fatal(err)
	}
	if want := "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value,storedby,lastupdated,comment,followup,deleted\nREG,2025Q1,KZ,,,0,,,,,\n"; b.String() != want {
		t.Error(b.String())
	}
}

// TestWritersRefuse what the format cannot say, with the number of the value.
func TestWritersRefuse(t *testing.T) {
	good := Value{DataElement: "a", OrgUnit: "b", Period: interchange.Months(2025, 1, 12), Figure: interchange.Figure{Value: "1"}}
	for want, spoil := range map[string]func(*Value){
		"interchange.write.period": func(v *Value) { v.Period = interchange.Months(2025, 1, 8) },
		"interchange.write.figure": func(v *Value) { v.Absence = interchange.Suppressed },
		"interchange.write.code":   func(v *Value) { v.OrgUnit = "" },
		"interchange.write.text":   func(v *Value) { v.Note = "a\x00b" },
	} {
		bad := good
		spoil(&bad)
		err := WriteJSON(io.Discard, Set{}, slices.Values([]Value{good, bad}))
		var e *baqylau.Error
		if key(err) != want || !errors.As(err, &e) || e.Args["row"] != 2 {
			t.Errorf("%v; want %s at value 2", err, want)
		}
	}
}
