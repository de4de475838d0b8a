package change_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// desk writes settings in groups. The act "first" is held until the others wait, so that these make one group.
type desk struct {
	w              *change.Writer
	group          change.Together[string]
	began, release chan struct{}
	sizes          []int
	spoil          func(ctx context.Context, p *change.Part[string]) error // after an act has written its row
}

func (d *desk) put(ctx context.Context, key string) error {
	return d.group.Do(ctx, d.w, access.TheSystem(), access.SettingsEdit, key, func(ctx context.Context, parts []*change.Part[string]) error {
		if parts[0].In == "first" {
			close(d.began)
			<-d.release
		}
		d.sizes = append(d.sizes, len(parts))
		for _, p := range parts {
			if p.In == "unwanted" {
				p.Refuse(baqylau.E(baqylau.Invalid, "error.choice"))
				continue
			}
			if _, err := p.NewRaw("INSERT INTO setting (key, value) VALUES (?, 'x')", p.In).Exec(ctx); err != nil {
				return err
			}
			if d.spoil != nil {
				if err := d.spoil(ctx, p); err != nil {
					return err
				}
			}
			p.Subject("setting", p.In, "", nil)
		}
		return nil
	})
}

// together does the acts while the first one is being written, and tells how each ended.
func (d *desk) together(t *testing.T, keys []string, along func(key string, ctx context.Context) context.Context) map[string]error {
	t.Helper()
	d.began, d.release = make(chan struct{}), make(chan struct{})
	var mu sync.Mutex
	var wg sync.WaitGroup
	ended := map[string]error{}
	begin := func(key string, ctx context.Context) {
		wg.Go(func() {
			err := errors.New("a panic")
			defer func() {
				_ = recover()
				mu.Lock()
				defer mu.Unlock()
				ended[key] = err
			}()
			err = d.put(ctx, key)
		})
	}
	begin("first", context.Background())
	<-d.began
	for i, key := range keys {
		ctx := context.Background()
		if along != nil {
			ctx = along(key, ctx)
		}
		begin(key, ctx)
		for d.group.Waiting() <= i {
			runtime.Gosched()
		}
	}
	close(d.release)
	wg.Wait()
	return ended
}

func settings(t *testing.T, db *store.DB) (keys []string) {
	t.Helper()
	if err := db.Read.NewRaw("SELECT key FROM setting ORDER BY key").Scan(context.Background(), &keys); err != nil {
		t.Fatal(err)
	}
	return keys
}

// sound checks that the journal is whole and has an entry for each act that was done.
func sound(t *testing.T, db *store.DB, acts int) {
	t.Helper()
	if r, err := audit.Verify(context.Background(), db.Read); err != nil || !r.OK || r.Entries != int64(acts) {
		t.Errorf("journal %+v, %v; want %d entries", r, err, acts)
	}
}

func TestActsThatWaitAreWrittenTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := &desk{w: change.New(db)}
		for key, err := range d.together(t, []string{"a", "b", "unwanted", "c"}, nil) {
			if (err != nil) != (key == "unwanted") {
				t.Errorf("%s: %v", key, err)
			}
		}
		if !slices.Equal(d.sizes, []int{1, 4}) {
			t.Errorf("groups of %v", d.sizes)
		}
		if got := settings(t, db); !slices.Equal(got, []string{"a", "b", "c", "first"}) {
			t.Errorf("written: %v", got)
		}
		sound(t, db, 4)
	})
}

func TestAnActThatFailsHarmsNoOtherOfItsGroup(t *testing.T) {
	boom := errors.New("boom")
	for name, spoil := range map[string]func(context.Context, *change.Part[string]) error{
		"its own error": func(context.Context, *change.Part[string]) error { return boom },
		"the database refuses": func(ctx context.Context, p *change.Part[string]) error {
			_, err := p.NewRaw("INSERT INTO setting (key, value) VALUES ('first', 'again')").Exec(ctx)
			return err
		},
		"a panic": func(context.Context, *change.Part[string]) error { panic(boom) },
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				d := &desk{w: change.New(db)}
				d.spoil = func(ctx context.Context, p *change.Part[string]) error {
					if p.In == "b" {
						return spoil(ctx, p)
					}
					return nil
				}
				for key, err := range d.together(t, []string{"a", "b", "c"}, nil) {
					if (err != nil) != (key == "b") {
						t.Errorf("%s: %v", key, err)
					}
				}
				if got := settings(t, db); !slices.Equal(got, []string{"a", "c", "first"}) {
					t.Errorf("written: %v", got)
				}
				sound(t, db, 3)
			})
		})
	}
}

func TestWhatGoesAlongWithAnActFailsWithItAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := &desk{w: change.New(db)}
		ended := d.together(t, []string{"a", "b", "c"}, func(key string, ctx context.Context) context.Context {
			return change.Along(ctx, func(ctx context.Context, tx *change.Tx) error {
				_, err := tx.NewRaw("INSERT INTO counter (name, value) VALUES (?, 1)", min(key, "b")).Exec(ctx) // c wants what b has
				return err
			})
		})
		if ended["a"] != nil || ended["b"] != nil || !store.IsUnique(ended["c"]) {
			t.Errorf("%v", ended)
		}
		if got := settings(t, db); !slices.Equal(got, []string{"a", "b", "first"}) {
			t.Errorf("written: %v", got)
		}
		sound(t, db, 3)
	})
}

func TestWhoGivesUpWhileWaitingIsNotWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := &desk{w: change.New(db), began: make(chan struct{}), release: make(chan struct{})}
		ctx, giveUp := context.WithCancel(context.Background())
		first, second := make(chan error), make(chan error)
		go func() { first <- d.put(ctx, "first") }()
		<-d.began
		go func() { second <- d.put(ctx, "second") }()
		for d.group.Waiting() == 0 {
			runtime.Gosched()
		}
		giveUp()
		if err := <-second; !errors.Is(err, context.Canceled) {
			t.Errorf("second: %v", err)
		}
		close(d.release)
		if err := <-first; err != nil { // had begun, and is told how it ended
			t.Errorf("first: %v", err)
		}
		if got := settings(t, db); !slices.Equal(got, []string{"first"}) {
			t.Errorf("written: %v", got)
		}
		sound(t, db, 1)
	})
}

func TestAGroupWithoutJournalIsNotWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if _, err := db.Write.Exec("ALTER TABLE audit_head RENAME TO audit_head_gone"); err != nil {
			t.Fatal(err)
		}
		d := &desk{w: change.New(db)}
		for key, err := range d.together(t, []string{"a", "b"}, nil) {
			if baqylau.CodeOf(err) != baqylau.Unavailable {
				t.Errorf("%s: %v", key, err)
			}
		}
		if got := settings(t, db); len(got) != 0 {
			t.Errorf("written: %v", got)
		}
	})
}

func TestGroupsOfTwoNodesKeepOneChain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		nodes := []*desk{{w: change.New(db)}, {w: change.New(db)}}
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				if err := nodes[i%2].put(context.Background(), fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		sound(t, db, 60)
	})
}
