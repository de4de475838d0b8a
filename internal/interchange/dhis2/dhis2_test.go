package dhis2

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/interchange"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// line is a row by the names of its columns, without empty cells.
type line map[string]string

func collect(table interchange.Table, err error) (list []line, faults []string, _ error) {
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

func document(s string) ([]line, []string, error) {
	t, err := Open(strings.NewReader(s))
	return collect(t, err)
}

func table(s string) ([]line, []string, error) {
	return collect(FromCSV(interchange.CSV(strings.NewReader(s))))
}

func key(err error) string {
	var e *baqylau.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

// TestSamplesOfDHIS2 reads the files that DHIS2's own tests import: the same twelve data values in XML, in CSV and in CSV without a header.
func TestSamplesOfDHIS2(t *testing.T) {
	fromXML, faults, err := document(string(sample(t, "dataValueSetB.xml")))
	if err != nil || len(faults) > 0 || len(fromXML) != 12 {
		t.Fatalf("%d values, %v, %v", len(fromXML), faults, err)
	}
	want := line{"dataElement": "f7n9E0hX8qk", "period": "201201", "orgUnit": "DiszpKrYNg8", "value": "10001", "storedBy": "john",
		"lastUpdated": "2012-01-01", "comment": "comment", "followup": "false", "period_start": "2012-01-01", "period_end": "2012-01-31", "note": "comment"}
	if d := cmp.Diff(want, fromXML[0]); d != "" {
		t.Error(d)
	}
	if fromXML[8]["created"] != "2010-01-01" {
		t.Errorf("created is %q", fromXML[8]["created"])
	}
	for i := range fromXML {
		delete(fromXML[i], "created") // CSV has no such column
	}
	for _, name := range []string{"dataValueSetB.csv", "dataValueSetBNoHeader.csv"} {
		fromCSV, faults, err := table(string(sample(t, name)))
		if err != nil || len(faults) > 0 {
			t.Fatalf("%s: %v, %v", name, faults, err)
		}
		if d := cmp.Diff(fromXML, fromCSV); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	fromJSON, _, err := document(string(sample(t, "dataValueSetJ.json")))
	if d := cmp.Diff([]line{{"dataElement": "f7n9E0hX8qk", "period": "201201", "orgUnit": "DiszpKrYNg8", "value": "10",
		"period_start": "2012-01-01", "period_end": "2012-01-31"}}, fromJSON); err != nil || d != "" {
		t.Error(err, d)
	}
}

// TestEnvelopeHoldsForAllValues: what stands once counts for every value that does not say otherwise, even where JSON puts it at the end.
func TestEnvelopeHoldsForAllValues(t *testing.T) {
	want := []line{
		{"dataSet": "pBOMPrpg1QX", "completeDate": "2014-02-03", "dataElement": "a", "period": "201401", "orgUnit": "KZ-75", "attributeOptionCombo": "x",
			"value": "12", "period_start": "2014-01-01", "period_end": "2014-01-31"},
		{"dataSet": "pBOMPrpg1QX", "completeDate": "2014-02-03", "dataElement": "b", "period": "2014Q1", "orgUnit": "KZ-79", "attributeOptionCombo": "y",
			"value": "0", "followup": "true", "period_start": "2014-01-01", "period_end": "2014-03-31"},
	}
	for name, text := range map[string]string{
		"JSON": `{"dataValues": [{"dataElement": "a", "value": 12, "other": {"deep": [1, {"x": null}]}},
			{"dataElement": "b", "value": "0", "period": "2014Q1", "orgUnit": "KZ-79", "attributeOptionCombo": "y", "followUp": true, "comment": null}],
			"period": "201401", "orgUnit": "KZ-75", "attributeOptionCombo": "x", "completeDate": "2014-02-03", "dataSet": "pBOMPrpg1QX"}`,
		"XML": `<?xml version="1.0" encoding="UTF-8"?><!-- from the ministry --><dataValueSet xmlns="http://dhis2.org/schema/dxf/2.0" dataSet="pBOMPrpg1QX"
			completeDate="2014-02-03" period="201401" orgUnit="KZ-75" attributeOptionCombo="x"><dataValue dataElement="a" value="12"/>
			<dataValue dataElement="b" value="0" period="2014Q1" orgUnit="KZ-79" attributeOptionCombo="y" followup="true"></dataValue></dataValueSet>`,
	} {
		got, faults, err := document(text)
		if err != nil || len(faults) > 0 {
			t.Errorf("%s: %v %v", name, faults, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestUnicode: the same document in UTF-8 with a mark and in UTF-16 of both orders, with and without a mark.
func TestUnicode(t *testing.T) {
	for _, text := range []string{
		`<?xml version="1.0" encoding="UTF-16"?><dataValueSet><dataValue dataElement="тіркеуде 😀" period="2014" orgUnit="KZ" value="1"/></dataValueSet>`,
		`{"dataValues":[{"dataElement":"тіркеуде 😀","period":"2014","orgUnit":"KZ","value":"1"}]}`,
	} {
		for _, mark := range []string{"", "\uFEFF"} {
			for _, big := range []bool{false, true} {
				var b []byte
				for _, u := range utf16.Encode([]rune(mark + text)) {
					if big {
						b = append(b, byte(u>>8), byte(u))
					} else {
						b = append(b, byte(u), byte(u>>8))
					}
				}
				got, _, err := document(string(b))
				if err != nil || len(got) != 1 || got[0]["dataElement"] != "тіркеуде 😀" {
					t.Errorf("mark %q big %v: %v %v", mark, big, got, err)
				}
			}
			got, _, err := document(mark + strings.Replace(text, "UTF-16", "utf-8", 1))
			if err != nil || len(got) != 1 {
				t.Errorf("UTF-8 with mark %q: %v %v", mark, got, err)
			}
		}
	}
}

// TestBadDocumentsAreRefusedWhole: not one row comes out of a document that breaks the rules anywhere.
func TestBadDocumentsAreRefusedWhole(t *testing.T) {
	good := `{"dataElement":"a","period":"2014","orgUnit":"KZ","value":"1"}`
	xmlGood := `<dataValue dataElement="a" period="2014" orgUnit="KZ" value="1"/>`
	for _, c := range []struct{ name, text, want string }{
		{"empty", ``, "interchange.json.syntax"},
		{"cut JSON", `{"dataValues":[` + good, "interchange.json.syntax"},
		{"cut in a text", `{"dataValues":[{"dataElement":"a`, "interchange.json.syntax"},
		{"no comma", `{"dataValues":[` + good + good + `]}`, "interchange.json.syntax"},
		{"two documents", `{"dataValues":[` + good + `]}{}`, "interchange.json.type"},
		{"no data values", `{"dataSet":"x"}`, "interchange.json.type"},
		{"an array", `[` + good + `]`, "interchange.json.type"},
		{"values are no list", `{"dataValues":` + good + `}`, "interchange.json.type"},
		{"a value is no object", `{"dataValues":[` + good + `,7]}`, "interchange.json.type"},
		{"a field is an object", `{"dataValues":[{"value":{"x":1}}]}`, "interchange.json.type"},
		{"key twice", `{"dataValues":[` + good + `,{"value":"1","value":"2"}]}`, "interchange.duplicate"},
		{"data values twice", `{"dataValues":[` + good + `],"dataValues":[]}`, "interchange.duplicate"},
		{"deep", `{"x":` + strings.Repeat(`[`, 100_000) + strings.Repeat(`]`, 100_000) + `,"dataValues":[]}`, "interchange.deep"},
		{"many keys", `{"dataValues":[{` + manyKeys() + `}]}`, "interchange.columns"},
		{"huge text", `{"dataValues":[` + good + `,{"value":"` + strings.Repeat("9", 3<<20) + `"}]}`, "interchange.token"},
		{"no UTF-8", `{"dataValues":[` + good + `,{"value":"` + "\xE0\xF1" + `"}]}`, "interchange.encoding"},
		{"null byte", `{"dataValues":[` + good + ",\x00]}", "interchange.encoding"},
		{"cut XML", `<dataValueSet>` + xmlGood, "interchange.xml.syntax"},
		{"crossed", `<dataValueSet>` + xmlGood + `<dataValue></dataValueSet></dataValue>`, "interchange.xml.syntax"},
		{"two roots", `<dataValueSet>` + xmlGood + `</dataValueSet><dataValueSet/>`, "interchange.xml.syntax"},
		{"text behind", `<dataValueSet>` + xmlGood + `</dataValueSet> x`, "interchange.xml.syntax"},
		{"attribute twice", `<dataValueSet>` + xmlGood + `<dataValue value="1" value="2"/></dataValueSet>`, "interchange.duplicate"},
		{"another root", `<html></html>`, "interchange.xml.element"},
		{"another namespace", `<dataValueSet xmlns="http://example.org"></dataValueSet>`, "interchange.xml.element"},
		{"another element", `<dataValueSet>` + xmlGood + `<value/></dataValueSet>`, "interchange.xml.element"},
		{"an element inside", `<dataValueSet>` + xmlGood + `<dataValue><value/></dataValue></dataValueSet>`, "interchange.xml.element"},
		{"entities", `<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><dataValueSet><dataValue value="&b;"/></dataValueSet>`, "interchange.xml.doctype"},
		{"an external entity", `<!DOCTYPE x SYSTEM "file:///etc/passwd"><dataValueSet/>`, "interchange.xml.doctype"},
		{"an undeclared entity", `<dataValueSet><dataValue value="&b;"/></dataValueSet>`, "interchange.xml.syntax"},
		{"huge attribute", `<dataValueSet>` + xmlGood + `<dataValue value="` + strings.Repeat("9", 3<<20) + `"/></dataValueSet>`, "interchange.token"},
		{"code page", `<?xml version="1.0" encoding="windows-1251"?><dataValueSet/>`, "interchange.xml.encoding"},
		{"half a pair", "\xFF\xFE<\x00\x00\xD8", "interchange.encoding"},
	} {
		got, _, err := document(c.text)
		if key(err) != c.want || len(got) > 0 {
			t.Errorf("%s: %d rows, %v; want %s", c.name, len(got), err, c.want)
		}
	}
}

func manyKeys() string {
	var keys []string
	for i := range 2000 {
		keys = append(keys, `"`+strings.Repeat("k", i+1)+`":1`)
	}
	return strings.Join(keys, ",")
}

// TestFaultsSayWhere: the line and the character of what breaks a document.
func TestFaultsSayWhere(t *testing.T) {
	_, err := Open(strings.NewReader("{\n \"dataValues\": [\n  {\"value\": 1,,}\n]}"))
	var e *baqylau.Error
	if !errors.As(err, &e) || e.Args["line"] != 3 || e.Args["column"] != 15 {
		t.Errorf("JSON: %v %v", err, e.Args)
	}
	_, err = Open(strings.NewReader("<dataValueSet>\n<dataValue/>\n\n<values/></dataValueSet>"))
	if !errors.As(err, &e) || e.Args["line"] != 4 || e.Args["value"] != "values" {
		t.Errorf("XML: %v %v", err, e.Args)
	}
	_, err = Open(strings.NewReader("{\n \"dataValues\": [\n\n\n  {\"value\": \"\xFF\"}\n]}"))
	if !errors.As(err, &e) || e.Args["line"] != 5 {
		t.Errorf("encoding: %v %v", err, e.Args)
	}
}

// TestFaultsOfRows: a row that cannot be used says why, and the others go on.
func TestFaultsOfRows(t *testing.T) {
	got, faults, err := document(`{"dataValues":[{"dataElement":"a","period":"2014Q5","orgUnit":"KZ","value":"1"},{"dataElement":"a","period":"2014","value":"1"},
		{"dataElement":"a","period":"2014","orgUnit":"KZ","value":"3","comment":"[suppressed]"},
		{"dataElement":"a","period":"2014","orgUnit":"KZ","value":"3","deleted":true}, {"dataElement":"a","period":"2014","orgUnit":"KZ","value":"3"}]}`)
	want := []string{"interchange.period period 2014Q5", "import.value.missing orgUnit ", "interchange.both value 3", "interchange.deleted deleted true"}
	if err != nil || len(got) != 5 || !slices.Equal(faults, want) {
		t.Errorf("%d rows, %q, %v", len(got), faults, err)
	}
}

// TestCorrectedRowsComeBackAsCSV: the file of refused rows has the columns of the table, computed ones too, and two more; what is computed is
// computed again.
func TestCorrectedRowsComeBackAsCSV(t *testing.T) {
	head := strings.Join((&Table{}).Header(), ";") + ";row;reason\n"
	cells := make([]string, len((&Table{}).Header())+2)
	for i, c := range map[string]string{"dataElement": "a", "period": "2014Q4", "orgUnit": "KZ", "value": "", "comment": "[not known]", "period_start": "2001-01-01"} {
		cells[slices.Index((&Table{}).Header(), i)] = c
	}
	got, faults, err := table(head + strings.Join(cells, ";"))
	want := []line{{"dataElement": "a", "period": "2014Q4", "orgUnit": "KZ", "comment": "[not known]", "absence": "not_known",
		"period_start": "2014-10-01", "period_end": "2014-12-31"}}
	if d := cmp.Diff(want, got); err != nil || len(faults) > 0 || d != "" {
		t.Error(err, faults, d)
	}
}

func FuzzDocument(f *testing.F) {
	for _, n := range []string{"dataValueSetB.xml", "dataValueSetJ.json"} {
		f.Add(sample(f, n))
	}
	f.Add([]byte("\xFF\xFE{\x00}\x00"))
	f.Add([]byte(`{"dataSet":null,"attributeCategoryOptions":["a","b"],"dataValues":[{"x":[{}]}]}`))
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

func FuzzCSV(f *testing.F) {
	for _, n := range []string{"dataValueSetB.csv", "dataValueSetBNoHeader.csv"} {
		f.Add(sample(f, n))
	}
	f.Add([]byte("dataelement;period;orgunit;value;comment\na;2014;b;;[not known] x\na;b\n;;;;;;\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _, err := collectLoose(FromCSV(interchange.CSV(bytes.NewReader(b))))
		if err != nil && key(err) == "" {
			t.Fatalf("refused with %v", err)
		}
	})
}

func collectLoose(table interchange.Table, err error) (int, int, error) {
	n := 0
	for ; err == nil; n++ {
		_, err = table.Next()
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, 0, err
}
