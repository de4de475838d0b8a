package death

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
)

func shipped(t *testing.T) Rules {
	t.Helper()
	f, err := os.Open("../../../data/indicators/selections.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rules, err := Load(f)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// certificate is a death of the general register.
func certificate(underlying Code, causes ...Code) Record {
	return Record{Register: General, Died: baqylau.MustDate("2025-03-08"), Underlying: underlying, Causes: causes, Age: 31, Manner: MannerOf(underlying)}
}

// Selection B as the table of the protocol has it, case by case.
func TestSelectionB(t *testing.T) {
	rules := shipped(t)
	for _, c := range []struct {
		rec  Record
		rule string // "" not in the selection
		with []Code
	}{
		{certificate("F11.2"), "disorders", nil},
		{certificate("F12"), "disorders", nil},
		{certificate("F19.1", "T43.6"), "disorders", nil},
		{certificate("F13.2"), "", nil}, // sedatives
		{certificate("F17"), "", nil},   // tobacco
		{certificate("F10.2"), "", nil}, // alcohol
		{certificate("X42", "T40.1", "T42.4"), "narcotics", []Code{"T40.1"}},
		{certificate("X62.0", "T40.9", "T40.2"), "narcotics", []Code{"T40.9", "T40.2"}},
		{certificate("Y12", "T40"), "narcotics", []Code{"T40"}},
		{certificate("X42", "T42.4"), "", nil}, // no narcotic named
		{certificate("X42", "T43.6"), "", nil}, // a stimulant belongs to X41
		{certificate("X41", "T43.6"), "psychostimulants", []Code{"T43.6"}},
		{certificate("Y11", "T43.6"), "psychostimulants", []Code{"T43.6"}},
		{certificate("X41", "T43"), "", nil},
		{certificate("X41", "T40.1"), "", nil},
		{certificate("X44", "T40.1"), "", nil},
		{certificate("I21", "F11.2"), "", nil}, // dependence was only mentioned
	} {
		m, ok := rules.Select(c.rec, B)
		if ok != (c.rule != "") || m.Rule.Name != c.rule || !slices.Equal(m.With, c.with) {
			t.Errorf("%s with %v: in the selection %v by %q because of %v; want %q %v", c.rec.Underlying, c.rec.Causes, ok, m.Rule.Name, m.With, c.rule, c.with)
		}
	}
	for rule, verified := range map[string]bool{"disorders": true, "narcotics": false, "psychostimulants": false} {
		i := slices.IndexFunc(rules, func(r Rule) bool { return r.Selection == B && r.Name == rule })
		if rules[i].Verified != verified {
			t.Errorf("rule %s is verified: %v", rule, rules[i].Verified)
		}
	}
}

// Deaths by drugs that the certificate does not name are left out of Selection B, and are told apart as possibly missed.
func TestPossiblyMissed(t *testing.T) {
	rules := shipped(t)
	for _, c := range []struct {
		rec  Record
		rule string
	}{{certificate("X44", "T40.1"), "named_elsewhere"}, {certificate("X64", "T50.9"), "unnamed"}, {certificate("Y14.9", "T42.4"), "other_medicine"}, {certificate("X44"), "other_medicine"}, {certificate("X42", "T40.1"), ""}, {certificate("X45"), ""}} {
		_, inB := rules.Select(c.rec, B)
		m, ok := rules.Select(c.rec, Possible)
		if ok != (c.rule != "") || m.Rule.Name != c.rule || inB && ok {
			t.Errorf("%s %v: possible by %q, in Selection B %v; want %q", c.rec.Underlying, c.rec.Causes, m.Rule.Name, inB, c.rule)
		}
	}
}

// Selection D asks toxicology, not codes, and only the special register.
func TestSelectionD(t *testing.T) {
	rules := shipped(t)
	found := func(manner Manner, substances ...Substance) Record {
		return Record{Register: Special, Died: baqylau.MustDate("2025-03-08"), Manner: manner, Substances: substances, Age: -1}
	}
	heroin, benzo := Substance{Name: "heroin", Drug: "1.1", Role: Caused}, Substance{Name: "diazepam", Drug: "4.2", Role: Caused}
	for _, c := range []struct {
		what  string
		rec   Record
		drugs []string
	}{
		{"heroin", found(Accident, heroin, benzo), []string{"1.1"}},
		{"suicide by heroin", found(Suicide, heroin), []string{"1.1"}},
		{"cocaine beside heroin", found(UnknownManner, heroin, Substance{Drug: "2", Name: "cocaine", Role: Contributed}), []string{"1.1", "2"}},
		{"a new substance", found(Accident, Substance{Name: "metonitazene", NPS: true, Role: Caused}), []string{"nps"}},
		{"sedatives alone", found(Accident, benzo), nil},
		{"heroin that was only found", found(Accident, Substance{Name: "heroin", Drug: "1.1", Role: Present}), nil},
		{"a natural death of a user", found(Natural, heroin), nil},
		{"alcohol", found(Accident, Substance{Name: "ethanol", Drug: "8", Role: Caused}), nil},
	} {
		m, ok := rules.Select(c.rec, D)
		if ok != (c.drugs != nil) || !slices.Equal(m.Drugs, c.drugs) {
			t.Errorf("%s: in the selection %v by %v; want %v", c.what, ok, m.Drugs, c.drugs)
		}
		if _, ok := rules.Select(c.rec, B); ok {
			t.Errorf("%s: a record of the special register is in Selection B", c.what)
		}
	}
	both := certificate("X42", "T40.1")
	both.Register, both.Substances = Linked, []Substance{heroin}
	for _, s := range []Selection{B, D, National} {
		if _, ok := rules.Select(both, s); !ok {
			t.Errorf("a death that both registers hold is not in Selection %s", s)
		}
	}
	both.Register = General
	if _, ok := rules.Select(both, D); ok {
		t.Error("a certificate is in Selection D")
	}
}

// A definition changes on a day: the deaths before it keep the old one.
func TestRulesHaveDates(t *testing.T) {
	rules, err := Load(strings.NewReader("selection,rule,registers,underlying,with,drugs,manners,valid_from,valid_to,verified,source\n" +
		"national,old,,F11,,,,,2023-12-31,no,x\nnational,new,,F11 F12,,,,2024-01-01,,yes,x\n"))
	if err != nil {
		t.Fatal(err)
	}
	rec := certificate("F12")
	for day, want := range map[string]bool{"2023-12-31": false, "2024-01-01": true} {
		rec.Died = baqylau.MustDate(day)
		if _, got := rules.Select(rec, National); got != want {
			t.Errorf("a death by F12 on %s counts: %v", day, got)
		}
	}
	rec.Died = baqylau.Date{}
	if _, ok := rules.Select(rec, National); ok {
		t.Error("a death on no day counts")
	}
}

func TestBadRules(t *testing.T) {
	const head = "selection,rule,registers,underlying,with,drugs,manners,valid_from,valid_to,verified,source\n"
	for what, file := range map[string]string{
		"nothing": "", "no lines": head, "a column is missing": "selection,rule\nB,x\n", "no such selection": head + "C,x,,F11,,,,,,no,x\n", "bad code": head + "B,x,,F1,,,,,,no,x\n", "ends before it begins": head + "B,x,,F11,,,,2024-01-01,2023-01-01,no,x\n",
		"no condition": head + "B,x,,,,,,,,no,x\n", "twice": head + "B,x,,F11,,,,,,no,x\nB,x,,F12,,,,,,no,x\n", "no such manner": head + "D,x,,F11,,,bad luck,,,no,x\n", "ragged": head + "B,x\n",
	} {
		if rules, err := Load(strings.NewReader(file)); baqylau.CodeOf(err) != baqylau.Invalid {
			t.Errorf("%s: %v, %v", what, rules, err)
		}
	}
}
