package tdi

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
)

func TestSecondaryDrugsComeInTheProtocolsOrder(t *testing.T) {
	for said, want := range map[string]string{
		"8;7.1":             "8;7.1",             // as the clinician ranked them
		"8,7.1":             "7.1,8",             // not ranked: the list's order
		"8:3:1,7.1:2:3":     "8:3:1,7.1:2:3",     // not ranked: the more frequent first
		"8:3:1,1.1:1:4":     "1.1:1:4,8:3:1",     // not ranked: what is injected first
		"2.2;8:3:1,1.1:1:4": "2.2;1.1:1:4,8:3:1", // ranked before the others
		"мефедрон; лирика":  "3.4/mephedrone;4.4/pregabalin",
		"none":              "none",
		"":                  "",
		"99":                "",
	} {
		e := episode(t, "2026-02-01", "")
		if err := e.Put(FieldSecond, said); err != nil || WriteUses(e.Secondary) != want {
			t.Errorf("%s: %q %v, want %q", said, WriteUses(e.Secondary), err, want)
		}
	}
	for _, bad := range []string{"heroine?", "1.1:9", "1.1:1:1:1", ":1", "1.1:1:x"} {
		e := New(baqylau.MustDate("2026-02-01"))
		if err := e.Put(FieldSecond, bad); err == nil {
			t.Errorf("%q was taken for secondary drugs", bad)
		}
	}
}

func TestLogicChecksAskAboutWhatContradictsItself(t *testing.T) {
	for said, want := range map[string]string{
		"age_at_start=20 age_first_use=24":                                "first_use_after_start",
		"age_at_start=20 age_first_injection=22":                          "first_injection_after_start",
		"age_at_start=12 years_since_first_injection=4":                   "injecting_years_and_age",
		"injecting=1 years_since_first_injection=2":                       "never_injected_but_years",
		"injecting=1 route=1":                                             "never_injected_but_route",
		"injecting=2.1 route=1 frequency=1":                               "not_now_but_route",
		"injecting=1 needle_sharing=2.3":                                  "never_injected_but_shared",
		"injecting=2.2 needle_sharing=2.3":                                "shared_after_injecting",
		"oat_status=never years_since_first_oat=3":                        "never_oat_but_years",
		"oat_status=ever first_oat_year=2027":                             "oat_after_start",
		"oat_status=ever ever_treated=1":                                  "oat_but_never_treated",
		"oat_status=current primary_drug=7.1 secondary_drugs=8":           "oat_without_opioid",
		"living_with=1 living_children=2":                                 "alone_with_children",
		"living_with=5 living_where=1":                                    "detention_differs",
		"primary_drug=1.1 secondary_drugs=1.1":                            "secondary_is_primary",
		"age_at_start=5":                                                  "young",
		"age_at_start=96":                                                 "old",
		"age_first_use=3":                                                 "first_use_young",
		"education=4 age_at_start=14":                                     "education_and_age",
		"polydrug_problem=1 secondary_drugs=none":                         "polydrug_alone",
		"age_at_start=30 age_first_injection=20 years_since_first_inj=no": "", // refused by Put, see below
	} {
		if want == "" {
			continue
		}
		e := episode(t, "2026-03-03", said)
		var rules []string
		for _, p := range e.Ask() {
			rules = append(rules, p.Rule)
		}
		if !slices.Equal(rules, []string{want}) {
			t.Errorf("%s: asks %v, want %s", said, rules, want)
		}
		if len(e.Refuse(baqylau.MustDate("2027-01-01"))) > 0 {
			t.Errorf("%s: refused, want asked", said)
		}
	}
	e := episode(t, "2026-03-03", "age_at_start=30 age_first_injection=20")
	e.Codes[InjectingYears] = Since.must("1")
	if ps := e.Ask(); len(ps) != 1 || ps[0].Rule != "injecting_years_by_ages" || ps[0].A != "1" || ps[0].B != "20" {
		t.Errorf("a band that the ages contradict: %v", ps)
	}
	plain := episode(t, "2026-03-03", "centre_type=outpatient ever_treated=2 sex=female age_at_start=33 age_first_use=17 age_first_injection=20 primary_drug=1.1 route=1 frequency=1 "+
		"injecting=2.3 needle_sharing=2.1 oat_status=current first_oat_year=2024 living_with=3 living_children=2 living_where=1 education=3 secondary_drugs=8;4.2 polydrug_problem=2")
	if ps := append(plain.Ask(), plain.Refuse(baqylau.MustDate("2026-03-03"))...); len(ps) > 0 {
		t.Errorf("an ordinary case is asked about: %v", ps)
	}
}

