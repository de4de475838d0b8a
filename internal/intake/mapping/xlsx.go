package mapping

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// workbook is an opened XLSX file. Its packed bytes are in memory; sheets and shared texts beyond spillSize lie in temporary
// files and are read row by row.
type workbook struct {
	f      *excelize.File
	sheets []string // visible ones first, in tab order
	epoch  bool     // dates count from 1904
	small  bool     // the sheets together are small enough to look up merged cells, which holds a sheet in memory
}

const (
	spillSize = 16 << 20 // bytes of one part, unpacked
	smallSize = 8 << 20  // bytes of all parts, unpacked
)

func openWorkbook(r io.Reader, lim Limits) (wb *workbook, err error) {
	data, err := io.ReadAll(io.LimitReader(r, lim.Packed+1))
	if err != nil {
		return nil, readError(err)
	}
	if int64(len(data)) > lim.Packed {
		return nil, invalid("import.file.large", "limit", lim.Packed>>20)
	}
	wb = &workbook{}
	if wb.small, err = inspectZip(data, lim); err != nil {
		return nil, err
	}
	defer guardPanic(&err)
	wb.f, err = excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true,
		UnzipSizeLimit: lim.Unpacked, UnzipXMLSizeLimit: min(spillSize, lim.Unpacked)})
	if err != nil {
		return nil, invalid("import.file.broken").Because(err)
	}
	var hidden []string
	for _, s := range wb.f.GetSheetList() {
		if ok, err := wb.f.GetSheetVisible(s); err == nil && !ok {
			hidden = append(hidden, s)
		} else {
			wb.sheets = append(wb.sheets, s)
		}
	}
	wb.sheets = append(wb.sheets, hidden...)
	if p, err := wb.f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		wb.epoch = *p.Date1904
	}
	return wb, nil
}

// inspectZip reads the directory of the archive: what is in it and how large it says it is. archive/zip stops a part that
// unpacks beyond its stated size, so the statement can be relied upon.
func inspectZip(data []byte, lim Limits) (small bool, err error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false, invalid("import.file.broken").Because(err)
	}
	var total, parts uint64
	found := ""
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if name == "xl/workbook.xml" || name == "xl/workbook.bin" {
			found = name
		}
		size := f.UncompressedSize64
		if size > uint64(lim.Unpacked) {
			return false, invalid("import.file.bomb")
		}
		if total += size; total > uint64(lim.Unpacked) || total > ratioFrom && total/uint64(lim.Ratio) > uint64(len(data)) {
			return false, invalid("import.file.bomb")
		}
		if !strings.HasPrefix(name, "xl/worksheets/sheet") && name != "xl/sharedstrings.xml" {
			if parts += size; parts > uint64(lim.Parts) {
				return false, invalid("import.file.bomb")
			}
		}
	}
	switch found {
	case "":
		return false, invalid("import.file.zip")
	case "xl/workbook.bin":
		return false, invalid("import.file.xls")
	}
	return total <= smallSize, nil
}

// guardPanic turns a panic of the spreadsheet library, which reads hostile input here, into a broken file.
func guardPanic(err *error) {
	if p := recover(); p != nil {
		*err = invalid("import.file.broken").Because(fmt.Errorf("spreadsheet reader: %v", p))
	}
}

func (wb *workbook) close() error { return wb.f.Close() }

// sheetNamed finds a sheet by name without regard to case, or by "#2".
func (wb *workbook) sheetNamed(name string) (string, bool) {
	if n, ok := strings.CutPrefix(name, "#"); ok {
		if i, err := strconv.Atoi(n); err == nil {
			if list := wb.f.GetSheetList(); i >= 1 && i <= len(list) {
				return list[i-1], true
			}
			return "", false
		}
	}
	for _, s := range wb.sheets {
		if strings.EqualFold(strings.TrimSpace(s), strings.TrimSpace(name)) {
			return s, true
		}
	}
	return "", false
}

