package intake_test

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/intake/mapping"
	"github.com/baqylau/baqylau/internal/store"
)

func TestImports(t *testing.T) {
	engines(t, customsStory, sameAndChanged, crashStory, cutOffStory, cancelStory, failStory, streamStory, mappingStory, newcomerStory, wallStory, unplacedStory, olderStory)
}

// Customs sends a table with one day that does not exist: nothing is written until the good rows are chosen, and the bad one comes back.
func customsStory(t *testing.T, h *house) {
	file := table(t, "К", 60, func(i int, cells []string) {
		if i == 35 { // the header is row 1
			cells[1] = "31.11.2025"
		}
	})
	id, err := h.SaveMapping(ctx, h.customs, []byte(seizures))
	if err != nil {
		t.Fatal(err)
	}
	v := h.visitor(t, h.customs)
	v.see("/imports/new?mapping="+id, "Customs seizures")
	w := v.send("/imports/new", "изъятия.csv", file, map[string]string{"mapping": id})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	page := w.Header().Get("Location")
	for lang, texts := range map[baqylau.Lang][]string{
		baqylau.Kazakh:  {"37-жол, «Дата» бағаны: 31.11.2025 деген күн жоқ", "Ештеңе жазылған жоқ"},
		baqylau.Russian: {"37", "31.11.2025", "Ничего не записано", "Взять 59 верных строк", "мефедрон"},
		baqylau.English: {"Row 37, column “Дата”: there is no such day as 31.11.2025", "Nothing has been written", "mephedrone"},
	} {
		v.lang = lang
		body := v.see(page)
		for _, s := range texts {
			if !strings.Contains(strings.ToLower(body), strings.ToLower(s)) {
				t.Errorf("%s lacks %q", lang, s)
			}
		}
	}
	if n := h.count(t, h.customs); n != 0 {
		t.Fatalf("%d reports were written by a dry run", n)
	}
	b := h.batch(t, strings.TrimPrefix(page, "/imports/"))
	if err := h.Start(ctx, h.customs, b.ID, false); baqylau.CodeOf(err) != baqylau.Invalid {
		t.Errorf("a file with faults was taken whole: %v", err)
	}
	v.press(page+"/take", url.Values{"good_only": {"1"}})
	if err := h.Apply(ctx, b.ID); err != nil {
		t.Fatal(err)
	}
	if n := h.count(t, h.customs); n != 59 {
		t.Errorf("%d reports", n)
	}
	v.lang = baqylau.Russian
	v.see(page, "Записано 59 записей", "/reports?batch="+b.ID)
	if list := v.see("/reports?batch="+b.ID, b.Ref); strings.Contains(list, `</span> `+b.ID) || strings.Contains(list, "> "+b.ID) {
		t.Error("the chip names the import by its identifier")
	}
	if other := h.visitor(t, h.police).see("/reports?batch=" + b.ID); strings.Contains(other, b.Ref) {
		t.Error("who may not see the import reads its number")
	}
	csv := v.do(httptestGet(page + "/rejects.csv"))
	if body := csv.Body.String(); !strings.Contains(body, "К-36;31.11.2025;") || !strings.Contains(body, "Что исправить") || strings.Count(body, "\n") != 2 {
		t.Errorf("rejects:\n%s", body)
	}
	if _, err := os.Stat(b.FilePath); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
	h.mustBalance(t)
	w = v.send("/imports/new", "again.csv", file, map[string]string{"mapping": id})
	if loc := w.Header().Get("Location"); loc != page+"?same=1" {
		t.Errorf("the same file led to %q", loc)
	}
	v.see(page+"?same=1", "Этот файл уже загружен")
	v.press(page+"/undo", nil)
	if n := h.count(t, h.customs); n != 0 {
		t.Errorf("%d reports after the undo", n)
	}
	h.mustBalance(t)
}

