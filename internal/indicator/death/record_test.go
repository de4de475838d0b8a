package death

import (
	"math"
	"testing"

	"github.com/baqylau/baqylau"
)

func TestBands(t *testing.T) {
	for _, c := range []struct {
		age   int
		band  string
		want  string
		adult bool
	}{{0, "", "<15", false}, {14, "", "<15", false}, {15, "", "15-24", true}, {64, "", "55-64", true}, {65, "", "65+", false}, {-1, "", "unknown", false}, {-1, "35-44", "35-44", true}, {-1, "35–44", "35-44", true},
		{-1, "18-24", "15-24", true}, {-1, "under 18", "unknown", false}, {-1, "65+", "65+", false}, {-1, "<15", "<15", false}, {-1, "30-39", "unknown", true}, {-1, "old", "unknown", false}, {-1, "44-35", "unknown", false}} {
		r := Record{Age: c.age, Band: c.band}
		if r.BandOf() != c.want || r.IsAdult() != c.adult {
			t.Errorf("age %d, band %q: %s, adult %v; want %s, %v", c.age, c.band, r.BandOf(), r.IsAdult(), c.want, c.adult)
		}
	}
}

// What does not go together is asked, with both values.
func TestDoubts(t *testing.T) {
	has := func(r Record, rule string) bool {
		for _, d := range r.Doubts() {
			if d.Rule == rule {
				return true
			}
		}
		return false
	}
	good := certificate("X42", "T40.1")
	if ds := good.Doubts(); len(ds) > 0 {
		t.Errorf("a plain certificate is doubted: %v", ds)
	}
	for rule, change := range map[string]func(r *Record){
		"death_nature_underlying": func(r *Record) { r.Underlying = "T40.1" },
		"death_manner":            func(r *Record) { r.Manner = Suicide },
		"death_unspecified_drug":  func(r *Record) { r.Causes = nil },
		"death_toxicology": func(r *Record) {
			r.Register, r.Toxicology, r.Substances = Linked, No, []Substance{{Name: "heroin", Role: Caused}}
		},
		"death_no_poison": func(r *Record) { r.Register = Special },
		"death_age":       func(r *Record) { r.Age = 120 },
	} {
		r := good
		change(&r)
		if !has(r, rule) {
			t.Errorf("%s is not asked: %v", rule, r.Doubts())
		}
	}
}

func TestCheckNamesEveryMistake(t *testing.T) {
	today := baqylau.MustDate("2026-11-30")
	good := certificate("X42", "T40.1")
	good.Sex, good.Autopsy, good.Toxicology = "male", Yes, Yes
	if err := good.Check(today); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(r *Record){
		"died_on": func(r *Record) { r.Died = today.AddDays(1) }, "register": func(r *Record) { r.Register = "both" }, "underlying": func(r *Record) { r.Underlying = "" }, "manner": func(r *Record) { r.Manner = "fate" },
		"sex": func(r *Record) { r.Sex = "" }, "age": func(r *Record) { r.Age = 200 }, "substances": func(r *Record) { r.Substances = []Substance{{Name: "heroin", Role: "cook"}} },
	} {
		r := good
		change(&r)
		es, ok := r.Check(today).(baqylau.Errors) //nolint:errorlint // made by Check
		if !ok || len(es) != 1 || es[0].Field != field {
			t.Errorf("%s: %v", field, es)
		}
	}
}

// A woman of 34 who enters on her birthday's eve and dies four years later gives one day to the younger band and the rest to the older, and her death with it.
func TestFollow(t *testing.T) {
	d := baqylau.MustDate
	cohort := []Member{
		{Born: d("1980-06-01"), Sex: "female", Entry: d("2015-05-31"), Exit: d("2019-05-31"), Dead: true, Cause: "X42.0"},
		{Born: d("1990-02-28"), Sex: "male", Entry: d("2015-02-28"), Exit: d("2017-02-28")},
		{Born: d("1950-01-01"), Sex: "male", Entry: d("2015-01-01"), Exit: d("2015-01-01"), Dead: true},
	}
	got, err := Follow(cohort, Bands)
	if err != nil {
		t.Fatal(err)
	}
	want := []Stratum{{Sex: "female", Band: "25-34", PersonYears: 1 / 365.25}, {Sex: "female", Band: "35-44", PersonYears: 1460 / 365.25, Deaths: 1}, {Sex: "male", Band: "25-34", PersonYears: 731 / 365.25}, {Sex: "male", Band: "65+", Deaths: 1}}
	if len(got) != len(want) {
		t.Fatalf("%v; want %v", got, want)
	}
	days := 0.0
	for i, w := range want {
		g := got[i]
		days += g.PersonYears * 365.25
		if g.Sex != w.Sex || g.Band != w.Band || g.Deaths != w.Deaths || math.Abs(g.PersonYears-w.PersonYears) > 1e-12 {
			t.Errorf("%+v; want %+v", g, w)
		}
	}
	if math.Abs(days-(1461+731)) > 1e-9 {
		t.Errorf("%g days are followed, want 2192", days)
	}
	if got[1].ByCause["X42"] != 1 {
		t.Errorf("deaths by cause: %v", got[1].ByCause)
	}
	for what, m := range map[string]Member{"exit before entry": {Born: d("1980-01-01"), Entry: d("2015-01-02"), Exit: d("2015-01-01")}, "not born yet": {Born: d("2016-01-01"), Entry: d("2015-01-02"), Exit: d("2017-01-01")}, "no exit": {Born: d("1980-01-01"), Entry: d("2015-01-02")}} {
		if _, err := Follow([]Member{m}, Bands); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}
