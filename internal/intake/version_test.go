package intake_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/baqylau/baqylau"
	"github.com/baqylau/baqylau/internal/access"
	"github.com/baqylau/baqylau/internal/change"
	"github.com/baqylau/baqylau/internal/intake"
	"github.com/baqylau/baqylau/internal/store"
)

func (h *house) substance(t testing.TB, name string) string {
	t.Helper()
	s, ok := h.Shelf.Book().ByName(name)
	if !ok {
		t.Fatalf("the registry has no %s", name)
	}
	return s.ID
}

// numbered is a hospital's report as its program sends it.
func (h *house) numbered(ref, text string) intake.Submission {
	return intake.Submission{Incoming: intake.Incoming{Kind: intake.AcuteIntoxication, Channel: "api", SourceRef: ref, Occurred: h.day, Precision: baqylau.Day, Region: "KZ-75", Country: "KZ", Text: text}}
}

func (h *house) submit(t testing.TB, a access.Actor, sub intake.Submission) intake.Recorded {
	t.Helper()
	rec, err := h.Submit(ctx, a, sub)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

func (h *house) reads(t testing.TB, a access.Actor, id string) intake.Report {
	t.Helper()
	r, err := h.Read(ctx, h.W.DB.Read, a, id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func acts(r intake.Report) (out []string) {
	for _, e := range r.Events {
		out = append(out, e.Act)
	}
	slices.Reverse(out)
	return out
}

func TestVersions(t *testing.T) {
	engines(t, resentStory, takenBackStory, atOnceStory, heldStory, statedStory, duplicatesStory, answeredTooLateStory, exposureStory, oldAddressStory, retoldStory, broughtOverStory)
}

// A hospital corrects a report: number, thread, file, person and the settled question stay with it; the counts follow the correction.
func resentStory(t *testing.T, h *house) {
	h.Pseudonym = func(_ baqylau.Domain, n string) string { return "p" + n }
	sub := h.numbered("H-1", "отравление солью")
	sub.PersonID, sub.Files = "870101300128", []intake.File{{Name: "file-1.pdf", MIME: "application/pdf", SHA256: "x", Content: []byte("%PDF")}}
	first := h.submit(t, h.hospital, sub)
	for _, s := range [][2]string{{"receive", ""}, {"ask", "сколько человек?"}} {
		if err := h.Step(ctx, h.officer, first.ReportID, s[0], s[1]); err != nil {
			t.Fatal(err)
		}
	}
	asked := h.reads(t, h.officer, first.ReportID).Questions
	if len(asked) != 1 || asked[0].Matched != "солью" {
		t.Fatalf("questions: %+v", asked)
	}
	meant := asked[0].Candidates[1]
	if err := h.Settle(ctx, h.officer, asked[0].ID, meant); err != nil {
		t.Fatal(err)
	}

	again := h.numbered("H-1", "отравление солью, двое; найден и кокаин")
	again.Region = "KZ-71"
	second := h.submit(t, h.hospital, again)
	if second.Outcome != intake.Changed || second.ReportID != first.ReportID || second.Receipt != first.Receipt || second.OccurrenceID != first.OccurrenceID {
		t.Fatalf("%+v became %+v", first, second)
	}
	for name, a := range map[string]access.Actor{"sender": h.hospital, "officer": h.officer} {
		r := h.reads(t, a, first.ReportID)
		if want := "submitted receive ask settle resent"; strings.Join(acts(r), " ") != want {
			t.Errorf("%s reads the thread %v", name, acts(r))
		}
		if r.Text != again.Text || r.Region != "KZ-71" || r.State != "submitted" || len(r.Files) != 1 || len(r.Questions) != 0 {
			t.Errorf("%s reads %+v", name, r)
		}
		if !slices.ContainsFunc(r.Findings, func(f intake.Finding) bool { return f.SubstanceID == meant }) {
			t.Errorf("%s: the answer is lost: %+v", name, r.Findings)
		}
	}
	if id, err := h.ReadIdentity(ctx, h.hospital, first.ReportID); err != nil || id.Pseudonym != "p870101300128" {
		t.Errorf("%+v, %v", id, err)
	}
	if same := h.submit(t, h.hospital, again); same.Outcome != intake.Same || same.Receipt != first.Receipt {
		t.Errorf("the same again: %+v", same)
	}
	other := again
	other.PersonID = "870101300990"
	other.Text += "."
	h.submit(t, h.hospital, other)
	if id, err := h.ReadIdentity(ctx, h.hospital, first.ReportID); err != nil || id.Pseudonym != "p870101300990" {
		t.Errorf("the corrected person: %+v, %v", id, err)
	}
	var versions int
	if err := h.W.DB.Read.NewRaw("SELECT count(*) FROM report WHERE source_ref = 'H-1'").Scan(ctx, &versions); err != nil || versions != 3 || h.count(t, h.hospital) != 1 {
		t.Errorf("%d versions, %d in force, %v", versions, h.count(t, h.hospital), err)
	}
	h.mustBalance(t)
}

// A file corrects a report and is taken back: the report has its earlier content again, and what was said between the two stays.
func takenBackStory(t *testing.T, h *house) {
	row := func(what string) func(int, []string) { return func(_ int, c []string) { c[4] = what } }
	h.take(t, h.customs, h.stage(t, h.customs, "v1.csv", seizures, table(t, "V", 1, row("мефедрон"))), false)
	var id, receipt string
	if err := h.W.DB.Read.NewRaw("SELECT id, receipt FROM report WHERE source_ref = 'V-1'").Scan(ctx, &id, &receipt); err != nil {
		t.Fatal(err)
	}
	b := h.take(t, h.customs, h.stage(t, h.customs, "v2.csv", seizures, table(t, "V", 1, row("метадон"))), false)
	if r := h.reads(t, h.customs, id); r.Text != "метадон" || r.Receipt != receipt {
		t.Fatalf("%+v", r)
	}
	if err := h.Step(ctx, h.officer, id, "ask", "точно метадон?"); err != nil {
		t.Fatal(err)
	}
	h.mustBalance(t)
	if err := h.Undo(ctx, h.customs, b.ID); err != nil {
		t.Fatal(err)
	}
	r := h.reads(t, h.customs, id)
	if r.Text != "мефедрон" || r.Receipt != receipt || strings.Join(acts(r), " ") != "ask" || len(r.Findings) != 1 || r.Findings[0].SubstanceID != h.substance(t, "Mephedrone") {
		t.Errorf("%+v", r)
	}
	h.mustBalance(t)
}

// A program that sends its first report from two places at once has sent one report.
func atOnceStory(t *testing.T, h *house) {
	for _, ref := range []string{"at-once", "at-once-too"} { // the first is also the first of the source
		recs := make([]intake.Recorded, 4)
		var wg sync.WaitGroup
		for i := range recs {
			wg.Go(func() {
				rec, err := h.Submit(ctx, h.police, intake.Submission{Incoming: intake.Incoming{Kind: intake.Seizure, Channel: "api", SourceRef: ref, Occurred: h.day, Precision: baqylau.Day, Region: "KZ-75",
					Country: "KZ", Text: "изъят мефедрон " + strings.Repeat("!", i/2)}})
				if err != nil {
					t.Error(err)
				}
				recs[i] = rec
			})
		}
		wg.Wait()
		for _, r := range recs {
			if r.ReportID != recs[0].ReportID || r.Receipt != recs[0].Receipt {
				t.Errorf("%s: %+v", ref, recs)
			}
		}
	}
	if n := h.count(t, h.police); n != 2 {
		t.Errorf("%d reports", n)
	}
	h.mustBalance(t)
}

// While a file that holds a number is being written, the same number by another way is refused in words, and taken when the file is done.
func heldStory(t *testing.T, h *house) {
	b := h.stage(t, h.customs, "held.csv", seizures, table(t, "HELD", 1100, nil))
	if err := h.Start(ctx, h.customs, b.ID, false); err != nil {
		t.Fatal(err)
	}
	dying, kill := cancelAfter(h, 1)
	_ = h.Apply(dying, b.ID) // dies on purpose
	kill()
	sub := intake.Submission{Incoming: intake.Incoming{Kind: intake.Seizure, Channel: "api", SourceRef: "HELD-7", Occurred: h.day, Precision: baqylau.Day, Region: "KZ-75", Country: "KZ", Text: "изъят мефедрон"}}
	before := h.count(t, h.customs)
	if _, err := h.Submit(ctx, h.customs, sub); baqylau.CodeOf(err) != baqylau.Conflict {
		t.Errorf("sent into a running import: %v", err)
	}
	if err := h.Apply(ctx, b.ID); err != nil {
		t.Fatal(err)
	}
	rec := h.submit(t, h.customs, sub)
	if r := h.reads(t, h.customs, rec.ReportID); rec.Outcome != intake.Changed || r.Text != sub.Text || h.count(t, h.customs) != before+1100 {
		t.Errorf("%+v, %d reports", rec, h.count(t, h.customs))
	}
	h.mustBalance(t)
}

// Nobody's own word confirms: not in a form, not by a program, not in a file; a medical examiner's published toxicology does.
func statedStory(t *testing.T, h *house) {
	sub := h.numbered("S-1", "отравление мефедроном")
	sub.Detail.Exposure = "confirmed"
	if _, err := h.Submit(ctx, h.hospital, sub); baqylau.CodeOf(err) != baqylau.Invalid {
		t.Errorf("a hospital states a confirmed exposure: %v", err)
	}
	for exposure, want := range map[string]baqylau.Confidence{"": baqylau.Probable, "probable": baqylau.Probable} {
		sub = h.numbered("S-"+exposure, "отравление мефедроном")
		sub.Level, sub.Detail.Exposure = baqylau.ConfirmedID, exposure
		sub.Substances = []intake.Finding{{SubstanceID: h.substance(t, "Methadone"), Role: "main", Level: baqylau.ConfirmedID, Confidence: baqylau.Confirmed}}
		for _, f := range h.reads(t, h.hospital, h.submit(t, h.hospital, sub).ReportID).Findings {
			if f.Confidence != want {
				t.Errorf("exposure %q: %+v", exposure, f)
			}
		}
	}
	if page := h.visitor(t, h.hospital).see("/reports/new/acute_intoxication", "вероятно (исследован принятый продукт)"); strings.Contains(page, "подтверждено (биологический образец)") {
		t.Error("the form offers a confirmed exposure")
	}
	h.take(t, h.customs, h.stage(t, h.customs, "stated.csv", seizures, table(t, "STATED", 1, nil)), false) // its mapping says level: confirmed
	death := "date,date_type,county,age_band,sex,cause,other,flags\n2024-05-01,Date of death,Hartford,25-34,Male,Acute fentanyl intoxication,,Fentanyl\n"
	b, err := h.Stage(ctx, access.TheSystem(), intake.Upload{Name: "ct.csv", Content: strings.NewReader(death), Mapping: read(t, "../../data/mappings/connecticut-extract.yaml"), SourceCode: "connecticut"})
	if err != nil {
		t.Fatal(err)
	}
	h.take(t, access.TheSystem(), b, false)
	for where, want := range map[string]baqylau.Confidence{"source_ref = 'STATED-1'": baqylau.Probable, "batch_id = '" + b.ID + "'": baqylau.Confirmed} {
		var got []baqylau.Confidence
		if err := h.W.DB.Read.NewRaw("SELECT DISTINCT confidence FROM finding WHERE report_id IN (SELECT id FROM report WHERE "+where+")").Scan(ctx, &got); err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v, %v", where, got, err)
		}
	}
}

// A node in which a number has two current reports can be brought up to date: the newest keeps the number.
func duplicatesStory(t *testing.T, h *house) {
	sql := string(read(t, "../store/migrations/"+string(h.W.DB.Engine)+"/00007_one_current_report.sql"))
	from, to := strings.Index(sql, "UPDATE report"), strings.Index(sql, "ALTER TABLE")
	exec := func(q string, args ...any) {
		t.Helper()
		if _, err := h.W.DB.Write.NewRaw(q, args...).Exec(ctx); err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	for _, ref := range []string{"D-1", "D-2", "D-3"} {
		ids = append(ids, h.submit(t, h.hospital, h.numbered(ref, "отравление "+ref)).ReportID)
	}
	exec("DROP INDEX report_current")
	exec("UPDATE report SET source_ref = 'D' WHERE source_ref IN ('D-1','D-2','D-3')")
	for _, q := range strings.SplitAfter(sql[from:to], ";") {
		if strings.TrimSpace(q) != "" {
			exec(q)
		}
	}
	var keeper string
	if err := h.W.DB.Read.NewRaw("SELECT id FROM report WHERE source_ref = 'D'").Scan(ctx, &keeper); err != nil || keeper != ids[2] {
		t.Errorf("%s keeps the number, want %s: %v", keeper, ids[2], err)
	}
	if rec := h.submit(t, h.hospital, h.numbered("D", "ещё раз")); rec.ReportID != ids[2] {
		t.Errorf("%+v", rec)
	}
	if _, err := h.W.DB.Write.NewRaw("UPDATE report SET source_ref = 'D' WHERE id = ?", ids[0]).Exec(ctx); !store.IsUnique(err) {
		t.Errorf("two current reports bear one number: %v", err)
	}
}

// While an officer answers a question the hospital sends another text: the answer is not for that one, and the officer is told.
func answeredTooLateStory(t *testing.T, h *house) {
	if h.W.DB.Engine == store.SQLite { // has one writer: the two never meet
		return
	}
	rec := h.submit(t, h.hospital, h.numbered("Q-1", "отравление солью"))
	q := h.reads(t, h.officer, rec.ReportID).Questions[0]
	inside, leave, sent, settled := make(chan bool), make(chan bool), make(chan error, 1), make(chan error, 1)
	go func() {
		sent <- h.W.Do(ctx, h.hospital, access.ReportCreate, func(ctx context.Context, tx *change.Tx) error {
			_, err := h.SubmitIn(ctx, tx, h.numbered("Q-1", "отравление кокаином"))
			close(inside)
			<-leave
			return err
		})
	}()
	<-inside
	go func() { settled <- h.Settle(ctx, h.officer, q.ID, q.Candidates[1]) }()
	for waiting := 0; waiting == 0; {
		if err := h.W.DB.Read.NewRaw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(ctx, &waiting); err != nil {
			t.Error(err)
			break
		}
	}
	close(leave)
	if err := <-sent; err != nil {
		t.Error(err)
	}
	if err := <-settled; baqylau.CodeOf(err) != baqylau.Conflict {
		t.Errorf("answered too late: %v", err)
	}
	r := h.reads(t, h.officer, rec.ReportID)
	if strings.Join(acts(r), " ") != "submitted resent" || len(r.Findings) != 1 || r.Findings[0].SubstanceID != h.substance(t, "Cocaine") {
		t.Errorf("%v, %+v", acts(r), r.Findings)
	}
	h.mustBalance(t)
}

// A confirmed exposure outlives a correction when a laboratory's finding confirms it, and not when an earlier version of the software let a sender state it.
func exposureStory(t *testing.T, h *house) {
	for ref, lab := range map[string]string{"E-1": "UPDATE finding SET lab_result_id = 'l', confidence = 'confirmed' WHERE report_id = ?", "E-2": "UPDATE finding SET lab_result_id = 'l' WHERE report_id = ?", "E-3": ""} {
		id := h.submit(t, h.hospital, h.numbered(ref, "отравление мефедроном")).ReportID
		for _, q := range []string{`UPDATE report SET detail = '{"exposure":"confirmed"}' WHERE id = ?`, lab} {
			if q == "" {
				continue
			}
			if _, err := h.W.DB.Write.NewRaw(q, id).Exec(ctx); err != nil {
				t.Fatal(err)
			}
		}
		h.submit(t, h.hospital, h.numbered(ref, "отравление мефедроном, двое"))
		if got := h.reads(t, h.hospital, id).Detail.Exposure; (got == "confirmed") != (ref == "E-1") {
			t.Errorf("%s: exposure %q", ref, got)
		}
	}
}

// The address of a replaced version leads to the report in force.
func oldAddressStory(t *testing.T, h *house) {
	id := h.submit(t, h.hospital, h.numbered("A-1", "отравление мефедроном, первый текст")).ReportID
	for _, text := range []string{"второй текст", "третий текст"} {
		h.submit(t, h.hospital, h.numbered("A-1", "отравление мефедроном, "+text))
	}
	var versions []string
	if err := h.W.DB.Read.NewRaw("SELECT id FROM report WHERE source_ref = 'A-1' AND superseded_on IS NOT NULL").Scan(ctx, &versions); err != nil || len(versions) != 2 {
		t.Fatal(versions, err)
	}
	for _, v := range versions {
		if w := h.visitor(t, h.officer).do(httptestGet("/reports/" + v)); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/reports/"+id {
			t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
		}
	}
	h.visitor(t, h.officer).see("/reports/"+id, "третий текст")
}

// In a node of the time when a report sent again was a new row, thread, files, person and analyses are brought over to the row in force.
func broughtOverStory(t *testing.T, h *house) {
	exec := func(q string, args ...any) {
		t.Helper()
		if _, err := h.W.DB.Write.NewRaw(q, args...).Exec(ctx); err != nil {
			t.Fatal(err)
		}
	}
	h.Pseudonym = func(_ baqylau.Domain, n string) string { return "p" + n }
	var ids []string
	for i, ref := range []string{"B-1", "B-2", "B-3"} {
		sub := h.numbered(ref, "отравление "+ref)
		if i < 2 {
			sub.PersonID, sub.Files = "N0123456"+ref[2:], []intake.File{{Name: ref + ".pdf", MIME: "application/pdf", SHA256: "x", Content: []byte("%PDF")}}
		}
		ids = append(ids, h.submit(t, h.hospital, sub).ReportID)
		if err := h.Step(ctx, h.officer, ids[i], "ask", ref); err != nil {
			t.Fatal(err)
		}
	}
	apart := h.submit(t, h.hospital, h.numbered("B-4", "отравление другое")).ReportID
	exec("INSERT INTO lab_result (id, report_id, sample_ref, org_id, account_id, domain, state, created_at) VALUES ('b-lab', ?, 's', ?, 'a', 'health', 'requested', 0)", ids[1], h.hospital.OrgID)
	for i := range 2 {
		exec("UPDATE report SET superseded_on = known_on, source_ref = 'B-3' WHERE id = ?", ids[i])
		exec("UPDATE report SET supersedes_id = ? WHERE id = ?", ids[i], ids[i+1])
	}
	sql := string(read(t, "../store/migrations/"+string(h.W.DB.Engine)+"/00010_thread_follows.sql"))
	from, to := strings.Index(sql, "CREATE TABLE"), strings.Index(sql, "-- What the regions")
	for _, q := range strings.SplitAfter(sql[from:to], ";\n") {
		if strings.TrimSpace(q) != "" {
			exec(q)
		}
	}
	r := h.reads(t, h.hospital, ids[2])
	if strings.Join(acts(r), " ") != "submitted ask resent ask resent ask" || len(r.Files) != 2 {
		t.Errorf("%v, %+v", acts(r), r.Files)
	}
	if id, err := h.ReadIdentity(ctx, h.hospital, ids[2]); err != nil || id.Pseudonym != "pN01234562" {
		t.Errorf("%+v, %v", id, err)
	}
	var lab string
	if err := h.W.DB.Read.NewRaw("SELECT report_id FROM lab_result WHERE id = 'b-lab'").Scan(ctx, &lab); err != nil || lab != ids[2] {
		t.Errorf("the analysis is of %s: %v", lab, err)
	}
	if r := h.reads(t, h.hospital, apart); strings.Join(acts(r), " ") != "submitted" || len(r.Files) != 0 {
		t.Errorf("another report: %+v", r)
	}
}

// A file is taken back after its rows were corrected by other ways: no past day counts what the file said, and the corrections count from their days on.
func retoldStory(t *testing.T, h *house) {
	row := func(what string) func(int, []string) {
		return func(_ int, c []string) { c[1], c[4] = "01.11.2026", what }
	}
	count := func(name string, on baqylau.Date) (n int) {
		t.Helper()
		for k, v := range h.series(t, on) {
			if k.ID == h.substance(t, name) {
				n += v
			}
		}
		return n
	}
	start := h.day
	for i, what := range []string{"кетамин", "ксилазин", "карфентанил"} { // the first row of the second file corrects the first file; the third corrects both rows
		h.take(t, h.customs, h.stage(t, h.customs, what+".csv", strings.Replace(seizures, "  known: {after_days: 0}\n", "", 1), table(t, "PAST", min(i+1, 2), row(what))), false)
		h.setDay(h.day.AddDays(10).String())
	}
	names := []string{"Ketamine", "Xylazine", "Carfentanil"}
	counts := func() (out [3][3]int) {
		for i := range out {
			for j, n := range names {
				out[i][j] = count(n, start.AddDays(10*i))
			}
		}
		return out
	}
	if got, want := counts(), [3][3]int{{1, 0, 0}, {0, 2, 0}, {0, 0, 2}}; got != want {
		t.Fatalf("before: %v, want %v", got, want)
	}
	var second string
	if err := h.W.DB.Read.NewRaw("SELECT id FROM batch WHERE file_name = 'ксилазин.csv'").Scan(ctx, &second); err != nil {
		t.Fatal(err)
	}
	if err := h.Undo(ctx, h.customs, second); err != nil {
		t.Fatal(err)
	}
	if got, want := counts(), [3][3]int{{1, 0, 0}, {1, 0, 0}, {0, 0, 2}}; got != want {
		t.Errorf("taken back: %v, want %v", got, want)
	}
	h.mustBalance(t)
}
