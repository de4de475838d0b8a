package app_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/estimate"
	"github.com/baqylau/baqylau/internal/indicator/estimate/compute"
	"github.com/baqylau/baqylau/internal/indicator/facility"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/infection"
	"github.com/baqylau/baqylau/internal/indicator/register"
	"github.com/baqylau/baqylau/internal/indicator/treatment"
	"github.com/baqylau/baqylau/internal/store"
)

// few are the small counts of every room: two persons here and three there, which change places. What is the same in both worlds – all totals, all counts of five and more – may be shown; a reader
// to whom the two look alike cannot have computed a small count from what he saw, by whatever means.
type few struct {
	movers     []func(t *testing.T, second bool)
	estimate   [2]string // identifiers of the estimates that stand
	substances []string  // with few patients
}

const (
	fewHere, fewThere = "KZ-35", "KZ-63" // regions with the small counts; KZ-75 and KZ-71 have the large ones
	fewYear           = 2025
)

// plantFew has the hospital enter small counts in every room.
func (h *house) plantFew(t *testing.T) *few {
	t.Helper()
	f := &few{}
	h.fewDeaths(t, f)
	h.fewRegistrations(t, f)
	h.fewEpisodes(t, f)
	h.fewInfections(t, f)
	h.fewFigures(t, f)
	h.fewClients(t, f)
	h.fewEstimates(t, f)
	h.fewCurves(t, f)
	return f
}

// move makes one of the two worlds.
func (f *few) move(t *testing.T, second bool) {
	t.Helper()
	for _, m := range f.movers {
		m(t, second)
	}
}

// pick is the first or the second of two.
func pick[T any](second bool, a, b T) T {
	if second {
		return b
	}
	return a
}

func (h *house) fewDeaths(t *testing.T, f *few) {
	t.Helper()
	record := func(region string, drug death.Code, day string) *harm.Death {
		return &harm.Death{Record: death.Record{Register: death.General, Died: baqylau.MustDate(day), Precision: baqylau.Day, Sex: "male", Age: 31, Underlying: "X42", Causes: []death.Code{drug}, Residence: region,
			Manner: death.Accident, Autopsy: death.Yes, Toxicology: death.Yes}}
	}
	keep := func(id string, d *harm.Death) string {
		t.Helper()
		if err := h.Harm.KeepDeath(ctx, h.people["hospital"].Actor, id, d); err != nil {
			t.Fatal(err)
		}
		return d.ID
	}
	day := strconv.Itoa(fewYear) + "-05-01"
	many := func(n int, region string, drug death.Code, day string) {
		for range n {
			keep("", record(region, drug, day))
		}
	}
	many(12, "KZ-75", "T40.1", day)
	many(9, "KZ-71", "T40.1", day)
	many(2, fewHere, "T40.1", day)
	many(2, fewThere, "T40.1", day)
	many(2, "KZ-75", "T40.4", day) // by drug
	many(2, "KZ-75", "T40.5", day)
	many(8, "KZ-75", "T40.1", "2023-05-01")
	many(2, "KZ-75", "T40.1", "2022-05-01") // by year
	many(2, "KZ-75", "T40.1", "2021-05-01")
	byRegion, byDrug, byYear := keep("", record(fewThere, "T40.1", day)), keep("", record("KZ-75", "T40.5", day)), keep("", record("KZ-75", "T40.1", "2022-05-01"))
	f.movers = append(f.movers, func(t *testing.T, second bool) {
		byRegion = keep(byRegion, record(pick(second, fewThere, fewHere), "T40.1", day))
		byDrug = keep(byDrug, record("KZ-75", pick[death.Code](second, "T40.5", "T40.4"), day))
		byYear = keep(byYear, record("KZ-75", "T40.1", pick(second, "2022-05-01", "2021-05-01")))
	})
}

