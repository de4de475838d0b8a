package epi

import "math"

// ChainBootstrap is Salganik's: a replicate begins with anybody of the sample and goes on, to the size of the sample, with one at random of those who were recruited by
// persons with the same trait as the last. So it keeps how likely each trait is to recruit each, and nothing else of the chains; the weights are those of e, the estimate of the
// same sample by RDSII or RDSSS.
//
// Its interval is about as wide as it should be where the trait tells all that matters for who recruits whom, and too narrow where the network has other
// groups; TreeBootstrap errs on the other side. docs/methods has the coverage of both in our simulation. It is for a trait of few values; missing ones are a group
// of their own.
//
// draws, seed, level and errors as for TreeBootstrap.
//
// Source: M. J. Salganik (2006), Variance estimation, design effects, and sample size calculations for respondent-driven sampling, J. Urban Health 83, i98–i112.
func (r Recruits) ChainBootstrap(e RDSEstimate, draws int, seed uint64, level float64) (Bootstrap, error) {
	if _, err := r.resampling(e, draws, level); err != nil {
		return Bootstrap{}, err
	}
	group, groups := r.groups()
	recruitedBy := make([][]int, groups) // by the group of the recruiter
	for i, by := range r.Recruiter {
		if by >= 0 {
			recruitedBy[group[by]] = append(recruitedBy[group[by]], i)
		}
	}
	random := newDraws(seed)
	replicates := make([]float64, 0, draws)
	for range draws {
		sum, weights := 0.0, 0.0
		at := random.below(len(group))
		for range group {
			if w := e.weights[at]; w > 0 {
				sum, weights = sum+w*r.Trait[at], weights+w
			}
			if next := recruitedBy[group[at]]; len(next) > 0 {
				at = next[random.below(len(next))]
			} else { // nobody like the last recruited anybody
				at = random.below(len(group))
			}
		}
		if weights > 0 {
			replicates = append(replicates, sum/weights)
		}
	}
	return percentiles(replicates, level)
}

// groups numbers the values of the trait, missing among them.
func (r Recruits) groups() (group []int, groups int) {
	group = make([]int, len(r.Trait))
	known := map[float64]int{}
	missing := -1
	for i, v := range r.Trait {
		if math.IsNaN(v) {
			if missing < 0 {
				missing = groups
				groups++
			}
			group[i] = missing
			continue
		}
		g, ok := known[v]
		if !ok {
			g = groups
			known[v] = g
			groups++
		}
		group[i] = g
	}
	return group, groups
}
