package adx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

type line map[string]string

func collect(text string) (list []line, faults []string, _ error) {
	table, err := Open(strings.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return list, faults, nil
		}
		if err != nil {
			return list, faults, err
		}
		l := line{}
		for i, c := range row.Cells {
			if c != "" {
				l[table.Header()[i]] = c
			}
		}
		list = append(list, l)
		for _, f := range row.Faults {
			faults = append(faults, f.Key+" "+table.Header()[f.Cell]+" "+f.Value)
		}
	}
}

func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func key(err error) string {
	var e *baqylau.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

// TestSamplesOfDHIS2 reads what DHIS2's own tests import and export.
func TestSamplesOfDHIS2(t *testing.T) {
	got, faults, err := collect(sample(t, "importA.adx.xml"))
	if err != nil || len(faults) > 0 || len(got) != 9 {
		t.Fatalf("%d values, %v, %v", len(got), faults, err)
	}
	for i, want := range map[int]line{
		0: {"dataSet": "MalariaDS", "period": "2020-01-01/P1M", "orgUnit": "123", "dataElement": "Malaria numeric", "Sex_category": "FFFFFFFFFFF",
			"Age_category": "under555555", "value": "1", "period_start": "2020-01-01", "period_end": "2020-01-31"},
		2: {"dataSet": "MalariaDS", "period": "2020-01-01/P1M", "orgUnit": "123", "dataElement": "Malaria numeric", "categoryOptionCombo": "FOver555555",
			"value": "3", "period_start": "2020-01-01", "period_end": "2020-01-31"},
		4: {"dataSet": "MalariaDS", "period": "2020-01-01/P1M", "orgUnit": "123", "dataElement": "Malaria text", "value": "0",
			"annotation": "Text data value", "note": "Text data value", "period_start": "2020-01-01", "period_end": "2020-01-31"},
		8: {"dataSet": "MalariaMechanismDS", "attributeOptionCombo": "cocMcDonald", "period": "2021-01-01/P3M", "orgUnit": "456", "dataElement": "Malaria numeric",
			"Sex_category": "MMMMMMMMMMM", "Age_category": "under555555", "value": "30", "period_start": "2021-01-01", "period_end": "2021-03-31"},
	} {
		if d := cmp.Diff(want, got[i]); d != "" {
			t.Errorf("value %d: %s", i+1, d)
		}
	}
	if got, faults, err = collect(sample(t, "exportC.adx.xml")); err != nil || len(faults) > 0 || len(got) != 4 || got[3]["mechanismmm"] != "PEPFAR mechanism" {
		t.Errorf("%v %v %v", got, faults, err)
	}
}

// TestColumns: the attributes of the document are columns, in the order in which they come.
func TestColumns(t *testing.T) {
	table, err := Open(strings.NewReader(sample(t, "importA.adx.xml")))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"dataSet", "period", "orgUnit", "dataElement", "Sex_category", "Age_category", "categoryOptionCombo", "Mechanism_category",
		"attributeOptionCombo", "value", "annotation", "period_start", "period_end", "absence", "qualifier", "provisional", "note"}
	if d := cmp.Diff(want, table.Header()); d != "" {
		t.Error(d)
	}
}

func TestBadDocumentsAreRefusedWhole(t *testing.T) {
	const group = `<group orgUnit="KZ" period="2025-01-01/P1M"><dataValue dataElement="a" value="1"/></group>`
	many := ""
	for i := range 2000 {
		many += fmt.Sprintf(` a%d="1"`, i)
	}
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "interchange.xml.syntax"},
		{"cut", `<adx xmlns="urn:ihe:qrph:adx:2015">` + group, "interchange.xml.syntax"},
		{"another namespace", `<adx xmlns="urn:ihe:qrph:adx:2010">` + group + `</adx>`, "interchange.xml.element"},
		{"no group", `<adx>` + group + `<dataValue dataElement="a" value="1"/></adx>`, "interchange.xml.element"},
		{"group in group", `<adx>` + group + `<group>` + group + `</group></adx>`, "interchange.xml.element"},
		{"value in value", `<adx>` + group + `<group><dataValue><dataValue/></dataValue></group></adx>`, "interchange.xml.element"},
		{"marked-up annotation", `<adx>` + group + `<group><dataValue><annotation><b/></annotation></dataValue></group></adx>`, "interchange.xml.element"},
		{"attribute twice", `<adx>` + group + `<group orgUnit="a" orgUnit="b"/></adx>`, "interchange.duplicate"},
		{"document type", `<!DOCTYPE adx><adx>` + group + `</adx>`, "interchange.xml.doctype"},
		{"many attributes", `<adx>` + group + `<group><dataValue` + many + `/></group></adx>`, "interchange.columns"},
		{"broken absence", `<adx>` + group + `<?absent dataElement="a?></adx>`, "interchange.xml.syntax"},
		{"absence with a tail", `<adx>` + group + `<?absent dataElement="a"/><x?></adx>`, "interchange.xml.syntax"},
		{"huge annotation", `<adx>` + group + `<group><dataValue><annotation>` + strings.Repeat("xxxxxxxxxxxxx<!-- -->", 1<<14) + `</annotation></dataValue></group></adx>`, ""},
		{"huger annotation", `<adx>` + group + `<group><dataValue><annotation>` + strings.Repeat("xxxxxxxxxxxxx<!-- -->", 1<<17) + `</annotation></dataValue></group></adx>`, "interchange.token"},
	} {
		got, _, err := collect(c.text)
		if key(err) != c.want || c.want != "" && len(got) > 0 {
			t.Errorf("%s: %d rows, %v; want %s", c.name, len(got), err, c.want)
		}
	}
}

