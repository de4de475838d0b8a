package treatment

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/secret"
	"github.com/baqylau/baqylau/internal/store"
)

// house is a workspace with two clinics, the epidemiologist of the centre, and the police.
type house struct {
	*Service
	t                              testing.TB
	clinic, prison, centre, police access.Actor
	day                            baqylau.Date
}

func open(t testing.TB, db *store.DB) *house {
	t.Helper()
	w := change.New(db)
	if err := registry.Seed(context.Background(), db, w, data.FS); err != nil {
		t.Fatal(err)
	}
	shelf, err := registry.NewShelf(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	key, err := secret.New([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Service: &Service{W: w, Shelf: shelf, Pseudonym: key.Pseudonym, Home: "KZ"}, t: t}
	h.setDay("2026-03-02")
	person := func(code string, d baqylau.Domain, r access.Role) access.Actor {
		id := "o-" + code
		if _, err := db.Write.NewRaw("INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES (?, ?, ?, 'police', ?, 'KZ', 0)", id, "test_"+code, baqylau.Same(code).JSON(), string(d)).Exec(context.Background()); err != nil {
			t.Fatal(err)
		}
		return access.Actor{ID: "a-" + code, Name: code, OrgID: id, Domain: d, Roles: []access.Role{r}, Lang: baqylau.Russian, MaxTLP: baqylau.TLPAmber}
	}
	h.clinic = person("clinic", baqylau.HealthDomain, access.Provider)
	h.prison = person("prison", baqylau.HealthDomain, access.PrisonHealth)
	h.centre = person("centre", baqylau.NeutralDomain, access.Epidemiology)
	h.police = person("police", baqylau.EnforcementDomain, access.Reporter)
	return h
}

func (h *house) setDay(day string) {
	h.day = baqylau.MustDate(day)
	h.W.Now = func() time.Time { return h.day.Time().Add(9 * time.Hour) }
}

// entry is a case of which a test says what matters, see Put.
func (h *house) entry(start, said string) Entry {
	h.t.Helper()
	e := Entry{Case: Case{Episode: tdi.New(baqylau.MustDate(start))}}
	for word := range strings.FieldsSeq(said) {
		field, value, _ := strings.Cut(word, "=")
		switch field {
		case tdi.FieldPerson:
			e.Number = value
		case "ref":
			e.Ref = value
		case "confirmed":
			e.Confirmed = value
		default:
			if err := e.Put(field, value); err != nil {
				h.t.Fatalf("%s: %v", word, err)
			}
		}
	}
	return e
}

func (h *house) enter(a access.Actor, start, said string) string {
	h.t.Helper()
	id, err := h.Enter(context.Background(), a, h.entry(start, said))
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// total is how many people of a year are counted as of a day.
func (h *house) total(year int, day string) int {
	h.t.Helper()
	asOf := baqylau.MustDate(day)
	rule, _, err := h.RuleOf(context.Background(), "KZ", asOf)
	if err != nil {
		h.t.Fatal(err)
	}
	y, err := h.count(context.Background(), Question{Country: "KZ", From: year, To: year, AsOf: asOf, Rule: rule}, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return y.Whole.People
}

func keys(err error) (out []string) {
	var es baqylau.Errors
	var e *baqylau.Error
	if errorsAs(err, &es) {
		for _, x := range es {
			out = append(out, x.Key)
		}
	} else if errorsAs(err, &e) {
		out = append(out, e.Key)
	}
	return out
}
