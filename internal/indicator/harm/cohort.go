package harm

import (
	"cmp"
	"context"
	"slices"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/epi"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/death"
)

// referenceMortality is the indicator that gives the population's death rates by sex and age, per 100,000.
const referenceMortality = "mortality_all_causes"

// Cohort is the mortality of the people on the dispensary register in a period: their person-time while they were on it, and who of them died then.
type Cohort struct {
	From, To  int          // calendar years
	Until     baqylau.Date // end of observation
	Persons   int
	LeftOut   int // stays without sex or year of birth
	Linked    int // deaths that a register of deaths knows of, among all
	Deaths    int
	Years     float64 // person-years
	CMR       epi.Rate
	HasCMR    bool
	SMR       epi.SMR // of the strata with a reference rate
	HasSMR    bool
	Strata    []CohortStratum
	Causes    []CohortCause
	Reference string // who states the reference rates; "" there are none
	Synthetic bool
}

// CohortStratum is a stratum with the reference rate and the deaths that it would make.
type CohortStratum struct {
	death.Stratum
	Rate     *float64 // deaths per 1,000 person-years in the reference population; nil not known
	Expected float64
}

// CohortCause is how many died of a category of ICD-10; "" not known.
type CohortCause struct {
	Code death.Code
	N    int
}

// FollowRegister follows the people on a country's register from one calendar year to another, as known on a day. A person leaves observation with the register: who dies later is not counted. A death is one that the register
// gives as the reason of exit, or that a register of deaths has of the same pseudonym during the stay; of the second the cause is known. Stays of one person that overlap give their time once.
//
// The result is not protected, and cohorts of different periods could be taken from each other: it is for those from whom nothing is hidden. Codes: Forbidden; Invalid for a period that cannot be.
func (s *Service) FollowRegister(ctx context.Context, actor access.Actor, country string, from, to int, day baqylau.Date) (c Cohort, err error) {
	defer baqylau.Wrap(&err, "harm.FollowRegister(%s, %d, %d)", country, from, to)
	if err := access.Check(actor, access.EpisodeRead); err != nil {
		return c, err
	}
	if disclosure.AudienceOf(actor) != disclosure.Working {
		return c, baqylau.E(baqylau.Forbidden, "error.forbidden")
	}
	if from < 1900 || to < from || to > day.Time().Year() {
		return c, baqylau.E(baqylau.Invalid, "register.cohort.period").On("to")
	}
	c = Cohort{From: from, To: to, Until: baqylau.NewDate(to, 12, 31)}
	if day.Before(c.Until) {
		c.Until = day
	}
	stays, err := Registrations(ctx, s.W.DB.Read, country, day)
	if err != nil {
		return c, err
	}
	dead, err := s.deathsOfPersons(ctx, country, day)
	if err != nil {
		return c, err
	}
	strata, err := death.Follow(c.members(stays, dead), death.Bands)
	if err != nil {
		return c, err
	}
	rates, err := s.referenceRates(ctx, country, to, day, &c)
	if err != nil {
		return c, err
	}
	return c, c.sum(strata, rates)
}

