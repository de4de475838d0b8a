package mapping

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"regexp"
)

// span is a merged area, 1-based and inclusive; its text stands in the top left cell of the file.
type span struct {
	left, top, right, bottom int
	text                     string
}

// Merged areas that a person makes are few and small; the bounds keep a made-up file from filling millions of cells. They are listed behind
// the rows, so that a sheet is unpacked twice to find them: only one that is small.
const (
	smallSheet    = 8 << 20 // bytes
	maxMerged     = 2_000
	maxMergedRows = 1_000
)

var mergedArea = regexp.MustCompile(`mergeCell [^<>]*?ref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})"`)

func mergedAreas(f *zip.File) (list []span, err error) {
	if f.UncompressedSize64 > smallSheet {
		return nil, nil
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(in)
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, err
	}
	_, after, _ := bytes.Cut(data, []byte("/sheetData>"))
	for _, m := range mergedArea.FindAllSubmatch(after, maxMerged) {
		l, t := cellAddress(string(m[1]))
		r, b := cellAddress(string(m[2]))
		if l > 0 && r >= l && b >= t && b-t < maxMergedRows && r-l < maxMerged {
			list = append(list, span{l, t, r, b, ""})
		}
	}
	return list, nil
}

// unmerge copies the text of a merged area into all its cells, save in rows that hold nothing else.
func (x *xlsxRows) unmerge(r *row) {
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
