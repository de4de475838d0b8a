package mapping

import (
	"errors"
	"hash/maphash"
	"io"
	"time"

	"github.com/baqylau/baqylau"
)

// Reader yields the records of one file. It is for one goroutine. Close it.
type Reader struct {
	in     *interpreter
	src    rows
	close  func() error
	found  Detected
	limits Limits
	side   *sideTable
	seed   maphash.Seed
	keys   census   // keys whose occurrence is complete, by hash
	same   census   // rows, by digest
	held   []Record // read and not yet given out
	ended  bool
	err    error
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
	src, h, found, closing, err := openTable(r, name, m.File, m.columns(false), o.limits)
	if err != nil {
		return nil, err
	}
	return &Reader{
		in: &interpreter{bound: m.bind(h, sideHead, side != nil), names: h.names, joinedNames: sideHead.names, head: h, sheet: found.Sheet, side: side,
			persons: o.persons, today: o.today, xlsx: found.Format == "xlsx", epoch: src.date1904()},
		src: src, close: closing, found: found, limits: o.limits, side: side,
		seed: maphash.MakeSeed(),
	}, nil
}

// openTable opens a file and stops behind its header. Of a workbook it takes the named sheet, or the first that has one.
func openTable(r io.Reader, name string, f File, cols []column, lim Limits) (rows, header, Detected, func() error, error) {
	src, wb, found, err := openSource(r, name, f, lim)
	if err != nil {
		return nil, header{}, found, nil, err
	}
	if wb == nil {
		h, err := findHeader(src, f, cols, lim)
		found.HeaderRow = h.line
		return src, h, found, src.close, err
	}
	sheets := wb.sheets
	if f.Sheet != "" {
		s, ok := wb.sheetNamed(f.Sheet)
		if !ok {
			_ = wb.close() // the error at hand matters more
			return nil, header{}, found, nil, invalid("import.file.sheet", "value", clip(f.Sheet))
		}
		sheets = []string{s}
	}
	var first error
	for _, s := range sheets {
		x, err := wb.open(s)
		if err == nil {
			var h header
			if h, err = findHeader(x, f, cols, lim); err == nil {
				found.Sheet, found.HeaderRow = s, h.line
				return x, h, found, func() error { return errors.Join(x.close(), wb.close()) }, nil
			}
			_ = x.close() // reading only
		}
		if first == nil || keyOf(first) == "import.file.empty" {
			first = err
		}
	}
	_ = wb.close() // the error at hand matters more
	if first == nil {
		first = invalid("import.file.empty")
	}
	return nil, header{}, found, nil, first
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

// Header is the column names as found.
func (r *Reader) Header() []string { return r.in.names }

// Close releases temporary files.
func (r *Reader) Close() error {
	err := errors.Join(r.keys.Close(), r.same.Close())
	if r.close != nil {
		err = errors.Join(err, r.close())
	}
	return err
}