// The same keys with the same content change nothing, with other content they replace; an undo brings the earlier ones and their counts back.
func sameAndChanged(t *testing.T, h *house) {
	first := h.take(t, h.police, h.stage(t, h.police, "a.csv", seizures, table(t, "S", 30, nil)), false)
	before := h.series(t, h.day)
	same := h.take(t, h.police, h.stage(t, h.police, "b.csv", seizures, append(table(t, "S", 30, nil), '\r', '\n')), false)
	if same.SameRows != 30 || !maps.Equal(before, h.series(t, h.day)) {
		t.Errorf("same rows sent again: %+v", same)
	}
	changed := func(n int) []byte {
		return table(t, "S", n, func(i int, c []string) {
			if i < 5 { // another substance in another region, a week later
				c[1], c[2], c[4] = "20.10.2026", "Павлодарская область", "метадон"
			}
		})
	}
	third := h.take(t, h.police, h.stage(t, h.police, "c.csv", seizures, changed(30)), false)
	if third.SameRows != 25 || h.count(t, h.police) != 30 {
		t.Errorf("changed rows: %d same, %d reports", third.SameRows, h.count(t, h.police))
	}
	h.mustBalance(t)
	if maps.Equal(before, h.series(t, h.day)) {
		t.Error("corrected rows moved no count")
	}
	back := h.take(t, h.police, h.stage(t, h.police, "d.csv", seizures, table(t, "S", 29, nil)), false) // back to what was first said
	h.mustBalance(t)
	if back.SameRows != 24 || !maps.Equal(before, h.series(t, h.day)) {
		t.Errorf("%d same, and counts differ from those first sent", back.SameRows)
	}
	for _, b := range []intake.Batch{third, back, same} { // out of order: the middle of the chain first
		if err := h.Undo(ctx, h.police, b.ID); err != nil {
			t.Fatal(err)
		}
		h.mustBalance(t)
	}
	if !maps.Equal(before, h.series(t, h.day)) || h.count(t, h.police) != 30 {
		t.Errorf("the undo left %d reports, and counts as at first: %v", h.count(t, h.police), maps.Equal(before, h.series(t, h.day)))
	}
	if err := h.Undo(ctx, h.police, first.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.Undo(ctx, h.police, first.ID); baqylau.CodeOf(err) != baqylau.Conflict {
		t.Errorf("undone twice: %v", err)
	}
	h.mustBalance(t)
	if n := h.count(t, h.police); n != 0 {
		t.Errorf("%d reports are left", n)
	}
}

// A process that dies between two chunks leaves nothing to be seen; the next one goes on where it stopped, and a second worker writes nothing.
func crashStory(t *testing.T, h *house) {
	b := h.stage(t, h.police, "crash.csv", seizures, table(t, "X", 3500, nil))
	if err := h.Start(ctx, h.police, b.ID, false); err != nil {
		t.Fatal(err)
	}
	dying, kill := cancelAfter(h, 2)
	if err := h.Apply(dying, b.ID); err == nil {
		t.Fatal("the dying process finished")
	}
	kill()
	if half := h.batch(t, b.ID); half.Done <= 0 || half.Done >= 3500 || half.State != "applying" {
		t.Fatalf("after the crash: %+v", half)
	}
	if n := h.count(t, h.police); n != 0 {
		t.Fatalf("%d reports are seen of a half-written import", n)
	}
	other := h.stage(t, h.police, "other.csv", seizures, table(t, "Y", 3, nil))
	if err := h.Start(ctx, h.police, other.ID, false); baqylau.CodeOf(err) != baqylau.Conflict {
		t.Errorf("two files of one source are written at once: %v", err)
	}
	if err := h.Apply(ctx, b.ID); err != nil {
		t.Fatal(err)
	}
	if n := h.count(t, h.police); n != 3500 {
		t.Errorf("%d reports after resuming", n)
	}
	if err := h.Apply(ctx, b.ID); err != nil || h.count(t, h.police) != 3500 {
		t.Errorf("a second worker: %v", err)
	}
	h.mustBalance(t)
	if err := errors.Join(h.Undo(ctx, h.police, b.ID), h.Cancel(ctx, h.police, other.ID)); err != nil {
		t.Fatal(err)
	}
}

// The process dies while it validates a file for a waiting sender. Nobody takes that up again: after an hour of silence the import ends, and its page says why; the file may be
// sent again.
func cutOffStory(t *testing.T, h *house) {
	file := table(t, "O", 40, nil)
	dying, kill := cancelAfter(h, 2)
	_, err := h.Stage(dying, h.police, intake.Upload{Name: "cut.csv", Content: bytes.NewReader(file), Mapping: []byte(seizures)})
	kill()
	var id string
	if err2 := h.W.DB.Read.NewRaw("SELECT id FROM batch WHERE file_name = 'cut.csv'").Scan(ctx, &id); err == nil || err2 != nil {
		t.Fatal("the dying process finished", err, err2)
	}
	state := func(want string) intake.Batch {
		t.Helper()
		if err := h.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		b := h.batch(t, id)
		if b.State != want {
			t.Errorf("the import is %q, not %q", b.State, want)
		}
		return b
	}
	state("staging") // somebody may be at work on it
	now := h.W.Now
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	document := map[store.Engine]string{store.SQLite: "jsonb(?)", store.Postgres: "CAST(? AS jsonb)"}[h.W.DB.Engine]
	_, err = h.W.DB.Write.Exec("INSERT INTO river_job (kind, args, max_attempts) VALUES ('import_stage', "+document+", 25)", `{"batch_id":"`+id+`"}`)
	must(err)
	h.W.Now = func() time.Time { return now().Add(2 * time.Hour) }
	state("staging") // a job will take it up, once a worker is there
	_, err = h.W.DB.Write.Exec("DELETE FROM river_job WHERE kind = 'import_stage'")
	must(err)
	b := state("failed")
	h.W.Now = now
	if _, err := os.Stat(b.FilePath); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
	v := h.visitor(t, h.police)
	for lang, text := range map[baqylau.Lang]string{baqylau.Kazakh: "тексеру үзіліп қалды", baqylau.Russian: "Проверка этого файла оборвалась", baqylau.English: "The validation of this file was cut off"} {
		v.lang = lang
		v.see("/imports/"+id, text)
	}
	again := h.stage(t, h.police, "cut.csv", seizures, file)
	if again.ID == id || again.State != "staged" || again.Good != 40 {
		t.Errorf("sent again: %+v", again)
	}
	if err := h.Cancel(ctx, h.police, again.ID); err != nil {
		t.Fatal(err)
	}
}

// A running import that is stopped leaves no row and no file.
func cancelStory(t *testing.T, h *house) {
	b := h.stage(t, h.police, "cancel.csv", seizures, table(t, "C", 2500, nil))
	if err := h.Start(ctx, h.police, b.ID, false); err != nil {
		t.Fatal(err)
	}
	before := h.series(t, h.day)
	dying, kill := cancelAfter(h, 1)
	_ = h.Apply(dying, b.ID) // dies on purpose
	kill()
	if err := h.Cancel(ctx, h.customs, b.ID); baqylau.CodeOf(err) != baqylau.NotFound {
		t.Errorf("another organisation stopped it: %v", err)
	}
	v := h.visitor(t, h.police)
	v.see("/imports/"+b.ID, "Записано: 1", "Остановить импорт")
	v.press("/imports/"+b.ID+"/cancel", nil)
	if err := h.Apply(ctx, b.ID); err != nil { // a worker that comes late
		t.Errorf("a late worker: %v", err)
	}
	var rows, deltas int
	if err := errors.Join(h.W.DB.Read.NewRaw("SELECT count(*) FROM report WHERE batch_id = ?", b.ID).Scan(ctx, &rows),
		h.W.DB.Read.NewRaw("SELECT count(*) FROM series_delta WHERE batch = ?", b.No).Scan(ctx, &deltas)); err != nil {
		t.Fatal(err)
	}
	if rows != 0 || deltas != 0 || !maps.Equal(before, h.series(t, h.day)) {
		t.Errorf("%d reports and %d deltas are left", rows, deltas)
	}
	if _, err := os.Stat(b.FilePath); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
	if err := h.Cancel(ctx, h.police, b.ID); baqylau.CodeOf(err) != baqylau.Conflict {
		t.Errorf("stopped twice: %v", err)
	}
}

// A file that is not what the mapping expects is refused whole, with the reason on its page and in the form.
func failStory(t *testing.T, h *house) {
	id, err := h.SaveMapping(ctx, h.hospital, []byte(seizures))
	if err != nil {
		t.Fatal(err)
	}
	v := h.visitor(t, h.hospital)
	w := v.send("/imports/new", "pho\u202eto.csv", []byte("a;b\n1;2\n"), map[string]string{"mapping": id})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Номер") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if w := v.send("/imports/new", "", nil, map[string]string{"mapping": id}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Выберите файл") {
		t.Errorf("without a file: status %d", w.Code)
	}
	list := v.see("/imports", "не удался")
	i := strings.Index(list, "/imports/0")
	v.see(list[i:i+len("/imports/")+36], "photo.csv", "Номер")
}

