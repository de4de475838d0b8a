package signal_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/locale"
	"github.com/baqylau/baqylau/internal/signal"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
)

// archive is a centre whose reports are also set aside, merged, corrected and imported.
type archive struct {
	*centre
	in *intake.Service
}

func keep(t *testing.T, db *store.DB) *archive {
	c := open(t, db)
	return &archive{c, &intake.Service{W: c.w, Shelf: c.s.Shelf, Home: "KZ", ImportDir: t.TempDir()}}
}

func (a *archive) step(rec intake.Recorded, name string) {
	a.t.Helper()
	a.check(a.in.Step(context.Background(), access.TheSystem(), rec.ReportID, name, "a reason"))
}

// propose says that two occurrences may be one.
func (a *archive) propose(x, y string) (id string) {
	a.t.Helper()
	id = store.NewID()
	a.exec("INSERT INTO match_proposal (id, a_id, b_id, score, reasons, state, at) VALUES (?, ?, ?, 90, '[]', 'proposed', 0)", id, x, y)
	return id
}

// customs is how the tables of these stories are read.
const customs = `version: 1
name: Customs
fields:
  key: {column: key, required: true}
  kind: seizure
  occurred: {column: day, formats: [YYYY-MM-DD]}
  known: {after_days: 0}
  region: {column: region}
substances:
  - {column: what, as: text, level: confirmed}
`

// load imports rows of key, day, region and substance.
func (a *archive) load(rows ...string) (batch string) {
	a.t.Helper()
	b, err := a.in.Stage(context.Background(), access.TheSystem(), intake.Upload{Name: "customs.csv", Content: bytes.NewReader([]byte("key,day,region,what\n" + strings.Join(rows, "\n") + "\n")), Mapping: []byte(customs), SourceCode: "src"})
	a.check(err)
	a.check(a.in.Start(context.Background(), access.TheSystem(), b.ID, false))
	a.check(a.in.Apply(context.Background(), b.ID))
	return b.ID
}

// counted is what the detectors count as of a day: occurrences by substance, kind, region and week.
func (a *archive) counted(asOf baqylau.Date) map[string]int {
	a.t.Helper()
	events, err := signal.Events(context.Background(), a.db.Read, a.book, "KZ", asOf, baqylau.Date{})
	a.check(err)
	once, out := map[string]bool{}, map[string]int{}
	for _, e := range events {
		cell := fmt.Sprintf("%s %s %s %d", e.Substance.Name, e.Kind, e.Region, e.OccurredOn.Week())
		if !once[cell+e.OccurrenceID] && e.Substance.Name != "" {
			once[cell+e.OccurrenceID] = true
			out[cell]++
		}
	}
	return out
}

// series is the same as the series tell it.
func (a *archive) series(asOf baqylau.Date) map[string]int {
	a.t.Helper()
	var cells []struct {
		DimID, Kind, Region string
		Week, N             int
	}
	a.check(a.db.Read.NewRaw(`SELECT dim_id, kind, region, week, SUM(n) AS n FROM series_cell WHERE country = 'KZ' AND dim = 'substance' AND kind <> 'overlap' AND known_on <= ?
		GROUP BY dim_id, kind, region, week HAVING SUM(n) <> 0`, asOf.String()).Scan(context.Background(), &cells))
	out := map[string]int{}
	for _, x := range cells {
		sub, _ := a.book.Substance(x.DimID)
		out[fmt.Sprintf("%s %s %s %d", sub.Name, x.Kind, x.Region, x.Week)] = x.N
	}
	return out
}

// total is how many occurrences the detectors count as of a day.
func (a *archive) total(asOf baqylau.Date) (n int) {
	a.t.Helper()
	for _, k := range a.counted(asOf) {
		n += k
	}
	return n
}

func (a *archive) raised(to baqylau.Date) (out []string) {
	a.t.Helper()
	a.check(a.s.Replay(locale.With(context.Background(), baqylau.English), "KZ", baqylau.Date{}, to, func(l signal.Line) error {
		out = append(out, fmt.Sprintf("%s %s %s %d", l.RaisedOn, l.Type, l.Substance, l.Events))
		return nil
	}))
	return out
}

