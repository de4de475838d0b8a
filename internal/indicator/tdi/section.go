package tdi

// section is one cross table of the template before it is split by treatment status or sex.
type section struct {
	number     int
	name       string // "tdi.section.<name>" is its title
	rows, cols *Axis
	row        func(*Record) Code // answer on the rows; nil where many counts
	many       func(*Record) uint64
	col        func(*Record) Code
	of         func(*Record) bool // nil: everybody
	split      []Split
	means      bool
}

// Split is the part of the entrants that a table is about.
type Split struct {
	Status string // "" all, "1" never treated before, "2" treated before
	Sex    string // "" all, "male", "female"
}

var (
	whole     = []Split{{}}
	statuses  = []Split{{}, {Status: "1"}, {Status: "2"}}
	sexes     = []Split{{}, {Sex: "male"}, {Sex: "female"}}
	sexStatus = []Split{{}, {Status: "1"}, {Status: "2"}, {Sex: "male"}, {Status: "1", Sex: "male"}, {Status: "2", Sex: "male"},
		{Sex: "female"}, {Status: "1", Sex: "female"}, {Status: "2", Sex: "female"}}
)

func answer(i Item) func(*Record) Code { return func(r *Record) Code { return r.Codes[i] } }

var primary = answer(Primary)

// by is a section of drugs against an item.
func by(number int, name string, rows *Axis, i Item, split []Split) section {
	return section{number: number, name: name, rows: rows, cols: plain(name, i.List()), row: primary, col: answer(i), split: split}
}

// ever reports whether somebody has ever injected.
func ever(r *Record) bool {
	return Injected.bits("2", "2.1", "2.2", "2.3")&(1<<r.Codes[Injecting]) != 0
}

// everOAT reports whether somebody is or has been in opioid agonist treatment.
func everOAT(r *Record) bool { return OATs.bits("ever", "current")&(1<<r.Codes[OAT]) != 0 }

// second is a table of second by first secondary drug among those whose primary drug is in set.
func second(name string, set uint64) section {
	return section{number: 25, name: name, rows: byTwelve, cols: byTwelve, row: func(r *Record) Code { return r.Next }, col: func(r *Record) Code { return r.First },
		of: func(r *Record) bool { return set&(1<<r.Codes[Primary]) != 0 }, split: whole}
}

// sections are the cross tables in the order of the template of 2022.
var sections = []section{
	{number: 8, name: "centre_status", rows: byStatus, cols: byCentre, row: answer(Status), col: answer(Centre), split: sexes},
	by(9, "centre", byDrug, Centre, statuses),
	by(10, "sex", byDrug, Sex, statuses),
	{number: 11, name: "means", rows: byDrug, cols: byMean, row: primary, split: sexStatus, means: true},
	{number: 12, name: "age", rows: byDrug, cols: byAge, row: primary, col: func(r *Record) Code { return Years(r.Age).Band() }, split: statuses},
	by(13, "referral", byGroup, Referral, statuses),
	by(14, "living_with", byGroup, LivingWith, sexes),
	by(15, "living_children", byGroup, LivingChildren, sexes),
	by(16, "living_where", byGroup, LivingWhere, statuses),
	by(17, "education", byGroup, Education, statuses),
	by(18, "labour", byGroup, Labour, statuses),
	by(19, "route", byDrug, Route, statuses),
	by(20, "frequency", byDrug, Frequency, statuses),
	{number: 21, name: "first_use", rows: byDrug, cols: byAge, row: primary, col: func(r *Record) Code { return Years(r.FirstUse).Band() }, split: statuses},
	{number: 22, name: "injecting", rows: byDrug, cols: byInjecting, many: func(r *Record) uint64 { return r.Drugs &^ (1 << alcohol) }, col: answer(Injecting), split: statuses},
	{number: 23, name: "injecting_years", rows: byAge, cols: plain("injecting_years", Since), row: func(r *Record) Code { return Years(r.Age).Band() }, col: answer(InjectingYears), of: ever, split: statuses},
	{number: 24, name: "polydrug", rows: byStatus, cols: plain("polydrug", YesNo), row: answer(Status), col: answer(Polydrug), split: whole},
	second("secondary_opioids", members("1")),
	second("secondary_cocaine", members("2")),
	second("secondary_stimulants", members("3")),
	second("secondary_cannabis", members("7")),
	second("secondary_other", drugSet("4", "5", "6", "9")),
	{number: 25, name: "secondary_all", rows: withAlcohol, cols: withAlcohol, many: func(r *Record) uint64 { return r.Second &^ (1 << noDrug) }, col: primary, split: whole},
	{number: 26, name: "hiv", rows: plain("testing", Tested), cols: byInjecting, row: answer(HIV), col: answer(Injecting), split: statuses},
	{number: 27, name: "hcv", rows: plain("testing", Tested), cols: byInjecting, row: answer(HCV), col: answer(Injecting), split: statuses},
	{number: 28, name: "sharing", rows: plain("sharing", Shared), cols: byInjecting, row: answer(Sharing), col: answer(Injecting), split: whole},
	{number: 29, name: "oat", rows: byDrug, cols: plain("oat", OATs), row: primary, col: answer(OAT), split: whole},
	{number: 29, name: "oat_years", rows: bySix, cols: plain("oat_years", OATSince), row: func(r *Record) Code { return r.Codes[Primary] }, col: answer(OATYears), of: everOAT, split: whole},
}
