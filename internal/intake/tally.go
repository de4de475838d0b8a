package intake

import (
	"strconv"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
)

// tally adds up what reports contribute to the series, by the day they are known and their import.
type tally map[string]series.Change

func (t tally) add(known baqylau.Date, batch int64, c series.Cells) {
	k := known.String() + strconv.FormatInt(batch, 10)
	ch, ok := t[k]
	if !ok {
		ch = series.Change{Known: known, Batch: batch, Cells: series.Cells{}}
		t[k] = ch
	}
	for key, n := range c {
		ch.Cells[key] += n
	}
}

// changes is what was added up.
func (t tally) changes() []series.Change {
	list := make([]series.Change, 0, len(t))
	for _, ch := range t {
		list = append(list, ch.Sorted())
	}
	return list
}

// asNew is what reports contribute if none of them was there before.
func asNew(book *registry.Book, in []Incoming) []series.Change {
	t := tally{}
	for i := range in {
		if r := &in[i]; r.Kind.Counted() {
			t.add(r.Known, r.BatchNo, r.contribution(book))
		}
	}
	return t.changes()
}
