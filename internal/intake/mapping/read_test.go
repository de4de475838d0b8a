package mapping

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/baqylau/baqylau"
)

const police = `
version: 1
name: seizures of a department
file: {decimal: ","}
skip: {Номер дела: [Итого]}
fields:
  key: {column: Номер дела, required: true}
  kind: seizure
  occurred: {column: Дата изъятия, formats: [DD.MM.YYYY, DD.MM.YY, D MMM YYYY]}
  region: {column: Область}
  place_type: {column: Вид места, codes: {улица: street, квартира: home}}
  quantity: {column: Количество}
  unit: {column: Ед. изм.}
  age: {column: Возраст}
  sex: {column: Пол}
substances:
  - {column: Вещество, as: list, separator: ";"}
`

func checkPolice(t *testing.T, name string, data []byte) {
	t.Helper()
	recs, err := readAll(mustParse(t, police), data, name)
	if err != nil || len(recs) != 3 {
		t.Fatalf("%s: %d records, %v", name, len(recs), err)
	}
	for _, r := range recs {
		if len(r.Problems) > 0 {
			t.Errorf("%s, row %d: %+v", name, r.Row, r.Problems)
		}
	}
	equal(t, name+": list", names(recs[0]), "мефедрон альфа-ПВП")
	equal(t, name+": decimal comma", recs[0].Quantity, Quantity{"12.5", "g"})
	equal(t, name+": region is text", recs[0].RegionText+recs[0].Region, "Акмолинская область")
	equal(t, name+": month in words", recs[1].Occurred.String(), "2024-04-17")
	equal(t, name+": milligrams", recs[1].Quantity, Quantity{"1.25", "g"})
	equal(t, name+": sex", recs[1].Sex, "female")
	equal(t, name+": short year", recs[2].Occurred.String(), "2024-05-01")
	equal(t, name+": band", recs[2].AgeBand, "18-24")
}

// TestEncodingsAndDelimiters writes one table in every way that is found out by itself.
func TestEncodingsAndDelimiters(t *testing.T) {
	cp1251 := file(t, "police-1251.csv")
	text, err := charmap.Windows1251.NewDecoder().Bytes(cp1251)
	if err != nil {
		t.Fatal(err)
	}
	utf16 := func(order unicode.Endianness, mark unicode.BOMPolicy) []byte {
		b, err := unicode.UTF16(order, mark).NewEncoder().Bytes(text)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, data := range map[string][]byte{
		"windows-1251":          cp1251,
		"utf-8":                 text,
		"utf-8 with mark":       append([]byte("\xEF\xBB\xBF"), text...),
		"utf-16le with mark":    utf16(unicode.LittleEndian, unicode.UseBOM),
		"utf-16be with mark":    utf16(unicode.BigEndian, unicode.UseBOM),
		"utf-16le without mark": utf16(unicode.LittleEndian, unicode.IgnoreBOM),
		"gzip":                  gz(cp1251),
		"tabs":                  bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("; "), []byte("\x01")), []byte(";"), []byte("\t")),
		"old line endings":      bytes.ReplaceAll(text, []byte("\r\n"), []byte("\r")),
		"delimiter hint":        append([]byte("sep=;\r\n"), text...),
	} {
		if name == "tabs" {
			data = bytes.ReplaceAll(data, []byte("\x01"), []byte("; "))
		}
		checkPolice(t, name, data)
	}
}

func TestDetectEncoding(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                                "utf-8",
		"caf\xe9, na\xefve":                    "utf-8", // a stray Western letter is not Cyrillic
		"one word of many: \xe7\xe0\xf2, rest": "windows-1251",
		"\x9a\xe0\xe7\xe0\x9d":                 "kz-1048",
		"қаза":                                 "utf-8",
		"қаза"[:7]:                             "utf-8", // cut inside a letter
	} {
		equal(t, in, detectEncoding([]byte(in)), want)
	}
}

