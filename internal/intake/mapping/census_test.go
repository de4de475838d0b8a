package mapping

import (
	"hash/maphash"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/baqylau/baqylau"
)

// A census says of each of many values what a map would say, whether the value came a moment or a million values ago.
func TestACensusCountsAsAMapDoes(t *testing.T) {
	var c census
	defer c.Close()
	seed, want := maphash.MakeSeed(), map[uint64]uint32{}
	r := rand.New(rand.NewPCG(3, 5))
	n := 5 * latestMost
	for i := range n {
		of := i // most come once, as the keys of a file do
		if r.IntN(50) == 0 {
			of = r.IntN(i + 1)
		}
		v := maphash.String(seed, strconv.Itoa(of))
		want[v]++
		if got, err := c.add(v); err != nil || got != want[v] {
			t.Fatalf("value %d: came %d times instead of %d (%v)", i, got, want[v], err)
		}
	}
	if len(c.runs) < 4 {
		t.Errorf("%d runs: nothing of this was read from the file", len(c.runs))
	}
}

// Hardly any value that never came is looked for in the file, or a long file would be read slowly.
func TestACensusSeldomLooksInVain(t *testing.T) {
	var c census
	defer c.Close()
	r := rand.New(rand.NewPCG(3, 5))
	for range 30 * latestMost {
		if _, err := c.add(r.Uint64()); err != nil {
			t.Fatal(err)
		}
	}
	vain := 0
	for range 100_000 {
		if c.known(r.Uint64()) {
			vain++
		}
	}
	if vain > 100 { // (1-e^(-4·2M/64M))⁴ = 0.02 %
		t.Errorf("%d of 100,000 in vain", vain)
	}
}

// Where there is no room for temporary files, the import stops and says so.
func TestACensusWithoutRoom(t *testing.T) {
	t.Setenv("TMPDIR", "/nowhere")
	var c census
	for i := range uint64(latestMost) {
		if _, err := c.add(i); err != nil {
			if baqylau.CodeOf(err) != baqylau.Unavailable {
				t.Error(err)
			}
			return
		}
	}
	t.Error("nothing was said")
}
