package intake_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// hostileFile is a file that must not be taken as it is.
type hostileFile struct {
	name   string
	data   []byte
	key    string // of the error that refuses the file whole, or of the fault
	row    int    // of the fault; 0 when the file is refused whole
	column string // of the fault; "" when the whole row is meant
}

const hostileHead = "Номер;Дата;Область;Масса;Вещество\r\n"

// lines is a table of one good row in front of the one given and one behind it.
func lines(row string) string {
	return hostileHead + "H-1;01.02.2026;Алматы;1,5;мефедрон\r\n" + row + "\r\nH-3;03.02.2026;Алматы;1,5;мефедрон\r\n"
}

func packed(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.Bytes()
}

// sheet is a workbook with the header and a row of cells.
func sheet(t testing.TB, cells []any, more func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	if err := errors.Join(f.SetSheetRow("Sheet1", "A1", &[]any{"Номер", "Дата", "Область", "Масса", "Вещество"}), f.SetSheetRow("Sheet1", "A2", &cells)); err != nil {
		t.Fatal(err)
	}
	if more != nil {
		more(f)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func hostileFiles(t testing.TB) []hostileFile {
	in := func(e interface{ String(string) (string, error) }, s string) []byte {
		out, err := e.String(s)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(out)
	}
	cp, utf16 := charmap.Windows1251.NewEncoder(), unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()
	good := lines("H-2;02.02.2026;Алматы;1,5;мефедрон")
	return []hostileFile{
		{"31-february.csv", []byte(lines("H-2;31.02.2026;Алматы;1,5;мефедрон")), "import.date.nonexistent", 3, "Дата"},
		{"future.csv", []byte(lines("H-2;01.01.2031;Алматы;1,5;мефедрон")), "import.date.future", 3, "Дата"},
		{"year-zero.csv", []byte(lines("H-2;01.01.0000;Алматы;1,5;мефедрон")), "import.date.old", 3, "Дата"},
		{"negative.csv", []byte(lines("H-2;02.02.2026;Алматы;-1,5;мефедрон")), "import.number.negative", 3, "Масса"},
		{"minus-in-print.csv", []byte(lines("H-2;02.02.2026;Алматы;−1,5;мефедрон")), "import.number.negative", 3, "Масса"},
		{"not-a-number.csv", []byte(lines("H-2;02.02.2026;Алматы;NaN;мефедрон")), "import.number.format", 3, "Масса"},
		{"infinite.csv", []byte(lines("H-2;02.02.2026;Алматы;-Infinity;мефедрон")), "import.number.format", 3, "Масса"},
		{"overflow.csv", []byte(lines("H-2;02.02.2026;Алматы;1e999;мефедрон")), "import.number.format", 3, "Масса"},
		{"long-number.csv", []byte(lines("H-2;02.02.2026;Алматы;" + strings.Repeat("9", 400) + ";мефедрон")), "import.number.format", 3, "Масса"},
		{"null-byte.csv", []byte(lines("H-2;02.02.2026;Алматы;1,5;мефе\x00дрон")), "import.cell.nul", 3, "Вещество"},
		{"ten-megabytes.csv", []byte(lines("H-2;02.02.2026;Алматы;1,5;" + strings.Repeat("ы", 5<<20))), "import.row.huge", 3, ""},
		{"long-cell.csv", []byte(lines("H-2;02.02.2026;Алматы;1,5;" + strings.Repeat("ы", 40_000))), "import.cell.long", 3, "Вещество"},
		{"million-columns.csv", []byte(lines("H-2;02.02.2026;Алматы;1,5;мефедрон" + strings.Repeat(";x", 500_000))), "import.row.long", 3, ""},
		{"open-quote.csv", []byte(lines(`H-2;02.02.2026;Алматы;1,5;"мефедрон`)), "import.csv.unclosed", 3, ""},
		{"twice.csv", []byte(lines("H-1;02.02.2026;Алматы;1,5;мефедрон")), "import.key.duplicate", 3, ""},
		{"two-encodings.csv", append(in(cp, good), "H-4;02.02.2026;Павлодар;1,5;мефедрон\r\n"...), "import.encoding.mixed", 5, "Область"},
		{"stray-byte.csv", []byte(lines("H-2;02.02.2026;Алматы;1,5;мефедрон\xff")), "import.encoding.invalid", 3, "Вещество"},
		{"odd-half.csv", append(in(utf16, good), 'x'), "import.row.short", 5, ""},
		{"no-result.xlsx", sheet(t, []any{"H-2", "02.02.2026", "Алматы", 1.5, "#REF!"}, nil), "import.cell.formula", 2, "Вещество"},
		{"day-number.xlsx", sheet(t, []any{"H-2", 99_999_999, "Алматы", 1.5, "мефедрон"}, nil), "import.date.format", 2, "Дата"},

		{"nothing.csv", nil, "import.file.empty", 0, ""},
		{"million-rows-of-nothing.csv", bytes.Repeat([]byte(";;;;\r\n"), 1_000_000), "import.header.missing", 0, ""},
		{"million-columns-in-the-header.csv", []byte("Номер" + strings.Repeat(";x", 500_000) + "\r\n"), "import.file.columns", 0, ""},
		{"two-columns-of-one-name.csv", []byte("Дата;" + strings.ReplaceAll(good, "\nH", "\n;H")), "import.header.duplicate", 0, "Дата"},
		{"other-columns.csv", []byte("a;b\r\n1;2\r\n"), "import.header.missing", 0, ""},
		{"ratio.csv.gz", packed(hostileHead + strings.Repeat(strings.Repeat(" ", 1<<20)+"\r\n", 80)), "import.file.bomb", 0, ""},
		{"bomb-in-a-bomb.csv.gz", packed(string(packed(strings.Repeat("\x00", 64<<20)))), "import.header.missing", 0, ""},
		{"cut.csv.gz", packed(strings.Repeat(good, 1000))[:200], "import.file.broken", 0, ""},
		{"cut.xlsx", sheet(t, []any{"H-2"}, nil)[:2000], "import.file.broken", 0, ""},
		{"table.xlsx", []byte(good), "import.file.broken", 0, ""},
		{"picture.csv", []byte("\x89PNG\r\n\x1a\n" + good), "import.file.type", 0, ""},
		{"page.csv", []byte("<html><table><tr><td>Номер</td></tr></table></html>"), "import.file.type", 0, ""},
		{"other-sheet.xlsx", sheet(t, []any{"x"}, func(f *excelize.File) { _ = f.SetSheetRow("Sheet1", "A1", &[]any{"a", "b", "", "", ""}) }), "import.header.missing", 0, ""},
	}
}

// TestHostileImports sends what must not be taken. Each file is refused, whole or until somebody chooses its good rows; the message says row, column and what to do in three
// languages; no table of the workspace has a row more or less than before, save the refused import itself and the journal; no file is left behind.
func TestHostileImports(t *testing.T) {
	engines(t, func(t *testing.T, h *house) {
		_, _ = h.Stage(ctx, h.customs, intake.Upload{Name: "first.csv", Content: strings.NewReader("no table"), Mapping: []byte(seizures)}) // makes the source and the counter of imports
		before := h.rows(t)
		for _, f := range hostileFiles(t) {
			t.Run(f.name, func(t *testing.T) {
				began := time.Now()
				b, err := h.Stage(ctx, h.customs, intake.Upload{Name: f.name, Content: bytes.NewReader(f.data), Mapping: []byte(seizures)})
				if spent := time.Since(began); spent > time.Minute {
					t.Errorf("it took %v", spent)
				}
				if f.row == 0 {
					h.mustRefuse(t, f, b, err)
				} else if err != nil {
					t.Fatal(err)
				} else {
					h.mustFault(t, f, b)
				}
				if after := h.rows(t); !maps.Equal(before, after) {
					t.Errorf("rows before and after differ:\n%v\n%v", before, after)
				}
				if left, err := os.ReadDir(h.ImportDir); err != nil || len(left) > 0 {
					t.Errorf("files are left: %v %v", left, err)
				}
			})
		}
	})
}

func (h *house) mustRefuse(t *testing.T, f hostileFile, b intake.Batch, err error) {
	t.Helper()
	var e *baqylau.Error
	if !errors.As(err, &e) || e.Code != baqylau.Invalid || e.Key != f.key {
		t.Fatalf("%v, want %s", err, f.key)
	}
	failed := h.batch(t, b.ID)
	if failed.State != "failed" {
		t.Errorf("the import is %s", failed.State)
	}
	for _, l := range baqylau.Langs {
		if why := failed.Why(locale.With(ctx, l)); why == "" || strings.Contains(why, "⟦") || strings.Contains(why, "<no value>") {
			t.Errorf("%s: %q", l, why)
		}
	}
}

func (h *house) mustFault(t *testing.T, f hostileFile, b intake.Batch) {
	t.Helper()
	rows, err := intake.Problems(ctx, h.W.DB.Read, b.ID, 0)
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d faulty rows, %v", len(rows), err)
	}
	found := false
	for _, r := range rows {
		for _, p := range r.Faults {
			if p.Key != f.key || p.Row != f.row || p.Column != f.column {
				continue
			}
			found = true
			for _, l := range baqylau.Langs {
				in := locale.With(ctx, l)
				said := locale.Err(in, p.Err())
				if !strings.Contains(said, fmt.Sprint(f.row)) || !strings.Contains(said, f.column) || strings.Contains(said, "⟦") || strings.Contains(locale.T(in, p.Remedy), "⟦") {
					t.Errorf("%s: %q, %q", l, said, locale.T(in, p.Remedy))
				}
			}
		}
	}
	if !found {
		t.Errorf("no %s in row %d, column %q, but %+v", f.key, f.row, f.column, rows[0].Faults[:min(len(rows[0].Faults), 3)])
	}
	if err := h.Start(ctx, h.customs, b.ID, false); baqylau.CodeOf(err) != baqylau.Invalid {
		t.Errorf("it was taken whole: %v", err)
	}
	if err := h.Cancel(ctx, h.customs, b.ID); err != nil {
		t.Error(err)
	}
}

// rows counts the rows of every table but those that keep the import itself and the journal of it.
func (h *house) rows(t testing.TB) map[string]int {
	t.Helper()
	var names []string
	sql := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
	if h.W.DB.Engine != "sqlite" {
		sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
	}
	if err := h.W.DB.Read.NewRaw(sql).Scan(ctx, &names); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, name := range names {
		if strings.HasPrefix(name, "batch") || strings.HasPrefix(name, "audit") || strings.HasPrefix(name, "river") {
			continue
		}
		var n int
		if err := h.W.DB.Read.NewRaw(`SELECT count(*) FROM "`+name+`"`).Scan(ctx, &n); err != nil {
			t.Fatal(err)
		}
		counts[name] = n
	}
	return counts
}

// What a sender wrote to be run by the reader's spreadsheet program is taken as the text it is, and leaves as one.
func TestFormulasComeAndGoAsText(t *testing.T) {
	engines(t, func(t *testing.T, h *house) {
		file := []byte(lines("=cmd|'/c calc'!A0;02.02.2026;@SUM(1);1,5;\"\t=HYPERLINK(\"\"http://example.org\"\"); мефедрон\""))
		b := h.stage(t, h.customs, "formulas.csv", strings.Replace(seizures, "{column: Область}", "{column: Область, unknown: keep}", 1), file)
		if b.Bad > 0 {
			t.Fatalf("%+v", b)
		}
		h.take(t, h.customs, b, false)
		v := h.visitor(t, h.officer)
		for _, page := range []string{"/reports?format=csv", "/occurrences?format=csv", "/imports?format=csv"} {
			body := v.do(httptestGet(page)).Body.String()
			out := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\uFEFF")))
			if head, _, _ := strings.Cut(body, "\n"); strings.Count(head, ";") > strings.Count(head, ",") {
				out.Comma = ';'
			}
			records, err := out.ReadAll()
			if err != nil {
				t.Fatalf("%s: %v", page, err)
			}
			for _, r := range records {
				for _, cell := range r {
					if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
						t.Errorf("%s: %q", page, cell)
					}
				}
			}
		}
	})
}