func TestKazakhEncoding(t *testing.T) {
	m := mustParse(t, "version: 1\nname: kz\nfields:\n  kind: seizure\n  occurred: {column: Күні, formats: [DD.MM.YYYY]}\nsubstances:\n  - {column: Зат, as: name}\n")
	// "Күні;Зат" and "05.03.2024;қарасора әңғөұһІ" in the bytes of KZ-1048
	data := "\xCA\xBF\xED\xB3;\xC7\xE0\xF2\n05.03.2024;\x9D\xE0\xF0\xE0\xF1\xEE\xF0\xE0 \xBC\xBE\xBA\xB4\xA2\x9E\xB2\n"
	recs := mustRead(t, m, []byte(data), "x.csv")
	equal(t, "text", names(recs[0]), "қарасора әңғөұһІ")
	equal(t, "date", recs[0].Occurred.String(), "2024-03-05")
	m.File.Encoding = "kz-1048"
	equal(t, "named", names(mustRead(t, m, []byte(data), "x.csv")[0]), "қарасора әңғөұһІ")
}

func TestKnownMonthIsNotBeforeADayOfIt(t *testing.T) {
	m := mustParse(t, strings.Replace(plain, "{column: known, formats: [DD.MM.YYYY], optional: true}", "{column: known, formats: [MM.YYYY]}", 1))
	recs := mustRead(t, m, []byte("known,id,date,region,kind,substance,amount,unit,age\n02.2024,1,15.02.2024,R1,seizure,A,1,g,20\n"), "x.csv")
	equal(t, "known", recs[0].Known.String(), "2024-02-15")
	equal(t, "faulty", recs[0].Faulty(), false)
}

func TestQuotedCellsAndLineNumbers(t *testing.T) {
	data := "id,date,region,kind,substance,amount,unit,age\n" +
		"1,01.02.2024,R1,seizure,\"two\nlines, and \"\"quotes\"\"\",1,g,20\n\n" +
		"2,02.02.2024,R1,seizure,MDA,1,g,20"
	recs := mustRead(t, mustParse(t, plain), []byte(data), "x.csv")
	equal(t, "cell", recs[0].Substances[0].Name, "two\nlines, and \"quotes\"")
	equal(t, "row after a cell of two lines", recs[1].Row, 5)
}

func TestConsecutiveGroups(t *testing.T) {
	yaml := strings.Replace(plain, "fields:", "group: consecutive\nfields:", 1)
	head := "id,date,region,kind,substance,amount,unit,age\n"
	recs := mustRead(t, mustParse(t, yaml), []byte(head+
		"1,01.02.2024,R1,seizure,MDMA,,,20\n1,01.02.2024,R1,seizure,MDA,2,g,\n"+
		"2,02.02.2024,R1,seizure,MDMA,1,g,20\n2,02.02.2024,R1,death,MDMA,1,g,20\n1,01.02.2024,R1,seizure,PMA,1,g,20\n,01.02.2024,R1,seizure,PMA,1,g,20\n"), "x.csv")
	equal(t, "occurrences", len(recs), 4)
	equal(t, "substances", names(recs[0]), "MDMA MDA")
	equal(t, "later value", recs[0].Quantity.Value, "2")
	equal(t, "equal mentions once", names(recs[1]), "MDMA")
	equal(t, "kinds differ", recs[1].Problems[0].Key, "import.group.kind")
	equal(t, "scattered", recs[2].Problems[0].Key, "import.key.scattered")
	equal(t, "no key", recs[3].Problems[0].Key, "import.key.missing")

	yaml = strings.Replace(yaml, "consecutive", "any", 1)
	_, err := readAll(mustParse(t, yaml), []byte(head+strings.Repeat("1,01.02.2024,R1,seizure,MDMA,,,20\n", 5)), "x.csv", WithLimits(Limits{Group: 4}))
	equal(t, "too many to hold", keyIn(err), "import.group.large")
}

func TestKeysOfUnnumberedRowsStayTheSameInALongerFile(t *testing.T) {
	m := mustParse(t, strings.Replace(plain, "{column: id}", "{digest: true}", 1))
	head := "id,date,region,kind,substance,amount,unit,age\n"
	row := func(s string) string { return ",01.02.2024,R1,seizure," + s + ",1,g,20\n" }
	first := mustRead(t, m, []byte(head+row("A")+row("B")+row("B")), "x.csv")
	later := mustRead(t, m, []byte(head+row("New")+row("A")+row("B")+row("B")+row("B")), "x.csv")
	keys := map[string]bool{}
	for _, r := range later {
		keys[r.Key] = true
	}
	equal(t, "all different", len(keys), 5)
	for _, r := range first {
		equal(t, "key of "+names(r)+" is there again", keys[r.Key], true)
	}
}

