package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
)

// keyKept is how long a key is remembered.
const keyKept = 24 * time.Hour

// Once is what operations that write take.
type Once struct {
	Key string `header:"Idempotency-Key" minLength:"8" maxLength:"128" json:"-" doc:"A value that is new for every act, such as a UUID. The same key with the same request is answered as the first time and does nothing again, also after a crash; with another request it is a conflict. Remembered for 24 hours."`
}

func (o Once) key() string { return o.Key }

type keyed interface{ key() string }

// registerOnce is register for an operation that writes, with the promise of Once: the key is written in the transaction of the act, so that it is taken if
// and only if the act is done. again gives the answer of an act that was done before; it is nil where the handler keeps the very answer by remember.
func registerOnce[I, O any](s *server, op operation, h, again func(ctx context.Context, actor access.Actor, in *I) (O, error)) {
	register(s, op, func(ctx context.Context, actor access.Actor, in *I) (out O, err error) {
		k, ok := any(in).(keyed)
		if !ok || k.key() == "" {
			return h(ctx, actor, in)
		}
		t, err := newTicket(s, actor, op, k.key(), in)
		if err != nil {
			return out, err
		}
		before := func() (done bool, err error) {
			answer, done, err := t.done(ctx)
			switch {
			case err != nil || !done:
				return false, err
			case answer != "":
				return true, json.Unmarshal([]byte(answer), &out)
			}
			if again != nil {
				out, err = again(ctx, actor, in)
			}
			return true, err
		}
		if done, err := before(); done || err != nil {
			return out, err
		}
		act := context.WithValue(change.Along(ctx, t.take), ticketKey{}, t)
		if out, err = h(act, actor, in); !errors.Is(err, errTaken) {
			return out, err
		}
		if done, err := before(); done || err != nil { // a twin of this request was quicker
			return out, err
		}
		return out, baqylau.E(baqylau.Conflict, "api.error.key_running").On("Idempotency-Key")
	})
}

var errTaken = errors.New("the key is taken")

type ticketKey struct{}

// remember keeps the answer of the act under way with its key. answer is asked once the act has done its work, before it commits.
func remember(ctx context.Context, answer func() any) {
	if t, ok := ctx.Value(ticketKey{}).(*ticket); ok {
		t.answer = answer
	}
}

// ticket is a row of table idempotency. The key is stored as a hash, and the request as a hash keyed with it, so that nobody can try out
// from the table what a request said.
type ticket struct {
	s                   *server
	account, name, hash string
	status              int
	answer              func() any
}

func newTicket(s *server, actor access.Actor, op operation, key string, in any) (*ticket, error) {
	request, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	name := sha256.Sum256([]byte(key))
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(op.id + "\x00"))
	mac.Write(request)
	return &ticket{s: s, account: actor.ID, name: hex.EncodeToString(name[:]), hash: hex.EncodeToString(mac.Sum(nil)), status: op.status}, nil
}

// done tells whether the act of this key was done, and the answer kept of it, if any. Code: Conflict for another request.
func (t *ticket) done(ctx context.Context) (answer string, done bool, err error) {
	defer baqylau.Wrap(&err, "api.done")
	var hash string
	err = store.One(t.s.W.DB.Read.NewRaw("SELECT request_hash, response FROM idempotency WHERE account_id = ? AND key = ? AND created_at >= ?",
		t.account, t.name, t.s.W.Now().Add(-keyKept).UnixMicro()).Scan(ctx, &hash, &answer))
	switch {
	case baqylau.CodeOf(err) == baqylau.NotFound:
		return "", false, nil
	case err != nil:
		return "", false, err
	case !hmac.Equal([]byte(hash), []byte(t.hash)):
		return "", false, baqylau.E(baqylau.Conflict, "api.error.key_reused").On("Idempotency-Key")
	}
	return answer, true, nil
}

// take writes the key into the act's own transaction, also over one that is no longer remembered; errTaken when another request has it.
func (t *ticket) take(ctx context.Context, tx *change.Tx) error {
	response := ""
	if t.answer != nil {
		b, err := json.Marshal(t.answer())
		if err != nil {
			return err
		}
		response = string(b)
	}
	res, err := tx.NewRaw(`INSERT INTO idempotency (account_id, key, request_hash, status, response, created_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (account_id, key) DO UPDATE SET request_hash = excluded.request_hash, status = excluded.status, response = excluded.response, created_at = excluded.created_at
		WHERE idempotency.created_at < ?`, t.account, t.name, t.hash, t.status, response, tx.Now.UnixMicro(), tx.Now.Add(-keyKept).UnixMicro()).Exec(ctx)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = errTaken
	}
	return err
}