// A file larger than what is held at a time is read as a stream; a reader that ends in a failure leaves nothing.
func streamStory(t *testing.T, h *house) {
	_, err := h.Stage(ctx, h.police, intake.Upload{Name: "broken.csv", Mapping: []byte(seizures), Content: io.MultiReader(bytes.NewReader(table(t, "Z", 10, nil)), failing{})})
	if err == nil {
		t.Fatal("an upload that broke off was taken")
	}
	rows := 40_000
	content := &generated{rows: rows}
	b, err := h.Stage(ctx, h.police, intake.Upload{Name: "large.csv", Mapping: []byte(seizures), Content: content})
	if err != nil {
		t.Fatal(err)
	}
	if b.Total != int64(rows) || b.Bad != int64(rows/100) {
		t.Errorf("%d rows, %d bad", b.Total, b.Bad)
	}
	problems, err := intake.Problems(ctx, h.W.DB.Read, b.ID, 0)
	if err != nil || len(problems) != rows/100 || problems[0].Row != 2 {
		t.Errorf("%d problems, %v", len(problems), err)
	}
	if err := h.Cancel(ctx, h.police, b.ID); err != nil {
		t.Fatal(err)
	}
}

// A mapping is made on the page: the columns are suggested, the preview follows, saving leads on to the import.
func mappingStory(t *testing.T, h *house) {
	v := h.visitor(t, h.customs)
	file := table(t, "M", 20, nil)
	w := v.send("/mappings/new", "таблица.csv", file, nil)
	draft := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	v.see(draft, "windows-1251", "01.01.2026", `value="DD.MM.YYYY"`)
	places := v.do(httptestPost(draft, url.Values{"mode": {"columns"}, "act": {"preview"}, "to-2": {"place_type"}})).Body.String()
	if !strings.Contains(places, `name="word-2" value="Павлодарская область"`) || !strings.Contains(places, `<option value="street">улица</option>`) { // no kind of place, to be chosen
		t.Error("the code table is not begun")
	}
	asked := url.Values{"mode": {"columns"}, "act": {"preview"}, "to-2": {"region"}}
	if regions := v.do(httptestPost(draft, asked)).Body.String(); !strings.Contains(regions, `<option value="KZ-55" selected>Павлодарская область</option>`) {
		t.Error("a region is not guessed by its name")
	}
	f := url.Values{"mode": {"columns"}, "act": {"preview"}, "to-0": {"key"}, "to-1": {"occurred"}, "formats-1": {"DD.MM.YYYY"}, "to-2": {"region"}, "to-3": {"quantity"}, "to-4": {"substance.text"},
		"kind": {"seizure"}, "unit": {"g"}, "decimal": {","}, "known": {"same_day"}, "codes-2": {"Алматы = KZ-75"}}
	r := httptestPost(draft, f)
	if w := v.do(r); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Акмолинская область") || strings.Contains(w.Body.String(), "ещё не готово") {
		t.Errorf("preview: status %d", w.Code)
	}
	lost := v.send("/mappings/new", "с Атлантидой.csv", table(t, "MA", 3, func(i int, c []string) {
		c[2] = []string{"Атлантида", "Павлодарская область", "Семск"}[i]
	}), nil).Header().Get("Location")
	chosen := maps.Clone(f)
	chosen["word-2"], chosen["code-2"] = []string{"Атлантида", "Семск"}, []string{"", "KZ-10"}
	if w := v.do(httptestPost(lost, chosen)); strings.Count(w.Body.String(), "области «") != 1 || !strings.Contains(w.Body.String(), "области «Атлантида» нет") {
		t.Errorf("a region that nobody knows, beside one that was chosen and one that is known: status %d", w.Code)
	}
	f.Set("act", "save")
	if w := v.do(httptestPost(draft, f)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("saved without a name: %d", w.Code)
	}
	f.Set("name", "Моя таблица")
	saved := func() (n int) {
		if err := h.W.DB.Read.NewRaw("SELECT count(*) FROM mapping WHERE name = 'Моя таблица'").Scan(ctx, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	live := httptestPost(draft, f) // the live preview carries the button that was pressed last
	live.Header.Set("HX-Request", "true")
	if w := v.do(live); w.Code != http.StatusOK || saved() != 0 {
		t.Errorf("the live preview saved: %d", w.Code)
	}
	v.press(draft, f)
	page := v.press(draft, f) // a second press of the button
	if n := saved(); n != 1 {
		t.Errorf("saved twice, it has %d versions", n)
	}
	v.see(page, "В файле ошибок нет", "Моя таблица", "Записать 20 записей")
	v.see("/mappings", "Моя таблица")
	stranger := h.visitor(t, h.hospital)
	if got := stranger.status(draft); got != http.StatusNotFound {
		t.Errorf("another person opened the table: %d", got)
	}
	if body := stranger.see("/mappings"); strings.Contains(body, "Моя таблица") {
		t.Error("another organisation sees the mapping")
	}
	bad := url.Values{"mode": {"yaml"}, "act": {"save"}, "yaml": {"version: 1\nname: X\nfields: {nonsense: 1}\n"}}
	if w := v.do(httptestPost(draft, bad)); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Строка 3") {
		t.Errorf("a mistake in the text: status %d", w.Code)
	}
}

