package mapping

import (
	"io"

	"github.com/baqylau/baqylau"
)

// Limits guards against files made to exhaust the machine. The zero value of a field means its default.
type Limits struct {
	Packed   int64 // bytes of an XLSX file as it comes (default 256 MiB; it lies in a temporary file)
	Unpacked int64 // bytes of text after decompression (default 8 GiB; it streams)
	Ratio    int64 // how many times larger text may be than the compressed file (default 200), checked beyond 64 MiB
	Group    int   // rows held in memory for grouping anywhere and for a joined file (default 1,000,000)
	Held     int64 // bytes of those rows (default 128 MiB)
	Columns  int   // columns of a table (default 2,000)
}

const ratioFrom = 64 << 20

func (l Limits) orDefaults() Limits {
	set := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	set(&l.Packed, 256<<20)
	set(&l.Unpacked, 8<<30)
	set(&l.Ratio, 200)
	set(&l.Held, 128<<20)
	if l.Group == 0 {
		l.Group = 1_000_000
	}
	if l.Columns == 0 {
		l.Columns = 2_000
	}
	return l
}

// Option changes how a table is opened.
type Option func(*options)

type options struct {
	today    baqylau.Date
	limits   Limits
	join     io.Reader
	joinName string
	persons  func(number string) (pseudonym string, ok bool)
}

// Today sets the day after which a date lies in the future. Without it, it is the machine's date.
func Today(d baqylau.Date) Option { return func(o *options) { o.today = d } }

// WithLimits replaces the default limits.
func WithLimits(l Limits) Option { return func(o *options) { o.limits = l } }

// WithJoin gives the second file of a mapping that has a join.
func WithJoin(r io.Reader, name string) Option {
	return func(o *options) { o.join, o.joinName = r, name }
}

// Persons gives what turns a personal number into a pseudonym, and says whether such a number may exist. Without it fields of persons stay empty.
func Persons(pseudonym func(number string) (string, bool)) Option {
	return func(o *options) { o.persons = pseudonym }
}

// counter counts the bytes that pass.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// guard stops a decompressed stream that grows beyond the limits: a small file that unpacks without end.
type guard struct {
	r      io.Reader
	packed *counter
	out    int64
	limits Limits
}

func (g *guard) Read(b []byte) (int, error) {
	n, err := g.r.Read(b)
	g.out += int64(n)
	if g.out > g.limits.Unpacked || g.packed != nil && g.out > ratioFrom && g.out > g.packed.n*g.limits.Ratio {
		return 0, invalid("import.file.bomb")
	}
	return n, err
}
