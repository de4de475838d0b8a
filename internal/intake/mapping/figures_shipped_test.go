package mapping

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// demo opens a file that comes with the software.
func demo(t testing.TB, name string) io.Reader {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "data", name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// figuresOf reads a file of the demonstration by the shipped mapping and counts its faulty lines.
func figuresOf(t testing.TB, m *Mapping, name string) (rows []Row, faulty []Record) {
	t.Helper()
	r, err := m.Open(demo(t, name), name, today)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	for rec, err := r.Next(); !isEOF(err); rec, err = r.Next() {
		if err != nil {
			t.Fatal(err)
		}
		if rec.Faulty() {
			faulty = append(faulty, rec)
			continue
		}
		rows = append(rows, rec.Rows...)
	}
	return rows, faulty
}

func find1(t testing.TB, rows []Row, want map[string]string) Row {
	t.Helper()
	var found []Row
	for _, r := range rows {
		fits := true
		for k, v := range want {
			fits = fits && r.Values[k] == v
		}
		if fits {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d rows of %v", len(found), want)
	}
	return found[0]
}

// Qualifiers that stand in the unit become the period, the qualifier and the coverage; what cannot be resolved stays as a note.
func TestPublishedFigures(t *testing.T) {
	rows, faulty := figuresOf(t, shipped(t, "kz-published-figures"), "demo/kz-published-figures.csv")
	if len(rows) != 909 || len(faulty) != 0 {
		t.Fatalf("%d figures, %d faulty", len(rows), len(faulty))
	}
	qualified := map[string]int{}
	for _, r := range rows {
		qualified[r.Values["qualifier"]]++
		if strings.ContainsAny(r.Values["unit"], "()") {
			t.Errorf("unit %q", r.Values["unit"])
		}
	}
	if want := map[string]int{"": 883, "more_than": 11, "about": 14, "at_least": 1}; !maps.Equal(qualified, want) {
		t.Errorf("qualifiers %v", qualified)
	}
	all, err := readAll(shipped(t, "kz-published-figures"), []byte("country,indicator,substance,sex,age,region,year,value,unit,source_title,source_url\nKAZ,clandestine_labs,all,total,all,Astana city,2022,3,labs,x,y\n"), "x.csv")
	if err != nil || len(all) != 1 || !all[0].Faulty() {
		t.Errorf("a city that the mapping does not know: %+v %v", all, err)
	}
	labs := find1(t, rows, map[string]string{"indicator": "clandestine_labs", "place": "KZ", "period": "2022-01-01/2022-06-30"})
	equal(t, "to June", labs.Values["cumulative"]+" "+labs.Values["value"], "yes 16")
	knb := find1(t, rows, map[string]string{"indicator": "clandestine_labs", "coverage": "knb"})
	equal(t, "one agency", knb.Values["unit"]+" "+knb.Values["period"]+" "+knb.Values["note"], "labs 2023-01-01/2023-12-31 ")
	share := find1(t, rows, map[string]string{"low": "9.1"})
	equal(t, "interval", share.Values["high"]+" "+share.Values["note"], "11.1 95% CI 9.1-11.1")
	var more Row
	for _, r := range rows {
		if r.Values["qualifier"] == "more_than" && r.Values["period"][5:] == "01-01/"+r.Values["period"][:4]+"-07-31" && r.Values["unit"] == "cases" {
			more = r
		}
	}
	equal(t, "January-July, more than", more.Values["cumulative"]+more.Values["indicator"], "yesdrug_crimes_grave")
}

// lines reads a table of the data folder.
func lines(t testing.TB, r io.Reader, zipped bool) (list []map[string]string) {
	t.Helper()
	if zipped {
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	}
	all, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		m := map[string]string{}
		for i, name := range all[0] {
			m[name] = cells[i]
		}
		list = append(list, m)
	}
	return list
}

// coded is what data/indicators/form-1m.csv says a column of the form means.
func coded(m map[string]string) string {
	parts := []string{m["indicator"], m["sex"], m["age"]}
	if m["breakdown"] != "" {
		parts = append(parts, strings.Split(m["breakdown"], ";")...)
	}
	slices.Sort(parts[3:])
	return strings.Join(parts, " ")
}

func meant(r Row) string {
	parts := []string{r.Values["indicator"], r.Values["sex"], r.Values["age"]}
	for _, name := range slices.Sorted(maps.Keys(r.Values)) {
		if b, ok := strings.CutPrefix(name, "breakdown."); ok && b != "article" {
			parts = append(parts, b+"="+r.Values[name])
		}
	}
	return strings.Join(parts, " ")
}

// The long table of form 1-M is read as the coding of its columns says.
func TestForm1MLong(t *testing.T) {
	rows, faulty := figuresOf(t, shipped(t, "kz-form-1m"), "demo/kz-form-1m.csv.gz")
	long := lines(t, demo(t, "demo/kz-form-1m.csv.gz"), true)
	if len(rows) != 21340 || len(long) != 21340 || len(faulty) != 0 {
		t.Fatalf("%d figures of %d, %d faulty", len(rows), len(long), len(faulty))
	}
	coding := map[string]string{}
	for _, m := range lines(t, demo(t, "indicators/form-1m.csv"), false) {
		coding[m["section"]+" "+m["column"]] = coded(m)
	}
	for i, m := range long {
		if got, want := meant(rows[i]), coding[m["section"]+" "+m["column_no"]]; got != want || rows[i].Values["value"] != m["value"] {
			t.Fatalf("%s %s: %s, want %s; %s", m["section"], m["column_no"], got, want, rows[i].Values["value"])
		}
	}
}

// A workbook as the form is drawn up says the same as the long table.
func TestForm1MWorkbookSaysWhatTheLongTableSays(t *testing.T) {
	f := excelize.NewFile()
	want := map[string]string{}
	place := map[string]string{"KZ-71": "г. Астана", "KZ-10": "Абайская область"}
	row, last := map[string]int{}, ""
	columns := map[string]int{}
	for _, m := range lines(t, demo(t, "demo/kz-form-1m.csv.gz"), true) {
		sheet, ok := place[m["iso_3166_2"]]
		if !ok || m["section"] != "R1" {
			continue
		}
		if row[sheet] == 0 {
			if _, err := f.NewSheet(sheet); err != nil {
				t.Fatal(err)
			}
			for cell, text := range map[string]string{"A1": "Форма № 1-М", "A2": "за январь–декабрь 2023 года", "A3": sheet, "A5": "№", "B5": "Вид правонарушения"} {
				_ = f.SetCellValue(sheet, cell, text)
			}
			_ = f.MergeCell(sheet, "A5", "A7")
			_ = f.MergeCell(sheet, "B5", "B7")
			_ = f.SetSheetRow(sheet, "A8", &[]any{"А", "Б"})
			row[sheet], last = 8, ""
		}
		if m["row_code"] != last {
			row[sheet]++
			last = m["row_code"]
			_ = f.SetSheetRow(sheet, fmt.Sprintf("A%d", row[sheet]), &[]any{m["row_code"], m["indicator_ru"]})
			columns[sheet] = 2
		}
		columns[sheet]++
		at := func(r int) string { c, _ := excelize.CoordinatesToCellName(columns[sheet], r); return c }
		if row[sheet] == 9 {
			levels := strings.Split(m["column_header_ru"], " / ")
			for l := range 3 {
				_ = f.SetCellValue(sheet, at(5+l), levels[min(l, len(levels)-1)])
			}
			if len(levels) < 3 {
				_ = f.MergeCell(sheet, at(4+len(levels)), at(7))
			}
			_ = f.SetCellValue(sheet, at(8), columns[sheet]-2)
		}
		_ = f.SetCellValue(sheet, at(row[sheet]), m["value"])
		want[sheet+m["row_code"]+m["column_no"]] = m["value"]
	}
	_ = f.DeleteSheet("Sheet1")
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	long, _ := figuresOf(t, shipped(t, "kz-form-1m"), "demo/kz-form-1m.csv.gz")
	count := map[string]int{}
	for _, r := range long {
		if _, ok := place[r.Values["place"]]; ok {
			count[place[r.Values["place"]]+meant(r)+r.Values["breakdown.article"]+r.Values["value"]]++
		}
	}
	rows := rowsIn(t, mustRead(t, shipped(t, "kz-form-1m-workbook"), b.Bytes(), "1-М.xlsx"))
	if len(rows) != len(want) {
		t.Fatalf("%d figures, want %d", len(rows), len(want))
	}
	for _, r := range rows {
		if k := r.Values["place"] + meant(r) + r.Values["breakdown.article"] + r.Values["value"]; count[k] == 0 {
			t.Fatalf("%s is not in the long table", k)
		}
		equal(t, "period", r.Values["period"], "2023-01-01/2023-12-31")
	}
}

// Decimals that a spreadsheet has taken for dates are told one by one, unless the mapping says what they mean.
func TestWastewaterWithDamagedDecimals(t *testing.T) {
	m := shipped(t, "euda-wastewater")
	rows, faulty := figuresOf(t, m, "demo/euda-wastewater.csv.gz")
	if len(faulty) != 0 || len(rows) != 4750 {
		t.Errorf("%d figures, %d faulty", len(rows), len(faulty))
	}
	graz := find1(t, rows, map[string]string{"breakdown.city": "Graz", "period": "2020-01-01/2020-12-31", "breakdown.residue": "methamphetamine", "breakdown.day": "weekday"})
	equal(t, "06.01", graz.Values["value"], "6.01")
	m.Odd = nil
	_, faulty = figuresOf(t, m, "demo/euda-wastewater.csv.gz")
	if len(faulty) == 0 || faulty[0].Problems[0].Key != "import.number.zeros" || faulty[0].Problems[0].Column != "Weekday mean" {
		t.Errorf("%d faulty, %+v", len(faulty), faulty[:1])
	}
}

func TestUNODCSeizures(t *testing.T) {
	rows, faulty := figuresOf(t, shipped(t, "unodc-seizures"), "demo/unodc-seizures.csv.gz")
	absent := 0
	for _, r := range rows {
		if r.Values["absence"] != "" {
			absent++
		}
	}
	if len(faulty) != 0 || len(rows) != 1815 || absent == len(rows) {
		t.Errorf("%d figures, %d absent, %d faulty", len(rows), absent, len(faulty))
	}
}

// The formats of national statistics are tables like others.
func TestInterchangeFormats(t *testing.T) {
	for mapping, file := range map[string]string{"dhis2": "dhis2/testdata/dataValueSetJ.json", "adx": "adx/testdata/exportC.adx.xml"} {
		b, err := os.ReadFile(filepath.Join("..", "..", "interchange", file))
		if err != nil {
			t.Fatal(err)
		}
		rows := rowsIn(t, mustRead(t, shipped(t, mapping), b, filepath.Base(file)))
		if len(rows) == 0 || rows[0].Values["value"] == "" || rows[0].Values["period"] == "" {
			t.Errorf("%s: %d rows", file, len(rows))
		}
	}
	sdmx := "DATAFLOW,REF_AREA,INDICATOR,DRUG,SEX,AGE,STATUS,UNIT,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n" +
		"KZ:DRUGS(1.0),KZ,treatment_entrants,1.1,F,_T,_T,persons,2024-Q1,0,A\nKZ:DRUGS(1.0),KZ,treatment_entrants,_T,_T,15-24,_T,persons,2024,,Q\n"
	rows := rowsIn(t, mustRead(t, shipped(t, "sdmx-csv"), []byte(sdmx), "x.csv"))
	equal(t, "zero", written(rows[0]), "age=all drug=1.1 indicator=treatment_entrants period=2024-01-01/2024-03-31 place=KZ sex=female unit=persons value=0")
	equal(t, "suppressed", rows[1].Values["absence"]+rows[1].Values["value"], "suppressed")
}
