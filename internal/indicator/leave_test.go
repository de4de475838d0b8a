package indicator_test

import (
	"context"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure/suppress"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/release"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// The police take a file of a figure away. Two people more are found: the corrected figure would tell of the two, so it is hidden until ten more are. A figure that nobody took is corrected freely, and its earlier word is hidden.
func TestAFigureThatLeftIsNotCorrectedByFew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		s := h.service()
		key, err := secret.New([]byte(strings.Repeat("k", 32)))
		if err != nil {
			t.Fatal(err)
		}
		ledger := &release.Service{W: s.W, Seal: key.Seal, Open: key.Open}
		s.Ledger = func(ctx context.Context, dataset, mark, title string, t suppress.Table, leaves bool) (suppress.Answer, error) {
			return ledger.Answer(ctx, release.Publication{Dataset: dataset, Mark: mark, Title: title, Table: t}, leaves)
		}
		clinic := access.Actor{ID: "nurse", OrgID: "clinic", Domain: baqylau.HealthDomain, Roles: []access.Role{access.Reporter}}
		police := access.Actor{ID: "officer", OrgID: "police", Domain: baqylau.EnforcementDomain, Roles: []access.Role{access.Reporter}}
		centre := access.Actor{ID: "e", OrgID: "centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Epidemiology}}
		const taken, kept = "treatment_all_clients", "treatment_first_time_clients"
		say := func(code string, n float64) string {
			t.Helper()
			out, err := s.Enter(t.Context(), clinic, []indicator.Observation{count(code, 2024, n)}, nil)
			if err != nil {
				t.Fatal(err)
			}
			return out.IDs[0]
		}
		hides := func(a access.Actor, code, id string) bool {
			t.Helper()
			_, hidden, err := s.Shown(t.Context(), a, indicator.Question{Indicators: []string{code}, Country: "KZ", AsOf: baqylau.MustDate("2026-03-02")})
			if err != nil {
				t.Fatal(err)
			}
			return hidden[id]
		}
		say(taken, 40)
		say(kept, 30)
		for _, a := range []access.Actor{centre, police} { // who works on the figures takes nothing away
			if err := s.Leave(t.Context(), a, "KZ", taken); err != nil {
				t.Fatal(err)
			}
		}
		var lines int
		if err := db.Read.NewRaw("SELECT count(*) FROM disclosure_release").Scan(t.Context(), &lines); err != nil || lines != 1 {
			t.Errorf("%d lines in the ledger, %v", lines, err)
		}
		for _, c := range []struct {
			code string
			n    float64
			want bool
		}{{taken, 42, true}, {kept, 32, false}, {taken, 52, false}, {taken, 40, false}} {
			id := say(c.code, c.n)
			if got := hides(police, c.code, id); got != c.want {
				t.Errorf("%s, %v: hidden %v", c.code, c.n, got)
			}
			if hides(centre, c.code, id) || hides(clinic, c.code, id) {
				t.Errorf("%s, %v is hidden from the centre or its owner", c.code, c.n)
			}
		}
	})
}
