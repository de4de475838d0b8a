// Package define is the catalogue of the data collection: which indicators there are and what they mean, the code lists of their dimensions,
// units, age bands, breaks in series, and how indicators hang together. All of it is data (data/indicators), dated and in three languages;
// a node may replace a file by one of the same name in its data folder under indicators/. Pure but for reading files at start.
package define

import (
	"slices"
	"sync/atomic"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
)

// Kind says what an indicator's value is, and with it what may be done to values.
type Kind string

// The kinds.
const (
	Count    Kind = "count"    // whole things; parts add up
	Quantity Kind = "quantity" // kilograms, litres; parts add up
	Share    Kind = "share"    // per cent, 0 to 100
	Rate     Kind = "rate"     // per so many people
	Price    Kind = "price"
	Index    Kind = "index" // a ratio or score
)

// Kinds lists them in the order in which pages offer them.
var Kinds = []Kind{Count, Quantity, Share, Rate, Price, Index}

// Span says what a value is about in time.
type Span string

// The spans.
const (
	Flow  Span = "flow"  // what happened in a period: parts of a period add up
	Stock Span = "stock" // what was there on a day
	Study Span = "study" // what a study or an estimate found for a period
)

// Indicator is an entry of the catalogue.
type Indicator struct {
	Code     string
	Area     string // code of the list area
	Kind     Kind
	Unit     string // usual unit; an observation may have another
	Span     Span
	Persons  bool         // counts people: small counts are hidden where they leave
	Name     baqylau.Text // title
	Meaning  baqylau.Text // definition
	From, To baqylau.Date // validity of the definition; zero: open
	Verified bool
}

// Adds reports whether the values of parts add up to the value of the whole.
func (i *Indicator) Adds() bool { return i.Kind == Count || i.Kind == Quantity }

// Decimals is how many decimals pages show of a value.
func (i *Indicator) Decimals() int {
	switch i.Kind {
	case Count:
		return 0
	case Price, Index:
		return 2
	}
	return 1
}

// Code is an entry of a code list.
type Code struct {
	List, Code string
	Parent     string // code of the same list that includes it; "" none
	Position   int
	Name       baqylau.Text
	From, To   baqylau.Date
	Verified   bool
	Words      []string // what files say for it besides code and names
}

// Valid reports whether the code may be used for facts of day d.
func (c *Code) Valid(d baqylau.Date) bool {
	return (c.From.IsZero() || !d.Before(c.From)) && (c.To.IsZero() || !d.After(c.To))
}

// Break says that a series does not go on as before from a day on.
type Break struct {
	Indicator, Place string // "*" any
	On               baqylau.Date
	Reason           baqylau.Text
	Source           string
	Verified         bool
}

// Rule says how indicators hang together; package check computes with it.
//
//	order  First ≤ Second
//	part   First is contained in Second
//	sums   First, summed over its drugs, against Second
//	needs  where First is above zero, Second is at least 1
//	share  First = Base · Second / Whole
//	rate   First = Base · Second / population (Whole is "population")
//	balance  First at the end of a year = First a year before + Second of the year − Whole of the year
type Rule struct {
	Name                 string
	First, Second, Whole string
	Base                 float64
}

// FormColumn is what a column of the official form 1-M means.
type FormColumn struct {
	Section   string // R1, R1-1, R2, R6
	Column    int
	Indicator string
	Breakdown string // name=code;name=code
	Sex, Age  string
	Title     string // as the form has it, in Russian
}

// Catalogue is all of it, immutable.
type Catalogue struct {
	indicators []Indicator
	byCode     map[string]*Indicator
	lists      map[string][]Code
	codes      map[string]map[string]*Code // list → code
	words      map[string]map[string]string
	units      map[string]baqylau.Text
	unitWords  map[string]string
	bands      map[string][]Band
	breaks     []Break
	rules      []Rule
	form       []FormColumn
}

var current atomic.Pointer[Catalogue]

func init() {
	c, err := read(data.FS, nil)
	if err != nil {
		panic(err) // the files are compiled in and tested
	}
	current.Store(c)
}

// Current is the catalogue in force.
func Current() *Catalogue { return current.Load() }

// Indicator returns the indicator with that code.
func (c *Catalogue) Indicator(code string) (*Indicator, bool) {
	i, ok := c.byCode[code]
	return i, ok
}

// Indicators lists the catalogue in order.
func (c *Catalogue) Indicators() []Indicator { return c.indicators }

// Areas lists the areas that hold indicators, in order.
func (c *Catalogue) Areas() []Code { return c.lists["area"] }

// List returns the entries of a code list in order; nil for an unknown one. It must not be changed.
func (c *Catalogue) List(list string) []Code { return c.lists[list] }

// Codes are the bare codes of a list.
func (c *Catalogue) Codes(list string) []string {
	var out []string
	for _, e := range c.lists[list] {
		out = append(out, e.Code)
	}
	return out
}

// Code returns an entry of a list.
func (c *Catalogue) Code(list, code string) (*Code, bool) {
	e, ok := c.codes[list][code]
	return e, ok
}

// Label is the name of a code, or the code itself where the list does not know it.
func (c *Catalogue) Label(l baqylau.Lang, list, code string) string {
	if e, ok := c.codes[list][code]; ok {
		return e.Name.In(l)
	}
	return code
}

// Name is the title of an indicator, or the code where the catalogue does not know it.
func (c *Catalogue) Name(l baqylau.Lang, code string) string {
	if i, ok := c.byCode[code]; ok {
		return i.Name.In(l)
	}
	return code
}

// Unit is how a unit is written behind a number, or its code.
func (c *Catalogue) Unit(l baqylau.Lang, code string) string {
	if t, ok := c.units[code]; ok {
		return t.In(l)
	}
	return code
}

// Units lists the codes of the units in order of the code.
func (c *Catalogue) Units() []string {
	out := make([]string, 0, len(c.units))
	for u := range c.units {
		out = append(out, u)
	}
	slices.Sort(out)
	return out
}

// HasUnit reports whether the catalogue knows a unit.
func (c *Catalogue) HasUnit(code string) bool { _, ok := c.units[code]; return ok }

// UnitWords maps what files write, folded to lower case, to the codes of units.
func (c *Catalogue) UnitWords() map[string]string { return c.unitWords }

// Words maps what files write, folded to lower case, to the codes of a list: names in all languages, and the words of the list.
func (c *Catalogue) Words(list string) map[string]string { return c.words[list] }

// Children lists the codes right under one.
func (c *Catalogue) Children(list, code string) []string {
	var out []string
	for _, e := range c.lists[list] {
		if e.Parent == code {
			out = append(out, e.Code)
		}
	}
	return out
}

// Within reports whether code is ancestor or lies under it.
func (c *Catalogue) Within(list, code, ancestor string) bool {
	for range 10 { // no list is so deep; a circle of a node's own file ends too
		if code == ancestor {
			return true
		}
		e, ok := c.codes[list][code]
		if !ok || e.Parent == "" {
			return false
		}
		code = e.Parent
	}
	return false
}

// Breaks lists what breaks a series of an indicator in a place, oldest first.
func (c *Catalogue) Breaks(indicator, place, country string) []Break {
	var out []Break
	for _, b := range c.breaks {
		if (b.Indicator == "*" || b.Indicator == indicator) && (b.Place == "*" || b.Place == place || b.Place == country) {
			out = append(out, b)
		}
	}
	return out
}

// Rules lists how indicators hang together.
func (c *Catalogue) Rules() []Rule { return c.rules }

// Form1M lists what the columns of form 1-M mean.
func (c *Catalogue) Form1M() []FormColumn { return c.form }
