package mapping

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/baqylau/baqylau"
)

// figures is a mapping over the columns that every format of national statistics has.
const figures = `
version: 1
name: figures
fields:
  kind: death
  occurred: {column: period_start, formats: [YYYY-MM-DD]}
substances:
  - {column: dataElement, as: text}
extra: [orgUnit, value, period_end, absence, qualifier, note]
`

const dataValueSet = `<dataValueSet xmlns="http://dhis2.org/schema/dxf/2.0" dataSet="D" period="2024Q1"><dataValue dataElement="methadone" orgUnit="KZ-75" value="0"/>
	<dataValue dataElement="naloxone" orgUnit="KZ-79" comment="[not collected] closed in May"/></dataValueSet>`

// want is what each of the files says: a zero, and a figure that nobody collected.
var want = []map[string]string{
	{"orgUnit": "KZ-75", "value": "0", "period_end": "2024-03-31"},
	{"orgUnit": "KZ-79", "period_end": "2024-03-31", "absence": "not_collected", "note": "closed in May"},
}

func extras(recs []Record) (list []map[string]string) {
	for _, r := range recs {
		m := map[string]string{}
		for k, v := range r.Extra {
			if v != "" {
				m[k] = v
			}
		}
		list = append(list, m)
	}
	return list
}

// TestNationalStatistics: the same two figures come in five forms and are read by one mapping, which names no format.
func TestNationalStatistics(t *testing.T) {
	m := mustParse(t, figures)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(dataValueSet))
	_ = z.Close()
	for name, text := range map[string]string{
		"set.xml":    dataValueSet,
		"set.xml.gz": packed.String(),
		"mark.xml":   "\uFEFF<?xml version=\"1.0\"?><!-- x -->\n" + dataValueSet,
		"set.json": `{"dataSet":"D","dataValues":[{"dataElement":"methadone","period":"2024Q1","orgUnit":"KZ-75","value":0},
			{"dataElement":"naloxone","period":"2024Q1","orgUnit":"KZ-79","comment":"[not collected] closed in May"}]}`,
		"set.csv": "dataelement;period;orgunit;value;comment\nmethadone;2024Q1;KZ-75;0;\nnaloxone;2024Q1;KZ-79;;[not collected] closed in May\n",
		"adx.xml": `<adx xmlns="urn:ihe:qrph:adx:2015"><group orgUnit="KZ-75" period="2024-01-01/P3M"><dataValue dataElement="methadone" value="0"/></group>
			<?absent dataElement="naloxone" orgUnit="KZ-79" period="2024-01-01/P3M" annotation="[not collected] closed in May"?></adx>`,
		"sdmx.csv": "DATAFLOW,orgUnit,dataElement,TIME_PERIOD,OBS_VALUE,value,OBS_STATUS,COMMENT_OBS\nA:B(1.0),KZ-75,methadone,2024-Q1,0,0,A,\nA:B(1.0),KZ-79,naloxone,2024-Q1,,,L,closed in May\n",
	} {
		recs, err := readAll(m, []byte(text), name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(want, extras(recs)); d != "" || recs[0].Occurred.String() != "2024-01-01" || names(recs[1]) != `"naloxone"` || recs[0].Faulty() || recs[1].Faulty() {
			t.Errorf("%s: %s %+v", name, d, recs)
		}
	}
}

// TestDataValuesWithoutHeader are told from a table only by a mapping that says what they are.
func TestDataValuesWithoutHeader(t *testing.T) {
	text := []byte("methadone,2024Q1,KZ-75,,,0\nnaloxone,2024Q1,KZ-79,,,,,,[not collected] closed in May\n")
	_, err := readAll(mustParse(t, figures), text, "x.csv")
	equal(t, "without a word", keyIn(err), "import.header.missing")
	m := mustParse(t, strings.Replace(figures, "fields:", "file: {format: dhis2}\nfields:", 1))
	text = []byte("methadone,2024Q1,KZ-75,,,0,,,\nnaloxone,2024Q1,KZ-79,,,,,,[not collected] closed in May\n")
	recs := mustRead(t, m, text, "x.csv")
	if d := cmp.Diff(want, extras(recs)); d != "" {
		t.Error(d)
	}
	again := mustParse(t, string(m.YAML()))
	equal(t, "format", again.File.Format, "dhis2")
}

// TestFormatOfAMapping: what a mapping says of its file is held against the file.
func TestFormatOfAMapping(t *testing.T) {
	with := func(format string) *Mapping {
		return mustParse(t, strings.Replace(figures, "fields:", "file: {format: "+format+"}\nfields:", 1))
	}
	for _, c := range []struct{ format, text, want string }{
		{"adx", dataValueSet, "import.file.standard"},
		{"sdmx-csv", "dataelement,period,orgunit,value\na,2024,b,1\n", "import.file.standard"},
		{"dhis2", dataValueSet, ""},
		{"table", dataValueSet, "import.header.missing"},
		{"table", "dataElement,period_start,orgUnit,value,period_end,absence,qualifier,note\na,2024-01-01,b,1,,,,\n", ""},
		{"adx", "dataElement,period_start\na,2024-01-01\n", ""}, // refused rows come back as a table
		{"table", `<?xml version="1.0"?>` + dataValueSet, "import.file.type"},
	} {
		_, err := readAll(with(c.format), []byte(c.text), "x")
		equal(t, c.format+" "+c.text[:20], keyIn(err), c.want)
	}
	_, err := Parse([]byte(strings.Replace(figures, "fields:", "file: {format: xlsx}\nfields:", 1)))
	equal(t, "no such format", keyIn(err), "import.mapping.not_listed")
}

