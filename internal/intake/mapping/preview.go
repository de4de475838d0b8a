package mapping

import (
	"io"
)

// Sample is the beginning of a table, for the page where a mapping is made.
type Sample struct {
	Detected
	Header []string
	Rows   [][]string
}

// Preview reads the first n rows behind the header without a mapping. The header is the first line that is as full as the
// fullest near the top, so that a title above it is passed over. sheet chooses a sheet of a workbook, "" the first with rows.
//
// Errors are those of Mapping.Open that concern the file itself.
func Preview(r io.Reader, name, sheet string, n int, opts ...Option) (s *Sample, err error) {
	o := options{}
	for _, opt := range opts {
		opt(&o)
	}
	src, wb, det, err := openSource(r, name, File{}, o.limits.orDefaults())
	if err != nil {
		return nil, err
	}
	sheets := []string{""}
	if wb != nil {
		defer func() { _ = wb.close() }() // reading only
		if sheets = wb.sheets; sheet != "" {
			found, ok := wb.sheetNamed(sheet)
			if !ok {
				return nil, invalid("import.file.sheet", "value", clip(sheet))
			}
			sheets = []string{found}
		}
	}
	for _, sh := range sheets {
		if wb != nil {
			if src, err = wb.open(sh); err != nil {
				return nil, err
			}
		}
		lines, err := firstRows(src, n+searchLines)
		_ = src.close() // reading only
		if err != nil {
			return nil, err
		}
		if len(lines) == 0 {
			continue
		}
		at := headerAt(lines)
		det.Sheet, det.HeaderRow = sh, lines[at].line
		s = &Sample{Detected: det, Header: joinNames(lines[at : at+1])}
		for _, l := range lines[at+1:] {
			if len(s.Rows) < n {
				s.Rows = append(s.Rows, l.cells)
			}
		}
		return s, nil
	}
	return nil, invalid("import.file.empty")
}

// firstRows reads up to n lines that are not blank.
func firstRows(src rows, n int) (lines []row, err error) {
	for read := 0; len(lines) < n && read < 10*n+1000; read++ { // a sheet may begin with any number of blank rows
		r, err := src.next()
		if isEOF(err) {
			break
		}
		if err != nil {
			return nil, err
		}
		if !r.blank() {
			lines = append(lines, r)
		}
	}
	return lines, nil
}

// headerAt finds the header among the first lines: the first that has at least four fifths as many different texts as the
// fullest of them.
func headerAt(lines []row) int {
	if len(lines) > searchLines {
		lines = lines[:searchLines]
	}
	most := 0
	for _, l := range lines {
		most = max(most, filled(l))
	}
	for i, l := range lines {
		if n := filled(l); n*5 >= most*4 {
			return i
		}
	}
	return 0
}
