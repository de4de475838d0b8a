package export

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// A second hand reads every sheet of a workbook as it was meant: titles, gaps between tables, numbers with two decimals.
func TestWorkbook(t *testing.T) {
	var b bytes.Buffer
	if err := Workbook(reader, &b, []Sheet{{"8", []string{"code", "a long title of a row"}, [][]any{{Head("=title")}, {}, {"1", 2, Fixed(31.5), Fixed(2)}}}, {"9/10", nil, [][]any{{"--"}}}}); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"8", "9 10"}, book.GetSheetList()); diff != "" {
		t.Fatal(diff)
	}
	for sheet, want := range map[string][][]string{"8": {{"=title"}, nil, {"1", "2", "31.50", "2.00"}}, "9 10": {{"--"}}} {
		got, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	style, err := book.GetCellStyle("8", "A1")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := book.GetStyle(style); err != nil || s.Font == nil || !s.Font.Bold {
		t.Errorf("the title is not bold: %+v %v", s, err)
	}
	if f, err := book.GetCellFormula("8", "A1"); err != nil || f != "" {
		t.Errorf("a formula: %q %v", f, err)
	}
}
