package jobs

import (
	"slices"
	"testing"
	"time"
)

// A job that runs by the table alone is given back after a while; one that is worked on, or whose end is just being written, is not.
func TestOrphans(t *testing.T) {
	w := &atWork{ids: map[int64]bool{}}
	w.note(1, true)
	w.note(2, true)
	w.note(2, false)
	begun := time.Now()
	for _, x := range []struct {
		after   time.Duration
		running []int64
		want    []int64
	}{
		{0, []int64{1, 2}, nil},
		{10 * time.Second, []int64{1, 2, 3}, nil},
		{21 * time.Second, []int64{1, 2, 3}, []int64{2}},
		{32 * time.Second, []int64{1}, nil},
		{33 * time.Second, []int64{1, 3}, nil}, // 3 had ended in between; seen anew
	} {
		if got := w.orphans(x.running, begun.Add(x.after)); !slices.Equal(got, x.want) {
			t.Errorf("after %s: %v, want %v", x.after, got, x.want)
		}
	}
}
