package epi_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/baqylau/baqylau/epi"
)

// network is a made-up population: a quarter have the trait, they know twice as many people as others, and ties between like persons are four times as
// likely as others (alike = 4).
type network struct {
	trait []float64
	ties  [][]int
}

func newNetwork(random *rand.Rand, size int, alike float64) network {
	n := network{trait: make([]float64, size), ties: make([][]int, size)}
	want := make([]float64, size)
	for i := range size {
		want[i] = 3 + random.ExpFloat64()*5
		if i < size/4 {
			n.trait[i] = 1
			want[i] *= 2
		}
	}
	total := 0.0
	for _, w := range want {
		total += w
	}
	for i := range size {
		for j := i + 1; j < size; j++ {
			p := want[i] * want[j] / total * 2 / (1 + alike)
			if n.trait[i] == n.trait[j] {
				p *= alike
			}
			if random.Float64() < p {
				n.ties[i], n.ties[j] = append(n.ties[i], j), append(n.ties[j], i)
			}
		}
	}
	return n
}

// truth is the share with the trait of those who know anybody.
func (n network) truth() float64 {
	with, all := 0.0, 0.0
	for i, t := range n.ties {
		if len(t) > 0 {
			with, all = with+n.trait[i], all+1
		}
	}
	return with / all
}

// recruit gives out up to three coupons a person from seeds drawn by degree, nobody taking part twice, until so many were interviewed.
func (n network) recruit(random *rand.Rand, seeds, size int) epi.Recruits {
	var r epi.Recruits
	var who []int
	in := make([]bool, len(n.ties))
	interview := func(person, by int) {
		in[person] = true
		who = append(who, person)
		r.Degree, r.Trait, r.Recruiter = append(r.Degree, float64(len(n.ties[person]))), append(r.Trait, n.trait[person]), append(r.Recruiter, by)
	}
	seed := func() {
		for {
			i := random.IntN(len(n.ties)) // the neighbour of anybody is drawn by degree, nearly
			if len(n.ties[i]) > 0 {
				if s := n.ties[i][random.IntN(len(n.ties[i]))]; !in[s] {
					interview(s, -1)
					return
				}
			}
		}
	}
	for range seeds {
		seed()
	}
	for at := 0; len(who) < size; at++ {
		if at == len(who) {
			seed() // all chains died out
		}
		known := slices.Clone(n.ties[who[at]])
		random.Shuffle(len(known), func(i, j int) { known[i], known[j] = known[j], known[i] })
		coupons := random.IntN(4)
		for _, k := range known {
			if coupons == 0 || len(who) == size {
				break
			}
			if !in[k] {
				interview(k, at)
				coupons--
			}
		}
	}
	return r
}

