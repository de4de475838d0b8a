package indicator

import (
	"math"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"github.com/baqylau/baqylau/internal/registry"
)

func stated(code, place, from, to string, value float64, more ...func(*Observation)) Observation {
	o := Observation{Indicator: code, Unit: "persons", Country: "KZ", Place: place, Start: baqylau.MustDate(from), End: baqylau.MustDate(to), Value: &value, SourceID: "ministry", Known: baqylau.MustDate("2024-01-01")}
	for _, m := range more {
		m(&o)
	}
	o.Fill()
	o.ID = o.Slot()
	return o
}

func facetsOf(all []Observation) (out []facet) {
	for _, o := range all {
		out = append(out, facet{place: o.Place, drug: o.Drug, sex: o.Sex, age: o.Age, breakdown: o.Breakdown.String(), keys: o.Breakdown, first: o.End.Time().Year(), last: o.End.Time().Year()})
	}
	return out
}

// pictured is what a question shows of figures.
func pictured(code string, all []Observation, q url.Values, choices map[string]Choice) Picture {
	ind, _ := define.Current().Indicator(code)
	s := selected(ind, "KZ", facetsOf(all), q, baqylau.MustDate("2026-03-02"))
	var found []Observation
	for i, f := range facetsOf(all) {
		if s.holds(&f) {
			found = append(found, all[i])
		}
	}
	return arrange(s, found, choices, nil)
}

// Eight months stand beside the years and are never joined to them; one agency's count neither; and of two statements of a year one is used by a person's word.
func TestWhatIsJoinedAndWhatStandsByItself(t *testing.T) {
	from := func(who string) func(*Observation) { return func(o *Observation) { o.SourceID = who } }
	one := stated("drug_crimes_registered", "KZ", "2017-01-01", "2017-12-31", 3101)
	two := stated("drug_crimes_registered", "KZ", "2017-01-01", "2017-12-31", 3200, from("police"))
	all := []Observation{
		stated("drug_crimes_registered", "KZ", "2016-01-01", "2016-12-31", 3657), one, two,
		stated("drug_crimes_registered", "KZ", "2018-01-01", "2018-09-30", 2147, func(o *Observation) { o.Cumulative = true }),
		stated("drug_crimes_registered", "KZ", "2020-01-01", "2020-12-31", 36, func(o *Observation) { o.Coverage = "knb" }),
	}
	p := pictured("drug_crimes_registered", all, nil, nil)
	if want := []string{"2016", "2017", "2018", "2019", "2020"}; !slices.Equal(p.Periods, want) || len(p.Lines) != 1 {
		t.Fatalf("periods %v, %d lines", p.Periods, len(p.Lines))
	}
	pts := p.Lines[0].Points
	for i, want := range []struct {
		part, conflict, shown bool
	}{{false, false, true}, {false, true, true}, {true, false, true}, {false, false, false}, {true, false, true}} {
		if got := pts[i]; got.Part != want.part || got.Conflict != want.conflict || got.Shown != nil != want.shown {
			t.Errorf("%s: %+v", p.Periods[i], got)
		}
	}
	if pts[1].Low != 3101 || pts[1].High != 3200 {
		t.Errorf("the span of what sources say: %v to %v", pts[1].Low, pts[1].High)
	}
	for _, o := range []Observation{one, two} {
		p := pictured("drug_crimes_registered", all, nil, map[string]Choice{o.Cell(): {Cell: o.Cell(), ObservationID: o.ID}})
		if pt := p.Lines[0].Points[1]; pt.Value != *o.Value || !pt.Chosen || !pt.Conflict {
			t.Errorf("chosen %v: %+v", *o.Value, pt)
		}
	}
}

// Where nobody states the country, its regions are shown side by side, or added up where another dimension is.
func TestRegionsSideBySideOrAdded(t *testing.T) {
	article := func(code string) func(*Observation) {
		return func(o *Observation) { o.Breakdown = Breakdown{"article": code} }
	}
	var all []Observation
	for i, place := range []string{"KZ-71", "KZ-75"} {
		for j, code := range []string{"all", "296", "297"} {
			all = append(all, stated("offences_registered", place, "2023-01-01", "2023-12-31", float64(100/(j+1)+i), article(code)))
		}
	}
	p := pictured("offences_registered", all, nil, nil)
	if p.Split != dimPlace || len(p.Lines) != 2 || p.Lines[0].Points[0].Value != 100 {
		t.Errorf("split by %s: %+v", p.Split, p.Lines)
	}
	p = pictured("offences_registered", all, url.Values{"article": {Each}}, nil)
	if p.Split != "article" || !p.Summed || len(p.Lines) != 2 {
		t.Fatalf("split by %s, added %v: %+v", p.Split, p.Summed, p.Lines)
	}
	if pt := p.Lines[0].Points[0]; p.Lines[0].Code != "296" || pt.Value != 101 || pt.Summed != 2 {
		t.Errorf("article 296 in two regions: %+v", pt)
	}
	p = pictured("offences_registered", all, url.Values{"article": {"297"}, "place": {"KZ-75"}, "nonsense": {"x"}}, nil)
	if p.Split != "" || p.Lines[0].Points[0].Value != 34 {
		t.Errorf("one figure: %+v", p.Lines)
	}
}