func TestFaultsOfRows(t *testing.T) {
	got, faults, err := collect(`<adx><group orgUnit="KZ" period="202501"><dataValue dataElement="a" value="1"/></group><group period="2025-01-01/P1M">
		<dataValue dataElement="a" value="1"/></group><group orgUnit="KZ" period="2025-01-01/P1M"><dataValue value="1"/>
		<dataValue dataElement="a" value="1"><annotation>[suppressed]</annotation></dataValue></group></adx>`)
	want := []string{"interchange.period period 202501", "import.value.missing orgUnit ", "import.value.missing dataElement ", "interchange.both value 1"}
	if err != nil || len(got) != 4 || !slices.Equal(faults, want) {
		t.Errorf("%d rows, %q, %v", len(got), faults, err)
	}
}

var exported = time.Date(2026, 11, 30, 14, 5, 6, 0, time.FixedZone("", 5*3600))

// TestDocument: what a document looks like, and what its schema asks for: exported on the root, orgUnit and period on groups, dataElement and a
// decimal value on every data value.
func TestDocument(t *testing.T) {
	q1 := interchange.Months(2025, 1, 3)
	value := func(sex string, f interchange.Figure) Value {
		return Value{DataElement: "REG", OrgUnit: "KZ-75", DataSet: "REGISTER", Period: q1, By: map[string]string{"SEX": sex, "AGE": "Y15T24"}, Figure: f}
	}
	last := value("T", interchange.Figure{Value: "18000", Qualifier: interchange.MoreThan})
	last.Period, last.Note = interchange.Months(2025, 1, 8), "по данным МЗ"
	var b bytes.Buffer
	err := Write(&b, exported, slices.Values([]Value{value("M", interchange.Figure{Value: "0"}), value("F", interchange.Figure{Absence: interchange.Suppressed}),
		value("T", interchange.Figure{Value: "12", Provisional: true}), last}))
	want := `<?xml version="1.0" encoding="UTF-8"?>
<adx xmlns="urn:ihe:qrph:adx:2015" exported="2026-11-30T09:05:06Z">
  <group dataSet="REGISTER" period="2025-01-01/P3M" orgUnit="KZ-75">
    <dataValue dataElement="REG" AGE="Y15T24" SEX="M" value="0"/>
    <?absent dataSet="REGISTER" period="2025-01-01/P3M" orgUnit="KZ-75" dataElement="REG" AGE="Y15T24" SEX="F" annotation="[suppressed]"?>
    <dataValue dataElement="REG" AGE="Y15T24" SEX="T" value="12"><annotation>[provisional]</annotation></dataValue>
  </group>
  <group dataSet="REGISTER" period="2025-01-01/P8M" orgUnit="KZ-75">
    <dataValue dataElement="REG" AGE="Y15T24" SEX="T" value="18000"><annotation>[more than] по данным МЗ</annotation></dataValue>
  </group>
</adx>
`
	if d := cmp.Diff(want, b.String()); err != nil || d != "" {
		t.Error(err, d)
	}
}

