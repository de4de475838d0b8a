package intake_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/data"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/registry"
	"github.com/baqylau/baqylau/internal/series"
	"github.com/baqylau/baqylau/internal/store"
	"github.com/baqylau/baqylau/internal/store/storetest"
	"golang.org/x/text/encoding/charmap"
)

// house is a seeded workspace with an officer of the centre and three reporting organisations.
type house struct {
	*intake.Service
	officer, customs, police, hospital access.Actor
	day                                baqylau.Date // today
}

var ctx = context.Background()

// open prepares a workspace on an engine. Seeding takes seconds, so the stories of a test share one, each with rows of its own.
func open(t testing.TB, db *store.DB) *house {
	t.Helper()
	w := change.New(db)
	if err := registry.Seed(ctx, db, w, data.FS); err != nil {
		t.Fatal(err)
	}
	shelf, err := registry.NewShelf(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Service: &intake.Service{W: w, Shelf: shelf, Home: "KZ", ImportDir: t.TempDir()}}
	h.setDay("2026-11-25")
	person := func(code string, d baqylau.Domain, r access.Role) access.Actor {
		id := "o-" + code
		if _, err := db.Write.NewRaw("INSERT INTO organisation (id, code, name, kind, domain, country, created_at) VALUES (?, ?, ?, 'police', ?, 'KZ', 0)", id, "test_"+code, baqylau.Same(code).JSON(), string(d)).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		return access.Actor{ID: "a-" + code, Name: code, OrgID: id, Domain: d, Roles: []access.Role{r}, Lang: baqylau.Russian, MaxTLP: baqylau.TLPAmber}
	}
	h.officer = person("centre", baqylau.NeutralDomain, access.Officer)
	h.customs = person("customs", baqylau.EnforcementDomain, access.Reporter)
	h.police = person("police", baqylau.EnforcementDomain, access.Reporter)
	h.hospital = person("hospital", baqylau.HealthDomain, access.Reporter)
	return h
}

func (h *house) setDay(day string) {
	h.day = baqylau.MustDate(day)
	h.W.Now = func() time.Time { return h.day.Time().Add(9 * time.Hour) }
}

// stage validates a table of one mapping for an organisation.
func (h *house) stage(t testing.TB, a access.Actor, name, mapping string, content []byte) intake.Batch {
	t.Helper()
	b, err := h.Stage(ctx, a, intake.Upload{Name: name, Content: bytes.NewReader(content), Mapping: []byte(mapping)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// take applies a staged batch and returns it as it then is.
func (h *house) take(t testing.TB, a access.Actor, b intake.Batch, goodOnly bool) intake.Batch {
	t.Helper()
	if err := h.Start(ctx, a, b.ID, goodOnly); err != nil {
		t.Fatal(err)
	}
	if err := h.Apply(ctx, b.ID); err != nil {
		t.Fatal(err)
	}
	return h.batch(t, b.ID)
}

func (h *house) batch(t testing.TB, id string) intake.Batch {
	t.Helper()
	b, err := h.BatchByID(ctx, h.W.DB.Read, access.TheSystem(), id)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// count is how many visible, current reports an organisation has.
func (h *house) count(t testing.TB, a access.Actor) (n int) {
	t.Helper()
	if err := h.W.DB.Read.NewRaw("SELECT count(*) FROM report r WHERE r.org_id = ? AND "+intake.Visible("r")+" AND r.superseded_on IS NULL AND r.state <> 'retracted'", a.OrgID).Scan(ctx, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// series is the sum of all visible deltas known up to a day, cell by cell.
func (h *house) series(t testing.TB, asOf baqylau.Date) series.Cells {
	t.Helper()
	rows, err := h.W.DB.Read.QueryContext(ctx, "SELECT country, region, dim, dim_id, kind, week, SUM(n) FROM series_cell WHERE batch NOT IN (SELECT no FROM batch WHERE state = 'applying') AND known_on <= ? GROUP BY 1, 2, 3, 4, 5, 6 HAVING SUM(n) <> 0", asOf.String())
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	cells := series.Cells{}
	for rows.Next() {
		var k series.Key
		var n int
		if err := rows.Scan(&k.Country, &k.Region, &k.Dim, &k.ID, &k.Kind, &k.Week, &n); err != nil {
			t.Fatal(err)
		}
		cells[k] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return cells
}

// facts counts everything again from the reports and findings themselves.
func (h *house) facts(t testing.TB) series.Cells {
	t.Helper()
	var ids []string
	if err := h.W.DB.Read.NewRaw("SELECT id FROM occurrence WHERE "+intake.Visible("occurrence")).Scan(ctx, &ids); err != nil {
		t.Fatal(err)
	}
	sum := series.Cells{}
	for at := 0; at < len(ids); at += 500 {
		m, err := intake.Contributions(ctx, h.W.DB.Read, h.Shelf.Book(), ids[at:min(at+500, len(ids))])
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range m {
			for k, n := range c.Cells {
				sum[k] += n
			}
		}
	}
	maps.DeleteFunc(sum, func(_ series.Key, n int) bool { return n == 0 })
	return sum
}

// mustBalance checks that the series equal what the facts say today.
func (h *house) mustBalance(t testing.TB) {
	t.Helper()
	if got, want := h.series(t, h.day), h.facts(t); !maps.Equal(got, want) {
		for k, n := range want {
			if got[k] != n {
				t.Errorf("series %+v: %d, facts say %d", k, got[k], n)
			}
		}
		for k, n := range got {
			if _, ok := want[k]; !ok {
				t.Errorf("series %+v: %d, facts say 0", k, n)
			}
		}
		t.FailNow()
	}
	var wrong int // what comparisons would pass over although another source has reported it
	if err := h.W.DB.Read.NewRaw("SELECT count(*) FROM occurrence o JOIN report r ON r.occurrence_id = o.id WHERE o.only_source <> r.source_id").Scan(ctx, &wrong); err != nil || wrong > 0 {
		t.Fatalf("%d reports are not of the only source of their occurrence (%v)", wrong, err)
	}
}

// seizures is how the customs office of these stories writes its tables.
const seizures = `version: 1
name: Customs seizures
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
  - {column: Вещество, as: text, level: confirmed}
`

// table writes n rows of seizures in windows-1251 with semicolons and decimal commas; edit changes a row before it is written.
func table(t testing.TB, prefix string, n int, edit func(i int, cells []string)) []byte {
	t.Helper()
	var b strings.Builder
	b.WriteString("Номер;Дата;Область;Масса;Вещество\r\n")
	for i := range n {
		cells := []string{fmt.Sprintf("%s-%d", prefix, i+1), fmt.Sprintf("%02d.%02d.2026", i%28+1, i%10+1), []string{"Акмолинская область", "Павлодарская область", "Алматы"}[i%3],
			fmt.Sprintf("%d,%d", i, i%10), []string{"мефедрон", "альфа-ПВП", "смесь мефедрона и метадона"}[i%3]}
		if edit != nil {
			edit(i, cells)
		}
		b.WriteString(strings.Join(cells, ";") + "\r\n")
	}
	out, err := charmap.Windows1251.NewEncoder().String(b.String())
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}

func engines(t *testing.T, stories ...func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		for _, story := range stories {
			story(t, h)
		}
	})
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
