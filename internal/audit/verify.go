package audit

import (
	"context"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

// Report is the result of Verify.
type Report struct {
	Entries int64  `json:"entries"`
	Head    string `json:"head"` // hash of the last entry
	OK      bool   `json:"ok"`
	BadSeq  int64  `json:"bad_seq,omitempty"` // first entry that does not fit
	Fault   string `json:"fault,omitempty"`   // altered, missing, head; with heads kept outside also rewritten, cut, forged
	Outside int64  `json:"outside,omitempty"` // newest entry whose head is kept outside the database

	Kept time.Time `json:"kept,omitzero"` // when the head was kept outside that the chain contradicts
}

// Verify walks the whole chain and names the first entry that was altered, removed or moved, or a head that does not match the
// last entry. A chain cut at its end together with its head can only be found by VerifyOutside.
func Verify(ctx context.Context, db bun.IDB) (r Report, err error) {
	defer baqylau.Wrap(&err, "audit.Verify")
	// the head is read by the same statement, so that an act which ends meanwhile is in both or in neither
	rows, err := db.QueryContext(ctx, `SELECT seq, at, actor_id, org_id, act, object_type, object_id, owner_org_id, detail, prev_hash, hash,
		(SELECT seq FROM audit_head WHERE id = 1), (SELECT hash FROM audit_head WHERE id = 1) FROM audit_entry ORDER BY audit_entry.seq`)
	if err != nil {
		return r, err
	}
	defer rows.Close()
	var want int64 = 1
	prev, head := "", ""
	var seq int64
	for rows.Next() {
		var e Entry
		var at int64
		var detail string
		if err := rows.Scan(&e.Seq, &at, &e.ActorID, &e.OrgID, &e.Act, &e.Type, &e.ObjectID, &e.OwnerOrg, &detail, &e.PrevHash, &e.Hash, &seq, &head); err != nil {
			return r, err
		}
		e.At = time.UnixMicro(at)
		switch {
		case e.Seq != want:
			return Report{Entries: r.Entries, Head: prev, BadSeq: want, Fault: "missing"}, nil
		case e.PrevHash != prev || seal(e, detail) != e.Hash:
			return Report{Entries: r.Entries, Head: prev, BadSeq: e.Seq, Fault: "altered"}, nil
		}
		prev = e.Hash
		want++
		r.Entries++
	}
	if err := rows.Err(); err != nil {
		return r, err
	}
	if r.Entries == 0 {
		if err := db.NewRaw("SELECT seq, hash FROM audit_head WHERE id = 1").Scan(ctx, &seq, &head); err != nil {
			return r, err
		}
	}
	r.Head = prev
	if seq != r.Entries || head != prev {
		r.BadSeq, r.Fault = r.Entries+1, "head"
		return r, nil
	}
	r.OK = true
	return r, nil
}
