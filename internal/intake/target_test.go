package intake_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/store"
)

// ledger is the smallest room that takes rows: visits of persons, kept by the source's reference.
type ledger struct {
	act  access.Act
	shut bool // a rule that has come into force since files were validated
}

func init() {
	mapping.Register(mapping.Target{Name: "test_visit", Page: "/visits?batch=", Fields: []mapping.TargetField{
		{Name: "person", Kind: mapping.KindPerson, Required: true}, {Name: "on", Kind: mapping.KindDate, Required: true}, {Name: "place", Kind: mapping.KindPlace},
		{Name: "drugs", Kind: mapping.KindMulti, List: []string{"heroin", "mephedrone"}}, {Name: "substance", Kind: mapping.KindSubstance}, {Name: "note", Kind: mapping.KindText}}})
}

func (l *ledger) Act() access.Act { return l.act }

func (l *ledger) Check(_ context.Context, o mapping.Origin, rows []*mapping.Row) error {
	for _, r := range rows {
		if o.Country == "" || r.Known != o.Today {
			return fmt.Errorf("a row without source or day: %+v", o)
		}
		if r.Values["note"] == "impossible" || l.shut && r.Values["note"] == "closed" {
			r.Fault("note", "import.code.unknown", mapping.RemedyCell, r.Values["note"])
		}
	}
	return nil
}

func content(r *mapping.Row) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(r.Values)) {
		parts = append(parts, name+"="+r.Values[name])
	}
	return strings.Join(parts, " ")
}

