package wastewater

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/epi"
)

// Week is what the samples of a campaign make at one plant of one residue: mg per 1,000 inhabitants and day.
type Week struct {
	Campaign, City, Plant, Country, Place, Residue string
	From, To                                       baqylau.Date
	Days, Below                                    int // days sampled; below the limit of quantification
	// Load is the mean weighted by flow with half the limit for days below it; Low takes 0 for them and High the limit, so that they are equal where no day is below.
	Load, Low, High  float64
	Weekday, Weekend float64 // Tuesday to Thursday, and Friday to Monday as the European campaigns count; NaN where there was no such day
	Population       float64 // the greatest of the days
	Synthetic        bool
	OrgID            string
}

// Weeks puts the samples of one plant, campaign and residue together. They come in the order of Samples. A day whose numbers make no load (epi.Campaign) is left out; Check lets none in.
func Weeks(samples []Sample) (out []Week) {
	at := map[[6]string]int{}
	days := map[int][]Sample{}
	for _, x := range samples {
		key := [6]string{x.Country, x.City, x.Plant, x.Campaign, x.Residue, x.OrgID}
		k, known := at[key]
		if !known {
			k, at[key] = len(out), len(out)
			out = append(out, Week{Campaign: x.Campaign, City: x.City, Plant: x.Plant, Country: x.Country, Place: x.Place, Residue: x.Residue, OrgID: x.OrgID, From: x.Taken})
		}
		days[k] = append(days[k], x)
	}
	for k := range out {
		w := &out[k]
		for _, x := range days[k] {
			w.To, w.Days, w.Synthetic, w.Population = x.Taken, w.Days+1, w.Synthetic || x.Synthetic, max(w.Population, x.Population)
			if x.below() {
				w.Below++
			}
		}
		every := func(time.Weekday) bool { return true }
		weekday := func(d time.Weekday) bool { return d >= time.Tuesday && d <= time.Thursday }
		w.Load, w.Low, w.High = weighted(days[k], epi.LOQHalf, every), weighted(days[k], epi.LOQZero, every), weighted(days[k], epi.LOQLimit, every)
		w.Weekday, w.Weekend = weighted(days[k], epi.LOQHalf, weekday), weighted(days[k], epi.LOQHalf, func(d time.Weekday) bool { return !weekday(d) })
	}
	return out
}

// saidBy reports whether another organisation's week is about days of the same plant and residue.
func (w Week) saidBy(o Week) bool {
	return o.OrgID != w.OrgID && o.Country == w.Country && o.City == w.City && o.Plant == w.Plant && o.Residue == w.Residue && !o.To.Before(w.From) && !o.From.After(w.To)
}

// drugOf is the drug that a residue stands for; benzoylecgonine goes under the name of cocaine.
func drugOf(residue string) string {
	if residue == "cocaine" {
		return "2"
	}
	f, _ := FactorOf(residue, "")
	return f.Drug
}

func (x *Sample) below() bool {
	return x.Concentration == nil || x.LOQ != nil && *x.Concentration < *x.LOQ
}

// weighted is the mean load of some days, weighted by the day's flow; NaN where there is none. Population and limit may differ from day to day, so each day is a campaign of its own.
func weighted(days []Sample, rule epi.LOQRule, on func(time.Weekday) bool) float64 {
	var sum, flow float64
	for i := range days {
		x := &days[i]
		if !on(x.Taken.Time().Weekday()) {
			continue
		}
		c := epi.Campaign{Concentration: []float64{math.NaN()}, Flow: []float64{x.Flow}, Population: x.Population, LOQ: math.NaN(), Rule: rule}
		if x.Concentration != nil {
			c.Concentration[0] = *x.Concentration
		}
		if x.LOQ != nil {
			c.LOQ = *x.LOQ
		}
		l, err := c.Loads()
		if err != nil {
			continue
		}
		sum, flow = sum+l.Mean*x.Flow, flow+x.Flow
	}
	if flow == 0 {
		return math.NaN()
	}
	return sum / flow
}

// loadsOf are the weeks as loads of their city and year: the mean over plants and campaigns, weighted by the people served. Where two organisations sent the same days of a plant, those of the first count: a mean of two
// statements about one thing would be neither. A year in which nothing was ever found has no load; half of a limit would be shown as use.
func loadsOf(weeks []Week, issuer func(orgID string) string) (out []Load) {
	type key struct {
		country, city, residue string
		year                   int
	}
	type mean struct{ sum, weight float64 }
	at := map[key]int{}
	var daily, weekday, weekend []mean
	found := map[int]bool{}
	add := func(m *mean, v, weight float64) {
		if !math.IsNaN(v) {
			m.sum, m.weight = m.sum+v*weight, m.weight+weight
		}
	}
	for n, w := range weeks {
		k := key{w.Country, w.City, w.Residue, w.To.Time().Year()}
		i, known := at[k]
		if !known {
			i, at[k] = len(out), len(out)
			out = append(out, Load{Country: k.country, City: k.city, Residue: k.residue, Drug: drugOf(k.residue), Year: k.year, Issuer: issuer(w.OrgID)})
			daily, weekday, weekend = append(daily, mean{}), append(weekday, mean{}), append(weekend, mean{})
		}
		if slices.ContainsFunc(weeks[:n], w.saidBy) {
			out[i].Twice = append(out[i].Twice, strings.TrimSuffix(w.City+", "+w.Plant, ", ")+" ("+w.Campaign+")")
			continue
		}
		out[i].Synthetic, found[i] = out[i].Synthetic || w.Synthetic, found[i] || w.Below < w.Days
		add(&daily[i], w.Load, w.Population)
		add(&weekday[i], w.Weekday, w.Population)
		add(&weekend[i], w.Weekend, w.Population)
	}
	value := func(m mean) *float64 {
		if m.weight == 0 {
			return nil
		}
		v := m.sum / m.weight
		return &v
	}
	for i := range out {
		if out[i].Below = !found[i]; out[i].Below {
			continue
		}
		out[i].Daily, out[i].Weekday, out[i].Weekend = value(daily[i]), value(weekday[i]), value(weekend[i])
	}
	return out
}
