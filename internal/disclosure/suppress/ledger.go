package suppress

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Release is a table that went out, as the release ledger keeps it.
type Release struct {
	Key    string // what was published, where and for which period, in the words of the ledger
	Table  Table
	Answer Answer
}

// Signature is the same for tables that are the same to the last count, code and rule, in the same order.
func (t Table) Signature() string {
	b, err := json.Marshal(t) // maps are written in the order of their keys
	if err != nil {
		panic("suppress: a table is texts and numbers: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Next answers a table that comes after others which overlap with it, so that it is safe together with them; their answers stay as they were. Links number the earlier releases from 0 in
// their order, and the new table after them. A table that is out already under the same key gets the answer that it had: asking twice gives nothing new to subtract.
// A small count that the earlier releases have given away is hidden all the same.
func Next(earlier []Release, key string, t Table, links []Link, effort Effort) (Release, error) {
	next := Release{Key: key, Table: t}
	all := Releases{Links: links, Sequence: true}
	signature := t.Signature()
	for _, e := range earlier {
		if e.Key == key && e.Table.Signature() == signature {
			return e, nil
		}
		all.Tables = append(all.Tables, e.Table)
	}
	all.Tables = append(all.Tables, t)
	b, err := newBundle(&all)
	if err != nil {
		return next, err
	}
	hide := make([]bool, len(b.counts))
	for i, e := range earlier {
		if len(e.Answer) != len(e.Table.Cells) {
			return next, b.grids[i].fault("", "its answer has %d cells instead of %d; give the answer that went out", len(e.Answer), len(e.Table.Cells))
		}
		for k, p := range b.grids[i].placeOf {
			hide[p+b.offset[i]] = e.Answer[k].Why != Shown
		}
	}
	last := len(earlier)
	b.protect(last, last+1, hide, func(g *guard) { g.run(effort) })
	next.Answer = b.answers(hide)[last]
	return next, nil
}
