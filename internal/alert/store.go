package alert

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

const columns = `c.id, c.root_id, c.ref, c.type, COALESCE(c.signal_id,''), COALESCE(c.substance_id,''), c.state, c.version, c.tlp, c.public,
	c.severity, c.confidence, c.regions, c.content, c.figures, c.drafted_by, COALESCE(c.reviewed_by,''), COALESCE(c.cleared_by,''), c.emergency,
	c.issued_at, c.expires_at, c.ended_at, c.end_reason, COALESCE(c.supersedes_id,''), c.created_at, c.updated_at`

// scan reads the columns of one row.
func scan(row interface{ Scan(dest ...any) error }) (c Communication, err error) {
	var regions, content, figures, reason string
	var issued, expires, ended, created int64
	if err := row.Scan(&c.ID, &c.RootID, &c.Ref, &c.Type, &c.SignalID, &c.SubstanceID, &c.State, &c.Version, &c.TLP, &c.Public, &c.Severity, &c.Confidence,
		&regions, &content, &figures, &c.DraftedBy, &c.ReviewedBy, &c.ClearedBy, &c.Emergency, &issued, &expires, &ended, &reason, &c.SupersedesID,
		&created, &c.Token); err != nil {
		return c, err
	}
	if regions != "" {
		c.Regions = strings.Split(regions, ",")
	}
	if err := json.Unmarshal([]byte(content), &c.Content); err != nil {
		return c, err
	}
	if err := json.Unmarshal([]byte(figures), &c.Figures); err != nil {
		return c, err
	}
	c.IssuedAt, c.ExpiresAt, c.EndedAt, c.CreatedAt, c.UpdatedAt = store.Time(issued), store.Time(expires), store.Time(ended), store.Time(created), store.Time(c.Token)
	if !c.ExpiresAt.IsZero() {
		c.Expires = change.Today(c.ExpiresAt.Add(-time.Second))
	}
	c.EndReason = baqylau.ParseText(reason)
	return c, nil
}

func query(ctx context.Context, db bun.IDB, where string, args ...any) (list []Communication, err error) {
	rows, err := db.QueryContext(ctx, "SELECT "+columns+" FROM communication c WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		c, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

func one(ctx context.Context, db bun.IDB, where string, args ...any) (c Communication, err error) {
	list, err := query(ctx, db, where+" LIMIT 1", args...)
	if err == nil && len(list) == 0 {
		err = baqylau.E(baqylau.NotFound, "error.not_found")
	}
	if err != nil {
		return c, err
	}
	return list[0], nil
}

// expiry is the moment at which the last day of validity ends in the centre's zone.
func expiry(d baqylau.Date) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	y, m, day := d.AddDays(1).Time().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, change.Zone)
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and numbers always marshal
	}
	return string(b)
}

// fold is the search column of a communication.
func fold(ref string, c Content) string {
	t := c[Title]
	return locale.Fold(ref + " " + t.KK + " " + t.RU + " " + t.EN)
}

// lock reads a communication for an act on it, which must have been decided on the state that the token names; 0 does not care.
func lock(ctx context.Context, tx *change.Tx, id string, token int64) (Communication, error) {
	c, err := one(ctx, tx, "c.id = ?", id)
	if err != nil {
		return c, err
	}
	if !c.TLP.Allows(tx.Actor.MaxTLP) {
		return c, baqylau.E(baqylau.NotFound, "error.not_found")
	}
	if token != 0 && token != c.Token {
		return c, conflict()
	}
	return c, nil
}

// move changes the state of a communication, if it is still as it was read, and notes the event.
func move(ctx context.Context, tx *change.Tx, c *Communication, act string, to State, reason, set string, args ...any) error {
	if set != "" {
		set = ", " + set
	}
	now := max(tx.Now.UnixMicro(), c.Token+1)
	res, err := tx.NewRaw("UPDATE communication SET state = ?, updated_at = ?"+set+" WHERE id = ? AND updated_at = ?",
		append(append([]any{string(to), now}, args...), c.ID, c.Token)...).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return conflict()
	}
	_, err = tx.NewRaw(`INSERT INTO communication_event (id, communication_id, at, account_id, act, from_state, to_state, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		store.NewID(), c.ID, tx.Now.UnixMicro(), tx.Actor.ID, act, string(c.State), string(to), reason).Exec(ctx)
	tx.Subject("communication", c.ID, tx.Actor.OrgID, map[string]any{"step": act, "from": c.State, "to": to, "version": c.Version})
	c.State, c.Token = to, now
	return err
}

// Scope is the SQL condition under which an actor sees communications c: every state for those who work on them, what was issued for
// everyone else, always up to the label of their organisation.
func Scope(a access.Actor) (string, []any) {
	sql, args := "c.tlp IN (NULL", []any(nil)
	for _, t := range baqylau.TLPs {
		if t.Allows(a.MaxTLP) {
			sql, args = sql+",?", append(args, string(t))
		}
	}
	sql += ")"
	switch {
	case access.May(a, access.AlertRead):
	case access.May(a, access.CommsReceive):
		sql += " AND c.issued_at > 0"
	default:
		sql += " AND c.issued_at > 0 AND c.public AND c.tlp = 'CLEAR'"
	}
	return sql, args
}
