package mapping

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/baqylau/baqylau"
)

// Target describes what the rows of a mapping become when they are no reports. The room that keeps such rows registers its description, and
// implements intake.Target under the same name; mappings then say `target: <name>` and fill its fields.
type Target struct {
	Name   string // as mappings write it
	Fields []TargetField
	Figure string // the field that holds a figure, "" if rows hold none; only such targets take `cells` and `absent`
	Page   string // address at which an import's rows are seen, up to the import's identifier: "/observations?batch="
	// Complete brings fields of one row together when all of them are read: derives some, faults contradictions. May be nil. What needs the
	// database is for intake.Target.Check.
	Complete func(*Row)
}

// TargetField is a field that a mapping may fill. A name that ends in ".*" stands for any number of fields with that beginning: "breakdown.*".
// Every target also has the fields key and known, see Row.
type TargetField struct {
	Name     string
	Kind     Kind
	Required bool              // a row without a value is faulty
	List     []string          // KindCode, KindMulti: the only values; nil leaves them to the target's Check
	Or       []string          // fields from any of which Complete makes the value, so that a mapping need not fill this one
	Words    map[string]string // KindCode, KindMulti: what agencies write, folded to lower case, and what it means
}

// Kind says how the text of a cell becomes a value of a field.
type Kind string

// The kinds and how their values are written in Row.Values.
const (
	KindText      Kind = "text"      // as it stands, without the spaces around it
	KindNotes     Kind = "notes"     // text that takes all its picks, one a line
	KindCode      Kind = "code"      // one of List, or any code
	KindNumber    Kind = "number"    // exact decimal, "-12.5"; never an exponent
	KindCount     Kind = "count"     // a whole number from 0
	KindDate      Kind = "date"      // "2024-03-05", "2024-03" or "2024", as exactly as it is known
	KindPeriod    Kind = "period"    // first and last day, "2024-01-01/2024-03-31"
	KindYes       Kind = "yes"       // "yes" or "no"
	KindMulti     Kind = "multi"     // codes joined by ";" in the order of the picks, none twice; takes all its picks
	KindPerson    Kind = "person"    // a keyed pseudonym; the number itself is checked and forgotten while the row is read
	KindPlace     Kind = "place"     // code of a region or country of the registry
	KindSubstance Kind = "substance" // identifier of a substance of the registry
)

// Row is one row for a target. A line of a file gives one, or with `cells` one for every figure in it.
type Row struct {
	Line   int               // 1-based line or row in the file
	Sheet  string            // of a workbook that is read sheet by sheet
	Column string            // with cells: title of the figure's column
	Key    string            // the source's own reference of the line, unique within the source; "" if it has none
	Known  baqylau.Date      // when the source knew; zero: the mapping does not say, and it is the day of the import
	Values map[string]string // by field, normalised by kind; what has no value is absent

	Same bool // set by the target when it writes: the row says nothing that it does not hold already

	Problems []Problem
	target   string
	titles   map[string]string // field → title of its column
	open     []string
}

// Open reports whether the mapping takes a text of the field as it stands (unknown: keep), although no table and no registry knows it.
func (r *Row) Open(field string) bool { return slices.Contains(r.open, field) }

// Title is the name of the column that a field stands in, or of the field where it stands in none.
func (r *Row) Title(field string) string {
	if t, ok := r.titles[field]; ok {
		return t
	}
	if r.Column != "" {
		return r.Column
	}
	return field
}

// Fault notes what is wrong with the value of a field as far as only the target can know; the line is kept out. key is a message that takes row,
// column and value; remedy is one of the Remedy messages.
func (r *Row) Fault(field, key, remedy, value string) {
	r.Problems = append(r.Problems, Problem{Row: r.Line, Sheet: r.Sheet, Column: r.Title(field), Key: key, Remedy: remedy, Value: clip(value)})
}

// Warn is Fault for what keeps nothing out: a question to the sender.
func (r *Row) Warn(field, key, remedy, value string) {
	r.Fault(field, key, remedy, value)
	r.Problems[len(r.Problems)-1].Warning = true
}

// Origin says whose rows a target is given.
type Origin struct {
	BatchID   string // of the import; rows of it are seen while its state is "applied". "" in the preview of a mapping in the making
	SourceID  string // of the registry; "" where it is not known yet, in a preview only
	Country   string // of the source, ISO 3166-1 alpha-2 or 3166-2
	Outside   bool   // the source is not of the centre's own country
	OrgID     string
	AccountID string
	Domain    baqylau.Domain
	Today     baqylau.Date // day of the import: the default of Row.Known
	Said      *Said        // what the file has said so far; nil where a single row is looked at
}

// Said remembers through one reading of a file what its rows said of the same thing, however far apart they stand. It keeps digests, 24 bytes a row: files have millions.
type Said struct{ of map[[16]byte]uint64 }

// Otherwise reports whether something else was said of the same thing before, and remembers what is said now.
func (s *Said) Otherwise(thing, content string) bool {
	if s.of == nil {
		s.of = map[[16]byte]uint64{}
	}
	a, b := sha256.Sum256([]byte(thing)), sha256.Sum256([]byte(content))
	key, now := [16]byte(a[:16]), binary.BigEndian.Uint64(b[:8])
	before, known := s.of[key]
	s.of[key] = now
	return known && before != now
}

var targets struct {
	sync.RWMutex
	list []Target
}

// Register makes a target known to Parse. Rooms call it in their init; a name registered again replaces the earlier description.
func Register(t Target) {
	targets.Lock()
	defer targets.Unlock()
	targets.list = slices.DeleteFunc(slices.Clone(targets.list), func(o Target) bool { return o.Name == t.Name })
	targets.list = append(targets.list, t)
	slices.SortFunc(targets.list, func(a, b Target) int { return strings.Compare(a.Name, b.Name) })
}

// Targets lists what is registered, by name.
func Targets() []Target {
	targets.RLock()
	defer targets.RUnlock()
	return targets.list
}

// TargetNamed finds a registered target.
func TargetNamed(name string) (Target, bool) {
	for _, t := range Targets() {
		if t.Name == name {
			return t, true
		}
	}
	return Target{}, false
}

// commonFields are fields of every target.
var commonFields = []TargetField{{Name: "key", Kind: KindText}, {Name: "known", Kind: KindDate}}

// Field finds the description of a field by the name that a mapping gives it.
func (t *Target) Field(name string) (TargetField, bool) {
	for _, list := range [][]TargetField{commonFields, t.Fields} {
		for _, f := range list {
			if f.Name == name {
				return f, true
			}
			if begin, ok := strings.CutSuffix(f.Name, "*"); ok && len(name) > len(begin) && strings.HasPrefix(name, begin) {
				f.Name = name
				return f, true
			}
		}
	}
	return TargetField{}, false
}

// NoTarget reports whether a mapping cannot be used because its target is not registered.
func NoTarget(err error) bool {
	var list baqylau.Errors
	return errors.As(err, &list) && len(list) == 1 && list[0].Field == "target"
}

// Filled lists the fields that have a value in some of the rows, in the order of the description.
func (t *Target) Filled(rows []Row) (list []TargetField) {
	m := Mapping{Target: t.Name, Fields: map[string]Field{}}
	for i := range rows {
		for name := range rows[i].Values {
			m.Fields[name] = Field{}
		}
	}
	for _, name := range m.fieldNames() {
		if _, ok := m.Fields[name]; ok {
			f, _ := t.Field(name)
			list = append(list, f)
		}
	}
	return list
}
