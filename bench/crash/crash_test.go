//go:build soak

package crash

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"github.com/google/uuid"
)

var seed = flag.Uint64("crash.seed", 1, "seed of the crash rounds")

// perHouse is after how many rounds a new workspace is begun, so that the comparisons stay short.
const perHouse = 50

// acts are what a kill may fall into.
var acts = []string{"report", "form", "upload", "apply", "undo", "merge", "unmerge", "clear", "issue", "mail"}

// TestCrash kills and restarts. BAQYLAU_CRASH_SQLITE and BAQYLAU_CRASH_POSTGRES are the numbers of rounds, 20 where they are not set.
func TestCrash(t *testing.T) {
	bin := build(t)
	for _, e := range storetest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			rounds := 20
			if s := os.Getenv("BAQYLAU_CRASH_" + strings.ToUpper(string(e))); s != "" {
				var err error
				if rounds, err = strconv.Atoi(s); err != nil {
					t.Fatal(err)
				}
			}
			total := &tally{kills: map[string]int{}}
			begun := time.Now()
			for n := 0; total.rounds < rounds && !t.Failed(); n++ {
				t.Run(fmt.Sprintf("house %d", n), func(t *testing.T) {
					d := &driver{T: t, house: open(t, e, bin, newMailbox(t)), ledger: newLedger(), rnd: rand.New(rand.NewPCG(*seed, uint64(n))), sum: &tally{kills: total.kills}, takes: map[string]time.Duration{}, accepted: map[string]int{}}
					defer func() { total.add(d) }()
					d.live(min(perHouse, rounds-total.rounds))
				})
			}
			fmt.Printf("crash rounds on %s, seed %d: %s; %s\n", e, *seed, total, time.Since(begun).Round(time.Second))
		})
	}
}

func (s *tally) add(d *driver) {
	s.kills["report"] += d.cut["report"]
	s.kills["form"] += d.cut["form"]
	s.rounds += d.sum.rounds
	s.acks += d.acks
	s.lost += d.sum.lost
	s.doubled += d.sum.doubled
	s.halves += d.sum.halves
	s.retried += d.sum.retried
	s.mails += d.sum.mails
	s.repeated += d.sum.repeated
	s.slowest = max(s.slowest, d.sum.slowest)
}

func (s *tally) String() string {
	var kills []string
	for _, a := range acts {
		kills = append(kills, fmt.Sprintf("%s %d", a, s.kills[a]))
	}
	return fmt.Sprintf("rounds %d; killed during: %s; acknowledged %d, lost %d, doubled %d, half done %d; sent again with the same key %d; letters %d, repeated with the same Message-ID %d; open work mended within %s",
		s.rounds, strings.Join(kills, ", "), s.acks, s.lost, s.doubled, s.halves, s.retried, s.mails, s.repeated, s.slowest.Round(10*time.Millisecond))
}

// driver works on a house and kills it.
type driver struct {
	*testing.T
	*house
	*ledger
	rnd      *rand.Rand
	sum      *tally
	takes    map[string]time.Duration // how long an act takes, as far as it was seen
	accepted map[string]int           // letters recorded as accepted, and how often each had come by then
}

func (d *driver) live(rounds int) {
	d.start(d.T)
	for range 10 { // something to merge
		d.send(d.ledger)
	}
	for i := range rounds {
		d.round()
		d.sum.rounds++
		d.start(d.T)
		d.again()
		d.recover(d.T, d.sum)
		d.check(d.T, d.ledger, d.sum, d.accepted)
		if d.Failed() {
			d.Fatalf("round %d; the log of the program:\n%s", i, &d.errors)
		}
	}
}