func TestKnownAfterDaysNeverLiesInTheFuture(t *testing.T) {
	m := mustParse(t, strings.Replace(plain, "{column: known, formats: [DD.MM.YYYY], optional: true}", "{after_days: 30}", 1))
	head := "id,date,region,kind,substance,amount,unit,age\n"
	recs := mustRead(t, m, []byte(head+"1,01.02.2024,R1,seizure,A,1,g,20\n2,20.11.2026,R1,seizure,A,1,g,20\n"), "x.csv")
	equal(t, "offset", recs[0].Known.String(), "2024-03-02")
	equal(t, "not after today", recs[1].Known.String(), "2026-11-25")
}

func TestDates(t *testing.T) {
	for _, c := range []struct {
		format, in, want string
		p                baqylau.Precision
		result           dateResult
	}{
		{"DD.MM.YYYY", "29.02.2024", "2024-02-29", baqylau.Day, dateOK},
		{"DD.MM.YYYY", "29.02.2023", "", baqylau.Day, noSuchDay},
		{"DD.MM.YYYY", "00.02.2023", "", baqylau.Day, noSuchDay},
		{"DD.MM.YYYY", "1.02.2023", "", baqylau.Day, noDate},
		{"DD.MM.YYYY", "01.02.20231", "", baqylau.Day, noDate},
		{"D.M.YYYY", "01.2.2023 г.", "2023-02-01", baqylau.Day, dateOK},
		{"MM/DD/YYYY", "12/31/2021 23:59:00", "2021-12-31", baqylau.Day, dateOK},
		{"YYYY-MM-DD", "2021-05-03T00:00:00Z", "2021-05-03", baqylau.Day, dateOK},
		{"YYYY-MM-DD", "2021-05-03 or so", "", baqylau.Day, noDate},
		{"DMMMYYYY", "15Oct2021", "2021-10-15", baqylau.Day, dateOK},
		{"DMMMYYYY", "29jul2022", "2022-07-29", baqylau.Day, dateOK},
		{"D MMM YYYY", "5 мая 2024", "2024-05-05", baqylau.Day, dateOK},
		{"YYYY ж. D MMM", "2024 ж. 5 мамыр", "", baqylau.Day, noDate},
		{"D MMM YYYY", "5 мамыр 2024 ж.", "2024-05-05", baqylau.Day, dateOK},
		{"D MMM YYYY", "5 наурыз 2024", "2024-03-05", baqylau.Day, dateOK},
		{"D MMM YYYY", "5 smarch 2024", "", baqylau.Day, noDate},
		{"DD.MM.YY", "01.02.69", "2069-02-01", baqylau.Day, dateOK},
		{"DD.MM.YY", "01.02.70", "1970-02-01", baqylau.Day, dateOK},
		{"MM.YYYY", "02.2024", "2024-02-01", baqylau.Month, dateOK},
		{"YYYY", "2024", "2024-01-01", baqylau.Year, dateOK},
	} {
		l, _ := parseLayout(c.format)
		d, p, got := l.parse(c.in)
		if got != c.result || d.String() != c.want || got == dateOK && p != c.p {
			t.Errorf("%s of %q: %v %v %v", c.format, c.in, d, p, got)
		}
	}
	for _, bad := range []string{"", "DD", "DD.MM", "DD.YYYY", "YYYY YYYY", "DD.DD.MM.YYYY", "nonsense YYYY"} {
		if _, ok := parseLayout(bad); ok {
			t.Errorf("format %q was taken", bad)
		}
	}
	for in, want := range map[string]string{"45323": "2024-02-01", "45323.75": "2024-02-01", "45323.x": "", "99999999": "", "-1": "", "2024": ""} {
		d, ok := serialDate(in, false)
		if !ok {
			d = baqylau.Date{}
		}
		equal(t, "serial "+in, d.String(), want)
	}
}

func TestDecimals(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "007": "7", "1.50": "1.50", "1 234.5": "1234.5", "1\u00a0234": "1234", "-2": "-2", "−2": "-2", "-0.0": "0.0",
		"1E-05": "0.00001", "2.5e3": "2500", "1,5": "", "1.2.3": "", ".5": "", "5.": "", "": "", "abc": "", "1e99": "", "NaN": "", "0x10": "",
		"1234567890123456": "",
	} {
		got, ok := parseDecimal(in, '.')
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v", in, got, ok)
		}
	}
	if got, _ := parseDecimal("1 234,56", ','); got != "1234.56" {
		t.Errorf("comma: %q", got)
	}
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"1250", -3, "1.25"}, {"1", -3, "0.001"}, {"1.5", 3, "1500"}, {"0.0001", 3, "0.1"}, {"0", -3, "0"}} {
		equal(t, c.in, shiftDecimal(c.in, c.n), c.want)
	}
}

