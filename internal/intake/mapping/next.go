package mapping

import (
	"errors"
	"hash/maphash"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Next gives the next occurrence, faulty ones included; io.EOF after the last. Another error means that the rest of the file
// cannot be read.
func (r *Reader) Next() (Record, error) {
	switch r.in.m.Group {
	case Consecutive:
		return r.nextRun()
	case Anywhere:
		return r.nextGathered()
	}
	rec, err := r.one()
	if err == nil && rec.Key != "" {
		err = r.claim(&rec, "import.key.duplicate")
	}
	return rec, err
}

// one reads the next data row.
func (r *Reader) one() (Record, error) {
	for r.err == nil {
		line, err := r.src.next()
		if isEOF(err) && len(r.more) > 0 {
			if rec, told := r.turnSheet(); told {
				return rec, nil
			}
			continue
		}
		if err != nil {
			r.err = err
			break
		}
		if line.blank() || r.numbering(line.cells) || r.skipped(line.cells) {
			continue
		}
		r.shape(&line)
		rec := r.in.read(line)
		r.place(&rec)
		if r.in.target != nil && len(rec.Rows) == 0 && len(rec.Problems) == 0 {
			continue // a line of nothing but empty figures
		}
		if r.err = r.digest(&rec); r.err != nil {
			break
		}
		if r.side != nil && r.in.target == nil {
			r.side.add(r.in, &rec)
		}
		return rec, nil
	}
	return Record{}, r.err
}

func (r *Reader) skipped(cells []string) bool {
	for _, t := range r.in.skip {
		if t.holds(cells) {
			return true
		}
	}
	return !all(r.in.only, cells)
}

const keptBeyond = 50 // cells to the right of the header that a row keeps

// shape checks the number of cells against the header.
func (r *Reader) shape(line *row) {
	width := len(r.in.names)
	for i := width; i < len(line.cells); i++ {
		if clean(line.cells[i]) != "" {
			line.fault(-1, "import.row.long", RemedyCell, line.cells[i])
			break
		}
	}
	if most := width + keptBeyond; len(line.cells) > most {
		line.cells = slices.Clone(line.cells[:most])
	}
	if r.src.ragged() && len(line.cells) < width {
		line.fault(-1, "import.row.short", RemedyCell, strconv.Itoa(len(line.cells)))
	}
	if r.in.xlsx {
		for i, c := range line.cells {
			if len(c) > 2 && c[0] == '#' && formulaErrors[c] && i < width {
				line.fault(i, "import.cell.formula", RemedyCell, c)
			}
		}
	}
}

// formulaErrors are what a spreadsheet shows in place of a result.
var formulaErrors = map[string]bool{"#N/A": true, "#REF!": true, "#VALUE!": true, "#DIV/0!": true, "#NAME?": true, "#NUM!": true, "#NULL!": true}

// digest makes the key of sources that number nothing: the digest of the row, and its ordinal among equal rows, so that the
// same rows get the same keys in the next, longer edition of the file.
func (r *Reader) digest(rec *Record) error {
	picks := r.in.fields["key"].picks
	if len(picks) == 0 || !picks[0].Digest || rec.Key != "" {
		return nil
	}
	cells := rec.Raw
	if rec.keyed != nil {
		cells, rec.keyed = rec.keyed, nil
	}
	sum := digestCells(cells)
	n, err := r.same.add(sum.short)
	if err != nil {
		return err
	}
	rec.Key = sum.text
	if n > 1 {
		rec.Key += "-" + strconv.Itoa(int(n))
	}
	for i := range rec.Rows {
		rec.Rows[i].Key = rec.Key
	}
	return nil
}

// claim notes that a record's key is used up. A key that was used up before is a fault, which key names.
func (r *Reader) claim(rec *Record, key string) error {
	n, err := r.keys.add(maphash.String(r.seed, rec.Key))
	if n > 1 {
		rec.fault(key, RemedyMapping, rec.Key)
	}
	return err
}

func (r *Record) fault(key, remedy, value string) {
	r.Problems = append(r.Problems, Problem{Row: r.Row, Key: key, Remedy: remedy, Value: clip(value)})
}

// nextRun joins rows that follow one another with the same key.
func (r *Reader) nextRun() (Record, error) {
	var rec Record
	if len(r.held) > 0 {
		rec, r.held = r.held[0], r.held[:0]
	} else {
		var err error
		if rec, err = r.one(); err != nil {
			return Record{}, err
		}
	}
	if rec.Key == "" {
		r.in.finish(&rec)
		return r.keyless(rec), nil
	}
	held := &holding{limits: r.limits}
	for {
		more, err := r.one()
		if err == nil {
			err = held.add(more.Size())
		}
		if err != nil {
			r.err = err
			break // told by the next call
		}
		if more.Key != rec.Key {
			r.held = append(r.held, more)
			break
		}
		rec.merge(more)
	}
	r.in.finish(&rec)
	err := r.claim(&rec, "import.key.scattered") // before rec is returned: Go leaves open which of a return's values is taken first
	return rec, err
}

func (r *Reader) keyless(rec Record) Record {
	rec.fault("import.key.missing", RemedyCell, "")
	return rec
}

// nextGathered reads the whole file first.
func (r *Reader) nextGathered() (Record, error) {
	if !r.ended {
		at := map[string]int{}
		held := &holding{limits: r.limits}
		for {
			rec, err := r.one()
			if errors.Is(err, io.EOF) {
				break
			}
			if err == nil {
				err = held.add(rec.Size())
			}
			if err != nil {
				r.held, r.err = nil, err
				return Record{}, err
			}
			if i, ok := at[rec.Key]; ok && rec.Key != "" {
				r.held[i].merge(rec)
				continue
			}
			at[rec.Key] = len(r.held)
			if rec.Key == "" {
				rec = r.keyless(rec)
			}
			r.held = append(r.held, rec)
		}
		r.ended = true
	}
	if len(r.held) == 0 {
		return Record{}, r.err
	}
	rec := r.held[0]
	r.held = r.held[1:]
	r.in.finish(&rec)
	return rec, nil
}

// merge adds a further row of the same occurrence: its substances, and values that were missing so far. The date, kind and
// region must agree; where a date differs (each analysis has its own), the earliest is taken and a warning given.
func (r *Record) merge(o Record) {
	r.More = append(r.More, RawRow{o.Row, o.Raw})
	r.Problems = append(r.Problems, o.Problems...)
	if o.Kind != "" && r.Kind != "" && o.Kind != r.Kind {
		r.Problems = append(r.Problems, Problem{Row: o.Row, Key: "import.group.kind", Remedy: RemedyCell, Value: clip(o.Kind)})
	}
	if !o.Occurred.IsZero() && o.Occurred != r.Occurred {
		if !r.Occurred.IsZero() {
			r.Problems = append(r.Problems, Problem{Row: o.Row, Key: "import.group.date", Remedy: RemedyCell, Value: o.Occurred.String(), Warning: true})
		}
		if r.Occurred.IsZero() || o.Occurred.Before(r.Occurred) {
			r.Occurred, r.Precision = o.Occurred, o.Precision
		}
	}
	if o.Known.After(r.Known) { // all of it is known only when its last part is
		r.Known = o.Known
	}
	if r.Region == "" {
		r.Region = o.Region
	}
	if r.RegionText == "" {
		r.RegionColumn, r.RegionOpen = o.RegionColumn, o.RegionOpen
	}
	for _, f := range []struct{ to, from *string }{
		{&r.Kind, &o.Kind}, {&r.RegionText, &o.RegionText}, {&r.PlaceType, &o.PlaceType}, {&r.Form, &o.Form},
		{&r.AgeBand, &o.AgeBand}, {&r.Sex, &o.Sex}, {&r.Outcome, &o.Outcome},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	if r.Quantity.Value == "" {
		r.Quantity = o.Quantity
	}
	if r.Age == nil {
		r.Age = o.Age
	}
	if o.Notes != "" && o.Notes != r.Notes {
		if r.Notes != "" {
			r.Notes += "\n"
		}
		r.Notes += o.Notes
	}
	for k, v := range o.Extra {
		if r.Extra == nil {
			r.Extra = map[string]string{}
		}
		if r.Extra[k] == "" {
			r.Extra[k] = v
		}
	}
	for _, m := range o.Substances {
		r.add(m)
	}
	if len(r.Rows) == 1 && len(o.Rows) == 1 {
		r.Rows[0].merge(&o.Rows[0])
	} else {
		r.Rows = append(r.Rows, o.Rows...)
	}
}

// merge fills in what a further line of the same row says: values that were missing, and more of those of which there may be several. What is there
// already must agree.
func (r *Row) merge(o *Row) {
	t, _ := TargetNamed(r.target)
	for name, v := range o.Values {
		f, _ := t.Field(name)
		switch old := r.Values[name]; {
		case old == "":
			r.Values[name] = v
		case f.Kind == KindMulti:
			list := strings.Split(old, multiSeparator)
			for code := range strings.SplitSeq(v, multiSeparator) {
				list = appendNew(list, code)
			}
			r.Values[name] = strings.Join(list, multiSeparator)
		case old != v:
			r.Problems = append(r.Problems, Problem{Row: o.Line, Sheet: o.Sheet, Column: o.Title(name), Key: "import.group.differs", Remedy: RemedyCell, Value: clip(v)})
		}
	}
	if o.Known.After(r.Known) {
		r.Known = o.Known
	}
}

// holding counts rows that are held in memory together.
type holding struct {
	limits Limits
	rows   int
	bytes  int64
}

func (h *holding) add(size int) error {
	h.rows++
	if h.bytes += int64(size); h.bytes > h.limits.Held {
		return invalid("import.group.heavy", "limit", h.limits.Held>>20)
	}
	if h.rows > h.limits.Group {
		return invalid("import.group.large", "limit", h.limits.Group)
	}
	return nil
}
