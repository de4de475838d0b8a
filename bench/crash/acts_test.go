//go:build soak

package crash

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/alert"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/google/uuid"
)

// seizures is how customs write the files of these rounds.
const seizures = `version: 1
name: Seizures of the crash rounds
file: {decimal: ","}
fields:
  key: {column: Номер, required: true}
  kind: seizure
  occurred: {column: Дата, formats: [DD.MM.YYYY]}
  known: {after_days: 0}
  region: {column: Область}
  quantity: {column: Масса}
  unit: g
substances:
  - {column: Вещество, as: text, level: presumptive}
`

// ledger is what the driver knows from the answers it got, and nothing else.
type ledger struct {
	mu      sync.Mutex
	no      int
	reports map[string]*report // by source_ref
	forms   map[string]bool    // by text: acknowledged
	files   map[string]*file   // by batch
	states  map[string]map[string]*thing
	acks    int
	cut     map[string]int // reports and forms that were under way when the program died
}

// broken notes an answer that never came; a request that found nobody is none.
func (l *ledger) broken(what string, a answer) {
	if a.err == nil || errors.Is(a.err, syscall.ECONNREFUSED) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut[what]++
}

// report is one that was sent by the API.
type report struct {
	who, key, body, receipt string // receipt: "" until acknowledged
}

// file is an import and what its rows say.
type file struct {
	rows map[string][3]string // key: day, region, quantity
	seen bool                 // compared with its file
	thing
}

// thing is something with a state: the one that was acknowledged, and the one that an act without an answer may have brought.
type thing struct{ is, maybe string }

func newLedger() *ledger {
	return &ledger{reports: map[string]*report{}, forms: map[string]bool{}, cut: map[string]int{}, files: map[string]*file{}, states: map[string]map[string]*thing{"match_proposal": {}, "communication": {}}}
}

func (l *ledger) number() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.no++
	return l.no
}

// acknowledged counts one and writes it down.
func (l *ledger) acknowledged(note func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acks++
	note()
}

// act does one thing that moves t and notes the answer.
func (l *ledger) act(t *thing, to string, do func() answer) answer {
	l.mu.Lock()
	t.maybe = to
	l.mu.Unlock()
	a := do()
	switch {
	case a.done():
		l.acknowledged(func() { t.is, t.maybe = to, "" })
	case a.err == nil: // refused, so nothing happened
		l.mu.Lock()
		t.maybe = ""
		l.mu.Unlock()
	}
	return a
}

func day(back int) string { return change.Today(time.Now()).AddDays(-1 - back).String() }

var places = []string{"KZ-11", "KZ-55", "KZ-35", "KZ-75", "KZ-71"}

// send reports by the API; two reports in a row are one event that two agencies saw.
func (h *house) send(l *ledger) (done bool) {
	n := l.number()
	pair := n / 2
	who, kind := "police", "seizure"
	if n%2 == 1 {
		who, kind = "hospital", "acute_intoxication"
	}
	ref := fmt.Sprintf("S-%d", n)
	body, _ := json.Marshal(map[string]any{"kind": kind, "source_ref": ref, "occurred_on": day(pair * 7 % 200), "region": places[pair%len(places)], "text": "карфентанил", "sample_ref": fmt.Sprintf("P-%d", pair)})
	r := &report{who: who, key: uuid.NewString(), body: string(body)}
	l.mu.Lock()
	l.reports[ref] = r
	l.mu.Unlock()
	return h.offer(l, r, r.key).done()
}

// offer sends a report, for the first time or again.
func (h *house) offer(l *ledger, r *report, key string) answer {
	a := h.do(r.who, http.MethodPost, "/api/v1/reports", strings.NewReader(r.body), "Content-Type", "application/json", "Idempotency-Key", key)
	l.broken("report", a)
	var sent struct{ Receipt string }
	if a.done() {
		if err := json.Unmarshal([]byte(a.body), &sent); err != nil || sent.Receipt == "" {
			a.err = fmt.Errorf("no receipt in %q (%v)", a.body, err)
			return a
		}
		l.acknowledged(func() { r.receipt = sent.Receipt })
	}
	return a
}

