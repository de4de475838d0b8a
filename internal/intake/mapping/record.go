package mapping

import "github.com/baqylau/baqylau"

// Record is one occurrence as its source reported it, or what one line gives to a target.
type Record struct {
	Row       int    // 1-based line (CSV) or row (XLSX) in the file where it begins
	Sheet     string // of a workbook that is read sheet by sheet, else ""
	No        int64  // tells the rows of all sheets apart, in the order of the file: Row, and beyond the first sheet more
	Key       string // the source's own reference, unique within the source; "" if it has none
	Kind      string // one of Kinds
	Occurred  baqylau.Date
	Precision baqylau.Precision
	Known     baqylau.Date // zero: the mapping does not say

	Region       string // code, from a code table or constant
	RegionText   string // what the source wrote
	RegionColumn string // title of the column it stands in
	RegionOpen   bool   // the mapping takes a name that nobody knows

	PlaceType, Form string
	Quantity        Quantity
	Age             *int   // completed years
	AgeBand         string // "35-44", "65+", "under 18" where the source gives bands
	Sex, Outcome    string
	Notes           string

	Substances []Mention
	Extra      map[string]string

	Rows []Row // of a mapping with a target other than the report, which leaves the fields above but Key and Extra empty

	Raw      []string // the cells, dates and numbers of spreadsheets in readable form
	More     []RawRow // further rows of the same occurrence, when the mapping groups
	Problems []Problem

	keyed []string // the cells with pseudonyms for numbers of persons, until the digest is taken
}

// Faulty reports whether a problem keeps the record out. Warnings do not.
func (r *Record) Faulty() bool {
	for _, p := range r.Problems {
		if !p.Warning {
			return true
		}
	}
	return false
}

// Size is about how many bytes the record takes in memory.
func (r *Record) Size() int {
	n := 400 + len(r.Notes) + 200*len(r.Problems) + 100*len(r.Substances) + sizeOf(r.Raw)
	for i := range r.Rows {
		n += 200 + 100*len(r.Rows[i].Values)
	}
	for i := range r.More {
		n += sizeOf(r.More[i].Cells)
	}
	return n
}

func sizeOf(cells []string) int {
	n := 16 * len(cells)
	for _, c := range cells {
		n += len(c)
	}
	return n
}

// RawRow is one row of the file as it stands.
type RawRow struct {
	Row   int
	Cells []string
}

// Quantity is an exact decimal number ("12.5", never an exponent) and its unit, one of Units. Value "" is unknown.
type Quantity struct{ Value, Unit string }

// Mention is one place where the source names a substance or a class.
type Mention struct {
	Text       string // as the source wrote it; for a flag its column's name
	Column     string
	Name       string // the substance, when the source or mapping names exactly one
	Class      string // or the class
	Role       string // one of Roles, or ""
	Level      string // one of Levels, or ""
	IsFreeText bool   // Text must still be recognised
}
