package wastewater

import (
	"context"
	"errors"
	"math"
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/intake/mapping"
)

// TargetName is the room's target in mappings: a line is one residue in a day's sample of one plant.
const TargetName = "wastewater"

func init() {
	text := func(name string, required bool) mapping.TargetField {
		return mapping.TargetField{Name: name, Kind: mapping.KindText, Required: required}
	}
	number := func(name string, required bool) mapping.TargetField {
		return mapping.TargetField{Name: name, Kind: mapping.KindNumber, Required: required}
	}
	words := define.Current().Words("residue")
	mapping.Register(mapping.Target{Name: TargetName, Page: path, Fields: []mapping.TargetField{
		text("campaign", true), text("city", true), text("plant", false), {Name: "place", Kind: mapping.KindPlace, Required: true}, {Name: "taken", Kind: mapping.KindDate, Required: true},
		{Name: "residue", Kind: mapping.KindCode, Required: true, List: define.Current().Codes("residue"), Words: words}, number("concentration", false), number("loq", false), number("flow", true), number("population", true),
		{Name: "synthetic", Kind: mapping.KindYes}, text("note", false)}})
}

// Target takes rows of samples from the importer.
type Target struct{ S *Service }

// Act implements intake.Target.
func (Target) Act() access.Act { return access.IndicatorWrite }

// Check implements intake.Target.
func (t Target) Check(_ context.Context, o mapping.Origin, rows []*mapping.Row) error {
	seen := map[string]bool{}
	for _, r := range rows {
		x := t.sample(o, r)
		var many baqylau.Errors
		if err := x.Check(o.Today); err != nil && !errors.As(err, &many) {
			return err
		}
		for _, e := range many {
			key := "wastewater.row.value"
			if e.Key == "wastewater.error.loq" {
				key = "wastewater.row.loq"
			}
			r.Fault(e.Field, key, mapping.RemedyCell, r.Values[e.Field])
		}
		if seen[x.slot()] {
			r.Fault("taken", "wastewater.row.twice", mapping.RemedyCell, r.Values["taken"])
		}
		seen[x.slot()] = true
	}
	return nil
}

// sample is a row as a sample; what cannot be read stays empty and is told by Check.
func (t Target) sample(o mapping.Origin, r *mapping.Row) *Sample {
	v := r.Values
	number := func(field string) *float64 {
		n, err := strconv.ParseFloat(v[field], 64)
		if err != nil {
			return nil
		}
		return &n
	}
	plain := func(field string) float64 {
		if n := number(field); n != nil {
			return *n
		}
		return math.NaN()
	}
	x := &Sample{Campaign: v["campaign"], City: v["city"], Plant: v["plant"], Country: t.S.country(v["place"], o.Country), Place: v["place"], Residue: v["residue"], Concentration: number("concentration"), LOQ: number("loq"),
		Flow: plain("flow"), Population: plain("population"), Note: v["note"], Synthetic: v["synthetic"] == "yes", OrgID: o.OrgID, AccountID: o.AccountID, Domain: o.Domain, Known: r.Known, batch: o.BatchID}
	if d, p, err := baqylau.ParseDate(v["taken"]); err == nil && p == baqylau.Day {
		x.Taken = d
	}
	return x
}

// country is that of a region or the country itself, or else the one given.
func (s *Service) country(place, other string) string {
	if r, ok := s.Shelf.Book().Region(place); ok {
		return r.Country
	}
	if _, ok := s.Shelf.Book().Country(place); ok {
		return place
	}
	return other
}

// Apply implements intake.Target.
func (t Target) Apply(ctx context.Context, tx *change.Tx, o mapping.Origin, rows []*mapping.Row) error {
	all := make([]*Sample, len(rows))
	for i, r := range rows {
		all[i] = t.sample(o, r)
	}
	same, err := record(ctx, tx, all)
	for i := range same {
		rows[i].Same = same[i]
	}
	return err
}

// Reveal implements intake.Target: a sample says itself what it supersedes.
func (Target) Reveal(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	return held.Rejoin(ctx, tx, "wastewater_sample", o.BatchID, "org_id", "campaign", "city", "plant", "residue", "taken_on")
}

// Undo implements intake.Target.
func (Target) Undo(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	return held.Unbatch(ctx, tx, "wastewater_sample", o.BatchID)
}

// Drop implements intake.Target.
func (Target) Drop(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	return held.Drop(ctx, tx, "wastewater_sample", o.BatchID)
}
