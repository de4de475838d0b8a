package intake

import (
	"context"
	"encoding/json"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/uptrace/bun"
)

// Unplaced is what rows of an import say for a region and the registry cannot decide: a name that a city and a region share or, where the mapping takes such, one
// that it does not know.
type Unplaced struct {
	Value  string `json:"value"`
	Column string `json:"column"` // its title
	Row    int    `json:"row"`    // the first row that says so
	Rows   int    `json:"rows"`   // how many say so
}

// unplacedValues is how many different values are kept; what comes after them is counted under the value "".
const unplacedValues = 50

// unplaced gathers the undecided regions of a file.
type unplaced struct {
	list []Unplaced
	at   map[string]int
}

// nowhere reports whether the cell for the region names none that the registry knows, and the mapping does not take such names. What means a city or the region around
// it is no mistake of the sender's.
func (c *converter) nowhere(rec *mapping.Record) bool {
	if rec.RegionText == "" || rec.RegionOpen {
		return false
	}
	if _, ok := c.book.Region(rec.Region); ok {
		return false
	}
	if _, ok := c.book.Country(rec.Region); ok {
		return false
	}
	_, ok := c.region(c.source.Country, rec.RegionText, rec.RegionColumn)
	return !ok && !c.book.SharedName(c.source.Country, rec.RegionText)
}

func (u *unplaced) add(conv *converter, rec *mapping.Record) {
	in := conv.origin(rec)
	conv.place(rec, &in)
	value := in.Detail.SourceFields["region"]
	if value == "" {
		return
	}
	if u.at == nil {
		u.at = map[string]int{}
	}
	i, ok := u.at[value]
	if !ok && len(u.at) >= unplacedValues {
		value = ""
		i, ok = u.at[value]
	}
	if !ok {
		i = len(u.list)
		u.at[value] = i
		u.list = append(u.list, Unplaced{Value: value, Column: rec.RegionColumn, Row: rec.Row})
	}
	u.list[i].Rows++
}

func (u *unplaced) rows() (n int) {
	for _, v := range u.list {
		n += v.Rows
	}
	return n
}

func (u *unplaced) json() (string, error) {
	b, err := json.Marshal(append([]Unplaced{}, u.list...))
	return string(b), err
}

// UnplacedOf is what the good rows of a batch say for regions that cannot be decided, in the order of the file. Such rows are taken, known to the country only.
func UnplacedOf(ctx context.Context, db bun.IDB, batchID string) (list []Unplaced, err error) {
	defer baqylau.Wrap(&err, "intake.UnplacedOf(%s)", batchID)
	var kept string
	if err := db.NewRaw("SELECT unplaced FROM batch WHERE id = ?", batchID).Scan(ctx, &kept); err != nil {
		return nil, err
	}
	return list, json.Unmarshal([]byte(kept), &list)
}