// The naive share of such a sample is far off, RDS-II is near while the sample is small, RDS-SS is also near when it is not; and the intervals of the tree bootstrap
// hold the truth about as often as they say, or more.
func TestRespondentDrivenSamplesOfKnownPopulations(t *testing.T) {
	const size, repeats = 1200, 30 // docs/methods has the figures of 120
	for _, c := range []struct {
		say          string
		alike        float64
		seeds, n     int
		bias2, biasS float64 // the most that RDS-II and RDS-SS may be off on average
		tree, chain  float64 // the least coverage of the 95 % intervals
	}{
		{"small sample, mixing", 1, 8, 200, 0.03, 0.03, 0.95, 0.83},
		{"small sample, likes", 4, 8, 200, 0.04, 0.04, 0.95, 0.83},
		{"half the population", 4, 8, 600, 0.10, 0.02, 0.95, 0.8},
		{"two nations, four seeds", 10, 4, 300, 0.06, 0.06, 0.9, 0.75},
	} {
		random := rand.New(rand.NewPCG(11, uint64(c.n)))
		var naive, two, ss, square float64
		var covered [2]int
		var width [2]float64
		var net network
		for k := range repeats {
			if k%5 == 0 { // making one is most of the work
				net = newNetwork(random, size, c.alike)
			}
			r := net.recruit(random, c.seeds, c.n)
			truth := net.truth()
			a, err := epi.RDSII(r)
			if err != nil {
				t.Fatal(err)
			}
			s, err := epi.RDSSS(r, size)
			if err != nil {
				t.Fatal(err)
			}
			for way, bootstrap := range []func(epi.RDSEstimate, int, uint64, float64) (epi.Bootstrap, error){r.TreeBootstrap, r.ChainBootstrap} {
				b, err := bootstrap(s, 300, uint64(k), 0.95)
				if err != nil {
					t.Fatal(err)
				}
				width[way] += (b.Interval.Upper - b.Interval.Lower) / repeats
				if b.Interval.Contains(truth) {
					covered[way]++
				}
			}
			naive, two, ss = naive+(a.Naive-truth)/repeats, two+(a.Estimate-truth)/repeats, ss+(s.Estimate-truth)/repeats
			square += (s.Estimate - truth) * (s.Estimate - truth) / repeats
		}
		t.Logf("%s: bias naive %+.3f, RDS-II %+.3f, RDS-SS %+.3f; error of RDS-SS ±%.3f; tree covers %d of %d, width %.3f; chain %d, width %.3f",
			c.say, naive, two, ss, 1.96*math.Sqrt(square), covered[0], repeats, width[0], covered[1], width[1])
		if math.Abs(two) > c.bias2 || math.Abs(ss) > c.biasS || math.Abs(ss) > math.Abs(naive) ||
			float64(covered[0]) < c.tree*repeats || float64(covered[1]) < c.chain*repeats {
			t.Errorf("%s: off by %.3f and %.3f, covered %d of %d", c.say, two, ss, covered, repeats)
		}
	}
}

// Gile finds the chance of a degree to be drawn by simulating successive samples; the equation of RDSSS must give the same without the noise.
func TestSuccessiveSamplingAgreesWithGilesSimulation(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	const population = 600
	r := epi.Recruits{}
	counts := map[int]float64{}
	for i := range 250 {
		d := 1 + int(random.ExpFloat64()*6)
		counts[d]++
		r.Degree, r.Trait = append(r.Degree, float64(d)), append(r.Trait, float64(i%3/2))
	}
	// Gile (2011), section 4: begin with chances proportional to the degree, make a population of them, draw samples from it, and again.
	chance := map[int]float64{}
	for d := range counts {
		chance[d] = float64(d)
	}
	const samples = 400
	for range 4 {
		var degrees []int
		total := 0.0
		for d, v := range counts {
			total += v / chance[d]
		}
		made := map[int]float64{}
		for d, v := range counts {
			made[d] = max(1, math.Round(population*v/chance[d]/total))
			for range int(made[d]) {
				degrees = append(degrees, d)
			}
		}
		slices.Sort(degrees)
		drawn := map[int]float64{}
		arrival := make([]float64, len(degrees))
		order := make([]int, len(degrees))
		for range samples {
			for i, d := range degrees { // the first 250 arrivals, each at the rate of its degree, are a successive sample
				arrival[i], order[i] = random.ExpFloat64()/float64(d), i
			}
			slices.SortFunc(order, func(a, b int) int {
				if arrival[a] < arrival[b] {
					return -1
				}
				return 1
			})
			for _, i := range order[:250] {
				drawn[degrees[i]]++
			}
		}
		for d := range counts {
			chance[d] = (drawn[d] + 1) / (samples*made[d] + 1)
		}
	}
	sum, weights := 0.0, 0.0
	for i, d := range r.Degree {
		w := 1 / chance[int(d)]
		sum, weights = sum+w*r.Trait[i], weights+w
	}
	e, err := epi.RDSSS(r, population)
	if err != nil {
		t.Fatal(err)
	}
	two, _ := epi.RDSII(r)
	t.Logf("Gile %.4f, equation %.4f, RDS-II %.4f", sum/weights, e.Estimate, two.Estimate)
	if math.Abs(e.Estimate-sum/weights) > 0.004 {
		t.Errorf("%v, simulated %v", e.Estimate, sum/weights)
	}
}
