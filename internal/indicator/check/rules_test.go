package check_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/check"
	"github.com/baqylau/baqylau/internal/indicator/define"
	"pgregory.net/rapid"
)

var facts = check.Facts{Catalogue: define.Current(), Today: baqylau.MustDate("2026-03-02"),
	Parts: func(country string, _ baqylau.Date) []string {
		return map[string][]string{"XX": {"XX-1", "XX-2"}}[country]
	}}

// figure is a figure of a whole year of one statement.
func figure(indicator, place string, year int, value float64, more ...func(*check.Figure)) check.Figure {
	f := check.Figure{Indicator: indicator, Unit: "persons", Country: place[:2], Place: place, Start: baqylau.NewDate(year, 1, 1), End: baqylau.NewDate(year, 12, 31), Sex: "total", Age: "all", Drug: "all",
		Statement: "ministry", Issuer: "Ministry", Value: value, Exact: true, Domain: baqylau.NeutralDomain, OrgID: "o"}
	for _, m := range more {
		m(&f)
	}
	f.ID = f.Indicator + f.Place + f.Start.String() + f.Sex + f.Age + f.Drug + f.Statement
	return f
}

func drug(code string) func(*check.Figure) { return func(f *check.Figure) { f.Drug = code } }
func sex(code string) func(*check.Figure)  { return func(f *check.Figure) { f.Sex = code } }
func unit(code string) func(*check.Figure) { return func(f *check.Figure) { f.Unit = code } }
func by(who string) func(*check.Figure) {
	return func(f *check.Figure) { f.Statement, f.Issuer = who, who }
}
func age(code string) func(*check.Figure)  { return func(f *check.Figure) { f.Age = code } }
func about(f *check.Figure)                { f.Exact = false }
func change(v float64) func(*check.Figure) { return func(f *check.Figure) { f.Change = &v } }
func day(on string) func(*check.Figure) {
	return func(f *check.Figure) { f.Start, f.End = baqylau.MustDate(on), baqylau.MustDate(on) }
}
func limits(lo, hi float64) func(*check.Figure) {
	return func(f *check.Figure) { f.Low, f.High = &lo, &hi }
}

// told writes findings as rule: severity first second.
func told(fs []check.Finding) []string {
	var out []string
	for _, f := range fs {
		out = append(out, strings.TrimSpace(f.Rule+" "+string(f.Severity)+" "+f.First.Text+" "+f.Second.Text))
	}
	slices.Sort(out)
	return out
}

