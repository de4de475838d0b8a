package outgoing

import (
	"context"
	"math"
	"strconv"

	"github.com/baqylau/baqylau/internal/indicator"
	"github.com/baqylau/baqylau/internal/locale"
)

// Gap says why a cell has no figure. The five are five different things in pages and files; zero is none of them.
type Gap string

// The gaps.
const (
	Filled        Gap = ""
	Missing       Gap = "missing" // nobody has sent it
	Suppressed    Gap = Gap(indicator.Suppressed)
	NotCollected  Gap = Gap(indicator.NotCollected)
	NotKnown      Gap = Gap(indicator.NotKnown)
	NotApplicable Gap = Gap(indicator.NotApplicable)
)

// Gaps lists them in the order of pages.
var Gaps = []Gap{Missing, NotCollected, Suppressed, NotKnown, NotApplicable}

// Cell is the answer to a question: a number, a text, or a gap; with what must be known of it.
type Cell struct {
	Number    *float64
	Text      string // instead of a number: a year, a method, a source
	Decimals  int    // -1: as many as the number has
	Gap       Gap
	Notes     []Note
	Synthetic bool
	Source    string // who states it
	Href      string // to the facts behind it; "" where there are none
	Records   bool   // the facts are case records, which only their owners may open
}

// Note is a remark about a cell: a message of the catalogue under outgoing.note.
type Note struct {
	Key  string
	Args []any
}

// Say writes a note in the reader's language.
func (n Note) Say(ctx context.Context) string {
	return locale.T(ctx, "outgoing.note."+n.Key, n.Args...)
}

func gap(g Gap, notes ...Note) Cell { return Cell{Gap: g, Notes: notes} }

func number(v float64, decimals int) Cell { return Cell{Number: &v, Decimals: decimals} }

// Shown is the cell for a page: never empty.
func (c *Cell) Shown(ctx context.Context) string {
	switch {
	case c.Gap != Filled:
		return mark(ctx, c.Gap)
	case c.Number == nil:
		return c.Text
	case c.Decimals < 0:
		return locale.Number(ctx, *c.Number, natural(*c.Number))
	}
	return locale.Number(ctx, *c.Number, c.Decimals)
}

// mark stands in the place of a figure that is not there: two strokes, as printed questionnaires want where nothing was sent, else the word.
func mark(ctx context.Context, g Gap) string {
	if g == Missing {
		return "--"
	}
	return locale.T(ctx, "outgoing.gap."+string(g))
}

// natural is how many decimals a number needs, four at most.
func natural(v float64) int {
	for d := range 4 {
		p := math.Pow10(d)
		if math.Abs(v*p-math.Round(v*p)) < 1e-9*math.Max(1, math.Abs(v*p)) {
			return d
		}
	}
	return 4
}

// year is a year as a text: it takes no separator of thousands.
func year(n int) Cell { return Cell{Text: strconv.Itoa(n)} }