// A reason for absence is shown as itself and is no zero.
func TestAbsenceIsNoZero(t *testing.T) {
	zero := stated("offenders", "KZ", "2020-01-01", "2020-12-31", 0)
	none := stated("offenders", "KZ", "2021-01-01", "2021-12-31", 0, func(o *Observation) { o.Value, o.Absence = nil, NotCollected })
	p := pictured("offenders", []Observation{zero, none}, nil, nil)
	pts := p.Lines[0].Points
	if pts[0].Value != 0 || !math.IsNaN(pts[1].Value) || pts[1].Shown.Absence != NotCollected {
		t.Errorf("%+v", pts)
	}
}

// Months and their year stand in one picture without the year taking the place of January, and five years never stand for the last of them.
func TestAYearIsNoMonthAndFiveYearsAreNoYear(t *testing.T) {
	var all []Observation
	for m := time.January; m <= time.December; m++ {
		first := baqylau.NewDate(2024, m, 1)
		all = append(all, stated("offenders", "KZ", first.String(), baqylau.NewDate(2024, m+1, 1).AddDays(-1).String(), 100))
	}
	year := stated("offenders", "KZ", "2024-01-01", "2024-12-31", 1200)
	p := pictured("offenders", append(all, year, stated("offenders", "KZ", "2024-01-01", "2024-03-31", 300)), nil, nil)
	if len(p.Periods) != 12 || p.Lines[0].Points[0].Value != 100 || p.Lines[0].Points[0].Part {
		t.Errorf("January: %v, %+v", p.Periods, p.Lines[0].Points[0])
	}
	older := stated("offenders", "KZ", "2023-01-01", "2023-12-31", 1100)
	p = pictured("offenders", append(all, older), nil, nil)
	if pt := p.Lines[0].Points[0]; p.Periods[0] != "2023-01" || !pt.Part || !pt.Other || pt.Value != 1100 {
		t.Errorf("a year among months is joined to them: %+v", pt)
	}
	five := []Observation{stated("offenders", "KZ", "2018-01-01", "2022-12-31", 1000), stated("offenders", "KZ", "2022-01-01", "2022-12-31", 200)}
	if pt := pictured("offenders", five, nil, nil).Lines[0].Points[0]; pt.Value != 200 || pt.Part {
		t.Errorf("2022 is %+v", pt)
	}
	if pt := pictured("offenders", five[:1], nil, nil).Lines[0].Points[0]; pt.Value != 1000 || !pt.Part || !pt.Other {
		t.Errorf("five years alone: %+v", pt)
	}
}

// Age bands are read as files write them.
func TestAgesAsFilesWriteThem(t *testing.T) {
	for said, want := range map[string]string{"≥65": "65+", ">= 65": "65+", ">64": "65+", "65 и старше": "65+", "65 лет и старше": "65+", "65 жас және одан жоғары": "65+", "65 and over": "65+", "≤17": "<18", "<18": "<18", "15–64": "15-64", "": "", "all": "all", "65": "65"} {
		if got := age(said); got != want {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
}

// Kilograms and tablets of one drug are two statements.
func TestUnitsAreNotOneStatement(t *testing.T) {
	in := func(unit string) *Observation {
		o := stated("seizures_quantity", "KZ", "2024-01-01", "2024-12-31", 40, func(o *Observation) { o.Unit = unit })
		return &o
	}
	if in("kg").Slot() == in("tablets").Slot() {
		t.Error("tablets take the place of kilograms")
	}
	made := in("kg")
	if again := in("kg"); !made.same(again) {
		t.Error("the same again is another")
	}
	for name, change := range map[string]func(*Observation){"synthetic": func(o *Observation) { o.Synthetic = true }, "published": func(o *Observation) { o.Published = true }, "of a substance": func(o *Observation) { o.SubstanceID = "x" }} {
		o := in("kg")
		if change(o); made.same(o) {
			t.Errorf("%s: said to be the same", name)
		}
	}
}

// A rate is by the inhabitants of just the regions that were added, never by later ones, and there is none of one sex or age.
func TestRatesAreByTheirOwnPeople(t *testing.T) {
	people := func(place string, year int) (registry.Population, bool) {
		n, ok := map[string]int64{"KZ": 20_000_000, "KZ-71": 1_000_000, "KZ-75": 3_000_000}[place]
		return registry.Population{Year: 2020, Persons: n}, ok
	}
	per := func(year string, all ...Observation) float64 {
		p := pictured("offences_registered", all, url.Values{"article": {"296", "297"}, "split": {"article"}}, nil)
		p.perPeople(people)
		return p.Lines[0].Points[slices.Index(p.Periods, year)].Value
	}
	in := func(place, year string, more ...func(*Observation)) Observation {
		return stated("offences_registered", place, year+"-01-01", year+"-12-31", 400, append(more, func(o *Observation) {
			if o.Breakdown == nil {
				o.Breakdown = Breakdown{"article": "296"}
			}
		})...)
	}
	b := func(o *Observation) { o.Breakdown = Breakdown{"article": "297"} }
	if got := per("2023", in("KZ-71", "2023"), in("KZ-75", "2023"), in("KZ-71", "2023", b), in("KZ-75", "2023", b)); got != 20 {
		t.Errorf("800 of the four millions of two regions: %v", got)
	}
	if got := per("2023", in("KZ", "2023"), in("KZ", "2023", b)); got != 2 {
		t.Errorf("400 of twenty millions: %v", got)
	}
	if got := per("2015", in("KZ", "2015"), in("KZ", "2015", b)); !math.IsNaN(got) {
		t.Errorf("by the inhabitants of five years later: %v", got)
	}
	men := func(o *Observation) { o.Sex = "male" }
	if got := per("2023", in("KZ", "2023", men), in("KZ", "2023", men, b)); !math.IsNaN(got) {
		t.Errorf("men by all inhabitants: %v", got)
	}
}
