package outgoing_test

import (
	"slices"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/indicator/death"
	"github.com/baqylau/baqylau/internal/indicator/harm"
	"github.com/baqylau/baqylau/internal/indicator/outgoing"
)

func unit(u string) func(*indicator.Observation) {
	return func(o *indicator.Observation) { o.Unit = u }
}
func drug(d string) func(*indicator.Observation) {
	return func(o *indicator.Observation) { o.Drug = d }
}
func place(p string) func(*indicator.Observation) {
	return func(o *indicator.Observation) { o.Place = p }
}

func period(from, to string) func(*indicator.Observation) {
	return func(o *indicator.Observation) { o.Start, o.End = baqylau.MustDate(from), baqylau.MustDate(to) }
}

func absent(a indicator.Absence) func(*indicator.Observation) {
	return func(o *indicator.Observation) { o.Value, o.Absence = nil, a }
}

func is(t *testing.T, what string, c outgoing.Cell, want float64) {
	t.Helper()
	if c.Gap != outgoing.Filled || c.Number == nil || *c.Number != want {
		t.Errorf("%s: %+v, want %g", what, c, want)
	}
}

func lacks(t *testing.T, what string, c outgoing.Cell, want outgoing.Gap) {
	t.Helper()
	if c.Gap != want || c.Number != nil || c.Text != "" {
		t.Errorf("%s: %+v, want %s", what, c, want)
	}
}

func noted(c outgoing.Cell, key string) bool {
	for _, n := range c.Notes {
		if n.Key == key {
			return true
		}
	}
	return false
}

// Zero is a figure; missing, not collected, suppressed, not known and not applicable are five other things.
func TestZeroAndTheFiveGaps(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.record(figure("seizures_number", 0, drug("1.1")), figure("seizures_number", 0, drug("opium"), absent(indicator.NotCollected)), figure("seizures_number", 0, drug("morphine"), absent(indicator.Suppressed)),
			figure("seizures_number", 0, drug("1.2"), absent(indicator.NotKnown)), figure("seizures_number", 0, drug("1.3"), absent(indicator.NotApplicable)))
		o := h.fill("unodc-arq")
		is(t, "zero", h.cell(o, "A06", "1.1", "number"), 0)
		for row, want := range map[string]outgoing.Gap{"opium": outgoing.NotCollected, "morphine": outgoing.Suppressed, "1.2": outgoing.NotKnown, "1.3": outgoing.NotApplicable, "1.4": outgoing.Missing} {
			lacks(t, row, h.cell(o, "A06", row, "number"), want)
		}
		n := o.Tally()
		if n[outgoing.NotCollected] != 1 || n[outgoing.Suppressed] != 1 || n[outgoing.NotKnown] != 1 || n[outgoing.NotApplicable] != 1 || n[outgoing.Filled] != 1 {
			t.Errorf("%v", n)
		}
	})
}

// A figure of a part of the year, in another unit or of another year is not put in the place of the year's own; it is told beside the gap.
func TestAYearIsNotAPartOfIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.record(figure("seizures_quantity", 9, unit("kg"), drug("1.1"), period("2025-01-01", "2025-09-30")), figure("seizures_quantity", 9, unit("l"), drug("opium")),
			figure("seizures_quantity", 9, unit("kg"), drug("1.2"), period("2024-01-01", "2024-12-31")))
		o := h.fill("unodc-arq")
		for row, key := range map[string]string{"1.1": "part", "opium": "unit", "1.2": ""} {
			c := h.cell(o, "A06", row, "quantity")
			if lacks(t, row, c, outgoing.Missing); key != "" && !noted(c, key) {
				t.Errorf("%s: %+v", row, c.Notes)
			}
		}
	})
}

// Estimates stand with the year that they are of; the latest up to the reporting year counts, none of a later one.
func TestTheLatestEstimate(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		low, high := 80000.0, 110000.0
		h.record(figure("pwid_estimate", 94600, unit("persons"), period("2020-01-01", "2020-12-31"), func(o *indicator.Observation) { o.Low, o.High, o.Detail.Method = &low, &high, "multiplier" }),
			figure("pwid_estimate", 122850, unit("persons"), period("2011-01-01", "2011-12-31")), figure("pwid_estimate", 1, unit("persons"), period("2026-01-01", "2026-12-31")))
		o := h.fill("unodc-arq")
		is(t, "value", h.cell(o, "A02", "pwid", "value"), 94600)
		is(t, "low", h.cell(o, "A02", "pwid", "low"), 80000)
		for col, want := range map[string]string{"year": "2020", "method": "multiplier", "source": "Ministry of Health"} {
			if c := h.cell(o, "A02", "pwid", col); c.Text != want {
				t.Errorf("%s: %+v", col, c)
			}
		}
	})
}

