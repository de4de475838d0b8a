package mapping

import "github.com/baqylau/baqylau"

// Mapping is the whole description of how one source writes its tables. Parse reads it, YAML writes it, Check judges it.
type Mapping struct {
	Name   string // what people call it
	Target string // what the rows become, the name of a registered Target; "" is a report
	Source string // code of the source the rows come from, as in the registry
	Terms  string // terms of use of the source's data, for people
	Notes  string // known quirks, for people

	File   File
	Codes  map[string]map[string]string // named code tables: what the source writes → what it means
	Skip   []Test                       // rows for which any test holds are not data (totals, notes)
	Only   []Test                       // rows for which any test fails are not data either
	Group  Group
	Join   *Join
	Cells  *Cells            // for targets with a figure: columns that hold one each
	Absent map[string]string // for the same: cells that are no figure, and why there is none, one of Absences
	Odd    []string          // for the same: unusual ways to write a figure that are understood, of OddFigures
	Fields map[string]Field  // by FieldNames, or by the fields of the target
	Extra  []string          // columns handed on as they are; all other unnamed columns are dropped

	Substances []Substance
}

// FieldNames lists what a mapping may fill, in the order YAML writes them.
var FieldNames = []string{"key", "kind", "occurred", "known", "region", "place_type", "form", "quantity", "unit", "age", "sex", "outcome", "notes"}

// ReportTarget is how `target` may name the report, which it is when left out.
const ReportTarget = "report"

// Cells says which columns hold figures, so that a line gives one row for each: the cumulative forms, and tables with a column for every year.
// A "*" in a name stands for any text.
type Cells struct {
	Columns []string // nil: all columns that nothing else names
	Except  []string
}

// Absences are the reasons why there is no figure. The empty meaning, beside them, is no row at all.
var Absences = []string{"suppressed", "not_collected", "not_known", "not_applicable"}

// The unusual ways to write a figure.
const (
	OddZeros  = "leading_zeros" // "03.04" is 3.04: a spreadsheet once took the cell for a date
	OddRanges = "ranges"        // "0,4–0,6" fills low and high
	OddWords  = "qualifiers"    // "около 300", "more than 5", "≥ 7" fill qualifier
)

// OddFigures lists them.
var OddFigures = []string{OddZeros, OddRanges, OddWords}

// File says how the table is written down. The zero value means: find out.
type File struct {
	Format     string   // "", or what the file must be: dhis2, adx, sdmx-csv; table: nothing of these, whatever it looks like
	Encoding   string   // "", utf-8, utf-8-bom, windows-1251, kz-1048, utf-16, utf-16le, utf-16be
	Delimiter  string   // "", one of , ; | or a tab
	Decimal    string   // decimal separator, "." (default) or ","
	Sheet      string   // name of the sheet, "#2" for the second, "" for the first that holds the columns; with "*" every sheet of such a name
	HeaderRow  int      // 1-based line of the first header row; 0 = search the first 50 lines
	HeaderRows int      // header lines that form one name, joined by " / "; 0 means 1
	Empty      []string // cells that mean "nothing", beside the empty cell
}

// Field is where a value comes from: the first Pick that yields one.
type Field struct {
	Picks    []Pick
	Required bool // a row without a value is faulty
}

// Pick is one way to get a value.
type Pick struct {
	Column      string            // header name, or "#3" for the third column
	Columns     []string          // several columns instead: their texts, joined by a space
	Value       string            // a constant, instead of a column
	Table       string            // name of a table in Mapping.Codes
	Codes       map[string]string // or the table itself
	Unknown     Unknown           // what to do with a value that the table lacks
	When        []Test            // use this pick only in rows where all tests hold
	Optional    bool              // the column may be absent from the file
	Formats     []string          // dates: accepted formats, first match wins
	MonthBefore baqylau.Date      // dates: day 01 before this day means that only the month is known
	AfterDays   *int              // known only: this many days after the occurrence, instead of a column
	Digest      bool              // key only: the digest of the whole row
	Sheet       bool              // the name of the sheet, instead of a column
	Above       bool              // the text of the lines above the header, instead of a column
	Header      string            // with Cells, instead of a column: "all" of the figure's header, or its level "1" to "5"
	Match       string            // the part of the text that this regular expression finds, or its first group; nothing found is no value
	Down        bool              // where nothing is found, what was found in the last row above in which something was
	Flag        string            // targets: the value that a yes in the column stands for
	Separator   string            // KindMulti: what stands between several values in a cell
	Joined      bool              // targets: the column is in the second file
}

// Unknown says what to do with a cell whose value a code table or a list of flag values lacks.
type Unknown string

// The choices; Fault is the default.
const (
	Fault  Unknown = "error"  // the row is faulty
	Keep   Unknown = "keep"   // take the text as it is
	Ignore Unknown = "ignore" // as if the cell were empty
	AsText Unknown = "text"   // substances: treat the cell as free text to recognise
	AsNote Unknown = "note"   // substances: add the text to the notes
)

// Test holds in a row whose cell in Column equals one of Values, without regard to case; "" is the empty cell.
type Test struct {
	Column string
	Values []string
}

// Group says how rows that share a key become one occurrence.
type Group string

// The ways of grouping. Consecutive streams; Anywhere holds the file in memory (at most Limits.Group rows).
const (
	NoGroup     Group = ""
	Consecutive Group = "consecutive"
	Anywhere    Group = "any"
)

// Join names a second file whose rows belong to the rows of the first by a shared key (samples and their contents).
type Join struct {
	Name     string // what the second file is called where it is asked for
	On       string // key column of the first file
	Key      string // key column of the second file
	Required bool   // without the second file the first cannot be read
	File     File
}

// Substance says how one column names substances.
type Substance struct {
	Column    string
	As        As
	Name      string            // flag: the substance a yes stands for
	Class     string            // flag: or the class
	Separator string            // list: what stands between the names
	Table     string            // name, list: code table; a target "class:opioid" is a class, an empty target nothing
	Codes     map[string]string // or the table itself
	Unknown   Unknown           // name, list with a table, and flag: a value that is not foreseen
	Yes, No   []string          // flag: values; without them the usual words of three languages
	Skip      []string          // cells that name nothing ("None detected")
	Role      Field
	Level     Field
	When      []Test
	Optional  bool
	Joined    bool // the column is in the second file
}

// As is the way a column names substances.
type As string

// The ways.
const (
	Text As = "text" // free text to be recognised
	Name As = "name" // exactly one name
	List As = "list" // several names with a separator
	Flag As = "flag" // yes or no to one substance or class
)
