package registry

import "github.com/uptrace/bun"

// The rows of the registry's tables as they are stored. Empty strings become NULL where the column refers to something.

type substanceRow struct {
	bun.BaseModel `bun:"table:substance"`
	ID            string
	Name          string
	Fold          string
	Label         string
	Inchikey      string `bun:",nullzero"`
	Smiles        string
	Formula       string
	Cas           string
	ParentID      string `bun:",nullzero"`
	Watch         bool
	WatchReason   string
	State         string
	Source        string
	UpdatedAt     int64
}

type nameRow struct {
	bun.BaseModel `bun:"table:substance_name"`
	ID            string
	SubstanceID   string `bun:",nullzero"`
	Family        string `bun:",nullzero"`
	Text          string
	Fold          string
	Lang          string
	Type          string
	Region        string `bun:",nullzero"`
	FromOn        string `bun:",nullzero"`
	Confidence    string
	Ambiguous     bool
	Shipped       bool
	Source        string
}

type familyRow struct {
	bun.BaseModel `bun:"table:family"`
	Code          string
	Kind          string
	Name          string
	Parent        string `bun:",nullzero"`
	Position      int
}

type memberRow struct {
	bun.BaseModel `bun:"table:substance_family"`
	SubstanceID   string
	Family        string
}

type statusRow struct {
	bun.BaseModel `bun:"table:legal_status"`
	ID            string
	Family        string `bun:",nullzero"`
	SubstanceID   string `bun:",nullzero"`
	Jurisdiction  string
	Instrument    string
	Schedule      string
	Basis         string
	FromOn        string `bun:",nullzero"`
	ToOn          string `bun:",nullzero"`
	Verified      string
	Source        string
	Note          string
}

type countryRow struct {
	bun.BaseModel `bun:"table:country"`
	Code          string
	Name          string
}

type regionRow struct {
	bun.BaseModel `bun:"table:region"`
	Code          string
	Country       string
	Kind          string
	Name          string
	FormerCode    string
	Outside       bool
	ValidFrom     string `bun:",nullzero"`
	ValidTo       string `bun:",nullzero"`
	Outline       string
}

type periodRow struct {
	bun.BaseModel `bun:"table:region_period"`
	ID            string
	Region        string
	FromOn        string `bun:",nullzero"`
	ToOn          string `bun:",nullzero"`
	Name          string
	Territory     string
	Event         string
	Verified      bool
	Source        string
}

type populationRow struct {
	bun.BaseModel `bun:"table:population"`
	Region        string
	Year          int
	Persons       int64
	Source        string
}

type organisationRow struct {
	bun.BaseModel `bun:"table:organisation"`
	ID            string
	Code          string
	Name          string
	Kind          string
	Domain        string
	Country       string
	Region        string `bun:",nullzero"`
	MaxTlp        string
	Active        bool
	CreatedAt     int64
}

type sourceRow struct {
	bun.BaseModel `bun:"table:source"`
	ID            string
	Code          string
	Name          string
	OrgID         string `bun:",nullzero"`
	Country       string
	Domain        string
	Outside       bool
	Laboratory    bool
	Purpose       string
	Licence       string
}