// Two sources that differ: the figure is marked until somebody chooses, then it is the chosen one.
func TestOfTwoSourcesTheChosenOne(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.record(figure("drug_crimes_registered", 4655, func(o *indicator.Observation) { o.Issuer = "ministry" }), figure("drug_crimes_registered", 2388, func(o *indicator.Observation) { o.Issuer = "committee" }))
		at := func() outgoing.Cell { return h.cell(h.fill("standard-tables"), "ST11", "crimes", "-0") }
		if c := at(); !noted(c, "conflict") {
			t.Errorf("the conflict is not told: %+v", c)
		}
		all, err := indicator.Find(t.Context(), h.w.DB.Read, indicator.Question{Indicators: []string{"drug_crimes_registered"}, AsOf: baqylau.MustDate("2026-03-02")})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range all {
			if *x.Value == 2388 {
				if err := h.s.Figures.Use(t.Context(), epidemiology, x.ID, "crimes, not offences"); err != nil {
					t.Fatal(err)
				}
			}
		}
		c := at()
		if is(t, "chosen", c, 2388); noted(c, "conflict") {
			t.Errorf("still a conflict: %+v", c)
		}
	})
}

// Where only regions report, the country is their sum if all have reported.
func TestACountryIsTheSumOfAllItsRegions(t *testing.T) {
	seeded(t, func(t *testing.T, h *house) {
		regions := h.s.Figures.Facts(baqylau.MustDate("2026-03-02")).Parts("KZ", baqylau.MustDate("2025-12-31"))
		if len(regions) < 15 {
			t.Fatalf("%v", regions)
		}
		article := func(o *indicator.Observation) { o.Breakdown = indicator.Breakdown{"article": "297"} }
		for _, r := range regions[1:] {
			h.record(figure("offences_registered", 10, unit("offences"), place(r), article))
		}
		lacks(t, "one region is missing", h.cell(h.fill("standard-tables"), "ST11.articles", "297", "registered"), outgoing.Missing)
		h.record(figure("offences_registered", 10, unit("offences"), place(regions[0]), article))
		c := h.cell(h.fill("standard-tables"), "ST11.articles", "297", "registered")
		if is(t, "sum", c, float64(10*len(regions))); !noted(c, "summed") {
			t.Errorf("%+v", c)
		}
	})
}

// What is hidden from the public is hidden in a table that leaves, whoever makes it; inside it is there. The reader for whom tables are asked is never one who works on the cases.
func TestWhatLeavesIsProtected(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.record(figure("oat_clients", 3, unit("persons"), period("2025-12-31", "2025-12-31")))
		all, err := indicator.Find(t.Context(), h.w.DB.Read, indicator.Question{AsOf: baqylau.MustDate("2026-03-02")})
		if err != nil || len(all) != 1 {
			t.Fatal(len(all), err)
		}
		h.hidden[all[0].ID] = true
		lacks(t, "outside", h.cell(h.fill("standard-tables"), "ST24", "oat", "-0"), outgoing.Suppressed)
		lacks(t, "outside, treatment", h.cell(h.fill("tdi"), "9.1.1", "1", "outpatient"), outgoing.Suppressed)
		for _, a := range h.readers {
			if disclosure.AudienceOf(a) == disclosure.Working {
				t.Errorf("a table that leaves was made for %+v", a)
			}
		}
		inside := func(a *outgoing.Asked) { a.Inside = true }
		is(t, "inside", h.cell(h.fill("standard-tables", inside), "ST24", "oat", "-0"), 3)
		is(t, "inside, treatment", h.cell(h.fill("tdi", inside), "9.1.1", "1", "outpatient"), 7)
		for _, a := range []access.Actor{liaison, police, hospital} {
			if _, err := h.s.Fill(t.Context(), a, outgoing.Asked{Template: "tdi", Year: 2025, AsOf: baqylau.MustDate("2026-03-02"), Inside: true}); baqylau.CodeOf(err) != baqylau.Forbidden {
				t.Errorf("%v looks inside: %v", a.Roles, err)
			}
		}
	})
}

