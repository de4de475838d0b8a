// Package registry is the spine of the system: substances with their names, families and legal status, regions with their
// population and history, and the sources of data. Everything else refers to it and keeps no copy.
//
// The tables are small (some 1,800 substances, 9,000 names) and read on every request, so a Book, an immutable snapshot of
// them in memory, answers all reads; acts write through package change and then reload the Shelf that holds the current Book.
package registry

import (
	"github.com/baqylau/baqylau"
)

// Substance is a chemical substance or a material treated as one (opium, kratom). Classes of substances are families.
type Substance struct {
	ID          string
	Name        string       // preferred international name, unique
	Label       baqylau.Text // what pages show
	InChIKey    string       // "" when the structure is not known
	SMILES      string
	Formula     string
	CAS         []string
	ParentID    string // metabolite of, salt of; "" if none
	Watch       bool   // new psychoactive substance or adulterant that the centre watches
	WatchReason string // code of the list watch_reason
	State       string // step of the assessment procedure, code list substance_state
	Source      string // where the entry comes from
	Families    []string
}

// NameType is a kind of name, code list name_type.
type NameType string

// The kinds of names.
const (
	Systematic NameType = "systematic"
	Common     NameType = "common"
	CodeName   NameType = "code"
	Street     NameType = "street"
	Product    NameType = "product"
	Former     NameType = "former"
)

// NameTypes lists the kinds of names in page order.
var NameTypes = []NameType{Common, CodeName, Systematic, Product, Former, Street}

// Name is one name of a substance or, for street names that mean a class, of a family.
type Name struct {
	ID         string
	Substance  string // id, "" for a name of a family
	Family     string // code, "" for a name of a substance
	Text       string
	Lang       baqylau.Lang // "" is international
	Type       NameType
	Region     string // region or country code where it is used; "" is unknown
	Seen       baqylau.Date
	Confidence baqylau.Confidence
	Ambiguous  bool // means other things too: leads to a question, never to a guess
	Shipped    bool // came with the program
	Source     string
}

// Family is a chemical family or an effect group. Families form a forest by Parent.
type Family struct {
	Code   string
	Effect bool // effect group, not chemistry
	Name   baqylau.Text
	Parent string
}

// Status is what a jurisdiction's law says of a substance, or of a family by a generic definition, in a period. It is a record
// for people, never a legal verdict.
type Status struct {
	ID           string
	Substance    string
	Family       string // set for generic definitions; whether a substance falls under one is for a lawyer
	Jurisdiction string // ISO 3166-1 alpha-2, UN or EU
	Instrument   baqylau.Text
	Schedule     string
	Basis        string // code list legal_basis
	From, To     baqylau.Date
	Verified     string // yes, text, partly, secondary, no: how far it was checked
	Source, Note string // as typed, or a code of the list citation: see Told
}

// InForce reports whether the status holds on day d. An unknown first day counts as always.
func (s Status) InForce(d baqylau.Date) bool {
	return (s.From.IsZero() || !d.Before(s.From)) && (s.To.IsZero() || !d.After(s.To))
}

// Region is a first-level unit of a country, or a unit of an outside source such as a county.
type Region struct {
	Code       string // ISO 3166-2 where it has one
	Country    string
	Kind       string // region, city, county
	Name       baqylau.Text
	FormerCode string
	Outside    bool // belongs to a published outside source: never mixed with our own figures
	From, To   baqylau.Date
	Outline    string // GeoJSON geometry, WGS 84; "" if none
}

// Period is a time in which a region had another name or territory.
type Period struct {
	Region    string
	From, To  baqylau.Date
	Name      baqylau.Text
	Territory []string // present regions it covered
	Event     string
	Verified  bool
	Source    string // see Told
}

// Country is a country or an outside territory that facts refer to.
type Country struct {
	Code string
	Name baqylau.Text
}

// Source is where records come from: an agency's reporting channel or a published data set.
type Source struct {
	ID      string
	Code    string
	Name    baqylau.Text
	OrgID   string
	Country string
	Domain  baqylau.Domain
	Outside bool // published figures of another country: never suppressed, never mixed with ours
	// Laboratory says that what the source gives are results of a laboratory (a medical examiner's toxicology, an analysing service), so that its word
	// confirms. A property of the registry: no sender and no mapping can claim it.
	Laboratory bool
	Purpose    baqylau.Text // limits on use promised to the source
	Licence    string       // see Told
}

// Population is the number of inhabitants on 1 January of a year.
type Population struct {
	Year    int
	Persons int64
	Source  string // see Told
}
