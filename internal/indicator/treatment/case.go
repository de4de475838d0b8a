// Package treatment is the register of treatment episodes: cases as clinics, prisons and the national register send them, their list, their entry and correction, the
// 70 tables of the treatment demand indicator, and what they cover. Rows are of the health side and never cross the wall; tables do, through disclosure.
package treatment

import (
	"encoding/json"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/release"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/registry"
)

// Service is the room.
type Service struct {
	W         *change.Writer
	Shelf     *registry.Shelf
	Home      string                                                    // the centre's own country, ISO 3166-1 alpha-2
	Pseudonym func(domain baqylau.Domain, personalNumber string) string // secret.Key.Pseudonym
	Ledger    *release.Service                                          // keeps what left; nil: nothing is kept

	answered answers
}

// Today is the centre's day.
func (s *Service) Today() baqylau.Date { return change.Today(s.W.Now()) }

// Case is an episode with who sent it and since when it is known.
type Case struct {
	tdi.Episode
	ID        string
	Pseudonym string // of the person in the health domain; "" anonymous. It is never shown and never leaves the node
	Ref       string // the sender's own number of the case
	Slot      string // what a later row replaces, see slot
	Country   string
	Confirmed string // why the sender says that what the checks ask about is so
	Synthetic bool   // made up for a demonstration

	OrgID, AccountID string
	Known            baqylau.Date
	Recorded         time.Time
	BatchID          string
	SupersedesID     string
	Withdrawn        baqylau.Date
}

// slot names what a later row replaces: the sender's own number of the case, or the person's start in the unit on that day. A case that has neither is like no other.
// A row that amends another keeps its slot, whatever it changes.
func (c *Case) slot() string {
	switch {
	case c.Slot != "":
		return c.Slot
	case c.Ref != "":
		return "ref:" + c.Ref
	case c.Pseudonym != "":
		return "person:" + c.Pseudonym + "|" + c.Facility + "|" + c.Start.String()
	}
	return "id:" + c.ID
}

// answers is every known item by its field, as the register keeps it.
func (c *Case) answers() string {
	said := map[string]string{}
	for _, f := range tdi.Fields() {
		if v := c.Said(f); v != "" {
			said[f] = v
		}
	}
	if c.Leaf != "" {
		said["primary_leaf"] = c.Leaf
	}
	b, err := json.Marshal(said) // sorted by key
	if err != nil {
		panic(err) // texts always marshal
	}
	return string(b)
}

// read fills the episode from what the register keeps. Codes are those of the day on which the row was written.
func (c *Case) read(answers string) error {
	said := map[string]string{}
	if err := json.Unmarshal([]byte(answers), &said); err != nil {
		return err
	}
	d, p, err := baqylau.ParseDate(said[tdi.FieldStart])
	if err != nil {
		return err
	}
	c.Episode = tdi.New(d)
	c.Precision = p
	for _, f := range tdi.Fields() {
		v, ok := said[f]
		switch {
		case !ok || f == tdi.FieldStart:
		case f == tdi.FieldSecond:
			if c.Secondary, err = tdi.ParseUses(v, tdi.ByCode); err != nil {
				return err
			}
		default:
			if err := c.Put(f, v); err != nil {
				return err
			}
		}
	}
	c.Leaf = said["primary_leaf"]
	c.Person = tdi.Number(c.Pseudonym)
	return nil
}