// TestBadDocuments: the message names the line, and no row comes out. Faults of rows stand beside the row.
func TestBadDocuments(t *testing.T) {
	m := mustParse(t, figures)
	for text, want := range map[string]string{
		strings.Replace(dataValueSet, "</dataValueSet>", "<x/></dataValueSet>", 1): "interchange.xml.element",
		strings.TrimSuffix(dataValueSet, "</dataValueSet>"):                        "interchange.xml.syntax",
		`{"dataValues":[{"dataElement":"a"},]}`:                                    "interchange.json.syntax",
		`<!DOCTYPE dataValueSet [<!ENTITY a "b">]>` + dataValueSet:                 "import.file.type",
		"<html><body/></html>":                                                     "import.file.type",
		"DATAFLOW" + strings.Repeat(",a", 1000) + "\nA,b\n":                        "interchange.columns",
	} {
		recs, err := readAll(m, []byte(text), "x")
		if keyIn(err) != want || len(recs) > 0 {
			t.Errorf("%.60s: %d rows, %v, want %s", text, len(recs), err, want)
		}
	}
	recs := mustRead(t, m, []byte(`{"dataValues":[{"dataElement":"a","period":"2024Q7","orgUnit":"b","value":"1"},{"dataElement":"a","period":"2024","orgUnit":"b","value":"1","deleted":true}]}`), "x.json")
	equal(t, "period", recs[0].Problems[0], Problem{Row: 1, Column: "period", Key: "interchange.period", Value: "2024Q7", Remedy: RemedyCell})
	equal(t, "deletion", recs[1].Problems[0].Key, "interchange.deleted")
	short := mustRead(t, m, []byte("dataelement,period,orgunit,value\na,2024\n"), "x.csv")
	equal(t, "short row", hasProblem(short[0], "import.row.short"), true)
	long := mustRead(t, m, []byte("dataelement,period,orgunit,value\na,2024,b,1,2\nc,2024,d,\"1\"x\n"), "x.csv")
	equal(t, "long row", hasProblem(long[0], "import.row.long"), true)
	equal(t, "a fault of the line itself", hasProblem(long[1], "import.csv.quote"), true)
	_, err := readAll(m, []byte(dataValueSet), "x.xml", WithLimits(Limits{Packed: 100}))
	equal(t, "large", keyIn(err), "interchange.large")
}

// TestRefusedFiguresComeBack: the file of refused rows of a document is a CSV that the same mapping reads.
func TestRefusedFiguresComeBack(t *testing.T) {
	m := mustParse(t, figures)
	r, err := m.Open(strings.NewReader(`{"dataValues":[{"dataElement":"naloxone","period":"2024Q9","orgUnit":"KZ-79","comment":"[not collected] closed in May"}]}`), "x.json", today)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	rec, err := r.Next()
	if err != nil || !rec.Faulty() {
		t.Fatal(err, rec)
	}
	var b bytes.Buffer
	if err := WriteRejects(&b, r.Header(), []Rejected{{Row: rec.Row, Cells: rec.Raw, Reasons: []string{"no such period"}}}, RejectStyle{RowTitle: "row", ReasonTitle: "why", Comma: ';'}); err != nil {
		t.Fatal(err)
	}
	recs := mustRead(t, m, []byte(strings.Replace(b.String(), "2024Q9", "2024Q1", 1)), "x.csv")
	if d := cmp.Diff(want[1:], extras(recs)); d != "" || recs[0].Faulty() {
		t.Error(d, recs[0].Problems)
	}
	equal(t, "known again", r.Detected().Standard, "dhis2")
}

func TestPreviewOfADocument(t *testing.T) {
	s, err := Preview(strings.NewReader(dataValueSet), "x.xml", "", 5)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "format", s.Format+" "+s.Standard, "xml dhis2")
	equal(t, "rows", len(s.Rows), 2)
	equal(t, "header", strings.Join(s.Header[:4], " "), "dataSet completeDate attributeCategoryOptions dataElement")
}

// FuzzExchange: no bytes make a document or a CSV of a standard panic, stall or go backwards.
func FuzzExchange(f *testing.F) {
	f.Add([]byte(dataValueSet))
	f.Add([]byte(`{"dataValues":[{"dataElement":"a","period":"2024","orgUnit":"b","value":1}]}`))
	f.Add([]byte("STRUCTURE[;];STRUCTURE_ID;A: b;TIME_PERIOD: t;OBS_VALUE\nx;y;a: b;2024;\"1\n"))
	f.Add([]byte("dataelement,period,orgunit,value\n\"a\"b,2024\n"))
	m := mustParse(f, strings.Replace(figures, "fields:", "file: {format: dhis2}\nfields:", 1))
	any := mustParse(f, figures)
	f.Fuzz(func(t *testing.T, b []byte) {
		fuzzTable(t, m, b, "x")
		fuzzTable(t, any, b, "x")
	})
}

// brokenReader fails in the middle, as a connection does.
type brokenReader struct{ io.Reader }

func (r brokenReader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if errors.Is(err, io.EOF) {
		err = errors.New("connection reset")
	}
	return n, err
}

func TestBrokenConnectionIsNoFaultOfTheFile(t *testing.T) {
	_, err := mustParse(t, figures).Open(brokenReader{strings.NewReader(dataValueSet)}, "x.xml", today)
	if baqylau.CodeOf(err) != baqylau.Unavailable {
		t.Errorf("%v", err)
	}
}