// Inconsistencies that stood in public reports are found, and figures that hold pass.
func TestPublishedInconsistencies(t *testing.T) {
	for name, c := range map[string]struct {
		figures []check.Figure
		want    []string
	}{
		"Kazakhstan 2022: 3,190 admitted to compulsory treatment, 2,785 + 382 treated": {[]check.Figure{
			figure("compulsory_treatment_admissions", "KZ", 2022, 3190),
			figure("compulsory_treatment_treated", "KZ", 2022, 2785, drug("8")), figure("compulsory_treatment_treated", "KZ", 2022, 382, drug("drugs")),
		}, []string{"sums question 3190 3167"}},
		"Kazakhstan, March 2025: over 109,000, of them about 100,000 and over 18,000": {[]check.Figure{
			figure("registered_substance_use_disorder_stock", "KZ", 2025, 109000, day("2025-03-01"), about),
			figure("registered_substance_use_disorder_stock", "KZ", 2025, 100000, day("2025-03-01"), drug("8"), about),
			figure("registered_substance_use_disorder_stock", "KZ", 2025, 18000, day("2025-03-01"), drug("drugs"), about),
		}, []string{"sum question 109000 118000"}},
		"Tajikistan: heroin 53 kg, then 201 kg, \"up 74 %\"": {[]check.Figure{
			figure("seizures_quantity", "TJ", 2017, 53, drug("1.1"), unit("kg")), figure("seizures_quantity", "TJ", 2018, 201, drug("1.1"), unit("kg"), change(74)),
		}, []string{"printed_change error 74 % 279.2 %", "steep_change question 53 201"}},
		"Uzbekistan: 465 of 3,584 printed 12.9 %": {[]check.Figure{
			figure("hiv_new_diagnoses", "UZ", 2011, 3584, unit("cases")), figure("hiv_new_diagnoses_idu", "UZ", 2011, 465, unit("cases")),
			figure("hiv_new_diagnoses_share_idu", "UZ", 2011, 12.9, unit("percent")),
		}, []string{"printed_share question 12.9 12.97"}},
		"Uzbekistan: 899 of 3,384 printed 26.5 %": {[]check.Figure{
			figure("treatment_inpatient_clients", "UZ", 2011, 3384), figure("treatment_inpatient_first_time", "UZ", 2011, 899),
			figure("treatment_inpatient_first_time_share", "UZ", 2011, 26.5, unit("percent")),
		}, []string{"printed_share question 26.5 26.57"}},
		"Kyrgyzstan: 3,979, then 3,277, printed -17.6 %, and 59.4 per 100,000 of 5,514,754": {[]check.Figure{
			figure("treatment_all_clients", "KG", 2010, 3979), figure("treatment_all_clients", "KG", 2011, 3277, change(-17.6)),
			figure("population", "KG", 2011, 5514754), figure("treatment_rate", "KG", 2011, 59.4, unit("per_100000")),
		}, nil},
		"the same rate from the registry's population": {[]check.Figure{
			figure("treatment_all_clients", "KG", 2011, 3277), figure("treatment_rate", "KG", 2011, 69.4, unit("per_100000")),
		}, []string{"printed_rate error 69.4 59.42"}},
	} {
		f := facts
		f.Population = func(place string, year int) (float64, bool) { return 5514754, place == "KG" && year == 2011 }
		if got := told(check.All(c.figures, f)); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

func TestEachRule(t *testing.T) {
	for name, c := range map[string]struct {
		figures []check.Figure
		want    []string
	}{
		"men and women are more than all": {[]check.Figure{figure("offenders", "KZ", 2023, 100), figure("offenders", "KZ", 2023, 80, sex("male")), figure("offenders", "KZ", 2023, 30, sex("female"))},
			[]string{"sum error 100 110"}},
		"some of unknown sex may be missing": {[]check.Figure{figure("offenders", "KZ", 2023, 120), figure("offenders", "KZ", 2023, 80, sex("male")), figure("offenders", "KZ", 2023, 30, sex("female"))},
			[]string{"sum question 120 110"}},
		"of another statement is not added": {[]check.Figure{figure("offenders", "KZ", 2023, 100), figure("offenders", "KZ", 2023, 180, sex("male"), by("police"))}, nil},
		"regions are more than the country": {[]check.Figure{figure("offenders", "XX", 2023, 100), figure("offenders", "XX-1", 2023, 70), figure("offenders", "XX-2", 2023, 40)}, []string{"sum error 100 110"}},
		"regions do not reach the country":  {[]check.Figure{figure("offenders", "XX", 2023, 100), figure("offenders", "XX-1", 2023, 50), figure("offenders", "XX-2", 2023, 40)}, []string{"sum error 100 90"}},
		"not all regions are there":         {[]check.Figure{figure("offenders", "XX", 2023, 100), figure("offenders", "XX-1", 2023, 50)}, nil},
		"opioids are less than heroin":      {[]check.Figure{figure("offenders", "KZ", 2023, 10, drug("1")), figure("offenders", "KZ", 2023, 12, drug("1.1"))}, []string{"sum error 10 12"}},
		"a leaf is not counted beside its group": {[]check.Figure{figure("offenders", "KZ", 2023, 30), figure("offenders", "KZ", 2023, 30, drug("3")), figure("offenders", "KZ", 2023, 20, drug("3.4")),
			figure("offenders", "KZ", 2023, 20, drug("mephedrone"))}, nil},
		"age bands are more than all":      {[]check.Figure{figure("offenders", "KZ", 2023, 10), figure("offenders", "KZ", 2023, 6, age("<18")), figure("offenders", "KZ", 2023, 6, age("18+"))}, []string{"sum error 10 12"}},
		"bands that cross are no division": {[]check.Figure{figure("offenders", "KZ", 2023, 10), figure("offenders", "KZ", 2023, 6, age("15-34")), figure("offenders", "KZ", 2023, 6, age("15-64"))}, nil},
		"a value outside its limits":       {[]check.Figure{figure("pwid_estimate", "KZ", 2023, 10, limits(11, 20))}, []string{"limits error 11 10"}},
		"a share over 100":                 {[]check.Figure{figure("hiv_prevalence_pwid", "KZ", 2023, 104, unit("percent"))}, []string{"share_range error 104 100"}},
		"a figure of next year":            {[]check.Figure{figure("offenders", "KZ", 2027, 10)}, []string{"future error 2027-12-31 2026-03-02"}},
		"less than nothing":                {[]check.Figure{figure("offenders", "KZ", 2023, -1)}, []string{"negative error -1 0"}},
		"half a person":                    {[]check.Figure{figure("offenders", "KZ", 2023, 1.5)}, []string{"whole_number question 1.5 2"}},
		"the lowest price over the typical one": {[]check.Figure{figure("price_retail_min", "KZ", 2023, 12, unit("usd_per_g")), figure("price_retail_typical", "KZ", 2023, 10, unit("usd_per_g"))},
			[]string{"order error 12 10"}},
		"prices in other units are not compared": {[]check.Figure{figure("price_retail_min", "KZ", 2023, 12, unit("usd_per_kg")), figure("price_retail_typical", "KZ", 2023, 10, unit("usd_per_g"))}, nil},
		"kilograms without a seizure": {[]check.Figure{figure("seizures_quantity", "KZ", 2023, 12, unit("kg"), drug("1.1")), figure("seizures_number", "KZ", 2023, 0, unit("cases"), drug("1.1"))},
			[]string{"needs error 12 0"}},
		"more crimes than offences, of two ministries": {[]check.Figure{figure("drug_crimes_registered", "KZ", 2023, 12, unit("cases")), figure("drug_offences_detected", "KZ", 2023, 10, unit("cases"), by("police"))},
			[]string{"order question 12 10"}},
		"a stock that entries and exits do not explain": {[]check.Figure{figure("registered_drug_users_stock", "KZ", 2021, 20000), figure("registered_drug_users_stock", "KZ", 2022, 19500), figure("registered_drug_users_new", "KZ", 2022, 2000),
			figure("registered_drug_users_exits", "KZ", 2022, 3000)}, []string{"balance question 19500 19000"}},
		"a stock that balances": {[]check.Figure{figure("registered_drug_users_stock", "KZ", 2021, 20000), figure("registered_drug_users_stock", "KZ", 2022, 19000), figure("registered_drug_users_new", "KZ", 2022, 2000),
			figure("registered_drug_users_exits", "KZ", 2022, 3000)}, nil},
		"flows of another statement explain no stock": {[]check.Figure{figure("registered_drug_users_stock", "KZ", 2021, 20000), figure("registered_drug_users_stock", "KZ", 2022, 19500), figure("registered_drug_users_new", "KZ", 2022, 2000),
			figure("registered_drug_users_exits", "KZ", 2022, 3000, by("police"))}, nil},
		"two sources":                               {[]check.Figure{figure("offenders", "KZ", 2023, 12), figure("offenders", "KZ", 2023, 14, by("police"))}, []string{"conflict question 12 14"}},
		"one source rounds":                         {[]check.Figure{figure("seizures_quantity", "KZ", 2023, 788, unit("kg")), figure("seizures_quantity", "KZ", 2023, 788.4, unit("kg"), by("police"))}, nil},
		"a small steep change":                      {[]check.Figure{figure("offenders", "KZ", 2022, 10), figure("offenders", "KZ", 2023, 25)}, nil},
		"a steep change":                            {[]check.Figure{figure("offenders", "KZ", 2022, 100), figure("offenders", "KZ", 2023, 140)}, []string{"steep_change question 100 140"}},
		"a price that doubles":                      {[]check.Figure{figure("price_retail_typical", "KZ", 2022, 100, unit("usd_per_g")), figure("price_retail_typical", "KZ", 2023, 200, unit("usd_per_g"))}, nil},
		"eight months are not compared with twelve": {[]check.Figure{figure("offenders", "KZ", 2022, 100), figure("offenders", "KZ", 2023, 40, func(f *check.Figure) { f.End = baqylau.MustDate("2023-08-31") })}, nil},
	} {
		if got := told(check.All(c.figures, facts)); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

// Figures that add up make no finding, in whatever order they come.
func TestWhatAddsUpPasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var figures []check.Figure
		n := func(name string) float64 { return float64(rapid.IntRange(0, 19).Draw(t, name)) }
		for _, d := range []string{"1", "2"} {
			for _, place := range []string{"XX-1", "XX-2"} {
				for _, s := range []string{"male", "female"} {
					figures = append(figures, figure("offenders", place, 2023, n("cell"), drug(d), sex(s)))
				}
			}
		}
		for _, whole := range []func(*check.Figure){drug("all"), sex("total"), func(f *check.Figure) { f.Place = "XX" }} {
			sums := map[string]*check.Figure{}
			for _, f := range figures {
				w := figure(f.Indicator, f.Place, 2023, 0, drug(f.Drug), sex(f.Sex), whole)
				key := w.Place + w.Drug + w.Sex
				if sums[key] == nil {
					sums[key] = &w
				}
				sums[key].Value += f.Value
			}
			for _, f := range sums {
				figures = append(figures, *f)
			}
		}
		if got := check.Add(rapid.Permutation(figures).Draw(t, "order"), facts); len(got) > 0 {
			t.Fatalf("%q", told(got))
		}
	})
}