func (h *house) fewRegistrations(t *testing.T, f *few) {
	t.Helper()
	stay := func(region, drug, reason string) *harm.Registration {
		return &harm.Registration{Registration: register.Registration{Region: region, Entered: baqylau.NewDate(fewYear, 3, 1), EntryReason: reason, Sex: "male", Drug: drug, Born: 1985}}
	}
	keep := func(id string, r *harm.Registration) string {
		t.Helper()
		if err := h.Harm.KeepRegistration(ctx, h.people["hospital"].Actor, id, r); err != nil {
			t.Fatal(err)
		}
		return r.ID
	}
	for region, n := range map[string]int{"KZ-75": 11, "KZ-71": 7, fewHere: 2, fewThere: 2} {
		for range n {
			keep("", stay(region, "1.1", "first"))
		}
	}
	bare := func() *harm.Registration { // what two lack, three will lack
		r := stay("KZ-75", "", "first")
		r.Born = 0
		return r
	}
	for range 2 {
		keep("", bare())
	}
	byRegion, byDrug := keep("", stay(fewThere, "1.1", "first")), keep("", stay("KZ-75", "1.1", "first"))
	f.movers = append(f.movers, func(t *testing.T, second bool) {
		byRegion = keep(byRegion, stay(pick(second, fewThere, fewHere), "1.1", "first"))
		byDrug = keep(byDrug, pick(second, stay("KZ-75", "1.1", "first"), bare()))
	})
}

func (h *house) fewEpisodes(t *testing.T, f *few) {
	t.Helper()
	entry := func(ref, referral string) treatment.Entry {
		e, err := treatment.Answers(map[string]string{"start": strconv.Itoa(fewYear) + "-02-10", "centre_type": "outpatient", "ever_treated": "1", "sex": "male", "age_at_start": "27", "primary_drug": "1.1", "region": "KZ-75", "referral": referral})
		if err != nil {
			t.Fatal(err)
		}
		e.Ref = ref
		return e
	}
	n := 0
	for referral, k := range map[string]int{"1": 12, "2": 9, "3": 2, "4": 2} {
		for range k {
			n++
			if _, err := h.Treatment.Enter(ctx, h.people["hospital"].Actor, entry(fmt.Sprint("few", n), referral)); err != nil {
				t.Fatal(err)
			}
		}
	}
	one, err := h.Treatment.Enter(ctx, h.people["hospital"].Actor, entry("few", "4"))
	if err != nil {
		t.Fatal(err)
	}
	f.movers = append(f.movers, func(t *testing.T, second bool) {
		if one, err = h.Treatment.Amend(ctx, h.people["hospital"].Actor, one, entry("few", pick(second, "4", "3"))); err != nil {
			t.Fatal(err)
		}
	})
}

func (h *house) fewInfections(t *testing.T, f *few) {
	t.Helper()
	x := &harm.Study{}
	x.Kind, x.Title, x.Place, x.Start, x.End = "seroprevalence", "Sentinel survey", "KZ", baqylau.NewDate(fewYear, 3, 1), baqylau.NewDate(fewYear, 6, 30)
	x.Counts = []infection.Count{{Measure: "anti-HCV", Tested: 100, Positive: 64}, {Measure: "anti-HCV", Breakdown: "sex=male", Tested: 60, Positive: 32}, {Measure: "anti-HCV", Breakdown: "sex=female", Tested: 40, Positive: 32},
		{Measure: "anti-HIV", Tested: 100, Positive: 25}, {Measure: "anti-HIV", Breakdown: "sex=male", Tested: 60, Positive: 23}, {Measure: "anti-HIV", Breakdown: "sex=female", Tested: 40, Positive: 2}}
	if err := h.Harm.KeepStudy(ctx, h.people["hospital"].Actor, "", x); err != nil {
		t.Fatal(err)
	}
	f.movers = append(f.movers, func(t *testing.T, second bool) {
		h.exec(t, "UPDATE infection_count SET positive = ? WHERE study_id = ? AND position = 5", pick(second, 2, 3), x.ID)
		h.exec(t, "UPDATE infection_count SET positive = ? WHERE study_id = ? AND position = 4", pick(second, 23, 22), x.ID)
	})
}

