package aberration

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// ofEveryKind has detectors of every type of the package in each of their modes, such that series of some years are enough for them.
// Charts begin at the period given.
func ofEveryKind(first int) []Detector {
	bayes, rki, cdc := NewBayes(1, 0, true, 0.05), RKI2(), NewCDC(2, 1, 0.05)
	c3 := C3()
	bayes.Mode, rki.Mode, cdc.Mode, c3.Mode = Reference, Reference, Reference, Reference
	all := append(closedCharts(first), C1(), C2(), C3(), c3, Bayes1(), Bayes2(), bayes, RKI1(), rki, NewCDC(2, 1, 0.05), cdc,
		Exact{Window: 2, Baseline: 20, Gap: 1, Alpha: 0.01}, GammaPoisson{Window: 2, Baseline: 20, Shape: 0.5, Alpha: 0.01},
		Reemergence{Silence: 3, Discount: 0.5, Alpha: 0.01}, Default(), Routine{Alpha: 0.05, Start: 0.1, Stay: 0.5, Years: 1, Gap: 3})
	for _, mode := range []Mode{Guarded, Reference} {
		all = append(all, CUSUM{First: first, K: 0.5, H: 3, Means: FittedMeans{Model: MeanModel{Harmonics: 1}, Mode: mode}, Mode: mode},
			BinomialCUSUM{First: first, InControl: []float64{0.3}, OutOfControl: []float64{0.1}, H: 2, Mode: mode})
		old, flexible, seasonal := NewFarrington(), NewFarringtonFlexible(), NewNoufaily(0.01)
		old.Years, old.HalfWindow, old.Mode = 1, 2, mode
		flexible.Years, flexible.Exclude, flexible.Mode = 2, 1, mode
		seasonal.Years, seasonal.HalfWindow, seasonal.Periods, seasonal.Exclude, seasonal.Mode = 3, 1, 4, 2, mode
		offset := seasonal
		offset.PopulationOffset, offset.Threshold = true, Muan
		all = append(all, old, flexible, seasonal, offset)
		for _, change := range []func(*GLR){
			func(*GLR) {}, func(g *GLR) { g.Model.Refit = true }, func(g *GLR) { g.Shift = 0.4 }, func(g *GLR) { g.Decrease = true },
			func(g *GLR) { g.Change, g.Window = Epidemic, 12 }, func(g *GLR) { g.Mean = GivenMeans{1, 3} },
			func(g *GLR) { g.Cases, g.Window, g.MaxCases = true, 6, 60 },
		} {
			g := NewGLR(first)
			g.Limit, g.Mode = 3, mode
			change(&g)
			all = append(all, GLRPoisson{GLR: g}, GLRNegBin{GLR: g, Alpha: 0.3})
			if len(g.Mean) == 0 && !g.Cases {
				all = append(all, GLRNegBin{GLR: g, Alpha: math.NaN()})
			}
		}
	}
	return all
}

// Every type of the package with the method Evaluate of a Detector is in the list.
func TestListHasEveryKind(t *testing.T) {
	listed := map[string]bool{}
	for _, d := range ofEveryKind(1) {
		listed[reflect.TypeOf(d).Name()] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != "Evaluate" {
				continue
			}
			receiver, ok := f.Recv.List[0].Type.(*ast.Ident)
			if !ok || !takesSeries(f) {
				continue
			}
			if found++; !listed[receiver.Name] {
				t.Errorf("%s is in no test of every detector", receiver.Name)
			}
		}
	}
	if found < len(listed) {
		t.Errorf("found %d types, the list has %d", found, len(listed))
	}
}

// takesSeries tells the method of a detector from those of Worker and EqualDelay, which have the same name.
func takesSeries(f *ast.FuncDecl) bool {
	of, ok := f.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	name, ok := of.X.(*ast.Ident)
	return ok && name.Name == "Series"
}

func drawYears(t *rapid.T) *Series {
	frequency, n := 12, rapid.IntRange(70, 90).Draw(t, "periods")
	if rapid.Bool().Draw(t, "weekly") {
		frequency, n = 52, rapid.IntRange(130, 170).Draw(t, "weeks")
	}
	s := drawSeries(t, n)
	s.Frequency = frequency
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0: // nothing for a long time
		clear(s.Counts[:n-8])
	case 1:
		s.Counts[n/2], s.Counts[n-3] = -1, 1e12
	}
	if frequency == 52 && rapid.Bool().Draw(t, "dated") {
		for i := range n {
			s.Days = append(s.Days, 15000+7*i)
		}
	}
	return s
}

// upTo is the series as it was when it had n periods.
func (s *Series) upTo(n int) Series {
	c := Series{Counts: slices.Clone(s.Counts[:n]), Frequency: s.Frequency}
	if s.Population != nil {
		c.Population = slices.Clone(s.Population[:n])
	}
	if s.Days != nil {
		c.Days = slices.Clone(s.Days[:n])
	}
	return c
}

// identical compares all fields of two results; NaN is NaN.
func identical(a, b Result) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		if p, q := x.Field(i), y.Field(i); p.CanFloat() {
			if p.Float() != q.Float() && !(math.IsNaN(p.Float()) && math.IsNaN(q.Float())) {
				return false
			}
		} else if !p.Equal(q) {
			return false
		}
	}
	return true
}

// What a detector says depends on the series, the period and its settings alone: not on the memory, whatever detector and series that
// had before, nor on whether the periods come one by one, in a range, or are asked for alone, nor on what comes after them.
func TestMemoryChangesNothing(t *testing.T) {
	var used Memory // by all detectors on all series in turn
	rapid.Check(t, func(t *rapid.T) {
		s := drawYears(t)
		n := len(s.Counts)
		all := ofEveryKind(rapid.IntRange(n/2, n-30).Draw(t, "first"))
		var ds []Detector
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(all)-1), 12, 12, rapid.ID[int]).Draw(t, "detectors") {
			ds = append(ds, all[i])
		}
		begin := rapid.IntRange(0, n-1).Draw(t, "fed from")
		alone := rapid.SliceOfN(rapid.IntRange(-1, n), 3, 3).Draw(t, "alone")
		for _, d := range ds {
			want := Range(nil, d, s, -1, n, nil) // of period i-1
			say := func(how string, at int, got Result) {
				if !identical(got, want[at+1]) {
					t.Fatalf("%#v\nperiod %d %s: %+v\nin a range %+v", d, at, how, got, want[at+1])
				}
			}
			used.Reset()
			for i, r := range Range(nil, d, s, -1, n, &used) {
				say("with a memory that was used before", i-1, r)
			}
			for _, at := range alone {
				say("alone", at, d.Evaluate(s, at, nil))
				used.Reset()
				say("alone with a memory that was used before", at, d.Evaluate(s, at, &used))
			}
			st := NewStream(d, s.upTo(begin))
			for at := begin; at < n; at++ {
				population, day := 0.0, 0
				if s.Population != nil {
					population = s.Population[at]
				}
				if s.Days != nil {
					day = s.Days[at]
				}
				say("fed", at, st.FeedPeriod(s.Counts[at], population, day))
			}
			late, err := st.Revise(begin/2, s.Counts[begin/2])
			if err != nil {
				t.Fatal(err)
			}
			say("after a revision to the same count", n-1, late)
		}
		var w Worker
		for range 2 {
			for i, r := range w.Evaluate(nil, s, n-1, ds...) {
				if want := ds[i].Evaluate(s, n-1, nil); !identical(r, want) {
					t.Fatalf("%#v by a worker: %+v, alone %+v", ds[i], r, want)
				}
			}
		}
	})
}
