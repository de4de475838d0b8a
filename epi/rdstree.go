package epi

// tree is who recruited whom.
type tree struct {
	seeds    []int
	recruits [][]int
}

// tree reads Recruiter. Errors: no recruiters given (UnequalLengths), an index outside the sample or a circle (InvalidSetting).
func (r Recruits) tree() (tree, error) {
	if err := sameLength(len(r.Recruiter), len(r.Degree), "Recruiter"); err != nil {
		return tree{}, err
	}
	t := tree{recruits: make([][]int, len(r.Recruiter))}
	for i, by := range r.Recruiter {
		switch {
		case by == -1:
			t.seeds = append(t.seeds, i)
		case by < 0 || by >= len(r.Recruiter) || by == i:
			return tree{}, &Error{InvalidSetting, "Recruiter", i}
		default:
			t.recruits[by] = append(t.recruits[by], i)
		}
	}
	reached := make([]bool, len(r.Recruiter))
	for _, s := range t.seeds {
		t.walk(s, func(i, _ int) { reached[i] = true })
	}
	for i, ok := range reached {
		if !ok { // it recruited, by others, the one who recruited it
			return tree{}, &Error{InvalidSetting, "Recruiter", i}
		}
	}
	return t, nil
}

// walk visits a respondent and all who descend from it, with the wave, 0 for the first. No recursion: chains may be long.
func (t tree) walk(from int, visit func(respondent, wave int)) {
	type at struct{ respondent, wave int }
	todo := []at{{from, 0}}
	for len(todo) > 0 {
		a := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		visit(a.respondent, a.wave)
		for _, next := range t.recruits[a.respondent] {
			todo = append(todo, at{next, a.wave + 1})
		}
	}
}

// Chain is the part of the sample that descends from one seed.
type Chain struct {
	// Seed is the index of the seed; Respondents are those of the chain, the seed included; Waves the longest way from it.
	Seed, Respondents, Waves int
	// Used of the respondents enter the estimate of the chain alone, which is NaN for none.
	Used     int
	Estimate float64
}

// Chains are the estimates of each seed's chain by itself, with the weights of the estimate e of the same sample. Chains that stay apart show a bottleneck: the
// network is in parts, and the sample depends on where the seeds were.
//
// Source: K. J. Gile, L. G. Johnston, M. J. Salganik (2015), Diagnostics for respondent-driven sampling, J. R. Statist. Soc. A 178, 241–269.
func (r Recruits) Chains(e RDSEstimate) ([]Chain, error) {
	t, err := r.tree()
	if err != nil {
		return nil, err
	}
	if err := sameLength(len(e.weights), len(r.Degree), "e"); err != nil {
		return nil, err
	}
	out := make([]Chain, len(t.seeds))
	for k, seed := range t.seeds {
		c, sum, weights := Chain{Seed: seed}, 0.0, 0.0
		t.walk(seed, func(i, wave int) {
			c.Respondents++
			c.Waves = max(c.Waves, wave)
			if w := e.weights[i]; w > 0 {
				c.Used++
				sum, weights = sum+w*r.Trait[i], weights+w
			}
		})
		c.Estimate = sum / weights
		out[k] = c
	}
	return out, nil
}

// Convergence is the estimate after each interview, in their order, with the weights of the estimate e of the same sample; NaN until somebody can be used. A line that still drifts at its end
// says that the sample has not forgotten its seeds. Source: as Chains.
func (r Recruits) Convergence(e RDSEstimate) ([]float64, error) {
	if err := sameLength(len(e.weights), len(r.Degree), "e"); err != nil {
		return nil, err
	}
	out, sum, weights := make([]float64, len(r.Degree)), 0.0, 0.0
	for i, w := range e.weights {
		if w > 0 {
			sum, weights = sum+w*r.Trait[i], weights+w
		}
		out[i] = sum / weights
	}
	return out, nil
}
