//go:build soak

package crash

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/store"
)

// trouble is a fault that befalls a house while people work in it.
type trouble struct {
	*testing.T
	house  *house
	nodes  []*house // every node on the same database, the house among them
	ledger *ledger
	taken  int // of the reports that are to be refused
	stop   chan struct{}
	work   sync.WaitGroup
}

// befall starts the nodes and lets people work: on each, two send reports by API and one by form, without end.
func befall(t *testing.T, nodes ...*house) *trouble {
	t.Helper()
	x := &trouble{T: t, house: nodes[0], nodes: nodes, ledger: newLedger(), stop: make(chan struct{})}
	for _, n := range nodes {
		n.start(t)
		for _, do := range []func(*ledger) bool{n.send, n.send, n.fill} {
			x.work.Go(func() {
				for {
					select {
					case <-x.stop:
						return
					default:
						do(x.ledger)
						time.Sleep(60 * time.Millisecond) // the jobs behind the reports keep up
					}
				}
			})
		}
	}
	x.until("people can work", func() bool { return x.acked() >= 30 })
	return x
}

func (x *trouble) acked() int {
	x.ledger.mu.Lock()
	defer x.ledger.mu.Unlock()
	return x.ledger.acks
}

// until waits for something that has to come within the bound.
func (x *trouble) until(what string, ok func() bool) time.Duration {
	x.Helper()
	begun := time.Now()
	for !ok() {
		if time.Since(begun) > within {
			x.jobs()
			x.Fatalf("not within %s: %s\n%s", within, what, end(x.house.errors.String(), 3000))
		}
		time.Sleep(50 * time.Millisecond)
	}
	return time.Since(begun)
}

