package suppress

import (
	"math"
	"slices"
	"testing"
)

// faults are what is wrong with the proofs of some numbers: each primary class needs two ways that keep every sum, move nothing shown, leave at least one person, and differ enough.
func (b *blocks) faults() (list []string) {
	for _, p := range b.prim {
		if b.up[p].up(p)+b.down[p].down(p) < b.classes[p].need {
			list = append(list, "too short")
		}
		for _, w := range []*way{b.up[p], b.down[p]} {
			if w == nil {
				continue
			}
			sums := map[int32]float64{}
			for i, c := range w.classes {
				k := &b.classes[c]
				if k.state != hidden || float64(k.n)+w.by[i] < 1-drift {
					list = append(list, "it moves what is shown, or to nobody")
				}
				for j, rel := range k.rels {
					sums[rel] += w.by[i] * float64(k.coef[j])
				}
			}
			for _, s := range sums {
				if math.Abs(s) > 10*drift {
					list = append(list, "a sum is broken")
				}
			}
		}
	}
	return list
}

// sections are tables of the same people, each by two of four classifications, as the sections of an outgoing questionnaire are.
func (g gen) sections(mean float64) Releases {
	people := g.table(mean, 0.9, 5, tree("drug", 4, 3, 2), flat("status", 3), flat("sex", 2), flat("age", 5))
	r := Releases{}
	known := map[string]Ref{}
	for _, by := range [][]int{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}} {
		t := project(people, by...)
		for _, c := range t.Cells {
			what := ""
			for i, code := range c.Key {
				if d := t.Dimensions[i]; code != d.Total {
					what += d.Name + "=" + code + " "
				}
			}
			ref := Ref{len(r.Tables), c.Key}
			if same, ok := known[what]; ok {
				r.Links = append(r.Links, Link{same, []Ref{ref}})
			} else {
				known[what] = ref
			}
		}
		r.Tables = append(r.Tables, t)
	}
	return r
}

// numbers are linked tables as numbers, each table a block.
func (r Releases) numbers(t *testing.T) (Numbers, *bundle) {
	t.Helper()
	b, err := newBundle(&r)
	if err != nil {
		t.Fatal(err)
	}
	x := Numbers{N: b.counts, Rule: r.Tables[0].Rule}
	for i, s := range b.sums {
		one := Sum{Block: b.last[i], Whole: int(s.total)}
		for _, p := range s.parts {
			one.Parts = append(one.Parts, int(p))
		}
		x.Sums = append(x.Sums, one)
	}
	return x, b
}

// Tables of the same people, protected block by block: each small count has a proof that keeps all sums of all tables, the linear programs of another library narrow nothing down, and no more is hidden
// than where everything is looked at as one, but for a few in a hundred.
func TestBlocksTogetherGiveNothingAway(t *testing.T) {
	var cases [][]byte
	ours, whole := 0, 0
	for i, mean := range []float64{0.3, 1, 3, 8} {
		r := newGen(uint64(i)).sections(mean)
		x, b := r.numbers(t)
		if list := protectNumbers(x).faults(); len(list) > 0 {
			t.Errorf("proofs that do not hold: %v", list)
		}
		why := ProtectNumbers(x)
		hide := make([]bool, len(why))
		for k, w := range why {
			if hide[k] = w != Shown; hide[k] {
				ours++
			}
		}
		cases = append(cases, asJSON(r, b.answers(hide)))
		as, err := ProtectAll(r, Page)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range as {
			whole += a.Hidden()
		}
	}
	t.Logf("%d hidden, %d where everything is looked at as one", ours, whole)
	if 10*ours > 11*whole {
		t.Errorf("%d hidden, %d where everything is looked at as one", ours, whole)
	}
	for i, v := range attacked(t, cases) {
		if len(v.Narrow) > 0 {
			t.Errorf("case %d: too narrow: %v", i, v.Narrow)
		}
	}
}

// Whoever is counted somewhere is counted in every table: one more like him is found for every count, and of each whole that counts him exactly one part does.
func TestOneMorePersonIsFoundForEveryCount(t *testing.T) {
	for seed, mean := range []float64{0.3, 1, 3} {
		x, _ := newGen(uint64(20 + seed)).sections(mean).numbers(t)
		b := protectNumbers(x)
		for c := range b.classes {
			who := b.personOf(int32(c))
			if !slices.Contains(who, int32(c)) {
				t.Fatalf("mean %v: nobody more is found for a count of %d", mean, b.classes[c].n)
			}
			for _, r := range b.rels {
				last, parts := len(r.vars)-1, 0
				for i, v := range r.vars[:last] {
					if slices.Contains(who, v) {
						parts += int(r.coef[i])
					}
				}
				if whole := slices.Contains(who, r.vars[last]); parts > 1 || whole != (parts == 1) {
					t.Fatalf("mean %v: %d parts of one whole count him, the whole: %v", mean, parts, whole)
				}
			}
		}
		for _, c := range b.prim { // and he alone is a proof
			b.up[c], b.down[c] = nil, nil
			b.hideWithPerson(c)
		}
		if list := b.faults(); len(list) > 0 {
			t.Errorf("mean %v: proofs that do not hold: %v", mean, list)
		}
	}
}

// A quarter later some people more are known. What was shown and has not changed is known to the reader, what was hidden and has not changed stays hidden, and with both the proofs hold;
// where nothing has changed, nothing does.
func TestNumbersAreHeldAgainstWhatLeft(t *testing.T) {
	before, _ := newGen(7).sections(2).numbers(t)
	first := ProtectNumbers(before)
	later, _ := newGen(7).sections(2).numbers(t)
	told := func(x *Numbers) {
		x.Out = make([]Out, len(x.N))
		for i, w := range first {
			switch {
			case x.N[i] != before.N[i] || x.N[i] == 0:
			case w == Shown:
				x.Out[i] = WasShown
			default:
				x.Out[i] = WasWithheld
			}
		}
	}
	told(&later)
	for i, w := range ProtectNumbers(later) {
		if (w == Shown) != (first[i] == Shown) {
			t.Fatalf("the same count of %d, hidden as %d and now as %d", later.N[i], first[i], w)
		}
	}
	again, _ := newGen(8).sections(2).numbers(t) // other people, of whom some counts are the same
	told(&again)
	b := protectNumbers(again)
	if list := b.faults(); len(list) > 0 {
		t.Errorf("proofs that do not hold: %v", list)
	}
	for i, w := range ProtectNumbers(again) {
		if small := again.N[i] > 0 && again.N[i] < 5; small && w != Primary || again.Out[i] == WasWithheld && w == Shown {
			t.Errorf("a count of %d, told before: %d, is hidden as %d", again.N[i], again.Out[i], w)
		}
	}
}
