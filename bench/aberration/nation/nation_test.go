package main

import (
	"slices"
	"testing"
)

// A small country gives the same findings on one core and on two, and most of what was planted and can be seen is found.
func TestRun(t *testing.T) {
	c := newCountry(300, 5, 0)
	a, err := run(c, 1)
	if err != nil {
		t.Fatal(err)
	}
	b, err := run(c, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.p, b.p) || a.found != b.found || a.foundMaps != b.foundMaps {
		t.Error("the number of workers changes what is found")
	}
	if !slices.Equal(c.counts, newCountry(300, 5, 0).counts) || slices.Equal(c.counts, newCountry(300, 6, 0).counts) {
		t.Error("the seed does not name the country")
	}
	hit, fresh, wrong := a.truth(c)
	t.Logf("%d outbreaks, %d of them found; %d findings, %d of new substances, %d wrong", c.planted, hit, a.found, fresh, wrong)
	if hit*2 < c.planted || wrong*5 > a.found {
		t.Errorf("%d outbreaks, %d of them found; %d findings, %d of them wrong", c.planted, hit, a.found, wrong)
	}
	if low := len(a.p) / 50; a.alarms > low {
		t.Errorf("%d alarms in %d series", a.alarms, len(a.p))
	}
}

// go test -run xx -bench . ./bench/aberration/nation
func BenchmarkNation(b *testing.B) {
	c := newCountry(2000, 1, 0)
	for b.Loop() {
		r, err := run(c, 0)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(r.detect.Seconds(), "detect-s")
		b.ReportMetric(r.scan.Seconds(), "scan-s")
	}
}
