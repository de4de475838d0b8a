package mapping

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const plain = `
version: 1
name: plain
fields:
  key: {column: id}
  kind: {column: kind}
  occurred: {column: date, formats: [DD.MM.YYYY]}
  known: {column: known, formats: [DD.MM.YYYY], optional: true}
  region: {column: region, codes: {R1: KZ-11}, required: true}
  quantity: {column: amount}
  unit: {column: unit}
  age: {column: age}
substances:
  - {column: substance, as: name}
`

// TestMistakes reads one file per mistake: which fault in which row and column, or which error of the whole file. Every other
// row of the file must be taken.
func TestMistakes(t *testing.T) {
	want := map[string]string{ // file → "row column key", or the key of the error that refuses the file
		"day-that-does-not-exist":    "3 date import.date.nonexistent",
		"date-in-the-future":         "3 date import.date.future",
		"date-before-1900":           "3 date import.date.old",
		"date-in-another-format":     "3 date import.date.format",
		"date-missing":               "3 date import.value.missing",
		"negative-quantity":          "3 amount import.number.negative",
		"quantity-with-two-meanings": "3 amount import.number.format",
		"unknown-unit":               "3 unit import.unit.unknown",
		"unknown-code":               "3 region import.code.unknown",
		"unknown-kind":               "3 kind import.code.unknown",
		"required-value-missing":     "3 region import.value.missing",
		"age-out-of-range":           "3 age import.age.range",
		"too-many-cells":             "3  import.row.long",
		"too-few-cells":              "3  import.row.short",
		"nul-byte":                   "3 substance import.cell.nul",
		"invalid-encoding":           "3 substance import.encoding.invalid",
		"unclosed-quote":             "3  import.csv.unclosed",
		"text-after-quote":           "3 substance import.csv.quote",
		"repeated-key":               "3  import.key.duplicate",
		"known-before-occurred":      "3 known import.known.before",
		"duplicate-header":           "import.header.duplicate",
		"column-missing":             "import.header.missing",
		"no-header":                  "import.header.missing",
		"empty":                      "import.file.empty",
		"only-blank-lines":           "import.file.empty",
	}
	paths, err := filepath.Glob(filepath.Join("testdata", "mistakes", "*.csv"))
	if err != nil || len(paths) != len(want) {
		t.Fatalf("%d files for %d mistakes (%v)", len(paths), len(want), err)
	}
	m := mustParse(t, plain)
	for _, p := range paths {
		name := strings.TrimSuffix(filepath.Base(p), ".csv")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			recs, err := readAll(m, data, p)
			row, rest, isRow := strings.Cut(want[name], " ")
			if !isRow {
				equal(t, "error", keyIn(err), row)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			column, key, _ := strings.Cut(rest, " ")
			for _, r := range recs {
				if r.Row != 3 {
					if r.Faulty() {
						t.Errorf("row %d is faulty too: %+v", r.Row, r.Problems)
					}
					continue
				}
				equal(t, "faulty", r.Faulty(), true)
				equal(t, "key", r.Problems[0].Key, key)
				equal(t, "column", r.Problems[0].Column, column)
				equal(t, "remedy given", strings.HasPrefix(r.Problems[0].Remedy, "import.remedy."), true)
				e := r.Problems[0].Err()
				equal(t, "error's row", e.Args["row"].(int), 3)
			}
			if last := recs[len(recs)-1].Row; last < 3 {
				t.Errorf("reading stopped at row %d", last)
			}
		})
	}
}

func TestLongCellsAreFaults(t *testing.T) {
	head := "id,date,region,kind,substance,amount,unit,age\n"
	long := head + "1,01.02.2024,R1,seizure," + strings.Repeat("ә", maxCell+1) + ",1,g,20\n2,01.02.2024,R1,seizure,MDA,1,g,20\n"
	recs := mustRead(t, mustParse(t, plain), []byte(long), "x.csv")
	equal(t, "fault", recs[0].Problems[0].Key, "import.cell.long")
	equal(t, "value is clipped", len([]rune(recs[0].Problems[0].Value)), valueLimit)
	equal(t, "next row", recs[1].Faulty(), false)

	huge := head + "1,01.02.2024,R1,seizure," + strings.Repeat("x", 3*maxLine) + ",1,g,20\n2,01.02.2024,R1,seizure,MDA,1,g,20\n"
	recs = mustRead(t, mustParse(t, plain), []byte(huge), "x.csv")
	equal(t, "rows", len(recs), 2)
	if last := recs[0].Problems[len(recs[0].Problems)-1].Key; !hasProblem(recs[0], "import.row.huge") {
		t.Errorf("last problem is %s", last)
	}
	equal(t, "next row after a huge one", recs[1].Faulty(), false)
}

