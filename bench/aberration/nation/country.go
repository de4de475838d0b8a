package main

import (
	"math"
	"math/rand/v2"
	"sync"

	"github.com/baqylau/baqylau/aberration/scan"
	"github.com/baqylau/baqylau/aberration/simulate"
)

const (
	areas = 21
	kinds = 3
	weeks = 520
)

// country holds the weekly counts of every substance in every area by kind of report (seizure, poisoning, sample, say), as 16-bit
// numbers in one piece: series i = (substance·kinds + kind)·areas + area lies at i·weeks.
type country struct {
	substances int
	equal      float64 // reports a week of every substance; 0 for the law of ranks
	counts     []uint16
	places     []scan.Place
	size       []float64 // share of each area in the population
	struck     []int     // of each substance the series with an outbreak, -1 without one
	began      []int     // and the first week it can occur in
	planted    int
}

func (c *country) series() int { return c.substances * kinds * areas }

func (c *country) row(i int) []uint16 { return c.counts[i*weeks : (i+1)*weeks] }

// read puts a series into dst.
func (c *country) read(dst []float64, i int) []float64 {
	dst = dst[:0]
	for _, y := range c.row(i) {
		dst = append(dst, float64(y))
	}
	return dst
}

// newCountry invents one from a seed: a substance of rank r has 600/r^1.2 reports a week in the whole country, so that two thirds of the
// series have fewer than three cases in ten years; a third of the substances are new and begin in some later week; the common ones have
// seasons and trends, and scatter more than Poisson. In one in fifty substances, of one kind, an outbreak of 3 to 12 cases began in one
// area in the last three weeks. With equal above 0 all substances are that common, which no country is: the dearest case.
func newCountry(substances int, seed uint64, equal float64) *country {
	c := &country{substances: substances, equal: equal}
	c.counts = make([]uint16, c.series()*weeks)
	r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // an invention wants a seed
	total := 0.0
	for range areas {
		c.places = append(c.places, scan.Place{Latitude: 41 + 14*r.Float64(), Longitude: 47 + 40*r.Float64()})
		c.size = append(c.size, math.Exp(2.3*r.Float64()))
		total += c.size[len(c.size)-1]
	}
	for i := range c.size {
		c.size[i] /= total
	}
	c.struck, c.began = make([]int, substances), make([]int, substances)
	var all sync.WaitGroup
	const hands = 2
	for hand := range hands {
		all.Go(func() {
			for s := hand; s < substances; s += hands {
				c.invent(s, rand.New(rand.NewPCG(seed, uint64(s)+1))) //nolint:gosec // as above
			}
		})
	}
	all.Wait()
	for _, i := range c.struck {
		if i >= 0 {
			c.planted++
		}
	}
	return c
}

func (c *country) invent(s int, r *rand.Rand) {
	weekly := 600 / math.Pow(float64(s+1), 1.2)
	if c.equal > 0 {
		weekly = c.equal
	}
	first := 0
	if r.IntN(3) == 0 {
		first = r.IntN(weeks)
	}
	c.began[s], c.struck[s] = first, -1
	trend := 0.1 * r.NormFloat64() / 52
	wave, turn := 0.4*r.Float64(), 2*math.Pi*r.Float64()
	phi := 1 + r.ExpFloat64()*min(1, weekly/20)
	share := [kinds]float64{0.6, 0.3, 0.1}
	for k := range kinds {
		for a := range areas {
			row := c.row((s*kinds+k)*areas + a)
			base := weekly * share[k] * c.size[a]
			if base*weeks < 0.5 { // so rare that the cases themselves are placed
				for range int(simulate.Poisson(r, base*float64(weeks-first))) {
					row[first+r.IntN(weeks-first)]++
				}
				continue
			}
			for t := first; t < weeks; t++ {
				row[t] = uint16(min(65535, simulate.NegativeBinomial(r, base*math.Exp(trend*float64(t-weeks/2)+wave*math.Sin(2*math.Pi*float64(t)/52+turn)), phi)))
			}
		}
	}
	if r.IntN(50) == 0 {
		c.struck[s] = (s*kinds+r.IntN(kinds))*areas + r.IntN(areas)
		for range 3 + r.IntN(10) {
			c.row(c.struck[s])[weeks-1-r.IntN(3)]++
		}
	}
}
