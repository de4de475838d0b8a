package indicator_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/baqylau/baqylau/internal/web"
)

// on is the values that stand on a day.
func (h *house) on(day string) (out []float64) {
	h.t.Helper()
	for _, o := range h.find(day) {
		out = append(out, *o.Value)
	}
	return out
}

func (h *house) standsOn(day string, want ...float64) {
	h.t.Helper()
	if got := h.on(day); !slices.Equal(got, want) {
		h.t.Errorf("on %s stand %v, want %v", day, got, want)
	}
}

func known(o indicator.Observation, day string) indicator.Observation {
	o.Known = baqylau.MustDate(day)
	return o
}

// A statement that was known earlier and comes later takes its place in the past; what was chosen stays chosen through a correction.
func TestWhatWasKnownEarlierComesLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.record(known(stock("ministry", 18226), "2024-07-01"))
		h.record(known(stock("ministry", 18000), "2024-02-01"))
		h.standsOn("2024-01-31")
		h.standsOn("2024-03-01", 18000)
		h.standsOn("2024-08-01", 18226)
		h.standsOn("2026-03-02", 18226)
		if got := h.record(known(stock("ministry", 18000), "2024-02-01")); got[0] != indicator.Same {
			t.Errorf("sent again: %v", got)
		}
		h.record(known(stock("ministry", 18100), "2024-05-01"), known(stock("ministry", 18050), "2024-04-01"))
		h.standsOn("2024-04-15", 18050)
		h.standsOn("2024-05-15", 18100)
		h.standsOn("2024-08-01", 18226)

		h.record(stock("police", 18329))
		s := &indicator.Service{W: h.w}
		all := h.find("2026-03-02")
		chosen := all[slices.IndexFunc(all, func(o indicator.Observation) bool { return o.SourceID == "ministry" })]
		if err := s.Use(t.Context(), access.TheSystem(), chosen.ID, "the register's own count"); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.AddDate(0, 1, 0)
		h.record(stock("ministry", 18230))
		h.record(stock("ministry", 18231))
		for day, want := range map[string]float64{"2026-03-15": 18226, "2026-04-15": 18231} {
			choices, err := indicator.Choices(t.Context(), db.Read, []string{chosen.Cell()}, baqylau.MustDate(day))
			if err != nil {
				t.Fatal(err)
			}
			used := 0.0
			for _, o := range h.find(day) {
				if o.ID == choices[o.Cell()].ObservationID {
					used = *o.Value
				}
			}
			if used != want {
				t.Errorf("on %s %v is used, want %v", day, used, want)
			}
		}
	})
}

// While an import is written a person corrects what it is about to replace, enters what it is about to bring, and a late file brings what was known before: afterwards one row of each stands,
// and undone the import has never been.
func TestAnImportMeetsWhatWasSaidMeanwhile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		target := indicator.Target{}
		other := func(value float64) indicator.Observation {
			o := stock("ministry", value)
			o.Start, o.End = baqylau.MustDate("2022-01-01"), baqylau.MustDate("2022-12-31")
			return o
		}
		late := func(value float64, day string) indicator.Observation {
			o := known(stock("ministry", value), day)
			o.Start, o.End = baqylau.MustDate("2021-01-01"), baqylau.MustDate("2021-12-31")
			return o
		}
		h.record(late(300, "2024-07-01"), known(stock("ministry", 1), "2026-03-01"))
		b := h.batch("b")
		in := func(o indicator.Observation) indicator.Observation { o.BatchID = "b"; return o }
		h.record(in(stock("ministry", 2)), in(other(20)), in(late(310, "2024-02-01")))
		h.record(stock("ministry", 3), other(30))
		h.standsOn("2026-03-02", 300, 30, 3)
		h.standsOn("2024-03-01")
		h.state("b", "applied")
		h.within(func(ctx context.Context, tx *change.Tx) error { return target.Reveal(ctx, tx, b) })
		h.standsOn("2026-03-02", 300, 30, 3)
		h.standsOn("2024-03-01", 310)
		h.state("b", "undone")
		h.within(func(ctx context.Context, tx *change.Tx) error { return target.Undo(ctx, tx, b) })
		h.standsOn("2026-03-02", 300, 30, 3)
		h.standsOn("2024-03-01")
	})
}

// A repeat with another value is told however far apart in the file the two stand; so are periods that have not ended, and cumulative ones that do not begin with the year.
func TestAFileContradictsItselfFarApart(t *testing.T) {
	line := func(more ...string) *mapping.Row {
		return row(append([]string{"indicator", "offenders", "period", "2023-01-01/2023-12-31", "value", "1"}, more...)...)
	}
	o := mapping.Origin{SourceID: "s", Country: "KZ", Today: baqylau.MustDate("2026-03-02"), Said: &mapping.Said{}}
	for _, c := range []struct {
		row  *mapping.Row
		want string
	}{{line(), ""}, {line(), ""}, {line("value", "2"), "indicator.import.twice"}, {line("period", "2026-01-01/2026-12-31"), "indicator.import.future"},
		{line("period", "2024-03-01/2024-05-31", "cumulative", "yes"), "indicator.import.cumulative"}, {line("period", "2024-01-01/2024-05-31", "cumulative", "yes"), ""}} {
		if err := (indicator.Target{}).Check(t.Context(), o, []*mapping.Row{c.row}); err != nil { // each in a chunk of its own
			t.Fatal(err)
		}
		got := ""
		for _, p := range c.row.Problems {
			got += p.Key
		}
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.row.Values, got, c.want)
		}
	}
}

