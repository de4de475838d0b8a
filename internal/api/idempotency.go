package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
)

// How long a key is remembered, and how long a request may run before its key is free again. A process that dies between the act and the
// answer leaves the act done and its key free after keyRunning: source_ref is what protects a report beyond that.
const (
	keyKept    = 24 * time.Hour
	keyRunning = 10 * time.Minute
)

// Once is what operations that write take.
type Once struct {
	Key string `header:"Idempotency-Key" minLength:"8" maxLength:"128" json:"-" doc:"A value that is new for every act, such as a UUID. The same key with the same request is answered as the first time and does nothing again; with another request it is a conflict. Remembered for 24 hours."`
}

func (o Once) key() string { return o.Key }

type keyed interface{ key() string }

// registerOnce is register for an operation that writes, with the promise of Once.
func registerOnce[I, O any](s *server, op operation, h func(ctx context.Context, actor access.Actor, in *I) (O, error)) {
	register(s, op, func(ctx context.Context, actor access.Actor, in *I) (out O, err error) {
		k, ok := any(in).(keyed)
		if !ok || k.key() == "" {
			return h(ctx, actor, in)
		}
		t, err := newTicket(s, actor, op.id, k.key(), in)
		if err != nil {
			return out, err
		}
		old, err := t.take(ctx)
		if err != nil {
			return out, err
		}
		if old != "" {
			return out, json.Unmarshal([]byte(old), &out)
		}
		if out, err = h(ctx, actor, in); err != nil {
			t.free(context.WithoutCancel(ctx))
			return out, err
		}
		t.keep(context.WithoutCancel(ctx), op.status, out)
		return out, nil
	})
}

// ticket is a row of table idempotency. The key is stored as a hash, and the request as a hash keyed with it, so that nobody can try out
// from the table what a request said. These rows are no act of a person, so they do not go through package change.
type ticket struct {
	s                   *server
	account, name, hash string
}

func newTicket(s *server, actor access.Actor, operation, key string, in any) (t ticket, err error) {
	request, err := json.Marshal(in)
	if err != nil {
		return t, err
	}
	name := sha256.Sum256([]byte(key))
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(operation + "\x00"))
	mac.Write(request)
	return ticket{s, actor.ID, hex.EncodeToString(name[:]), hex.EncodeToString(mac.Sum(nil))}, nil
}

// take reserves the key and returns "", or returns the answer of the first time. Code: Conflict for another request, and while the first runs.
func (t ticket) take(ctx context.Context) (answer string, err error) {
	defer baqylau.Wrap(&err, "api.take")
	db, now := t.s.W.DB.Write, t.s.W.Now()
	if _, err := db.NewRaw("DELETE FROM idempotency WHERE created_at < ? OR status = 0 AND created_at < ?", now.Add(-keyKept).UnixMicro(), now.Add(-keyRunning).UnixMicro()).Exec(ctx); err != nil {
		return "", err
	}
	res, err := db.NewRaw("INSERT INTO idempotency (account_id, key, request_hash, status, response, created_at) VALUES (?, ?, ?, 0, '', ?) ON CONFLICT (account_id, key) DO NOTHING",
		t.account, t.name, t.hash, now.UnixMicro()).Exec(ctx)
	if err != nil {
		return "", err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return "", err
	}
	var hash string
	var status int
	err = db.NewRaw("SELECT request_hash, status, response FROM idempotency WHERE account_id = ? AND key = ?", t.account, t.name).Scan(ctx, &hash, &status, &answer)
	switch {
	case err != nil:
		return "", err
	case !hmac.Equal([]byte(hash), []byte(t.hash)):
		return "", baqylau.E(baqylau.Conflict, "api.error.key_reused").On("Idempotency-Key")
	case status == 0:
		return "", baqylau.E(baqylau.Conflict, "api.error.key_running").On("Idempotency-Key")
	}
	return answer, nil
}

// free gives the key back after a failed act, which may be tried again.
func (t ticket) free(ctx context.Context) {
	if _, err := t.s.W.DB.Write.NewRaw("DELETE FROM idempotency WHERE account_id = ? AND key = ? AND status = 0", t.account, t.name).Exec(ctx); err != nil {
		t.s.Log.Warn("idempotency key not freed", "error", err.Error())
	}
}

// keep stores the answer. The act is done whether or not this succeeds, so a failure is only logged.
func (t ticket) keep(ctx context.Context, status int, out any) {
	b, err := json.Marshal(out)
	if err == nil {
		_, err = t.s.W.DB.Write.NewRaw("UPDATE idempotency SET status = ?, response = ? WHERE account_id = ? AND key = ?", status, string(b), t.account, t.name).Exec(ctx)
	}
	if err != nil {
		t.s.Log.Warn("answer not kept for its idempotency key", "error", err.Error())
	}
}
