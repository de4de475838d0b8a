package harm

import (
	"context"
	"maps"
	"slices"

	"github.com/baqylau/baqylau/internal/disclosure"
	"github.com/baqylau/baqylau/internal/locale"
)

// grid is a table of counts of persons with its margins: the last row and the last column are the sums.
type grid [][]disclosure.Count

// protect hides the small counts of a table of rows and columns, and as many more that none can be computed from what is left: in every line, its sum among it, none or at least two are hidden, and
// the hidden ones of a line come to the threshold. n holds no margins; the answer has them.
func protect(n [][]int, f disclosure.Figure, a disclosure.Audience) grid {
	rows, columns := len(n), 0
	if rows > 0 {
		columns = len(n[0])
	}
	full := make([][]int, rows+1)
	full[rows] = make([]int, columns+1)
	for i, line := range n {
		full[i] = make([]int, columns+1)
		for j, v := range line {
			full[i][j] = v
			full[i][columns] += v
			full[rows][j] += v
			full[rows][columns] += v
		}
	}
	hidden := make([][]bool, rows+1)
	for i := range full {
		hidden[i] = make([]bool, columns+1)
		for j, v := range full[i] {
			hidden[i][j] = disclosure.Hides(v, f, a)
		}
	}
	for changed := true; changed; {
		changed = false
		for i := range full {
			changed = settle(columns+1, func(k int) (*bool, int) { return &hidden[i][k], full[i][k] }) || changed
		}
		for j := range columns + 1 {
			changed = settle(rows+1, func(k int) (*bool, int) { return &hidden[k][j], full[k][j] }) || changed
		}
	}
	out := make(grid, rows+1)
	for i := range full {
		out[i] = make([]disclosure.Count, columns+1)
		for j, v := range full[i] {
			if out[i][j] = (disclosure.Count{Hidden: true}); !hidden[i][j] {
				out[i][j] = disclosure.Count{N: v}
			}
		}
	}
	return out
}

// settle hides one more count of a line, the smallest that is not nothing, where what is hidden of it could be computed.
func settle(length int, at func(int) (hidden *bool, n int)) bool {
	count, sum, smallest := 0, 0, -1
	for k := range length {
		h, n := at(k)
		switch {
		case *h:
			count++
			sum += n
		case n > 0:
			if _, least := at(max(smallest, 0)); smallest < 0 || n < least {
				smallest = k
			}
		}
	}
	if count == 0 || count > 1 && sum >= disclosure.Threshold || smallest < 0 {
		return false
	}
	h, _ := at(smallest)
	*h = true
	return true
}

// keyed is a count under a key.
type keyed struct {
	key string
	n   disclosure.Count
}

// line protects counts that add up to a number which is shown elsewhere, in the order of their keys.
func line(n map[string]int, f disclosure.Figure, a disclosure.Audience) []keyed {
	keys := slices.Sorted(maps.Keys(n))
	row := make([]int, len(keys))
	for i, k := range keys {
		row[i] = n[k]
	}
	out := make([]keyed, len(keys))
	shown := protect([][]int{row}, f, a)
	for i, k := range keys {
		out[i] = keyed{k, shown[0][i]}
	}
	return out
}

// say writes a count, or that it is hidden.
func say(ctx context.Context, c disclosure.Count) string {
	if c.Hidden {
		return locale.T(ctx, "death.hidden")
	}
	return locale.Int(ctx, c.N)
}

// value is a count for a file: the number, or the word for a hidden one.
func value(c disclosure.Count) any {
	if c.Hidden {
		return "suppressed"
	}
	return c.N
}