// deathsOfPersons are the known deaths by pseudonym.
func (s *Service) deathsOfPersons(ctx context.Context, country string, day baqylau.Date) (map[string]personsDeath, error) {
	where, args := counts(day)
	rows, err := s.W.DB.Read.QueryContext(ctx, "SELECT r.person, r.died_on, r.underlying FROM death r WHERE r.country = ? AND r.person <> '' AND r.died_precision = 'day' AND "+where+" ORDER BY r.died_on DESC, r.id DESC", append([]any{country}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]personsDeath{}
	for rows.Next() {
		var person, day, underlying string
		if err := rows.Scan(&person, &day, &underlying); err != nil {
			return nil, err
		}
		died, _, err := baqylau.ParseDate(day)
		if err != nil {
			return nil, err
		}
		out[person] = personsDeath{died, death.Code(underlying)}
	}
	return out, rows.Err()
}

// personsDeath is when and of what somebody died.
type personsDeath struct {
	Died       baqylau.Date
	Underlying death.Code
}

// members are the stays as far as they lie in the period. They count those that are left out.
func (c *Cohort) members(stays []Registration, dead map[string]personsDeath) (out []death.Member) {
	slices.SortStableFunc(stays, func(a, b Registration) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), a.Entered.Sub(b.Entered))
	})
	start := baqylau.NewDate(c.From, 1, 1)
	var before baqylau.Date // until when the person before was followed
	person, died := "", false
	for _, r := range stays {
		if r.Person == "" || r.Person != person {
			before, person, died = baqylau.Date{}, r.Person, false
		}
		if died { // on another register too, where the same death would count again
			continue
		}
		m := death.Member{Sex: r.Sex, Born: baqylau.NewDate(r.Born, 7, 1), Entry: r.Entered, Exit: c.Until}
		if m.Entry.Before(start) {
			m.Entry = start
		}
		if !before.IsZero() && m.Entry.Before(before) {
			m.Entry = before
		}
		if !r.Exit.IsZero() && !r.Exit.After(c.Until) {
			m.Exit, m.Dead = r.Exit, r.ExitReason == "died"
		}
		if d, ok := dead[r.Person]; ok && r.Person != "" && !d.Died.Before(m.Entry) && !d.Died.After(m.Exit) {
			m.Exit, m.Dead, m.Cause = d.Died, true, d.Underlying
		}
		if m.Exit.Before(m.Entry) {
			continue // not in the period
		}
		if r.Born == 0 || r.Sex == "unknown" || m.Entry.Before(m.Born) {
			c.LeftOut++
			continue
		}
		if before.IsZero() {
			c.Persons++
		}
		before, died = m.Exit, m.Dead
		if m.Dead && m.Cause != "" {
			c.Linked++
		}
		c.Synthetic = c.Synthetic || r.Synthetic
		out = append(out, m)
	}
	return out
}

// referenceRates are the latest rates of the population by sex and band of a year or before it, per 1,000 person-years.
func (s *Service) referenceRates(ctx context.Context, country string, year int, day baqylau.Date, c *Cohort) (map[[2]string]float64, error) {
	found, err := indicator.Find(ctx, s.W.DB.Read, indicator.Question{Indicators: []string{referenceMortality}, Country: country, Places: []string{country}, AsOf: day})
	if err != nil {
		return nil, err
	}
	out, of := map[[2]string]float64{}, map[[2]string]baqylau.Date{}
	for _, o := range found {
		k := [2]string{o.Sex, o.Age}
		if o.Value == nil || o.Unit != "per_100000" || len(o.Breakdown) > 0 || o.End.Time().Year() > year || !of[k].IsZero() && !o.End.After(of[k]) {
			continue
		}
		out[k], of[k] = *o.Value/100, o.End
		c.Reference, c.Synthetic = o.Issuer, c.Synthetic || o.Synthetic
	}
	return out, nil
}

// sum makes the rates of the strata.
func (c *Cohort) sum(strata []death.Stratum, rates map[[2]string]float64) error {
	causes := map[death.Code]int{}
	var observed, expected float64
	for _, x := range strata {
		y := CohortStratum{Stratum: x}
		c.Deaths, c.Years = c.Deaths+x.Deaths, c.Years+x.PersonYears
		if rate, ok := rates[[2]string{x.Sex, x.Band}]; ok {
			y.Rate, y.Expected = &rate, rate*x.PersonYears/1000
			observed, expected = observed+float64(x.Deaths), expected+y.Expected
		}
		for code, n := range x.ByCause {
			causes[code] += n
		}
		c.Strata = append(c.Strata, y)
	}
	for code, n := range causes {
		c.Causes = append(c.Causes, CohortCause{code, n})
	}
	slices.SortFunc(c.Causes, func(a, b CohortCause) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Code, b.Code)) })
	var err error
	if c.Years > 0 {
		if c.CMR, err = epi.CrudeRate(float64(c.Deaths), c.Years, 0.95); err != nil {
			return err
		}
		c.CMR, c.HasCMR = c.CMR.Per(1000), true
	}
	if expected > 0 {
		if c.SMR, err = epi.CompareMortality(observed, expected, 0.95); err != nil {
			return err
		}
		c.HasSMR = true
	}
	return nil
}