// fewIndicator is a figure of persons, counted by region.
const fewIndicator = "registered_drug_users_new"

func (h *house) fewFigures(t *testing.T, f *few) {
	t.Helper()
	figure := func(place string, n float64) indicator.Observation {
		return indicator.Observation{Indicator: fewIndicator, Unit: "persons", Country: "KZ", Place: place, Start: baqylau.NewDate(fewYear, 1, 1), End: baqylau.NewDate(fewYear, 12, 31), Value: &n}
	}
	enter := func(all ...indicator.Observation) {
		t.Helper()
		if _, err := h.Figures.Enter(ctx, h.people["hospital"].Actor, all, nil); err != nil {
			t.Fatal(err)
		}
	}
	alone := figure("KZ", 3)
	alone.Indicator = "treatment_anonymous_clients"
	enter(figure("KZ", 40), figure("KZ-75", 20), figure("KZ-71", 15), figure(fewHere, 2), figure(fewThere, 3), alone)
	alone.Value = new(float64)
	*alone.Value = 2
	enter(alone, figure(fewHere, 3), figure(fewThere, 2)) // corrected: what was said before is as small
	f.movers = append(f.movers, func(t *testing.T, second bool) {
		h.restate(t, fewIndicator, fewHere, "", pick(second, 2, 3))
		h.restate(t, fewIndicator, fewThere, "", pick(second, 3, 2))
		h.restate(t, alone.Indicator, "KZ", "", pick(second, 2, 3))
	})
}

// restate puts a number in the place of all that was ever said of a figure, so that nothing but the number tells the worlds apart.
func (h *house) restate(t *testing.T, code, place, facility string, n int) {
	t.Helper()
	h.exec(t, "UPDATE observation SET value = ? WHERE indicator = ? AND place = ? AND COALESCE(facility_id, '') = ?", n, code, place, facility)
	h.exec(t, "UPDATE counter SET value = value + 1 WHERE name = ?", "figures|"+code+"|KZ")
}

func (h *house) fewClients(t *testing.T, f *few) {
	t.Helper()
	point := func(code, region string) string {
		x := &facility.Facility{Code: code, Name: baqylau.Same("Point " + code), Region: region, Kind: "low_threshold", Services: []string{"oat"}}
		if err := h.Facilities.Keep(ctx, h.people["hospital"].Actor, "", x); err != nil {
			t.Fatal(err)
		}
		return x.ID
	}
	report := func(id string, year int, n float64) {
		t.Helper()
		if err := h.Facilities.Report(ctx, h.people["hospital"].Actor, id, year, map[string]*float64{"oat_clients": &n}); err != nil {
			t.Fatal(err)
		}
	}
	here, there, alone := point("1", fewHere), point("2", fewHere), point("5", "KZ-71")
	report(point("3", fewHere), fewYear, 40)
	report(point("4", "KZ-75"), fewYear, 60)
	need := 5000.
	if _, err := h.Figures.Enter(ctx, h.people["epidemiologist"].Actor, []indicator.Observation{{Indicator: "pwid_estimate", Unit: "persons", Country: "KZ", Place: "KZ", Start: baqylau.NewDate(fewYear-1, 1, 1), End: baqylau.NewDate(fewYear-1, 12, 31), Value: &need}}, nil); err != nil {
		t.Fatal(err)
	}
	for _, n := range []float64{3, 2} { // said and corrected
		report(here, fewYear, n)
		report(there, fewYear, n)
		report(alone, fewYear-1, n)
	}
	f.movers = append(f.movers, func(t *testing.T, second bool) {
		h.restate(t, "oat_clients", fewHere, here, pick(second, 2, 3))
		h.restate(t, "oat_clients", fewHere, there, pick(second, 3, 2))
		h.restate(t, "oat_clients", "KZ-71", alone, pick(second, 2, 3)) // in a year of its own: the sum of the country is as small
	})
}