// A newcomer drops a file first. While no mapping fits the page leads to making one; the next file of the kind finds it by itself, and one whose
// column was renamed is told so.
func newcomerStory(t *testing.T, h *house) {
	v := h.visitor(t, h.police)
	drop := func(name string, file []byte) string {
		w := v.send("/imports/new", name, file, nil)
		if w.Code != http.StatusSeeOther {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
		return w.Header().Get("Location")
	}
	page := drop("январь.csv", table(t, "N", 20, nil))
	body := v.see(page, "Ни одно сохранённое сопоставление не подходит", "январь.csv", "Область", "01.01.2026")
	if strings.Contains(body, `type="radio"`) {
		t.Error("there is something to choose though nothing fits")
	}
	v.see(strings.Replace(page, "/uploads/", "/mappings/new/", 1), "windows-1251") // the page that makes one has the file already
	id, err := h.SaveMapping(ctx, h.police, []byte(strings.Replace(seizures, "Customs seizures", "Изъятия в учреждениях", 1)))
	if err != nil {
		t.Fatal(err)
	}
	v.see(page, "Изъятия в учреждениях", "Прочитано строк в начале файла: 20 из 20", `value="`+id+`"`)
	if body := h.visitor(t, h.customs).status(page); body != http.StatusNotFound {
		t.Errorf("another person opens the file: %d", body)
	}
	if w := v.do(httptestPost(page, nil)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("nothing was chosen: %d", w.Code)
	}
	v.see(v.press(page, url.Values{"mapping": {id}}), "В файле ошибок нет", "январь.csv")
	renamed := drop("февраль.csv", bytes.Replace(table(t, "O", 5, nil), []byte("\xcc\xe0\xf1\xf1\xe0"), []byte("\xc2\xe5\xf1"), 1)) // Масса → Вес
	v.see(renamed, "Не подходит 1 сопоставление", "Масса")
}

// An import is its sender's organisation's own, and the centre's.
func wallStory(t *testing.T, h *house) {
	b := h.take(t, h.customs, h.stage(t, h.customs, "own.csv", seizures, table(t, "W", 5, nil)), false)
	for _, a := range []access.Actor{h.police, h.hospital} {
		v := h.visitor(t, a)
		for _, p := range []string{"", "/rejects.csv", "/progress"} {
			if got := v.status("/imports/" + b.ID + p); got != http.StatusNotFound {
				t.Errorf("%s opens %s: %d", a.Name, p, got)
			}
		}
		if strings.Contains(v.see("/imports"), b.Ref) {
			t.Errorf("%s sees %s", a.Name, b.Ref)
		}
	}
	h.visitor(t, h.officer).see("/imports/"+b.ID, "own.csv")
	var kept []string
	if err := h.W.DB.Read.NewRaw("SELECT file_path FROM batch WHERE state IN ('applied','undone','cancelled','failed')").Scan(ctx, &kept); err != nil {
		t.Fatal(err)
	}
	for _, p := range slices.Compact(kept) {
		if _, err := os.Stat(p); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there", p)
		}
	}
	if err := h.Undo(ctx, h.customs, b.ID); err != nil {
		t.Fatal(err)
	}
}

