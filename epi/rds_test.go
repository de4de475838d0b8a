package epi_test

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/baqylau/baqylau/epi"
)

// sampleOf makes up the sample again from its counts by degree and trait.
func sampleOf(t *testing.T, name string) (r epi.Recruits) {
	t.Helper()
	f, err := os.Open("testdata/rds-degrees.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for k, trait := range []float64{1, 0} {
			degree, errD := strconv.ParseFloat(row[1], 64)
			count, errC := strconv.Atoi(row[2+k])
			if errD != nil || errC != nil {
				t.Fatal(row)
			}
			for range count {
				if row[0] == name {
					r.Degree, r.Trait = append(r.Degree, degree), append(r.Trait, trait)
				}
			}
		}
	}
	return r
}

// The samples that come with the R package RDS: RDS-II as printed by its own tests, and the successive sampling estimate at N = 1,000 as it follows from the weights
// shipped with the data, which were simulated and are noisy in the fourth digit.
func TestSamplesOfTheRDSPackage(t *testing.T) {
	for _, c := range []struct {
		name            string
		n               int
		naive, two, ss  float64
		precisionOfTwo  float64
		precisionOfData float64
	}{
		{"faux", 389, 118.0 / 389, 0.310334112778454, 0.308568, 1e-12, 0.0005},
		{"fauxsycamore", 500, 0.256, 0.14547538162658058, 0.181254, 1e-12, 0.0005},
	} {
		r := sampleOf(t, c.name)
		two, err := epi.RDSII(r)
		if err != nil || two.N != c.n || math.Abs(two.Naive-c.naive) > 1e-15 || math.Abs(two.Estimate-c.two) > c.precisionOfTwo {
			t.Errorf("%s: %+v %v", c.name, two, err)
		}
		if ss, err := epi.RDSSS(r, 1000); err != nil || math.Abs(ss.Estimate-c.ss) > c.precisionOfData {
			t.Errorf("%s: %v %v, package %v", c.name, ss.Estimate, err, c.ss)
		}
	}
}

// Successive sampling lies between its two ends: with everybody drawn it is the plain share, in an endless population RDS-II.
func TestSuccessiveSamplingBetweenItsEnds(t *testing.T) {
	r := sampleOf(t, "fauxsycamore")
	two, _ := epi.RDSII(r)
	last := two.Naive
	for _, n := range []float64{500, 501, 520, 700, 1000, 5000, 1e6, 1e12} {
		e, err := epi.RDSSS(r, n)
		if err != nil {
			t.Fatal(n, err)
		}
		if n == 500 && e.Estimate != two.Naive || e.Estimate > last || e.Estimate < two.Estimate-1e-9 {
			t.Errorf("N = %v: %v after %v", n, e.Estimate, last)
		}
		last = e.Estimate
	}
	if math.Abs(last-two.Estimate) > 1e-8 {
		t.Errorf("endless population: %v, RDS-II %v", last, two.Estimate)
	}
	if _, err := epi.RDSSS(r, 499); !refused(err, epi.InvalidSetting, "population") {
		t.Error("more persons than the population:", err)
	}
}

func refused(err error, reason epi.Reason, argument string) bool {
	var e *epi.Error
	return errors.As(err, &e) && e.Reason == reason && e.Argument == argument
}

// Two seeds, of which one leads into a part of the network where everybody has the trait: the chains tell it, the overall share does not.
func TestChainsShowABottleneck(t *testing.T) {
	r := epi.Recruits{
		Degree:    []float64{4, 2, 5, 3, 6, 2, 4, 0},
		Trait:     []float64{1, 0, 1, 0, 1, 0, math.NaN(), 1},
		Recruiter: []int{-1, -1, 0, 1, 2, 3, 4, 5},
	}
	e, err := epi.RDSII(r)
	if err != nil || e.N != 6 || e.Excluded != 2 {
		t.Fatal(e, err)
	}
	chains, err := r.Chains(e)
	if err != nil || len(chains) != 2 {
		t.Fatal(chains, err)
	}
	if c := chains[0]; c != (epi.Chain{Seed: 0, Respondents: 4, Waves: 3, Used: 3, Estimate: 1}) {
		t.Error(c)
	}
	if c := chains[1]; c != (epi.Chain{Seed: 1, Respondents: 4, Waves: 3, Used: 3, Estimate: 0}) {
		t.Error(c)
	}
	line, err := r.Convergence(e)
	if err != nil || line[0] != 1 || line[len(line)-1] != e.Estimate || math.Abs(line[1]-(1.0/4)/(1.0/4+1.0/2)) > 1e-15 {
		t.Error(line, err)
	}
}

// The same seed gives the same interval, on every machine: the figures below must never change.
func TestBootstrapsAreReproducible(t *testing.T) {
	r := epi.Recruits{
		Degree:    []float64{4, 2, 5, 3, 6, 2, 4, 9, 1, 7},
		Trait:     []float64{1, 0, 1, 0, 1, 0, 1, 1, 0, math.NaN()},
		Recruiter: []int{-1, -1, 0, 1, 2, 3, 4, 0, 1, 2},
	}
	e, err := epi.RDSII(r)
	if err != nil {
		t.Fatal(err)
	}
	a, err := r.TreeBootstrap(e, 500, 1, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := r.TreeBootstrap(e, 500, 1, 0.9); a != b {
		t.Error("the same seed gave", a, b)
	}
	if b, _ := r.TreeBootstrap(e, 500, 2, 0.9); a == b {
		t.Error("another seed gave the same")
	}
	c, err := r.ChainBootstrap(e, 500, 1, 0.9)
	if err != nil || !c.Interval.Contains(e.Estimate) || !a.Interval.Contains(e.Estimate) {
		t.Error(a, c, err)
	}
	if math.Abs(a.SE-0.3861891075693324) > 1e-12 {
		t.Error("another generator?", a.SE)
	}
}

func TestChainsThatCannotBeAreRefused(t *testing.T) {
	r := epi.Recruits{Degree: []float64{1, 2, 3}, Trait: []float64{0, 1, 1}}
	e, err := epi.RDSII(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		say       string
		recruiter []int
		reason    epi.Reason
	}{
		{"nothing known of recruiters", nil, epi.UnequalLengths},
		{"a recruiter outside", []int{-1, 0, 3}, epi.InvalidSetting},
		{"one who recruited oneself", []int{-1, 1, 0}, epi.InvalidSetting},
		{"a circle", []int{-1, 2, 1}, epi.InvalidSetting},
	} {
		r.Recruiter = c.recruiter
		if _, err := r.TreeBootstrap(e, 200, 1, 0.95); !refused(err, c.reason, "Recruiter") {
			t.Errorf("%s: %v", c.say, err)
		}
	}
	if _, err := epi.RDSII(epi.Recruits{Degree: []float64{0, math.NaN()}, Trait: []float64{1, 1}}); !refused(err, epi.Empty, "Degree") {
		t.Error("nobody left:", err)
	}
}
