package tdi

// Line is a row or a column of a table: a code with its label's list, and the answers it counts.
type Line struct {
	Code  string // as the template writes it; "total" for the sum
	List  string // list of the label
	of    uint64 // answers of the axis's list
	Group string // code of the line that this one is part of, or ""
	Total bool
}

// Axis is the rows or columns of a table.
type Axis struct {
	Name  string
	Lines []Line
	list  *List
}

// total is the code of the last line of every axis.
const total = "total"

// plain has a line for every answer of a list, and their total.
func plain(name string, l *List, leave ...string) *Axis {
	a := &Axis{Name: name, list: l}
	out := l.bits(leave...)
	for i, s := range l.Codes {
		if out&(1<<i) == 0 {
			a.Lines = append(a.Lines, Line{Code: s, List: l.Name, of: 1 << i})
		}
	}
	return a.summed()
}

// drugLines has the whole drug list with a line for each group, but for some codes; a group counts its members.
func drugLines(name string, leave ...string) *Axis {
	a := plain(name, Drugs, leave...)
	for i := range a.Lines[:len(a.Lines)-1] {
		l := &a.Lines[i]
		c := Drugs.must(l.Code)
		if g := GroupOf(c); g != c {
			l.Group = Drugs.String(g)
		} else {
			l.of = members(l.Code)
		}
	}
	return a.summed()
}

// groups has a line for each group of drugs.
func groups(name string, leave ...string) *Axis {
	a := drugLines(name, leave...)
	kept := a.Lines[:0]
	for _, l := range a.Lines {
		if l.Group == "" {
			kept = append(kept, l)
		}
	}
	a.Lines = kept
	return a
}

// named has lines under names of their own list.
func named(name, list string, l *List, lines ...Line) *Axis {
	a := &Axis{Name: name, list: l, Lines: lines}
	for i := range a.Lines {
		a.Lines[i].List = list
	}
	return a.summed()
}

// summed gives the axis its total: all answers that its lines count.
func (a *Axis) summed() *Axis {
	if n := len(a.Lines); n > 0 && a.Lines[n-1].Total {
		a.Lines = a.Lines[:n-1]
	}
	t := Line{Code: total, List: "tdi_line", Total: true}
	for _, l := range a.Lines {
		t.of |= l.of
	}
	a.Lines = append(a.Lines, t)
	return a
}

// of are the answers of list l with codes as a set of its group members.
func drugSet(codes ...string) (set uint64) {
	for _, s := range codes {
		if len(s) == 1 {
			set |= members(s)
		} else {
			set |= Drugs.bits(s)
		}
	}
	return set
}

// The axes of the template.
var (
	byDrug      = drugLines("drug", "8", "none")
	byGroup     = groups("drug_group", "8", "none")
	withAlcohol = drugLines("drug_alcohol", "none")
	byCentre    = plain("centre", Centres)
	byAge       = plain("age", Ages)
	byStatus    = plain("status", Statuses)
	byInjecting = plain("injecting", Injected)
	// twelve kinds of drugs cross the first with the second secondary drug (tables 25.1.1 to 25.1.5).
	byTwelve = named("secondary", "tdi_secondary", Drugs,
		Line{Code: "1", of: drugSet("1.1")}, Line{Code: "2", of: members("1") &^ drugSet("1.1")}, Line{Code: "3", of: members("2") &^ drugSet("2.2")},
		Line{Code: "4", of: drugSet("2.2")}, Line{Code: "5", of: drugSet("3.1", "3.2")}, Line{Code: "6", of: members("7")},
		Line{Code: "7", of: members("3") &^ drugSet("3.1", "3.2")}, Line{Code: "8", of: members("4")}, Line{Code: "9", of: members("8")},
		Line{Code: "10", of: drugSet("5", "6", "9")}, Line{Code: "11", of: Drugs.bits("none")}, Line{Code: "12", of: Drugs.bits("99")})
	// six kinds of primary drugs stand beside the years since the first agonist treatment (table 29.1.2).
	bySix = named("oat_drug", "tdi_oat_drug", Drugs,
		Line{Code: "1", of: drugSet("1.1")}, Line{Code: "2", of: members("1") &^ drugSet("1.1")}, Line{Code: "3", of: members("2")}, Line{Code: "4", of: members("3")},
		Line{Code: "5", of: drugSet("4", "5", "6", "7", "9")}, Line{Code: "6", of: Drugs.bits("99")})
	// nine figures of section 11, three for each of three numbers.
	byMean = &Axis{Name: "mean", Lines: []Line{{Code: "age_mean"}, {Code: "age_sd"}, {Code: "age_n"}, {Code: "first_mean"}, {Code: "first_sd"}, {Code: "first_n"},
		{Code: "lag_mean"}, {Code: "lag_sd"}, {Code: "lag_n"}}}
)

func init() {
	for i := range byMean.Lines {
		byMean.Lines[i].List = "tdi_mean"
	}
}
