package mapping

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/baqylau/baqylau"
)

// FuzzParse: no text makes Parse panic; what it takes survives the round trip; what it refuses is Invalid.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"connecticut", "ecstasydata", "unc"} {
		f.Add(shipped(f, name).YAML())
	}
	f.Add([]byte(plain))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse(b)
		if err != nil {
			if baqylau.CodeOf(err) != baqylau.Invalid {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		again, err := Parse(m.YAML())
		if err != nil {
			t.Fatalf("%v in\n%s", err, m.YAML())
		}
		if d := cmp.Diff(m, again, compareDates); d != "" {
			t.Fatal(d)
		}
	})
}

func fuzzTable(t *testing.T, m *Mapping, b []byte, name string) {
	r, err := m.Open(bytes.NewReader(b), name, today, WithLimits(Limits{Packed: 1 << 20, Unpacked: 16 << 20}))
	if err != nil {
		var e *baqylau.Error
		if !errors.As(err, &e) {
			t.Fatalf("opened with %v", err)
		}
		return
	}
	defer func() { _ = r.Close() }()
	line := 0
	for {
		rec, err := r.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) && keyIn(err) == "" {
				t.Fatalf("ended with %v", err)
			}
			return
		}
		if rec.Row <= line {
			t.Fatalf("row %d after %d", rec.Row, line)
		}
		line = rec.Row
		if !rec.Faulty() && (rec.Occurred.IsZero() || rec.Kind == "") {
			t.Fatalf("row %d without date or kind is not faulty", rec.Row)
		}
	}
}

// FuzzCSV: no bytes make reading panic, stall or go backwards, and a row without fault has a date and a kind.
func FuzzCSV(f *testing.F) {
	for _, n := range []string{"police-1251.csv", "allegheny.csv"} {
		b, err := os.ReadFile(filepath.Join("testdata", n))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("id,date,region,kind,substance,amount,unit,age\n1,01.02.2024,R1,seizure,\"a\"\"b\nc\",1,g,20\n"))
	f.Add([]byte("sep=;\nid;date;region;kind;substance;amount;unit;age\n1;01.02.2024;R1;seizure;\"open;1;g;20\n"))
	m := mustParse(f, plain)
	p := mustParse(f, police)
	f.Fuzz(func(t *testing.T, b []byte) {
		fuzzTable(t, m, b, "x.csv")
		fuzzTable(t, p, b, "x.csv")
		if s, err := Preview(bytes.NewReader(b), "x.csv", "", 5); err == nil {
			Suggest(s.Header, s.Rows)
		}
	})
}

// FuzzXLSX: the same for the sheet of a workbook, whose XML is hostile.
func FuzzXLSX(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>`, `<mergeCell ref="A1:B2"/>`)
	f.Add(`<row><c><v>45323</v></c><c t="s"><v>99</v></c></row>`, `<mergeCell ref="ZZZ0:A1"/>`)
	var head strings.Builder
	head.WriteString(`<row r="1">`)
	for _, h := range plainHeader {
		head.WriteString(`<c t="inlineStr"><is><t>` + h.(string) + `</t></is></c>`)
	}
	head.WriteString(`</row><row r="2"><c r="B2"><v>45323</v></c><c r="D2" t="str"><v>seizure</v></c></row>`)
	f.Add(head.String(), ``)
	m := mustParse(f, plain)
	f.Fuzz(func(t *testing.T, rows, merged string) {
		b := workbookOf(rows, merged, "")
		fuzzTable(t, m, b, "x.xlsx")
	})
}

// FuzzDecimal: a number that is taken is exact, bounded and means the same when it is read again, whatever the decimal sign of the language.
func FuzzDecimal(f *testing.F) {
	for _, s := range []string{"12,5", "12.5", "1 234,56", "1\u00a0234.5", "−3", "1E-05", "1e999", "NaN", "-Inf", "0x1p4", "00", "1,234.5", ".5", "1_000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, sign := range []byte{'.', ','} {
			v, ok := parseDecimal(s, sign)
			if !ok {
				continue
			}
			if again, ok := parseDecimal(v, '.'); !ok || again != v || len(v) > 33 {
				t.Fatalf("%q is %q, read again %q %v", s, v, again, ok)
			}
			if v[0] != '-' && shiftDecimal(shiftDecimal(v, 3), -3) != shiftDecimal(shiftDecimal(v, -3), 3) {
				t.Fatalf("%q: thousands do not cancel", v)
			}
		}
		parseAge(s)
		number, word := splitUnit(s)
		lookUnit(word)
		_ = number
	})
}

// FuzzDate: a cell that is taken for a date by some format is a day that exists.
func FuzzDate(f *testing.F) {
	for _, s := range [][2]string{{"DD.MM.YYYY", "29.02.2024"}, {"D MMM YYYY", "5 мамыр 2024 ж."}, {"MM.YYYY", "02.2024"}, {"YY", "70"}, {"YYYY-MM-DD", "2021-05-03T00:00:00Z"}, {"MMM", "май"}, {"serial", "45323.75"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, format, s string) {
		serialDate(s, false)
		l, ok := parseLayout(format)
		if !ok {
			return
		}
		if d, _, got := l.parse(s); got == dateOK {
			if again, prec, err := baqylau.ParseDate(d.String()); err != nil || again != d || prec != baqylau.Day {
				t.Fatalf("%q by %q is %s, read again %s: %v", s, format, d, again, err)
			}
		}
	})
}
