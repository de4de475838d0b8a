package mapping

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// workbookOf is a workbook of one sheet with these rows in XML, merged areas and shared texts ("" for none).
func workbookOf(rows, merged, shared string) []byte { return zipped(partsOf(rows, merged, shared)) }

func partsOf(rows, merged, shared string) map[string]string {
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	parts := map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"xl/workbook.xml":     `<workbook ` + ns + ` xmlns:r="` + rel + `"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" ` +
			`Type="` + rel + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml": `<worksheet ` + ns + `><sheetData>` + rows + `</sheetData><mergeCells>` + merged + `</mergeCells></worksheet>`,
	}
	if shared != "" {
		parts["xl/sharedStrings.xml"] = `<sst ` + ns + `>` + shared + `</sst>`
	}
	return parts
}

const xmlHeader = `<row r="1"><c t="inlineStr"><is><t>id</t></is></c><c t="inlineStr"><is><t>date</t></is></c><c t="inlineStr"><is><t>region</t></is></c>` +
	`<c t="inlineStr"><is><t>kind</t></is></c><c t="inlineStr"><is><t>substance</t></is></c><c t="inlineStr"><is><t>amount</t></is></c>` +
	`<c t="inlineStr"><is><t>unit</t></is></c><c t="inlineStr"><is><t>age</t></is></c></row>`

// xmlRow is a good row whose substance is the cell given.
func xmlRow(n int, cell string) string {
	return fmt.Sprintf(`<row r="%d"><c><v>%d</v></c><c><v>45323</v></c><c t="str"><v>R1</v></c><c t="str"><v>seizure</v></c>%s<c><v>1.5</v></c><c t="str"><v>g</v></c><c><v>20</v></c></row>`, n, n, cell)
}

