package tdi

import (
	"strconv"

	"github.com/baqylau/baqylau"
)

// Problem is one thing that is odd about an episode: the rule, the items it compares and the two answers. A message "tdi.rule.<rule>" says it.
type Problem struct {
	Rule   string
	Fields []string // item keys, the one to look at first
	A, B   string   // what stands in the first two of them
}

// Number items beside the coded ones, as fields of files, forms and the API.
const (
	FieldStart    = "start"
	FieldPerson   = "person"
	FieldFacility = "facility"
	FieldRegion   = "region"
	FieldAge      = "age_at_start"
	FieldFirstUse = "age_first_use"
	FieldFirstInj = "age_first_injection"
	FieldFirstOAT = "first_oat_year"
	FieldSecond   = "secondary_drugs"
)

// MaxSecondary is the number of secondary drugs that one episode can name.
const MaxSecondary = 6

// Refuse tells what cannot be: the episode is not taken. What is only unlikely is for Ask.
func (e *Episode) Refuse(today baqylau.Date) (ps []Problem) {
	bad := func(rule, field, a, b string) { ps = append(ps, Problem{rule, []string{field}, a, b}) }
	switch {
	case e.Start.IsZero():
		bad("no_start", FieldStart, "", "")
	case e.Start.After(today):
		bad("start_future", FieldStart, e.Start.String(), today.String())
	case e.Start.Time().Year() < 1970:
		bad("start_old", FieldStart, e.Start.String(), "1970")
	}
	if e.Codes[Primary] == alcohol || e.Codes[Primary] == noDrug {
		bad("primary_not_drug", Primary.Key(), e.Get(Primary), "")
	}
	for _, n := range []struct {
		field string
		y     Years
	}{{FieldAge, e.Age}, {FieldFirstUse, e.FirstUse}, {FieldFirstInj, e.FirstInj}} {
		if n.y < Unknown || n.y > oldest {
			bad("age_range", n.field, strconv.Itoa(int(n.y)), strconv.Itoa(int(oldest)))
		}
	}
	if e.FirstOAT.Known() && (e.FirstOAT < 1950 || int(e.FirstOAT) > today.Time().Year()) {
		bad("oat_future", FieldFirstOAT, strconv.Itoa(int(e.FirstOAT)), strconv.Itoa(today.Time().Year()))
	}
	return append(ps, e.refuseSecondary()...)
}

func (e *Episode) refuseSecondary() (ps []Problem) {
	var seen uint64
	for _, u := range e.Secondary {
		bad := func(rule string) {
			ps = append(ps, Problem{rule, []string{FieldSecond}, Drugs.String(u.Drug), ""})
		}
		switch {
		case u.Drug == unknownDrug:
			bad("secondary_unknown")
		case u.Drug == noDrug && len(e.Secondary) > 1:
			bad("secondary_none_and_more")
		case seen&(1<<u.Drug) != 0 && u.Leaf == "":
			bad("secondary_twice")
		}
		seen |= 1 << u.Drug
	}
	if len(e.Secondary) > MaxSecondary {
		ps = append(ps, Problem{"secondary_many", []string{FieldSecond}, strconv.Itoa(len(e.Secondary)), strconv.Itoa(MaxSecondary)})
	}
	return ps
}

// Ask tells what is unlikely or contradicts itself. It asks and never corrects: whoever entered the episode either mends it or says that it is so.
func (e *Episode) Ask() (ps []Problem) {
	for _, r := range rules {
		if r.odd(e) {
			p := Problem{Rule: r.name, Fields: r.fields, A: e.Said(r.fields[0])}
			if len(r.fields) > 1 {
				p.B = e.Said(r.fields[1])
			}
			ps = append(ps, p)
		}
	}
	return ps
}

// Said is the answer to a field as the protocol writes it; "" where it is not known.
func (e *Episode) Said(field string) string {
	number := func(y Years) string {
		if !y.Known() {
			return ""
		}
		return strconv.Itoa(int(y))
	}
	switch field {
	case FieldStart:
		return e.Start.Truncated(e.Precision)
	case FieldFacility:
		return e.Facility
	case FieldRegion:
		return e.Region
	case FieldAge:
		return number(e.Age)
	case FieldFirstUse:
		return number(e.FirstUse)
	case FieldFirstInj:
		return number(e.FirstInj)
	case FieldFirstOAT:
		return number(e.FirstOAT)
	case FieldSecond:
		return WriteUses(e.Secondary)
	}
	for i, it := range items {
		if it.key == field && e.Codes[i] != it.list.NotKnown() {
			return e.Get(Item(i))
		}
	}
	return ""
}