// Of many figures every mistake is told with its place.
func TestEveryMistakeIsToldAtItsItem(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.Open(t, store.SQLite))
	s := h.service()
	all := []indicator.Observation{count("offenders", 2024, 9), count("offenders", 2027, 9), count("unicorns", 2023, 9)}
	_, err := s.Enter(t.Context(), access.TheSystem(), all, nil)
	if baqylau.CodeOf(err) != baqylau.Invalid || !strings.Contains(err.Error(), "items[1].end") || !strings.Contains(err.Error(), "items[2].indicator") || strings.Contains(err.Error(), "items[0]") {
		t.Errorf("%v", err)
	}
}

// The catalogue shows what a person chose, as the explorer does, and the pyramid too: a half-year or another source never takes its place by chance of order.
func TestTheCatalogueAndThePyramidShowWhatWasChosen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		s := h.service()
		of := func(source string, value float64, more func(*indicator.Observation)) indicator.Observation {
			o := stock(source, value)
			o.Indicator = "offenders"
			more(&o)
			return o
		}
		h.record(of("ministry", 7111, func(*indicator.Observation) {}), of("police", 7222, func(*indicator.Observation) {}))
		for i, age := range []string{"15-19", "20-24", "25-29"} {
			for j, sex := range []string{"male", "female"} {
				in := func(o *indicator.Observation) { o.Age, o.Sex = age, sex }
				h.record(of("ministry", float64(3100+10*i+j), in), of("police", float64(4100+10*i+j), in),
					of("ministry", float64(1100+10*i+j), func(o *indicator.Observation) { in(o); o.Start = baqylau.MustDate("2023-07-01") }))
			}
		}
		all, err := indicator.Find(t.Context(), db.Read, indicator.Question{Indicators: []string{"offenders"}, Country: "KZ", AsOf: baqylau.MustDate("2026-03-02")})
		if err != nil {
			t.Fatal(err)
		}
		page := func(address string) string {
			rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return access.TheSystem() }, Now: h.w.Now, Layout: func(c *web.Ctx, p web.Page) error {
				return p.Body.Render(locale.With(c.Context(), baqylau.English), c.W)
			}})
			indicator.Routes(rt, s)
			rec := httptest.NewRecorder()
			rt.ServeHTTP(rec, httptest.NewRequest("GET", address, nil))
			return rec.Body.String()
		}
		for _, source := range []string{"ministry", "police"} {
			for _, o := range all {
				if o.SourceID == source && o.Start == baqylau.MustDate("2023-01-01") {
					if err := s.Use(t.Context(), access.TheSystem(), o.ID, "as agreed"); err != nil {
						t.Fatal(err)
					}
				}
			}
			shown, others := "7,111", "7,222"
			pyramid, other := "3,121", "4,121"
			if source == "police" {
				shown, others, pyramid, other = others, shown, other, pyramid
			}
			if body := page("/indicators"); !strings.Contains(body, shown) || strings.Contains(body, others) {
				t.Errorf("the catalogue does not show the choice of %s", source)
			}
			if body := page("/indicators/offenders"); !strings.Contains(body, pyramid) || strings.Contains(body, other) || strings.Contains(body, "1,121") {
				t.Errorf("the pyramid does not show the choice of %s", source)
			}
		}
	})
}

// A form of many figures holds what the organisation itself said, not the yearbook that it imported, nor another unit.
func TestAFormHoldsItsOwnStatementsOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		s := h.service()
		for _, q := range []string{`INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES ('centre', 'centre', '{}', 'hospital', 'neutral', 'KZ', 0)`,
			`INSERT INTO source (id, code, name, country, domain, org_id) VALUES ('own', 'org:own', '{}', 'KZ', 'neutral', 'centre')`} {
			if _, err := db.Write.ExecContext(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		by := func(source, code string, value float64, more func(*indicator.Observation)) indicator.Observation {
			o := stock(source, value)
			o.Indicator, o.OrgID = code, "centre"
			more(&o)
			return o
		}
		h.record(by("own", "offenders", 7111, func(*indicator.Observation) {}), by("own", "offenders", 7333, func(o *indicator.Observation) { o.Citation = "a yearbook" }),
			by("ministry", "offenders", 7222, func(*indicator.Observation) {}), by("own", "seizures_quantity", 7444, func(o *indicator.Observation) { o.Unit = "tablets" }))
		actor := access.Actor{ID: "e", OrgID: "centre", Domain: baqylau.NeutralDomain, Roles: []access.Role{access.Epidemiology}, Lang: baqylau.English}
		rt := web.NewRouter(web.Options{Authenticate: func(*http.Request) access.Actor { return actor }, Now: h.w.Now, Layout: func(c *web.Ctx, p web.Page) error {
			return p.Body.Render(locale.With(c.Context(), baqylau.English), c.W)
		}})
		indicator.Routes(rt, s)
		rec := httptest.NewRecorder()
		rt.ServeHTTP(rec, httptest.NewRequest("GET", "/observations/grid?indicator=offenders&indicator=seizures_quantity&start=2023-01-01&end=2023-12-31", nil))
		body := strings.ReplaceAll(rec.Body.String(), ",", "")
		if !strings.Contains(body, "7111") {
			t.Errorf("what it said itself is missing: %d", rec.Code)
		}
		for _, other := range []string{"7222", "7333", "7444"} {
			if strings.Contains(body, other) {
				t.Errorf("%s is said again on saving", other)
			}
		}
	})
}
