package ui

import "math"

// Ranked is one bar of RankedBars. A NaN Value shows Shown as words instead of a bar: "fewer than 5", "no data".
type Ranked struct {
	Name, Href string
	Value      float64
	Shown      string
}

// longest is the value of the longest bar; NaN compares false.
func longest(items []Ranked) (top float64) {
	for _, r := range items {
		if r.Value > top {
			top = r.Value
		}
	}
	return top
}

// share is the length of a bar in percent of the longest.
func share(v, top float64) float64 {
	if top == 0 {
		return 0
	}
	return 100 * v / top
}

func unknown(v float64) bool { return math.IsNaN(v) }
