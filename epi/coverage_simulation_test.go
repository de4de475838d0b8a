package epi_test

import (
	"math/rand/v2"
	"testing"

	"github.com/baqylau/baqylau/epi"
)

// registers draws three lists from a population: each person is on a list with its probability, times a personal one where people differ.
func registers(random *rand.Rand, population int, p [3]float64, differ bool) (history []string, count []float64) {
	counts := map[string]float64{}
	for range population {
		easy := 1.0
		if differ { // half of the people are three times as easily found as the others
			easy = 0.5
			if random.Float64() < 0.5 {
				easy = 1.5
			}
		}
		h := []byte("000")
		for i := range h {
			if random.Float64() < p[i]*easy {
				h[i] = '1'
			}
		}
		if string(h) != "000" {
			counts[string(h)]++
		}
	}
	for _, h := range []string{"100", "010", "001", "110", "101", "011", "111"} {
		history, count = append(history, h), append(count, counts[h])
	}
	return history, count
}

// How often 95 % intervals hold the true size: those of a right model nearly as often as they say; that of the model with the least AIC less often, since the choice is left
// out; and none at all helps two lists where people differ.
func TestIntervalsHoldKnownPopulations(t *testing.T) {
	const repeats = 300 // docs/methods has the figures of 3,000
	random := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct {
		say        string
		population int
		p          [3]float64
		differ     bool
		right      float64 // the least coverage of the intervals of independent lists
	}{
		{"large lists", 2000, [3]float64{0.2, 0.15, 0.1}, false, 0.92},
		{"small lists", 300, [3]float64{0.15, 0.1, 0.1}, false, 0.89},
		{"people who differ", 2000, [3]float64{0.2, 0.15, 0.1}, true, 0},
	} {
		var normal, logNormal, profile, best, plausible, averaged int
		for range repeats {
			history, count := registers(random, c.population, c.p, c.differ)
			table, err := epi.NewCaptures(3, history, count)
			if err != nil {
				t.Fatal(err)
			}
			truth := float64(c.population)
			ch, err := epi.Chapman(table.OnList(1), table.OnList(2), table.OnBoth(1, 2), 0.95)
			if err != nil {
				t.Fatal(err)
			}
			if ch.Normal.Contains(truth) {
				normal++
			}
			if ch.LogNormal.Contains(truth) {
				logNormal++
			}
			if i, err := table.Profile(0.95); err == nil && i.Contains(truth) {
				profile++
			}
			models := table.Models()
			d, err := epi.ModelDependence(models, 10)
			if err != nil {
				t.Fatal(err)
			}
			if d.Best < 0 {
				continue
			}
			if i, err := table.Profile(0.95, models[d.Best].Terms...); err == nil && i.Contains(truth) {
				best++
			}
			if d.Plausible.Lowest <= truth && truth <= d.Plausible.Highest {
				plausible++
			}
			if low, high := d.Average-1.96*d.AverageSE, d.Average+1.96*d.AverageSE; low <= truth && truth <= high {
				averaged++
			}
		}
		share := func(n int) float64 { return float64(n) / repeats }
		t.Logf("%s: Chapman normal %.3f, log-normal %.3f; independence, profile %.3f; least AIC, profile %.3f; average ± 1.96 SE %.3f; spread of plausible models %.3f",
			c.say, share(normal), share(logNormal), share(profile), share(best), share(averaged), share(plausible))
		if share(logNormal) < c.right || share(profile) < c.right {
			t.Errorf("%s: intervals of the right model hold the truth in %.3f and %.3f", c.say, share(logNormal), share(profile))
		}
		if c.differ && share(profile) > 0.5 {
			t.Errorf("%s: independence should fail, held %.3f", c.say, share(profile))
		}
	}
}
