package ui

import (
	"math"
	"strings"
	"testing"
)

func TestNiceStep(t *testing.T) {
	for _, c := range []struct {
		least    float64
		decimals int
		want     float64
	}{{8, 0, 10}, {5, 0, 5}, {1.7, 0, 2}, {0.3, 0, 1}, {0.3, 1, 0.5}, {0.03, 2, 0.05}, {0, 0, 1}, {1200, 0, 2000}, {100, 0, 100}} {
		if got := niceStep(c.least, c.decimals); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("niceStep(%v, %d) = %v, want %v", c.least, c.decimals, got, c.want)
		}
	}
}

func chartOf(values ...float64) Chart {
	return Chart{Labels: make([]string, len(values)), Series: []Series{{Values: values}}}
}

func TestScaleCoversEverything(t *testing.T) {
	c := chartOf(3, 24, math.NaN())
	c.Limit = &Limit{Value: 31}
	ticks, end := c.scale()
	if end < 31 || ticks[0] != 0 || ticks[len(ticks)-1] != end || len(ticks) > 6 {
		t.Errorf("ticks %v end at %v for a limit of 31", ticks, end)
	}
	if y0, y1 := c.y(0), c.y(end); y0 != c.base() || y1 != topRoom {
		t.Errorf("0 is at %v and the end at %v", y0, y1)
	}
	if _, end := chartOf(0, 0).scale(); end <= 0 {
		t.Errorf("a chart of zeros ends at %v: nothing could be placed", end)
	}
}

func TestLabelsEndWithTheLast(t *testing.T) {
	for _, n := range []int{1, 5, 12, 23, 53, 200} {
		c := chartOf(make([]float64, n)...)
		wide, narrow := 0, 0
		for i := range n {
			w, s := c.labelled(i)
			if s && !w {
				t.Errorf("%d categories: %d is labelled on narrow drawings only", n, i)
			}
			if w {
				wide++
			}
			if s {
				narrow++
			}
		}
		if w, s := c.labelled(n - 1); !w || !s {
			t.Errorf("%d categories: the last has no label", n)
		}
		if wide > 13 || narrow > 7 {
			t.Errorf("%d categories: %d labels wide, %d narrow", n, wide, narrow)
		}
	}
}

func TestTold(t *testing.T) {
	if got := chartOf(1, 9, 2, 3).told(); !got[1] || !got[3] || len(got) != 2 {
		t.Errorf("told %v, want the highest and the last", got)
	}
	if got := chartOf(1, 9, 8).told(); !got[1] || len(got) != 1 {
		t.Errorf("told %v: two neighbours would touch", got)
	}
	if got := chartOf(0, 0).told(); len(got) != 0 {
		t.Errorf("told %v of zeros", got)
	}
}

func TestPathBreaksAtMissing(t *testing.T) {
	c := chartOf(1, 2, math.NaN(), 3, 4)
	if p := c.path(c.Series[0].Values, 0, 4); strings.Count(p, "M") != 2 || strings.Count(p, "L") != 2 || strings.Contains(p, "NaN") {
		t.Errorf("path %s", p)
	}
}

func TestEndLabelsDoNotTouch(t *testing.T) {
	c := Chart{Labels: []string{"a"}, Series: []Series{{Name: "x", Values: []float64{5}}, {Name: "y", Values: []float64{5.1}}, {Name: "z", Values: []float64{math.NaN()}}}}
	ends := c.endLabels()
	if len(ends) != 2 || ends[1].y-ends[0].y < 12 {
		t.Errorf("%+v", ends)
	}
}

func TestFormulaParts(t *testing.T) {
	var b strings.Builder
	for _, p := range formulaParts("C20H22N4O3") {
		if p.count {
			b.WriteString("_")
		}
		b.WriteString(p.text)
	}
	if got := b.String(); got != "C_20H_22N_4O_3" {
		t.Errorf("parts %s", got)
	}
}

// A figure of part of a year joins no line, a break cuts it, and the figure alone between them is drawn as a mark.
func TestLinesJoinOnlyWhatGoesOn(t *testing.T) {
	c := chartOf(10, 20, 12, 30, 40, 50)
	c.Breaks = []Break{{Before: 4, Reason: "regions divided"}}
	s := &c.Series[0]
	s.Loose = []bool{2: true}
	path := c.path(s.joined(), 0, 5)
	if got := strings.Count(path, "M"); got != 3 {
		t.Errorf("%d strokes in %s: one up to the loose figure, the single one before the break, one behind it", got, path)
	}
	for i, want := range []bool{false, false, true, true, false, false} {
		if c.alone(*s, i) != want {
			t.Errorf("value %d drawn as a mark: %v", i, !want)
		}
	}
	if _, end := c.scale(); end < 50 {
		t.Errorf("the scale ends at %v", end)
	}
	s.Low, s.High = []float64{8, 18, 10, 28, 38, 48}, []float64{12, 22, 14, 32, 42, 52}
	s.Low[4] = math.NaN() // without an interval right behind the break
	if band := c.band(*s); strings.Count(band, "Z") != 1 {
		t.Errorf("bands: %s", band)
	}
	s.Low[4] = 38
	if band := c.band(*s); strings.Count(band, "Z") != 2 {
		t.Errorf("bands: %s", band)
	}
}
