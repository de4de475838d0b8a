package epi

import (
	"math"
	"slices"
)

// Bootstrap is an interval by resampling.
type Bootstrap struct {
	// Interval are the percentiles of the replicates, SE their standard deviation.
	Interval Interval
	SE       float64
	// Draws are the replicates that gave an estimate.
	Draws int
}

// TreeBootstrap resamples a respondent-driven sample along its recruitment chains: seeds with replacement, then of each person drawn, as many of its recruits with
// replacement as it had, and so on. Each replicate is the weighted share with the weights of e, which is the estimate of the same sample by RDSII or RDSSS. It keeps
// the likeness of recruiter and recruit, without a model for it, and the differences between chains. The price is an interval that is too wide, up to two or three times in our simulation
// (docs/methods): the one to publish where harm would come of false precision. ChainBootstrap is narrower. With one seed and short chains there is little to
// resample, and neither can be trusted.
//
// draws is the number of replicates, 100 to 1,000,000, 2,000 for publication; the same seed gives the same interval. Errors: those of Recruits.tree and level, draws outside
// that range, an e of another sample, replicates of which none has anybody in use (Empty).
//
// Sources: A. J. Baraff, T. H. McCormick, A. E. Raftery (2016), Estimating uncertainty in respondent-driven sampling using a tree bootstrap method, PNAS 113,
// 14668–14673.
func (r Recruits) TreeBootstrap(e RDSEstimate, draws int, seed uint64, level float64) (Bootstrap, error) {
	t, err := r.resampling(e, draws, level)
	if err != nil {
		return Bootstrap{}, err
	}
	random := newDraws(seed)
	var todo []int
	again := func(from []int) {
		for range from {
			todo = append(todo, from[random.below(len(from))])
		}
	}
	replicates := make([]float64, 0, draws)
	for range draws {
		sum, weights := 0.0, 0.0
		again(t.seeds)
		for len(todo) > 0 {
			i := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if w := e.weights[i]; w > 0 {
				sum, weights = sum+w*r.Trait[i], weights+w
			}
			again(t.recruits[i])
		}
		if weights > 0 {
			replicates = append(replicates, sum/weights)
		}
	}
	return percentiles(replicates, level)
}

// resampling checks what both ways of resampling want.
func (r Recruits) resampling(e RDSEstimate, draws int, level float64) (tree, error) {
	if err := replicated(draws, level); err != nil {
		return tree{}, err
	}
	if err := r.check(); err != nil {
		return tree{}, err
	}
	if err := sameLength(len(e.weights), len(r.Degree), "e"); err != nil {
		return tree{}, err
	}
	return r.tree()
}

// replicated checks the number of replicates and the level.
func replicated(draws int, level float64) error {
	if _, err := normalQuantile(level); err != nil {
		return err
	}
	if draws < 100 || draws > 1_000_000 {
		return refuse(InvalidSetting, "draws")
	}
	return nil
}

// percentiles sorts the replicates. Without any it is an error: nobody who could be used was drawn.
func percentiles(replicates []float64, level float64) (Bootstrap, error) {
	if len(replicates) == 0 {
		return Bootstrap{}, refuse(Empty, "e")
	}
	n, mean, squares := float64(len(replicates)), 0.0, 0.0
	for _, v := range replicates {
		mean += v / n
	}
	for _, v := range replicates {
		squares += (v - mean) * (v - mean)
	}
	slices.Sort(replicates)
	tail := (1 - level) / 2
	return Bootstrap{
		Interval: Interval{quantile(replicates, tail), quantile(replicates, 1-tail)},
		SE:       math.Sqrt(squares / max(1, n-1)), Draws: len(replicates),
	}, nil
}
