package ui

import (
	"context"
	"math"

	"github.com/baqylau/baqylau/internal/locale"
)

// Pyramid is an age pyramid: men at the left, women at the right, the oldest above. NaN is "no figure".
type Pyramid struct {
	ID          string
	Summary     string // what it shows, for those who cannot see it
	Axis        string // name of the bands: "Age"
	Left, Right string // names of the sides
	Bands       []PyramidBand
	Decimals    int
	Caption     Caption
}

// PyramidBand is one age band, youngest first. Words stand where there is no figure.
type PyramidBand struct {
	Name                  string
	Left, Right           float64
	LeftWords, RightWords string
}

// top is the longest bar.
func (p Pyramid) top() (top float64) {
	for _, b := range p.Bands {
		for _, v := range []float64{b.Left, b.Right} {
			if v > top { // false for NaN
				top = v
			}
		}
	}
	return top
}

func (p Pyramid) shown(ctx context.Context, v float64, words string) string {
	switch {
	case !math.IsNaN(v):
		return locale.Number(ctx, v, p.Decimals)
	case words != "":
		return words
	}
	return "–"
}

// width is the length of a bar in percent of its side, which leaves room for the figure.
func (p Pyramid) width(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return 0.72 * share(v, p.top())
}
