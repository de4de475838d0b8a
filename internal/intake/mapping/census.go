package mapping

import (
	"encoding/binary"
	"maps"
	"os"
	"slices"
	"sort"

	"github.com/baqylau/baqylau"
)

// Sizes of a census.
const (
	latestMost  = 1 << 16 // values in memory, 2 MB
	entrySize   = 8 + 4   // bytes of a value and its count
	blockLength = 256     // entries that are read together
	filterBits  = 1 << 26 // 8 MB: of ten million values one in twenty-five that never came is looked for in vain
	filterMarks = 4       // bits of a value
)

// census counts how often each of many uniformly distributed values has come, in memory that does not grow with them: the latest are in a map, those before in
// sorted runs of a temporary file. Only values that a filter knows (Bloom, Communications of the ACM 13:422, 1970) are looked for there.
type census struct {
	latest map[uint64]uint32
	filter []uint64 // bits; nil while there is no run
	runs   []run
	file   *os.File // without a name, as that of a spill
	size   int64
	block  [blockLength * entrySize]byte
}

// run is a part of the file; heads are the first values of its blocks.
type run struct {
	at    int64
	n     int
	heads []uint64
}

// add counts v once more and returns how often it has come, this time included. Code: Unavailable when the temporary file cannot be written or read.
func (c *census) add(v uint64) (n uint32, err error) {
	if c.latest == nil {
		c.latest = make(map[uint64]uint32)
	}
	c.latest[v]++
	n = c.latest[v]
	if c.known(v) {
		for i := range c.runs {
			before, err := c.find(&c.runs[i], v)
			if err != nil {
				return 0, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
			}
			n += before
		}
	}
	if len(c.latest) >= latestMost {
		if err := c.flush(); err != nil {
			return 0, baqylau.E(baqylau.Unavailable, "error.disk").Because(err)
		}
	}
	return n, nil
}

// marks are the bits of a value in the filter, by double hashing.
func marks(v uint64) (out [filterMarks]uint32) {
	a, b := uint32(v), uint32(v>>32)|1 //nolint:gosec // the halves of the value
	for i := range out {
		out[i] = (a + uint32(i)*b) % filterBits //nolint:gosec // 0 to 3
	}
	return out
}

// known is false for a value that is in no run.
func (c *census) known(v uint64) bool {
	if c.filter == nil {
		return false
	}
	for _, m := range marks(v) {
		if c.filter[m/64]&(1<<(m%64)) == 0 {
			return false
		}
	}
	return true
}

// find is how often v came in a run.
func (c *census) find(r *run, v uint64) (uint32, error) {
	b := sort.Search(len(r.heads), func(i int) bool { return r.heads[i] > v }) - 1
	if b < 0 {
		return 0, nil
	}
	n := min(blockLength, r.n-b*blockLength)
	block := c.block[:n*entrySize]
	if _, err := c.file.ReadAt(block, r.at+int64(b)*blockLength*entrySize); err != nil {
		return 0, err
	}
	value := func(i int) uint64 { return binary.LittleEndian.Uint64(block[i*entrySize:]) }
	if i := sort.Search(n, func(i int) bool { return value(i) >= v }); i < n && value(i) == v {
		return binary.LittleEndian.Uint32(block[i*entrySize+8:]), nil
	}
	return 0, nil
}

// flush makes a run of the latest.
func (c *census) flush() (err error) {
	if c.file == nil {
		if c.file, err = os.CreateTemp("", "baqylau-census-"); err != nil {
			return err
		}
		_ = os.Remove(c.file.Name()) //nolint:gosec // a name that CreateTemp made; where an open file keeps its name, Close removes it
		c.filter = make([]uint64, filterBits/64)
	}
	r := run{at: c.size, n: len(c.latest)}
	out := make([]byte, 0, r.n*entrySize)
	for i, v := range slices.Sorted(maps.Keys(c.latest)) {
		if i%blockLength == 0 {
			r.heads = append(r.heads, v)
		}
		out = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint64(out, v), c.latest[v])
		for _, m := range marks(v) {
			c.filter[m/64] |= 1 << (m % 64)
		}
	}
	if _, err := c.file.Write(out); err != nil {
		return err
	}
	c.size += int64(len(out))
	c.runs = append(c.runs, r)
	clear(c.latest)
	return nil
}

// Close gives the file's space back.
func (c *census) Close() error {
	if c.file == nil {
		return nil
	}
	err := c.file.Close()
	_ = os.Remove(c.file.Name()) //nolint:gosec // the same; usually gone already
	c.file = nil
	return err
}
