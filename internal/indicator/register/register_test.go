package register

import (
	"testing"

	"github.com/baqylau/baqylau"
)

var d = baqylau.MustDate

func TestOnTwoRegistersAtOnce(t *testing.T) {
	all := []Registration{
		{Person: "a", Region: "KZ-75", Entered: d("2010-01-01"), Exit: d("2015-01-01")}, {Person: "a", Region: "KZ-71", Entered: d("2015-01-01")},
		{Person: "b", Region: "KZ-75", Entered: d("2010-01-01")}, {Person: "b", Region: "KZ-71", Entered: d("2012-01-01")},
		{Region: "KZ-71", Entered: d("2012-01-01")}, {Region: "KZ-71", Entered: d("2012-01-01")}, // persons not known
	}
	if got := Twice(all); len(got) != 1 || all[got[0][0]].Region != "KZ-75" || all[got[0][1]].Person != "b" || all[got[0][1]].Region != "KZ-71" {
		t.Errorf("twice: %v", got)
	}
}

// Whoever never left one register is on two whenever they are entered on another, also after a short stay on a third.
func TestAStayWithinALongerOne(t *testing.T) {
	all := []Registration{{Person: "a", Entered: d("2020-01-01")}, {Person: "a", Entered: d("2021-01-01"), Exit: d("2022-01-01")}, {Person: "a", Entered: d("2025-01-01")}}
	if got := Twice(all); len(got) != 2 || got[0] != [2]int{0, 1} || got[1] != [2]int{0, 2} {
		t.Errorf("twice: %v", got)
	}
}

func TestCheckNamesEveryMistake(t *testing.T) {
	today := d("2026-11-30")
	good := Registration{Entered: d("2020-01-01"), EntryReason: "first", Sex: "male", Born: 1985}
	entries, exits := []string{"first", Moved}, []string{"died", Moved}
	if err := good.Check(today, entries, exits); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		field  string
		change func(r *Registration)
	}{
		"no day":               {"entered_on", func(r *Registration) { r.Entered = baqylau.Date{} }},
		"tomorrow":             {"entered_on", func(r *Registration) { r.Entered = today.AddDays(1) }},
		"no such reason":       {"entry_reason", func(r *Registration) { r.EntryReason = "fell" }},
		"leaves before coming": {"exit_on", func(r *Registration) { r.Exit, r.ExitReason = d("2019-12-31"), "died" }},
		"leaves for no reason": {"exit_reason", func(r *Registration) { r.Exit = d("2021-12-31") }},
		"a reason and no day":  {"exit_on", func(r *Registration) { r.ExitReason = "died" }},
		"no sex":               {"sex", func(r *Registration) { r.Sex = "" }},
		"not born":             {"born", func(r *Registration) { r.Born = 2030 }},
	} {
		r := good
		c.change(&r)
		es, ok := r.Check(today, entries, exits).(baqylau.Errors) //nolint:errorlint // made by Check
		if !ok || len(es) != 1 || es[0].Field != c.field {
			t.Errorf("%s: %v", what, es)
		}
	}
	if young := (Registration{Entered: d("2020-01-01"), Born: 2015}); len(young.Doubts()) != 1 {
		t.Errorf("a child of 5 is not asked about: %v", young.Doubts())
	}
}
