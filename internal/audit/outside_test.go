package audit_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// Two nodes share a database and a folder of heads. Whoever controls the database rewrites, cuts or replaces the journal so that it fits together; the heads tell.
func TestHeadsOutsideTell(t *testing.T) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	for name, x := range map[string]struct {
		attack func(t *testing.T, n *nodes)
		fault  string
		bad    int64
	}{
		"nothing": {func(*testing.T, *nodes) {}, "", 0},
		"written anew": {func(t *testing.T, n *nodes) {
			n.sql(t, "DELETE FROM audit_entry")
			n.sql(t, "UPDATE audit_head SET seq = 0, hash = ''")
			n.acts(t, 9)
		}, audit.Rewritten, 3},
		"cut with its head": {func(t *testing.T, n *nodes) {
			n.sql(t, "DELETE FROM audit_entry WHERE seq > 4")
			n.sql(t, "UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit_entry WHERE seq = 4)")
		}, audit.Cut, 6},
		"an older copy, and work went on": {func(t *testing.T, n *nodes) {
			n.sql(t, "DELETE FROM audit_entry WHERE seq > 4")
			n.sql(t, "UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit_entry WHERE seq = 4)")
			n.acts(t, 5)
		}, audit.Rewritten, 6},
		"a forged head": {func(t *testing.T, n *nodes) {
			b, err := os.ReadFile(n.one.Name())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(n.one.Name(), []byte(strings.Replace(string(b), `"seq":3`, `"seq":4`, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, audit.Forged, 4},
		"another key": {func(_ *testing.T, n *nodes) {
			n.check = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize)).Public().(ed25519.PublicKey)
		}, audit.Forged, 3},
		"one altered entry": {func(t *testing.T, n *nodes) { n.sql(t, "UPDATE audit_entry SET object_id = 'x' WHERE seq = 2") }, "altered", 2},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				dir := t.TempDir()
				n := &nodes{db: db, w: change.New(db), one: &audit.Outside{Dir: dir, Node: "a", Key: key}, two: &audit.Outside{Dir: dir, Node: "b", Key: key}}
				n.check = n.one.Public()
				n.acts(t, 3)
				first := n.keep(t, n.one, audit.Head{})
				n.acts(t, 3)
				n.keep(t, n.two, audit.Head{})
				if again := n.keep(t, n.one, n.keep(t, n.one, first)); again.Seq != 6 {
					t.Fatalf("%+v", again)
				}
				x.attack(t, n)
				if r, err := audit.Verify(context.Background(), db.Read); err != nil || (x.fault == "altered") == r.OK {
					t.Fatalf("the chain by itself: %+v, %v", r, err)
				}
				heads, err := audit.Heads(dir)
				if err != nil || len(heads) != 3 {
					t.Fatalf("%d heads, %v", len(heads), err)
				}
				r, err := audit.VerifyOutside(context.Background(), db.Read, heads, n.check)
				if err != nil || r.OK != (x.fault == "") || r.Fault != x.fault || r.BadSeq != x.bad || r.OK && r.Outside != 6 {
					t.Errorf("%+v, %v; want %s at %d", r, err, x.fault, x.bad)
				}
			})
		})
	}
}

// A full disk cuts a line off; the next one stands by itself.
func TestACutLineIsNoHead(t *testing.T) {
	db := storetest.Open(t, store.SQLite)
	n := &nodes{db: db, w: change.New(db), one: &audit.Outside{Dir: t.TempDir(), Node: "a", Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}}
	n.acts(t, 1)
	if err := os.WriteFile(n.one.Name(), []byte(`{"seq":1,"ha`), 0o600); err != nil {
		t.Fatal(err)
	}
	n.keep(t, n.one, audit.Head{})
	heads, err := audit.Heads(n.one.Dir)
	if err != nil || len(heads) != 1 {
		t.Fatalf("%+v, %v", heads, err)
	}
	if newest, err := n.one.Newest(); err != nil || newest != heads[0] {
		t.Errorf("the newest is %+v, %v", newest, err)
	}
	for last := heads[0]; n.done < 40; {
		n.acts(t, 1)
		last = n.keep(t, n.one, last)
		if newest, err := n.one.Newest(); err != nil || newest != last { // its file outgrows what is read of it
			t.Fatalf("the newest is %+v, %v", newest, err)
		}
	}
	if r, err := audit.VerifyOutside(context.Background(), db.Read, heads, n.one.Public()); err != nil || !r.OK {
		t.Errorf("%+v, %v", r, err)
	}
}

// Lines that somebody else wrote into the folder hide no head of the node, neither in a file of their own nor in the node's; nor does a file that cannot be read pass for none.
func TestForeignLinesHideNoHead(t *testing.T) {
	db := storetest.Open(t, store.SQLite)
	n := &nodes{db: db, w: change.New(db), one: &audit.Outside{Dir: t.TempDir(), Node: "a", Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}}
	n.acts(t, 2)
	real := n.keep(t, n.one, audit.Head{})
	n.two = &audit.Outside{Dir: n.one.Dir, Node: "b", Key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, ed25519.SeedSize))}
	n.acts(t, 1)
	other := n.keep(t, n.two, audit.Head{}) // a node key that was replaced
	lines := fmt.Sprintf("{\"seq\":9000000000000000000}\n{\"seq\":7,\"hash\":%q,\"sig\":%q}\n", real.Hash, real.Sig)
	for _, name := range []string{n.one.Name(), n.one.Dir + "/heads-0.jsonl"} {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(lines); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if newest, err := n.one.Newest(); err != nil || newest != real {
		t.Errorf("the newest is %+v, %v", newest, err)
	}
	if newest, err := n.two.Newest(); err != nil || newest != other {
		t.Errorf("the newest of the other key is %+v, %v", newest, err)
	}
	if holds, err := audit.Holds(context.Background(), db.Read, audit.Head{Seq: 9000000000000000000}); err != nil || holds {
		t.Errorf("an entry that is not there holds (%v)", err)
	}
	if err := os.Symlink(n.one.Dir+"/moved", n.one.Dir+"/heads-c.jsonl"); err != nil { // gone between looking and opening
		t.Fatal(err)
	}
	if newest, err := n.one.Newest(); err != nil || newest != real {
		t.Errorf("with a file that is gone: %+v, %v", newest, err)
	}
	if err := os.Mkdir(n.one.Dir+"/heads-d.jsonl", 0o700); err != nil { // as good as a file of another account, also for root
		t.Fatal(err)
	}
	if _, err := n.one.Newest(); baqylau.CodeOf(err) != baqylau.Unavailable {
		t.Errorf("what cannot be read: %v", err)
	}
}

type nodes struct {
	db       *store.DB
	w        *change.Writer
	one, two *audit.Outside
	check    ed25519.PublicKey
	done     int
}

func (n *nodes) acts(t *testing.T, count int) {
	t.Helper()
	for range count {
		n.done++
		if err := n.w.Do(context.Background(), access.TheSystem(), access.SettingsEdit, func(ctx context.Context, tx *change.Tx) error {
			tx.Subject("setting", fmt.Sprint(n.done), "", nil)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func (n *nodes) keep(t *testing.T, o *audit.Outside, last audit.Head) audit.Head {
	t.Helper()
	h, err := o.Keep(context.Background(), n.db.Read, last, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (n *nodes) sql(t *testing.T, q string) {
	t.Helper()
	if _, err := n.db.Write.Exec(q); err != nil {
		t.Fatal(err)
	}
}