func TestAgesAndUnits(t *testing.T) {
	for in, want := range map[string]string{"35-44": "35-44", "35 – 44 лет": "35-44", "65+": "65+", "<18": "under 18", "under 18": "under 18",
		"до 18 лет": "under 18", "44-35": "!", "126": "!", "-3": "!", "+3": "!", "old": "!", "35.5": "!"} {
		_, band, ok := parseAge(in)
		if !ok {
			band = "!"
		}
		equal(t, in, band, want)
	}
	for in, want := range map[string]int{"0": 0, "35": 35, "35.0": 35, "35 лет": 35, "35 жас": 35, "125": 125} {
		years, _, ok := parseAge(in)
		if !ok || years == nil || *years != want {
			t.Errorf("%q", in)
		}
	}
	for in, want := range map[string]string{"г.": "g", "Грамм": "g", "кг": "kg", "таб.": "tablets", "plants": "plants", "дана": "other", "stone": ""} {
		u, _ := lookUnit(in)
		equal(t, in, u.unit, want)
	}
	number, word := splitUnit("12,5 г")
	equal(t, "number", number, "12,5")
	equal(t, "unit", word, "г")
	number, word = splitUnit("1E-05")
	equal(t, "exponent", number+word, "1E-05")
}

// TestRejectsReadAgain sends refused rows back through the same mapping.
func TestRejectsReadAgain(t *testing.T) {
	m := mustParse(t, police)
	r, err := m.Open(bytes.NewReader(file(t, "police-1251.csv")), "p.csv", today)
	if err != nil {
		t.Fatal(err)
	}
	var rows []Rejected
	for rec, err := r.Next(); err == nil; rec, err = r.Next() {
		rec.Raw[4] = "=1+1; мефедрон"
		rows = append(rows, Rejected{Row: rec.Row, Cells: rec.Raw, Reasons: []string{"причина 1.", "причина 2."}})
	}
	rows[0].Cells = append(rows[0].Cells, "beyond")
	for _, comma := range []rune{0, ';'} {
		var b bytes.Buffer
		if err := WriteRejects(&b, r.Header(), rows, RejectStyle{"Строка", "Причины", comma}); err != nil {
			t.Fatal(err)
		}
		recs := mustRead(t, m, b.Bytes(), "rejects.csv")
		equal(t, "rows", len(recs), 3)
		equal(t, "computed cells are text again", names(recs[1]), "=1+1 мефедрон")
		equal(t, "numbers stay", recs[1].Quantity, Quantity{"1.25", "g"})
		c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b.Bytes(), []byte("\xEF\xBB\xBF"))))
		if comma != 0 {
			c.Comma = comma
		}
		lines, err := c.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "title", lines[0][9]+lines[0][10], "СтрокаПричины")
		equal(t, "row", lines[2][9], "3")
		equal(t, "reasons", lines[2][10], "причина 1. причина 2.")
		equal(t, "nothing lost", strings.Contains(lines[1][8], "beyond"), true)
		equal(t, "harmless", lines[1][4][0], '\'')
	}
}

func TestPreview(t *testing.T) {
	s, err := Preview(bytes.NewReader(file(t, "police-1251.csv")), "p.csv", "", 2)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "encoding", s.Encoding, "windows-1251")
	equal(t, "delimiter", s.Delimiter, ";")
	equal(t, "header", s.Header[0], "Номер дела")
	equal(t, "rows", len(s.Rows), 2)

	data := book(t, "Данные", "B3", [][]any{{"Отчёт за год"}, {}, plainHeader, {"1", "01.02.2024", "R1", "seizure", "MDMA", 1, "g", 20}})
	if s, err = Preview(bytes.NewReader(data), "x.xlsx", "", 5); err != nil {
		t.Fatal(err)
	}
	equal(t, "sheet", s.Sheet, "Данные")
	equal(t, "sheets", strings.Join(s.Sheets, "|"), "Sheet1|Данные")
	equal(t, "header row", s.HeaderRow, 5)
	equal(t, "column", s.Header[1], "id")
	_, err = Preview(bytes.NewReader(data), "x.xlsx", "Absent", 5)
	equal(t, "absent sheet", keyIn(err), "import.file.sheet")
	_, err = Preview(strings.NewReader(""), "x.csv", "", 5)
	equal(t, "empty", keyIn(err), "import.file.empty")
}

