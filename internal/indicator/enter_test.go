package indicator_test

import (
	"context"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// service is the room with the registry that ships with the product.
func (h *house) service() *indicator.Service {
	h.t.Helper()
	if err := registry.Seed(h.t.Context(), h.db, h.w, data.FS); err != nil {
		h.t.Fatal(err)
	}
	shelf, err := registry.NewShelf(h.t.Context(), h.db)
	if err != nil {
		h.t.Fatal(err)
	}
	return &indicator.Service{W: h.w, Shelf: shelf, Home: "KZ", OwnSource: func(_ context.Context, _ *change.Tx, orgID string) (string, error) {
		if orgID == "police" {
			return "police", nil
		}
		return "ministry", nil
	}}
}

func count(code string, year int, value float64) indicator.Observation {
	return indicator.Observation{Indicator: code, Start: baqylau.NewDate(year, 1, 1), End: baqylau.NewDate(year, 12, 31), Value: &value}
}

// A clinic enters a figure, corrects it, and the past stays as it was; the police can neither correct it nor see a small count, and the rules ask what does not fit.
func TestAFigureIsEnteredAndCorrected(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		s := h.service()
		clinic := access.Actor{ID: "nurse", OrgID: "clinic", Domain: baqylau.HealthDomain, Roles: []access.Role{access.Reporter}}
		police := access.Actor{ID: "officer", OrgID: "police", Domain: baqylau.EnforcementDomain, Roles: []access.Role{access.Reporter}}
		first, err := s.Enter(t.Context(), clinic, []indicator.Observation{count("treatment_all_clients", 2024, 3), count("treatment_first_time_clients", 2024, 5)}, nil)
		if err != nil || len(first.IDs) != 2 || first.Outcomes[0] != indicator.New {
			t.Fatalf("%+v %v", first, err)
		}
		o, err := indicator.Get(t.Context(), db.Read, first.IDs[0])
		if err != nil || o.Unit != "persons" || o.Country != "KZ" || o.Place != "KZ" || o.OrgID != "clinic" {
			t.Fatalf("%+v %v", o, err)
		}
		asked, err := s.Asked(t.Context(), first.IDs, &o)
		if err != nil || len(asked) != 1 || asked[0].Rule != "part" {
			t.Errorf("more first-time clients than clients: %+v %v", asked, err)
		}
		q := indicator.Question{Indicators: []string{"treatment_all_clients"}, Country: "KZ", AsOf: baqylau.MustDate("2026-03-02")}
		for who, want := range map[string]struct {
			actor access.Actor
			hides bool
		}{"the police": {police, true}, "the clinic itself": {clinic, false},
			"the epidemiologist": {access.Actor{ID: "e", OrgID: "centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Epidemiology}}, false}} {
			if _, hidden, err := s.Shown(t.Context(), want.actor, q); err != nil || hidden[o.ID] != want.hides {
				t.Errorf("%s: hidden %v %v", who, hidden[o.ID], err)
			}
		}
		if _, err := s.Correct(t.Context(), police, o.ID, func(o *indicator.Observation) {}); err == nil {
			t.Error("the police corrected a clinic's figure")
		}
		if _, err := s.Correct(t.Context(), clinic, o.ID, func(o *indicator.Observation) { o.Sex = "male" }); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("moved to another cell: %v", err)
		}
		h.now = h.now.AddDate(0, 1, 0)
		eight := 8.0
		fixed, err := s.Correct(t.Context(), clinic, o.ID, func(o *indicator.Observation) { o.Value = &eight })
		if err != nil || fixed.Outcomes[0] != indicator.Amended {
			t.Fatalf("%+v %v", fixed, err)
		}
		q.AsOf = baqylau.MustDate("2026-04-02")
		if _, hidden, err := s.Shown(t.Context(), police, q); err != nil || hidden[fixed.IDs[0]] {
			t.Errorf("what was hidden before is still held: %v %v", hidden, err)
		}
		if _, hidden, err := s.Shown(t.Context(), police, indicator.Question{Indicators: q.Indicators, Country: "KZ", AsOf: baqylau.MustDate("2026-03-02")}); err != nil || !hidden[o.ID] {
			t.Errorf("the past tells the small count: %v %v", hidden, err)
		}
		all, err := indicator.History(t.Context(), db.Read, o.Cell())
		if err != nil || len(all) != 2 || *all[0].Value != 3 || *all[1].Value != 8 || all[1].SupersedesID != o.ID {
			t.Errorf("history: %+v %v", all, err)
		}
		for name, bad := range map[string]indicator.Observation{"of next year": count("treatment_all_clients", 2027, 3), "of an unknown indicator": count("unicorns", 2024, 3),
			"of an unknown place": func() indicator.Observation { o := count("offenders", 2024, 3); o.Place = "XX-9"; return o }()} {
			if _, err := s.Enter(t.Context(), clinic, []indicator.Observation{count("offenders", 2024, 9), bad}, nil); baqylau.CodeOf(err) != baqylau.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if found, _ := indicator.Find(t.Context(), db.Read, indicator.Question{Indicators: []string{"offenders"}, AsOf: baqylau.MustDate("2026-06-01")}); len(found) != 0 {
			t.Errorf("bad input was taken in part: %d", len(found))
		}
	})
}
