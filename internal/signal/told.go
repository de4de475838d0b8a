package signal

import (
	"context"
	"encoding/json"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/signal/rules"
	"github.com/baqylau/baqylau/internal/signal/state"
	"github.com/uptrace/bun"
)

// row is what must be remembered of a raised signal so that it is not raised again.
type row struct {
	ID         string
	Type       rules.Type
	Region     string
	Subject    string
	Family     bool
	RaisedOn   baqylau.Date
	FirstEvent baqylau.Date
	State      state.State
	Events     int
	Scored     bool // by a person
	Withdrawn  Withdrawal
	Updated    int64
}

// book of what has been told of a country, by what a signal is about.
type told map[string][]row

// about names rule, place and subject; all rules of rising counts are one, since the same rise may be told by one of them today and
// another tomorrow.
func about(t rules.Type, region, subject string, family bool) string {
	kind := string(t)
	if t.Rise() {
		kind = "rise"
	}
	if family {
		subject = "family " + subject
	}
	return kind + "|" + region + "|" + subject
}

// readTold reads the signals that the rules have raised for a country.
func readTold(ctx context.Context, db bun.IDB, country string) (told, error) {
	rows, err := db.QueryContext(ctx, `SELECT id, rule, COALESCE(region,''), COALESCE(substance_id,''), COALESCE(family,''), raised_on,
		COALESCE(first_event_on,''), state, events, scores, updated_at, evidence FROM signal WHERE country = ? AND rule <> ?`, country, Person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	t := told{}
	for rows.Next() {
		var r row
		var substance, family, raised, first, scores, evidence string
		if err := rows.Scan(&r.ID, &r.Type, &r.Region, &substance, &family, &raised, &first, &r.State, &r.Events, &scores, &r.Updated, &evidence); err != nil {
			return nil, err
		}
		if r.RaisedOn, _, err = baqylau.ParseDate(raised); err != nil {
			return nil, err
		}
		if r.FirstEvent, _, err = baqylau.ParseDate(first); err != nil {
			return nil, err
		}
		var e Evidence
		if err := json.Unmarshal([]byte(evidence), &e); err != nil {
			return nil, err
		}
		r.Withdrawn = e.Withdrawn
		r.Subject, r.Family, r.Scored = substance, family != "", readScores(scores).By != ""
		if r.Family {
			r.Subject = family
		}
		k := about(r.Type, r.Region, r.Subject, r.Family)
		t[k] = append(t[k], r)
	}
	return t, rows.Err()
}

// add notes that a candidate has been told.
func (t told) add(r row, c rules.Candidate) {
	k := about(c.Type, c.Region, c.Subject(), c.Family != "")
	t[k] = append(t[k], r)
}

// spans is for how many days a signal is the same one: a substance is first only once, a rise lasts some weeks.
func spans(t rules.Type) int {
	switch {
	case t.Rise():
		return 84
	case t == rules.ReEmergence:
		return 180
	}
	return 1 << 20
}

// same finds the signal that already tells of a candidate. A refuted one tells only of the event it was refuted for, so that the
// real thing can still be raised.
func (t told) same(c rules.Candidate) (row, bool) {
	for _, r := range t[about(c.Type, c.Region, c.Subject(), c.Family != "")] {
		if r.State == state.Refuted && r.FirstEvent != c.FirstEvent {
			continue
		}
		if days := c.RaisedOn.Sub(r.RaisedOn); max(days, -days) < spans(c.Type) {
			return r, true
		}
	}
	return row{}, false
}

// thisWeek reports whether the candidate was told in the week in which the rules propose it; see rules.State.Told.
func (t told) thisWeek(c rules.Candidate) bool {
	for _, r := range t[about(c.Type, c.Region, c.Subject(), c.Family != "")] {
		if r.RaisedOn.Week() == c.RaisedOn.Week() {
			return true
		}
	}
	return false
}

// dedup is the key under which the database refuses a second signal of the same candidate.
func dedup(c rules.Candidate) string {
	when := c.FirstEvent.String()
	if c.Type.Rise() {
		when = c.RaisedOn.Week().String()
	}
	return c.Country + "|" + about(c.Type, c.Region, c.Subject(), c.Family != "") + "|" + when
}