// TestSuggest guesses from headers in three languages and reads the same rows by the guess.
func TestSuggest(t *testing.T) {
	for name, c := range map[string]struct {
		table, kind, decimal, occurred string
		fields                         []string
		substances                     string
	}{
		"russian": {"Номер дела;Дата изъятия;Дата рождения;Область;Вещество;Количество;Ед. изм.;Возраст;Пол;Примечание\n17;05.03.2024;01.01.1990;Акмолинская;мефедрон;12,5;г;34;м;нет\n",
			"seizure", ",", "DD.MM.YYYY", []string{"key", "region", "quantity", "unit", "age", "sex", "notes"}, "Вещество name"},
		"kazakh": {"Іс нөмірі;Күні;Облыс;Өлім себебі;Жасы;Жынысы\n17;2024-03-05;Ақмола;метадонмен улану;34;ер\n",
			"death", "", "YYYY-MM-DD", []string{"key", "region", "age", "sex"}, "Өлім себебі text"},
		"english": {"Sample ID,Date,Agency,County,Substances,Heroin\nA1,12/31/2020,Police,Test,MDMA; MDA,Y\nA2,01/02/2021,Police,Test,PMA,N\n",
			"collected_sample", "", "MM/DD/YYYY", []string{"key", "region"}, "Substances list,Heroin flag"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Preview(strings.NewReader(c.table), "x.csv", "", 10)
			if err != nil {
				t.Fatal(err)
			}
			m := Suggest(s.Header, s.Rows)
			for _, f := range c.fields {
				equal(t, f+" found", len(m.Fields[f].Picks) > 0, true)
			}
			equal(t, "fields", len(m.Fields), len(c.fields)+2)
			equal(t, "kind", m.Fields["kind"].Picks[0].Value, c.kind)
			equal(t, "date", strings.Join(m.Fields["occurred"].Picks[0].Formats, " "), c.occurred)
			equal(t, "decimal", m.File.Decimal, c.decimal)
			var subs []string
			for _, x := range m.Substances {
				subs = append(subs, x.Column+" "+string(x.As))
			}
			equal(t, "substances", strings.Join(subs, ","), c.substances)
			m.Name = name
			for _, r := range mustRead(t, mustParse(t, string(m.YAML())), []byte(c.table), "x.csv") {
				if r.Faulty() {
					t.Errorf("%+v", r.Problems)
				}
			}
		})
	}
}

// TestChoices reads one row by picks and choices that no shipped mapping uses.
func TestChoices(t *testing.T) {
	m := mustParse(t, `
version: 1
name: choices
file: {empty: [н/д]}
fields:
  kind: {column: kind, codes: {s: seizure, "": death}, unknown: keep}
  occurred: {column: "#2", formats: [serial, YYYY]}
  region: {column: region, codes: {R1: KZ-11, R2: ""}, unknown: keep}
  form: [{column: form, when: {kind: [s]}}, {value: unknown, when: {kind: [death]}}]
  quantity: {column: amount}
  outcome: {column: outcome, codes: {ok: recovered}}
  notes: [{column: n1}, {value: second, when: {n1: [first]}}]
substances:
  - {column: a, as: flag, name: A, unknown: text, role: {column: role, codes: {m: main}}}
  - {column: b, as: name, codes: {B: Substance B, C: "class:opioids"}, unknown: note, when: {kind: [s]}}
  - {column: c, as: list, separator: "+", skip: [вода], unknown: ignore, codes: {x: X, y: ""}}
  - {column: gone, as: name, optional: true}
`)
	head := "kind,d,region,form,amount,outcome,n1,a,b,c,role\n"
	recs := mustRead(t, m, []byte(head+
		"s,45323,R1,Powder,5,ok,first,maybe cocaine,C,x + вода + y + z,m\n"+
		"death,2024,Somewhere,,н/д,н/д,,нет,B,,q\n"+
		"rumour,45323,R2,,1 т,bad,,Y,,,q\n"), "x.csv")
	r := recs[0]
	equal(t, "serial", r.Occurred.String(), "2024-02-01")
	equal(t, "form without regard to case", r.Form, "powder")
	equal(t, "no unit", r.Quantity, Quantity{"5", ""})
	equal(t, "warned of it", r.Problems[0].Key, "import.unit.missing")
	equal(t, "only warned", r.Faulty(), false)
	equal(t, "outcome", r.Outcome, "recovered")
	equal(t, "notes", r.Notes, "first\nsecond")
	equal(t, "substances", names(r), `"maybe cocaine" [opioids] X`)
	equal(t, "role", r.Substances[0].Role, "main")
	r = recs[1]
	equal(t, "year", r.Precision, baqylau.Year)
	equal(t, "kept region is text", r.Region+r.RegionText, "Somewhere")
	equal(t, "constant of a condition", r.Form, "unknown")
	equal(t, "words for nothing", r.Outcome+r.Quantity.Value, "")
	equal(t, "nothing named", len(r.Substances), 0)
	equal(t, "no problem", len(r.Problems), 0)
	r = recs[2]
	equal(t, "kept but not listed", hasProblem(r, "import.code.unknown"), true)
	equal(t, "tonnes", r.Quantity, Quantity{"1000", "kg"})
	columns := map[string]bool{}
	for _, p := range r.Problems {
		columns[p.Column] = true
	}
	equal(t, "faulty columns", columns["kind"] && columns["outcome"] && columns["role"] && len(columns) == 3, true)
}

