package mapping

import (
	"archive/zip"
	"bytes"
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func zipped(files map[string]string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	names := []string{}
	for n := range files {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		f, _ := w.Create(n)
		_, _ = f.Write([]byte(files[n]))
	}
	_ = w.Close()
	return b.Bytes()
}

// book builds a workbook; rows are put from the cell given.
func book(t testing.TB, sheet, from string, rows [][]any, more ...func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	if sheet != "Sheet1" {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
	}
	c, r, err := excelize.CellNameToCoordinates(from)
	if err != nil {
		t.Fatal(err)
	}
	for i, cells := range rows {
		at, _ := excelize.CoordinatesToCellName(c, r+i)
		if err := f.SetSheetRow(sheet, at, &cells); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range more {
		m(f)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var plainHeader = []any{"id", "date", "region", "kind", "substance", "amount", "unit", "age"}

func TestXLSXShapes(t *testing.T) {
	day := time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC)
	sum := 0.1
	sum += 0.2 // 0.30000000000000004, which a constant would not be
	good := []any{"1", day, "R1", "seizure", "MDMA", sum, "g", 20}
	check := func(name string, data []byte, yaml string, row int) Record {
		t.Helper()
		recs, err := readAll(mustParse(t, yaml), data, "x.xlsx")
		if err != nil || len(recs) != 1 {
			t.Fatalf("%s: %d records, %v", name, len(recs), err)
		}
		r := recs[0]
		if r.Faulty() {
			t.Errorf("%s: %+v", name, r.Problems)
		}
		equal(t, name+": row", r.Row, row)
		equal(t, name+": date", r.Occurred.String(), "2024-02-01")
		return r
	}

	r := check("plain", book(t, "Sheet1", "A1", [][]any{plainHeader, good}), plain, 2)
	equal(t, "binary noise", r.Quantity.Value, "0.3")
	equal(t, "raw date is readable", r.Raw[1], "2024-02-01")

	check("not at A1", book(t, "Sheet1", "D7", [][]any{plainHeader, good}), plain, 8)
	check("second sheet", book(t, "Данные", "B3", [][]any{plainHeader, good}), plain, 4)
	check("date as text", book(t, "Sheet1", "A1", [][]any{plainHeader, {"1", "01.02.2024", "R1", "seizure", "MDMA", "0.3", "g", "20"}}), plain, 2)

	title := func(f *excelize.File) { _ = f.MergeCell("Sheet1", "A1", "H1") }
	check("title over the table", book(t, "Sheet1", "A1", [][]any{{"Сведения об изъятиях"}, {}, plainHeader, good}, title), plain, 4)

	two := [][]any{{"id", "date", "region", "kind", "material", "", "", "age"}, {"", "", "", "", "substance", "amount", "unit", ""}, good}
	merge := func(f *excelize.File) {
		for _, m := range [][2]string{{"A1", "A2"}, {"B1", "B2"}, {"C1", "C2"}, {"D1", "D2"}, {"E1", "G1"}, {"H1", "H2"}} {
			_ = f.MergeCell("Sheet1", m[0], m[1])
		}
	}
	grouped := strings.NewReplacer("column: substance", "column: material / substance", "column: amount", "column: material / amount",
		"column: unit", "column: material / unit", "fields:", "file: {header_rows: 2}\nfields:").Replace(plain)
	check("merged header of two lines", book(t, "Sheet1", "A1", two, merge), grouped, 3)

	epoch := func(f *excelize.File) {
		yes := true
		_ = f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})
		_ = f.SetCellValue("Sheet1", "B2", 43861) // 2024-02-01 counted from 1904-01-01
	}
	check("dates from 1904", book(t, "Sheet1", "A1", [][]any{plainHeader, good}, epoch), plain, 2)

	named := strings.Replace(plain, "fields:", "file: {sheet: \"#2\"}\nfields:", 1)
	check("sheet by number", book(t, "Other", "A1", [][]any{plainHeader, good}), named, 2)
	absent := strings.Replace(plain, "fields:", "file: {sheet: Absent}\nfields:", 1)
	_, err := readAll(mustParse(t, absent), book(t, "Sheet1", "A1", [][]any{plainHeader, good}), "x.xlsx")
	equal(t, "absent sheet", keyIn(err), "import.file.sheet")
}

func TestXLSXMergedDataCells(t *testing.T) {
	data := book(t, "Sheet1", "A1", [][]any{plainHeader,
		{"1", "01.02.2024", "R1", "seizure", "MDMA", 1, "g", 20},
		{"2", "02.02.2024", "", "seizure", "MDA", 2, "g", 21}},
		func(f *excelize.File) { _ = f.MergeCell("Sheet1", "C2", "C5") })
	recs := mustRead(t, mustParse(t, plain), data, "x.xlsx")
	equal(t, "rows that hold only merged text are none", len(recs), 2)
	equal(t, "filled", recs[1].Region, "KZ-11")
	equal(t, "warned", recs[1].Problems[0].Key, "import.cell.merged")
	equal(t, "column", recs[1].Problems[0].Column, "region")
	equal(t, "taken", recs[1].Faulty(), false)
}

func TestXLSXFormulaErrorsAndShortRows(t *testing.T) {
	data := book(t, "Sheet1", "A1", [][]any{plainHeader,
		{"1", "01.02.2024", "R1", "seizure", "#N/A", 1, "g", 20},
		{"2", "02.02.2024", "R1", "seizure", "MDA"}})
	recs := mustRead(t, mustParse(t, plain), data, "x.xlsx")
	equal(t, "formula", recs[0].Problems[0].Key, "import.cell.formula")
	equal(t, "short rows are usual", recs[1].Faulty(), false)
}

func TestXLSXDecimalCommaInText(t *testing.T) {
	comma := strings.Replace(plain, "fields:", "file: {decimal: \",\"}\nfields:", 1)
	data := book(t, "Sheet1", "A1", [][]any{plainHeader,
		{"1", "01.02.2024", "R1", "seizure", "MDMA", 1.5, "г", 20},
		{"2", "02.02.2024", "R1", "seizure", "MDA", "2,25", "г", 21}})
	recs := mustRead(t, mustParse(t, comma), data, "x.xlsx")
	equal(t, "number cell", recs[0].Quantity, Quantity{"1.5", "g"})
	equal(t, "raw reads back", recs[0].Raw[5], "1,5")
	equal(t, "text cell", recs[1].Quantity, Quantity{"2.25", "g"})
}

// TestXLSXLargeSheetStreams reads a sheet that the reader has to put on disk.
func TestXLSXLargeSheetStreams(t *testing.T) {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	const n = 30_000
	_ = w.SetRow("A1", plainHeader)
	pad := strings.Repeat("x", 600)
	for i := 2; i <= n+1; i++ {
		if err := w.SetRow(fmt.Sprintf("A%d", i), []any{i, "01.02.2024", "R1", "seizure", pad, 1, "g", 20}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	r, err := mustParse(t, plain).Open(b, "x.xlsx", today)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	count := 0
	for {
		rec, err := r.Next()
		if isEOF(err) {
			break
		}
		if err != nil || rec.Faulty() {
			t.Fatal(err, rec.Problems)
		}
		count++
	}
	equal(t, "rows", count, n)
}

func TestXLSXWithoutTheHeaderOnAnySheet(t *testing.T) {
	data := book(t, "Second", "A1", [][]any{{"id", "date", "kind"}, {1, 2, 3}})
	_, err := readAll(mustParse(t, plain), data, "x.xlsx")
	equal(t, "the sheet with rows is told, not the empty one", keyIn(err), "import.header.missing")
	_, err = readAll(mustParse(t, plain), book(t, "Sheet1", "A1", nil), "x.xlsx")
	equal(t, "no rows at all", keyIn(err), "import.file.empty")
	third := strings.Replace(plain, "fields:", "file: {sheet: \"#3\"}\nfields:", 1)
	_, err = readAll(mustParse(t, third), data, "x.xlsx")
	equal(t, "no third sheet", keyIn(err), "import.file.sheet")
}

// A cell that shows 12.97 % holds 0.1297: what a person reads counts.
func TestACellOfPercentagesIsReadAsItIsShown(t *testing.T) {
	own := `0.0"%"`                 // a sign that is only written
	custom := `[Red]0.0\ %;"-"0.0%` // percentages in a form of their own
	data := book(t, "Sheet1", "A1", [][]any{{"plain", "whole", "two", "own", "custom", "text"}, {0.1297, 0.5, 0.1297, 12.97, 0.07, "12.97%"}}, func(f *excelize.File) {
		for cell, style := range map[string]*excelize.Style{"B2": {NumFmt: 9}, "C2": {NumFmt: 10}, "D2": {CustomNumFmt: &own}, "E2": {CustomNumFmt: &custom}, "F2": {NumFmt: 10}} {
			id, err := f.NewStyle(style)
			if err == nil {
				err = f.SetCellStyle("Sheet1", cell, cell, id)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	wb, err := openWorkbook(bytes.NewReader(data), Limits{}.orDefaults())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = wb.close() }()
	rows, err := wb.open("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rows.next(); err != nil {
		t.Fatal(err)
	}
	r, err := rows.next()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "cells", strings.Join(r.cells, "|"), "0.1297|50|12.97|12.97|7|12.97%")
}
