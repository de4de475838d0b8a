package synthetic

import (
	"reflect"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/indicator/tdi"
)

var plan = Plan{Seed: 7, From: 2016, To: 2025, Episodes: 20_000, Regions: []Region{{"KZ-75", 2}, {"KZ-71", 1}, {"KZ-35", 1}}}

func TestTheSameSeedMakesTheSameEpisodes(t *testing.T) {
	a, b := Make(plan), Make(plan)
	if len(a) != plan.Episodes || !reflect.DeepEqual(a, b) {
		t.Errorf("%d episodes, equal %v", len(a), reflect.DeepEqual(a, b))
	}
	other := plan
	other.Seed = 8
	if reflect.DeepEqual(a, Make(other)) {
		t.Error("another seed makes the same episodes")
	}
}

func TestMadeUpEpisodesPassForACountrysRegister(t *testing.T) {
	today := baqylau.MustDate("2025-12-31")
	men, asked, meph := 0, 0, map[int]int{}
	of := map[int]int{}
	for _, e := range Make(plan) {
		if ps := e.Refuse(today); len(ps) > 0 {
			t.Fatalf("%+v is refused: %v", e, ps)
		}
		if ps := e.Ask(); len(ps) > 0 {
			asked++
		}
		if e.Is(tdi.Sex, "male") {
			men++
		}
		year := e.Start.Time().Year()
		of[year]++
		if e.Leaf == "mephedrone" {
			meph[year]++
		}
	}
	if share := float64(men) / float64(plan.Episodes); share < 0.8 || share > 0.95 {
		t.Errorf("%.2f of the people are men", share)
	}
	if share := float64(asked) / float64(plan.Episodes); share > 0.03 {
		t.Errorf("the checks ask about %.3f of the episodes", share)
	}
	if meph[2025]*5 < of[2025]/4 || meph[2016] > of[2016]/20 {
		t.Errorf("mephedrone: %d of %d in 2016, %d of %d in 2025", meph[2016], of[2016], meph[2025], of[2025])
	}
}

func TestNothingStartsAfterThePlansLastDay(t *testing.T) {
	p := plan
	p.Until = baqylau.MustDate("2025-04-10")
	for _, e := range Make(p) {
		if e.Start.After(p.Until) {
			t.Fatalf("starts %s", e.Start)
		}
	}
}