// fill sends a report by the form of the page.
func (h *house) fill(l *ledger) (done bool) {
	n := l.number()
	text := fmt.Sprintf("форма-%d мефедрон", n)
	l.mu.Lock()
	l.forms[text] = false
	l.mu.Unlock()
	a := h.post("ngo", "/reports/new/collected_sample", url.Values{"occurred_on": {day(n % 100)}, "region": {places[n%len(places)]}, "text": {text}})
	if !a.done() {
		l.broken("form", a)
		return false
	}
	l.acknowledged(func() { l.forms[text] = true })
	return true
}

// upload sends a file, which is validated while its sender waits.
func (h *house) upload(l *ledger, rows int) (id string, a answer) {
	n := l.number()
	f := &file{rows: map[string][3]string{}, thing: thing{is: "staged"}}
	var text strings.Builder
	text.WriteString("Номер;Дата;Область;Масса;Вещество\n")
	for i := range rows {
		d, _, _ := baqylau.ParseDate(day((n + i) % 300))
		key, place, mass := fmt.Sprintf("K%d-%d", n, i), i%3, fmt.Sprintf("%d,%d", i, 1+i%9)
		s := d.String()
		fmt.Fprintf(&text, "%s;%s.%s.%s;%s;%s;%s\n", key, s[8:], s[5:7], s[:4], []string{"Акмолинская область", "Павлодарская область", "Карагандинская область"}[place], mass,
			[]string{"мефедрон", "альфа-ПВП", "смесь мефедрона и метадона"}[place])
		f.rows[key] = [3]string{s, places[place], strings.ReplaceAll(mass, ",", ".")}
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("mapping", h.mapping) // a buffer takes everything
	part, _ := w.CreateFormFile("file", fmt.Sprintf("file-%d.csv", n))
	_, _ = part.Write([]byte(text.String()))
	_ = w.Close()
	a = h.do("customs", http.MethodPost, "/imports/new", &body, "Content-Type", w.FormDataContentType())
	if !a.done() {
		return "", a
	}
	id, found := strings.CutPrefix(a.location, "/imports/")
	if !found {
		a.err = fmt.Errorf("uploaded and led to %s", a.location)
		return "", a
	}
	l.acknowledged(func() { l.files[id] = f })
	return id, a
}

// take starts an import. It is acknowledged when it will be applied, whatever happens.
func (h *house) take(l *ledger, id string) answer {
	return l.act(&l.files[id].thing, "applied", func() answer { return h.post("customs", "/imports/"+id+"/take", nil) })
}

func (h *house) undo(l *ledger, id string) answer {
	return l.act(&l.files[id].thing, "undone", func() answer { return h.post("customs", "/imports/"+id+"/undo", nil) })
}

// stateOf is the state of an import as its sender sees it.
func (h *house) stateOf(id string) string {
	var b struct{ State string }
	if a := h.do("customs", http.MethodGet, "/api/v1/imports/"+id, nil); !a.done() || json.Unmarshal([]byte(a.body), &b) != nil {
		return ""
	}
	return b.State
}

// decide merges a pair, or takes that back.
func (h *house) decide(l *ledger, id, step, to string) answer {
	return l.act(l.states["match_proposal"][id], to, func() answer { return h.post("officer", "/matches/"+id+"/"+step, nil) })
}

// draft brings a public warning as far as the second person.
func (h *house) draft(l *ledger) (id string, a answer) {
	f := url.Values{"type": {"PW"}, "tlp": {string(baqylau.TLPClear)}, "public": {"1"}, "severity": {"amber"}, "confidence": {"suspected"}, "expires": {day(-30)}}
	for _, b := range alert.Blocks {
		for _, lang := range []string{"_kk", "_ru", "_en"} {
			f.Set(string(b)+lang, "раунд "+strconv.Itoa(l.number()))
		}
	}
	a = h.post("officer", "/alerts/new", f)
	path, _, _ := strings.Cut(a.location, "?")
	id, found := strings.CutPrefix(path, "/alerts/")
	if !a.done() || !found {
		return "", a
	}
	t := &thing{is: string(alert.Drafted)}
	l.acknowledged(func() { l.states["communication"][id] = t })
	if a = h.step(l, id, "officer", alert.Submit, alert.InReview); !a.done() {
		return "", a
	}
	return id, h.step(l, id, "assessor", alert.Review, alert.InReview)
}

func (h *house) step(l *ledger, id, who, step string, to alert.State) answer {
	return l.act(l.states["communication"][id], string(to), func() answer { return h.post(who, "/alerts/"+id+"/"+step, url.Values{"token": {"0"}}) })
}
