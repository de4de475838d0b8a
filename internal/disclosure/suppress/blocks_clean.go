package suppress

import "slices"

// clean shows again what no proof needs, the largest counts first.
func (b *blocks) clean() {
	for h, own := range b.own { // nothing more is hidden from here on, so one program of what is does for a block
		if b.region[h] != nil {
			continue
		}
		if list := slices.DeleteFunc(slices.Clone(own), func(c int32) bool { return b.classes[c].state != hidden }); len(list) <= 2*mostAround {
			b.region[h] = b.newRegion(list)
		}
	}
	for _, c := range b.secondaries() {
		b.show(c)
	}
}

// show shows class v if every proof that uses it can be made without.
func (b *blocks) show(v int32) bool {
	b.classes[v].state = open
	type change struct {
		class    int32
		up, down *way
	}
	var done []change
	mended := map[*way]*way{}
	for _, p := range b.prim {
		if b.up[p].of(v) == 0 && b.down[p].of(v) == 0 {
			continue
		}
		done = append(done, change{p, b.up[p], b.down[p]})
		b.up[p], b.down[p] = b.mend(b.up[p], p, v, mended), b.mend(b.down[p], p, v, mended)
		if b.has(p) || b.find(p, func(w *way) { b.noteFor(p, w) }) {
			continue
		}
		for _, d := range done {
			b.up[d.class], b.down[d.class] = d.up, d.down
		}
		b.classes[v].state = hidden
		return false
	}
	return true
}

// mend makes a way without v, an own class of some block, by another way through that block; nil where there is none, or p itself is one of the block.
func (b *blocks) mend(w *way, p, v int32, mended map[*way]*way) *way {
	if w.of(v) == 0 {
		return w
	}
	h := b.home[v]
	if h == shared || h == b.home[p] {
		return nil
	}
	m, known := mended[w]
	if known {
		return m
	}
	rest := w.without(func(c int32) bool { return b.home[c] == h })
	if part := b.along(h, rest, nil); part != nil {
		m = rest.with(part)
	}
	mended[w] = m
	return m
}
