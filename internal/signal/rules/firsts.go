package rules

import (
	"github.com/baqylau/baqylau"
)

// deaths is the region under which the start of a country's deaths is kept: a country that begins to report deaths after years of
// seizures must not raise a first death for everything at once.
const deaths = "†"

// firsts applies the rules of single events, in the order in which the events became known. Events of the same call that belong to
// the same candidate become its evidence.
func (s *State) firsts(events []Event) []Candidate {
	var out []Candidate
	at := map[sighting]int{}       // candidates about a whole country, by substance
	regional := map[sighting]int{} // and about a region
	add := func(index map[sighting]int, k sighting, t Type, e Event, main Message) {
		index[k] = len(out)
		out = append(out, Candidate{Type: t, RaisedOn: s.on, Country: k.country, Region: k.region, Substance: e.Substance, Explanation: []Message{main}})
	}
	for _, e := range events {
		id := e.Substance.id()
		country, region := place{e.Country, ""}, place{e.Country, e.Region}
		warm := s.warm(country, e.KnownOn)
		warmRegion := e.Region != "" && s.warm(region, e.KnownOn)
		warmDeaths := e.Fatal && s.warm(place{e.Country, deaths}, e.KnownOn)
		if id == "" {
			continue
		}
		kc := sighting{place: country, subject: id}
		c := s.seen[kc]
		debut := c == nil
		switch {
		case debut:
			c = &memory{times: 1, first: e.OccurredOn, last: e.OccurredOn, quiet: !warm && !e.Substance.New}
			s.seen[kc] = c
			if !c.quiet {
				add(at, kc, FirstCountry, e, Message{"rules.first_country", args(e, "Country", e.Country)})
			}
		case s.absent(c, e):
			if _, listed := at[kc]; !listed {
				add(at, kc, ReEmergence, e, Message{"rules.re_emergence", args(e, "Country", e.Country, "Last", c.last, "Days", e.OccurredOn.Sub(c.last))})
			}
		}
		if e.Fatal && c.fatal.IsZero() {
			c.fatal = e.OccurredOn
			if i, listed := at[kc]; listed {
				out[i].Explanation = append(out[i].Explanation, Message{Key: "rules.note.fatal"})
			} else if !c.quiet && (warmDeaths || e.Substance.New) || c.quiet && warmDeaths {
				add(at, kc, FirstFatal, e, Message{"rules.first_fatal", args(e, "Country", e.Country, "Known", c.first)})
			}
		}
		if e.Region != "" {
			kr := sighting{place: region, subject: id}
			if r := s.seen[kr]; r == nil {
				s.seen[kr] = &memory{first: e.OccurredOn, last: e.OccurredOn, times: 1}
				young := !c.quiet && e.OccurredOn.Sub(c.first) <= s.opt.Young
				if young && !debut && (warmRegion || e.Substance.New) {
					add(regional, kr, FirstRegion, e, Message{"rules.first_region", args(e, "Region", e.Region, "Known", c.first)})
				}
			} else {
				r.extend(e.OccurredOn)
			}
			if i, ok := regional[kr]; ok {
				out[i].witness(e)
			}
		}
		if !debut {
			c.extend(e.OccurredOn)
		}
		if i, ok := at[kc]; ok {
			out[i].witness(e)
		}
	}
	for i := range out {
		out[i].finish()
	}
	return out
}

// absent reports whether the substance had been away long enough. One that turns up every year or two is rare, not back: unless it is
// marked New, its absence must also be Rarity times the mean interval between its occurrences so far.
func (s *State) absent(m *memory, e Event) bool {
	days := e.OccurredOn.Sub(m.last)
	if days < s.opt.Absence {
		return false
	}
	return e.Substance.New || m.times < 2 || days*(m.times-1) >= s.opt.Rarity*m.last.Sub(m.first)
}

func (m *memory) extend(d baqylau.Date) {
	m.times++
	if d.Before(m.first) {
		m.first = d
	}
	if d.After(m.last) {
		m.last = d
	}
}

// witness adds one event to the evidence. Events come sorted, and several findings of one occurrence count once.
func (c *Candidate) witness(e Event) {
	if e.OccurrenceID == "" || !contains(c.Evidence, e.OccurrenceID) {
		c.Events += e.Count
		if e.OccurrenceID != "" && len(c.Evidence) < MaxEvidence {
			c.Evidence = append(c.Evidence, e.OccurrenceID)
		}
	}
	if c.FirstEvent.IsZero() || e.OccurredOn.Before(c.FirstEvent) {
		c.FirstEvent = e.OccurredOn
	}
	if e.OccurredOn.After(c.LastEvent) {
		c.LastEvent = e.OccurredOn
	}
	c.Fatal = c.Fatal || e.Fatal
	if e.Confidence.Rank() > c.Confidence.Rank() {
		c.Confidence = e.Confidence
	}
}

func contains(list []string, s string) bool {
	for i := len(list) - 1; i >= 0; i-- { // the newest first: findings of one occurrence stand together
		if list[i] == s {
			return true
		}
	}
	return false
}

func (c *Candidate) finish() {
	c.Score = rank(*c)
	if c.Confidence != "" && c.Confidence != baqylau.Confirmed {
		c.Explanation = append(c.Explanation, Message{Key: "rules.note." + string(c.Confidence)})
	}
}

func args(e Event, more ...any) map[string]any {
	m := map[string]any{"Substance": e.Substance.Name, "Day": e.OccurredOn}
	if e.Substance.Name == "" {
		m["Substance"] = e.Substance.id()
	}
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i].(string)] = more[i+1]
	}
	return m
}
