package treatment

import (
	"context"
	"slices"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/store"
)

// Entry is a case as somebody enters it.
type Entry struct {
	Case
	Number string          // personal number; it becomes a pseudonym here and is forgotten. "" for an anonymous case, or, in a correction, to keep the person
	Then   func(id string) // told the case's identifier within the act that writes it; may be nil
}

// Answers is an entry of the items that somebody says by their fields, as the protocol writes them. Code: Invalid with the fields that are none or have no such answer.
func Answers(said map[string]string) (e Entry, err error) {
	e.Episode = tdi.New(baqylau.Date{})
	var errs baqylau.Errors
	for field := range said {
		if field == tdi.FieldPerson || !slices.Contains(tdi.Fields(), field) {
			errs = append(errs, baqylau.E(baqylau.Invalid, "tdi.error.field").On(field))
		}
	}
	for _, field := range tdi.Fields() { // the start first: what a leaf counts as depends on its year
		if v, ok := said[field]; ok && field != tdi.FieldPerson && e.Put(field, strings.TrimSpace(v)) != nil {
			errs = append(errs, baqylau.E(baqylau.Invalid, "error.choice").On(field))
		}
	}
	return e, errs.OrNil()
}

// Enter records a case of the actor's organisation. What the logic checks ask about has to be mended or confirmed with a word of why. Codes: Invalid with the fields that are wrong,
// Conflict where the register has the case already, Forbidden; NotFound for who is on the other side of the wall.
func (s *Service) Enter(ctx context.Context, actor access.Actor, e Entry) (id string, err error) {
	defer baqylau.Wrap(&err, "treatment.Enter")
	c, err := s.prepared(e, change.Today(s.W.Now()))
	if err != nil {
		return "", err
	}
	err = s.W.Do(ctx, actor, access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
		c.OrgID, c.AccountID = actor.OrgID, actor.ID
		if err := tx.Authorise(access.Row{OrgID: c.OrgID, OwnerID: c.AccountID, Domain: baqylau.HealthDomain}); err != nil {
			return err
		}
		there, err := standing(ctx, tx, []Case{c})
		if err != nil {
			return err
		}
		if _, known := there[c.OrgID+"\x00"+c.slot()]; known {
			return baqylau.E(baqylau.Conflict, "tdi.error.known").On(tdi.FieldStart)
		}
		return insert(ctx, tx, &c, e.Then)
	})
	return c.ID, err
}

// Amend replaces a case by what is now known of it; the earlier row stays as it was and counts until today. Codes: as Enter; NotFound; Conflict where somebody else has
// amended it meanwhile, or it was withdrawn.
func (s *Service) Amend(ctx context.Context, actor access.Actor, id string, e Entry) (newID string, err error) {
	defer baqylau.Wrap(&err, "treatment.Amend(%s)", id)
	before, err := get(ctx, s.W.DB.Read, actor, access.EpisodeWrite, id)
	if err != nil {
		return "", err
	}
	e.Ref, e.Slot = before.Ref, before.Slot
	c, err := s.prepared(e, change.Today(s.W.Now()))
	if err != nil {
		return "", err
	}
	if e.Number == "" {
		c.Pseudonym, c.Person = before.Pseudonym, before.Person
	}
	err = s.W.Do(ctx, actor, access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
		before, err := get(ctx, tx, actor, access.EpisodeWrite, id)
		if err != nil {
			return err
		}
		now, err := current(ctx, tx, id)
		if err != nil {
			return err
		}
		if now != id || !before.Withdrawn.IsZero() {
			return baqylau.E(baqylau.Conflict, "tdi.error.changed")
		}
		c.OrgID, c.AccountID, c.Synthetic, c.Country = before.OrgID, actor.ID, before.Synthetic, before.Country
		c.SupersedesID = id
		return insert(ctx, tx, &c, e.Then)
	})
	return c.ID, err
}

// Withdraw takes a case out of the register from today on; it stays readable to those who may see it. Codes: NotFound, Conflict.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, id string) (err error) {
	defer baqylau.Wrap(&err, "treatment.Withdraw(%s)", id)
	return s.W.Do(ctx, actor, access.EpisodeWrite, func(ctx context.Context, tx *change.Tx) error {
		c, err := get(ctx, tx, actor, access.EpisodeWrite, id)
		if err != nil {
			return err
		}
		if now, err := current(ctx, tx, id); err != nil {
			return err
		} else if now != id || !c.Withdrawn.IsZero() {
			return baqylau.E(baqylau.Conflict, "tdi.error.changed")
		}
		tx.Subject("episode", id, c.OrgID, map[string]any{"withdrawn": true})
		_, err = tx.NewRaw("UPDATE episode SET withdrawn_on = ? WHERE id = ?", tx.Today().String(), id).Exec(ctx)
		return err
	})
}

// prepared is a case that can be written: its person a pseudonym, its bands derived, its mistakes and open questions said.
func (s *Service) prepared(e Entry, today baqylau.Date) (c Case, err error) {
	c = e.Case
	var errs baqylau.Errors
	if number := strings.TrimSpace(e.Number); number != "" {
		if secret.PossibleNumber(number, s.Home) {
			c.Pseudonym = s.Pseudonym(baqylau.HealthDomain, number)
			c.Person = tdi.Number(c.Pseudonym)
		} else {
			errs = append(errs, baqylau.E(baqylau.Invalid, "tdi.error.number").On(tdi.FieldPerson))
		}
	}
	if c.Country == "" {
		c.Country = s.Home
	}
	errs = append(errs, s.placed(&c)...)
	for _, p := range c.Refuse(today) {
		errs = append(errs, said(p))
	}
	if len(errs) == 0 {
		c.Derive()
		errs = append(errs, questions(&c)...)
	}
	return c, errs.OrNil()
}

// placed checks the region and the lengths of texts.
func (s *Service) placed(c *Case) (errs baqylau.Errors) {
	if r, ok := s.Shelf.Book().Region(c.Region); c.Region != "" && (!ok || r.Country != c.Country) {
		errs = append(errs, baqylau.E(baqylau.Invalid, "tdi.error.region", "Value", c.Region).On(tdi.FieldRegion))
	}
	for field, text := range map[string]string{tdi.FieldFacility: c.Facility, "ref": c.Ref, "confirmed": c.Confirmed} {
		if len([]rune(text)) > 200 {
			errs = append(errs, baqylau.E(baqylau.Invalid, "error.too_long", "Max", 200).On(field))
		}
	}
	return errs
}

// questions are what the logic checks ask of a case that nobody has confirmed.
func questions(c *Case) (errs baqylau.Errors) {
	if c.Confirmed != "" {
		return nil
	}
	for _, p := range c.Ask() {
		errs = append(errs, said(p))
	}
	return errs
}

// said is a problem in the words of the catalogue, at the field to look at first.
func said(p tdi.Problem) *baqylau.Error {
	return baqylau.E(baqylau.Invalid, "tdi.rule."+p.Rule, "A", p.A, "B", p.B).On(p.Fields[0])
}

// insert puts one case into the register.
func insert(ctx context.Context, tx *change.Tx, c *Case, then func(id string)) error {
	c.ID, c.Known = store.NewID(), tx.Today()
	if then != nil {
		then(c.ID)
	}
	tx.Subject("episode", c.ID, c.OrgID, map[string]any{"amends": c.SupersedesID, "tdi_asked": len(c.Ask())})
	return tx.Insert(ctx, "episode", caseColumns, c.row(tx, c.answers()))
}
