package account

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/uptrace/bun"
)

// How long a session lives.
const (
	idle     = 30 * time.Minute
	absolute = 12 * time.Hour
	pending  = 10 * time.Minute // between password and second factor
	touch    = time.Minute      // a session's end moves at most this often, so that reading pages does not write each time
)

// What a session holds. Values are strings.
const (
	keyAccount = "account" // signed in
	keyPending = "pending" // password given, second factor awaited
	keyEnrol   = "enrol"   // second-factor secret being enrolled, sealed
	keyNext    = "next"    // page to go to after signing in
	keyAgent   = "agent"   // browser, for the person's own list of sessions
)

// jsonCodec writes a session as JSON, so that the store can see whose it is.
type jsonCodec struct{}

type sessionDoc struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

// Encode implements scs.Codec.
func (jsonCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	d := sessionDoc{deadline, make(map[string]string, len(values))}
	for k, v := range values {
		d.Values[k], _ = v.(string)
	}
	return json.Marshal(d)
}

// Decode implements scs.Codec.
func (jsonCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	var d sessionDoc
	if err := json.Unmarshal(b, &d); err != nil {
		return time.Time{}, nil, err
	}
	values := make(map[string]any, len(d.Values))
	for k, v := range d.Values {
		values[k] = v
	}
	return d.Deadline, values, nil
}

// sessionStore keeps sessions in table session under the hash of their cookie. It keeps both limits itself, by a steady clock: a
// session ends idle or 12 hours after it began, whatever the cookie says. Keeping sessions is not an act of the journal;
// signing in and out is.
type sessionStore struct {
	db *store.DB
	*steady
}

// alive is the SQL condition under which a session lives. One that was begun or used in the future dates from before the clock was set back and the node started anew; nobody knows how
// old it is, and it ends.
func (s sessionStore) alive() (string, []any) {
	now := s.now()
	return "expires_at > ? AND started_at <= ? AND expires_at <= ?", []any{now.UnixMicro(), now.Add(skew).UnixMicro(), now.Add(idle + skew).UnixMicro()}
}

// FindCtx implements scs.CtxStore.
func (s sessionStore) FindCtx(ctx context.Context, hash string) (b []byte, found bool, err error) {
	alive, args := s.alive()
	err = s.db.Read.NewRaw("SELECT data FROM session WHERE token_hash = ? AND "+alive, append([]any{hash}, args...)...).Scan(ctx, &b)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return b, err == nil, err
}

// CommitCtx implements scs.CtxStore; the limits are the store's own, so the manager's are not used.
func (s sessionStore) CommitCtx(ctx context.Context, hash string, b []byte, _ time.Time) error {
	var d sessionDoc
	if err := json.Unmarshal(b, &d); err != nil {
		return err
	}
	now, life, owner := s.now(), pending, any(nil)
	if d.Values[keyAccount] != "" {
		life, owner = idle, d.Values[keyAccount]
	}
	_, err := s.db.Write.NewRaw(`INSERT INTO session (token_hash, account_id, data, expires_at, started_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (token_hash) DO UPDATE SET account_id = excluded.account_id, data = excluded.data,
		expires_at = CASE WHEN session.started_at + ? < excluded.expires_at THEN session.started_at + ? ELSE excluded.expires_at END`,
		hash, owner, b, now.Add(life).UnixMicro(), now.UnixMicro(), absolute.Microseconds(), absolute.Microseconds()).Exec(ctx)
	return err
}

// DeleteCtx implements scs.CtxStore.
func (s sessionStore) DeleteCtx(ctx context.Context, hash string) error {
	_, err := s.db.Write.NewRaw("DELETE FROM session WHERE token_hash = ?", hash).Exec(ctx)
	return err
}

// Find, Commit and Delete implement scs.Store, which the manager asks for and does not call.

// Find is FindCtx without a deadline.
func (s sessionStore) Find(hash string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), hash)
}

// Commit is CommitCtx without a deadline.
func (s sessionStore) Commit(hash string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), hash, b, expiry)
}

// Delete is DeleteCtx without a deadline.
func (s sessionStore) Delete(hash string) error { return s.DeleteCtx(context.Background(), hash) }

// keepAlive moves the end of a session that is in use, at most once a minute.
func (s sessionStore) keepAlive(ctx context.Context, hash string) error {
	now := s.now()
	end := now.Add(idle).UnixMicro()
	var due bool
	err := s.db.Read.NewRaw("SELECT expires_at < ? AND expires_at < started_at + ? FROM session WHERE token_hash = ?",
		end-touch.Microseconds(), absolute.Microseconds(), hash).Scan(ctx, &due)
	if err != nil || !due {
		return err
	}
	_, err = s.db.Write.NewRaw(`UPDATE session SET expires_at = CASE WHEN started_at + ? < ? THEN started_at + ? ELSE ? END WHERE token_hash = ?`,
		absolute.Microseconds(), end, absolute.Microseconds(), end, hash).Exec(ctx)
	return err
}

// end removes every session of an account but the one with hash keep; the person is out with their next click.
func end(ctx context.Context, tx bun.IDB, accountID, keep string) (int64, error) {
	res, err := tx.NewRaw("DELETE FROM session WHERE account_id = ? AND token_hash <> ?", accountID, keep).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Session is one place where a person is signed in, as shown to that person.
type Session struct {
	ID      string // hash of the cookie
	Agent   string
	Started time.Time
	Seen    time.Time
	Current bool
}

func (s *Service) sessionsOf(ctx context.Context, accountID, current string) (list []Session, err error) {
	defer baqylau.Wrap(&err, "account.sessionsOf")
	alive, args := s.store.alive()
	rows, err := s.db().QueryContext(ctx, "SELECT token_hash, data, expires_at, started_at FROM session WHERE account_id = ? AND "+alive+" ORDER BY started_at DESC",
		append([]any{accountID}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x Session
		var data []byte
		var expires, started int64
		if err := rows.Scan(&x.ID, &data, &expires, &started); err != nil {
			return nil, err
		}
		var d sessionDoc
		if err := json.Unmarshal(data, &d); err != nil {
			return nil, err
		}
		x.Agent, x.Started, x.Current = d.Values[keyAgent], store.Time(started), x.ID == current
		x.Seen = store.Time(expires).Add(-idle)
		if x.Seen.Before(x.Started) {
			x.Seen = x.Started
		}
		list = append(list, x)
	}
	return list, rows.Err()
}

// agent is the browser's own name, cut.
func agent(r *http.Request) string {
	a := strings.ToValidUTF8(r.UserAgent(), "")
	if len(a) > 160 {
		a = strings.ToValidUTF8(a[:160], "")
	}
	return a
}
