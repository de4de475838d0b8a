//go:build soak

package crash

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/baqylau/baqylau/internal/audit"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
)

// tally is the result of all rounds.
type tally struct {
	rounds, acks, lost, doubled, halves, retried, repeated, mails int
	kills                                                         map[string]int
	slowest                                                       time.Duration // until what was open had been mended
}

// recover waits until nothing is open that the death of the process left open.
func (h *house) recover(t *testing.T, sum *tally) {
	t.Helper()
	open := "SELECT 'import', count(*) FROM batch WHERE state IN ('applying','undoing') UNION ALL SELECT 'letter', count(*) FROM delivery WHERE state = 'queued'"
	open += " UNION ALL SELECT 'job of the dead', count(*) FROM river_job WHERE state = 'running' AND attempted_at < '" + h.started.UTC().Format("2006-01-02 15:04:05.000") + map[store.Engine]string{store.Postgres: "+00"}[h.engine] + "'"
	begun := time.Now()
	var left map[string][]string
	for time.Since(begun) < within {
		if err := h.look(func(db *store.DB) (err error) { left, err = table(db, open); return err }); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, v := range left {
			if v[0] != "0" {
				n++
			}
		}
		if n == 0 {
			sum.slowest = max(sum.slowest, time.Since(begun))
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	_ = h.child.Process.Signal(syscall.SIGQUIT) // it says what it is about, which is how a statement that took minutes was found
	_ = h.child.Wait()
	t.Fatalf("not mended within %s: %v\n%s", within, left, &h.errors)
}

// check compares the database with the ledger and with itself.
func (h *house) check(t *testing.T, l *ledger, sum *tally, accepted map[string]int) {
	t.Helper()
	if err := h.look(func(db *store.DB) error {
		rep, err := audit.Verify(ctx, db.Read)
		if err != nil {
			return err
		}
		if !rep.OK {
			t.Fatalf("the audit chain is broken: %+v", rep)
		}
		for _, part := range []func() error{
			func() error { return l.checkReports(t, db, sum) },
			func() error { return l.checkStates(t, db, sum) },
			func() error { return l.checkFiles(t, db, sum) },
			func() error { return h.checkLetters(t, db, l, sum, accepted) },
			func() error { return whole(t, db, sum) },
			func() error { return balance(t, db, sum) },
		} {
			if err := part(); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func (l *ledger) checkReports(t *testing.T, db *store.DB, sum *tally) error {
	found, err := table(db, "SELECT source_ref, count(*), min(receipt) FROM report WHERE source_ref LIKE 'S-%' GROUP BY source_ref")
	if err != nil {
		return err
	}
	for ref, r := range l.reports {
		f, ok := found[ref]
		switch {
		case !ok && r.receipt != "":
			sum.lost++
			t.Errorf("report %s was acknowledged as %s and is gone", ref, r.receipt)
		case ok && f[0] != "1":
			sum.doubled++
			t.Errorf("report %s stands %s times", ref, f[0])
		case ok && r.receipt != "" && f[1] != r.receipt:
			sum.doubled++
			t.Errorf("report %s was acknowledged as %s and is %s", ref, r.receipt, f[1])
		}
	}
	forms, err := table(db, "SELECT text, count(*) FROM report WHERE text LIKE 'форма-%' GROUP BY text")
	if err != nil {
		return err
	}
	for text, acknowledged := range l.forms {
		f, ok := forms[text]
		switch {
		case !ok && acknowledged:
			sum.lost++
			t.Errorf("%s was acknowledged and is gone", text)
		case ok && f[0] != "1":
			sum.doubled++
			t.Errorf("%s stands %s times", text, f[0])
		}
	}
	return nil
}

// settle compares a state with what is known and takes over which of two it became.
func (x *thing) settle(t *testing.T, sum *tally, what, state string) {
	t.Helper()
	if state != x.is && (x.maybe == "" || state != x.maybe) {
		sum.lost++
		t.Errorf("%s is %q; acknowledged was %q, under way %q", what, state, x.is, x.maybe)
	}
	x.is, x.maybe = state, ""
}

func (l *ledger) checkStates(t *testing.T, db *store.DB, sum *tally) error {
	for kind, things := range l.states {
		found, err := table(db, "SELECT id, state FROM "+kind)
		if err != nil {
			return err
		}
		for id, x := range things {
			state := ""
			if f, ok := found[id]; ok {
				state = f[0]
			}
			x.settle(t, sum, kind+" "+id, state)
		}
		if kind == "match_proposal" {
			for id, f := range found {
				if things[id] == nil {
					things[id] = &thing{is: f[0]}
				}
			}
		}
	}
	return nil
}

func (l *ledger) checkFiles(t *testing.T, db *store.DB, sum *tally) error {
	found, err := table(db, `SELECT b.id, b.state, b.rows_done, b.rows_good, (SELECT count(*) FROM report r WHERE r.batch_id = b.id AND NOT r.hidden),
		(SELECT count(*) FROM occurrence o WHERE o.batch_id = b.id AND NOT o.hidden AND o.merged_into IS NULL), (SELECT COALESCE(SUM(n), 0) FROM series_cell s WHERE s.batch = b.no AND s.dim = 'total') FROM batch b`)
	if err != nil {
		return err
	}
	for id, x := range l.files {
		f, ok := found[id]
		if !ok {
			sum.lost++
			t.Errorf("import %s was acknowledged and is gone", id)
			continue
		}
		x.settle(t, sum, "import "+id, f[0])
		rows := "0"
		if x.is == "applied" {
			rows = fmt.Sprint(len(x.rows))
		}
		if f[3] != rows {
			sum.halves++
			t.Errorf("import %s is %s and shows %s of %d reports", id, x.is, f[3], len(x.rows))
		}
		if x.is == "applied" {
			if err := x.exactly(t, db, id, sum); err != nil {
				return err
			}
		}
	}
	return nil
}

// exactly compares the reports of an applied import with the rows of its file.
func (f *file) exactly(t *testing.T, db *store.DB, id string, sum *tally) error {
	if f.seen {
		return nil
	}
	f.seen = true
	got, err := table(db, "SELECT source_ref, occurred_on, region, detail FROM report WHERE batch_id = ? AND NOT hidden AND superseded_on IS NULL", id)
	if err != nil {
		return err
	}
	wrong := 0
	for key, want := range f.rows {
		row, ok := got[key]
		var d struct {
			Quantity struct{ Value string }
		}
		if ok {
			if err := json.Unmarshal([]byte(row[2]), &d); err != nil {
				return err
			}
		}
		if !ok || [3]string{row[0], row[1], d.Quantity.Value} != want {
			if wrong++; wrong == 1 {
				t.Errorf("import %s, row %s: %v, the file says %v", id, key, row, want)
			}
		}
	}
	if wrong > 0 || len(got) != len(f.rows) {
		sum.halves++
		t.Errorf("import %s: %d rows differ; %d stand, %d are in the file", id, wrong, len(got), len(f.rows))
	}
	return nil
}

// checkLetters looks that each issued communication has its letters, each of them came, and none came again once it was recorded as accepted.
func (h *house) checkLetters(t *testing.T, db *store.DB, l *ledger, sum *tally, accepted map[string]int) error {
	came := h.box.times()
	for id, n := range accepted {
		if came[id] != n {
			sum.doubled++
			t.Errorf("letter %s was recorded as accepted and came again", id)
		}
	}
	rows, err := table(db, "SELECT message_id, state FROM delivery")
	if err != nil {
		return err
	}
	sum.mails, sum.repeated = 0, 0
	for id, f := range rows {
		header := "<" + strings.Trim(id, "<>") + ">"
		if f[0] == "accepted" {
			if came[header] == 0 {
				sum.lost++
				t.Errorf("letter %s is recorded as accepted and never came", header)
			}
			accepted[header] = came[header]
		}
	}
	for _, n := range came {
		sum.mails++
		sum.repeated += n - 1
	}
	letters, err := table(db, "SELECT c.id, count(d.id) FROM communication c LEFT JOIN delivery d ON d.communication_id = c.id GROUP BY c.id")
	if err != nil {
		return err
	}
	for id, x := range l.states["communication"] {
		want := "0"
		if x.is == "issued" {
			want = fmt.Sprint(len(h.tokens))
		}
		if letters[id][0] != want {
			sum.halves++
			t.Errorf("communication %s is %s and has %s letters of %s", id, x.is, letters[id][0], want)
		}
	}
	h.box.mu.Lock()
	defer h.box.mu.Unlock()
	if h.box.soon+h.box.other > 0 {
		t.Errorf("%d letters came again without a crash in between, %d with another text", h.box.soon, h.box.other)
	}
	return nil
}

// whole looks for rows that an act would have written together and that stand alone.
func whole(t *testing.T, db *store.DB, sum *tally) error {
	alone, err := table(db, `SELECT 'report without occurrence', count(*) FROM report r WHERE NOT EXISTS (SELECT 1 FROM occurrence o WHERE o.id = r.occurrence_id)
		UNION ALL SELECT 'occurrence without report', count(*) FROM occurrence o WHERE o.merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM report r WHERE r.occurrence_id = o.id)
		UNION ALL SELECT 'finding elsewhere than its report', count(*) FROM finding f LEFT JOIN report r ON r.id = f.report_id WHERE r.id IS NULL OR r.occurrence_id <> f.occurrence_id
		UNION ALL SELECT 'report with neither finding nor question', count(*) FROM report r WHERE NOT EXISTS (SELECT 1 FROM finding f WHERE f.report_id = r.id) AND NOT EXISTS (SELECT 1 FROM question q WHERE q.report_id = r.id)
		UNION ALL SELECT 'report sent without event', count(*) FROM report r WHERE r.batch_id IS NULL AND NOT EXISTS (SELECT 1 FROM report_event e WHERE e.report_id = r.id)
		UNION ALL SELECT 'report sent without audit', count(*) FROM report r WHERE r.batch_id IS NULL AND NOT EXISTS (SELECT 1 FROM audit_entry a WHERE a.object_id = r.id)`)
	if err != nil {
		return err
	}
	for what, n := range alone {
		if n[0] != "0" {
			sum.halves++
			t.Errorf("%s: %s", what, n[0])
		}
	}
	return nil
}

// balance counts everything again from the reports and findings and compares it with the series.
func balance(t *testing.T, db *store.DB, sum *tally) error {
	shelf, err := registry.NewShelf(ctx, db)
	if err != nil {
		return err
	}
	var ids []string
	if err := db.Read.NewRaw("SELECT id FROM occurrence WHERE "+intake.Visible("occurrence")).Scan(ctx, &ids); err != nil {
		return err
	}
	facts := series.Cells{}
	for at := 0; at < len(ids); at += 500 {
		m, err := intake.Contributions(ctx, db.Read, shelf.Book(), ids[at:min(at+500, len(ids))])
		if err != nil {
			return err
		}
		for _, c := range m {
			for k, n := range c.Cells {
				facts[k] += n
			}
		}
	}
	maps.DeleteFunc(facts, func(_ series.Key, n int) bool { return n == 0 })
	rows, err := db.Read.QueryContext(ctx, "SELECT country, region, dim, dim_id, kind, week, SUM(n) FROM series_cell WHERE batch NOT IN (SELECT no FROM batch WHERE state = 'applying') GROUP BY 1, 2, 3, 4, 5, 6 HAVING SUM(n) <> 0")
	if err != nil {
		return err
	}
	defer rows.Close()
	counted := series.Cells{}
	for rows.Next() {
		var k series.Key
		var n int
		if err := rows.Scan(&k.Country, &k.Region, &k.Dim, &k.ID, &k.Kind, &k.Week, &n); err != nil {
			return err
		}
		counted[k] = n
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if !maps.Equal(facts, counted) {
		sum.halves++
		t.Errorf("the series hold %d cells and the facts %d, and they differ", len(counted), len(facts))
	}
	return nil
}
