package indicator_test

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

var _ intake.Target = indicator.Target{}

func row(values ...string) *mapping.Row {
	r := &mapping.Row{Line: 1, Known: baqylau.MustDate("2026-03-02"), Values: map[string]string{}}
	for i := 0; i < len(values); i += 2 {
		r.Values[values[i]] = values[i+1]
	}
	return r
}

// batch opens an import that nobody sees yet.
func (h *house) batch(id string) mapping.Origin {
	h.t.Helper()
	if _, err := h.db.Write.ExecContext(h.t.Context(), `INSERT INTO batch (id, ref, no, source_id, mapping_yaml, org_id, account_id, domain, file_name, file_sha256, state, created_at)
		VALUES (?, ?, ?, 'ministry', '', '', '', 'neutral', 'f', 'x', 'applying', 0)`, id, "I-"+id, len(id)); err != nil {
		h.t.Fatal(err)
	}
	return mapping.Origin{BatchID: id, SourceID: "ministry", Country: "KZ", Domain: baqylau.NeutralDomain, Today: baqylau.MustDate("2026-03-02")}
}

func (h *house) state(batch, state string) {
	h.t.Helper()
	if _, err := h.db.Write.ExecContext(h.t.Context(), "UPDATE batch SET state = ? WHERE id = ?", state, batch); err != nil {
		h.t.Fatal(err)
	}
}

// within runs a step of an import as its act.
func (h *house) within(step func(ctx context.Context, tx *change.Tx) error) {
	h.t.Helper()
	if err := h.w.Do(h.t.Context(), access.TheSystem(), access.ImportRun, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("batch", "b", "", nil)
		return step(ctx, tx)
	}); err != nil {
		h.t.Fatal(err)
	}
}

// Parts of one figure that a file repeats are added, the file sent again says nothing new, and dropping it leaves nothing.
func TestAFileOfFigures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		target := indicator.Target{}
		file := func() []*mapping.Row {
			return []*mapping.Row{
				row("indicator", "registered_drug_users_stock", "period", "2023-01-01/2023-12-31", "place", "KZ", "value", "18226"),
				row("indicator", "seizures_quantity", "period", "2022-01-01/2022-12-31", "place", "KZ", "drug", "Other types of cannabis", "unit", "kg", "value", "3.5", "parts", "yes"),
				row("indicator", "seizures_quantity", "period", "2022-01-01/2022-12-31", "place", "KZ", "drug", "Other types of cannabis", "unit", "KG", "value", "9.5", "parts", "yes"),
				row("indicator", "pwid_estimate", "period", "2020-01-01/2020-12-31", "place", "KZ", "low", "80000", "high", "100000"),
				row("indicator", "offences_registered", "period", "2023-01-01/2023-12-31", "place", "KZ", "value", "0", "breakdown.article", "297"),
				row("indicator", "offences_registered", "period", "2023-01-01/2023-12-31", "place", "KZ-71", "value", "7"),
				row("indicator", "offences_registered", "period", "2023-01-01/2023-12-31", "place", "KZ-71", "value", "7"), // another section of the form repeats it
			}
		}
		apply := func(o mapping.Origin, rows []*mapping.Row) {
			t.Helper()
			if err := target.Check(t.Context(), o, rows); err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				if len(r.Problems) > 0 {
					t.Fatalf("%v: %+v", r.Values, r.Problems)
				}
			}
			h.within(func(ctx context.Context, tx *change.Tx) error { return target.Apply(ctx, tx, o, rows) })
		}
		o := h.batch("b")
		rows := file()
		apply(o, rows[:2])
		apply(o, rows[2:]) // the second part comes in another chunk
		h.state("b", "applied")
		all, err := indicator.Find(t.Context(), db.Read, indicator.Question{AsOf: baqylau.MustDate("2026-03-02")})
		if err != nil || len(all) != 5 {
			t.Fatalf("%d rows: %v", len(all), err)
		}
		seen := map[string]indicator.Observation{}
		for _, x := range all {
			if x.Place == "KZ-71" {
				if *x.Value != 7 {
					t.Errorf("said twice: %v", *x.Value)
				}
				continue
			}
			seen[x.Indicator] = x
		}
		if s := seen["seizures_quantity"]; *s.Value != 13 || s.Drug != "7.3" || s.Unit != "kg" {
			t.Errorf("parts of a figure: %v %s %s", *s.Value, s.Drug, s.Unit)
		}
		if s := seen["pwid_estimate"]; *s.Value != 90000 || s.Qualifier != indicator.About || s.Detail.Interval != "range" {
			t.Errorf("a range alone: %+v", s)
		}
		if s := seen["offences_registered"]; *s.Value != 0 || s.Breakdown["article"] != "297" || s.Unit != "offences" {
			t.Errorf("zero by article: %+v", s)
		}
		again := h.batch("bb")
		rows = file()
		apply(again, rows)
		for i, r := range rows {
			if !r.Same {
				t.Errorf("row %d sent again is not the same", i)
			}
		}
		h.within(func(ctx context.Context, tx *change.Tx) error { return target.Drop(ctx, tx, again) })
		other := h.batch("bbb")
		corrected := file()
		corrected[0].Values["value"] = "18230"
		apply(other, corrected[:1])
		h.state("bbb", "applied")
		if got := h.value("registered_drug_users_stock"); got != 18230 {
			t.Errorf("corrected by a later file: %v", got)
		}
		h.state("bbb", "undone")
		h.within(func(ctx context.Context, tx *change.Tx) error { return target.Undo(ctx, tx, other) })
		if got := h.value("registered_drug_users_stock"); got != 18226 {
			t.Errorf("taken back: %v", got)
		}
	})
}

