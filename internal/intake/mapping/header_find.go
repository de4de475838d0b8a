package mapping

import (
	"slices"
	"strings"
)

// finder looks for the header among the first lines of a table.
type finder struct {
	file  File
	cols  []column
	depth int   // lines of a header
	held  []row // lines that may be part of one, at most depth
	place []int // of each: its line in a sheet, where lines may be left out, and its number in a CSV, where a line may go over several
	above []string

	best    header // the one that lacks the fewest columns
	missing []string
	found   bool
}

// findHeader reads lines until the header. With HeaderRow it stands there or in the first line, where a file of refused rows
// has it; without, in the first lines that hold all needed columns.
func findHeader(src rows, f File, cols []column, lim Limits) (header, error) {
	d := &finder{file: f, cols: cols, depth: max(1, f.HeaderRows)}
	for n := 1; n <= max(searchLines, f.HeaderRow+d.depth-1); n++ {
		r, err := src.next()
		if err != nil {
			if !isEOF(err) {
				return header{}, err
			}
			break
		}
		if len(r.cells) > lim.Columns {
			return header{}, invalid("import.file.columns", "limit", lim.Columns, "row", r.line)
		}
		at := n
		if !src.ragged() {
			at = r.line
		}
		if h, ok, err := d.next(r, at); ok || err != nil {
			return h, err
		}
	}
	if !d.found {
		return header{}, invalid("import.file.empty")
	}
	return d.best, invalid("import.header.missing", "column", clip(strings.Join(d.missing, ", ")), "row", d.best.line).On(d.missing[0])
}

// next looks at one more line. A header of several lines may end with lines that are empty but for merged areas, which a workbook leaves out: then it ends where a line
// beyond it comes.
func (d *finder) next(r row, at int) (h header, ok bool, err error) {
	for len(d.held) > 0 && d.place[0]+d.depth <= at {
		if last := d.place[len(d.place)-1]; d.depth > 1 && last < d.place[0]+d.depth-1 {
			if h, ok, err = d.try(d.held); ok || err != nil {
				h.ahead = &r
				return h, ok, err
			}
		}
		d.above = append(d.above, sentence(d.held[0].cells))
		d.held, d.place = d.held[1:], d.place[1:]
	}
	d.held, d.place = append(d.held, r), append(d.place, at)
	if at == d.place[0]+d.depth-1 {
		if h, ok, err = d.try(d.held); ok || err != nil {
			return h, ok, err
		}
	}
	joined := func(c string) bool { return strings.Contains(c, levelSign) }
	if d.depth > 1 && slices.ContainsFunc(r.cells, joined) { // a file of refused rows has the joined names in one line
		for _, above := range d.held[:len(d.held)-1] {
			d.above = append(d.above, sentence(above.cells))
		}
		h, ok, err = d.try(d.held[len(d.held)-1:])
	}
	return h, ok, err
}

// try takes lines for the header. The first of several is none when it is empty or a title, which is one text.
func (d *finder) try(lines []row) (h header, ok bool, err error) {
	if len(lines) > 1 && filled(lines[0]) < 2 {
		return h, false, nil
	}
	h, missing, twice := match(joinNames(lines), d.cols)
	h.line, h.levels = lines[0].line, levelNames(lines)
	switch {
	case len(missing) > 0:
		if len(lines[len(lines)-1].cells) > 0 && (!d.found || len(missing) < len(d.missing)) {
			d.best, d.missing, d.found = h, missing, true
		}
		return h, false, nil
	case d.file.HeaderRow > 0 && h.line != d.file.HeaderRow && h.line != 1, len(h.index) == 0:
		return h, false, nil
	case len(twice) > 0:
		return h, false, invalid("import.header.duplicate", "column", clip(strings.Join(twice, ", ")), "row", h.line).On(twice[0])
	}
	h.above = strings.Join(d.above, "\n")
	return h, true, nil
}

// ahead gives a line that was read already before the rest.
func ahead(src rows, first *row) rows {
	if first == nil || src == nil {
		return src
	}
	return &rowsAhead{src, first}
}

type rowsAhead struct {
	rows
	first *row
}

func (a *rowsAhead) next() (row, error) {
	if r := a.first; r != nil {
		a.first = nil
		return *r, nil
	}
	return a.rows.next()
}