// A past day is counted as it was known then: what was set aside, merged or taken back later counts before that day and not from it on.
func TestAPastDayIsCountedAsItWasKnown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := keep(t, db)
		day := func(n int) baqylau.Date { return change.Today(a.now).AddDays(n) }
		weeks := func(n int) { a.now = a.now.AddDate(0, 0, 7*n) }
		start := day(0)
		on := func(week int) baqylau.Date { return start.AddDays(7 * week) }
		wrong := a.report(intake.Seizure, "KZ-75", "Carfentanil", baqylau.Presumptive)
		weeks(2)
		a.step(wrong, "retract")
		weeks(2)
		first := a.report(intake.Seizure, "KZ-71", "Xylazine", baqylau.ConfirmedID)
		second := a.report(intake.Death, "KZ-71", "Xylazine", baqylau.ConfirmedID)
		weeks(1)
		pair := a.propose(first.OccurrenceID, second.OccurrenceID)
		a.check(a.in.Merge(context.Background(), access.TheSystem(), pair))
		weeks(1)
		a.check(a.in.Unmerge(context.Background(), access.TheSystem(), pair))
		weeks(1)
		a.step(first, "duplicate")
		weeks(1)
		a.step(first, "reopen")
		weeks(1)
		for name, want := range map[string]struct{ week, plus, n int }{
			"before the withdrawal":        {2, -1, 1},
			"on the day of the withdrawal": {2, 0, 0},
			"two occurrences":              {5, -1, 2},
			"merged, of two kinds":         {5, 0, 2},
			"set aside":                    {7, 0, 1},
			"before the reopening":         {8, -1, 1},
			"taken up again":               {8, 0, 2},
		} {
			asOf := on(want.week).AddDays(want.plus)
			if n := a.total(asOf); n != want.n {
				t.Errorf("%s: %d occurrences as of %s, want %d", name, n, asOf, want.n)
			}
			if got, want := a.counted(asOf), a.series(asOf); !maps.Equal(got, want) {
				t.Errorf("%s: as of %s the detectors count %v, the series %v", name, asOf, got, want)
			}
		}
		occurrences := func(asOf baqylau.Date) int {
			events, err := signal.Events(context.Background(), a.db.Read, a.book, "KZ", asOf, baqylau.Date{})
			a.check(err)
			ids := map[string]bool{}
			for _, e := range events {
				ids[e.OccurrenceID] = true
			}
			return len(ids)
		}
		if x, y, z := occurrences(on(5).AddDays(-1)), occurrences(on(5)), occurrences(on(6)); x != 2 || y != 1 || z != 2 {
			t.Errorf("two, merged to one, and two again: %d, %d, %d", x, y, z)
		}
		early, late := a.raised(on(1).AddDays(6)), a.raised(baqylau.Date{})
		if len(early) != 1 || !strings.Contains(early[0], "first_country Carfentanil 1") {
			t.Errorf("replayed to a day before the withdrawal: %v", early)
		}
		if !slices.Contains(late, early[0]) || len(late) != 2 {
			t.Errorf("replayed to the end: %v", late)
		}
		a.report(intake.Seizure, "KZ-75", "Carfentanil", baqylau.ConfirmedID)
		run, err := a.s.Detect(context.Background(), "KZ", on(1))
		if err != nil || run.Raised != 1 {
			t.Errorf("detection as of a day before the withdrawal: %+v, %v", run, err)
		}
	})
}

// Over a random history of everything that can happen to reports, the detectors count on every past day what the series count.
func TestDetectorsAndSeriesAgreeOnEveryPastDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := keep(t, db)
		for seed := range uint64(8) {
			a.history(seed)
			if t.Failed() {
				return
			}
		}
	})
}

