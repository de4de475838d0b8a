package mapping

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"strings"
)

// sideTable is the second file of a join, held in memory by key. Only the cells that the mapping reads are kept.
type sideTable struct {
	rows    map[string][]sideRow
	epoch   bool
	matched map[string]bool
}

type sideRow struct {
	line  int
	cells []string
}

// readSide reads the second file. Its lines with faults of form become faults of the occurrence they belong to only through
// their cells; a line that has no key stops the reading, because it could belong to any.
func (m *Mapping) readSide(o options) (*sideTable, header, error) {
	cols := m.columns(true)
	tab, err := openTable(o.join, o.joinName, m.Join.File, cols, o.limits)
	src, h := tab.src, tab.head
	if err != nil {
		return nil, h, err
	}
	defer func() { _ = tab.close() }() // reading only
	t := &sideTable{rows: map[string][]sideRow{}, epoch: src.date1904(), matched: map[string]bool{}}
	wanted := map[int]bool{}
	for _, i := range h.index {
		wanted[i] = true
	}
	key := h.at(m.Join.Key)
	held := &holding{limits: o.limits}
	for {
		r, err := src.next()
		if errors.Is(err, io.EOF) {
			return t, h, nil
		}
		if err != nil {
			return nil, h, err
		}
		if r.blank() {
			continue
		}
		k := clean(cellAt(r.cells, key))
		if k == "" {
			return nil, h, invalid("import.join.key", "row", r.line, "column", m.Join.Key).On(m.Join.Key)
		}
		kept := make([]string, min(len(r.cells), len(h.names)))
		for i := range kept {
			if wanted[i] {
				kept[i] = strings.Clone(r.cells[i]) // so that the rest of the line is not held with it
			}
		}
		if err := held.add(100 + sizeOf(kept)); err != nil {
			return nil, h, err
		}
		t.rows[k] = append(t.rows[k], sideRow{r.line, kept})
	}
}

// add reads the substances of the second file's rows that belong to the record.
func (t *sideTable) add(in *interpreter, rec *Record) {
	for _, s := range t.of(rec.Raw, in.join) {
		r := &reading{interpreter: in, cells: s.cells, rec: rec, joined: true}
		if r.mentions(); len(rec.Problems) > maxMentions {
			return
		}
	}
}

// of is the rows that belong to a row of the first file.
func (t *sideTable) of(cells []string, key int) []sideRow {
	k := clean(cellAt(cells, key))
	rows := t.rows[k]
	if len(rows) > 0 {
		t.matched[k] = true
	}
	return rows
}

// Unmatched counts the rows of the joined file whose key the records given out so far do not have.
func (r *Reader) Unmatched() (n int) {
	if r.side == nil {
		return 0
	}
	for k, rows := range r.side.rows {
		if !r.side.matched[k] {
			n += len(rows)
		}
	}
	return n
}

// rowDigest identifies a row's content: a short form to count equal rows by and a text for the key.
type rowDigest struct {
	short uint64
	text  string
}

func digestCells(cells []string) rowDigest {
	for len(cells) > 0 && clean(cells[len(cells)-1]) == "" { // trailing empty cells come and go with the program that saved the file
		cells = cells[:len(cells)-1]
	}
	h := sha256.New()
	for _, c := range cells {
		h.Write([]byte(clean(c)))
		h.Write([]byte{0})
	}
	sum := h.Sum(nil)
	return rowDigest{binary.BigEndian.Uint64(sum), hex.EncodeToString(sum[:12])}
}
