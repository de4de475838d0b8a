package death

import (
	"slices"

	"github.com/baqylau/baqylau"
)

// Member is one person of a cohort, for example of everyone who entered treatment in a year.
type Member struct {
	Born        baqylau.Date // the day, or 1 July of the year where only that is known
	Sex         string
	Entry, Exit baqylau.Date // under observation from Entry until the day of death, of leaving, or of the end of the study
	Dead        bool         // died on Exit
	Cause       Code         // underlying cause, where it is known
}

// Stratum is what a cohort lived and suffered in one sex and age band.
type Stratum struct {
	Sex, Band   string
	PersonYears float64 // of 365.25 days
	Deaths      int
	ByCause     map[Code]int // deaths by category of the underlying cause; "" not known
}

const daysInYear = 365.25

// Follow divides the person-time of a cohort by sex and attained age, as the Lexis diagram does: a member gives each band the time spent in it, and a death counts in the band of its day.
// Strata without person-time are left out; they come in the order of sexes' first appearance and of bands. With a reference population's rates they give the SMR (epi.ExpectedEvents and
// epi.CompareMortality), their sums the crude mortality rate (epi.CrudeRate). Codes: Invalid with the number of the member whose dates cannot be.
//
// Source: N. E. Breslow, N. E. Day (1987), Statistical Methods in Cancer Research II, IARC 82, section 2.3.
func Follow(cohort []Member, bands []Band) ([]Stratum, error) {
	type key struct{ sex, band string }
	var sexes []string
	found := map[key]*Stratum{}
	at := func(sex, band string) *Stratum {
		k := key{sex, band}
		if found[k] == nil {
			found[k] = &Stratum{Sex: sex, Band: band, ByCause: map[Code]int{}}
		}
		return found[k]
	}
	for i, m := range cohort {
		if m.Born.IsZero() || m.Entry.IsZero() || m.Exit.IsZero() || m.Exit.Before(m.Entry) || m.Entry.Before(m.Born) {
			return nil, baqylau.E(baqylau.Invalid, "death.cohort.dates", "Number", i+1)
		}
		if !slices.Contains(sexes, m.Sex) {
			sexes = append(sexes, m.Sex)
		}
		for _, b := range bands {
			from, until := birthday(m.Born, b.Low), m.Exit
			if b.High >= 0 {
				if next := birthday(m.Born, b.High+1); next.Before(until) {
					until = next
				}
			}
			if from.Before(m.Entry) {
				from = m.Entry
			}
			if days := until.Sub(from); days > 0 {
				at(m.Sex, b.Code).PersonYears += float64(days) / daysInYear
			}
			if m.Dead && !m.Exit.Before(birthday(m.Born, b.Low)) && (b.High < 0 || m.Exit.Before(birthday(m.Born, b.High+1))) {
				s := at(m.Sex, b.Code)
				s.Deaths++
				s.ByCause[m.Cause.Category()]++
			}
		}
	}
	var out []Stratum
	for _, sex := range sexes {
		for _, b := range bands {
			if s := found[key{sex, b.Code}]; s != nil {
				out = append(out, *s)
			}
		}
	}
	return out, nil
}

// birthday is the day on which a person completes a number of years; who was born on 29 February completes them on 1 March of other years.
func birthday(born baqylau.Date, years int) baqylau.Date {
	t := born.Time()
	return baqylau.NewDate(t.Year()+years, t.Month(), t.Day())
}