func (h *house) fewEstimates(t *testing.T, f *few) {
	t.Helper()
	f.movers = append(f.movers, func(t *testing.T, second bool) {
		for i, e := range []*estimate.Estimate{
			{Method: "multiplier", Title: "Of few", Inputs: compute.Inputs{"benchmark": "60", "reported": pick(second, "2", "3"), "asked": "40"}},
			{Method: "log_linear", Title: "Of many", Inputs: compute.Inputs{"histories": "111 " + pick(second, "2", "3") + "\n110 20\n101 " + pick(second, "21", "20") + "\n011 22\n100 101\n010 99\n001 150"}},
		} {
			e.Target, e.Place, e.Start, e.End, e.Age, e.Citation = "injecting", "KZ-75", baqylau.NewDate(fewYear, 1, 1), baqylau.NewDate(fewYear, 12, 31), "15-64", "registers"
			if f.estimate[i] == "" {
				f.estimate[i] = store.NewID()
			}
			h.exec(t, "DELETE FROM estimate WHERE id = ?", f.estimate[i]) // the same address in both worlds
			if err := h.Estimates.Run(ctx, h.people["epidemiologist"].Actor, e); err != nil {
				t.Fatal(err)
			}
			h.exec(t, "UPDATE estimate SET id = ?, recorded_at = ? WHERE id = ?", f.estimate[i], i+1, e.ID)
		}
	})
}

// fewCurves are patients of two substances, as detectors and the overview count them.
func (h *house) fewCurves(t *testing.T, f *few) {
	t.Helper()
	two := h.list(t, "SELECT id FROM substance WHERE id NOT IN (SELECT dim_id FROM series_cell) ORDER BY id LIMIT 2")
	for _, sub := range two {
		h.exec(t, "INSERT INTO series_subject (dim, dim_id) VALUES ('substance', ?) ON CONFLICT DO NOTHING", sub)
	}
	h.exec(t, `INSERT INTO signal (id, ref, dedup_key, type, rule, country, region, substance_id, raised_on, first_event_on, events, title, explanation, evidence, rank, scores,
		priority, confidence, state, due_at, created_at, updated_at) VALUES ('few', 'S-2000-0001', 'few', 'exact', 'exact', 'KZ', 'KZ-35', ?, ?, ?, 0, '{}', '[]', '{}', 0.5, '{}',
		'amber', 'suspected', 'detected', 0, 1, 1)`, two[0], h.today().String(), h.today().AddDays(-14).String())
	f.movers = append(f.movers, func(t *testing.T, second bool) {
		n := pick(second, 2, 3)
		h.exec(t, "UPDATE signal SET events = ?, title = ?, explanation = ?, evidence = ?, scores = ? WHERE id = 'few'", n, fmt.Sprintf(`{"key":"signal.title.rise","args":{"Substance":"%s"}}`, two[0]),
			fmt.Sprintf(`[{"key":"rules.rise_substance_region","args":{"Substance":"%s","Region":"KZ-35","Weeks":4,"Observed":%d,"Expected":0.%d}}]`, two[0], n, n),
			fmt.Sprintf(`{"occurrences":[],"observed":%d,"expected":0.%d,"bound":%d,"p_value":0.000%d,"weeks":4}`, n, n, n-1, n),
			fmt.Sprintf(`{"marks":{"spread":{"v":1,"ground":{"key":"signal.ground.spread_one_place","args":{"Occurrences":%d}}}}}`, n))
		h.exec(t, "DELETE FROM series_delta WHERE batch = 991")
		for i, sub := range two {
			h.exec(t, "INSERT INTO series_delta (subject, country, region, kind, week, known_on, n, batch) SELECT no, 'KZ', ?, 'death', ?, ?, ?, 991 FROM series_subject WHERE dim_id = ?",
				fewHere, int(h.today().AddDays(-14).Week()), h.today().String(), pick(second, []int{2, 3}, []int{3, 2})[i], sub)
		}
	})
	f.substances = two
}