// TestHostileWorkbooks: what a workbook may be made of by a hostile hand or a broken program is refused by its name, or read as the values it shows.
func TestHostileWorkbooks(t *testing.T) {
	mdma := `<c t="str"><v>MDMA</v></c>`
	altered := func(part string, change func(string) string) []byte {
		p := partsOf(xmlHeader+xmlRow(2, mdma)+xmlRow(3, mdma), "", "")
		p[part] = change(p[part])
		return zipped(p)
	}
	const sheet1 = "xl/worksheets/sheet1.xml"
	for name, c := range map[string]struct {
		data []byte
		want string // an error's key; "row column key" of the first fault; or "" for two good rows
	}{
		"sheet that breaks off":               {altered(sheet1, func(s string) string { return s[:strings.Index(s, `<row r="3"`)] }), "import.file.broken"},
		"sheet that breaks off inside a cell": {altered(sheet1, func(s string) string { return s[:strings.Index(s, `<row r="3"`)+30] }), "import.file.broken"},
		"end tags that do not fit":            {altered(sheet1, func(s string) string { return strings.Replace(s, "</c>", "</d>", 1) }), "import.file.broken"},
		"entities that double": {altered(sheet1, func(s string) string {
			return `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>` + strings.Replace(s, "MDMA", "&b;", 1)
		}), "import.file.broken"},
		"entity that reads a file": {altered(sheet1, func(s string) string {
			return `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>` + strings.Replace(s, "MDMA", "&f;", 1)
		}), "import.file.broken"},
		"nested without end":         {altered(sheet1, func(s string) string { return strings.Replace(s, "<v>2</v>", strings.Repeat("<x>", 200), 1) }), "import.file.broken"},
		"rows out of order":          {altered(sheet1, func(s string) string { return strings.Replace(s, `r="3"`, `r="1"`, 1) }), "import.file.broken"},
		"row beyond the last":        {altered(sheet1, func(s string) string { return strings.Replace(s, `r="3"`, `r="1048577"`, 1) }), "import.file.broken"},
		"cells out of order":         {workbookOf(xmlHeader+`<row><c r="B2"><v>1</v></c><c r="A2"><v>2</v></c></row>`, "", ""), "import.file.broken"},
		"address that is none":       {workbookOf(xmlHeader+`<row><c r="AAAA99999999"><v>1</v></c></row>`, "", ""), "import.file.broken"},
		"too many columns":           {workbookOf(xmlHeader+`<row><c r="XFD2"><v>1</v></c></row>`, "", ""), "import.file.columns"},
		"shared text that is not":    {workbookOf(xmlHeader+xmlRow(2, `<c t="s"><v>7</v></c>`), "", "<si><t>MDMA</t></si>"), "import.file.broken"},
		"no text where one is named": {workbookOf(xmlHeader+xmlRow(2, `<c t="s"><v>-1</v></c>`), "", ""), "import.file.broken"},
		"cell of 10 MB":              {workbookOf(xmlHeader+xmlRow(2, `<c t="inlineStr"><is><t>`+strings.Repeat("ы", 5<<20)+`</t></is></c>`), "", ""), "import.row.large"},
		"shared text of 10 MB":       {workbookOf(xmlHeader+xmlRow(2, `<c t="s"><v>0</v></c>`), "", "<si><t>"+strings.Repeat("ы", 5<<20)+"</t></si>"), "import.file.text"},
		"text longer than a cell's":  {workbookOf(xmlHeader+xmlRow(2, `<c t="s"><v>0</v></c>`), "", "<si><t>"+strings.Repeat("ы", 200_000)+"</t></si>"), "2 substance import.cell.long"},
		"null byte":                  {workbookOf(xmlHeader+xmlRow(2, `<c t="str"><v>MD_x0000_MA</v></c>`), "", ""), "2 substance import.cell.nul"},
		"half a character":           {workbookOf(xmlHeader+xmlRow(2, `<c t="inlineStr"><is><t>MD_xD800_MA</t></is></c>`), "", ""), "2 substance import.encoding.invalid"},
		"formula without a result":   {workbookOf(xmlHeader+xmlRow(2, `<c><f>A1&amp;"x"</f></c>`), "", ""), "2 substance import.cell.uncalculated"},
		"formula that failed":        {workbookOf(xmlHeader+xmlRow(2, `<c t="e"><f>1/0</f><v>#DIV/0!</v></c>`), "", ""), "2 substance import.cell.formula"},
		"two parts of one name":      {doubled(partsOf(xmlHeader, "", "")), "import.file.broken"},
		"two sheets that are one part": {altered("xl/workbook.xml", func(s string) string {
			return strings.Replace(s, "<sheets>", `<sheets><sheet name="T" sheetId="2" r:id="rId1"/>`, 1)
		}), "import.file.broken"},
		"list of sheets without end": {altered("xl/workbook.xml", func(s string) string {
			return strings.Replace(s, "<sheets>", "<sheets>"+strings.Repeat(`<sheet name="T"/>`, 400_000), 1)
		}), "import.file.bomb"},
		"bits that changed on the way": {flipped(workbookOf(xmlHeader+xmlRow(2, mdma), "", "")), "import.file.broken"},
		"a link to another file": {altered("xl/_rels/workbook.xml.rels", func(s string) string {
			return strings.Replace(s, `Target="worksheets`, `TargetMode="External" Target="file:///etc`, 1)
		}), "import.file.empty"},
		"names that climb out":          {altered("xl/_rels/workbook.xml.rels", func(s string) string { return strings.Replace(s, `Target="worksheets`, `Target="../../../etc`, 1) }), "import.file.empty"},
		"command in a formula (DDE)":    {workbookOf(xmlHeader+xmlRow(2, `<c t="str"><f>cmd|'/c calc'!A0</f><v>MDMA</v></c>`)+xmlRow(3, mdma), "", ""), ""},
		"formula of another workbook":   {workbookOf(xmlHeader+xmlRow(2, `<c t="str"><f>[1]Sheet1!$A$1</f><v>MDMA</v></c>`)+xmlRow(3, mdma), "", ""), ""},
		"text in pieces":                {workbookOf(xmlHeader+xmlRow(2, `<c t="s"><v>0</v></c>`)+xmlRow(3, mdma), "", "<si><r><t>MD</t></r><r><t>MA</t></r><rPh><t>no</t></rPh></si>"), ""},
		"a million rows of nothing":     {workbookOf(xmlHeader+xmlRow(2, mdma)+strings.Repeat("<row/>", 500_000)+xmlRow(1_000_000, mdma), "", ""), ""},
		"cells of nothing to the right": {workbookOf(xmlHeader+xmlRow(2, mdma+``)+xmlRow(3, mdma)+`<row r="4">`+strings.Repeat("<c/>", 16_384)+"</row>", "", ""), ""},
	} {
		t.Run(name, func(t *testing.T) {
			recs, err := readAll(mustParse(t, plain), c.data, "x.xlsm")
			row, rest, fault := strings.Cut(c.want, " ")
			switch {
			case fault:
				if err != nil || len(recs) == 0 || !recs[0].Faulty() {
					t.Fatalf("%d rows, %v", len(recs), err)
				}
				p := recs[0].Problems[0]
				equal(t, "fault", fmt.Sprint(p.Row, " ", p.Column, " ", p.Key), row+" "+rest)
			case c.want != "":
				equal(t, "error", keyIn(err), c.want)
			default:
				if err != nil || len(recs) != 2 || recs[0].Faulty() || recs[1].Faulty() {
					t.Fatalf("%d rows, %v: %+v", len(recs), err, recs)
				}
				equal(t, "substance", names(recs[0]), "MDMA")
			}
			left, _ := filepath.Glob(filepath.Join(os.TempDir(), "baqylau-table-*"))
			equal(t, "temporary files", len(left), 0)
		})
	}
}

