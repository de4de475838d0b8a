package facility

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/held"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/registry/codelist"
	"github.com/baqylau/baqylau/internal/store"
)

// TargetName is the room's target in mappings: a line is a facility as it is from a day on.
const TargetName = "facility"

func init() {
	text := func(name string) mapping.TargetField { return mapping.TargetField{Name: name, Kind: mapping.KindText} }
	coded := func(name, list string, kind mapping.Kind, required bool) mapping.TargetField {
		return mapping.TargetField{Name: name, Kind: kind, Required: required, List: codelist.Codes(list), Words: codelist.Words(list)}
	}
	mapping.Register(mapping.Target{Name: TargetName, Page: path, Fields: []mapping.TargetField{
		{Name: "code", Kind: mapping.KindText, Required: true}, text("name_kk"), text("name_ru"), text("name_en"), coded("kind", kindList, mapping.KindCode, true), coded("ownership", ownershipList, mapping.KindCode, false),
		coded("services", serviceList, mapping.KindMulti, true), {Name: "region", Kind: mapping.KindPlace, Required: true}, text("area"), text("address"),
		{Name: "beds", Kind: mapping.KindCount}, {Name: "places", Kind: mapping.KindCount}, {Name: "staff", Kind: mapping.KindCount}, {Name: "opened", Kind: mapping.KindDate}, {Name: "closed", Kind: mapping.KindDate},
		{Name: "synthetic", Kind: mapping.KindYes}, text("note")}})
}

// Target takes rows of a register of facilities from the importer. A line with the number of a facility that the sender has is a new version of it.
type Target struct{ S *Service }

// Act implements intake.Target.
func (Target) Act() access.Act { return access.IndicatorWrite }

// Check implements intake.Target.
func (t Target) Check(_ context.Context, o mapping.Origin, rows []*mapping.Row) error {
	seen := map[string]bool{}
	for _, r := range rows {
		f := t.facility(o, r)
		var many baqylau.Errors
		if err := f.Check(t.S.home); err != nil && !errors.As(err, &many) {
			return err
		}
		for _, e := range many {
			r.Fault(e.Field, "facility.row."+map[bool]string{true: "name", false: "value"}[e.Field == "name_ru"], mapping.RemedyCell, r.Values[e.Field])
		}
		if seen[f.Code] {
			r.Fault("code", "facility.row.twice", mapping.RemedyCell, f.Code)
		}
		seen[f.Code] = true
	}
	return nil
}

// facility is a row as a facility; what cannot be read stays empty and is told by Check.
func (t Target) facility(o mapping.Origin, r *mapping.Row) *Facility {
	v := r.Values
	number := func(field string) *int64 {
		n, err := strconv.ParseInt(v[field], 10, 64)
		if err != nil {
			return nil
		}
		return &n
	}
	f := &Facility{Code: v["code"], Name: baqylau.Text{KK: v["name_kk"], RU: v["name_ru"], EN: v["name_en"]}, Country: t.S.Home, Region: v["region"], Area: v["area"], Address: v["address"], Kind: v["kind"], Owned: v["ownership"],
		Beds: number("beds"), Places: number("places"), Staff: number("staff"), Note: v["note"], Published: o.Outside, Synthetic: v["synthetic"] == "yes", OrgID: o.OrgID, AccountID: o.AccountID,
		Domain: baqylau.NeutralDomain, Known: r.Known, batch: o.BatchID}
	if v["services"] != "" {
		f.Services = strings.Split(v["services"], ";")
	}
	f.Opened, _, _ = baqylau.ParseDate(v["opened"]) // a date by its kind, or absent
	f.Closed, _, _ = baqylau.ParseDate(v["closed"])
	return f
}

// said is what a version states, without how it is held.
func (f *Facility) said() string {
	x := *f
	x.ID, x.Version, x.AccountID, x.Known = "", "", "", baqylau.Date{}
	b, err := json.Marshal(x)
	if err != nil {
		panic(err) // texts, numbers and dates
	}
	return string(b)
}

// Apply implements intake.Target.
func (t Target) Apply(ctx context.Context, tx *change.Tx, o mapping.Origin, rows []*mapping.Row) error {
	codes := make([]string, len(rows))
	for i, r := range rows {
		codes[i] = r.Values["code"]
	}
	in, args := store.In(codes)
	found, err := tx.QueryContext(ctx, "SELECT "+columns+" FROM facility f WHERE f.org_id = ? AND f.code IN ("+in+") AND "+held.Standing("facility", "f"), append(append([]any{o.OrgID}, args...), o.BatchID, o.BatchID)...)
	if err != nil {
		return err
	}
	defer found.Close()
	standing := map[string]Facility{}
	for found.Next() {
		f, err := scan(found)
		if err != nil {
			return err
		}
		standing[f.Code] = f
	}
	if err := found.Err(); err != nil {
		return err
	}
	var all []any
	for _, r := range rows {
		f := t.facility(o, r)
		var before any
		old, known := standing[f.Code]
		if known && old.said() == f.said() {
			r.Same = true
			continue
		}
		if f.Version = store.NewID(); known {
			f.ID, before = old.ID, old.Version
		} else {
			f.ID = store.NewID()
		}
		standing[f.Code] = *f
		all = append(all, f.values(tx, before)...)
	}
	return tx.Insert(ctx, "facility", insertColumns, all)
}

// Reveal implements intake.Target: a version says itself what it supersedes, and is of the same facility.
func (Target) Reveal(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	if err := held.Rejoin(ctx, tx, "facility", o.BatchID, "org_id", "code"); err != nil {
		return err
	}
	_, err := tx.NewRaw("UPDATE facility SET facility_id = (SELECT p.facility_id FROM facility p WHERE p.id = facility.supersedes_id) WHERE batch_id = ? AND supersedes_id IS NOT NULL", o.BatchID).Exec(ctx)
	return err
}

// Undo implements intake.Target.
func (Target) Undo(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	return held.Unbatch(ctx, tx, "facility", o.BatchID)
}

// Drop implements intake.Target.
func (Target) Drop(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	return held.Drop(ctx, tx, "facility", o.BatchID)
}