// A city and the region around it share a name: rows that say nothing more are taken for the country, and the page of the import says which, before and after. A region
// that nobody knows is a fault of its row, with row, column, value and remedy, unless the mapping takes such.
func unplacedStory(t *testing.T, h *house) {
	regions := []string{"Павлодарская область", "Алматы", "Алматы", "Атлантида", "г. Алматы"}
	file := table(t, "U", 5, func(i int, c []string) { c[2] = regions[i] })
	strict := h.stage(t, h.customs, "strict.csv", seizures, file)
	if faults, err := intake.Problems(ctx, h.W.DB.Read, strict.ID, 10); err != nil || strict.Good != 4 || strict.Bad != 1 || len(faults) != 1 || faults[0].Faults[0] != (mapping.Problem{Row: 5, Column: "Область",
		Key: "import.region.unknown", Value: "Атлантида", Remedy: mapping.RemedyCell}) {
		t.Errorf("%d good, %d bad, %+v, %v", strict.Good, strict.Bad, faults, err)
	}
	for lang, words := range map[baqylau.Lang]string{baqylau.Russian: "Строка 5, столбец «Область»: области «Атлантида» нет", baqylau.English: "Row 5, column “Область”: there is no region “Атлантида”", baqylau.Kazakh: "«Атлантида» деген өңір жоқ"} {
		v := h.visitor(t, h.customs)
		v.lang = lang
		v.see("/imports/"+strict.ID, words)
	}
	before := h.count(t, h.customs)
	if h.take(t, h.customs, strict, true); h.count(t, h.customs) != before+4 {
		t.Error("the good rows alone were not taken")
	}
	if err := h.Undo(ctx, h.customs, strict.ID); err != nil {
		t.Fatal(err)
	}
	b := h.stage(t, h.customs, "unplaced.csv", strings.Replace(seizures, "{column: Область}", "{column: Область, unknown: keep}", 1), file)
	want := []intake.Unplaced{{Value: "Алматы", Column: "Область", Row: 3, Rows: 2}, {Value: "Атлантида", Column: "Область", Row: 5, Rows: 1}}
	if got, err := intake.UnplacedOf(ctx, h.W.DB.Read, b.ID); err != nil || !slices.Equal(got, want) || b.Good != 5 {
		t.Errorf("%+v, %v; %d good", got, err, b.Good)
	}
	for lang, words := range map[baqylau.Lang][]string{baqylau.Russian: {"3 строки без региона", "«Алматы»", "«Атлантида»"}, baqylau.English: {"3 rows without a region", "2 rows, the first of them row 3"},
		baqylau.Kazakh: {"Өңірі анықталмаған 3 жол", "«Алматы»"}} {
		v := h.visitor(t, h.customs)
		v.lang = lang
		v.see("/imports/"+b.ID, words...)
	}
	h.take(t, h.customs, b, false)
	h.visitor(t, h.customs).see("/imports/"+b.ID, "«Атлантида»")
	plain := h.stage(t, h.customs, "placed.csv", seizures, table(t, "UP", 2, nil))
	if page := h.visitor(t, h.customs).see("/imports/" + plain.ID); strings.Contains(page, "без региона") {
		t.Error("a file whose regions are all known has a warning")
	}
	h.mustBalance(t)
}

