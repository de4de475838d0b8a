package mapping

import (
	"errors"
	"hash/maphash"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
)

// Reader yields the records of one file. It is for one goroutine. Close it.
type Reader struct {
	table
	m        *Mapping
	in       *interpreter
	opts     options
	found    Detected // of the first sheet
	limits   Limits
	side     *sideTable
	sideHead header
	seed     maphash.Seed
	keys     census   // keys whose occurrence is complete, by hash
	same     census   // rows, by digest
	held     []Record // read and not yet given out
	sheets   int64    // sheets before the one that is read
	fresh    bool     // no line behind the header has been read
	ended    bool
	err      error
}

// Open finds out how the table in r is written, finds its header and binds the mapping to it. name is the file's name; only
// its ending is used, to tell a damaged workbook from a text. The mapping must have passed Check.
//
// Errors are Invalid: not a table, unpacking without end, header not found, a column missing or standing there twice.
func (m *Mapping) Open(r io.Reader, name string, opts ...Option) (*Reader, error) {
	o := options{}
	for _, opt := range opts {
		opt(&o)
	}
	if o.today.IsZero() {
		o.today = baqylau.DateOf(time.Now())
	}
	o.limits = o.limits.orDefaults()
	if err := m.Check(); err != nil {
		return nil, err
	}
	var side *sideTable
	var sideHead header
	if m.Join != nil {
		if o.join == nil && m.Join.Required {
			return nil, invalid("import.join.missing", "column", m.Join.Name)
		}
		if o.join != nil {
			var err error
			if side, sideHead, err = m.readSide(o); err != nil {
				return nil, err
			}
		}
	}
	t, err := openTable(r, name, m.File, m.columns(false), o.limits)
	if err != nil {
		return nil, err
	}
	rd := &Reader{m: m, table: t, found: t.found, limits: o.limits, side: side, sideHead: sideHead, seed: maphash.MakeSeed(), opts: o}
	if err := rd.bind(); err != nil {
		return nil, errors.Join(err, rd.Close())
	}
	return rd, nil
}

// bind places the mapping on the table as it is opened now.
func (r *Reader) bind() error {
	r.in = &interpreter{bound: r.m.bind(r.head, r.sideHead, r.side != nil), names: r.head.names, joinedNames: r.sideHead.names, head: r.head, sheet: r.table.found.Sheet, side: r.side,
		persons: r.opts.persons, today: r.opts.today, xlsx: r.found.Format == "xlsx", epoch: r.src.date1904()}
	r.fresh = true
	if t := r.in.target; t != nil && t.figure != nil && len(t.figures) == 0 {
		return invalid("import.cells.none", "column", clip(strings.Join(r.m.Cells.Columns, ", "))).On("cells")
	}
	return nil
}

// table is an opened file, read up to behind its header.
type table struct {
	src   rows
	head  header
	found Detected
	book  *workbook // nil for CSV
	more  []string  // sheets of the mapping's pattern that are still to be read
}

func (t *table) close() (err error) {
	if t.src != nil {
		err = t.src.close()
	}
	if t.book != nil {
		err = errors.Join(err, t.book.close())
	}
	return err
}

// openTable opens a file and stops behind its header. Of a workbook it takes the named sheet, or the first that has one.
func openTable(r io.Reader, name string, f File, cols []column, lim Limits) (table, error) {
	var t table
	var err error
	if t.src, t.book, t.found, err = openSource(r, name, f, lim); err != nil {
		return t, err
	}
	if t.book == nil {
		t.head, err = findHeader(t.src, f, cols, lim)
		t.src = ahead(t.src, t.head.ahead)
		t.found.HeaderRow = t.head.line
		if err != nil {
			err = errors.Join(err, t.close())
		}
		return t, err
	}
	sheets, err := t.book.chosen(f.Sheet)
	var first error
	for i, s := range sheets {
		if err = t.turn(s, f, cols, lim); err == nil {
			if isPattern(f.Sheet) { // those before it are told in their turn
				t.more = append(slices.Clone(sheets[:i]), sheets[i+1:]...)
			}
			return t, nil
		}
		if first == nil || keyOf(first) == "import.file.empty" {
			first = err
		}
	}
	if first == nil {
		first = err
	}
	_ = t.book.close() // the error at hand matters more
	return t, first
}

// turn opens a sheet and stops behind its header.
func (t *table) turn(sheet string, f File, cols []column, lim Limits) error {
	t.src = nil
	x, err := t.book.open(sheet)
	if err != nil {
		return err
	}
	h, err := findHeader(x, f, cols, lim)
	if err != nil {
		_ = x.close() // reading only
		return err
	}
	t.src, t.head, t.found.Sheet, t.found.HeaderRow = ahead(x, h.ahead), h, sheet, h.line
	return nil
}

func keyOf(err error) string {
	var e *baqylau.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

func isEOF(err error) bool { return errors.Is(err, io.EOF) }

// Detected tells how the file is written.
func (r *Reader) Detected() Detected { return r.found }

// Header is the column names as found, of the sheet that is read.
func (r *Reader) Header() []string { return r.in.names }

// Close releases temporary files.
func (r *Reader) Close() error {
	return errors.Join(r.keys.Close(), r.same.Close(), r.close())
}