func hasProblem(r Record, key string) bool {
	for _, p := range r.Problems {
		if p.Key == key {
			return true
		}
	}
	return false
}

func TestFormulasStayText(t *testing.T) {
	data := "id,date,region,kind,substance,amount,unit,age\n1,01.02.2024,R1,seizure,\"=HYPERLINK(\"\"x\"\")\",1,g,20\n"
	recs := mustRead(t, mustParse(t, plain), []byte(data), "x.csv")
	equal(t, "text", recs[0].Substances[0].Name, `=HYPERLINK("x")`)
	equal(t, "faulty", recs[0].Faulty(), false)
}

func TestFilesThatAreNoTables(t *testing.T) {
	ole := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 600)...)
	locked := append(append([]byte{}, ole...), []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")...)
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"old.xls":     {ole, "import.file.xls"},
		"locked.xlsx": {locked, "import.file.encrypted"},
		"report.pdf":  {[]byte("%PDF-1.7\n..."), "import.file.type"},
		"page.xls":    {[]byte("<html><table><tr><td>id</td></tr></table>"), "import.file.type"},
		"cut.xlsx":    {[]byte("PK\x03\x04 and no more"), "import.file.broken"},
		"text.xlsx":   {[]byte("id,date\n1,2\n"), "import.file.broken"},
		"cut.csv.gz":  {gz([]byte(strings.Repeat("id,date,region\n", 100)))[:30], "import.file.broken"},
		"damaged.gz":  {damaged(gz([]byte(strings.Repeat("id,date,region\n1,2,3\n", 5000)))), "import.file.broken"},
		"data.zip":    {zipped(map[string]string{"data.csv": "id\n1\n"}), "import.file.zip"},
		"data.xlsb":   {zipped(map[string]string{"xl/workbook.bin": "x"}), "import.file.xls"},
	} {
		_, err := readAll(mustParse(t, plain), c.data, name)
		equal(t, name, keyIn(err), c.key)
	}
}

func damaged(b []byte) []byte {
	for i := 20; i < 60; i++ {
		b[i] ^= 0xA5
	}
	return b
}

func gz(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

func TestBombsAreStopped(t *testing.T) {
	head := "id,date,region,kind,substance,amount,unit,age\n"
	row := "1,01.02.2024,R1,seizure,MDMA,1,g,20\n"
	bomb := gz([]byte(head + row + strings.Repeat(strings.Repeat(" ", 1023)+"\n", ratioFrom>>10+1<<10)))
	_, err := readAll(mustParse(t, plain), bomb, "x.csv.gz")
	equal(t, "ratio", keyIn(err), "import.file.bomb")
	_, err = readAll(mustParse(t, plain), gz([]byte(head+strings.Repeat(row, 1000))), "x.csv.gz", WithLimits(Limits{Unpacked: 4096}))
	equal(t, "size", keyIn(err), "import.file.bomb")
	_, err = readAll(mustParse(t, plain), workbookOf(strings.Repeat(" ", ratioFrom+1), "", ""), "x.xlsx")
	equal(t, "ratio of a workbook", keyIn(err), "import.file.bomb")
	_, err = readAll(mustParse(t, plain), zipped(map[string]string{"xl/workbook.xml": "x"}), "x.xlsx", WithLimits(Limits{Packed: 10}))
	equal(t, "packed size", keyIn(err), "import.file.large")
	wide := strings.Repeat("a,", 3000) + "\n"
	_, err = readAll(mustParse(t, plain), []byte(wide), "x.csv")
	equal(t, "columns", keyIn(err), "import.file.columns")
}
