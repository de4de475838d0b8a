package harm_test

import (
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"

	"context"
)

// house is an empty node with a hospital, another one, and the police.
type house struct {
	t   testing.TB
	s   *harm.Service
	now time.Time
}

func actor(org string, domain baqylau.Domain, roles ...access.Role) access.Actor {
	return access.Actor{ID: "person-of-" + org, OrgID: org, Domain: domain, Roles: roles, Lang: baqylau.English}
}

var (
	hospital      = actor("hospital", baqylau.HealthDomain, access.Reporter)
	otherHospital = actor("clinic", baqylau.HealthDomain, access.Provider)
	police        = actor("police", baqylau.EnforcementDomain, access.Reporter, access.Authority)
	epidemiology  = actor("centre", baqylau.NeutralDomain, access.Epidemiology)
	author        = actor("centre", baqylau.NeutralDomain, access.Author)
)

// each tells a story on both engines.
func each(t *testing.T, story func(t *testing.T, h *house)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { story(t, newHouse(t, db)) })
}

func newHouse(t testing.TB, db *store.DB) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	w := change.New(db)
	w.Now = func() time.Time { return h.now }
	if _, err := db.Write.ExecContext(t.Context(), "INSERT INTO source (id, code, name, country, domain) VALUES ('extract', 'extract', '{}', 'KZ', 'health'), ('org:hospital', 'org:hospital', '{}', 'KZ', 'health')"); err != nil {
		t.Fatal(err)
	}
	for _, region := range []string{"KZ-62", "KZ-71", "KZ-75"} {
		if _, err := db.Write.ExecContext(t.Context(), "INSERT INTO region (code, country, kind, name) VALUES (?, 'KZ', 'region', '{}')", region); err != nil {
			t.Fatal(err)
		}
	}
	shelf, err := registry.NewShelf(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if h.s, err = harm.NewService(w, shelf, "KZ", t.TempDir()); err != nil {
		t.Fatal(err)
	}
	h.s.OwnSource = func(context.Context, *change.Tx, string) (string, error) { return "org:hospital", nil }
	return h
}

// certificate is a death of the general register.
func certificate(day string, underlying death.Code, causes ...death.Code) *harm.Death {
	d := &harm.Death{Record: death.Record{Register: death.General, Died: baqylau.MustDate(day), Precision: baqylau.Day, Sex: "male", Age: 31, Underlying: underlying, Causes: causes, Residence: "KZ-75",
		Manner: death.MannerOf(underlying), Autopsy: death.Yes, Toxicology: death.Yes}}
	if d.Manner == "" {
		d.Manner = death.UnknownManner
	}
	return d
}

func (h *house) keep(d *harm.Death) string {
	h.t.Helper()
	if err := h.s.KeepDeath(h.t.Context(), hospital, "", d); err != nil {
		h.t.Fatal(err)
	}
	return d.ID
}

func code(err error) baqylau.Code { return baqylau.CodeOf(err) }
