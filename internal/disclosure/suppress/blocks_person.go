package suppress

import (
	"cmp"
	"slices"
)

// mostSteps bounds the search for a person, in classes taken in.
const mostSteps = 200_000

// person is one more person whom a class counts: with him, all classes that count him grow by one, of each whole of theirs exactly one part. Whoever is counted already is such a person, so that there is one; he is
// searched for, the whole with the fewest parts to choose from first.
type person struct {
	*blocks
	in    []bool  // by class whether it counts him
	parts []int32 // by relation how many of its parts do
	todo  []int32 // classes in the order in which they were taken in
	steps int
}

// personOf finds what counts one more person of class c; nil where the search does not end.
func (b *blocks) personOf(c int32) []int32 {
	p := &person{blocks: b, in: make([]bool, len(b.classes)), parts: make([]int32, len(b.rels))}
	if !p.take(c) || !p.choose() {
		return nil
	}
	return slices.Sorted(slices.Values(p.todo))
}

// take takes a class in, and all wholes that it is part of; false, with nothing taken, where a whole would have two parts in.
func (p *person) take(c int32) bool {
	mark := len(p.todo)
	for at := []int32{c}; len(at) > 0; at = at[1:] {
		v := at[0]
		if p.in[v] {
			continue
		}
		p.steps++
		p.in[v] = true
		p.todo = append(p.todo, v)
		k := &p.classes[v]
		for j, rel := range k.rels {
			if k.coef[j] < 0 {
				continue
			}
			vars := p.rels[rel].vars
			at = append(at, vars[len(vars)-1])
			p.parts[rel] += int32(k.coef[j])
		}
		if slices.ContainsFunc(k.rels, func(rel int32) bool { return p.parts[rel] > 1 }) || k.state == known {
			p.drop(mark)
			return false
		}
	}
	return true
}

// drop takes the classes out again that were taken in since.
func (p *person) drop(mark int) {
	for _, v := range p.todo[mark:] {
		k := &p.classes[v]
		p.in[v] = false
		for j, rel := range k.rels {
			if k.coef[j] > 0 {
				p.parts[rel] -= int32(k.coef[j])
			}
		}
	}
	p.todo = p.todo[:mark]
}

// choose finds a part for each whole that has none.
func (p *person) choose() bool {
	var open, best []int32
	for _, v := range p.todo {
		k := &p.classes[v]
		for j, rel := range k.rels {
			if k.coef[j] > 0 || p.parts[rel] > 0 {
				continue
			}
			if open = p.candidates(rel); best == nil || len(open) < len(best) {
				best = open
			}
			if len(best) == 0 {
				return false
			}
		}
	}
	if best == nil {
		return true // every whole has its part
	}
	slices.SortFunc(best, func(x, y int32) int { return cmp.Or(cmp.Compare(p.classes[y].n, p.classes[x].n), cmp.Compare(x, y)) })
	for _, v := range best {
		mark := len(p.todo)
		if p.take(v) {
			if p.choose() {
				return true
			}
			p.drop(mark)
		}
		if p.steps > mostSteps {
			return false
		}
	}
	return false
}

// candidates are the parts of a whole that nothing speaks against; never nil.
func (p *person) candidates(rel int32) []int32 {
	vars := p.rels[rel].vars
	out := make([]int32, 0, len(vars))
	for _, v := range vars[:len(vars)-1] {
		k := &p.classes[v]
		free := k.state != known
		for j, r := range k.rels {
			free = free && (k.coef[j] < 0 || p.parts[r] == 0)
		}
		if free {
			out = append(out, v)
		}
	}
	return out
}
