package treatment

import (
	"context"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/intake/mapping"
)

// TargetName is what a mapping says whose rows are treatment episodes.
const TargetName = "episode"

func init() { mapping.Register(describe()) }

// describe are the fields of an episode as a mapping fills them.
func describe() mapping.Target {
	t := mapping.Target{Name: TargetName, Page: "/treatment?batch="}
	for _, name := range tdi.Fields() {
		f := mapping.TargetField{Name: name, Kind: mapping.KindText}
		item, coded := tdi.ItemOf(name)
		switch {
		case name == tdi.FieldStart:
			f.Kind, f.Required = mapping.KindDate, true
		case name == tdi.FieldPerson:
			f.Kind = mapping.KindPerson
		case name == tdi.FieldRegion:
			f.Kind = mapping.KindPlace
		case item == tdi.Primary && coded:
			f.Kind = mapping.KindCode // of the list, or a national leaf by any of its names
		case coded:
			f.Kind, f.List, f.Words = mapping.KindCode, item.List().Codes, wordsOf(item)
		case name == tdi.FieldAge, name == tdi.FieldFirstUse, name == tdi.FieldFirstInj, name == tdi.FieldFirstOAT:
			f.Kind = mapping.KindCount
		}
		t.Fields = append(t.Fields, f)
	}
	t.Fields = append(t.Fields, mapping.TargetField{Name: "synthetic", Kind: mapping.KindYes})
	return t
}

// wordsOf is what agencies write for an item's answers besides its codes: their names in the three languages, where no two answers share one.
func wordsOf(item tdi.Item) map[string]string {
	words := map[string]string{}
	for i, code := range item.List().Codes {
		for _, l := range baqylau.Langs {
			w := fold(item.In(l, tdi.Code(i)))
			if other, taken := words[w]; taken && other != code {
				delete(words, w)
				continue
			}
			words[w] = code
		}
	}
	return words
}

// Target takes the rows of imports; it implements intake.Target.
type Target struct{ s *Service }

// Target is the room as a target of imports.
func (s *Service) Target() Target { return Target{s} }

// Act implements intake.Target.
func (Target) Act() access.Act { return access.EpisodeWrite }

// Check implements intake.Target: what cannot be keeps its line out, what is unlikely is asked about.
func (t Target) Check(_ context.Context, o mapping.Origin, rows []*mapping.Row) error {
	for _, r := range rows {
		c, ok := t.read(o, r)
		if !ok {
			continue
		}
		if o.Domain != baqylau.HealthDomain {
			r.Fault(tdi.FieldStart, "tdi.fault.domain", mapping.RemedyMapping, "")
		}
		if r.Key == "" && c.Pseudonym == "" {
			r.Fault(tdi.FieldPerson, "tdi.fault.nameless", mapping.RemedyMapping, "")
		}
		for _, p := range c.Refuse(o.Today) {
			r.Fault(p.Fields[0], "tdi.fault.refuse", mapping.RemedyCell, both(r, p))
		}
		for _, p := range c.Ask() {
			r.Warn(p.Fields[0], "tdi.fault.ask", mapping.RemedyCell, both(r, p))
		}
	}
	return nil
}

// both are the two values that a check puts side by side.
func both(r *mapping.Row, p tdi.Problem) string {
	said := p.A
	if len(p.Fields) > 1 {
		said += "; " + r.Title(p.Fields[1]) + ": " + p.B
	} else if p.B != "" {
		said += "; " + p.B
	}
	return said
}

// read makes a case of a row; what cannot be read is a fault of the row.
func (t Target) read(o mapping.Origin, r *mapping.Row) (c Case, ok bool) {
	c = Case{Episode: tdi.New(baqylau.Date{}), Ref: r.Key, Country: t.s.Home, OrgID: o.OrgID, AccountID: o.AccountID, BatchID: o.BatchID, Known: r.Known,
		Pseudonym: r.Values[tdi.FieldPerson], Synthetic: r.Values["synthetic"] == "yes"}
	ok = true
	for _, field := range tdi.Fields() {
		v := r.Values[field]
		if field == tdi.FieldPerson || v == "" {
			continue
		}
		if err := c.Put(field, v); err != nil {
			r.Fault(field, "tdi.fault.code", mapping.RemedyMapping, v)
			ok = false
		}
	}
	if len([]rune(c.Ref)) > 200 || len([]rune(c.Facility)) > 200 {
		r.Fault(tdi.FieldFacility, "tdi.fault.code", mapping.RemedyCell, c.Facility)
		ok = false
	}
	c.Person = tdi.Number(c.Pseudonym)
	c.Derive()
	return c, ok
}

// Apply implements intake.Target.
func (t Target) Apply(ctx context.Context, tx *change.Tx, o mapping.Origin, rows []*mapping.Row) error {
	cases, of := make([]Case, 0, len(rows)), make([]*mapping.Row, 0, len(rows))
	for _, r := range rows {
		if c, ok := t.read(o, r); ok {
			cases, of = append(cases, c), append(of, r)
		}
	}
	outcomes, err := record(ctx, tx, cases)
	if err != nil {
		return err
	}
	for i, out := range outcomes {
		of[i].Same = out == Same
	}
	return nil
}

// Reveal implements intake.Target: rows point at those they supersede, and count with the batch's state.
func (Target) Reveal(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	return held.Rejoin(ctx, tx, "episode", o.BatchID, "org_id", "slot")
}

// Undo implements intake.Target.
func (Target) Undo(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	return unbatch(ctx, tx, o.BatchID)
}

// Drop implements intake.Target.
func (Target) Drop(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	for _, q := range []string{"UPDATE episode SET supersedes_id = NULL WHERE batch_id = ?", "DELETE FROM episode WHERE batch_id = ?"} {
		if _, err := tx.NewRaw(q, o.BatchID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
