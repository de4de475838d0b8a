package mapping

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// written is a row's values in the order of their names, shortly.
func written(r Row) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(r.Values)) {
		parts = append(parts, name+"="+r.Values[name])
	}
	return strings.Join(parts, " ")
}

// rowsIn is the rows of all records; a fault fails the test.
func rowsIn(t testing.TB, recs []Record) (rows []Row) {
	t.Helper()
	for _, rec := range recs {
		for _, p := range rec.Problems {
			t.Errorf("%s!%d %s: %s %s", rec.Sheet, rec.Row, p.Column, p.Key, p.Value)
		}
		rows = append(rows, rec.Rows...)
	}
	return rows
}

// form1M builds a workbook as the form 1-M is drawn up: a sheet for each region, the period and the region above the table, three lines of merged header,
// a line that numbers the columns, and totals.
func form1M(t testing.TB, regions ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, region := range regions {
		sheet := region
		if i == 0 {
			_ = f.SetSheetName("Sheet1", sheet)
		} else if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for at, cells := range [][]any{
			{"ОТЧЁТ О ЗАРЕГИСТРИРОВАННЫХ УГОЛОВНЫХ ПРАВОНАРУШЕНИЯХ"}, {"за январь–март 2026 года"}, {region}, {},
			{"№", "Вид правонарушения", "Зарегистрировано", "", "", "", "Направлено в суд"},
			{"", "", "всего", "из них", "", "", ""},
			{"", "", "", "в отношении женщин", "в отношении несовершеннолетних", "в отчётном месяце", ""},
			{"А", "Б", 1, 2, 3, 4, 5},
			{1, "Всего правонарушений", 2474, 1151, 38, 506, 392},
			{239, "Незаконное обращение без цели сбыта (ст.296)", 17, "-", 0, "…", 12},
			{240, "Сбыт (ст. 299-1)", " 1 204,0", "", "", "н/д", "0"},
			{"", "Итого", 2474, 1151, 38, 506, 392},
			{"Исполнитель: Иванов"},
		} {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", at+1), &cells); err != nil {
				t.Fatal(err)
			}
		}
		for _, m := range [][2]string{{"A1", "G1"}, {"A2", "G2"}, {"A3", "G3"}, {"A5", "A7"}, {"B5", "B7"}, {"C5", "F5"}, {"C6", "C7"}, {"D6", "F6"}, {"G5", "G7"}} {
			if err := f.MergeCell(sheet, m[0], m[1]); err != nil {
				t.Fatal(err)
			}
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const form1MMapping = `version: 1
name: Form 1-M
target: observation
file: {decimal: ",", sheet: "*", header_rows: 3, empty: ["н/д"]}
skip: {Вид правонарушения: [Итого]}
cells: {columns: ["Зарегистрировано / *", Направлено в суд]}
absent: {"-": not_applicable, "…": suppressed}
fields:
  indicator: {header: "1", codes: {Зарегистрировано: offences_registered, Направлено в суд: offences_to_court}}
  place: {above: true, match: "(?m)^(г\\. .+|.+ область)$"}
  period: {above: true, match: "за (.+ года)"}
  cumulative: "yes"
  breakdown.article: {column: Вид правонарушения, match: 'ст\. ?(\d+(-\d+)?)'}
  breakdown.measure: {header: "3", codes: {всего: "", в отношении женщин: against_women, в отношении несовершеннолетних: against_minors, в отчётном месяце: this_month, Направлено в суд: ""}}
`

// A wide form with merged headers gives a figure for every cell: zero is zero, what a sign stands for is said, and an empty cell says nothing.
func TestForm1MWorkbook(t *testing.T) {
	recs := mustRead(t, mustParse(t, form1MMapping), form1M(t, "г. Астана", "Абайская область"), "1-М.xlsx")
	rows := rowsIn(t, recs)
	equal(t, "lines", len(recs), 6)
	equal(t, "figures", len(rows), 2*(5+5+2))
	head := "cumulative=yes indicator=offences_registered period=2026-01-01/2026-03-31 place=г. Астана"
	equal(t, "all", written(rows[0]), head+" value=2474")
	equal(t, "women", written(rows[1]), "breakdown.measure=against_women "+head+" value=1151")
	equal(t, "a dash", written(rows[6]), "absence=not_applicable breakdown.article=296 breakdown.measure=against_women "+head)
	equal(t, "zero", rows[7].Values["value"], "0")
	equal(t, "dots", rows[8].Values["absence"], "suppressed")
	equal(t, "another measure", rows[9].Values["indicator"], "offences_to_court")
	equal(t, "grouped thousands", rows[10].Values["value"], "1204.0")
	equal(t, "article", rows[11].Values["breakdown.article"], "299-1")
	equal(t, "second sheet", rows[12].Values["place"]+" "+rows[12].Sheet, "Абайская область Абайская область")
	if recs[0].No == recs[3].No || recs[3].Row != recs[0].Row {
		t.Errorf("rows %d, %d have the numbers %d, %d", recs[0].Row, recs[3].Row, recs[0].No, recs[3].No)
	}
}

// What is wrong with a sheet or a cell is told with sheet, row and column, and the rest is read.
func TestFormWithFaults(t *testing.T) {
	f, err := excelize.OpenReader(strings.NewReader(string(form1M(t, "г. Астана", "Абайская область", "г. Шымкент"))))
	if err != nil {
		t.Fatal(err)
	}
	_ = f.SetCellValue("Абайская область", "B5", "Виды")
	_ = f.SetCellValue("г. Шымкент", "D10", "много")
	_ = f.SetCellValue("г. Астана", "D9", nil)
	_ = f.MergeCell("г. Астана", "C9", "D9")
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, rec := range mustRead(t, mustParse(t, form1MMapping), b.Bytes(), "1-М.xlsx") {
		for _, p := range rec.Problems {
			told = append(told, fmt.Sprintf("%v %s %s", p.Err().Args["row"], p.Column, p.Key))
		}
	}
	want := []string{"г. Астана!9 Зарегистрировано / из них / в отношении женщин import.cell.merged", "Абайская область!1 Абайская область import.sheet.header",
		"г. Шымкент!10 Зарегистрировано / из них / в отношении женщин import.number.format"}
	if !slices.Equal(told, want) {
		t.Errorf("told:\n%s", strings.Join(told, "\n"))
	}
}

func shared(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Nine sheets of the same table that begin at different places; sex stands in the sheet's name and the year in the header.
func TestPopulationWorkbook(t *testing.T) {
	m := mustParse(t, `version: 1
name: Population
target: observation
file: {sheet: "*Population_KZ"}
cells: {columns: ["20*"]}
absent: {"-": not_applicable}
fields:
  indicator: population
  place: {column: Regions_KZ, codes: {Kazakhstan: KZ, Akmola_region: KZ-11}, unknown: keep}
  year: {header: all}
  part: 1 January
  sex: {sheet: true, match: "(?i)(female|male)"}
  breakdown.residence: {sheet: true, match: "(?i)(rural|urban)"}
`)
	rows := rowsIn(t, mustRead(t, m, shared(t, "Population_KZ.xlsx"), "Population_KZ.xlsx"))
	sheets := map[string]int{}
	for _, r := range rows {
		sheets[r.Sheet]++
	}
	equal(t, "sheets", len(sheets), 9)
	equal(t, "first", written(rows[0]), "indicator=population period=2000-01-01/2000-01-01 place=KZ value=14901641")
	last := rows[len(rows)-1]
	equal(t, "sheet says sex and residence", last.Sheet+" "+last.Values["sex"]+" "+last.Values["breakdown.residence"], "Rural_Female_Population_KZ female Rural")
}

// Ranges with decimal commas are read where the mapping says so, and are a fault where it does not.
func TestRangesAsText(t *testing.T) {
	yaml := `version: 1
name: Classes of water
target: observation
file: {decimal: ","}
numbers: [ranges]
fields:
  indicator: water_pollution_index
  place: KZ
  period: "2020"
  breakdown.class: {column: Class}
  value: {column: Water pollution index (WPI)}
`
	rows := rowsIn(t, mustRead(t, mustParse(t, yaml), shared(t, "Water_Classes.xlsx"), "w.xlsx")[:3])
	equal(t, "range", rows[1].Values["low"]+" "+rows[1].Values["high"]+" "+rows[1].Values["value"], "0.3 1.0 ")
	recs := mustRead(t, mustParse(t, strings.Replace(yaml, "numbers: [ranges]\n", "", 1)), shared(t, "Water_Classes.xlsx"), "w.xlsx")
	equal(t, "not allowed", recs[0].Problems[0].Key, "import.number.format")
}

// The indicator stands in a line of its own above the lines of its figures.
func TestGroupLines(t *testing.T) {
	m := mustParse(t, `version: 1
name: Decent work
target: observation
cells: {columns: ["20*"]}
fields:
  indicator: {column: "#1", match: "^M - (.+)", down: true}
  place: KZ
  year: {header: all}
  sex: {column: "#1", codes: {Всего: total, Мужчины: male, Женщины: female}, unknown: ignore}
`)
	recs := mustRead(t, m, shared(t, "kz-decent-work-ru.xlsx"), "d.xlsx")
	var women string
	for _, rec := range recs {
		for _, r := range rec.Rows {
			if r.Values["sex"] == "female" && r.Values["period"] == "2001-01-01/2001-12-31" && women == "" {
				women = r.Values["indicator"] + ": " + r.Values["value"]
			}
		}
	}
	if !strings.HasPrefix(women, "Уровень занятости") || !strings.HasSuffix(women, ": 68.8") {
		t.Error(women)
	}
}