// A percentage that rests on few people is withheld unless it was published.
func TestPercentagesOfFew(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		n := int64(29)
		small := func(o *indicator.Observation) { o.Sample = &n }
		h.record(figure("hiv_prevalence_pwid", 10, unit("percent"), small), figure("hcv_antibody_prevalence_pwid", 10, unit("percent"), small, func(o *indicator.Observation) { o.Published = true }))
		o := h.fill("unodc-arq")
		lacks(t, "own study", h.cell(o, "A02", "hiv", "value"), outgoing.Suppressed)
		is(t, "published", h.cell(o, "A02", "hcv", "value"), 10)
	})
}

// The treatment tables of a year that nobody reported are missing; the mean of nobody is not applicable; means keep two decimals.
func TestTreatmentTables(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		o := h.fill("tdi")
		if !o.Synthetic {
			t.Error("made-up episodes are not told")
		}
		c := h.cell(o, "11.1.1", "1", "age_mean")
		if is(t, "mean", c, 31.5); c.Decimals != 2 {
			t.Errorf("%d decimals", c.Decimals)
		}
		lacks(t, "mean of nobody", h.cell(o, "11.1.1", "1.1", "age_mean"), outgoing.NotApplicable)
		lacks(t, "the year before", h.cell(h.fill("tdi", func(a *outgoing.Asked) { a.Year = 2024 }), "9.1.1", "1", "total"), outgoing.Missing)
		trend := h.fill("standard-tables")
		is(t, "trend, reporting year", h.cell(trend, "ST4", "total", "-0"), 7)
		lacks(t, "trend, the year before", h.cell(trend, "ST4", "total", "-1"), outgoing.Missing)
	})
}

// Deaths are counted by selection; small counts are hidden, and a year without records is no year without deaths.
func TestDeaths(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		keep := func(sex, drugs string, n int) {
			for range n {
				d := &harm.Death{Record: death.Record{Register: death.General, Died: baqylau.MustDate("2025-05-01"), Precision: baqylau.Day, Sex: sex, Age: 31, Underlying: "X42", Causes: []death.Code{"T40.1"}, Residence: "KZ-75",
					Manner: death.MannerOf("X42"), Autopsy: death.Yes, Toxicology: death.Yes, Substances: []death.Substance{{Name: drugs, Drug: drugs, Role: death.Caused}}}}
				if err := h.s.Harm.KeepDeath(t.Context(), hospital, "", d); err != nil {
					t.Fatal(err)
				}
			}
		}
		keep("male", "1.1", 12)
		keep("female", "1.2", 2)
		o := h.fill("standard-tables")
		is(t, "total", h.cell(o, "ST5", "all", "B"), 14)
		lacks(t, "women", h.cell(o, "ST5", "all", "B-female"), outgoing.Suppressed)
		lacks(t, "men, from whom the women would follow", h.cell(o, "ST5", "all", "B-male"), outgoing.Suppressed)
		is(t, "opioids", h.cell(o, "ST5.drugs", "1", "B"), 14)
		lacks(t, "heroin, from which the others would follow", h.cell(o, "ST5.drugs", "1.1", "B"), outgoing.Suppressed)
		is(t, "cocaine", h.cell(o, "ST5.drugs", "2", "B"), 0)
		lacks(t, "no special register", h.cell(o, "ST5", "all", "D"), outgoing.NotCollected)
		is(t, "evolution", h.cell(o, "ST6", "B", "-0"), 14)
		lacks(t, "the year before", h.cell(o, "ST6", "B", "-1"), outgoing.Missing)
		is(t, "inside", h.cell(h.fill("standard-tables", func(a *outgoing.Asked) { a.Inside = true }), "ST5", "all", "B-female"), 2)
		if len(h.left) > 0 {
			t.Errorf("by being looked at left %v", h.left)
		}
		if _, err := h.s.Send(t.Context(), epidemiology, outgoing.Asked{Template: "standard-tables", Year: o.Year, AsOf: o.AsOf}, "csv"); err != nil || !slices.Contains(h.left, "deaths KZ 2025") {
			t.Errorf("by a file left %v, %v", h.left, err)
		}
		h.now = h.now.AddDate(0, 0, 3)
		lacks(t, "as of a day before", h.cell(h.fill("standard-tables", func(a *outgoing.Asked) { a.AsOf = o.AsOf }), "ST5", "all", "B"), outgoing.Suppressed)
	})
}
