package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"iter"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
)

var reader = locale.WithZone(locale.With(context.Background(), baqylau.Russian), time.FixedZone("", 5*60*60))

func of(rows ...[]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

var header = []string{"name", "n", "mass", "day", "at", "week", "open", "text"}

var rows = [][]any{
	{"фен; \"x\"", 12, -0.5, baqylau.MustDate("2026-11-25"), time.Date(2026, 11, 25, 20, 30, 0, 0, time.UTC), baqylau.MustDate("2026-11-25").Week(), true,
		baqylau.Text{RU: "по-русски", EN: "in English"}},
	{"=HYPERLINK(1)", int64(-3), float32(0.25), baqylau.Date{}, time.Time{}, baqylau.Red, nil, "-5"},
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	n, err := CSV(reader, &b, header, of(rows...), Options{})
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
	want := "name,n,mass,day,at,week,open,text\r\n" +
		"\"фен; \"\"x\"\"\",12,-0.5,2026-11-25,2026-11-26T01:30:00+05:00,2026-W48,true,по-русски\r\n" +
		"'=HYPERLINK(1),-3,0.25,,,red,,'-5\r\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestCSVForSpreadsheets(t *testing.T) {
	var b bytes.Buffer
	if _, err := CSV(reader, &b, []string{"=a", "b"}, of([]any{"x;y", 1.5}), Options{BOM: true, Semicolon: true, DecimalComma: true}); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "\uFEFF'=a;b\r\n\"x;y\";1,5\r\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestXLSX(t *testing.T) {
	var b bytes.Buffer
	n, err := XLSX(reader, &b, "Изъятия: 2026/11", header, of(rows...))
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	sheet := book.GetSheetName(0)
	if sheet != "Изъятия  2026 11" {
		t.Error(sheet)
	}
	got, err := book.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{header,
		{"фен; \"x\"", "12", "-0.5", "2026-11-25", "2026-11-26 01:30", "2026-W48", "TRUE", "по-русски"},
		{"=HYPERLINK(1)", "-3", "0.25", "", "", "red", "", "-5"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, cell := range []string{"A3", "H3"} {
		formula, err := book.GetCellFormula(sheet, cell)
		kind, err2 := book.GetCellType(sheet, cell)
		if formula != "" || err != nil || err2 != nil || kind != excelize.CellTypeInlineString {
			t.Errorf("%s: formula %q, type %v, %v %v", cell, formula, kind, err, err2)
		}
	}
}

func TestXLSXOddValues(t *testing.T) {
	var b bytes.Buffer
	odd := []any{math.NaN(), math.Inf(1), baqylau.MustDate("1899-12-31"), "a\x00b", strings.Repeat("я", 40_000)}
	if _, err := XLSX(reader, &b, "", []string{"a"}, of(odd)); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	got, err := book.GetRows("Data")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"", "", "1899-12-31", "a\uFFFDb", strings.Repeat("я", 32_767)}
	if diff := cmp.Diff(want, got[1]); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsStopTheExport(t *testing.T) {
	broken := errors.New("the database went away")
	failing := func(yield func([]any, error) bool) {
		if yield([]any{"one"}, nil) {
			yield(nil, broken)
		}
	}
	cancelled, cancel := context.WithCancel(reader)
	cancel()
	for name, write := range map[string]func(context.Context, iter.Seq2[[]any, error]) (int, error){
		"CSV": func(ctx context.Context, r iter.Seq2[[]any, error]) (int, error) {
			return CSV(ctx, &bytes.Buffer{}, []string{"a"}, r, Options{})
		},
		"XLSX": func(ctx context.Context, r iter.Seq2[[]any, error]) (int, error) {
			return XLSX(ctx, &bytes.Buffer{}, "s", []string{"a"}, r)
		},
	} {
		if n, err := write(reader, failing); n != 1 || !errors.Is(err, broken) {
			t.Errorf("%s: %d %v", name, n, err)
		}
		if n, err := write(cancelled, of(rows...)); n != 0 || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %d %v", name, n, err)
		}
	}
}

func TestSheetNames(t *testing.T) {
	for in, want := range map[string]string{"": "Data", "'": "Data", `a/b\c[d]e`: "a b c d e", strings.Repeat("ы", 40): strings.Repeat("ы", 31)} {
		if got := sheetName(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// Whatever a text is, its cell begins with nothing a spreadsheet program runs, and reading the file gives it back.
func FuzzGuard(f *testing.F) {
	for _, s := range []string{"=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "a,b\"c", "", "\xef\r\xbc\x8d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b bytes.Buffer
		if _, err := CSV(reader, &b, []string{"a", "b"}, of([]any{s, "end"}), Options{}); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(records) != 2 {
			t.Fatal(records, err)
		}
		got := records[1][0]
		if strings.ContainsAny(firstRune(got), "=+-@\t\r\n＝＋－＠") {
			t.Errorf("%q begins as a formula", got)
		}
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD"))
		if got != want && got != "'"+want {
			t.Errorf("%q came back as %q", s, got)
		}
	})
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}
