package harm

import (
	"context"
	"slices"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator/register"
	"github.com/baqylau/baqylau/internal/registry/codelist"
)

// RegisterQuestion is which part of a register is asked for; empty fields are the whole.
type RegisterQuestion struct {
	Country, Region, Sex string
	Drug                 string // group of the TDI drug list: "1"
	AsOf                 baqylau.Date
	Year                 int // 0: the last one that is over
}

// RegisterCounts are the flows of a register, as an audience may see them.
type RegisterCounts struct {
	Years     []YearFlow // one year after another, as far as there are registrations
	Year      YearFlow   // the one asked for
	Region    string     // the part that is shown: several at once are for those from whom nothing is hidden
	Sex, Drug string
	Synthetic bool
	Published []PublishedFlow
}

// YearFlow is what the register did in one calendar year. Moves between regions are left out of the flow of a whole country.
type YearFlow struct {
	Year           int
	Start, End     disclosure.Count
	Entries, Exits []Reason // in the order of the code lists
	In, Out        disclosure.Count
	NPS            disclosure.Count // of End
	NPSShare       *float64         // percent of End; nil where it is hidden or End is small
	Part           bool             // of a part, only the stocks: its flows would give small counts away
	Unmatched      int              // moves that arrived without having left, in the flow of a whole country
}

// Reason is how many came or left for a reason.
type Reason struct {
	Reason string
	N      disclosure.Count
}

// CountRegister counts what was known on a day. Codes: Forbidden; Invalid with the field for a part that cannot be.
func (s *Service) CountRegister(ctx context.Context, actor access.Actor, q RegisterQuestion) (c RegisterCounts, err error) {
	defer baqylau.Wrap(&err, "harm.CountRegister(%s)", q.Country)
	if err := access.Check(actor, access.IndicatorRead); err != nil {
		return c, err
	}
	if err := s.known(q); err != nil {
		return c, err
	}
	q.AsOf = s.DayFor(actor, q.Country, q.AsOf)
	audience, figure := disclosure.AudienceOf(actor), disclosure.Figure{Persons: true, Outside: q.Country != s.Home}
	open := audience == disclosure.Working || figure.Outside
	if !open {
		q.onePart()
	}
	c.Region, c.Sex, c.Drug = q.Region, q.Sex, q.Drug
	found, synthetic, err := stays(ctx, s.W.DB.Read, q.Country, q.AsOf)
	if err != nil {
		return c, err
	}
	c.Synthetic = synthetic
	if open {
		found = slices.DeleteFunc(found, func(r register.Registration) bool {
			return q.Region != "" && r.Region != q.Region || q.Sex != "" && r.Sex != q.Sex || q.Drug != "" && group(r.Drug) != q.Drug
		})
	}
	first, last := q.AsOf.Time().Year(), q.AsOf.Time().Year()-1
	for i := range found {
		first = min(first, found[i].Entered.Time().Year())
	}
	if q.Year == 0 || q.Year > last {
		q.Year = last
	}
	if len(found) > 0 && first <= last {
		t := flows(found, max(first, last-14), last)
		shown, err := s.protected.register.Show(figure, audience, t.links, t.tallies...)
		if err != nil {
			return c, err
		}
		part, code := q.part()
		before := disclosure.Count{Hidden: true}
		for i, y := range t.years {
			year := flowOf(shown[flowOfYear], y, q.Region == "")
			if !open && part != flowOfYear {
				if year = (YearFlow{Year: year.Year, Start: before, Part: true}); slices.Contains(t.by[part], code) {
					year.End = shown[part].At(y, code)
				}
				if before = year.End; i == 0 {
					year.Start = disclosure.Count{Hidden: true}
				}
			}
			c.Years = append(c.Years, year)
			if year.Year == q.Year {
				c.Year = year
			}
		}
	}
	if q.Sex == "" && q.Drug == "" {
		c.Published, err = s.publishedFlows(ctx, q)
	}
	return c, err
}

// known refuses a part that the country's register cannot have: a count of nobody would say that there is such a part.
func (s *Service) known(q RegisterQuestion) error {
	var es baqylau.Errors
	bad := func(field string) { es = append(es, baqylau.E(baqylau.Invalid, "error.choice").On(field)) }
	if region, ok := s.Shelf.Book().Region(q.Region); q.Region != "" && (!ok || region.Code != q.Region || region.Country != q.Country) {
		bad("region")
	}
	if q.Sex != "" && !slices.Contains(register.Sexes, q.Sex) {
		bad("sex")
	}
	if q.Drug != "" && !slices.Contains(drugGroups(), q.Drug) {
		bad("drug")
	}
	return es.OrNil()
}

// onePart leaves the first division that is asked for: a part of a part could be taken from others.
func (q *RegisterQuestion) onePart() {
	switch {
	case q.Region != "":
		q.Sex, q.Drug = "", ""
	case q.Sex != "":
		q.Drug = ""
	}
}

// part is the table of stocks that holds what is asked for, and the code in it; the flows of the whole where nothing is.
func (q RegisterQuestion) part() (table int, code string) {
	switch {
	case q.Region != "":
		return stockByRegion, q.Region
	case q.Sex != "":
		return stockBySex, q.Sex
	case q.Drug != "":
		return stockByDrug, q.Drug
	}
	return flowOfYear, ""
}

// flowOf is a year's flow. In that of the whole country moves between regions are left out.
func flowOf(s *disclosure.Shown, year string, country bool) YearFlow {
	at := func(part string) disclosure.Count { return s.At(year, part) }
	y, _ := strconv.Atoi(year) // made of a number
	out := YearFlow{Year: y, Start: at(partStart), End: at(partEnd), In: at(partArrived), Out: at(partGone), NPS: at(partNew)}
	movedIn, movedOut := at(entryPrefix+register.Moved), at(exitPrefix+register.Moved)
	if country {
		if out.In, out.Out = at(partCame), at(partLeft); !movedIn.Hidden && !movedOut.Hidden {
			out.Unmatched = movedIn.N - movedOut.N
		}
	}
	reasons := func(list, prefix string) (counts []Reason) {
		for _, reason := range codelist.Codes(list) {
			if !country || reason != register.Moved {
				counts = append(counts, Reason{reason, at(prefix + reason)})
			}
		}
		return counts
	}
	out.Entries, out.Exits = reasons("register-entry", entryPrefix), reasons("register-exit", exitPrefix)
	if percent, ok := disclosure.Percentage(out.NPS, out.End); ok {
		out.NPSShare = &percent
	}
	return out
}