func TestReaderTellsHowTheFileIsWritten(t *testing.T) {
	r, err := mustParse(t, police).Open(bytes.NewReader(gz(file(t, "police-1251.csv"))), "p.csv.gz", today)
	if err != nil {
		t.Fatal(err)
	}
	d := r.Detected()
	equal(t, "detected", d.Format+" "+d.Encoding+" "+d.Delimiter, "csv windows-1251 ;")
	equal(t, "compressed", d.Compressed, true)
	equal(t, "header row", d.HeaderRow, 1)
}

func TestFaultsOfTheSecondFileNameItsColumns(t *testing.T) {
	m := mustParse(t, `
version: 1
name: joined
join: {name: findings, on: id, key: sample}
fields:
  kind: collected_sample
  occurred: {column: date, formats: [YYYY-MM-DD]}
  known: [{column: date, formats: [YYYY-MM-DD], when: {id: [never]}}]
substances:
  - {column: found, as: name, codes: {m: MDMA}, joined: true}
`)
	main := []byte("id,date\n1,2024-02-01\n")
	recs := mustRead(t, m, main, "a.csv", WithJoin(strings.NewReader("sample,found\n1,m\n1,strange\n"), "b.csv"))
	equal(t, "taken", names(recs[0]), "MDMA")
	equal(t, "column", recs[0].Problems[0].Column, "found")
	equal(t, "value", recs[0].Problems[0].Value, "strange")
	_, err := readAll(m, main, "a.csv", WithJoin(strings.NewReader("sample,found\n,m\n"), "b.csv"))
	equal(t, "row without key", keyIn(err), "import.join.key")
	_, err = readAll(m, main, "a.csv", WithJoin(strings.NewReader("sample,found\n1,m\n2,m\n"), "b.csv"), WithLimits(Limits{Group: 1}))
	equal(t, "too large to hold", keyIn(err), "import.group.large")
}

func TestAMissingConditionalConstantNamesItsField(t *testing.T) {
	m := mustParse(t, strings.Replace(plain, "{column: kind}", "{value: death, when: {kind: [d]}}", 1))
	recs := mustRead(t, m, []byte("id,date,region,kind,substance,amount,unit,age\n1,01.02.2024,R1,other,A,1,g,20\n"), "x.csv")
	equal(t, "key", recs[0].Problems[0].Key, "import.value.missing")
	equal(t, "column", recs[0].Problems[0].Column, "kind")
}

// One row with a day that does not exist is that row's fault; the column is still one of dates, day before month.
func TestAMistakenDayDoesNotHideTheFormat(t *testing.T) {
	got := GuessDates([]string{"12.11.2026", "31.02.2026", "15.11.2026"})
	if len(got) != 1 || got[0] != "DD.MM.YYYY" {
		t.Errorf("formats %v", got)
	}
	if got := GuessDates([]string{"12/25/2020", "01/31/2020"}); len(got) != 1 || got[0] != "MM/DD/YYYY" {
		t.Errorf("American dates: %v", got)
	}
	if got := GuessDates([]string{"А-1", "А-2", "12.11.2026"}); got != nil {
		t.Errorf("numbers of acts: %v", got)
	}
}
