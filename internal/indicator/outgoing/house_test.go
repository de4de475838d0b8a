package outgoing_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/outgoing"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

// house is a node with figures, deaths and a treatment register of three people.
type house struct {
	t       *testing.T
	s       *outgoing.Service
	w       *change.Writer
	now     time.Time
	hidden  map[string]bool
	left    []string       // datasets of tables that left
	readers []access.Actor // for whom tables were asked
}

func actor(org string, domain baqylau.Domain, roles ...access.Role) access.Actor {
	return access.Actor{ID: "person-of-" + org, OrgID: org, Domain: domain, Roles: roles, Lang: baqylau.English}
}

var (
	epidemiology = actor("centre", baqylau.NeutralDomain, access.Epidemiology)
	liaison      = actor("centre", baqylau.NeutralDomain, access.Liaison)
	police       = actor("police", baqylau.EnforcementDomain, access.Reporter)
	hospital     = actor("hospital", baqylau.HealthDomain, access.Reporter)
)

// each tells a story on both engines; seeded, in a registry that knows the regions.
func each(t *testing.T, story func(t *testing.T, h *house)) { open(t, false, story) }

func seeded(t *testing.T, story func(t *testing.T, h *house)) { open(t, true, story) }

func open(t *testing.T, seed bool, story func(t *testing.T, h *house)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := &house{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), hidden: map[string]bool{}}
		h.w = change.New(db)
		h.w.Now = func() time.Time { return h.now }
		if seed {
			if err := registry.Seed(t.Context(), db, h.w, data.FS); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.Write.ExecContext(t.Context(), "INSERT INTO source (id, code, name, country, domain) VALUES ('ministry', 'ministry', '{\"en\":\"Ministry of Health\"}', 'KZ', 'neutral'), ('org:hospital', 'org:hospital', '{}', 'KZ', 'health')"); err != nil {
			t.Fatal(err)
		}
		shelf, err := registry.NewShelf(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if h.s, err = outgoing.NewService(h.w, shelf, "KZ", t.TempDir()); err != nil {
			t.Fatal(err)
		}
		h.s.Figures = &indicator.Service{W: h.w, Shelf: shelf, Home: "KZ"}
		if h.s.Harm, err = harm.NewService(h.w, shelf, "KZ", t.TempDir()); err != nil {
			t.Fatal(err)
		}
		h.s.Harm.OwnSource = func(context.Context, *change.Tx, string) (string, error) { return "org:hospital", nil }
		h.s.Hidden = func(ctx context.Context, a access.Actor, country string, day baqylau.Date, codes ...string) (map[string]bool, error) {
			hidden, err := h.s.Figures.Hidden(ctx, a, country, day, codes...)
			if disclosure.AudienceOf(a) != disclosure.Working {
				maps.Copy(hidden, h.hidden)
			}
			return hidden, err
		}
		h.s.Treatment = h.treatment
		h.s.Release = func(_ context.Context, dataset, _, _ string, t *disclosure.Tally, leaves bool) (*disclosure.Shown, error) {
			if leaves {
				h.left = append(h.left, dataset)
			}
			return t.Show(disclosure.Figure{Persons: true}, disclosure.Public)
		}
		h.s.TreatmentTitle = func(_ context.Context, s *tdi.Spec) string { return s.Name }
		story(t, h)
	})
}

// treatment is a register whose every figure is 7, but for one that is hidden and the mean of nobody; there is none before 2025.
func (h *house) treatment(_ context.Context, a access.Actor, _ string, year int, _ baqylau.Date) (outgoing.Entrants, error) {
	h.readers = append(h.readers, a)
	if year < 2025 {
		return outgoing.Entrants{None: true}, nil
	}
	return outgoing.Entrants{Synthetic: true, Table: func(id string) ([][]outgoing.Count, error) {
		spec, _ := tdi.SpecOf(id)
		out := make([][]outgoing.Count, len(spec.Rows.Lines))
		for i := range out {
			for j := range spec.Cols.Lines {
				n := outgoing.Count{Text: "7"}
				switch {
				case spec.Means && j%3 != 2:
					n.Text = "31.50"
				case i == 0 && j == 0 && disclosure.AudienceOf(a) != disclosure.Working:
					n = outgoing.Count{Hidden: true}
				}
				if spec.Means && i == 1 && j == 0 {
					n.Text = ""
				}
				out[i] = append(out[i], n)
			}
		}
		return out, nil
	}}, nil
}

// figure is an observation of Kazakhstan in 2025, to be changed.
func figure(code string, value float64, change ...func(*indicator.Observation)) indicator.Observation {
	o := indicator.Observation{Indicator: code, Unit: "cases", Country: "KZ", Start: baqylau.MustDate("2025-01-01"), End: baqylau.MustDate("2025-12-31"), Value: &value, SourceID: "ministry", Domain: baqylau.NeutralDomain}
	for _, f := range change {
		f(&o)
	}
	o.Fill()
	return o
}

func (h *house) record(all ...indicator.Observation) {
	h.t.Helper()
	for i := range all {
		if err := all[i].Check(); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := h.w.Do(h.t.Context(), access.TheSystem(), access.IndicatorWrite, func(ctx context.Context, tx *change.Tx) error {
		tx.Subject("observation", "", "", nil)
		_, err := indicator.Record(ctx, tx, all)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) fill(code string, change ...func(*outgoing.Asked)) *outgoing.Obligation {
	h.t.Helper()
	a := outgoing.Asked{Template: code, Year: 2025, AsOf: baqylau.MustDate("2026-03-02")}
	for _, f := range change {
		f(&a)
	}
	o, err := h.s.Fill(h.t.Context(), epidemiology, a)
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

// cell finds a cell by table, row and column.
func (h *house) cell(o *outgoing.Obligation, table, row, col string) outgoing.Cell {
	h.t.Helper()
	for p := range o.Each {
		if p.Table.ID == table && !p.Table.Text && p.Table.Rows[p.Row].Code == row && p.Table.Columns[p.Col].Code == col {
			return *p.Cell
		}
	}
	h.t.Fatalf("no cell %s, %s × %s", table, row, col)
	return outgoing.Cell{}
}

func (h *house) visit(a access.Actor, l baqylau.Lang, path string) *httptest.ResponseRecorder {
	h.t.Helper()
	a.Lang = l
	rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return a }, Now: h.w.Now, Layout: func(c *web.Ctx, p web.Page) error {
		if p.Status != 0 {
			c.W.WriteHeader(p.Status)
		}
		return p.Body.Render(locale.With(c.Context(), l), c.W)
	}})
	outgoing.Routes(rt, h.s)
	rec := httptest.NewRecorder()
	req := httptest.NewRequest("GET", path, nil)
	req.Header.Set("Accept-Language", string(l))
	rt.ServeHTTP(rec, req)
	return rec
}