// TestWhatIsWrittenIsRead: every value, absence, qualifier and note comes back, character for character.
func TestWhatIsWrittenIsRead(t *testing.T) {
	const text = `(\[(about|suppressed|)\] ?)?[ a-zәқ"'<>&?;,=\t\n\[\]]{0,12}`
	draw := rapid.Custom(func(t *rapid.T) Value {
		v := Value{DataElement: rapid.StringMatching(`[A-Z<&"?>]{1,5}`).Draw(t, "element"), OrgUnit: rapid.SampledFrom([]string{"KZ-75", "Алматы қ."}).Draw(t, "unit"),
			DataSet: rapid.SampledFrom([]string{"", "REGISTER"}).Draw(t, "set"), Note: rapid.StringMatching(text).Draw(t, "note"), By: map[string]string{}}
		start := baqylau.NewDate(2020, 1, 1).AddDays(rapid.IntRange(0, 3000).Draw(t, "start"))
		v.Period = interchange.Period{Start: start, End: start.AddDays(rapid.IntRange(0, 800).Draw(t, "days"))}
		for _, name := range []string{"SEX", "Age_category", "тип-1"} {
			if code := rapid.SampledFrom([]string{"", "F", "<15", `a"b`}).Draw(t, name); code != "" && name[0] < 0x80 {
				v.By[name] = code
			}
		}
		v.Provisional = rapid.Bool().Draw(t, "provisional")
		if rapid.Bool().Draw(t, "absent") {
			v.Absence = rapid.SampledFrom(interchange.Absences).Draw(t, "absence")
		} else {
			v.Value = rapid.StringMatching(`-?[0-9]{1,6}(\.[0-9]{1,3})?`).Draw(t, "value")
			v.Qualifier = rapid.SampledFrom(append([]interchange.Qualifier{""}, interchange.Qualifiers...)).Draw(t, "qualifier")
		}
		return v
	})
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(draw, 0, 6).Draw(t, "values")
		var want []line
		for _, v := range values {
			l := line{"exported": "2026-11-30T09:05:06Z", "dataElement": v.DataElement, "orgUnit": v.OrgUnit, "dataSet": v.DataSet, "period": v.Period.Interval(), "value": v.Value,
				"annotation": interchange.Note(v.Figure, v.Note), "note": v.Note, "absence": string(v.Absence), "qualifier": string(v.Qualifier),
				"period_start": v.Period.Start.String(), "period_end": v.Period.End.String()}
			maps.Copy(l, v.By)
			if v.Provisional {
				l["provisional"] = "true"
			}
			maps.DeleteFunc(l, func(_, text string) bool { return text == "" })
			want = append(want, l)
		}
		var b bytes.Buffer
		if err := Write(&b, exported, slices.Values(values)); err != nil {
			t.Fatal(err)
		}
		got, faults, err := collect(b.String())
		if d := cmp.Diff(want, got); err != nil || len(faults) > 0 || d != "" {
			t.Fatalf("%v %v %s\n%s", err, faults, d, b.String())
		}
	})
}

// TestWriterRefuses what the format cannot say, with the number of the value.
func TestWriterRefuses(t *testing.T) {
	good := Value{DataElement: "a", OrgUnit: "b", Period: interchange.Months(2025, 1, 12), Figure: interchange.Figure{Value: "1"}}
	for want, spoil := range map[string]func(*Value){
		"interchange.write.period": func(v *Value) { v.Period.End = v.Period.Start.AddDays(-1) },
		"interchange.write.figure": func(v *Value) { v.Value = "" },
		"interchange.write.code":   func(v *Value) { v.By = map[string]string{"value": "2"} },
		"interchange.write.text":   func(v *Value) { v.By = map[string]string{"SEX": "\x01"} },
	} {
		bad := good
		spoil(&bad)
		var e *baqylau.Error
		if err := Write(io.Discard, exported, slices.Values([]Value{good, bad})); key(err) != want || !errors.As(err, &e) || e.Args["row"] != 2 {
			t.Errorf("%v; want %s at value 2", err, want)
		}
	}
	for _, name := range []string{"", "1a", "a b", "a:b", "xmlns", "a=", "a\"", "-a", "×"} {
		bad := good
		bad.By = map[string]string{name: "x"}
		if err := Write(io.Discard, exported, slices.Values([]Value{bad})); key(err) != "interchange.write.code" {
			t.Errorf("attribute %q: %v", name, err)
		}
	}
}

func FuzzDocument(f *testing.F) {
	f.Add([]byte(sample(f, "importA.adx.xml")))
	f.Add([]byte(sample(f, "exportC.adx.xml")))
	f.Add([]byte(`<adx exported="x"><?absent dataElement="a" annotation="[not known] x"?><group period="2025-01-01/P1M"/></adx>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := Open(bytes.NewReader(b))
		if err != nil {
			if key(err) == "" {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		for n := 1; ; n++ {
			row, err := table.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatalf("a checked document ends with %v", err)
			}
			if row.Number != n || len(row.Cells) != len(table.Header()) {
				t.Fatalf("row %d of %d cells", row.Number, len(row.Cells))
			}
		}
	})
}
