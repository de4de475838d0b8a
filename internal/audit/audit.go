// Package audit keeps the journal: one entry per act, each sealed with the hash of the one before, so that an altered,
// removed or reordered entry is found by Verify. Entries hold identifiers and counts, never names or what a person typed.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/uptrace/bun"
)

// Entry is one act: who, when, what, on which object, whose data.
type Entry struct {
	Seq      int64          `json:"seq"`
	At       time.Time      `json:"at"`
	ActorID  string         `json:"actor"`
	OrgID    string         `json:"org"`
	Act      string         `json:"act"`
	Type     string         `json:"type"`
	ObjectID string         `json:"object"`
	OwnerOrg string         `json:"owner"` // organisation whose data was touched; its people may read the entry
	Detail   map[string]any `json:"detail,omitempty"`
	PrevHash string         `json:"prev_hash"`
	Hash     string         `json:"hash"`
}

// Tx is a transaction that takes many rows at once.
type Tx interface {
	bun.IDB
	Insert(ctx context.Context, table string, columns []string, values []any) error
}

var columns = strings.Fields("seq at actor_id org_id act object_type object_id owner_org_id detail prev_hash hash")

// Append seals entries onto the chain inside tx, in their order; Seq and the hashes are set here. It locks the chain's head row, so call it last
// in a transaction: on PostgreSQL writers queue there only.
func Append(ctx context.Context, tx Tx, lock string, entries ...Entry) (err error) {
	defer baqylau.Wrap(&err, "audit.Append(%d)", len(entries))
	var seq int64
	var hash string
	if err := tx.NewRaw("SELECT seq, hash FROM audit_head WHERE id = 1"+lock).Scan(ctx, &seq, &hash); err != nil {
		return err
	}
	rows := make([]any, 0, len(entries)*len(columns))
	for _, e := range entries {
		detail := []byte("{}")
		if e.Detail != nil {
			if detail, err = json.Marshal(e.Detail); err != nil {
				return err
			}
		}
		seq++
		e.Seq, e.PrevHash = seq, hash
		hash = seal(e, string(detail))
		rows = append(rows, e.Seq, e.At.UnixMicro(), e.ActorID, e.OrgID, e.Act, e.Type, e.ObjectID, e.OwnerOrg, string(detail), e.PrevHash, hash)
	}
	if err := tx.Insert(ctx, "audit_entry", columns, rows); err != nil {
		return err
	}
	_, err = tx.NewRaw("UPDATE audit_head SET seq = ?, hash = ? WHERE id = 1", seq, hash).Exec(ctx)
	return err
}

// seal is SHA-256 over every stored field, each prefixed by its length so that no two entries share a preimage.
func seal(e Entry, detail string) string {
	h := sha256.New()
	for _, f := range []string{e.PrevHash, strconv.FormatInt(e.Seq, 10), strconv.FormatInt(e.At.UnixMicro(), 10), e.ActorID, e.OrgID,
		e.Act, e.Type, e.ObjectID, e.OwnerOrg, detail} {
		h.Write([]byte(strconv.Itoa(len(f)) + ":" + f))
	}
	return hex.EncodeToString(h.Sum(nil))
}