func (h *house) value(code string) float64 {
	h.t.Helper()
	found, err := indicator.Find(h.t.Context(), h.db.Read, indicator.Question{Indicators: []string{code}, AsOf: baqylau.MustDate("2026-03-02")})
	if err != nil || len(found) != 1 {
		h.t.Fatalf("%d figures: %v", len(found), err)
	}
	return *found[0].Value
}

// What is wrong is told at its field; nothing is guessed.
func TestAFileWithFaults(t *testing.T) {
	twice := []*mapping.Row{row("indicator", "offenders", "period", "2023-01-01/2023-12-31", "value", "1"), row("indicator", "offenders", "period", "2023-01-01/2023-12-31", "value", "2")}
	if err := (indicator.Target{}).Check(t.Context(), mapping.Origin{SourceID: "s", Country: "KZ"}, twice); err != nil || len(twice[1].Problems) != 1 {
		t.Errorf("two lines disagree: %+v %v", twice[1].Problems, err)
	}
	for name, c := range map[string]struct {
		row  *mapping.Row
		want string
	}{
		"an indicator that nobody defined": {row("indicator", "unicorns", "period", "2023-01-01/2023-12-31", "unit", "persons", "value", "1"), "indicator.import.choice"},
		"neither value nor reason":         {row("indicator", "offenders", "period", "2023-01-01/2023-12-31"), "indicator.import.value"},
		"an age that is none":              {row("indicator", "offenders", "period", "2023-01-01/2023-12-31", "value", "1", "age", "young"), "indicator.import.age"},
		"a share in kilograms":             {row("indicator", "hiv_prevalence_pwid", "period", "2023-01-01/2023-12-31", "value", "1", "unit", "kg"), "indicator.import.unit"},
		"a drug that nobody knows":         {row("indicator", "offenders", "period", "2023-01-01/2023-12-31", "value", "1", "drug", "moon dust"), "indicator.import.choice"},
		"limits the wrong way round":       {row("indicator", "pwid_estimate", "period", "2023-01-01/2023-12-31", "value", "5", "low", "9", "high", "1"), "indicator.import.limits"},
	} {
		o := mapping.Origin{SourceID: "s", Country: "KZ"}
		if err := (indicator.Target{}).Check(t.Context(), o, []*mapping.Row{c.row}); err != nil {
			t.Fatal(err)
		}
		if len(c.row.Problems) != 1 || c.row.Problems[0].Key != c.want {
			t.Errorf("%s: %+v", name, c.row.Problems)
		}
	}
}

// A figure of a facility is one of the sender's own facilities, named by its code, and none of its region; another's facility is unknown to him.
func TestAFileOfAFacilitysFigures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		if _, err := h.db.Write.ExecContext(t.Context(), `INSERT INTO facility (id, facility_id, code, name, country, region, kind, org_id, account_id, domain, known_on, recorded_at)
			VALUES ('v1', 'f1', 'TP-7', '{}', 'KZ', 'KZ-75', 'low_threshold', 'clinic', 'x', 'health', '2025-01-01', 0), ('v2', 'f2', 'TP-8', '{}', 'KZ', 'KZ-75', 'low_threshold', 'ngo', 'x', 'health', '2025-01-01', 0)`); err != nil {
			t.Fatal(err)
		}
		o := h.batch("b")
		o.OrgID = "clinic"
		target := indicator.Target{S: &indicator.Service{W: h.w, Home: "KZ"}}
		own := row("indicator", "nsp_syringes", "place", "KZ-75", "period", "2025-01-01/2025-12-31", "value", "100", "facility", "TP-7")
		other := row("indicator", "nsp_syringes", "place", "KZ-75", "period", "2025-01-01/2025-12-31", "value", "100", "facility", "TP-8")
		if err := target.Check(t.Context(), o, []*mapping.Row{own, other}); err != nil || len(own.Problems) != 0 || len(other.Problems) != 1 || other.Problems[0].Key != "indicator.import.facility" {
			t.Fatalf("own %+v, another's %+v, %v", own.Problems, other.Problems, err)
		}
		h.within(func(ctx context.Context, tx *change.Tx) error { return target.Apply(ctx, tx, o, []*mapping.Row{own}) })
		h.state("b", "applied")
		found, err := indicator.Find(t.Context(), h.db.Read, indicator.Question{Indicators: []string{"nsp_syringes"}, Country: "KZ", AsOf: baqylau.MustDate("2026-03-02")})
		if err != nil || len(found) != 1 || found[0].FacilityID != "f1" || found[0].Breakdown["facility"] != "f1" {
			t.Errorf("%+v %v", found, err)
		}
	})
}