// span is a merged area, 1-based and inclusive; its text stands in the top left cell of the file.
type span struct {
	left, top, right, bottom int
	text                     string
}

// xlsxRows reads one sheet row by row.
type xlsxRows struct {
	wb     *workbook
	it     *excelize.Rows
	line   int
	merged []span
}

func (wb *workbook) open(sheet string) (x *xlsxRows, err error) {
	defer guardPanic(&err)
	x = &xlsxRows{wb: wb}
	if wb.small {
		x.merged = wb.mergedCells(sheet)
	}
	if x.it, err = wb.f.Rows(sheet); err != nil {
		return nil, invalid("import.file.broken").Because(err)
	}
	return x, nil
}

// Merged areas that a person makes are few and small; the bounds keep a made-up file from filling millions of cells.
const (
	maxMerged     = 2_000
	maxMergedRows = 1_000
)

func (wb *workbook) mergedCells(sheet string) (list []span) {
	areas, err := wb.f.GetMergeCells(sheet)
	if err != nil { // merged areas are a help; a sheet without them is read all the same
		return nil
	}
	for _, a := range areas {
		l, t, err1 := excelize.CellNameToCoordinates(a.GetStartAxis())
		r, b, err2 := excelize.CellNameToCoordinates(a.GetEndAxis())
		if err1 == nil && err2 == nil && len(list) < maxMerged && b-t < maxMergedRows && r-l < maxMerged {
			list = append(list, span{l, t, r, b, ""})
		}
	}
	return list
}

func (x *xlsxRows) ragged() bool   { return false }
func (x *xlsxRows) date1904() bool { return x.wb.epoch }

func (x *xlsxRows) close() (err error) {
	defer guardPanic(&err)
	if x.it == nil {
		return nil
	}
	return x.it.Close()
}

// longNumber is a number with the noise of binary fractions, such as 0.30000000000000004.
var longNumber = regexp.MustCompile(`^-?\d+\.\d{12,}(E[+-]?\d+)?$`)

func (x *xlsxRows) next() (r row, err error) {
	defer guardPanic(&err)
	if !x.it.Next() {
		if err := x.it.Error(); err != nil {
			return r, invalid("import.file.broken").Because(err)
		}
		return r, io.EOF
	}
	x.line++
	r.line = x.line
	if r.cells, err = x.it.Columns(); err != nil {
		return r, invalid("import.file.broken").Because(err)
	}
	for i, s := range r.cells {
		if len(s) > 14 && longNumber.MatchString(s) {
			if f, err := strconv.ParseFloat(s, 64); err == nil {
				r.cells[i] = strconv.FormatFloat(mustRound(f), 'f', -1, 64)
			}
		}
		examineLength(&r, i)
	}
	x.unmerge(&r)
	return r, nil
}

// mustRound rounds to the 15 significant digits that a spreadsheet shows.
func mustRound(f float64) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'e', 14, 64), 64) // what FormatFloat writes always reads back
	return v
}

// unmerge copies the text of a merged area into all its cells, save in rows that hold nothing else.
func (x *xlsxRows) unmerge(r *row) {
	if len(x.merged) == 0 || r.blank() {
		return
	}
	for i := range x.merged {
		m := &x.merged[i]
		if r.line < m.top || r.line > m.bottom {
			continue
		}
		if r.line == m.top && m.left <= len(r.cells) {
			m.text = r.cells[m.left-1]
		}
		if m.text == "" {
			continue
		}
		for len(r.cells) < m.right {
			r.cells = append(r.cells, "")
		}
		for c := m.left; c <= m.right; c++ {
			if r.cells[c-1] == "" {
				r.cells[c-1] = m.text
				if m.bottom > m.top && r.line > m.top || c > m.left {
					r.fault(c-1, "import.cell.merged", RemedyCell, m.text)
					r.faults[len(r.faults)-1].Warning = true
				}
			}
		}
	}
}
