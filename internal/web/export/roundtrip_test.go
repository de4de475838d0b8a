package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/web/export"
)

var columns = []string{"receipt", "place", "text", "state"}

func table(place, text string) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		_ = yield([]any{"R-2026-000001", place, text, "closed"}, nil) && yield([]any{"R-2026-000002", "KZ-75", "heroin", "closed"}, nil)
	}
}

// seeds are texts that are something else to a spreadsheet program, to XML, or to a reader that guesses separators and encodings.
func seeds(f *testing.F) {
	for _, s := range []string{"", "мефедрон, 3 г", "=1+1", "@SUM(A1)", "\t=1", "\r\n-2", "＝1", "'=1", `"`, `a""b`, "a;b;c;d\ne;f;g;h", "a\tb\tc\td", "sep=;", "\ufeffreceipt", "a\x00b", "\x00=1", "\xef\r\xbc\x8d", " edge ", "_x0041_",
		"_x005F_x0041_", "<f>1</f>", "]]>&amp;", "\u2028", "\ufffe", "қазақша әңгіме", "1e5", "007", "31.02.2026", "TRUE"} {
		f.Add("KZ-75", s)
		f.Add(s, "text")
	}
}

// read is the table as the program's own reader sees it.
func read(t *testing.T, b []byte, name string, want [][]string) {
	t.Helper()
	s, err := mapping.Preview(bytes.NewReader(b), name, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, append([][]string{s.Header}, s.Rows...)); d != "" {
		t.Error(d)
	}
}

// Whatever the texts of a table are, the CSV file that leaves is read by the program's own reader as the same texts, with the apostrophe before what a spreadsheet program would run.
func FuzzCSV(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, place, text string) {
		if len(place)+len(text) > 30_000 {
			t.Skip("more than a cell holds is refused by the reader")
		}
		for _, o := range []export.Options{{BOM: true}, {BOM: true, Semicolon: true, DecimalComma: true}} { // as the lists write it
			var b bytes.Buffer
			if _, err := export.CSV(context.Background(), &b, columns, table(place, text), o); err != nil {
				t.Fatal(err)
			}
			read(t, b.Bytes(), "x.csv", [][]string{columns, {"R-2026-000001", plain(place), plain(text), "closed"}, {"R-2026-000002", "KZ-75", "heroin", "closed"}})
		}
	})
}

// plain is a text as it leaves in CSV.
func plain(s string) string {
	return export.Guard(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")))
}

// Whatever the texts of a table are, the workbook that leaves is read by the program's own reader as the same texts, each in a cell of text: none is a formula.
func FuzzXLSX(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, place, text string) {
		if len(utf16.Encode([]rune(place))) > 32_000 || len(utf16.Encode([]rune(text))) > 32_000 {
			t.Skip("more than a cell holds is cut")
		}
		var b bytes.Buffer
		if _, err := export.XLSX(context.Background(), &b, "Reports", columns, table(place, text)); err != nil {
			t.Fatal(err)
		}
		read(t, b.Bytes(), "x.xlsx", [][]string{columns, {"R-2026-000001", inXML(place), inXML(text), "closed"}, {"R-2026-000002", "KZ-75", "heroin", "closed"}})
		texts(t, b.Bytes())
	})
}

// inXML is s with U+FFFD for what XML cannot hold.
func inXML(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return 0xfffd
		}
		return r
	}, string([]rune(s)))
}

// texts looks at the cells themselves.
func texts(t *testing.T, b []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	in, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	d := xml.NewDecoder(in)
	for cells := 0; ; {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			if cells < 3*len(columns)-2 {
				t.Errorf("%d cells", cells)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		el, ok := tok.(xml.StartElement)
		switch {
		case ok && el.Name.Local == "f":
			t.Error("a formula")
		case ok && el.Name.Local == "c":
			kind := ""
			for _, a := range el.Attr {
				if a.Name.Local == "t" {
					kind = a.Value
				}
			}
			if cells++; kind != "inlineStr" {
				t.Errorf("a cell of kind %q", kind)
			}
		}
	}
}