// A file that an older program found whole is applied by this one, which finds a region in it that nobody knows: the rows beside it are written, and the row is told with
// its fault and counts among the bad ones. A fault that was told before is not told twice.
func olderStory(t *testing.T, h *house) {
	regions := map[int]string{2: "Атлантида", 250: "Атлантида", 251: "Лемурия"}
	b := h.stage(t, h.customs, "older.csv", seizures, table(t, "O", 252, func(i int, c []string) {
		if r, ok := regions[i]; ok {
			c[2] = r
		}
		if i == 7 {
			c[1] = "31.02.2026"
		}
	}))
	if b.Good != 248 || b.Bad != 4 {
		t.Fatalf("%d good, %d bad", b.Good, b.Bad)
	}
	for _, sql := range []string{"DELETE FROM batch_row WHERE batch_id = ? AND problems LIKE '%import.region.unknown%'", "UPDATE batch SET rows_good = 251, rows_bad = 1 WHERE id = ?"} { // as it left them
		if _, err := h.W.DB.Write.NewRaw(sql, b.ID).Exec(ctx); err != nil {
			t.Fatal(err)
		}
	}
	before := h.count(t, h.customs)
	b = h.take(t, h.customs, b, true)
	if n := h.count(t, h.customs) - before; n != 248 || b.Good != 248 || b.Bad != 4 || b.Done != 252 {
		t.Errorf("%d reports of %+v", n, b)
	}
	faults, err := intake.Problems(ctx, h.W.DB.Read, b.ID, 0)
	if err != nil || len(faults) != 4 || faults[0].Row != 4 || faults[0].Faults[0].Value != "Атлантида" || faults[3].Faults[0].Value != "Лемурия" {
		t.Errorf("told of %+v, %v", faults, err)
	}
	h.visitor(t, h.customs).see("/imports/"+b.ID, "области «Атлантида» нет")
	h.mustBalance(t)
	if err := h.Undo(ctx, h.customs, b.ID); err != nil {
		t.Fatal(err)
	}
}