func TestEveryRuleIsTried(t *testing.T) {
	// the stories above name each rule once; a rule without a story fails here
	rnd, seen := rand.New(rand.NewPCG(5, 6)), map[string]bool{}
	for range 60_000 {
		e := random(rnd, 2025)
		e.FirstInj, e.FirstOAT = Years(rnd.IntN(60)-1), Years(2020+rnd.IntN(8))
		if rnd.IntN(2) == 0 {
			e.FirstOAT, e.FirstInj = Unknown, Unknown
		}
		e.Age = Years(rnd.IntN(105) - 1)
		for _, p := range e.Ask() {
			seen[p.Rule] = true
		}
	}
	for _, name := range Rules() {
		if !seen[name] {
			t.Errorf("rule %s never asks", name)
		}
	}
}

func TestWhatCannotBeIsRefused(t *testing.T) {
	today := baqylau.MustDate("2026-03-03")
	for said, want := range map[string]string{
		"primary_drug=8":                            "primary_not_drug",
		"primary_drug=none":                         "primary_not_drug",
		"age_at_start=130":                          "age_range",
		"first_oat_year=2027":                       "oat_future",
		"secondary_drugs=none;8":                    "secondary_none_and_more",
		"secondary_drugs=8;8":                       "secondary_twice",
		"start=2026-03-04":                          "start_future",
		"start=1950":                                "start_old",
		"secondary_drugs=8;7.1;7.2;7.3;1.1;1.2;1.3": "secondary_many",
	} {
		e := episode(t, "2026-03-03", said)
		if ps := e.Refuse(today); len(ps) != 1 || ps[0].Rule != want {
			t.Errorf("%s: %v, want %s", said, ps, want)
		}
	}
	e := Episode{}
	if ps := e.Refuse(today); len(ps) == 0 || ps[0].Rule != "no_start" {
		t.Errorf("no start: %v", ps)
	}
	two := episode(t, "2026-03-03", "secondary_drugs=mephedrone;alpha_pvp")
	if ps := two.Refuse(today); len(ps) > 0 || two.Record().Second != Drugs.bits("3.4") {
		t.Errorf("two cathinones are two drugs of one code: %v", ps)
	}
}

func TestFieldsAreThoseOfTheProtocol(t *testing.T) {
	e := New(baqylau.MustDate("2026-01-01"))
	for _, f := range Fields() {
		if f == FieldPerson {
			continue
		}
		if err := e.Put(f, ""); err != nil {
			t.Errorf("%s cannot be not known: %v", f, err)
		}
		if said := e.Said(f); said != "" {
			t.Errorf("%s says %q of an episode that says nothing", f, said)
		}
		if i, ok := ItemOf(f); ok {
			for _, c := range i.List().Codes {
				if err := e.Put(f, c); err != nil {
					t.Errorf("%s does not take %s", f, c)
				}
			}
			if e.Put(f, "no such code") == nil || e.Put(f, "98") == nil {
				t.Errorf("%s takes any code", f)
			}
		}
	}
	for _, i := range Items() {
		if !slices.Contains(Fields(), i.Key()) {
			t.Errorf("%s is no field", i.Key())
		}
	}
}

func FuzzEpisodeField(f *testing.F) {
	for _, s := range []string{"1.1:1:1;8,7.1", "мефедрон", "2026-02-30", "-1", "99", "1.1/x/y:1", "3.4/mephedrone:2"} {
		f.Add(uint8(0), s)
		f.Add(uint8(18), s)
		f.Add(uint8(8), s)
	}
	fields := Fields()
	f.Fuzz(func(t *testing.T, n uint8, value string) {
		e := New(baqylau.MustDate("2026-01-15"))
		field := fields[int(n)%len(fields)]
		if e.Put(field, value) != nil {
			return
		}
		e.Derive()
		_, _ = e.Ask(), e.Refuse(baqylau.MustDate("2026-12-31"))
		said := e.Said(field)
		again := New(baqylau.MustDate("2026-01-15"))
		if err := again.Put(field, said); err != nil || again.Said(field) != said {
			if !strings.Contains(value, "/") { // a leaf that no list knows is kept as it was said
				t.Fatalf("%s: %q reads %q, which reads %q: %v", field, value, said, again.Said(field), err)
			}
		}
		r := e.Record()
		var back Record
		if err := back.Unpack(r.Pack()); err != nil && e.Age <= oldest && e.FirstUse <= oldest {
			t.Fatalf("%s=%q cannot be read back: %v", field, value, err)
		}
	})
}

func FuzzUnpack(f *testing.F) {
	e := New(baqylau.MustDate("2026-01-15"))
	r := e.Record()
	f.Add(r.Pack())
	f.Fuzz(func(t *testing.T, b []byte) {
		var r Record
		if r.Unpack(b) != nil {
			return
		}
		if string(r.Pack()) != string(b) {
			t.Fatal("a packed record reads as another")
		}
		Count([]Record{r}).Tables()
	})
}