func (h *house) healthy() (status int) {
	res, err := h.client.Get(h.url("/healthz"))
	if err != nil {
		return 0
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// jobs says how the queue stands.
func (x *trouble) jobs() {
	_ = x.house.look(func(db *store.DB) error {
		left, err := table(db, "SELECT kind || ' ' || state, count(*), max(attempt), max(attempted_at), min(scheduled_at) FROM river_job GROUP BY kind, state")
		x.Logf("jobs at %s: %v %v", time.Now().UTC().Format(time.TimeOnly), left, err)
		return err
	})
}

// internal are words that belong into a log and not before people.
var internal = []string{"pgx", "pgconn", "SQLSTATE", "sqlite", "SQLITE", "dial tcp", "driver:", "goroutine", "127.0.0.1:", "/tmp/", "EOF"}

// clear asks as a person and as a program, in three languages, until each is told what is the matter: 503 and one of keys, and nothing of what is inside. By POST it
// sends reports, which are refused.
func (x *trouble) clear(method string, keys ...string) {
	x.Helper()
	for _, l := range []baqylau.Lang{baqylau.Kazakh, baqylau.Russian, baqylau.English} {
		say := func(a answer) bool {
			for _, k := range keys {
				if strings.Contains(a.body, locale.TIn(l, k)) {
					return a.err == nil && a.status == http.StatusServiceUnavailable
				}
			}
			return false
		}
		look := func(what, who, path, kind, content string) {
			var a answer
			defer func() {
				if x.Failed() {
					x.Logf("the last answer: %d %s %v", a.status, end(a.body, 2000), a.err)
				}
			}()
			x.until(fmt.Sprintf("%s %s says what is the matter in %s", what, path, l), func() bool {
				var r io.Reader
				if method == http.MethodPost {
					r = strings.NewReader(content)
				}
				a = x.house.do(who, method, path, r, "Content-Type", kind, "Accept-Language", string(l), "Cookie", locale.Cookie+"="+string(l), "Idempotency-Key", fmt.Sprint("told-", time.Now().UnixNano()))
				if a.done() && method == http.MethodPost { // a full disk has room for one more
					x.taken++
				}
				return say(a)
			})
			for _, w := range internal {
				if strings.Contains(a.body, w) {
					x.Errorf("%s shows %q:\n%s", path, w, a.body)
				}
			}
			if what == "page" && !strings.Contains(a.body, "</html>") {
				x.Errorf("%s is no page: %s", path, a.body)
			}
			var p struct{ Code string }
			if what == "program" && (json.Unmarshal([]byte(a.body), &p) != nil || p.Code != string(baqylau.Unavailable)) {
				x.Errorf("%s is no problem: %s", path, a.body)
			}
		}
		page, form := "/reports", ""
		if method == http.MethodPost {
			page, form = "/reports/new/collected_sample", url.Values{"occurred_on": {day(3)}, "region": {places[0]}, "text": {refusedText}}.Encode()
		}
		look("page", "ngo", page, "application/x-www-form-urlencoded", form)
		look("program", "police", "/api/v1/reports", "application/json", refused())
	}
}

// over is called when the cause is gone: every node is well again by itself and takes reports within the bound, what got no answer is sent again, and nothing
// is lost, doubled or half done.
func (x *trouble) over() {
	x.Helper()
	left := "SELECT count(*) FROM river_job WHERE state = 'running' AND attempted_at < '" + time.Now().UTC().Format("2006-01-02 15:04:05.000") + map[store.Engine]string{store.Postgres: "+00"}[x.house.engine] + "'"
	took := x.until("every node is well again", func() bool {
		for _, n := range x.nodes {
			if n.healthy() != http.StatusOK {
				return false
			}
		}
		return true
	})
	n := x.acked()
	took += x.until("reports are taken again", func() bool { return x.acked() >= n+10*len(x.nodes) })
	close(x.stop)
	x.work.Wait()
	sum := &tally{}
	for _, r := range x.ledger.reports {
		if r.receipt == "" {
			x.until("a report without an answer is taken when it is sent again", func() bool { return x.house.offer(x.ledger, r, r.key).done() })
			sum.retried++
		}
	}
	var before int
	took += x.until("jobs are done again", func() bool {
		n := x.house.jobsDone(x.T)
		ok := before > 0 && n > before
		before = max(before, n)
		return ok || x.house.idle(x.T)
	})
	x.until("no job is left running by nobody", func() bool { return x.house.figure(x.T, left) == 0 })
	id, a := x.house.upload(x.ledger, 200)
	if !a.done() || !x.house.take(x.ledger, id).done() {
		x.Fatalf("an import is refused afterwards: %+v", a)
	}
	for begun := time.Now(); x.house.stateOf(id) != "applied"; time.Sleep(100 * time.Millisecond) { // it waits behind the jobs of the reports
		if time.Since(begun) > 10*within {
			x.jobs()
			x.Fatal("an import is never applied")
		}
	}
	for done := x.house.jobsDone(x.T); !x.house.idle(x.T); done = x.house.jobsDone(x.T) { // what the work before left takes as long as the machine needs
		x.until("jobs go on", func() bool { return x.house.jobsDone(x.T) > done || x.house.idle(x.T) })
	}
	x.house.check(x.T, x.ledger, sum, map[string]int{})
	forms := 0
	for _, done := range x.ledger.forms {
		if !done {
			forms++
		}
	}
	fmt.Printf("%s: acknowledged %d, lost %d, doubled %d, half done %d; without an answer %d reports (sent again) and %d forms; well again after %s\n", x.Name(), x.ledger.acks, sum.lost, sum.doubled, sum.halves,
		sum.retried, forms, took.Round(10*time.Millisecond))
}

// end is the last n bytes of s.
func end(s string, n int) string { return s[max(0, len(s)-n):] }

// jobsDone is how many jobs have ended.
func (h *house) jobsDone(t *testing.T) int {
	return h.figure(t, "SELECT count(*) FROM river_job WHERE state = 'completed'")
}

// idle tells whether no job waits or runs.
func (h *house) idle(t *testing.T) bool {
	return h.figure(t, "SELECT count(*) FROM river_job WHERE state = 'running' OR state = 'available'") == 0
}

func (h *house) figure(t *testing.T, query string) (n int) {
	t.Helper()
	if err := h.look(func(db *store.DB) error { return db.Read.NewRaw(query).Scan(ctx, &n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

const refusedText = "отклонено мефедрон"

// refused is the body of a report that is to be refused.
func refused() string {
	b, _ := json.Marshal(map[string]any{"kind": "seizure", "source_ref": fmt.Sprint("refused-", time.Now().UnixNano()), "occurred_on": day(1), "region": "KZ-75", "text": refusedText})
	return string(b)
}

// none looks that what was refused left nothing, and what was not, once.
func (x *trouble) none() {
	x.Helper()
	if err := x.house.look(func(db *store.DB) error {
		left, err := table(db, "SELECT id, source_ref FROM report WHERE text = ?", refusedText)
		if len(left) != x.taken {
			err = errors.Join(err, fmt.Errorf("%d of those that are to be refused are there, %d were acknowledged: %v", len(left), x.taken, left))
		}
		return err
	}); err != nil {
		x.Error(err)
	}
}