func (l *ledger) Apply(ctx context.Context, tx *change.Tx, o mapping.Origin, rows []*mapping.Row) error {
	for _, r := range rows {
		var n int
		if err := tx.NewRaw("SELECT count(*) FROM test_visit v JOIN batch b ON b.id = v.batch_id WHERE b.state = 'applied' AND v.replaced_by IS NULL AND v.source_id = ? AND v.ref = ? AND v.content = ?",
			o.SourceID, r.Key, content(r)).Scan(ctx, &n); err != nil {
			return err
		}
		if n > 0 {
			r.Same = true
			continue
		}
		if _, err := tx.NewRaw("INSERT INTO test_visit (id, batch_id, source_id, ref, content) VALUES (?, ?, ?, ?, ?)", store.NewID(), o.BatchID, o.SourceID, r.Key, content(r)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) Reveal(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	_, err := tx.NewRaw(`UPDATE test_visit SET replaced_by = ? WHERE batch_id <> ? AND source_id = ? AND replaced_by IS NULL AND ref IN (SELECT n.ref FROM test_visit n WHERE n.batch_id = ?)`,
		o.BatchID, o.BatchID, o.SourceID, o.BatchID).Exec(ctx)
	return err
}

func (l *ledger) Undo(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	_, err := tx.NewRaw("UPDATE test_visit SET replaced_by = NULL WHERE replaced_by = ?", o.BatchID).Exec(ctx)
	return err
}

func (l *ledger) Drop(ctx context.Context, tx *change.Tx, o mapping.Origin) error {
	_, err := tx.NewRaw("DELETE FROM test_visit WHERE batch_id = ?", o.BatchID).Exec(ctx)
	return err
}

// visits is what readers see of the room, by the source's reference.
func visits(t testing.TB, h *house) map[string]string {
	t.Helper()
	rows, err := h.W.DB.Read.QueryContext(ctx, "SELECT v.ref, v.content FROM test_visit v JOIN batch b ON b.id = v.batch_id WHERE b.state = 'applied' AND v.replaced_by IS NULL")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	seen := map[string]string{}
	for rows.Next() {
		var ref, content string
		if err := rows.Scan(&ref, &content); err != nil {
			t.Fatal(err)
		}
		if seen[ref] != "" {
			t.Errorf("%s is seen twice", ref)
		}
		seen[ref] = content
	}
	return seen
}

const visitMapping = `version: 1
name: Visits of a clinic
target: test_visit
fields:
  key: {column: №}
  person: {column: ИИН}
  "on": {column: Дата, formats: [DD.MM.YYYY]}
  place: {column: Область}
  drugs:
    - {column: Героин, flag: heroin}
    - {column: Мефедрон, flag: mephedrone}
  substance: {column: Вещество, unknown: keep}
  note: {column: Примечание}
`

// visitTable writes n visits.
func visitTable(n int, edit func(i int, cells []string)) []byte {
	var b strings.Builder
	b.WriteString("№;ИИН;Дата;Область;Героин;Мефедрон;Вещество;Примечание\n")
	for i := range n {
		cells := []string{fmt.Sprintf("V-%d", i+1), number(i), "05.03.2026", "Акмолинская область", "да", "нет", "метадон", ""}
		if edit != nil {
			edit(i, cells)
		}
		b.WriteString(strings.Join(cells, ";") + "\n")
	}
	return []byte(b.String())
}

// number is a well-formed personal number of nobody: its first six digits are no day.
func number(i int) string {
	for n := i * 10; ; n++ {
		if s := fmt.Sprintf("9999999%05d", n); intake.WellFormed(s) {
			return s
		}
	}
}

func TestTargets(t *testing.T) {
	engines(t, func(t *testing.T, h *house) {
		if _, err := h.W.DB.Write.NewRaw("CREATE TABLE test_visit (id TEXT PRIMARY KEY, batch_id TEXT, source_id TEXT, ref TEXT, content TEXT, replaced_by TEXT)").Exec(ctx); err != nil {
			t.Fatal(err)
		}
		h.Targets = map[string]intake.Target{"test_visit": &ledger{act: access.ImportRun}}
		h.Pseudonym = func(d baqylau.Domain, n string) string { return string(d) + "/" + n[7:] + "/keyed" }
		targetStory(t, h)
		targetCrashStory(t, h)
		targetWallStory(t, h)
		targetPageStory(t, h)
		targetDraftStory(t, h)
	})
}

// A clinic sends visits: faults keep the file from being taken, personal numbers are keyed and nowhere kept, corrected rows replace earlier ones, an undo brings those back.
func targetStory(t *testing.T, h *house) {
	faulty := visitTable(6, func(i int, c []string) {
		switch i {
		case 1:
			c[1] = number(1)[:11] + "x"
		case 2:
			c[3] = "Атлантида"
		case 3:
			c[7] = "impossible"
		case 4:
			c[4] = "наверно"
		}
	})
	b := h.stage(t, h.hospital, "visits.csv", visitMapping, faulty)
	if b.Good != 2 || b.Bad != 4 {
		t.Fatalf("good %d, bad %d", b.Good, b.Bad)
	}
	rows, err := intake.Problems(ctx, h.W.DB.Read, b.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, r := range rows {
		if strings.Trim(r.Cells[1], "*") != "" {
			t.Errorf("row %d keeps %s", r.Row, r.Cells[1])
		}
		for _, f := range r.Faults {
			told = append(told, fmt.Sprintf("%d %s %s %s", f.Row, f.Column, f.Key, f.Value))
		}
	}
	want := []string{"3 ИИН import.person.number ", "4 Область import.region.unknown Атлантида", "5 Примечание import.code.unknown impossible", "6 Героин import.code.unknown наверно"}
	if !slices.Equal(told, want) {
		t.Errorf("faults:\n%s", strings.Join(told, "\n"))
	}
	if err := h.Start(ctx, h.hospital, b.ID, false); baqylau.CodeOf(err) != baqylau.Invalid {
		t.Errorf("taken with faults: %v", err)
	}
	if err := h.Cancel(ctx, h.hospital, b.ID); err != nil {
		t.Fatal(err)
	}

	first := h.take(t, h.hospital, h.stage(t, h.hospital, "a.csv", visitMapping, visitTable(5, nil)), false)
	seen := visits(t, h)
	s, _ := h.Shelf.Book().ByName("метадон")
	if got, want := seen["V-1"], "drugs=heroin on=2026-03-05 person=health/"+number(0)[7:]+"/keyed place=KZ-11 substance="+s.ID; got != want || len(seen) != 5 {
		t.Errorf("%d visits, the first:\n%s\n%s", len(seen), got, want)
	}
	second := h.take(t, h.hospital, h.stage(t, h.hospital, "b.csv", visitMapping, visitTable(5, func(i int, c []string) {
		if i == 0 {
			c[6] = "неведомое"
		}
	})), false)
	if second.SameRows != 4 || !strings.Contains(visits(t, h)["V-1"], "substance=неведомое") {
		t.Errorf("%d same; %s", second.SameRows, visits(t, h)["V-1"])
	}
	if err := h.Undo(ctx, h.hospital, second.ID); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(seen, visits(t, h)) {
		t.Errorf("after the undo: %v", visits(t, h))
	}
	if err := h.Undo(ctx, h.hospital, first.ID); err != nil || len(visits(t, h)) != 0 {
		t.Errorf("%v, %v", err, visits(t, h))
	}
	if h.count(t, h.hospital) != 0 {
		t.Error("visits became reports")
	}
}

// The process dies between two chunks; the import goes on where it stood, and nobody sees a part of it. A cancelled one leaves nothing.
func targetCrashStory(t *testing.T, h *house) {
	file := visitTable(2500, func(i int, c []string) {
		if i%500 == 499 {
			c[7] = "closed"
		}
	})
	b := h.stage(t, h.hospital, "crash.csv", visitMapping, file)
	if err := h.Start(ctx, h.hospital, b.ID, false); err != nil {
		t.Fatal(err)
	}
	dying, kill := cancelAfter(h, 2)
	if err := h.Apply(dying, b.ID); err == nil {
		t.Fatal("the dying process finished")
	}
	kill()
	if half := h.batch(t, b.ID); half.Done <= 0 || half.Done >= 2500 || len(visits(t, h)) != 0 {
		t.Fatalf("after the crash: %+v, %d seen", half, len(visits(t, h)))
	}
	h.Targets["test_visit"].(*ledger).shut = true // what was right when the file was validated no longer is
	if err := h.Apply(ctx, b.ID); err != nil {
		t.Fatal(err)
	}
	h.Targets["test_visit"].(*ledger).shut = false
	done := h.batch(t, b.ID)
	if n := len(visits(t, h)); done.State != "applied" || n+int(done.Bad) != 2500 || done.Bad == 0 || int(done.Good) != n {
		t.Errorf("%d visits after resuming: %+v", n, done)
	}
	if err := h.Undo(ctx, h.hospital, b.ID); err != nil {
		t.Fatal(err)
	}
	half := h.stage(t, h.hospital, "half.csv", visitMapping, visitTable(2500, nil))
	if err := h.Start(ctx, h.hospital, half.ID, false); err != nil {
		t.Fatal(err)
	}
	dying, kill = cancelAfter(h, 2)
	_ = h.Apply(dying, half.ID)
	kill()
	if err := h.Cancel(ctx, h.hospital, half.ID); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := h.W.DB.Read.NewRaw("SELECT count(*) FROM test_visit WHERE batch_id = ?", half.ID).Scan(ctx, &left); err != nil || left != 0 {
		t.Errorf("%d rows of a cancelled import are left (%v)", left, err)
	}
}

// Who may not write such rows may not import them, and a node without the room says so.
func targetWallStory(t *testing.T, h *house) {
	up := intake.Upload{Name: "w.csv", Content: strings.NewReader(string(visitTable(1, nil))), Mapping: []byte(visitMapping)}
	h.Targets["test_visit"].(*ledger).act = access.MappingEdit
	nurse := h.hospital
	nurse.Roles = nil
	if _, err := h.Stage(ctx, nurse, up); baqylau.CodeOf(err) != baqylau.Forbidden {
		t.Errorf("without the right: %v", err)
	}
	h.Targets["test_visit"].(*ledger).act = access.ImportRun
	room := h.Targets["test_visit"]
	delete(h.Targets, "test_visit")
	if _, err := h.Stage(ctx, h.hospital, up); baqylau.CodeOf(err) != baqylau.Invalid {
		t.Errorf("without the room: %v", err)
	}
	h.Targets["test_visit"] = room
}

// The page of a staged import shows its rows by the fields of the target, and no pseudonym.
func targetPageStory(t *testing.T, h *house) {
	b := h.stage(t, h.hospital, "page.csv", visitMapping, visitTable(3, nil))
	body := h.visitor(t, h.hospital).see("/imports/"+b.ID, "Акмолинская область", "метадон", "***")
	if strings.Contains(body, "keyed") || strings.Contains(body, number(0)) {
		t.Error("the page shows who the persons are")
	}
	h.take(t, h.hospital, b, false)
	h.visitor(t, h.hospital).see("/imports/"+b.ID, "/visits?batch="+b.ID)
}

// On the page that makes a mapping a person chooses what the rows become; the fields follow, columns are proposed by their titles, and the preview is that of the target.
func targetDraftStory(t *testing.T, h *house) {
	v := h.visitor(t, h.hospital)
	v.lang = baqylau.English
	file := "person;on;Область;drugs\n" + number(7) + ";06.03.2026;Акмолинская область;герыч\n"
	w := v.send("/mappings/new", "приём.csv", []byte(file), nil)
	page := w.Header().Get("Location")
	v.see(page, `value="test_visit"`, "Reports of single events")
	ask := func(f url.Values) string {
		t.Helper()
		w := v.do(httptestPost(page, f))
		if w.Code != http.StatusOK {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
		return w.Body.String()
	}
	f := url.Values{"target": {"test_visit"}, "mode": {"columns"}}
	body := ask(f)
	if !strings.Contains(body, `<option value="person" selected>`) || !strings.Contains(body, `<option value="on" selected>`) || strings.Contains(body, `name="kind"`) {
		t.Errorf("fields of the target are not proposed:\n%s", body)
	}
	f = url.Values{"target": {"test_visit"}, "shown": {"test_visit"}, "mode": {"columns"}, "name": {"Приём"}, "to-0": {"person"}, "to-1": {"on"}, "formats-1": {"DD.MM.YYYY"}, "to-2": {"place"}, "to-3": {"drugs"},
		"codes-3": {"герыч = heroin"}, "constants": {"note = by hand"}, "decimal": {""}}
	if body = ask(f); !strings.Contains(body, "heroin") || !strings.Contains(body, "by hand") || !strings.Contains(body, "***") {
		t.Errorf("the preview lacks the row:\n%s", body)
	}
	f.Set("act", "save")
	f.Del("to-1")
	if back := v.refused(page, f); !strings.Contains(back, "No column gives “on”") {
		t.Errorf("a required field without column:\n%s", back)
	}
	f.Set("to-1", "on")
	v.see(v.press(page, f), "приём.csv", "***")
}