// history does forty random acts over some weeks and compares every day of them.
func (a *archive) history(seed uint64) {
	a.t.Helper()
	r := rand.New(rand.NewPCG(seed, 7))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	substance := func() string { return pick("Heroin", "Methadone", "Xylazine") }
	region := func() string { return pick("KZ-75", "KZ-71", "KZ-35") }
	var log []string
	start := a.today()
	type kept struct {
		rec  intake.Recorded
		n    int
		kind intake.Kind
	}
	var reports []kept
	var batches, pairs []string
	merged := map[string]bool{}
	for range 40 {
		what := pick("report", "report", "report", "correct", "retract", "duplicate", "reopen", "merge", "merge", "unmerge", "import", "import", "undo", "wait", "wait", "wait")
		detail := ""
		act := func(err error) { // what the state does not allow is no act
			if code := baqylau.CodeOf(err); err != nil && code != baqylau.Conflict {
				a.t.Fatalf("seed %d, %s after %v: %v", seed, what, log, err)
			}
			if err == nil {
				log = append(log, fmt.Sprintf("%s %s %s", a.today(), what, detail))
				detail = ""
			}
		}
		ctx, system := context.Background(), access.TheSystem()
		switch {
		case what == "wait":
			a.now = a.now.AddDate(0, 0, 1+r.IntN(4))
		case what == "report":
			kind := []intake.Kind{intake.Seizure, intake.Death}[r.IntN(2)]
			rec := a.report(kind, region(), substance(), baqylau.ConfirmedID)
			reports = append(reports, kept{rec, a.n, kind})
			act(nil)
		case what == "import":
			var rows []string
			for i := range 1 + r.IntN(3) {
				rows = append(rows, fmt.Sprintf("b%d-%d,%s,%s,%s", seed, r.IntN(4)*3+i, a.today().AddDays(-r.IntN(6)), region(), substance()))
			}
			batches = append(batches, a.load(rows...))
			detail = strings.Join(rows, "; ")
			act(nil)
		case what == "undo" && len(batches) > 0:
			i := r.IntN(len(batches))
			act(a.in.Undo(ctx, system, batches[i]))
			batches = slices.Delete(batches, i, i+1)
		case what == "merge":
			var ids []string
			a.check(a.db.Read.NewRaw("SELECT id FROM occurrence WHERE merged_into IS NULL AND NOT hidden AND known_on >= ? ORDER BY id", start.String()).Scan(ctx, &ids))
			if len(ids) > 1 {
				x := r.IntN(len(ids))
				y := (x + 1 + r.IntN(len(ids)-1)) % len(ids)
				if merged[ids[x]+ids[y]] {
					break
				}
				merged[ids[x]+ids[y]] = true
				p := a.propose(ids[x], ids[y])
				detail = ids[x] + " <- " + ids[y]
				act(a.in.Merge(ctx, system, p))
				pairs = append(pairs, p)
			}
		case what == "unmerge" && len(pairs) > 0:
			act(a.in.Unmerge(ctx, system, pairs[r.IntN(len(pairs))]))
		case what == "correct" && len(reports) > 0:
			i := r.IntN(len(reports))
			a.correct(reports[i].n, reports[i].kind, region(), substance())
			act(nil)
		case len(reports) > 0 && slices.Contains([]string{"retract", "duplicate", "reopen"}, what):
			act(a.in.Step(ctx, system, reports[r.IntN(len(reports))].rec.ReportID, what, "a reason"))
		}
	}
	for day := start.AddDays(-7); !day.After(a.today()); day = day.AddDays(1) {
		got, want := a.counted(day), a.series(day)
		if !maps.Equal(got, want) {
			a.t.Errorf("seed %d, as of %s, detectors (-) and series (+): %s\nafter:\n%s", seed, day, cmp.Diff(got, want), strings.Join(log, "\n"))
			return
		}
	}
	a.now = a.now.AddDate(0, 0, 14)
}

// correct sends the report of a source number again, with another content.
func (a *archive) correct(n int, kind intake.Kind, region, substance string) {
	a.t.Helper()
	in := intake.Incoming{Kind: kind, Channel: "form", OrgID: "centre", AccountID: "someone", Domain: baqylau.HealthDomain, SourceID: "src", SourceRef: fmt.Sprint("n", n),
		Country: "KZ", Region: region, Occurred: a.today().AddDays(-1), Known: a.today(), Fatal: kind == intake.Death, Text: "corrected " + store.NewID(),
		Findings: []intake.Finding{{SubstanceID: a.substance(substance), Level: baqylau.ConfirmedID, Confidence: baqylau.Confirmed}}}
	a.check(a.w.Do(context.Background(), access.TheSystem(), access.ReportCreate, func(ctx context.Context, tx *change.Tx) error {
		_, err := intake.Record(ctx, tx, a.book, []intake.Incoming{in})
		tx.Subject("report", "", "", nil)
		return err
	}))
}
