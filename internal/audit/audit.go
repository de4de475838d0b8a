// Package audit keeps the journal: one entry per act, each sealed with the hash of the one before, so that an altered,
// removed or reordered entry is found by Verify. Entries hold identifiers and counts, never names or what a person typed.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
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

// Append seals e onto the chain inside tx and returns it with its number and hash. It locks the chain's head row, so call it last
// in a transaction: on PostgreSQL writers queue there only.
func Append(ctx context.Context, tx bun.IDB, lock string, e Entry) (_ Entry, err error) {
	defer baqylau.Wrap(&err, "audit.Append(%s)", e.Act)
	if err := tx.NewRaw("SELECT seq, hash FROM audit_head WHERE id = 1"+lock).Scan(ctx, &e.Seq, &e.PrevHash); err != nil {
		return e, err
	}
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return e, err
	}
	if e.Detail == nil {
		detail = []byte("{}")
	}
	e.Seq++
	e.Hash = seal(e, string(detail))
	if _, err := tx.NewRaw(`INSERT INTO audit_entry (seq, at, actor_id, org_id, act, object_type, object_id, owner_org_id, detail, prev_hash, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, e.Seq, e.At.UnixMicro(), e.ActorID, e.OrgID, e.Act, e.Type, e.ObjectID, e.OwnerOrg,
		string(detail), e.PrevHash, e.Hash).Exec(ctx); err != nil {
		return e, err
	}
	_, err = tx.NewRaw("UPDATE audit_head SET seq = ?, hash = ? WHERE id = 1", e.Seq, e.Hash).Exec(ctx)
	return e, err
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