// doubled is an archive whose first part is there twice.
func doubled(files map[string]string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for range 2 {
		for n, s := range files {
			f, _ := w.Create(n)
			_, _ = io.WriteString(f, s)
		}
	}
	_ = w.Close()
	return b.Bytes()
}

// flipped is a stored archive in which one digit of a sheet has become another, as on a bad line.
func flipped(data []byte) []byte {
	z, _ := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		in, _ := f.Open()
		out, _ := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		_, _ = io.Copy(out, in)
	}
	_ = w.Close()
	return bytes.Replace(b.Bytes(), []byte("<v>1.5</v>"), []byte("<v>7.5</v>"), 1)
}

// TestHostileFilesTakeLittleMemory reads the worst that a small file can unpack to and watches what the process holds.
func TestHostileFilesTakeLittleMemory(t *testing.T) {
	text := strings.Repeat("ы", maxCell)
	many := map[string]string{}
	for i := range 60_000 {
		many[fmt.Sprintf("xl/a%d", i)] = ""
	}
	for name, data := range map[string][]byte{
		"one long text in every cell": workbookOf(xmlHeader+strings.Repeat(`<row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, 15)+`</row>`, 20_000), "", "<si><t>"+text+"</t></si>"),
		"texts of nothing":            workbookOf(xmlHeader+xmlRow(2, `<c t="s"><v>0</v></c>`), "", strings.Repeat("<si/>", 2<<20)),
		"too many parts":              zipped(many),
		"attributes":                  workbookOf(xmlHeader+`<row `+strings.Repeat(`a="" `, 390_000)+`/>`, "", ""),
		"lines of commas":             gz([]byte("id,date,region,kind,substance,amount,unit,age\n" + strings.Repeat(strings.Repeat(",", maxLine-1)+"\n", 20))),
		"one line":                    gz([]byte("id,date,region,kind,substance,amount,unit,age\n" + strings.Repeat("a", 60<<20))),
		"an open quote":               gz([]byte("id,date,region,kind,substance,amount,unit,age\n\"" + strings.Repeat("a\n", 30<<20))),
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			peak := watch(func() {
				r, err := mustParse(t, plain).Open(bytes.NewReader(data), "x", today)
				for n := 0; err == nil && n < 3_000; n++ {
					_, err = r.Next()
				}
				if r != nil {
					_ = r.Close()
				}
				t.Logf("ended with %v", err)
			})
			t.Logf("%d KiB of file, %d MiB of memory, %v", len(data)>>10, peak>>20, time.Since(began).Round(time.Millisecond))
			if peak > 160<<20 {
				t.Errorf("%d MiB of memory", peak>>20)
			}
		})
	}
}

// watch is by how many bytes the heap in use grew at most while f ran.
func watch(f func()) uint64 {
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse
	}
	runtime.GC()
	before := heap()
	var peak atomic.Uint64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			peak.Store(max(peak.Load(), heap()))
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	f()
	close(stop)
	<-stopped
	return max(peak.Load(), before) - before
}

func TestARowNamesOnlySoManySubstances(t *testing.T) {
	list := strings.Replace(plain, "as: name", `as: list, separator: "+"`, 1)
	head := "id,date,region,kind,substance,amount,unit,age\n"
	many := make([]string, 10_000)
	for i := range many {
		many[i] = fmt.Sprint("x", i)
	}
	recs := mustRead(t, mustParse(t, list), []byte(head+"1,01.02.2024,R1,seizure,"+strings.Join(many[:2_000], "+")+",1,g,20\n2,01.02.2024,R1,seizure,"+strings.Join(many[:150], "+")+",1,g,20\n"), "x.csv")
	equal(t, "fault", recs[0].Problems[0].Key, "import.substances.many")
	equal(t, "one fault", len(recs[0].Problems), 1)
	equal(t, "kept", len(recs[0].Substances), maxMentions)
	equal(t, "a long list", recs[1].Faulty(), false)

	var rows strings.Builder
	for _, x := range many {
		rows.WriteString("1,01.02.2024,R1,seizure," + x + ",1,g,20\n")
	}
	run := strings.Replace(plain, "name: plain", "name: plain\ngroup: consecutive", 1)
	recs = mustRead(t, mustParse(t, run), []byte(head+rows.String()), "x.csv")
	equal(t, "fault of a run", recs[0].Problems[0].Key, "import.substances.many")
	for _, group := range []string{"consecutive", "any"} {
		m := mustParse(t, strings.Replace(plain, "name: plain", "name: plain\ngroup: "+group, 1))
		_, err := readAll(m, []byte(head+rows.String()), "x.csv", WithLimits(Limits{Held: 100_000}))
		equal(t, "bytes held by "+group, keyIn(err), "import.group.heavy")
	}
}

func TestARowKeepsOnlySomeCellsBeyondTheHeader(t *testing.T) {
	head := "id,date,region,kind,substance,amount,unit,age\n"
	recs := mustRead(t, mustParse(t, plain), []byte(head+"1,01.02.2024,R1,seizure,MDMA,1,g,20"+strings.Repeat(",x", 100_000)+"\n"), "x.csv")
	equal(t, "fault", recs[0].Problems[0].Key, "import.row.long")
	equal(t, "kept", len(recs[0].Raw), 8+keptBeyond)
}

// A file put together from two keeps its encoding line by line; the lines of the other encoding are faults, never letters that nobody wrote.
func TestEncodingsMixedInOneFile(t *testing.T) {
	m := mustParse(t, strings.NewReplacer("[DD.MM.YYYY]}", "[DD.MM.YYYY]}", "codes: {R1: KZ-11}, required: true", "required: true").Replace(plain))
	line := func(n int, region string) string {
		return fmt.Sprintf("%d,01.02.2024,%s,seizure,MDMA,1,g,20\n", n, region)
	}
	cp := func(s string) string {
		b, err := charmap.Windows1251.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	head := "id,date,region,kind,substance,amount,unit,age\n"
	words := []string{"Акмолинская область", "ТОО «Рассвет»", "г. Алматы; Ёлка № 5", "СССР", "Р—С", "пгт. Кировский", "Рё", "ХХ"}
	old := head
	for i, w := range words {
		old += cp(line(i, w))
	}
	for _, r := range mustRead(t, m, []byte(old+line(50, "Павлодар")+line(51, "Семей; Абай")), "x.csv") {
		fault := ""
		if r.Faulty() {
			fault = r.Problems[0].Key + " " + r.Problems[0].Column
		}
		want := ""
		if r.Row > 1+len(words) {
			want = "import.encoding.mixed region"
		}
		equal(t, fmt.Sprintf("row %d %s", r.Row, r.RegionText), fault, want)
	}
	long := head + strings.Repeat(line(1, "Павлодарская область"), 2_000) // the beginning, by which the encoding is told, is UTF-8
	recs := mustRead(t, m, []byte(strings.Replace(long, "\n1,", "\n2,", 1)+cp(line(50, "Павлодар"))), "x.csv")
	last := recs[len(recs)-1]
	equal(t, "old line in a new file", hasProblem(last, "import.encoding.invalid"), true)
}