// round does one act among small reports of others and kills the program in it, or shortly after.
func (d *driver) round() {
	name := acts[d.rnd.IntN(len(acts))]
	do := d.prepared(name)
	if do == nil {
		name, do = "report", func() bool { return d.send(d.ledger) }
	}
	if d.takes[name] == 0 {
		d.takes[name] = 200 * time.Millisecond
	}
	moment := time.Duration(d.rnd.Float64() * 1.5 * float64(d.takes[name]))
	var working sync.WaitGroup
	for _, small := range []func(*ledger) bool{d.send, d.fill} {
		working.Go(func() {
			for small(d.ledger) {
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	ended := make(chan time.Duration, 1)
	begun := time.Now()
	working.Go(func() {
		if do() {
			ended <- time.Since(begun)
		} else {
			close(ended)
		}
	})
	time.Sleep(moment)
	d.kill()
	way := d.box.killed()
	working.Wait()
	took, whole := <-ended
	switch {
	case whole:
		d.takes[name] = (d.takes[name] + took) / 2
	default:
		if name != "report" && name != "form" { // those are counted one by one
			d.sum.kills[name]++
		}
		d.takes[name] += d.takes[name] / 4
	}
	if way && name != "mail" {
		d.sum.kills["mail"]++
	}
}

// prepared brings about what an act needs, and returns the act; nil when it is not to be had. The act tells whether it ended before the kill.
func (d *driver) prepared(name string) func() bool {
	ok := func(a answer) bool {
		if a.err == nil && !a.done() {
			d.Errorf("%s: %d %s", name, a.status, a.body)
		}
		return a.done()
	}
	switch name {
	case "report":
		return func() bool { return d.send(d.ledger) }
	case "form":
		return func() bool { return d.fill(d.ledger) }
	case "upload":
		return func() bool { _, a := d.upload(d.ledger, 1500); return ok(a) }
	case "apply":
		id, a := d.upload(d.ledger, 2500)
		if !ok(a) {
			return nil
		}
		return func() bool {
			if !ok(d.take(d.ledger, id)) {
				return false
			}
			for state := ""; state != "applied"; time.Sleep(5 * time.Millisecond) {
				if state = d.stateOf(id); state == "" {
					return false
				}
			}
			return true
		}
	case "undo":
		id := ""
		for k, f := range d.files {
			if f.is == "applied" && (id == "" || k < id) {
				id = k
			}
		}
		if id == "" {
			return nil
		}
		return func() bool { return ok(d.undo(d.ledger, id)) }
	case "merge":
		return d.deciding("proposed", "merge", "merged")
	case "unmerge":
		return d.deciding("merged", "unmerge", "proposed")
	}
	id, a := d.draft(d.ledger)
	if !ok(a) {
		return nil
	}
	if name == "clear" {
		return func() bool { return ok(d.step(d.ledger, id, "approver", alert.Clear, alert.Cleared)) }
	}
	if !ok(d.step(d.ledger, id, "approver", alert.Clear, alert.Cleared)) {
		return nil
	}
	issue := func() bool { return ok(d.step(d.ledger, id, "officer", alert.Issue, alert.Issued)) }
	if name == "issue" {
		return issue
	}
	before := len(d.box.times())
	return func() bool {
		if !issue() {
			return false
		}
		for range 400 {
			if len(d.box.times()) >= before+len(d.tokens) {
				return true
			}
			time.Sleep(5 * time.Millisecond)
		}
		return false
	}
}

// deciding takes a pair in a state; a pair whose occurrences were merged elsewhere is refused, which is an answer as well.
func (d *driver) deciding(from, step, to string) func() bool {
	var pairs []string
	for id, x := range d.states["match_proposal"] {
		if x.is == from {
			pairs = append(pairs, id)
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	slices.Sort(pairs)
	id := pairs[d.rnd.IntN(len(pairs))]
	return func() bool { return d.decide(d.ledger, id, step, to).err == nil }
}

// again sends reports that got no answer a second time: the first half with the same key, as a program does, the others with a new one, as
// somebody who has lost it.
func (d *driver) again() {
	for _, r := range d.reports {
		if r.receipt != "" {
			continue
		}
		key := r.key
		if d.rnd.IntN(2) == 0 {
			key = uuid.NewString()
		}
		for deadline := time.Now().Add(within); ; time.Sleep(100 * time.Millisecond) {
			a := d.offer(d.ledger, r, key)
			if a.done() {
				d.sum.retried++
				break
			}
			if time.Now().After(deadline) {
				d.Fatalf("sent again and not taken within %s: %d %s %v", within, a.status, a.body, a.err)
			}
		}
	}
}
